package e2e

import (
	"context"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/callup"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

const station = "迎春社区新时代文明实践站"

// TestACallUpGoesDownAndVolunteersComeUp: the city's office issues an urgent call-up; three tiers acknowledge and hand it on;
// volunteers are asked and answer on their phones; the office's page shows each step within a second, without loading anything
// anew; a station that says nothing is reminded, and its silence is seen.
func TestACallUpGoesDownAndVolunteersComeUp(t *testing.T) {
	w := openTown(t)
	w.write(w.anotherStation)
	office, county := w.hire("周文婷", "shiban", "泰州市文明办", auth.Admin), w.hire("许建国", "zhongxin", center, auth.Admin)
	township, village := w.hire("顾晓梅", "suozhang", institute, auth.Admin), w.hire("程建宁", "zhanzhang", station, auth.Admin)
	w.gate()
	ann, bo := w.volunteer("沈玉兰", "13905260021"), w.volunteer("陶春华", "13905260022")

	office.firstSignIn()
	callUp(office)
	office.See("进行中", "正在送达")
	office.See(center) // delivered meanwhile
	office.Accessible()

	county.firstSignIn()
	county.Open("/desk/callups")
	county.ClickIn(center, "紧急招募守卡志愿者")
	county.Fill("可派人数", "117")
	county.Click("签收")
	county.See("已签收")
	w.shows(office, "117")
	handOn(county, institute, "16")
	county.Accessible()

	township.firstSignIn()
	township.Open("/desk/callups")
	township.ClickIn(institute, "紧急招募守卡志愿者")
	township.Fill("可派人数", "115")
	township.Click("签收")
	township.See("已签收")
	w.shows(office, "115")
	handOn(township, station, "3")
	township.Fill("守卡", "yes")
	township.Click("保存并开始询问")
	township.See("正在分批询问志愿者")

	w.Add(2 * time.Minute) // since their numbers last got a code
	for n, p := range []struct {
		phone string
		says  string
	}{{"13905260021", "已有 1 人报名"}, {"13905260022", "已有 2 人报名"}} {
		she := ann
		if n == 1 {
			she = bo
		}
		she.Open("/sign-in")
		proveNumber(she, p.phone)
		she.Open("/")
		she.See("紧急招募守卡志愿者", "这次不行", "不再询问此类")
		if n == 0 {
			she.Accessible()
		}
		she.Click("参加")
		she.See("已报名，谢谢您")
		w.shows(office, p.says)
	}

	w.acknowledged(713) // put right by a telephone call: a commit whose moment is known
	w.shows(office, "713")

	w.Add(2*time.Hour + time.Minute)
	page := office.Path()
	office.signIn()
	office.Open(page)
	office.Accessible()
	office.Click("全部单位")
	office.Click("未签收")
	office.See(station, "已提醒 1 次") // the page lives: it comes when the reminder is sent
	village.firstSignIn()
	village.Open("/my/notices")
	village.See("提醒：" + station + "还没有签收招募令")
	village.Open("/desk/callups")
	village.ClickIn(station, "紧急招募守卡志愿者")
	village.Fill("可派人数", "3")
	village.Click("签收")
	village.See("已签收")

	w.verifies()
}

// callUp writes a call-up, chooses the centre and issues it.
func callUp(p *worker) {
	p.Open("/desk/callups")
	p.Click("写招募令")
	p.Fill("标题", "紧急招募守卡志愿者")
	p.Fill("正文", "请各地各单位立即组织志愿者到卡口值守。")
	p.Fill("第 1 行 名额", "-1")
	p.Click("保存，选接收单位")
	p.See("名额要是 1 到")
	p.Fill("第 1 行 名额", "20")
	p.Click("保存，选接收单位")
	p.See("需求和供给", center)
	p.Fill(center, "yes")
	p.FillIn(center, "的名额", "20")
	p.Click("保存接收单位")
	p.See("将发给 1 个单位")
	p.Fill("以确认", "紧急招募守卡志愿者")
	p.ClickIn("以确认", "发布招募令")
}

// handOn forwards a part to a unit below.
func handOn(p *worker, to, quota string) {
	p.Fill(to, "yes")
	p.FillIn(to, "的名额", quota)
	p.ClickIn("其他单位", "转发")
	p.See("已转发")
}

// shows sees something come up on a page that stays open, within a second.
func (w *town) shows(p *worker, text string) {
	w.t.Helper()
	before := p.Page.Patience
	p.Page.Patience = time.Second
	began := time.Now()
	p.See(text)
	w.t.Logf("%s was on the screen %s after the commit", text, time.Since(began).Round(time.Millisecond))
	p.Page.Patience = before
}

// anotherStation is one that is going to be silent.
func (w *town) anotherStation(ctx context.Context, tx *db.Tx) (err error) {
	w.orgs[station], err = org.Found(ctx, tx, auth.System, org.In{Kind: org.Practice, Tier: org.Station, Name: station, Area: street + 7, Parent: w.orgs[institute]})
	return err
}

// acknowledged commits another number of people that the centre can send.
func (w *town) acknowledged(able int64) {
	w.t.Helper()
	by := w.official("zhiban", center, auth.Admin)
	w.write(func(ctx context.Context, tx *db.Tx) error {
		all, err := callup.Tray(ctx, tx, w.orgs[center], 1)
		if err != nil {
			return err
		}
		return callup.Acknowledge(ctx, tx, by, all[0].Receipt.ID, callup.Quotas{able})
	})
}

// official is somebody at a desk who needs no browser.
func (w *town) official(login, at string, role auth.Role) auth.Actor {
	w.t.Helper()
	a := auth.Actor{Via: auth.Web, Grants: []auth.Grant{{Org: w.orgs[at], Role: role}}}
	pw, err := people.NewPassword(w.t.Context(), w.DB, login, "Chunlan-2020")
	if err != nil {
		w.t.Fatal(err)
	}
	w.write(func(ctx context.Context, tx *db.Tx) (err error) {
		a.Person, err = people.CreateStaff(ctx, tx, w.Keys, auth.System, people.Staff{Org: w.orgs[at], Name: "陈志远", Login: login, Password: pw, Roles: []auth.Role{role}})
		return err
	})
	return a
}

// gate publishes a watch at the gate tomorrow, to which people can be called up.
func (w *town) gate() {
	w.t.Helper()
	leader, over := w.official("duizhang", team, auth.Leader), w.official("fuhe", institute, auth.Admin)
	var of id.ID
	w.write(func(ctx context.Context, tx *db.Tx) error {
		all, err := activity.Services(ctx, tx)
		if err != nil {
			return err
		}
		a, err := activity.Create(ctx, tx, leader, w.orgs[team], activity.Edit{Service: all[0].ID, Title: "北门守卡", Content: "在卡口值守。", Place: "社区北门",
			Conditions: "身体健康", How: "在本页报名", Risks: "天冷", Protection: "口罩", Contact: "0523-86880000", Signup: activity.SignupOpen, Waitlist: true})
		if err != nil {
			return err
		}
		post, err := activity.AddPost(ctx, tx, leader, a, 1, activity.PostIn{Name: "守卡", Places: 9})
		if err != nil {
			return err
		}
		begins := w.Now().Truncate(time.Hour).Add(24 * time.Hour)
		if _, err := roster.AddShift(ctx, tx, leader, a, roster.Plan{Post: post, Starts: begins, Ends: begins.Add(2 * time.Hour)}); err != nil {
			return err
		}
		of = a
		return roster.Submit(ctx, tx, leader, a)
	})
	w.write(func(ctx context.Context, tx *db.Tx) error { return roster.Approve(ctx, tx, over, of) })
}
