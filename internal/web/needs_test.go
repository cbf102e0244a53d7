package web_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/work/org"
	"tongxin/internal/work/roster"
)

func TestWhatNeedsAHand(t *testing.T) {
	inSquare(t, func(s *square) {
		s.institute.get("/desk/overview").says(200, "现在没有要处理的事项")
		x := s.shift(shiftPlan{title: "给楼道扫地"})
		ann := s.volunteer("沈玉兰")
		short := s.institute.get("/desk/overview").says(200, "24 小时内有 1 个班次缺人，共缺 2 人", "14:00 给楼道扫地（清洁员）缺 2 人", "补充招募")
		if !strings.Contains(short.text, `href="/desk/shifts/`+string(x.ID)+`"`) {
			t.Error("what is to be done does not lead to the shift")
		}
		s.takes(x, ann)
		s.institute.get("/desk/overview").says(200, "共缺 1 人")
		s.foreign.get("/desk/overview").says(200, "现在没有要处理的事项") // nobody else's
		draft := s.shift(shiftPlan{title: "等着审核", draft: true})
		s.Write(func(ctx context.Context, tx *db.Tx) error {
			if err := roster.Submit(ctx, tx, s.leader.Actor, draft.Activity.ID); err != nil {
				return err
			}
			_, err := org.Register(ctx, tx, s.Keys, ann.Actor, org.In{Kind: org.Team, Name: "新来的志愿服务队", Parent: s.Institute, Phone: "13905261234"})
			return err
		})
		s.institute.get("/desk/overview").says(200).lacks("审核超时")
		s.clock.Add(30 * 24 * time.Hour)
		s.back(s.institute)
		s.institute.get("/desk/overview").says(200, "1 个活动审核超时", "等着审核", "1 个组织登记审核超时").lacks("个班次缺人")
	})
}

func TestFreePlacesInTheList(t *testing.T) {
	inSquare(t, func(s *square) {
		x := s.shift(shiftPlan{title: "给楼道扫地"})
		visitor := s.browser()
		visitor.get("/activities").says(200, "给楼道扫地", "余 2 个名额")
		s.takes(x, s.volunteer("沈玉兰"))
		visitor.get("/activities").says(200, "余 1 个名额")
		s.takes(x, s.volunteer("陶春华"))
		visitor.get("/activities").says(200, "名额已满").lacks("余 0")
	})
}
