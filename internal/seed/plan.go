package seed

import (
	"fmt"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/area"
	"tongxin/internal/work/org"
	"tongxin/internal/work/roster"
)

// fate is what becomes of an activity before its day.
type fate string

const (
	held      fate = ""          // published in time
	draft     fate = "draft"     // never submitted
	waiting   fate = "waiting"   // submitted, still on the reviewer's desk
	overdue   fate = "overdue"   // and for longer than it should be
	returned  fate = "returned"  // with a reason
	cancelled fate = "cancelled" // after people had signed up
	changed   fate = "changed"   // after people had signed up
)

// entry is an activity of the programme.
type entry struct {
	text int
	at   area.Code // whose it is
	near string    // the place in its title; the organiser's by default
	day  int       // of its shifts, from today
	heat float64   // how many want each place
	fate fate
	with []area.Code // who organises it too

	spans []span                     // of its shifts; nil: the text's hours on its day
	then  func(r *activityRun) error // once it is published
}

// round is what a place does again and again.
type round struct {
	at           area.Code
	texts        []int
	every, phase int
	heat         float64
}

var rounds = []round{
	{chengdong, []int{textThermometer, textClean, textCall, textShop, textGate, textTell}, 1, 0, 0.95},
	{suchen, []int{textGate, textTell, textClean}, 3, 1, 0.8},
	{hailing, []int{textNight, textHotline, textVisit, textGoods}, 3, 2, 0.9},
	{gaogang, []int{textGate, textClean, textCall}, 4, 2, 0.6},
	{danyang, []int{textPair, textClean, textTell}, 3, 0, 0.7},
	{dantu, []int{textPair, textChild}, 5, 1, 0.7},
	{donghai, []int{textHaircut, textFarm, textFactory}, 4, 0, 0.6},
	{lianyun, []int{textFactory, textTell}, 4, 3, 0.7},
	{taizhou, []int{textHotline, textChild}, 6, 3, 0.8},
	{jiangyan, []int{textDissuade}, 7, 2, 0.6},
	{xinghua, []int{textTell}, 7, 4, 0.5},
	{jingkou, []int{textPair}, 6, 4, 0.7},
}

// specials are what the rounds do not bring: every state of review, what was changed and
// cancelled, what is fuller than it should be.
var specials = []entry{
	{text: textVisit, at: chengdong, near: "城东街道", day: 2, heat: 1.3},
	{text: textNight, at: hailing, near: "迎春路", day: -1, heat: 1.3},
	{text: textNight, at: hailing, near: "迎春路", day: 0, heat: 1.2},
	{text: textGate, at: chengdong, near: "迎宾路", day: 1, heat: 1.6, with: []area.Code{hailing}},
	{text: textClean, at: chengdong, near: "东城河公园", day: 2, heat: 0.5},
	{text: textDissuade, at: chengdong, near: "梅兰广场", day: 2, heat: 0.9, fate: changed},
	{text: textTell, at: chengdong, near: "稻河古街", day: 2, heat: 0.6, fate: cancelled},
	{text: textGoods, at: hailing, near: "海陵区", day: 2, heat: 0.7, fate: changed},
	{text: textClean, at: gaogang, day: -4, heat: 0.6, fate: cancelled},
	{text: textShop, at: chengdong, near: "东方小区", day: 4, fate: draft},
	{text: textChild, at: hailing, near: "海陵区", day: 5, fate: draft},
	{text: textTell, at: danyang, day: 4, fate: draft},
	{text: textGate, at: chengdong, near: "智堡路", day: 3, fate: waiting},
	{text: textClean, at: chengdong, near: "海陵北路", day: 4, fate: waiting},
	{text: textVisit, at: hailing, near: "海陵区", day: 2, fate: waiting},
	{text: textThermometer, at: chengdong, near: "春晖路", day: 2, fate: overdue},
	{text: textHotline, at: hailing, near: "海陵区", day: 5, fate: returned},
	{text: textGate, at: chengdong, near: "育才路", day: 3, fate: returned},
}

// first and last are the days of the programme, from today.
const first, last = -12, 6

// program plans all activities.
func (w *world) program() error {
	for day := first; day <= last; day++ {
		for i, r := range rounds {
			if (day-first+r.phase)%r.every != 0 {
				continue
			}
			turn := (day - first) / r.every
			w.schedule(entry{text: r.texts[turn%len(r.texts)], at: r.at, day: day, heat: r.heat}, i)
		}
	}
	for i, e := range specials {
		w.schedule(e, i)
	}
	station := w.tree.stationsOf(chengdong)[0].area
	w.schedule(entry{text: textCall, at: station, day: -5, heat: 0.6}, 3)
	w.schedule(entry{text: textClean, at: station, day: 1, heat: 0.6}, 4)
	w.schedule(entry{text: textTell, at: station, day: 3, fate: waiting}, 5)
	w.plan(w.day(-before).Add(10*time.Hour), "trust", w.trustSuchen)
	w.cast()
	w.steer()
	w.call()
	w.print()
	w.article()
	w.exchange()
	w.reporting()
	return nil
}

// trustSuchen lets the ordinary activities of one institute go without review.
func (w *world) trustSuchen() error {
	by := w.adminOver(w.tree.seat[hailing])
	return w.write(func(tx *db.Tx) error { return org.Trust(w.ctx, tx, by.actor(), w.tree.seat[suchen].id, true) })
}

// schedule plans when an activity is written and submitted.
func (w *world) schedule(e entry, n int) {
	at := w.day(e.day - 4).Add(8*time.Hour + 30*time.Minute + time.Duration(n*23%540)*time.Minute)
	switch e.fate {
	case waiting:
		at = w.now.Add(-time.Duration(2+n%5) * time.Hour)
	case overdue:
		at = w.now.Add(-28 * time.Hour)
	case draft, returned:
		at = w.now.Add(-time.Duration(20+n%7) * time.Hour)
	}
	if begin := w.day(-before + 3).Add(9 * time.Hour); at.Before(begin) {
		at = begin.Add(time.Duration(n*11) * time.Minute)
	}
	w.plan(at, "activity", func() error { return w.compose(e) })
}

// activityRun is an activity on its way.
type activityRun struct {
	entry
	text   text
	of     *place
	leader *worker
	id     id.ID
	shifts []*shiftRun
	gone   bool // cancelled
}

// shiftRun is a shift on its way.
type shiftRun struct {
	of      *activityRun
	id      id.ID
	duty    duty
	span    span
	on      map[id.ID]bool // who is or was on it
	offered map[id.ID]bool // whose answer is planned
}

// compose writes an activity with its posts and shifts, and goes on with it.
func (w *world) compose(e entry) error {
	r := &activityRun{entry: e, text: w.texts[e.text], of: w.tree.seat[e.at], leader: w.staff.leader[e.at]}
	if r.leader == nil {
		r.leader = w.staff.admin[e.at]
	}
	near, at := e.near, area.Code(0)
	if near == "" {
		at = w.home(e.at)
		near = spoken(nameOf(at))
	}
	in := activity.Edit{Area: at,
		Campaign: w.campaignFor(r), Service: w.kinds.service[r.text.service], Title: fmt.Sprintf(r.text.title, near),
		Content: r.text.content, Place: near, Conditions: r.text.conditions, How: how, Risks: r.text.risks, Protection: r.text.protection,
		Contact: "0523-86880000", Signup: activity.SignupOpen, Waitlist: true,
	}
	if r.text.approval {
		in.Signup = activity.SignupApproval
	}
	err := w.write(func(tx *db.Tx) (err error) {
		if r.id, err = activity.Create(w.ctx, tx, r.leader.actor(), r.of.id, in); err != nil {
			return err
		}
		r.shifts = nil
		if err := w.addPosts(tx, r); err != nil || len(e.with) == 0 {
			return err
		}
		var with []activity.CoOrg
		for _, at := range e.with {
			with = append(with, activity.CoOrg{Org: w.tree.seat[at].id, Part: activity.Assist})
		}
		return activity.SetCoOrgs(w.ctx, tx, r.leader.actor(), r.id, 0, with)
	})
	if err != nil {
		return fmt.Errorf("%s of %s: %w", in.Title, r.of.name, err)
	}
	w.count.Activities++
	w.count.Shifts += int64(len(r.shifts))
	if e.fate != draft {
		w.plan(w.clock.Now().Add(w.minutes(5, 40)), "submission", func() error { return w.submit(r) })
	}
	return nil
}

// nameOf is a division's name in the reference data.
func nameOf(at area.Code) string {
	a, _ := area.Lookup(at)
	return a.Name
}

// campaignFor is the campaign that it belongs to, where its organiser may add to it.
func (w *world) campaignFor(r *activityRun) int64 {
	key := r.text.camp
	all := everydayCampaigns
	if epidemic(w.now) {
		all = epidemicCampaigns
	}
	for key != "" {
		for _, c := range all {
			if c.key == key && c.of.Contains(r.of.area) {
				return w.camps[key]
			}
		}
		key = parentKey(all, key)
	}
	return 0
}

func parentKey(all []opened, key string) string {
	for _, c := range all {
		if c.key == key {
			return c.under
		}
	}
	return ""
}

// addPosts adds the posts, each with a shift at every hour.
func (w *world) addPosts(tx *db.Tx, r *activityRun) error {
	by := r.leader.actor()
	for _, d := range r.text.duties {
		post, err := activity.AddPost(w.ctx, tx, by, r.id, 0, activity.PostIn{Name: d.name, Duty: d.what, MinAge: d.least,
			Skill: w.kinds.skill[d.skill], Places: d.places, StandbyPlaces: d.standby})
		if err != nil {
			return err
		}
		for _, at := range w.spans(r) {
			if !at.from.After(tx.Now) {
				continue
			}
			s := &shiftRun{of: r, duty: d, span: at, on: map[id.ID]bool{}, offered: map[id.ID]bool{}}
			made, err := roster.AddShift(w.ctx, tx, by, r.id, roster.Plan{Post: post, Starts: s.span.from, Ends: s.span.to, PostStandbys: true})
			if err != nil {
				return err
			}
			s.id = made.ID
			r.shifts = append(r.shifts, s)
		}
	}
	return nil
}

// spans are the times of an activity's shifts.
func (w *world) spans(r *activityRun) (all []span) {
	if r.entry.spans != nil {
		return r.entry.spans
	}
	day := w.day(r.day)
	for _, h := range r.text.hours {
		all = append(all, span{day.Add(time.Duration(h[0]) * time.Hour), day.Add(time.Duration(h[1]) * time.Hour)})
	}
	return all
}
