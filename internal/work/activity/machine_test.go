package activity

import (
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/org"
)

// legal are the arrows of doc.go, by the command that draws them.
var legal = map[string]map[State][]State{
	"submit":  {Draft: {Submitted, Published}, Returned: {Submitted, Published}},
	"recall":  {Submitted: {Draft}},
	"approve": {Submitted: {Published}},
	"return":  {Submitted: {Returned}},
	"cancel":  {Draft: {Cancelled}, Submitted: {Cancelled}, Returned: {Cancelled}, Published: {Cancelled}},
	"revise":  {Draft: {Draft}, Returned: {Returned}},
	"post":    {Draft: {Draft}, Returned: {Returned}, Published: {Published}},
	"unpost":  {Draft: {Draft}, Returned: {Returned}},
	"change":  {Published: {Published}},
	"coorgs":  {Draft: {Draft}, Submitted: {Submitted}, Returned: {Returned}, Published: {Published}},
}

// Random commands by random people at random times never draw another arrow, a
// refused one changes nothing, and the ledger says what happened.
func TestNoCommandReachesAnIllegalState(t *testing.T) {
	seen := map[string]int{}
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		rapid.Check(t, func(rt *rapid.T) { // generators favour what comes first
			m := w.model(rt, seen)
			rt.Repeat(map[string]func(*rapid.T){
				"a submit":  m.step("submit", m.submit),
				"d recall":  m.step("recall", func(tx *db.Tx) error { return Recall(w.ctx, tx, m.by, m.a) }),
				"b approve": m.decide("approve", func(tx *db.Tx) error { return Approve(w.ctx, tx, m.by, m.a) }),
				"c return":  m.decide("return", func(tx *db.Tx) error { return Return(w.ctx, tx, m.by, m.a, "请改期") }),
				"l cancel":  m.step("cancel", m.cancel),
				"e revise":  m.step("revise", m.revise),
				"g post":    m.step("post", m.post),
				"k unpost":  m.step("unpost", m.unpost),
				"f change":  m.step("change", m.change),
				"j coorgs": m.step("coorgs", func(tx *db.Tx) error {
					return SetCoOrgs(w.ctx, tx, m.by, m.a, m.rev, []CoOrg{{w.Foreign, Host}})
				}),
				"h held": m.held,
				"i time": m.time,
			})
		})
		w.verified()
	})
	for what, n := range seen {
		if n == 0 {
			t.Errorf("%s never succeeded: this test shows nothing of it", what)
		}
	}
}

// model is one activity and what is expected of it.
type model struct {
	*world
	rt        *rapid.T
	a         id.ID
	by        auth.Actor
	rev       int64
	days      map[string]bool
	published bool
	trusted   bool
	seen      map[string]int
}

func (w *world) model(rt *rapid.T, seen map[string]int) *model {
	m := &model{world: w, rt: rt, days: map[string]bool{}, seen: seen, trusted: rapid.Bool().Draw(rt, "trusted")}
	w.must(func(tx *db.Tx) error { return org.Trust(w.ctx, tx, w.station, w.Team, m.trusted) })
	service := rapid.SampledFrom([]string{"cleaning", "checkpoint_duty"}).Draw(rt, "service")
	m.a = w.draft(w.leader, w.Team, service)
	begins := rapid.SampledFrom([]State{Draft, Submitted, Published}).Draw(rt, "begins")
	if begins == Draft {
		return m
	}
	m.published = w.submit(w.leader, m.a)
	if begins == Published && !m.published {
		w.must(func(tx *db.Tx) error { return Approve(w.ctx, tx, w.station, m.a) })
		m.published = true
	}
	return m
}

// step runs a command as somebody and compares what became of the activity with
// the arrows.
func (m *model) step(what string, f func(tx *db.Tx) error) func(*rapid.T) {
	return m.as([]auth.Actor{m.leader, m.station, m.leader, m.station, m.institute, m.foreign}, what, f)
}

// decide is step for what reviewers do.
func (m *model) decide(what string, f func(tx *db.Tx) error) func(*rapid.T) {
	return m.as([]auth.Actor{m.station, m.institute, m.station, m.institute, m.leader, m.foreign}, what, f)
}

func (m *model) as(who []auth.Actor, what string, f func(tx *db.Tx) error) func(*rapid.T) {
	if _, ok := m.seen[what]; !ok {
		m.seen[what] = 0
	}
	return func(rt *rapid.T) {
		m.rt = rt
		m.by = rapid.SampledFrom(who).Draw(rt, "by")
		before := m.get(m.a)
		m.rev = before.Rev - int64(rapid.SampledFrom([]int{0, 0, 1}).Draw(rt, "behind"))
		err := m.d.Write(m.ctx, f)
		after := m.get(m.a)
		switch kind := fail.KindOf(err); {
		case err == nil:
			m.seen[what]++
			if !slices.Contains(legal[what][before.State], after.State) {
				rt.Fatalf("%s drew %s → %s", what, before.State, after.State)
			}
			if before.State == Draft && after.State == Published && (!m.trusted || after.Risky) {
				rt.Fatalf("published without a review: trusted %v, risky %v", m.trusted, after.Risky)
			}
		case kind == fail.Internal:
			rt.Fatalf("%s: %v", what, err)
		case after != before:
			rt.Fatalf("%s was refused (%v) and changed %+v to %+v", what, err, before, after)
		}
		m.published = m.published || after.State == Published
		m.counted(rt)
	}
}

// counted compares the living facts with what happened.
func (m *model) counted(rt *rapid.T) {
	want := map[string]int{}
	if m.published {
		want["activity.published "+db.Day(db.Time(m.get(m.a).Published))] = 1
	}
	for day := range m.days {
		want["activity.held "+day] = 1
	}
	if got := m.facts(m.a); !maps.Equal(got, want) {
		rt.Fatalf("the ledger says %v, want %v", got, want)
	}
}

func (m *model) submit(tx *db.Tx) error {
	at := m.c.Now().Add(time.Duration(rapid.SampledFrom([]int{90, 5, -1, -9}).Draw(m.rt, "starts")) * time.Hour)
	span := Span{Starts: db.MS(at), Ends: db.MS(at.Add(time.Duration(rapid.SampledFrom([]int{4, -1}).Draw(m.rt, "hours")) * time.Hour)),
		Shifts: rapid.SampledFrom([]int{1, 2, 0}).Draw(m.rt, "shifts")}
	_, err := Submit(m.ctx, tx, m.by, m.a, span)
	return err
}

// cancel asks for a cancellation, mostly with too short a reason: it would end the story.
func (m *model) cancel(tx *db.Tx) error {
	return Cancel(m.ctx, tx, m.by, m.a, rapid.SampledFrom([]string{"雨", "雨", "雨", "", "下雨"}).Draw(m.rt, "reason"))
}

// typed is the activity as somebody left it in the form.
func (m *model) typed() Edit {
	in := m.get(m.a).Edit
	switch rapid.IntRange(0, 5).Draw(m.rt, "typed") {
	case 5:
		in.Place = ""
	case 1:
		in.Place = rapid.SampledFrom([]string{"北门", "南门"}).Draw(m.rt, "place")
	case 2:
		in.Title = "菜"
	case 3:
		in.Service = m.services[rapid.SampledFrom([]string{"cleaning", "temperature_check"}).Draw(m.rt, "service")]
	case 4:
		in.Place, in.Signup = "东门", SignupApproval
	}
	return in
}

func (m *model) revise(tx *db.Tx) error { return Revise(m.ctx, tx, m.by, m.a, m.rev, m.typed()) }

func (m *model) change(tx *db.Tx) error {
	_, err := Change(m.ctx, tx, m.by, m.a, m.rev, m.typed())
	return err
}

func (m *model) post(tx *db.Tx) error {
	in := PostIn{Name: "岗位", Places: rapid.Int64Range(0, 3).Draw(m.rt, "places"), Risky: rapid.Bool().Draw(m.rt, "risky")}
	_, err := AddPost(m.ctx, tx, m.by, m.a, m.rev, in)
	return err
}

func (m *model) unpost(tx *db.Tx) error {
	posts, err := Posts(m.ctx, tx, m.a)
	if err != nil || len(posts) == 0 {
		return fail.New(fail.Conflict, "activity.post_unknown")
	}
	p := posts[rapid.IntRange(0, len(posts)-1).Draw(m.rt, "post")]
	return RemovePost(m.ctx, tx, m.by, p.ID, m.rev)
}

// held marks or takes back a day, as roster does for a published activity.
func (m *model) held(rt *rapid.T) {
	if !m.published {
		return
	}
	day := rapid.SampledFrom([]string{"2020-03-01", "2020-03-02"}).Draw(rt, "day")
	there := rapid.Bool().Draw(rt, "there")
	m.must(func(tx *db.Tx) error {
		if there {
			return MarkHeld(m.ctx, tx, m.a, day, m.leader.Person)
		}
		return Unheld(m.ctx, tx, m.a, day, m.leader.Person)
	})
	delete(m.days, day)
	if there {
		m.days[day] = true
	}
	m.counted(rt)
}

// time passes, and the jobs that fall due run.
func (m *model) time(rt *rapid.T) {
	before := m.get(m.a)
	m.c.Add(time.Duration(rapid.IntRange(1, 30).Draw(rt, "hours")) * time.Hour)
	if err := m.run.RunDue(m.ctx); err != nil {
		rt.Fatal(err)
	}
	after := m.get(m.a)
	if after.State != before.State || after.Raised < before.Raised {
		rt.Fatalf("time changed %+v to %+v", before, after)
	}
	if after.State == Submitted && after.Overdue(m.c.Now()) && after.ReviewerOrg != m.Province {
		rt.Fatalf("late and still at %s", after.ReviewerOrg)
	}
}
