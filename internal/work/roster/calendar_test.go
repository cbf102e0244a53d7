package roster

import (
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/id"
	"tongxin/internal/work/activity"
)

func TestACalendarIsOpenedByItsSecretAlone(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		her, other := w.crowd(2)[0], w.crowd(1)[0]
		type key struct {
			calendar id.ID
			secret   string
		}
		create := func(by auth.Actor, of id.ID) (k key) {
			t.Helper()
			w.must(func(tx *db.Tx) (err error) {
				k.calendar, k.secret, err = MakeCalendar(w.ctx, tx, w.Keys, by, of)
				return err
			})
			return k
		}
		opens := func(k key, want id.ID) {
			t.Helper()
			if who, err := OpenCalendar(w.ctx, d, w.Keys, k.calendar, k.secret); who != want || (err == nil) != (want != "") {
				t.Errorf("opened %q, %v, want %q", who, err, want)
			}
		}
		first, theirs := create(her, her.Person), create(other, other.Person)
		opens(first, her.Person)
		opens(theirs, other.Person)
		opens(key{first.calendar, theirs.secret}, "")
		opens(key{first.calendar, ""}, "")
		var kept []byte
		if err := d.QueryRow(w.ctx, "SELECT hash FROM roster_calendar WHERE home = $1 AND id = $2", first.calendar.Home(), first.calendar).Scan(&kept); err != nil {
			t.Fatal(err)
		}
		if plain := auth.HashSecret(first.secret); len(kept) == 0 || string(kept) == string(plain) || string(kept) == first.secret {
			t.Error("the secret is to be kept as a keyed hash")
		}
		second := create(her, her.Person) // replaces the first
		opens(first, "")
		opens(second, her.Person)
		w.refused("web.not_yours", func(tx *db.Tx) error { _, _, err := MakeCalendar(w.ctx, tx, w.Keys, w.station, her.Person); return err })
		w.refused("web.not_yours", func(tx *db.Tx) error { return EndCalendar(w.ctx, tx, w.station, her.Person) })
		if made, err := CalendarSince(w.ctx, d, her.Person); made != db.MS(c.Now()) || err != nil {
			t.Errorf("made %d, %v", made, err)
		}
		w.must(func(tx *db.Tx) error { return EndCalendar(w.ctx, tx, her, her.Person) })
		w.must(func(tx *db.Tx) error { return EndCalendar(w.ctx, tx, her, her.Person) })
		opens(second, "")
		opens(theirs, other.Person)
	})
}

func TestACalendarFollowsEveryChange(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		s, later := w.shift(plan{places: 1}), w.shift(plan{places: 1, starts: c.Now().Add(72 * time.Hour)})
		crowd := w.crowd(2)
		her, other := crowd[0], crowd[1]
		sign := func(who auth.Actor, at Shift) {
			t.Helper()
			w.must(func(tx *db.Tx) error { _, err := SignUp(w.ctx, tx, who, Request{Shift: at.ID}); return err })
		}
		sign(her, s)
		sign(other, later)
		sign(her, later)          // waits
		last := map[id.ID]Dated{} // as a phone keeps them
		look := func(want int) map[id.ID]Dated {
			t.Helper()
			now := map[id.ID]Dated{}
			mine, err := Calendar(w.ctx, d, her.Person, c.Now())
			if err != nil || len(mine) != want {
				t.Fatalf("%d events, want %d, %v", len(mine), want, err)
			}
			all, err := CalendarOfActivity(w.ctx, d, s.Activity.ID, c.Now())
			if err != nil {
				t.Fatal(err)
			}
			for _, e := range append(mine, all...) {
				at := id.ID(e.ID + "/" + e.Signup.ID)
				old := last[at]
				if e.Sequence < old.Sequence || e.Changed < old.Changed {
					t.Errorf("from %d of %d it fell to %d of %d", old.Sequence, old.Changed, e.Sequence, e.Changed)
				}
				now[at], last[at] = e, e
			}
			return now
		}
		signup := func(at Shift) id.ID {
			u, err := SignupOf(w.ctx, d, at.ID, her.Person)
			if err != nil {
				t.Fatal(err)
			}
			return id.ID(at.ID + "/" + u.ID)
		}
		own, waits, open := signup(s), signup(later), id.ID(s.ID+"/")
		before := look(2)
		if !before[own].Sure() || before[own].Off() || before[waits].Sure() || before[open].Off() {
			t.Errorf("%+v", before)
		}
		grown := func(of id.ID, was, is map[id.ID]Dated) {
			t.Helper()
			if is[of].Sequence <= was[of].Sequence || is[of].Changed != db.MS(c.Now()) {
				t.Errorf("the sequence went from %d to %d, changed %d, now %d", was[of].Sequence, is[of].Sequence, is[of].Changed, db.MS(c.Now()))
			}
		}
		// Moved.
		c.Add(time.Minute)
		w.must(func(tx *db.Tx) error {
			at := w.get(s.ID)
			_, err := ChangeShift(w.ctx, tx, w.leader, s.ID, at.Rev, Edit{Starts: at.Starting().Add(time.Hour), Ends: at.Ending().Add(time.Hour), Places: 1})
			return err
		})
		moved := look(2)
		grown(own, before, moved)
		grown(open, before, moved)
		if moved[open].Changed != db.MS(c.Now()) || moved[open].Starts != before[open].Starts+3_600_000 {
			t.Errorf("moved %+v", moved[open])
		}
		// Its title changed.
		c.Add(time.Minute)
		w.must(func(tx *db.Tx) error {
			a, err := activity.Get(w.ctx, tx, s.Activity.ID)
			if err != nil {
				return err
			}
			e := a.Edit
			e.Title = "另一个名称"
			_, err = activity.Change(w.ctx, tx, w.leader, a.ID, a.Rev, e)
			return err
		})
		titled := look(2)
		grown(own, moved, titled)
		grown(open, moved, titled)
		if titled[own].Activity.Title != "另一个名称" {
			t.Errorf("titled %+v", titled[own])
		}
		moved = titled
		// Promoted from the waiting list, and withdrawn elsewhere.
		c.Add(time.Minute)
		w.must(func(tx *db.Tx) error { _, err := Withdraw(w.ctx, tx, other, later.ID, other.Person, ""); return err })
		offered := look(2)
		if offered[waits].Sequence <= moved[waits].Sequence {
			t.Errorf("offered %+v", offered[waits])
		}
		c.Add(time.Minute)
		w.must(func(tx *db.Tx) error { _, err := Withdraw(w.ctx, tx, her, s.ID, her.Person, ""); return err })
		gone := look(2)
		grown(own, offered, gone)
		if !gone[own].Off() || gone[open].Off() {
			t.Errorf("withdrawn %+v", gone[own])
		}
		// Signed up again: the same event stands once more, with a higher sequence, so that no phone keeps the end of it.
		c.Add(time.Minute)
		sign(her, s)
		again := look(2)
		grown(own, gone, again)
		if again[own].Off() {
			t.Errorf("signed up again %+v", again[own])
		}
		gone = again
		// Cancelled: it stays, as cancelled, until a month after its time.
		w.must(func(tx *db.Tx) error { return CancelShift(w.ctx, tx, w.leader, s.ID, "下雨") })
		off := look(2)
		grown(open, gone, off)
		if !off[open].Off() {
			t.Errorf("cancelled %+v", off[open])
		}
		if team, err := CalendarOfOrg(w.ctx, d, w.Team, c.Now()); err != nil || len(team) != 2 {
			t.Errorf("%d events of the team, %v", len(team), err)
		}
		c.Set(off[own].Ending().Add(keptFor - time.Minute))
		look(2)
		c.Set(off[own].Ending().Add(keptFor))
		look(1)
	})
}
