package callup

import (
	"context"
	"fmt"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
	"tongxin/internal/ledger"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/area"
	"tongxin/internal/work/notice"
	"tongxin/internal/work/org/orgtest"
	"tongxin/internal/work/people/peopletest"
	"tongxin/internal/work/roster"
)

// world is a planted city with somebody at the desk of each tier. It is Friday, 2020-02-28, 08:00.
type world struct {
	*peopletest.City
	t   *testing.T
	ctx context.Context
	d   *db.DB
	c   *dbtest.Clock
	run *jobs.Runner

	city, center, institute, station auth.Actor
	n                                int
}

func inWorlds(t *testing.T, body func(w *world)) {
	t.Helper()
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := &world{City: peopletest.Plant(t, d), t: t, ctx: t.Context(), d: d, c: c, run: jobs.NewRunner(d)}
		Handle(w.run)
		notice.Handle(w.run)
		roster.Handle(w.run)
		w.run.Handle(activity.JobEscalate, activity.Escalate)
		w.must(func(tx *db.Tx) error { return activity.Install(w.ctx, tx) })
		w.city, w.center = w.Staff("city", w.Tree.City, auth.Admin), w.Staff("center", w.Center, auth.Admin)
		w.institute, w.station = w.Staff("institute", w.Institute, auth.Admin), w.Staff("station", w.Station, auth.Admin)
		body(w)
		w.verified()
	})
}

func (w *world) do(f func(tx *db.Tx) error) error { return w.d.Write(w.ctx, f) }

func (w *world) must(f func(tx *db.Tx) error) {
	w.t.Helper()
	if err := w.do(f); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) jobs() {
	w.t.Helper()
	if err := w.run.RunDue(w.ctx); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) verified() {
	w.t.Helper()
	for _, f := range []func(context.Context, db.Reader) ([]ledger.Check, error){Verify, roster.Verify} {
		checks, err := f(w.ctx, w.d)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, c := range checks {
			if c.Broken > 0 {
				w.t.Errorf("verify: %s: %v", c.Name, c.IDs)
			}
		}
	}
}

// in is a proper call-up for two lines: anybody, and somebody who speaks a language.
func (w *world) in() In {
	return In{Title: "紧急招募守卡志愿者", Text: "请各地各单位组织志愿者到卡口值守。", AnswerBy: w.c.Now().Add(4 * time.Hour), Until: w.c.Now().Add(48 * time.Hour),
		Lines: []Line{{Places: 20}, {Places: 4, Category: w.Category("youth_league")}}}
}

// issued is a call-up of the city's, sent to the centre with these quotas.
func (w *world) issued(in In, quota ...int64) CallUp {
	w.t.Helper()
	var c id.ID
	w.must(func(tx *db.Tx) (err error) {
		if c, err = Begin(w.ctx, tx, w.city, w.Tree.City, in); err != nil {
			return err
		}
		if err = SetReceivers(w.ctx, tx, w.city, c, []Receiver{{w.Center, quota}}); err != nil {
			return err
		}
		return Issue(w.ctx, tx, w.city, c)
	})
	w.jobs()
	return w.get(c)
}

func (w *world) get(c id.ID) CallUp {
	w.t.Helper()
	one, err := Get(w.ctx, w.d, c)
	if err != nil {
		w.t.Fatal(err)
	}
	return one
}

func (w *world) at(c CallUp, o id.ID) Receipt {
	w.t.Helper()
	r, err := receiptAt(w.ctx, w.d, c.ID, o)
	if err != nil {
		w.t.Fatal(err)
	}
	return r
}

// acknowledged has a unit say what it can send.
func (w *world) acknowledged(by auth.Actor, r Receipt, able ...int64) {
	w.t.Helper()
	w.must(func(tx *db.Tx) error { return Acknowledge(w.ctx, tx, by, r.ID, able) })
	w.jobs()
}

// forwarded hands a call-up on.
func (w *world) forwarded(by auth.Actor, r Receipt, to ...Receiver) {
	w.t.Helper()
	w.must(func(tx *db.Tx) error { return Forward(w.ctx, tx, by, r.ID, to) })
	w.jobs()
}

// shift publishes an activity of the station's team with one shift tomorrow.
func (w *world) shift(places int64, from time.Duration) roster.Shift {
	w.t.Helper()
	w.n++
	leader := w.Staff(fmt.Sprintf("leader%d", w.n), w.Team, auth.Leader)
	all, err := activity.Services(w.ctx, w.d)
	if err != nil {
		w.t.Fatal(err)
	}
	in := activity.Edit{Service: all[0].ID, Title: "守卡", Content: "在卡口值守", Place: "社区北门", Conditions: "身体健康", How: "本页报名",
		Risks: "天冷", Protection: "口罩", Contact: "0523-86880000", Signup: activity.SignupOpen, Waitlist: true}
	var s roster.Shift
	w.must(func(tx *db.Tx) error {
		a, err := activity.Create(w.ctx, tx, leader, w.Team, in)
		if err != nil {
			return err
		}
		post, err := activity.AddPost(w.ctx, tx, leader, a, 1, activity.PostIn{Name: "守卡", Places: places})
		if err != nil {
			return err
		}
		begins := w.c.Now().Truncate(time.Hour).Add(24*time.Hour + from)
		if s, err = roster.AddShift(w.ctx, tx, leader, a, roster.Plan{Post: post, Starts: begins, Ends: begins.Add(2 * time.Hour)}); err != nil {
			return err
		}
		return roster.Submit(w.ctx, tx, leader, a)
	})
	w.must(func(tx *db.Tx) error { return roster.Approve(w.ctx, tx, w.station, s.Activity.ID) })
	return w.shiftNow(s.ID)
}

func (w *world) shiftNow(shift id.ID) roster.Shift {
	w.t.Helper()
	s, err := roster.Get(w.ctx, w.d, shift)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

// crowd are volunteers of the station's village.
func (w *world) crowd(n int) (all []auth.Actor) {
	for range n {
		w.n++
		all = append(all, w.VolunteerAt(fmt.Sprintf("沈玉%c", rune(0x4e00+w.n)), area.Code(orgtest.StationArea)))
	}
	return all
}

func (w *world) ask(c CallUp, who auth.Actor) (Ask, bool) {
	w.t.Helper()
	a, err := AskOf(w.ctx, w.d, c.ID, who.Person)
	if fail.KindOf(err) == fail.NotFound {
		return a, false
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return a, true
}

// asked are those of a crowd who were asked.
func (w *world) asked(c CallUp, all []auth.Actor) (some []auth.Actor) {
	w.t.Helper()
	for _, who := range all {
		if a, ok := w.ask(c, who); ok && a.Asked > 0 {
			some = append(some, who)
		}
	}
	return some
}

func (w *world) answer(c CallUp, who auth.Actor, answer string, shift id.ID) (a Ask) {
	w.t.Helper()
	w.must(func(tx *db.Tx) (err error) {
		a, err = Answer(w.ctx, tx, who, c.ID, answer, shift)
		return err
	})
	w.jobs()
	return a
}

// facts are the living facts of a kind of a call-up, and what their quantities add up to.
func (w *world) facts(c CallUp, k *ledger.Kind) (n, sum int64) {
	w.t.Helper()
	if err := w.d.QueryRow(w.ctx, `SELECT COALESCE(SUM(CASE WHEN f.reverses = '' THEN 1 ELSE -1 END), 0), COALESCE(SUM(f.qty), 0)
		FROM ledger_fact f JOIN ledger_kind k ON k.id = f.kind WHERE k.key = $1 AND f.callup = $2`, k.Key, c.ID).Scan(&n, &sum); err != nil {
		w.t.Fatal(err)
	}
	return n, sum
}

func (w *world) counts(c CallUp, k *ledger.Kind, want int64) {
	w.t.Helper()
	if n, _ := w.facts(c, k); n != want {
		w.t.Errorf("%s: %d facts, want %d", k.Key, n, want)
	}
}

// told counts the notices of a kind in somebody's inbox.
func (w *world) told(who auth.Actor, kind string) (n int) {
	w.t.Helper()
	if err := w.d.QueryRow(w.ctx, "SELECT COUNT(*) FROM notice_notice WHERE person = $1 AND kind = $2", who.Person, kind).Scan(&n); err != nil {
		w.t.Fatal(err)
	}
	return n
}
