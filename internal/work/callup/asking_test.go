package callup

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/area"
	"tongxin/internal/work/org/orgtest"
	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

// open is a call-up of so many at the centre, which acknowledges and opens a shift to it.
func (w *world) open(in In, s roster.Shift, quota ...int64) (CallUp, Receipt) {
	w.t.Helper()
	c := w.issued(in, quota...)
	r := w.at(c, w.Center)
	w.acknowledged(w.center, r, quota...)
	w.shifts(w.center, r, s)
	return c, w.at(c, w.Center)
}

// shifts opens shifts, and has the jobs ask.
func (w *world) shifts(by auth.Actor, r Receipt, all ...roster.Shift) {
	w.t.Helper()
	var ids []id.ID
	for _, s := range all {
		ids = append(ids, s.ID)
	}
	w.must(func(tx *db.Tx) error { return OpenShifts(w.ctx, tx, by, r.ID, ids) })
	w.jobs()
}

// later lets time go by, and the jobs do what is due.
func (w *world) later(by time.Duration) {
	w.t.Helper()
	w.c.Add(by)
	w.jobs()
}

// order are the people of a call-up in the order in which they were asked.
func (w *world) order(c CallUp) (all []id.ID) {
	w.t.Helper()
	rows, err := w.d.Query(w.ctx, "SELECT person FROM callup_ask WHERE callup = $1 AND asked > 0 ORDER BY asked, id", c.ID)
	if all, err = db.Collect(rows, err, db.Value[id.ID]); err != nil {
		w.t.Fatal(err)
	}
	return all
}

// candidate is somebody as brute force looks at her.
type candidate struct {
	auth.Actor
	at     area.Code
	lately int64
	out    bool // may not be asked
}

// TestTheOrderOfAsking: who is eligible, was asked longest ago and lives nearest is asked first,
// as brute force says; who is busy, a child, or does not want to be asked is not.
func TestTheOrderOfAsking(t *testing.T) {
	inWorlds(t, func(w *world) {
		next, err := area.Children(w.ctx, w.d, orgtest.OtherInstitute)
		if err != nil {
			t.Fatal(err)
		}
		places := []area.Code{orgtest.StationArea, orgtest.SiblingArea, next[0].Code, orgtest.StationArea, next[0].Code, orgtest.SiblingArea}
		var all []*candidate
		for n := range 12 {
			w.n++
			at := places[(n*5)%len(places)]
			all = append(all, &candidate{Actor: w.VolunteerAt(fmt.Sprintf("周小%c", rune(0x4e00+n)), at), at: at})
		}
		w.Ward(all[0].Actor, "周小童", "2012-03-01")
		before := w.shift(30, 0)
		few := w.in()
		few.Lines, few.Most = []Line{{Places: 4}}, 4
		for range 2 { // two call-ups that asked some of them
			c, _ := w.open(few, before, 4)
			for _, one := range all {
				if a, ok := w.ask(c, one.Actor); ok {
					one.lately = a.Asked
				}
			}
			w.must(func(tx *db.Tx) error { return Close(w.ctx, tx, w.city, c.ID, "人手够了") })
			w.later(3 * time.Hour)
		}
		w.must(func(tx *db.Tx) error { return putNever(tx, all[2].Person, 0) })
		s := w.shift(30, 0)
		w.must(func(tx *db.Tx) error {
			_, err := roster.SignUp(w.ctx, tx, all[7].Actor, roster.Request{Shift: s.ID})
			return err
		})
		all[2].out, all[7].out = true, true

		in := w.in()
		in.Lines, in.Most = []Line{{Places: 20}}, 8
		c, _ := w.open(in, s, 20)
		if got, want := w.order(c), bruteOrder(all, orgtest.StationArea)[:8]; !slices.Equal(got, want) {
			t.Errorf("asked were\n%v, brute force says\n%v", got, want)
		}
		w.later(time.Hour)
		w.counts(c, AskedFact, 8)
	})
}

// bruteOrder is in which order people are asked for a place.
func bruteOrder(all []*candidate, near area.Code) (ids []id.ID) {
	far := func(c *candidate) int {
		for n, level := range []area.Level{area.Village, area.Township, area.County} {
			if c.at.At(level) == near.At(level) {
				return n
			}
		}
		return 3
	}
	sorted := slices.Clone(all)
	slices.SortFunc(sorted, func(a, b *candidate) int {
		return cmp.Or(cmp.Compare(a.lately, b.lately), cmp.Compare(far(a), far(b)), cmp.Compare(a.Person, b.Person))
	})
	for _, c := range sorted {
		if !c.out {
			ids = append(ids, c.Person)
		}
	}
	return ids
}

// TestAFullCallStopsAsking: two are asked for one place; the first has it, the second waits and
// is told how many are before her. Nobody else is asked, the place that comes free is offered to
// her and held for her, and who waits when the time is up is told so.
func TestAFullCallStopsAsking(t *testing.T) {
	inWorlds(t, func(w *world) {
		people := w.crowd(5)
		s := w.shift(9, 0)
		in := w.in()
		in.Lines = []Line{{Places: 1}}
		c, r := w.open(in, s, 1)
		asked := w.asked(c, people)
		if len(asked) != 2 {
			t.Fatalf("%d were asked for one place", len(asked))
		}
		first, second := asked[0], asked[1]
		if a := w.answer(c, first, Yes, ""); a.Shift != s.ID {
			t.Fatalf("the first is on %q", a.Shift)
		}
		a := w.answer(c, second, Yes, "")
		if n, err := Before(w.ctx, w.d, a); err != nil || n != 0 || !a.Waits() {
			t.Errorf("the second waits: %v, %d before her: %v", a.Waits(), n, err)
		}
		w.later(2 * time.Hour)
		w.counts(c, AskedFact, 2)

		w.must(func(tx *db.Tx) error {
			_, err := roster.Withdraw(w.ctx, tx, first, s.ID, first.Person, "")
			return err
		})
		w.later(time.Hour)
		if a, _ := w.ask(c, second); a.Offered == 0 || a.Shift != s.ID || w.told(second, "callup.offered") != 1 {
			t.Errorf("the place was not offered to who waited: %+v", a)
		}
		var comes auth.Actor
		for _, who := range people {
			if _, ok := w.ask(c, who); !ok {
				comes = who
			}
		}
		if a := w.answer(c, comes, Yes, ""); !a.Waits() {
			t.Error("who came by herself took the place that was offered to another")
		}
		if a := w.answer(c, second, Yes, ""); a.Waits() || a.Offered > 0 {
			t.Errorf("she took up the offer: %+v", a)
		}
		w.counts(c, AskedFact, 2)
		w.later(48 * time.Hour)
		if w.told(comes, "callup.over_waiting") != 1 || w.told(second, "callup.over_waiting") != 0 {
			t.Error("who still waits when the time is up is told so, and nobody else")
		}
		if err := w.do(func(tx *db.Tx) error { _, err := Answer(w.ctx, tx, people[4], c.ID, Yes, ""); return err }); fail.Key(err) != "callup.past_until" {
			t.Errorf("answered when the time was up: %v", err)
		}
		if left, err := Left(w.ctx, w.d, c, r); err != nil || left[0] != 1 {
			t.Errorf("left is %v: %v", left, err)
		}
	})
}

// TestAPlaceOfferedIsSubtractedOnce: of three places one is offered to who waited, and for the
// other two twice as many are asked in the same turn.
func TestAPlaceOfferedIsSubtractedOnce(t *testing.T) {
	inWorlds(t, func(w *world) {
		people := w.crowd(9)
		in := w.in()
		in.Lines = []Line{{Places: 3}}
		c := w.issued(in, 3)
		r := w.at(c, w.Center)
		w.acknowledged(w.center, r, 3)
		if a := w.answer(c, people[0], Yes, ""); !a.Waits() {
			t.Fatal("there is no shift, and she does not wait")
		}
		w.shifts(w.center, r, w.shift(3, 0))
		if n := len(w.asked(c, people)); n != 4 {
			t.Errorf("%d were asked for two places, want 4", n)
		}
	})
}

// TestWhoComesByHerselfGoesNear: who was not asked and names no shift goes to one of the nearest
// receiver above her, though another begins earlier; the one that she names she gets.
func TestWhoComesByHerselfGoesNear(t *testing.T) {
	inWorlds(t, func(w *world) {
		early, late := w.shift(9, 0), w.shift(9, 3*time.Hour)
		in := w.in()
		in.Lines = []Line{{Places: 9}}
		c := w.issued(in, 9)
		center := w.at(c, w.Center)
		w.acknowledged(w.center, center, 9)
		w.forwarded(w.center, center, Receiver{w.Institute, Quotas{4}})
		institute := w.at(c, w.Institute)
		w.acknowledged(w.institute, institute, 4)
		w.shifts(w.center, center, early)
		w.shifts(w.institute, institute, late)
		people := w.crowd(2)
		if a := w.answer(c, people[0], Yes, ""); a.Shift != late.ID || a.Receipt != institute.ID {
			t.Errorf("she went to %s of %s", a.Shift, a.Receipt)
		}
		if a := w.answer(c, people[1], Yes, early.ID); a.Shift != early.ID || a.Receipt != center.ID {
			t.Errorf("she named %s and went to %s of %s", early.ID, a.Shift, a.Receipt)
		}
		if open, err := OpenShiftsOf(w.ctx, w.d, c.ID, institute.ID, db.MS(w.c.Now()), 9); err != nil || len(open) != 2 || open[0].ID != late.ID {
			t.Errorf("near are %v: %v", open, err)
		}
	})
}

// TestNotToBeAskedAgain: who wants not to be asked about a kind of service is not, until she
// says otherwise; about other kinds she is.
func TestNotToBeAskedAgain(t *testing.T) {
	inWorlds(t, func(w *world) {
		people := w.crowd(2)
		s := w.shift(9, 0)
		in := w.in()
		in.Lines, in.Service = []Line{{Places: 5}}, s.Activity.Service
		c, _ := w.open(in, s, 5)
		w.answer(c, people[0], Never, "")
		w.answer(c, people[0], Never, "") // a repeated tap is no error
		again, _ := w.open(in, s, 5)
		if got := w.asked(again, people); len(got) != 1 || got[0].Person != people[1].Person {
			t.Errorf("asked again were %v", got)
		}
		other := in
		other.Service = 0
		if c, _ := w.open(other, s, 5); len(w.asked(c, people)) != 2 {
			t.Error("she was not asked about another kind")
		}
		w.must(func(tx *db.Tx) error { return AskAgain(w.ctx, tx, people[0], in.Service) })
		if c, _ := w.open(in, s, 5); len(w.asked(c, people)) != 2 {
			t.Error("she wants to be asked again, and is not")
		}
	})
}

// TestTheSurvivorAnswersForTheMerged: what a record was asked that was then merged, the survivor
// sees and answers, once; parted again, each has her own.
func TestTheSurvivorAnswersForTheMerged(t *testing.T) {
	inWorlds(t, func(w *world) {
		people.Schedule(w.run, []people.MergeStep{roster.MergeStep, MergeStep}, nil)
		two, one := w.crowd(1)[0], w.crowd(1)[0]
		s := w.shift(9, 0)
		in := w.in()
		in.Lines, in.Most = []Line{{Places: 5}}, 1
		c, r := w.open(in, s, 5)
		if got := w.order(c); len(got) != 1 || got[0] != two.Person {
			t.Fatalf("asked were %v", got)
		}
		m := w.merged(two.Person, one.Person)
		mine, err := Mine(w.ctx, w.d, one.Person, db.MS(w.c.Now()), 9)
		if err != nil || len(mine) != 1 {
			t.Errorf("the survivor sees %v: %v", mine, err)
		}
		w.must(func(tx *db.Tx) error { return Change(w.ctx, tx, w.city, c.ID, w.wider(c, 9)) })
		w.later(time.Hour)
		w.counts(c, AskedFact, 1) // nobody is asked twice
		if a := w.answer(c, one, Yes, ""); a.Shift != s.ID {
			t.Errorf("she is on %q", a.Shift)
		}
		if u, err := roster.SignupOf(w.ctx, w.d, s.ID, one.Person); err != nil || u.Callup != c.ID {
			t.Errorf("her turn: %+v, %v", u, err)
		}
		if on, err := taken(w.ctx, w.d, r.ID, 1); err != nil || on[0] != 1 {
			t.Errorf("taken are %v: %v", on, err)
		}
		w.counts(c, AnsweredFact, 1)
		w.verified()
		w.must(func(tx *db.Tx) error { return TakeBack(w.ctx, tx, one, c.ID) })
		w.counts(c, AnsweredFact, 0)

		w.must(func(tx *db.Tx) error { _, err := people.Unmerge(w.ctx, tx, w.institute, m); return err })
		w.jobs()
		if _, ok := w.ask(c, one); ok {
			t.Error("parted, she still has what the other was asked")
		}
		if a := w.answer(c, two, Yes, ""); a.Shift != s.ID {
			t.Errorf("the other is on %q", a.Shift)
		}
	})
}

// TestBothWereAsked: where both records were asked, the question counts that was answered with
// a yes; parted again, both do.
func TestBothWereAsked(t *testing.T) {
	inWorlds(t, func(w *world) {
		people.Schedule(w.run, []people.MergeStep{roster.MergeStep, MergeStep}, nil)
		two, one := w.crowd(1)[0], w.crowd(1)[0]
		s := w.shift(9, 0)
		in := w.in()
		in.Lines = []Line{{Places: 5}}
		c, r := w.open(in, s, 5)
		w.counts(c, AskedFact, 2)
		w.answer(c, two, Yes, "")
		m := w.merged(two.Person, one.Person)
		w.verified()
		w.counts(c, AskedFact, 1)
		if a, _ := w.ask(c, one); a.Answer != Yes || a.Shift != s.ID {
			t.Errorf("she has answered %q", a.Answer)
		}
		if on, err := taken(w.ctx, w.d, r.ID, 1); err != nil || on[0] != 1 {
			t.Errorf("taken are %v: %v", on, err)
		}
		if told, err := ToldOf(w.ctx, w.d, c.ID); err != nil || told.Asked != 1 || told.Yes != 1 || told.Enrolled != 1 {
			t.Errorf("told are %+v: %v", told, err)
		}
		w.must(func(tx *db.Tx) error { _, err := people.Unmerge(w.ctx, tx, w.institute, m); return err })
		w.jobs()
		w.counts(c, AskedFact, 2)
		w.counts(c, AnsweredFact, 1)
		for who, want := range map[id.ID]string{one.Person: "", two.Person: Yes} {
			if a, err := AskOf(w.ctx, w.d, c.ID, who); err != nil || a.Answer != want {
				t.Errorf("parted, %s has answered %q: %v", who, a.Answer, err)
			}
		}
	})
}

// wider is what is typed to ask more people of a call-up.
func (w *world) wider(c CallUp, most int64) In {
	return In{Title: c.Title, Text: c.Text, AnswerBy: db.Time(c.AnswerBy), Until: db.Time(c.Until), Most: most, Lines: c.Lines}
}

// merged makes one record of two, and answers the merge.
func (w *world) merged(duplicate, survivor id.ID) id.ID {
	w.t.Helper()
	var m people.Merge
	w.Write(func(ctx context.Context, tx *db.Tx) (err error) {
		m, err = people.ProposeMerge(ctx, tx, w.Keys, w.station, duplicate, survivor)
		return err
	})
	w.Write(func(ctx context.Context, tx *db.Tx) error {
		_, err := people.DecideMerge(ctx, tx, w.Keys, w.institute, m.ID, true)
		return err
	})
	w.jobs()
	return m.ID
}
