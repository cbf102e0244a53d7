package roster

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
	"tongxin/internal/work/notice"
	"tongxin/internal/work/org/orgtest"
	"tongxin/internal/work/people"
	"tongxin/internal/work/people/peopletest"
)

// world is a planted city with somebody at the desk of a team, of the station
// above it, of the institute, and of a team in another county.
type world struct {
	*peopletest.City
	t   testing.TB
	ctx context.Context
	d   *db.DB
	c   *dbtest.Clock
	run *jobs.Runner

	leader, station, institute, foreign auth.Actor
	n                                   int
}

func begin(t testing.TB, d *db.DB, c *dbtest.Clock) *world {
	t.Helper()
	w := &world{City: peopletest.Plant(t, d), t: t, ctx: t.Context(), d: d, c: c, run: jobs.NewRunner(d)}
	Handle(w.run)
	w.run.Handle(activity.JobEscalate, activity.Escalate)
	people.Schedule(w.run, []people.MergeStep{notice.MergeStep, activity.MergeStep, MergeStep},
		[]people.CloseStep{CloseStep, activity.CloseStep, notice.CloseStep})
	w.must(func(tx *db.Tx) error { return activity.Install(w.ctx, tx) })
	w.leader = w.Staff("leader", w.Team, auth.Leader)
	w.station = w.Staff("station", w.Station, auth.Admin)
	w.institute = w.Staff("institute", w.Institute, auth.Admin)
	w.foreign = w.Staff("foreign", w.ForeignTeam, auth.Leader)
	return w
}

// do runs a closure and answers its error.
func (w *world) do(f func(tx *db.Tx) error) error { w.t.Helper(); return w.d.Write(w.ctx, f) }

func (w *world) must(f func(tx *db.Tx) error) {
	w.t.Helper()
	if err := w.do(f); err != nil {
		w.t.Fatal(err)
	}
}

// refused runs a closure that must be refused with the key.
func (w *world) refused(key string, f func(tx *db.Tx) error) {
	w.t.Helper()
	if err := w.do(f); fail.Key(err) != key {
		w.t.Errorf("refused with %v, want %s", err, key)
	}
}

// plan says how an activity of the tests differs from the usual one: cleaning,
// open sign-up, one shift tomorrow 14:00-16:00 with two places.
type plan struct {
	of           id.ID // organiser; "": the team
	service      string
	approval     bool
	noWaitlist   bool
	minAge       int64
	skill        int64
	certificates people.KindSet
	standbys     int64
	places       int64
	starts       time.Time
	hours        int
}

// shift publishes an activity with one shift and answers the shift.
func (w *world) shift(p plan) Shift {
	w.t.Helper()
	by, reviewer := w.leader, w.station
	if p.of == "" {
		p.of = w.Team
	}
	if p.of == w.ForeignTeam {
		by, reviewer = w.foreign, w.Staff(fmt.Sprintf("foreign%d", w.n), w.Foreign, auth.Admin)
	}
	w.n++
	if p.service == "" {
		p.service = "cleaning"
	}
	if p.places == 0 {
		p.places = 2
	}
	if p.starts.IsZero() {
		p.starts = w.c.Now().Truncate(time.Hour).Add(24 * time.Hour)
	}
	if p.hours == 0 {
		p.hours = 2
	}
	in := activity.Edit{Service: w.service(p.service), Title: "打扫楼道", Content: "打扫公共楼道", Place: "社区北门", Conditions: "身体健康", How: "本页报名",
		Risks: "地面湿滑", Protection: "手套、口罩", Contact: "0523-86880000", Signup: activity.SignupOpen, Waitlist: !p.noWaitlist}
	if p.approval {
		in.Signup = activity.SignupApproval
	}
	var s Shift
	w.must(func(tx *db.Tx) error {
		a, err := activity.Create(w.ctx, tx, by, p.of, in)
		if err != nil {
			return err
		}
		post, err := activity.AddPost(w.ctx, tx, by, a, 1, activity.PostIn{Name: "清洁", Places: p.places, StandbyPlaces: p.standbys,
			MinAge: p.minAge, Skill: p.skill, Certificates: p.certificates})
		if err != nil {
			return err
		}
		s, err = AddShift(w.ctx, tx, by, a, Plan{Post: post, Starts: p.starts, Ends: p.starts.Add(time.Duration(p.hours) * time.Hour), PostStandbys: true})
		if err != nil {
			return err
		}
		return Submit(w.ctx, tx, by, a)
	})
	w.must(func(tx *db.Tx) error { return Approve(w.ctx, tx, reviewer, w.get(s.ID).Activity.ID) })
	return w.get(s.ID)
}

func (w *world) service(slug string) int64 {
	w.t.Helper()
	all, err := activity.Services(w.ctx, w.d)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, s := range all {
		if s.Slug == slug {
			return s.ID
		}
	}
	w.t.Fatalf("no service %q", slug)
	return 0
}

func (w *world) get(shift id.ID) Shift {
	w.t.Helper()
	s, err := Get(w.ctx, w.d, shift)
	if err != nil {
		w.t.Fatal(err)
	}
	return s
}

func (w *world) of(s Shift, who auth.Actor) Signup {
	w.t.Helper()
	u, err := SignupOf(w.ctx, w.d, s.ID, who.Person)
	if err != nil {
		w.t.Fatal(err)
	}
	return u
}

// state is where somebody stands on a shift.
func (w *world) state(s Shift, who auth.Actor, want State) {
	w.t.Helper()
	if u := w.of(s, who); u.State != want {
		w.t.Errorf("state %s, want %s", u.State, want)
	}
}

// seats are the counts of a shift.
func (w *world) seats(s Shift, taken, standby, waiting int64) {
	w.t.Helper()
	if g := w.get(s.ID); g.Taken != taken || g.StandbyTaken != standby || g.Waiting != waiting {
		w.t.Errorf("taken %d standby %d waiting %d, want %d %d %d", g.Taken, g.StandbyTaken, g.Waiting, taken, standby, waiting)
	}
}

// signUp signs up and answers the state.
func (w *world) signUp(s Shift, who auth.Actor, p Place) State {
	w.t.Helper()
	var u Signup
	w.must(func(tx *db.Tx) (err error) {
		u, err = SignUp(w.ctx, tx, who, Request{Shift: s.ID, Place: p})
		return err
	})
	return u.State
}

func (w *world) withdraw(s Shift, who auth.Actor) {
	w.t.Helper()
	w.must(func(tx *db.Tx) error { _, err := Withdraw(w.ctx, tx, who, s.ID, who.Person, ""); return err })
}

func (w *world) jobs() {
	w.t.Helper()
	if err := w.run.RunDue(w.ctx); err != nil {
		w.t.Fatal(err)
	}
}

// living sums the living facts of a kind on a shift.
func (w *world) living(s Shift, k *ledger.Kind) (facts, qty int64) {
	w.t.Helper()
	all, err := ledger.Of(w.ctx, w.d, s.ID)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, e := range all {
		if e.Key == k.Key && e.Reverses == "" && !e.Reversed {
			facts, qty = facts+1, qty+e.Qty
		}
	}
	return facts, qty
}

// facts checks how many facts of a kind live on a shift and what they sum to.
func (w *world) facts(s Shift, k *ledger.Kind, facts, qty int64) {
	w.t.Helper()
	if f, q := w.living(s, k); f != facts || q != qty {
		w.t.Errorf("%s: %d facts of %d, want %d of %d", k.Key, f, q, facts, qty)
	}
}

// told counts the notices of a kind that somebody got.
func (w *world) told(who auth.Actor, kind string, want int) {
	w.t.Helper()
	var n int
	if err := w.d.QueryRow(w.ctx, "SELECT COUNT(*) FROM notice_notice WHERE person = $1 AND kind = $2", who.Person, kind).Scan(&n); err != nil {
		w.t.Fatal(err)
	}
	if n != want {
		w.t.Errorf("%d notices %s, want %d", n, kind, want)
	}
}

// verified fails the test where anything is broken, or nothing was looked at.
func (w *world) verified() {
	w.t.Helper()
	for _, f := range []func(context.Context, db.Reader) ([]ledger.Check, error){Verify, activity.Verify} {
		checks, err := f(w.ctx, w.d)
		if err != nil {
			w.t.Fatal(err)
		}
		for _, c := range checks {
			if c.Broken > 0 {
				w.t.Errorf("verify %s: %d of %d broken: %v", c.Name, c.Broken, c.Checked, c.IDs)
			}
		}
	}
}

// crowd makes n adults who are volunteers, quickly.
func (w *world) crowd(n int) []auth.Actor {
	w.t.Helper()
	out := make([]auth.Actor, n)
	w.must(func(tx *db.Tx) error {
		for i := range out {
			p := tx.NewID(w.Station.Home())
			out[i] = auth.Actor{Person: p, Via: auth.Web}
			if _, err := tx.Exec(`INSERT INTO people_person (home, id, no, birth_year, adult_on, area, station, category, state, volunteer, created)
				VALUES ($1, $2, $3, 1980, '1998-05-01', $4, $5, $6, 'active', TRUE, 0)`, p.Home(), p, fmt.Sprintf("crowd%d", w.n*10000+i),
				int64(orgtest.StationArea), w.Station, w.Category("public")); err != nil {
				return err
			}
		}
		return nil
	})
	w.n++
	return out
}

// open is what somebody could take in the next days.
func (w *world) open(who auth.Actor) ([]Offer, error) {
	standing, err := people.StandingOf(w.ctx, w.d, who.Person)
	if err != nil {
		return nil, err
	}
	return OpenFor(w.ctx, w.d, standing, Window{From: db.MS(w.c.Now()), To: db.MS(w.c.Now().Add(14 * 24 * time.Hour))})
}

func (w *world) refusedErr(key string, f func() error) {
	w.t.Helper()
	if err := f(); fail.Key(err) != key {
		w.t.Errorf("refused with %v, want %s", err, key)
	}
}
