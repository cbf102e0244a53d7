package callup

import (
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/roster"
)

// cascaded is a call-up that the centre and the institute have acknowledged and handed on; the
// station has it, and has not said anything.
func (w *world) cascaded(drill bool) (CallUp, Receipt) {
	w.t.Helper()
	in := w.in()
	in.Lines, in.Drill, in.AnswerBy, in.Until = []Line{{Places: 5}}, drill, w.c.Now().Add(20*time.Hour), w.c.Now().Add(80*time.Hour)
	c := w.issued(in, 5)
	center := w.at(c, w.Center)
	w.acknowledged(w.center, center, 5)
	w.forwarded(w.center, center, Receiver{w.Institute, Quotas{4}})
	institute := w.at(c, w.Institute)
	w.acknowledged(w.institute, institute, 4)
	w.forwarded(w.institute, institute, Receiver{w.Station, Quotas{3}})
	return c, w.at(c, w.Station)
}

// silence is what lies on the desk of an organisation.
func (w *world) silence(at id.ID) int64 {
	w.t.Helper()
	all, err := Waiting(w.ctx, w.d, at)
	if err != nil {
		w.t.Fatal(err)
	}
	return all.Silent
}

// TestSilenceIsRemindedAndRises: a unit that says nothing is reminded; then its silence lies on
// the desk of who sent it the call-up, and rises a tier each time up to the issuer. Once it has
// answered nobody is reminded any more.
func TestSilenceIsRemindedAndRises(t *testing.T) {
	inWorlds(t, func(w *world) {
		set, err := config.Load(w.ctx, w.d)
		if err != nil {
			t.Fatal(err)
		}
		c, station := w.cascaded(false)
		for n, want := range []id.ID{"", w.Institute, w.Center, w.Tree.City, w.Tree.City} {
			w.later(set.CallRemind + time.Minute)
			if told := w.told(w.station, "callup.reminded"); told != n+1 {
				t.Errorf("after %d reminders the station was told %d times", n+1, told)
			}
			for _, desk := range []id.ID{w.Institute, w.Center, w.Tree.City} {
				if lies := w.silence(desk) == 1; lies != (desk == want) {
					t.Errorf("after %d reminders it lies on the desk of %s: %v", n+1, desk, lies)
				}
			}
		}
		for who, want := range map[id.ID]int{w.institute.Person: 1, w.center.Person: 1, w.city.Person: 2} {
			if n := w.told(auth.Actor{Person: who}, "callup.silent"); n != want {
				t.Errorf("%s was told of the silence %d times, want %d", who, n, want)
			}
		}
		w.acknowledged(w.station, w.at(c, w.Station), 2)
		w.later(10 * set.CallRemind)
		if n := w.told(w.station, "callup.reminded"); n != 5 {
			t.Errorf("it has answered, and was reminded %d times", n)
		}
		if n := w.silence(w.Tree.City); n != 0 {
			t.Errorf("%d still lie on the city's desk", n)
		}
		if got := w.at(c, w.Station); got.ID != station.ID || got.Reminders != 5 {
			t.Errorf("reminded %d times", got.Reminders)
		}
	})
}

// TestRemindedByHandIsLeftAlone: in one step all who are silent below are reminded, and for an
// hour not again.
func TestRemindedByHandIsLeftAlone(t *testing.T) {
	inWorlds(t, func(w *world) {
		c, _ := w.cascaded(false)
		for range 2 {
			w.must(func(tx *db.Tx) error { return Nudge(w.ctx, tx, w.city, c.ID, w.Tree.City) })
			w.jobs()
		}
		if n := w.told(w.station, "callup.reminded"); n != 1 {
			t.Errorf("the station was reminded %d times", n)
		}
		if n := w.told(w.institute, "callup.reminded"); n != 0 {
			t.Errorf("the institute, which has answered, was reminded %d times", n)
		}
		if err := w.do(func(tx *db.Tx) error { return Nudge(w.ctx, tx, w.station, c.ID, w.Tree.City) }); fail.KindOf(err) != fail.Forbidden {
			t.Errorf("a station reminds the city's: %v", err)
		}
	})
}

// TestADrillBothersNobody: its steps are facts of their own kinds, it says whom it would have
// asked, and no volunteer hears of it.
func TestADrillBothersNobody(t *testing.T) {
	inWorlds(t, func(w *world) {
		crowd := w.crowd(4)
		c, station := w.cascaded(true)
		w.acknowledged(w.station, station, 3)
		w.later(time.Hour)
		for k, want := range map[string]int64{"drill": 3, "real": 0} {
			for _, s := range []step{stepDelivered, stepRead, stepAcknowledged} {
				kind := s.drill
				if k == "real" {
					kind = s.real
				}
				w.counts(c, kind, want)
			}
		}
		w.counts(c, DrillIssuedFact, 1)
		w.counts(c, DrillForwardedFact, 2)
		w.counts(c, AskedFact, 0)
		if n := w.at(c, w.Station).Would; n != 4 {
			t.Errorf("the station would have asked %d, want all 4 of its own for 3 places", n)
		}
		for _, who := range crowd {
			var n int
			if err := w.d.QueryRow(w.ctx, "SELECT COUNT(*) FROM notice_notice WHERE person = $1 AND kind LIKE 'callup%'", who.Person).Scan(&n); err != nil || n > 0 {
				t.Errorf("a volunteer was told %d times: %v", n, err)
			}
			if err := w.do(func(tx *db.Tx) error { _, err := Answer(w.ctx, tx, who, c.ID, Yes, ""); return err }); fail.KindOf(err) != fail.NotFound {
				t.Errorf("a volunteer answers a drill: %v", err)
			}
		}
		open, err := OpenNow(w.ctx, w.d, db.MS(w.c.Now()), 9)
		if err != nil || len(open) > 0 {
			t.Errorf("everybody sees %v: %v", open, err)
		}
		s := w.shift(3, 0)
		if err := w.do(func(tx *db.Tx) error { return OpenShifts(w.ctx, tx, w.station, station.ID, []id.ID{s.ID}) }); fail.Key(err) != "callup.drill_no_shifts" {
			t.Errorf("shifts for a drill: %v", err)
		}
	})
}

// TestReceiversAreToldTheDifference: what is changed after the issue is listed, field by field,
// until a receiver takes note of it; places that were handed out are not taken back.
func TestReceiversAreToldTheDifference(t *testing.T) {
	inWorlds(t, func(w *world) {
		c, _ := w.cascaded(false)
		change := func(in In) error {
			return w.do(func(tx *db.Tx) error { return Change(w.ctx, tx, w.city, c.ID, in) })
		}
		if err := change(w.wider(c, 0)); fail.Key(err) != "callup.nothing_changed" {
			t.Errorf("nothing was changed: %v", err)
		}
		less := w.wider(c, 0)
		less.Lines = []Line{{Places: 4}}
		if err := change(less); keyOf(err) != "places_1 callup.places_given" {
			t.Errorf("fewer places than were handed out: %v", err)
		}
		more := w.wider(c, 40)
		more.Title, more.Lines = "增援卡口", []Line{{Places: 9}}
		if err := change(more); err != nil {
			t.Fatal(err)
		}
		w.jobs()
		center := w.at(c, w.Center)
		got, err := Changes(w.ctx, w.d, c.ID, center.Seen)
		want := []Difference{{Field: "title", Was: c.Title, Now: "增援卡口"}, {Field: "most", Was: "0", Now: "40"}, {Field: "places_1", Was: "5", Now: "9"}}
		if err != nil || len(got) != len(want) {
			t.Fatalf("changed was %+v: %v", got, err)
		}
		for n, d := range got {
			if d.Field != want[n].Field || d.Was != want[n].Was || d.Now != want[n].Now {
				t.Errorf("changed was %+v, want %+v", d, want[n])
			}
		}
		for _, who := range []auth.Actor{w.center, w.institute, w.station} {
			if n := w.told(who, "callup.changed"); n != 1 {
				t.Errorf("%s was told of the change %d times", who.Person, n)
			}
		}
		w.acknowledged(w.center, center, 5)
		if got, err := Changes(w.ctx, w.d, c.ID, w.at(c, w.Center).Seen); err != nil || len(got) > 0 {
			t.Errorf("it has taken note, and is shown %v: %v", got, err)
		}
		w.counts(c, AcknowledgedFact, 2)
	})
}

// TestTheEndHasAReason: closed and withdrawn with a reason, receivers and who said yes are
// told, and nothing is answered any more.
func TestTheEndHasAReason(t *testing.T) {
	inWorlds(t, func(w *world) {
		crowd := w.crowd(3)
		s := w.shift(9, 0)
		for state, end := range map[State]func(*db.Tx, id.ID, string) error{
			Closed:    func(tx *db.Tx, c id.ID, why string) error { return Close(w.ctx, tx, w.city, c, why) },
			Withdrawn: func(tx *db.Tx, c id.ID, why string) error { return Withdraw(w.ctx, tx, w.city, c, why) },
		} {
			in := w.in()
			in.Lines = []Line{{Places: 1}}
			c, r := w.open(in, s, 1)
			var on, waits auth.Actor
			for _, who := range w.asked(c, crowd) {
				if a := w.answer(c, who, Yes, ""); a.Waits() {
					waits = who
				} else {
					on = who
				}
			}
			if err := w.do(func(tx *db.Tx) error { return end(tx, c.ID, " ") }); keyOf(err) != "reason callup.missing" {
				t.Errorf("%s without a reason: %v", state, err)
			}
			before := [3]int{w.told(on, "callup.over"), w.told(waits, "callup.over_waiting"), w.told(w.center, "callup."+string(state))}
			w.must(func(tx *db.Tx) error { return end(tx, c.ID, "人手已经够了") })
			w.jobs()
			if got := w.get(c.ID); got.State != state || got.Reason != "人手已经够了" {
				t.Errorf("it is %s because %q", got.State, got.Reason)
			}
			after := [3]int{w.told(on, "callup.over"), w.told(waits, "callup.over_waiting"), w.told(w.center, "callup."+string(state))}
			if after != [3]int{before[0] + 1, before[1] + 1, before[2] + 1} {
				t.Errorf("%s: told %v, before %v", state, after, before)
			}
			key := "callup.not_while." + string(state)
			for name, do := range map[string]func(*db.Tx) error{
				"answered":     func(tx *db.Tx) error { _, err := Answer(w.ctx, tx, waits, c.ID, Yes, ""); return err },
				"acknowledged": func(tx *db.Tx) error { return Acknowledge(w.ctx, tx, w.center, r.ID, Quotas{1}) },
				"forwarded":    func(tx *db.Tx) error { return Forward(w.ctx, tx, w.center, r.ID, []Receiver{{w.Institute, Quotas{1}}}) },
				"ended again":  func(tx *db.Tx) error { return end(tx, c.ID, "再说一遍") },
			} {
				if err := w.do(do); fail.Key(err) != key {
					t.Errorf("%s while %s: %v", name, state, err)
				}
			}
			w.must(func(tx *db.Tx) error { return leave(w, tx, on, s.ID) })
		}
	})
}

// leave has somebody withdraw from a shift.
func leave(w *world, tx *db.Tx, who auth.Actor, shift id.ID) error {
	_, err := roster.Withdraw(w.ctx, tx, who, shift, who.Person, "")
	return err
}
