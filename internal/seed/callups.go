package seed

import (
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/callup"
	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

// calling is the city's appeal and call-up, with what the tiers do about it.
type calling struct {
	w    *world
	call id.ID
}

// call plans an appeal and an urgent call-up of the city's: three counties acknowledge, one is
// silent; a street hands a part on and opens shifts, volunteers are asked and answer. There is
// a drill that is over, and drafts.
func (w *world) call() {
	k := &calling{w: w}
	at := func(day, hour, min int) time.Time {
		return w.day(day).Add(time.Duration(hour)*time.Hour + time.Duration(min)*time.Minute)
	}
	w.plan(at(-5, 9, 0), "a drill", k.drill)
	w.plan(at(-3, 9, 0), "an appeal", k.appeal)
	w.plan(at(-3, 9, 30), "a call-up", k.issue)
	for i, county := range counties {
		if county != jiangyan {
			w.plan(at(-3, 10, 10+35*i), "a receipt", func() error { return k.acknowledge(w.tree.seat[county]) })
		}
	}
	w.plan(at(-3, 12, 20), "forwarded", func() error { return k.forward(w.tree.seat[hailing], w.tree.seat[chengdong]) })
	w.plan(at(-3, 13, 10), "a receipt", func() error { return k.acknowledge(w.tree.seat[chengdong]) })
	stations := w.tree.stationsOf(chengdong)
	w.plan(at(-3, 13, 20), "forwarded", func() error { return k.forward(w.tree.seat[chengdong], stations[1], stations[2]) })
	w.plan(at(-3, 15, 0), "a receipt", func() error { return k.acknowledge(stations[1]) })
	w.plan(w.now.Add(-4*time.Hour), "shifts for the call-up", k.openShifts)
	for n := range 6 {
		w.plan(w.now.Add(time.Duration(n*25-180)*time.Minute), "answers", k.answers)
	}
	w.plan(w.now.Add(-time.Hour), "drafts", k.drafts)
}

func (k *calling) city() auth.Actor { return k.w.adminOver(k.w.tree.seat[taizhou]).actor() }

// appeal is the city's, to all.
func (k *calling) appeal() error {
	w := k.w
	return w.write(func(tx *db.Tx) error {
		a, err := callup.DraftAppeal(w.ctx, tx, k.city(), w.tree.seat[taizhou].id, w.appealText())
		if err != nil {
			return err
		}
		return callup.Publish(w.ctx, tx, k.city(), a)
	})
}

// appealText is what the city appeals for, in an epidemic or in ordinary times.
func (w *world) appealText() callup.AppealIn {
	if !epidemic(w.now) {
		return callup.AppealIn{Title: "文明实践 志愿同行 倡议书", Signed: "泰州市精神文明建设指导委员会办公室",
			Text: "全市广大志愿者：\n邻里守望，从身边做起。倡议大家就近就便参加社区服务，每月至少服务一次。\n爱护环境、礼让行人、节约用餐，做文明的传播者。\n量力而行，注意安全，按时签到签退。"}
	}
	return callup.AppealIn{Title: "众志成城 共抗疫情 倡议书", Signed: "泰州市精神文明建设指导委员会办公室",
		Text: "全市广大志愿者：\n疫情就是命令，防控就是责任。倡议大家就近到所、站报到，服从统一安排，参加劝导、宣传、守卡、清洁和联络。\n不信谣、不传谣，少出门、不聚集，做好自身防护。\n未经培训和防护不上岗，量力而行，平安归来。"}
}

// callText is what the city calls up for.
func (w *world) callText() callup.In {
	in := callup.In{Title: "紧急招募卡口值守和入户宣传志愿者", Text: "各市（区）、市各有关部门（单位）：\n请立即组织志愿者支援卡口值守、体温检测和入户宣传，按名额报送可派人数，逐级转发到所、站。\n优先安排就近的志愿者，上岗前完成培训并领取防护用品。"}
	if !epidemic(w.now) {
		in.Title, in.Text = "紧急招募文明交通和助老服务志愿者", "各市（区）、市各有关部门（单位）：\n近期出行集中，请组织志愿者支援路口文明劝导和助老送餐，按名额报送可派人数，逐级转发到所、站。\n优先安排就近的志愿者，注意人身安全。"
	}
	in.Campaign, in.AnswerBy, in.Until = w.camps["main"], w.day(-3).Add(18*time.Hour), w.day(4).Add(18*time.Hour)
	in.Lines = []callup.Line{{Places: 120}, {Places: 24, Category: w.kinds.category["youth_league"]}}
	return in
}

// issue sends the call-up to the counties.
func (k *calling) issue() error {
	w := k.w
	return w.write(func(tx *db.Tx) (err error) {
		if k.call, err = callup.Begin(w.ctx, tx, k.city(), w.tree.seat[taizhou].id, w.callText()); err != nil {
			return err
		}
		var to []callup.Receiver
		for i, county := range counties {
			to = append(to, callup.Receiver{Org: w.tree.seat[county].id, Quota: callup.Quotas{[]int64{60, 20, 20, 20}[i], 6}})
		}
		if err := callup.SetReceivers(w.ctx, tx, k.city(), k.call, to); err != nil {
			return err
		}
		return callup.Issue(w.ctx, tx, k.city(), k.call)
	})
}

// at is the receipt of a place.
func (k *calling) at(p *place) (callup.Received, error) {
	all, err := callup.Tray(k.w.ctx, k.w.read(), p.id, 10)
	for _, r := range all {
		if r.Receipt.CallUp == k.call {
			r.Receipt, err = callup.ReceiptOf(k.w.ctx, k.w.read(), r.Receipt.ID)
			return r, err
		}
	}
	return callup.Received{}, firstOf(err, fail.New(fail.NotFound, "callup.receipt_unknown"))
}

// acknowledge says that a place can send what is asked of it.
func (k *calling) acknowledge(p *place) error {
	r, err := k.at(p)
	if err != nil {
		return err
	}
	return k.w.write(func(tx *db.Tx) error {
		return callup.Acknowledge(k.w.ctx, tx, k.w.adminOver(p).actor(), r.Receipt.ID, r.Quota)
	})
}

// forward hands two thirds of what a place was asked for on to others, in equal parts.
func (k *calling) forward(p *place, to ...*place) error {
	r, err := k.at(p)
	if err != nil {
		return err
	}
	var all []callup.Receiver
	for _, one := range to {
		q := make(callup.Quotas, len(r.Quota))
		for i, n := range r.Quota {
			q[i] = n * 2 / 3 / int64(len(to)+1)
		}
		all = append(all, callup.Receiver{Org: one.id, Quota: q})
	}
	return k.w.write(func(tx *db.Tx) error {
		return callup.Forward(k.w.ctx, tx, k.w.adminOver(p).actor(), r.Receipt.ID, all)
	})
}

// openShifts has the street take people on its shifts of the coming days; a job asks them.
func (k *calling) openShifts() error {
	w := k.w
	r, err := k.at(w.tree.seat[chengdong])
	if err != nil {
		return err
	}
	may, err := callup.May(w.ctx, w.read(), w.tree.seat[chengdong].id, db.MS(w.now.Add(6*time.Hour)), db.MS(w.day(6)))
	if err != nil {
		return err
	}
	var ids []id.ID
	for _, s := range may {
		if s.Free(roster.Primary) > 0 && !s.Activity.ByReview {
			ids = append(ids, s.ID)
		}
	}
	return w.write(func(tx *db.Tx) error {
		return callup.OpenShifts(w.ctx, tx, w.adminOver(w.tree.seat[chengdong]).actor(), r.Receipt.ID, ids)
	})
}

// answers has some of those who were asked answer: two in three join. The volunteer whom the
// demonstration follows has not answered yet.
func (k *calling) answers() error {
	w := k.w
	for _, p := range w.at["321202"] {
		if p == w.hero || p.guardian != nil || p.phone == "" || p.team != nil && w.chance(0.2) {
			continue
		}
		a, err := callup.AskOf(w.ctx, w.read(), k.call, p.id)
		if fail.KindOf(err) == fail.NotFound || err == nil && (a.Answer != "" || a.Shift == "") {
			continue
		}
		if err != nil {
			return err
		}
		if err := k.answer(p, a); err != nil {
			return err
		}
	}
	return nil
}

func (k *calling) answer(p *person, a callup.Ask) error {
	w := k.w
	if w.chance(0.5) { // later, or never
		return nil
	}
	s, err := roster.Get(w.ctx, w.read(), a.Shift)
	if err != nil {
		return err
	}
	who, err := people.StandingOf(w.ctx, w.read(), p.id)
	if err != nil {
		return err
	}
	why, err := roster.Against(w.ctx, w.read(), s, roster.Primary, who)
	if err != nil {
		return err
	}
	when := span{s.Starting(), s.Ending()}
	says := callup.Yes
	if why != nil || s.Free(roster.Primary) <= 0 || !p.free(when) || w.chance(0.3) {
		says = callup.No
	}
	err = w.write(func(tx *db.Tx) error {
		got, err := callup.Answer(w.ctx, tx, p.actor(), k.call, says, "")
		if err != nil || says != callup.Yes || got.Shift == "" {
			return err
		}
		s, err := roster.Get(w.ctx, tx, got.Shift)
		p.busy = append(p.busy, span{s.Starting(), s.Ending()})
		w.count.Signups++
		return err
	})
	return err
}

// drill is one that the county held, and ended.
func (k *calling) drill() error {
	w := k.w
	by, center := w.adminOver(w.tree.seat[hailing]).actor(), w.tree.seat[hailing]
	var drill id.ID
	err := w.write(func(tx *db.Tx) (err error) {
		in := callup.In{Title: "应急集结演练", Text: "请收到后一小时内签收并报可派人数，不用通知志愿者。", Drill: true,
			AnswerBy: w.clock.Now().Add(3 * time.Hour), Until: w.clock.Now().Add(8 * time.Hour), Lines: []callup.Line{{Places: 30}}}
		if drill, err = callup.Begin(w.ctx, tx, by, center.id, in); err != nil {
			return err
		}
		if err := callup.SetReceivers(w.ctx, tx, by, drill, []callup.Receiver{{Org: w.tree.seat[chengdong].id, Quota: callup.Quotas{20}}}); err != nil {
			return err
		}
		return callup.Issue(w.ctx, tx, by, drill)
	})
	w.plan(w.clock.Now().Add(50*time.Minute), "a drill's receipt", func() error {
		k := &calling{w: w, call: drill}
		return k.acknowledge(w.tree.seat[chengdong])
	})
	w.plan(w.clock.Now().Add(8*time.Hour), "the end of a drill", func() error {
		return w.write(func(tx *db.Tx) error {
			return callup.Close(w.ctx, tx, by, drill, "演练完成，街道五十分钟内签收。")
		})
	})
	return err
}

// drafts are an appeal and a call-up that are being written.
func (k *calling) drafts() error {
	w := k.w
	return w.write(func(tx *db.Tx) error {
		text := w.appealText()
		text.Title = "致全市志愿者的感谢信（稿）"
		if _, err := callup.DraftAppeal(w.ctx, tx, k.city(), w.tree.seat[taizhou].id, text); err != nil {
			return err
		}
		in := w.callText()
		in.Title, in.AnswerBy, in.Lines = "增援夜间卡口（稿）", w.now.Add(20*time.Hour), []callup.Line{{Places: 30, Day: db.Day(w.day(1))}}
		_, err := callup.Begin(w.ctx, tx, k.city(), w.tree.seat[taizhou].id, in)
		return err
	})
}
