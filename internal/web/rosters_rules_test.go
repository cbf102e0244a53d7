package web_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/work/roster"
)

func TestShiftsAtRiskAreFilledByAsking(t *testing.T) {
	inSquare(t, func(s *square) {
		x := s.shift(shiftPlan{title: "给楼道扫地"})
		ann, bo := s.volunteer("沈玉兰"), s.volunteer("周建平")
		s.leader.get("/desk/at-risk").says(200, "给楼道扫地", "缺", "邀请补位")
		s.leader.get(deskOf(x)+"/ask").says(200, "沈玉兰", "周建平", "没有问过")
		s.leader.post(deskOf(x)+"/ask").says(422, "请至少选一个人")
		s.leader.post(deskOf(x)+"/ask", "who", string(ann.Person)).to(deskOf(x) + "/ask")
		s.leader.post(deskOf(x)+"/ask", "who", string(bo.Person)).to(deskOf(x) + "/ask")
		s.leader.get(deskOf(x)+"/ask").says(200, "等待答复")
		ask := "/shifts/" + string(x.ID) + "/ask"
		ann.get("/shifts/" + string(x.ID)).to(ask)
		ann.get(ask).says(200, "这一班缺人", "我能来")
		ann.post(ask, "answer", "yes").to(s.placePath(x, ann.Person))
		s.state(x, ann.Person, roster.Accepted)
		bo.post(ask, "answer", "never").to("/my/shifts")
		bo.get(ask).says(200, "这类岗位都不来")
		s.volunteer("王小明").get(ask).says(404)
		s.leader.get(deskOf(x)+"/sheet").says(200, "沈玉兰", "签名", "共 1 人")
		s.sound()
	})
}

func TestAnomaliesAreLookedInto(t *testing.T) {
	inSquare(t, func(s *square) {
		x := s.shift(shiftPlan{title: "长班值守", hours: 14})
		ann := s.volunteer("沈玉兰")
		s.takes(x, ann)
		s.at(x, 0)
		s.back(s.leader)
		s.leader.post(deskPlace(x, ann.Person, "arrive")).to(deskOf(x) + "/desk")
		s.clock.Add(13 * time.Hour)
		s.Write(func(_ context.Context, tx *db.Tx) error {
			_, err := roster.CheckOutBy(s.ctx, tx, s.leader.Actor, x.ID, ann.Person, false)
			return err
		})
		s.back(s.leader)
		s.back(s.station)
		page := "/desk/anomalies?day=" + x.Day
		s.leader.get(page).says(200, "一天时长过长", "沈玉兰", "13 小时")
		all, err := roster.Anomalies(s.ctx, s.d, s.Station, x.Day)
		if err != nil || len(all) != 1 {
			t.Fatal(all, err)
		}
		at := "/desk/anomalies/" + all[0].Key
		s.station.get(page).says(200, "核实无误", "撤销到岗")
		s.back(s.institute)
		for end := time.Now().Add(time.Minute); time.Now().Before(end); { // it is a new day: what is odd is found beside whoever asks
			if strings.Contains(s.institute.get("/desk/overview").says(200).text, "时长异常待核实") {
				break
			}
		}
		needs := s.institute.get("/desk/overview").says(200, "昨天有 1 条时长异常待核实", "一天时长过长 1 条", "去核实")
		if its := "/desk/anomalies?day=" + x.Day + "&amp;org=" + string(s.Institute); !strings.Contains(needs.text, its) {
			t.Errorf("the need does not lead to %s", its)
		}
		s.institute.get("/desk/anomalies?day="+x.Day+"&org="+string(s.Station)).says(200, "沈玉兰", "长班值守")
		s.station.get("/desk/anomalies?day=" + x.Day + "&org=" + string(s.Institute)).says(403)
		s.station.post(at, "at", string(s.Station), "day", x.Day, "reason", "").says(422, "理由")
		s.station.post(at, "at", string(s.Institute), "day", x.Day, "reason", "属实").says(403)
		s.station.post(at, "at", string(s.Station), "day", x.Day, "reason", "连班属实").to(page)
		s.station.get(page).says(200, "这一天没有待核实的异常", "连班属实")
		s.institute.get("/desk/overview").says(200).lacks("时长异常待核实") // at once, though the list is not found anew yet
		s.station.post(deskPlace(x, ann.Person, "strike"), "day", x.Day, "reason", "查监控不在场").to(page)
		s.state(x, ann.Person, roster.NoShow)
		s.sound()
	})
}

func TestShiftsByRulesOnThePages(t *testing.T) {
	inSquare(t, func(s *square) {
		x := s.shift(shiftPlan{title: "给楼道扫地"})
		plan := "/desk/activities/" + string(x.Activity.ID)
		day := func(n int) string { return s.clock.Now().AddDate(0, 0, n).Format(time.DateOnly) }
		s.leader.post(plan+"/series", "series_post", string(x.Post), "days", "weekly", "weeks", "1", "from_day", day(3), "to_day", day(9),
			"series_from", "19:00", "series_to", "21:00").says(422, "请至少选一个星期几")
		s.leader.post(plan+"/series", "series_post", string(x.Post), "days", "weekly", "weekdays", "0", "weekdays", "1", "weekdays", "2", "weeks", "1",
			"from_day", day(3), "to_day", day(16), "series_from", "19:00", "series_to", "21:00").to(plan + "/shifts")
		s.leader.get(plan+"/shifts").says(200, "按星期，节假日照排", "已排到")
		all, err := roster.Of(s.ctx, s.d, x.Activity.ID)
		if err != nil || len(all) != 7 {
			t.Fatalf("%d shifts, %v", len(all), err)
		}
		one := all[3]
		s.leader.get(deskOf(one)+"/edit").says(200, "修改范围", "这一班和以后的")
		s.leader.post(deskOf(one)+"/edit", "rev", "2", "day", one.Day, "from", "18:00", "to", "20:00", "places", "3", "standby_places", "0", "scope", "following").to(deskOf(one))
		s.leader.post(plan+"/copy-week", "from_week", one.Day, "to_week", one.Day).says(422, "同一周")
		s.sound()
	})
}
