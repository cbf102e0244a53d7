package web_test

import (
	"context"
	"strings"
	"testing"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/work/org"
	"tongxin/internal/work/roster"
)

// served posts that two people served for the team.
func (s *town) served() (persons []id.ID) {
	s.Helper()
	err := s.d.Write(s.Context(), func(tx *db.Tx) error {
		at, err := org.PositionOn(context.Background(), tx, s.Team, db.Day(tx.Now))
		if err != nil {
			return err
		}
		persons = []id.ID{tx.NewID("321281"), tx.NewID("321281")}
		for _, p := range persons {
			for _, k := range []*ledger.Kind{roster.Arrived, roster.Minutes} {
				f := ledger.Fact{Kind: k, Day: db.Day(tx.Now), Org: at, Unit: at, Area: 321281001001, Subject: tx.NewID("321281"), Person: p, Qty: 1, By: p}
				if k == roster.Minutes {
					f.Qty, f.Grade = 90, ledger.Recorded
				}
				if err := ledger.Post(tx, f); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		s.Fatal(err)
	}
	return persons
}

func TestFiguresOpen(t *testing.T) {
	inTown(t, func(s *town) {
		s.officials()
		s.get("center", "/desk/figures").is(503, "统计数据正在装载")
		persons := s.served()
		s.reckon()
		for _, c := range []struct {
			who, path string
			on        id.ID
			code      int
			says      []string
			lacks     []string
		}{
			{"", "/desk/figures", "", 303, nil, nil},
			{"she", "/desk/figures", "", 403, nil, nil},
			{"center", "/desk/figures", "", 200, []string{"数字", "center", "参与服务志愿者", "服务时长 3 小时", "今日新增"}, []string{"foreign"}},
			{"center", "/desk/figures/turns", "", 200, []string{"服务人次", "口径", "center 及下级组织开展", "2 人次", "到岗", "team", "由台账自动汇总"}, nil},
			{"center", "/desk/figures/turns?by=org", "", 200, []string{"institute 2"}, nil},
			{"center", "/desk/figures/turns?by=day", "", 200, []string{"2020-02-28 2"}, nil},
			{"center", "/desk/figures/turns?by=week", "", 200, []string{"2020-02-24/2020-03-01 2"}, nil},
			{"center", "/desk/figures/turns?by=area", "", 200, []string{"昭阳街道 2"}, nil},
			{"center", "/desk/figures/turns?by=service", "", 200, []string{"（未填） 2"}, nil},
			{"center", "/desk/figures/minutes?org=*", s.Station, 200, []string{"3 小时", "1.5 小时", "station 及下级组织开展"}, nil},
			{"center", "/desk/figures/minutes?org=*", s.Sibling, 200, []string{"0 小时", "这个范围内没有记录"}, nil},
			{"center", "/desk/figures/turns?as_of=2020-02-27", "", 200, []string{"0 人次"}, nil},
			{"center", "/desk/figures/turns?since=2020-02-28", "", 200, []string{"服务人次 · 新增", "2 人次", "2020-02-28 00:00:00 以来新增", "期末数 2 人次", "期初数 0 人次", "到岗"}, nil},
			{"center", "/desk/figures/turns?since=2020-02-28&as_of=2020-02-27", "", 200, []string{"0 人次", "这段时间没有变化"}, nil},
			{"center", "/desk/figures/volunteers_taking_part?since=2020-02-28", "", 200, []string{"2 人", string(persons[0])}, nil},
			{"center", "/desk/figures/turns?since=2020-02-28&as_of=2020-02-26", "", 422, []string{"起算时间晚于截至时间"}, nil},
			{"center", "/desk/figures/turns?since=today", "", 422, []string{"起算时间应写作"}, nil},
			{"center", "/desk/figures/fill_rate?since=2020-02-28", "", 422, []string{"比率没有“新增”"}, nil},
			{"center", "/desk/figures/volunteers_taking_part", "", 200, []string{"2 人", string(persons[0])}, nil},
			{"center", "/desk/figures/volunteers_taking_part?facts=1&person=*", persons[0], 200, []string{"1 人", "到岗"}, []string{string(persons[1])}},
			{"center", "/desk/figures/orgs_taking_part?by=unit", "", 200, []string{"team 1"}, nil},
			{"center", "/desk/figures/fill_rate", "", 200, []string{"0.00%", "报名录用", "招募名额"}, nil},
			{"center", "/desk/figures/turns?org=*", s.Foreign, 403, []string{"没有管理这个组织的权限"}, []string{"foreign"}},
			{"center", "/desk/figures/members", "", 404, []string{"没有这个指标"}, nil},
			{"center", "/desk/figures/turns?by=x", "", 422, []string{"不能这样分组"}, nil},
			{"center", "/desk/figures/turns?after=x", "", 422, []string{"翻页位置不对"}, nil},
		} {
			s.get(c.who, at(c.path, c.on)).is(c.code, c.says...).lacks(c.lacks...)
		}
		if page := s.get("center", "/desk/figures"); !strings.Contains(page.text, "/desk/figures/turns?since=2020-02-28") {
			t.Errorf("what is new today does not open: %s", page.text)
		}
		if page := s.get("center", "/desk/figures/turns?by=org"); !strings.Contains(page.text, "org="+string(s.Institute)) {
			t.Errorf("the part does not open: %s", page.text)
		}
	})
}

// What a figure counts comes as a file, all of it, with names masked as on the page; another county's
// does not.
func TestEntriesOfAFigureAreAFile(t *testing.T) {
	inTown(t, func(s *town) {
		s.officials()
		s.served()
		s.reckon()
		csv := s.get("center", "/desk/figures/turns?as=csv")
		if csv.code != 200 || !strings.HasPrefix(csv.text, "\ufeff") || strings.Count(csv.text, ",到岗,") != 2 || strings.Count(csv.text, "\r\n") != 3 {
			t.Errorf("%d %s", csv.code, csv.text)
		}
		s.get("center", "/desk/figures/turns").is(200, "导出 XLSX")
		s.get("center", "/desk/figures/turns?as=csv&org="+string(s.Foreign)).is(403)
	})
}
