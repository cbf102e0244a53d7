package web_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/web/assets"
	"tongxin/internal/work/roster"
)

func TestCheckingInByCode(t *testing.T) {
	inSquare(t, func(s *square) {
		x := s.shift(shiftPlan{title: "给楼道扫地"})
		ann, bo := s.volunteer("沈玉兰"), s.volunteer("周建平")
		s.takes(x, ann)
		ann.get("/checkin").says(200, "现在还不到时候", "给楼道扫地")
		bo.get("/checkin").says(200, "您现在没有可以签到的班次")
		ann.post("/checkin", "code", "123456").says(409, "您现在没有可以签到的班次")
		s.at(x, -31*time.Minute)
		ann.post("/checkin", "code", s.digits(x)).says(409, "开始前 30 分钟才能签到")
		s.at(x, -10*time.Minute)
		qr := "/checkin?shift=" + string(x.ID) + "&code=" + s.digits(x)
		if r := s.browser().get(qr); r.code != 303 || !strings.Contains(r.location, "next=%2Fcheckin%3Fshift%3D") {
			t.Errorf("%d %s", r.code, r.location)
		}
		opened := ann.get(qr).says(200, "今天 14:00 – 16:00", "给楼道扫地")
		if !strings.Contains(opened.text, `value="`+s.digits(x)+`"`) {
			t.Errorf("the code is not filled in:\n%s", opened.words())
		}
		s.state(x, ann.Person, roster.Accepted) // opening an address changes nothing
		for code, says := range map[string]string{"": "请输入六位数", "12345": "签到码不对", "abcdef": "签到码不对", "1234567890123": "最多 12 个字"} {
			ann.post("/checkin", "shift", string(x.ID), "code", code).says(422, says)
		}
		key := opened.key("/checkin")
		wide := strings.NewReplacer("0", "０", "1", "１", "2", "２", "3", "３").Replace(s.digits(x))
		for range 2 {
			ann.post("/checkin", "_key", key, "shift", string(x.ID), "code", " "+wide).to(s.placePath(x, ann.Person))
		}
		ann.get(s.placePath(x, ann.Person)).says(200, "13:50 签到成功，开始记时长", "已签到", "队长念给您的六位签退码")
		s.clock.Add(time.Minute)
		ann.post("/checkin", "code", s.digits(x)).to(s.placePath(x, ann.Person))
		ann.get(s.placePath(x, ann.Person)).says(200, "已经签过到了，以第一次的 13:50 为准")
		bo.post("/checkin", "shift", string(x.ID), "code", s.digits(x)).says(409, "您现在没有可以签到的班次")
		s.clock.Add(2 * time.Hour)
		ann.get("/").says(200, "13:50 已签到", "签退")
		ann.post("/checkin", "do", "out", "code", s.digits(x)).to(s.placePath(x, ann.Person))
		ann.get(s.placePath(x, ann.Person)).says(200, "15:51 签退成功，辛苦了", "13:50 – 15:51，共 2 小时 1 分")
		ann.post("/checkin", "do", "out", "code", s.digits(x)).to(s.placePath(x, ann.Person))
		ann.get(s.placePath(x, ann.Person)).says(200, "已经签退过了")
		s.sound()
	})
}

func TestGuessingCodesEnds(t *testing.T) {
	inSquare(t, func(s *square) {
		x := s.shift(shiftPlan{})
		ann := s.volunteer("沈玉兰")
		s.takes(x, ann)
		s.at(x, -10*time.Minute)
		key := ann.get("/checkin").key("/checkin")
		ann.post("/checkin", "_key", key, "code", "000000").says(422, "签到码不对")
		ann.post("/checkin", "_key", key, "code", "000000").says(422, "签到码不对") // the same try, sent again
		for range 9 {
			ann.post("/checkin", "code", "000000").says(422)
		}
		ann.post("/checkin", "code", s.digits(x)).says(429, "输错次数太多，请等 10 分钟再试")
		s.back(s.leader)
		s.leader.post(deskPlace(x, ann.Person, "arrive")).to(deskOf(x) + "/desk")
		s.state(x, ann.Person, roster.CheckedIn)
	})
}

func TestYesterdaysSessionWritesNothing(t *testing.T) {
	inSquare(t, func(s *square) {
		x := s.shift(shiftPlan{title: "给楼道扫地", starts: s.clock.Now().Truncate(time.Hour).Add(48 * time.Hour)})
		ann := s.volunteer("沈玉兰")
		s.takes(x, ann)
		s.clock.Add(25 * time.Hour)
		s.leader.post(deskOf(x)+"/take-off", "who", string(ann.Person), "reason", "换人").is(401, "登录已失效", "没有提交")
		s.leader.get(deskOf(x)).to("/desk/sign-in?next=" + strings.ReplaceAll(deskOf(x), "/", "%2F"))
		s.state(x, ann.Person, roster.Accepted)
	})
}

func TestADaysShiftsAtTheDesk(t *testing.T) {
	inSquare(t, func(s *square) {
		x := s.shift(shiftPlan{title: "给楼道扫地", places: 3, standbys: 1})
		other := s.shift(shiftPlan{title: "送菜上门", of: s.foreign})
		asked := s.shift(shiftPlan{title: "要审的", approval: true, starts: x.Starting().Add(5 * time.Hour)})
		ann := s.volunteer("沈玉兰")
		s.takes(x, ann)
		s.takes(asked, ann)
		s.leader.get("/desk/shifts").says(200, "共 0 班，都不缺人", "这一天没有班次", "1 份报名等您审核", "要审的")
		s.leader.get("/desk/shifts?day=2020-02-29").says(200, "共 2 班，2 班缺人", "给楼道扫地", "1 / 3", "0 / 1", "缺 2 人").lacks("送菜上门")
		s.institute.get("/desk/shifts?day=2020-02-29&org="+string(s.Team)).says(200, "给楼道扫地", "station")
		s.institute.get("/desk/shifts?day=2020-02-29&org="+string(s.Sibling)).says(200, "这一天没有班次")
		s.leader.get("/desk/shifts?org="+string(s.Foreign)).says(403, "没有管理这个组织的权限").lacks("foreign center", "送菜上门")
		s.leader.get("/desk/shifts?day=nonsense").is(422, "请填日期")
		ann.get("/desk/shifts").is(403)
		s.leader.get(deskOf(other)).says(403, "没有管理这个组织的权限").lacks("送菜上门")
		s.leader.get(deskOf(other) + "/desk").says(403).lacks("送菜上门")
		s.leader.get("/desk/activities/" + string(other.Activity.ID) + "/shifts").says(403).lacks("送菜上门")
		s.leader.get("/desk/shifts/"+string(unknownShift)).says(404, "没有找到这个班次")
		s.leader.get("/desk/shifts/nonsense").says(404)
	})
}

func TestPlanningShifts(t *testing.T) {
	inSquare(t, func(s *square) {
		x := s.shift(shiftPlan{title: "给楼道扫地", standbys: 1})
		path := "/desk/activities/" + string(x.Activity.ID) + "/shifts"
		with := func(pairs ...string) []string {
			all := map[string]string{"post": string(x.Post), "day": "2020-03-01", "from": "09:00", "to": "11:00"}
			for i := 0; i < len(pairs); i += 2 {
				all[pairs[i]] = pairs[i+1]
			}
			var out []string
			for k, v := range all {
				out = append(out, k, v)
			}
			return out
		}
		for _, c := range []struct {
			pairs []string
			says  string
		}{
			{with("places", "0"), "名额要在 1 到 9999 之间"}, {with("places", "-1"), "名额要在 1 到 9999 之间"}, {with("places", "三"), "请填整数"},
			{with("standby_places", "-1"), "B岗名额要在 0 到 9999 之间"}, {with("to", "08:00"), "结束时间要晚于开始时间"}, {with("to", "09:00"), "结束时间要晚于开始时间"},
			{with("day", "2020-02-27"), "开始时间要晚于现在"}, {with("day", "2020-02-30"), "请填日期"}, {with("from", "25:00"), "请填时刻"}, {with("post", ""), "请选择岗位"},
			{with("until", "2020-02-29"), "要在开始日期之后"}, {with("until", "2020-05-01"), "一次最多排 31 天"}, {with("from", ""), "请填时刻"},
		} {
			s.leader.post(path, c.pairs...).says(422, c.says)
		}
		s.leader.post(path, with("post", string(unknownShift))...).says(404)
		s.leader.post(path, with("from", "２２：００", "to", "06:00", "places", "４", "standby_places", "0")...).to(path)
		s.leader.get(path).says(200, "已加 1 个班次", "3月1日 周日 22:00 – 次日 06:00", "0 / 4")
		s.leader.post(path, with("day", "2020-12-30", "until", "2021-01-01", "from", "20:00", "to", "02:00")...).to(path)
		s.leader.get(path).says(200, "已加 3 个班次", "共 5 个班次", "12月31日 周四 20:00 – 次日 02:00", "1月1日 周五 20:00 – 次日 02:00", "0 / 2")
		s.foreign.post(path, with()...).says(403).lacks("给楼道扫地")
		s.sound()
	})
}

func TestChangingAShift(t *testing.T) {
	inSquare(t, func(s *square) {
		x := s.shift(shiftPlan{title: "给楼道扫地", places: 2, standbys: 1})
		ann, bo := s.volunteer("沈玉兰"), s.volunteer("周建平")
		s.takes(x, ann)
		s.clock.Add(time.Minute)
		s.takes(x, bo)
		path := deskOf(x) + "/edit"
		form := s.leader.get(path).says(200, "改时间会通知名单上的 2 人", "沈玉兰", "周建平", "取消这个班次", "名单上的 2 人会收到通知")
		rev := form.value("rev")
		same := []string{"rev", rev, "day", "2020-02-29", "from", "14:00", "to", "16:00", "standby_places", "1"}
		s.leader.post(path, append(same, "places", "1")...).says(422, "已有 2 人占着名额，请先选出转入候补的 1 人", "周建平")
		s.leader.post(path, append(same, "places", "0")...).says(422, "名额要在 1 到 9999 之间")
		s.leader.post(path, append(same, "places", "1", "waitlist", string(unknownShift))...).says(404)
		s.state(x, bo.Person, roster.Accepted)
		s.leader.post(path, append(same, "places", "1", "waitlist", string(bo.Person))...).to(deskOf(x))
		s.leader.get(deskOf(x)).says(200, "已保存，有变动的人都已通知", "1 / 1", "候补 1", "周建平")
		s.leader.post(path, append(same, "places", "2")...).says(409, "刚才有人改过这个班次")
		s.foreign.post(path, append(same, "places", "2")...).says(403)
		fresh := s.leader.get(path).value("rev")
		s.leader.post(path, "rev", fresh, "day", "2020-02-29", "from", "15:00", "to", "17:00", "places", "1", "standby_places", "1").to(deskOf(x))
		ann.get(s.placePath(x, ann.Person)).says(200, "15:00 – 17:00")

		cancel := deskOf(x) + "/cancel"
		s.leader.post(cancel, "confirm", "给楼道").says(422, "与名称不一致", "请写明原因")
		s.leader.post(cancel, "confirm", "给楼道扫地", "reason", "下大雨").to("/desk/activities/" + string(x.Activity.ID) + "/shifts")
		s.leader.get(cancel).to(path)
		s.leader.get(path).says(200, "这个班次不能再改")
		s.leader.get(deskOf(x)).says(200, "已取消：下大雨")
		ann.get(s.placePath(x, ann.Person)).says(200, "已退出", "这个班次已经取消")
		s.sound()
	})
}

func TestARosterAtTheDesk(t *testing.T) {
	inSquare(t, func(s *square) {
		x := s.shift(shiftPlan{title: "给楼道扫地", places: 1, standbys: 1, approval: true})
		ann, bo, cy := s.volunteer("沈玉兰"), s.volunteer("沈玉梅"), s.volunteer("丁小军")
		far := s.volunteerAt("远方来", "321282000000")
		for _, p := range []*person{ann, bo} {
			s.takes(x, p)
		}
		s.leader.get(deskOf(x)).says(200, "等您审核", "沈玉兰", "沈玉梅", "名单上还没有人")
		s.foreign.post(deskPlace(x, ann.Person, "decide"), "answer", "yes").says(403).lacks("沈玉兰")
		s.leader.post(deskPlace(x, ann.Person, "decide"), "answer", "yes").to(deskOf(x))
		s.leader.get(deskOf(x)).says(200, "已答复，结果已通知本人", "已录用", "1 / 1")
		s.leader.post(deskPlace(x, ann.Person, "decide"), "answer", "yes").says(409, "已经处理过了")
		s.leader.post(deskPlace(x, bo.Person, "decide"), "answer", "no").says(422, "请写明原因")
		s.leader.post(deskPlace(x, bo.Person, "decide"), "answer", "no", "reason", "人手够了").to(deskOf(x))
		bo.get(s.placePath(x, bo.Person)).says(200, "这次没有录用。原因：人手够了")

		add := deskOf(x) + "/people"
		for q, says := range map[string]string{"": "请输入姓名、手机号或志愿者编号", "沈": "请至少输入两个字", "查无此人": "没有找到", "321281999999": "没有找到", "12": "没看懂这个号码"} {
			s.station.post(add, "q", q).says(422, says)
		}
		s.station.post(add, "q", "沈玉").says(200, "沈玉兰", "沈玉梅", "报A岗", "报B岗").lacks("远方来")
		s.station.post(add, "q", s.no(far)).says(200, "远*", s.no(far)).lacks("远方来")
		s.leader.post(add, "who", string(far.Person), "place", "standby").to(deskOf(x))
		s.leader.get(deskOf(x)).says(200, "已为远方来报名", "等您审核", "等待审核").key(deskPlace(x, far.Person, "decide"))
		s.leader.post(add, "who", string(ann.Person), "place", "primary").says(409, "已经报过这个班次了")
		s.leader.post(add, "who", string(unknownShift)).says(404)
		s.foreign.post(add, "q", "沈玉兰").says(403)
		far.get(s.placePath(x, far.Person)).says(200, "待审核")

		off := deskOf(x) + "/take-off"
		if again := s.leader.post(off, "who", string(ann.Person)).says(422, "请写明原因"); !strings.Contains(again.text, `value="`+string(ann.Person)+`" checked`) {
			t.Error("who was picked is not picked any more")
		}
		if again := s.leader.post(off, "reason", "换人").says(422, "请先在名单中勾选要移出的人"); !strings.Contains(again.text, `value="换人"`) {
			t.Error("the reason that was typed is gone")
		}
		s.state(x, ann.Person, roster.Accepted)
		s.foreign.post(off, "who", string(ann.Person), "reason", "换人").says(403)
		s.leader.post(off, "who", string(ann.Person), "who", string(cy.Person), "reason", "换人").says(404, "名单上没有这个人")
		s.state(x, ann.Person, roster.Accepted) // all or none
		s.leader.post(off, "who", string(ann.Person), "reason", "换人").to(deskOf(x))
		s.leader.get(deskOf(x)).says(200, "已移出，本人已收到通知", "已退出和未录用的 2 人", "换人")
		ann.get(s.placePath(x, ann.Person)).says(200, "原因：换人")
		s.leader.get(off).to(deskOf(x))
		s.sound()
	})
}

func TestTheCheckInDesk(t *testing.T) {
	inSquare(t, func(s *square) {
		x := s.shift(shiftPlan{title: "给楼道扫地", places: 3, standbys: 1})
		ann, bo, cy, di := s.volunteer("沈玉兰"), s.volunteer("周建平"), s.volunteer("丁小军"), s.volunteer("季红梅")
		for _, p := range []*person{ann, bo, cy} {
			s.takes(x, p)
		}
		desk := deskOf(x) + "/desk"
		s.leader.get(desk).says(200, "不在签到时间内", "队长 staff leader", "3 应到", "还没到")
		s.leader.post(deskPlace(x, ann.Person, "arrive")).says(409, "开始前 30 分钟才能签到")
		s.at(x, -5*time.Minute)
		s.back(s.leader)
		page := s.leader.get(desk).says(200, "微信扫一扫", "念：", "秒后换", s.digits(x)[:3])
		if !strings.Contains(page.text, `role="img" aria-label="签到二维码"`) || strings.Contains(page.text, string(x.ID)+"&code") {
			t.Error("no picture of the code, or its address in the clear")
		}
		s.leader.get(desk+"?do=out&show=missing").says(200, "沈玉兰")
		s.leader.get(desk+"?show=in").says(200, "这里没有人")
		s.leader.post(deskPlace(x, ann.Person, "arrive")).to(desk)
		s.leader.post(deskPlace(x, ann.Person, "arrive")).to(desk) // the first stands
		s.leader.get(desk).says(200, "13:55 已到", "1 在岗", "2 未到", "撤销")
		s.leader.post(deskPlace(x, ann.Person, "undo-arrival")).to(desk)
		s.leader.post(deskPlace(x, ann.Person, "undo-arrival")).says(409, "还没有签到")
		s.leader.post(deskPlace(x, ann.Person, "arrive")).to(desk)
		s.leader.post(deskPlace(x, bo.Person, "absent")).says(409, "班次还没有开始")
		s.leader.post(deskPlace(x, cy.Person, "arrive")).to(desk)
		s.at(x, 15*time.Minute)
		s.leader.post(deskPlace(x, bo.Person, "absent")).to(desk)
		s.leader.get(desk).says(200, "未到", "记到")
		s.leader.post(deskPlace(x, bo.Person, "arrive")).to(desk)
		s.state(x, bo.Person, roster.CheckedIn)

		walk := deskOf(x) + "/walk-ups"
		s.leader.post(walk, "q", "没有这人").says(422, "没有找到")
		s.leader.post(walk, "q", s.no(di)).says(200, "季*", "记到").lacks("季红梅")
		s.leader.post(walk, "who", string(di.Person)).to(desk)
		s.leader.get(desk).says(200, "季红梅", "临时到岗", "3 / 3")
		s.leader.post(walk, "who", string(di.Person)).says(409, "已经报过这个班次了")
		s.leader.post(walk, "who", string(unknownShift)).says(404)
		s.leader.get(walk).to(desk)

		s.leader.post(deskPlace(x, cy.Person, "leave-early")).to(desk)
		s.leader.get(desk).says(200, "14:15 中途离岗", "1 离岗")
		s.back(s.foreign)
		for _, verb := range []string{"arrive", "undo-arrival", "absent", "depart", "leave-early", "settle"} {
			s.foreign.post(deskPlace(x, ann.Person, verb)).says(403, "没有管理这个组织的权限").lacks("沈玉兰", "给楼道扫地")
			s.leader.post(deskPlace(x, unknownShift, verb)).says(404)
		}
		s.foreign.post(walk, "who", string(di.Person)).says(403)
		s.clock.Add(20 * time.Minute)
		s.leader.post(deskPlace(x, ann.Person, "depart")).to(desk)
		s.leader.get(desk).says(200, "14:35 签退", "40 分钟")
		s.leader.get(deskPlace(x, ann.Person, "depart")).to(desk)
		s.sound()
	})
}

func TestHoursThatNeedASecondPerson(t *testing.T) {
	inSquare(t, func(s *square) {
		x := s.shift(shiftPlan{title: "给楼道扫地"})
		next := s.shift(shiftPlan{title: "给楼道扫地", starts: x.Ending()})
		ann, bo := s.volunteer("沈玉兰"), s.volunteer("周建平")
		s.takes(x, ann)
		s.at(x, -5*time.Minute)
		ann.post("/checkin", "code", s.digits(x)).to(s.placePath(x, ann.Person))
		s.at(x, 4*time.Hour)
		s.jobs()
		for _, p := range []*person{s.leader, s.station, s.institute, s.foreign} {
			s.back(p)
		}
		s.leader.get("/desk/hours").says(200, "没有签退的 1 人", "沈玉兰", "13:55 签到，16:00 自动收班，先记 2 小时 5 分", "16:00 走的")
		s.foreign.get("/desk/hours").says(200, "都签退了").lacks("沈玉兰")
		s.foreign.post(deskPlace(x, ann.Person, "settle")).says(403)
		s.leader.post(deskPlace(x, ann.Person, "settle"), "from", string(next.ID)).to(deskOf(next) + "/desk")
		s.leader.post(deskPlace(x, ann.Person, "settle")).says(409, "只有未签退、等待确认的时长才需要确认")
		s.leader.get(deskPlace(x, ann.Person, "settle")).to("/desk/hours")

		tell := deskOf(x) + "/hours"
		s.leader.get(tell+"?who="+string(ann.Person)).says(200, "补录时长", "沈玉兰 · 已复核", "名单以外的人")
		times := []string{"arrived", "2020-02-29T14:00", "departed", "2020-02-29T15:30"}
		for _, c := range []struct {
			pairs []string
			says  string
		}{
			{append(times, "q", "周建平"), "请写明原因"},
			{append(times, "reason", "手机没电"), "请输入姓名、手机号或志愿者编号"},
			{append(times, "q", "查无此人", "reason", "手机没电"), "没有找到"},
			{[]string{"who", string(bo.Person), "arrived", "2020-02-29T15:00", "departed", "2020-02-29T14:00", "reason", "手机没电"}, "结束时间要晚于开始时间"},
			{[]string{"who", string(bo.Person), "arrived", "2020-02-29T10:00", "departed", "2020-02-29T11:00", "reason", "手机没电"}, "合理范围"},
			{[]string{"who", string(bo.Person), "arrived", "nonsense", "departed", "2020-02-29T15:00", "reason", "手机没电"}, "请填日期和时刻"},
			{[]string{"who", string(bo.Person), "departed", "2020-02-29T15:00", "reason", "手机没电"}, "请填日期和时刻"},
		} {
			s.station.post(tell, c.pairs...).says(422, c.says)
		}
		s.foreign.post(tell, append(times, "who", string(bo.Person), "reason", "手机没电")...).says(403)
		s.station.post(tell, append(times, "q", "周建平", "reason", "手机没电")...).to("/desk/hours")
		s.station.get("/desk/hours").says(200, "周建平", "1 小时 30 分", "原因：手机没电", "您填写的，等另一位同志确认")
		s.leader.get("/desk/hours").says(200, "周建平", "要由上一级的管理员或审核员确认")
		b := s.told(x)
		decide := "/desk/hours/" + string(b)
		s.leader.post(decide, "answer", "yes").says(403)
		s.station.post(decide, "answer", "yes").says(403, "自己提交的事项要由另一位同志审核")
		s.foreign.post(decide, "answer", "yes").says(403)
		s.institute.post(decide, "answer", "no").says(422, "请写明原因")
		s.institute.get(decide).says(200, "确认", "退回")
		s.institute.post(decide, "answer", "yes").to("/desk/hours")
		s.institute.get("/desk/hours").says(200, "已确认，时长记入台账", "没有等确认的补录")
		s.institute.post(decide, "answer", "yes").says(409, "已经处理过了")
		s.institute.post("/desk/hours/"+string(unknownShift), "answer", "yes").says(404)
		bo.get("/my/hours").says(200, "1 小时 30 分", "复核")
		s.sound()
	})
}

// told is the one entry of hours that waits on a shift.
func (s *square) told(x roster.Shift) id.ID {
	s.Helper()
	all, err := roster.BackfillsOf(s.ctx, s.d, x.ID)
	if err != nil || len(all) != 1 {
		s.Fatalf("%d entries, %v", len(all), err)
	}
	return all[0].ID
}

func TestNobodyConfirmsHerOwnHours(t *testing.T) {
	inSquare(t, func(s *square) {
		x := s.shift(shiftPlan{})
		ann := s.volunteer("沈玉兰")
		s.takes(x, ann)
		s.at(x, -5*time.Minute)
		ann.post("/checkin", "code", s.digits(x)).to(s.placePath(x, ann.Person))
		s.at(x, 4*time.Hour)
		s.jobs()
		s.Write(func(ctx context.Context, tx *db.Tx) error {
			_, err := roster.TellHours(ctx, tx, auth.Actor{Person: ann.Person, Grants: []auth.Grant{{Org: s.Team, Role: auth.Leader}}}, roster.Told{Shift: x.ID, Person: ann.Person})
			if err == nil {
				t.Error("she told her own hours")
			}
			return nil
		})
		s.state(x, ann.Person, roster.Unclosed)
	})
}

func TestRosterPagesFitTheWire(t *testing.T) {
	inSquare(t, func(s *square) {
		ann := s.volunteer("沈玉兰")
		child := s.Ward(ann.Actor, "沈小宝", "2008-03-01")
		day := s.clock.Now().Truncate(time.Hour).Add(24 * time.Hour)
		for i := range 30 {
			s.shift(shiftPlan{title: strings.Repeat("长", 38), starts: day.Add(time.Duration(i) * 2 * time.Hour), hours: 1, standbys: 1})
		}
		x := s.shift(shiftPlan{title: strings.Repeat("名", 40), starts: day.Add(time.Hour)})
		s.takes(x, ann)
		for path, limit := range map[string]int{
			"/": firstPage, "/shifts": anyPage, s.activityPath(x): anyPage, s.placePath(x, ann.Person): anyPage, "/my/shifts": anyPage, "/my/hours": anyPage,
			"/checkin": anyPage, "/?who=" + string(child): firstPage,
		} {
			r := ann.get(path).says(200)
			total := len(packed(r.text)) + 600
			for _, name := range []string{"app.css", "app.js", "htmx.js", "icon.svg"} {
				if strings.Contains(r.text, assets.URL(name)) {
					total += assets.Wire(name) + 300
				}
			}
			if total > limit {
				t.Errorf("%s loads %d bytes, %d is the most", path, total, limit)
			}
		}
	})
}

func TestTheYearEndsDuringAShift(t *testing.T) {
	inSquare(t, func(s *square) {
		s.clock.Set(time.Date(2020, 12, 30, 12, 0, 0, 0, i18n.Zone()))
		x := s.shift(shiftPlan{title: "跨年值守", starts: time.Date(2020, 12, 31, 22, 0, 0, 0, i18n.Zone()), hours: 8})
		ann := s.volunteer("沈玉兰")
		s.takes(x, ann)
		s.clock.Set(time.Date(2021, 1, 1, 0, 30, 0, 0, i18n.Zone()))
		ann.post("/checkin", "code", s.digits(x)).to(s.placePath(x, ann.Person))
		s.clock.Set(time.Date(2021, 1, 1, 5, 30, 0, 0, i18n.Zone()))
		ann.post("/checkin", "do", "out", "code", s.digits(x)).to(s.placePath(x, ann.Person))
		ann.get("/my/hours").says(200, "2021年一月", "这个月没有时长记录")
		ann.get("/my/hours?month=2020-12").says(200, "2020年十二月", "5 小时", "跨年值守", "22:00 – 次日 06:00") // counted on the day it began
	})
}
