package web_test

import (
	"context"
	"strings"
	"testing"

	"tongxin/internal/base/db"
	"tongxin/internal/work/org"
	"tongxin/internal/work/roster"
)

// TestOneBoxFinds: everybody finds what is public, staff also whom they may; and no longer
// what ended.
func TestOneBoxFinds(t *testing.T) {
	inSquare(t, func(s *square) {
		x := s.shift(shiftPlan{title: "给楼道扫地"})
		s.shift(shiftPlan{title: "没有发布的楼道", draft: true})
		ann, visitor := s.volunteer("沈玉兰"), s.browser()
		visitor.get("/").says(200, "搜索")
		visitor.get("/search").says(200, "搜索").lacks("没有找到")
		visitor.get("/search?q=楼道").says(200, "活动", "给楼道扫地", "社区北门").lacks("没有发布的楼道")
		visitor.get("/search?q=梯").says(200, "没有找到")
		visitor.get("/search?q=扫").says(200, "给楼道扫地")
		visitor.get("/search?q=STATION").says(200, "组织", "sibling station", "institute").lacks("没有找到")
		visitor.get("/search?q=station&kind=org").says(200, "station")
		visitor.get("/search?q=沈玉兰").says(200, "没有找到")
		visitor.get("/search?q=station&kind=people").says(404)
		visitor.get("/search?q=station&kind=org&after=x").says(422, "没有这一页")

		s.station.get("/desk/search").says(200, "搜索", "活动、组织、志愿者")
		s.station.post("/desk/search", "q", "沈玉兰").says(200, "志愿者", "沈*").lacks("没有找到")
		s.foreign.post("/desk/search", "q", "沈玉兰").says(200, "没有找到")
		s.station.post("/desk/search", "q", "楼道").says(200, "给楼道扫地")
		ann.get("/desk/search").says(403)

		for range 7 {
			s.shift(shiftPlan{})
		}
		if all := visitor.get("/search?q=打扫").says(200, "打扫楼道9", "查看更多").lacks("打扫楼道3"); !strings.Contains(all.text, `href="/search?kind=activity`) {
			t.Error("no way to the others")
		}
		s.station.post("/desk/search", "q", "打扫").says(200, "打扫楼道9", "查看更多").lacks(`href="/search?`)
		s.station.post("/desk/search", "q", "打扫", "kind", "activity").says(200, "打扫楼道3", "打扫楼道9").lacks("查看更多")

		s.Write(func(ctx context.Context, tx *db.Tx) error {
			return roster.Cancel(ctx, tx, s.leader.Actor, s.of(x).Activity.ID, "大雨，改期再通知")
		})
		visitor.get("/search?q=扫地").says(200, "没有找到")
		s.Write(func(ctx context.Context, tx *db.Tx) error {
			o, err := org.Get(ctx, tx, s.Sibling)
			if err != nil {
				return err
			}
			return org.Rename(ctx, tx, s.institute.Actor, o.ID, o.Rev, "东风站")
		})
		visitor.get("/search?q=sibling").says(200, "没有找到")
		visitor.get("/search?q=东风").says(200, "东风站", "institute")
	})
}
