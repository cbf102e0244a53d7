package web_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/roster"
)

const unknownShift id.ID = "321281-0000000000000000"

func TestTheFirstPageOfEach(t *testing.T) {
	inSquare(t, func(s *square) {
		x := s.shift(shiftPlan{title: "给楼道扫地"})
		visitor := s.browser()
		visitor.get("/").says(200, "身边的事，一起来做", "可以报名的活动", "给楼道扫地", "清洁", "已经做到", "怎么参加", "就近的中心、所、站", "兴化市", "靖江市", "登录")
		s.leader.get("/").to("/desk")
		ann := s.volunteer("沈玉兰")
		ann.get("/").says(200, "玉兰，下午好", "接下来没有班次", "现在能去的", "给楼道扫地", "您都符合", "余 2 位", "我的二月", "0 小时")
		s.takes(x, ann)
		ann.get("/").says(200, "明天 · 23 小时后", "14:00 – 16:00", "来不了").lacks(`name="code"`)
		s.at(x, -4*time.Minute)
		ann.get("/").says(200, "4 分钟后开始，可以签到了", "队长念给您的六位数", "签到")
		s.clock.Set(time.Date(2020, 3, 1, 0, 30, 0, 0, i18n.Zone()))
		ann.get("/").says(200, "玉兰，夜深了，辛苦了")
	})
}

func TestStationsForResidents(t *testing.T) {
	inSquare(t, func(s *square) {
		visitor := s.browser()
		visitor.get("/stations").says(200, "兴化市", "靖江市")
		visitor.get("/stations/"+string(s.Center)).says(200, "文明实践中心", "institute", "next institute").lacks(">team<")
		visitor.get("/stations/"+string(s.Institute)).says(200, "文明实践所", "sibling station")
		visitor.get("/stations/"+string(s.Team)).says(404, "没有找到这个组织")
		visitor.get("/stations/nonsense").says(404)
	})
}

func TestAnActivityForWhomever(t *testing.T) {
	inSquare(t, func(s *square) {
		x := s.shift(shiftPlan{title: "给楼道扫地", standbys: 1, minAge: 18})
		draft := s.shift(shiftPlan{title: "没有发布的", draft: true})
		ann, visitor := s.volunteer("沈玉兰"), s.browser()
		visitor.get(s.activityPath(x)).says(200, "招募中", "兴化市 · team", "给楼道扫地", "社区北门", "0523-86880000", "手套、口罩", "地面湿滑",
			"14:00 – 16:00", "A岗 清洁员 · 扫地", "余 2 位", "B岗 清洁员", "余 1 位", "登录后报名").lacks("staff leader", "上岗前")
		ann.get(s.activityPath(x)).says(200, "s*", "年满 18 周岁", "2 项符合 2 项", "报名", "有空位的，报上就定下来").lacks("登录后报名", "staff leader")
		s.takes(x, ann)
		ann.get(s.activityPath(x)).says(200, "您的报名", "已录用", "staff leader", "这一天的班次您都报过了")
		s.leader.get(s.activityPath(x)).says(200, "登记成为志愿者")
		for _, b := range []*browser{visitor, ann.browser, s.leader.browser} {
			b.get(s.activityPath(draft)).says(404, "没有找到这项活动").lacks("没有发布的")
			b.get("/activities/"+string(unknownShift)).says(404, "没有找到这项活动")
			b.get("/activities/321281-UPPER").says(404)
		}
		s.Write(func(ctx context.Context, tx *db.Tx) error {
			return roster.Cancel(ctx, tx, s.leader.Actor, x.Activity.ID, "下大雨")
		})
		ann.get(s.activityPath(x)).says(200, "已取消", "已取消：下大雨", "没有可以报名的班次了").lacks(`name="pick"`)
	})
}

func TestSigningUpForAShift(t *testing.T) {
	inSquare(t, func(s *square) {
		x, full := s.shift(shiftPlan{title: "给楼道扫地"}), s.shift(shiftPlan{places: 1, noWaitlist: true, starts: s.clock.Now().Truncate(time.Hour).Add(40 * time.Hour)})
		ann, bo, cy := s.volunteer("沈玉兰"), s.volunteer("周建平"), s.volunteer("丁小军")
		path := s.activityPath(x)
		s.browser().post(path, "pick", pick(x, roster.Primary)).is(401, "登录已失效")
		form := ann.get(path)
		if !strings.Contains(form.text, pick(x, roster.Primary)) {
			t.Fatal(form.text)
		}
		key := form.key(path)
		for range 2 { // pressed twice: one sign-up, one answer
			ann.post(path, "_key", key, "pick", pick(x, roster.Primary)).to(s.placePath(x, ann.Person))
		}
		ann.get(s.placePath(x, ann.Person)).says(200, "已报上：2月29日 周六 14:00 – 16:00 清洁员", "撤销", "已录用", "服务单位 station", "前可以自己退出")
		ann.post(path, "_key", key, "pick", pick(x, roster.Standby)).says(422, "已经用于另一个请求")
		ann.post(path, "pick", pick(x, roster.Primary)).says(409, "已经报过这个班次了")
		bo.post(path, "pick", pick(x, roster.Primary), "unit", string(s.Station)).to(s.placePath(x, bo.Person))
		cy.get(path).says(200, "已满", "可排候补，您是第 1 位")
		cy.post(path, "pick", pick(x, roster.Primary)).to(s.placePath(x, cy.Person))
		cy.get(s.placePath(x, cy.Person)).says(200, "已满，您排在候补", "候补第 1 位", "候补中").lacks("沈玉兰", "周建平")
		ann.get(s.placePath(x, ann.Person)).says(200, "周建平")

		bo.post(s.activityPath(full), "pick", pick(full, roster.Primary)).to(s.placePath(full, bo.Person))
		cy.get(s.activityPath(full)).says(200, "已满", "现在没有能报的班次")
		cy.post(s.activityPath(full), "pick", pick(full, roster.Primary)).says(409, "名额已满")
		for pick, says := range map[string]string{"": "请先选一个班次", "nonsense": "请先选一个班次", string(x.ID) + ".third": "请选择A岗或B岗", "320000-0000000000000000.primary": "请先选一个班次"} {
			s.volunteer("某某").post(path, "pick", pick).says(422, says)
		}
		ann.post(path, "pick", pick(full, roster.Primary)).says(404, "没有找到这个班次")
		ann.post(path, "pick", string(unknownShift)+".primary").says(404, "没有找到这个班次")
		ann.post(path, "pick", pick(x, roster.Primary), "unit", string(s.ForeignTeam)).says(422, "请从自己所在的组织里选择")
		s.volunteer("贾明").post(s.activityPath(full), "pick", pick(full, roster.Primary), "unit", string(s.ForeignTeam)).says(422, "请从自己所在的组织里选择")
		s.at(x, time.Minute)
		s.volunteer("晚来").post(path, "pick", pick(x, roster.Primary)).says(409, "班次已经开始")
		s.sound()
	})
}

func TestTakingBackAndTakingAgain(t *testing.T) {
	inSquare(t, func(s *square) {
		x := s.shift(shiftPlan{})
		ann := s.volunteer("沈玉兰")
		ann.post(s.activityPath(x), "pick", pick(x, roster.Primary)).to(s.placePath(x, ann.Person))
		undo := s.placePath(x, ann.Person) + "/withdraw"
		ann.get(s.placePath(x, ann.Person)).key(undo)
		ann.post(undo).to(s.placePath(x, ann.Person))
		s.state(x, ann.Person, roster.Withdrawn)
		ann.get(s.placePath(x, ann.Person)).says(200, "已退出。改主意了可以再报", "已退出这一班")
		ann.post(undo).says(409, "已经退出这个班次了")
		ann.get(undo).to(s.placePath(x, ann.Person)) // gone back to
		ann.post(s.activityPath(x), "pick", pick(x, roster.Primary)).to(s.placePath(x, ann.Person))
		s.state(x, ann.Person, roster.Accepted)
		bo := s.volunteer("周建平")
		bo.post(undo).says(404, "名单上没有这个人")
		bo.get(s.placePath(x, ann.Person)).says(404, "名单上没有这个人").lacks("沈玉兰")
		s.state(x, ann.Person, roster.Accepted)
		ann.get("/shifts/" + string(x.ID)).to(s.placePath(x, ann.Person))
		bo.get("/shifts/" + string(x.ID)).to(s.activityPath(x) + "?shift=" + string(x.ID))
		s.sound()
	})
}

func TestWithdrawingLate(t *testing.T) {
	inSquare(t, func(s *square) {
		x := s.shift(shiftPlan{standbys: 1})
		ann, bo := s.volunteer("沈玉兰"), s.volunteer("周建平")
		s.takes(x, ann)
		s.at(x, -119*time.Minute)
		ann.get(s.placePath(x, ann.Person)).says(200, "已过", "打电话 0523-86880000").lacks("退出这一班")
		ann.post(s.placePath(x, ann.Person)+"/withdraw").says(409, "离开始不到 2 小时", "打电话 0523-86880000")
		s.Write(func(ctx context.Context, tx *db.Tx) error {
			_, err := roster.SignUp(ctx, tx, bo.Actor, roster.Request{Shift: x.ID, Place: roster.Standby})
			return err
		})
		ann.get(s.placePath(x, ann.Person)).says(200, "退出后由B岗顶上，不会空岗")
		ann.post(s.placePath(x, ann.Person)+"/withdraw", "reason", "发烧了").to(s.placePath(x, ann.Person))
		ann.get(s.placePath(x, ann.Person)).says(200, "原因：发烧了")
		bo.get(s.placePath(x, bo.Person)).says(200, "A岗 清洁员", "已录用")
		s.sound()
	})
}

func TestAPlaceThatComesFree(t *testing.T) {
	inSquare(t, func(s *square) {
		x := s.shift(shiftPlan{title: "给楼道扫地", places: 1})
		ann, bo, cy, di := s.volunteer("沈玉兰"), s.volunteer("周建平"), s.volunteer("丁小军"), s.volunteer("季红梅")
		for _, p := range []*person{ann, bo, cy, di} {
			s.takes(x, p)
		}
		ann.post(s.placePath(x, ann.Person) + "/withdraw").to(s.placePath(x, ann.Person))
		bo.get("/").says(200, "候补有位了", "还剩 30 分钟", "请在今天 14:56前答复", "参加", "这次不行")
		bo.get("/my/shifts").says(200, "候补有位了", "给楼道扫地")
		confirm := s.placePath(x, bo.Person) + "/confirm"
		cy.post(confirm).says(404).lacks("周建平")
		bo.post(s.placePath(x, bo.Person) + "/withdraw").to(s.placePath(x, bo.Person)) // not this time
		s.state(x, cy.Person, roster.Offered)
		s.clock.Add(31 * time.Minute)
		cy.post(s.placePath(x, cy.Person)+"/confirm").says(409, "确认期限已过")
		s.jobs()
		s.state(x, di.Person, roster.Offered)
		cy.get(s.placePath(x, cy.Person)).says(200, "逾期未确认", "没有及时确认")
		di.post(s.placePath(x, di.Person) + "/confirm").to(s.placePath(x, di.Person))
		di.post(s.placePath(x, di.Person) + "/confirm").to(s.placePath(x, di.Person)) // tapped twice
		di.get(s.placePath(x, di.Person)).says(200, "名额是您的了，到时见", "撤销")
		s.sound()
	})
}

func TestHerTimeIsOne(t *testing.T) {
	inSquare(t, func(s *square) {
		first, same := s.shift(shiftPlan{title: "给楼道扫地"}), s.shift(shiftPlan{of: s.foreign, title: "送菜上门", standbys: 1})
		next := s.shift(shiftPlan{title: "擦窗子", starts: first.Ending()})
		near := s.shift(shiftPlan{title: "浇花", starts: first.Ending().Add(20 * time.Minute)})
		ann := s.volunteer("沈玉兰")
		s.takes(first, ann)
		ann.get(s.activityPath(same)).says(200, "与您已报的另一个班次时间冲突", "与“给楼道扫地”（14:00 – 16:00）时间有重叠")
		ann.post(s.activityPath(same), "pick", pick(same, roster.Primary)).says(409, "与您已报的另一个班次时间冲突")
		ann.get(s.activityPath(next)).says(200, "与“给楼道扫地”（14:00 – 16:00）首尾相接")
		ann.get(s.activityPath(near)).says(200, "离“给楼道扫地”（14:00 – 16:00）只有 20 分钟")
		ann.post(s.activityPath(next), "pick", pick(next, roster.Primary)).to(s.placePath(next, ann.Person))
		s.sound()
	})
}

func TestAGuardianActsForAChild(t *testing.T) {
	inSquare(t, func(s *square) {
		x, risky := s.shift(shiftPlan{title: "给楼道扫地"}), s.shift(shiftPlan{service: "checkpoint_duty", title: "村口值守"})
		ann := s.volunteer("沈玉兰")
		child := s.Ward(ann.Actor, "沈小宝", "2008-03-01")
		who := "?who=" + string(child)
		ann.get(s.activityPath(x)+who).says(200, "我自己", "沈小宝", "监护人同意并代报", "为沈小宝报名")
		ann.post(s.activityPath(x), "pick", pick(x, roster.Primary), "who", string(child)).to(s.placePath(x, child))
		ann.get(s.placePath(x, child)).says(200, "沈小宝", "已录用")
		ann.get("/my/shifts").says(200, "给楼道扫地 · 清洁员 · 社区北门 · 沈小宝")
		ann.get("/").says(200, "A岗 沈小宝")
		ann.get(s.activityPath(risky)+who).says(200, "这个岗位有风险，未满 18 周岁不能参加")
		ann.post(s.activityPath(risky), "pick", pick(risky, roster.Primary), "who", string(child)).says(403, "这个岗位有风险")
		bo := s.volunteer("周建平")
		bo.post(s.activityPath(x), "pick", pick(x, roster.Primary), "who", string(child)).says(403)
		bo.get(s.activityPath(x) + who).says(200).lacks("沈小宝")
		bo.get("/my/hours?who=" + string(child)).says(200).lacks("沈小宝")
		s.at(x, -5*time.Minute)
		ann.get("/checkin").says(200, "沈小宝")
		ann.post("/checkin", "code", s.digits(x), "who", string(child)).to(s.placePath(x, child))
		s.state(x, child, roster.CheckedIn)
		s.sound()
	})
}

func TestWhatChangedIsSeen(t *testing.T) {
	inSquare(t, func(s *square) {
		x := s.shift(shiftPlan{title: "给楼道扫地"})
		ann, bo := s.volunteer("沈玉兰"), s.volunteer("周建平")
		s.takes(x, ann)
		change := func(edit func(*activity.Edit)) {
			s.Write(func(ctx context.Context, tx *db.Tx) error {
				a, err := activity.Get(ctx, tx, x.Activity.ID)
				if err != nil {
					return err
				}
				edit(&a.Edit)
				_, err = roster.Change(ctx, tx, s.leader.Actor, a.ID, a.Rev, a.Edit)
				return err
			})
		}
		change(func(e *activity.Edit) { e.Place, e.Waitlist = "社区南门", false })
		change(func(e *activity.Edit) { e.Place = "社区西门" })
		ann.get(s.activityPath(x)).says(200, "活动有变动", "集合地点 原来： 社区北门 现在： 社区西门", "候补 原来： 可排候补 现在： 不设候补", "知道了").lacks("南门")
		ann.get(s.placePath(x, ann.Person)).says(200, "活动有变动")
		bo.get(s.activityPath(x)).says(200).lacks("活动有变动")
		bo.post(s.activityPath(x)+"/seen", "who", string(ann.Person)).says(403)
		ann.post(s.activityPath(x)+"/seen", "who", string(ann.Person)).to(s.activityPath(x) + "?who=" + string(ann.Person))
		ann.get(s.activityPath(x)).says(200).lacks("活动有变动")
	})
}

func TestFindingAShift(t *testing.T) {
	inSquare(t, func(s *square) {
		s.browser().get("/shifts").to("/activities")
		s.leader.get("/shifts").to("/activities")
		ann := s.volunteer("沈玉兰")
		ann.get("/shifts").says(200, "没有合适的班次", "去掉筛选")
		day := s.clock.Now().Truncate(time.Hour).Add(24 * time.Hour)
		for i := range 22 {
			s.shift(shiftPlan{starts: day.Add(time.Duration(i) * 3 * time.Hour), hours: 1})
		}
		s.shift(shiftPlan{title: "村口值守", service: "checkpoint_duty", starts: day.Add(time.Hour)})
		s.shift(shiftPlan{title: "会开车的", skill: s.Skill("driving"), starts: day.Add(90 * time.Minute)})
		first := ann.get("/shifts").says(200, "共 24 个班次", "下一页", "家门口", "卡口执勤")
		next := first.href("after=")
		ann.get(next).says(200, "还差 这个岗位要求一项您还没有登记的技能", "去登记", "回到第一页")
		ann.get("/shifts?day=2020-02-29").says(200, "村口值守").lacks("3月1日 周日")
		ann.get("/shifts?day=2020-03-29").says(200, "没有合适的班次")
		ann.get("/shifts?service=nonsense&day=x&after=y").says(200, "共 24 个班次")
		ann.get("/shifts?near=door").says(200, "共 24 个班次")
		far := s.volunteerAt("远方", "321282000000")
		far.get("/shifts?near=county").says(200, "没有合适的班次")
	})
}

func TestOnesShiftsAndHours(t *testing.T) {
	inSquare(t, func(s *square) {
		ann := s.volunteer("沈玉兰")
		s.leader.get("/my/shifts").says(403, "您还没有登记为志愿者")
		ann.get("/my/shifts").says(200, "还没有报名的班次")
		ann.get("/my/shifts?past=1").says(200, "还没有去过的班次")
		ann.get("/my/hours").says(200, "2020年二月", "这个月没有时长记录", "机录", "复核", "申报", "没有签退，先按收班时间记下")
		x := s.shift(shiftPlan{title: "给楼道扫地"})
		s.takes(x, ann)
		s.at(x, -10*time.Minute)
		ann.post("/checkin", "code", s.digits(x)).to(s.placePath(x, ann.Person))
		s.at(x, 3*time.Hour+time.Minute)
		s.jobs()
		ann.get("/my/hours").says(200, "2.1 小时", "1 次服务", "给楼道扫地", "2 小时 10 分", "申报", "记 2 小时 10 分，申报")
		ann.get("/my/hours?grade=recorded").says(200, "机录的服务", "看全部").lacks("给楼道扫地")
		s.Write(func(ctx context.Context, tx *db.Tx) error {
			_, err := roster.ConfirmMinutes(ctx, tx, s.leader.Actor, x.ID, ann.Person)
			return err
		})
		ann.get("/my/hours?month=2020-02").says(200, "记 2 小时 10 分，复核", "冲正：减 2 小时 10 分，申报", "（后来已冲正）", "开证明时只写机录和复核的 2.1 小时")
		ann.get("/my/hours?month=2020-01").says(200, "2020年一月", "这个月没有时长记录", "下个月 →")
		ann.get("/my/hours?month=2999-01&grade=nonsense").says(200, "2020年二月")
		ann.get("/my/shifts?past=1").says(200, "2月29日 周六 14:00 – 16:00", "已复核")
		ann.get(s.placePath(x, ann.Person)).says(200, "13:50 – 16:00，共 2 小时 10 分", "时长已经复核")
	})
}

func TestPastShiftsPageByPage(t *testing.T) {
	inSquare(t, func(s *square) {
		ann := s.volunteer("沈玉兰")
		start := s.clock.Now().Truncate(time.Hour).Add(time.Hour)
		for i := range 23 {
			s.takes(s.shift(shiftPlan{starts: start.Add(time.Duration(i) * 3 * time.Hour), hours: 1}), ann)
		}
		s.clock.Add(10 * 24 * time.Hour)
		first := ann.get("/my/shifts?past=1").says(200, "下一页", "3月2日")
		if n := strings.Count(first.text, `class="t"`); n != 20 {
			t.Errorf("%d turns on the first page", n)
		}
		last := ann.get(first.href("after=")).says(200, "2月28日 周五 15:00 – 16:00", "回到第一页")
		if n := strings.Count(last.text, `class="t"`); n != 3 {
			t.Errorf("%d turns on the last page", n)
		}
		ann.get("/my/shifts?past=1&after=nonsense").says(200, "3月2日")
	})
}

func TestAnotherPersonsThingsStayHers(t *testing.T) {
	inSquare(t, func(s *square) {
		x := s.shift(shiftPlan{})
		ann := s.volunteer("沈玉兰")
		s.takes(x, ann)
		for _, path := range []string{"/my/shifts", "/my/hours", "/checkin", s.placePath(x, ann.Person)} {
			if r := s.browser().get(path); r.code != 303 || !strings.HasPrefix(r.location, "/sign-in?next=") {
				t.Errorf("%s: %d %s", path, r.code, r.location)
			}
		}
		s.leader.get(s.placePath(x, ann.Person)).says(404)
		for _, path := range []string{s.placePath(x, unknownShift), "/shifts/" + string(unknownShift), "/shifts/nonsense", "/shifts/" + string(unknownShift) + "/people/" + string(ann.Person)} {
			ann.get(path).says(404)
		}
	})
}
