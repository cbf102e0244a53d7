package roster

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/id"
)

// Any order of commands, by anybody, at any hour: whatever is refused or
// happens, seats, facts and records agree afterwards.
func TestNoOrderOfCommandsBreaksTheRoster(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		people := w.crowd(6)
		board := NewBoard(d, d.Watch)
		rapid.Check(t, func(rt *rapid.T) {
			shifts := []Shift{
				w.shift(plan{places: rapid.Int64Range(1, 3).Draw(rt, "places"), standbys: rapid.Int64Range(0, 2).Draw(rt, "standbys")}),
				w.shift(plan{places: 1, approval: rapid.Bool().Draw(rt, "approval")}),
			}
			for range rapid.IntRange(5, 30).Draw(rt, "steps") {
				s := rapid.SampledFrom(shifts).Draw(rt, "shift")
				who := rapid.SampledFrom(people).Draw(rt, "who")
				name := rapid.SampledFrom(append(slices.Clone(stepNames), "only tell")).Draw(rt, "step")
				_ = w.do(func(tx *db.Tx) error { return steps[name](w, tx, s, who) }) // refusals are part of the game
				if rapid.IntRange(0, 3).Draw(rt, "look") == 0 {
					w.boardAgrees(rt, board, who)
					w.shortageAgrees(rt, board)
				}
				w.listAgrees(rt, board, s.ID)
				if rapid.IntRange(0, 9).Draw(rt, "wait") == 0 {
					c.Add(time.Duration(rapid.IntRange(1, 300).Draw(rt, "minutes")) * time.Minute)
					w.jobs()
				}
			}
			c.Add(40 * time.Hour)
			w.jobs()
			checks, err := Verify(w.ctx, d)
			if err != nil {
				rt.Fatal(err)
			}
			for _, check := range checks {
				if check.Broken > 0 {
					rt.Fatalf("%+v", check)
				}
			}
		})
	})
}

var stepNames = []string{"sign up", "stand by", "accept", "decline", "confirm", "withdraw", "take off", "check in", "check out", "no show",
	"walk up", "undo", "confirm minutes", "tell", "fewer places", "more places", "move", "cancel"}

var steps = map[string]func(w *world, tx *db.Tx, s Shift, who auth.Actor) error{
	"sign up": func(w *world, tx *db.Tx, s Shift, who auth.Actor) error {
		_, err := SignUp(w.ctx, tx, who, Request{Shift: s.ID})
		return err
	},
	"stand by": func(w *world, tx *db.Tx, s Shift, who auth.Actor) error {
		_, err := SignUp(w.ctx, tx, who, Request{Shift: s.ID, Place: Standby})
		return err
	},
	"accept": func(w *world, tx *db.Tx, s Shift, who auth.Actor) error {
		_, err := Decide(w.ctx, tx, w.leader, s.ID, who.Person, true, "")
		return err
	},
	"decline": func(w *world, tx *db.Tx, s Shift, who auth.Actor) error {
		_, err := Decide(w.ctx, tx, w.leader, s.ID, who.Person, false, "人够了")
		return err
	},
	"confirm": func(w *world, tx *db.Tx, s Shift, who auth.Actor) error {
		_, err := Confirm(w.ctx, tx, who, s.ID, who.Person)
		return err
	},
	"withdraw": func(w *world, tx *db.Tx, s Shift, who auth.Actor) error {
		_, err := Withdraw(w.ctx, tx, who, s.ID, who.Person, "")
		return err
	},
	"take off": func(w *world, tx *db.Tx, s Shift, who auth.Actor) error {
		_, err := Withdraw(w.ctx, tx, w.leader, s.ID, who.Person, "临时有事")
		return err
	},
	"check in": func(w *world, tx *db.Tx, s Shift, who auth.Actor) error {
		_, err := CheckInBy(w.ctx, tx, w.leader, s.ID, who.Person)
		return err
	},
	"check out": func(w *world, tx *db.Tx, s Shift, who auth.Actor) error {
		_, err := CheckOutBy(w.ctx, tx, w.leader, s.ID, who.Person, false)
		return err
	},
	"no show": func(w *world, tx *db.Tx, s Shift, who auth.Actor) error {
		_, err := MarkNoShow(w.ctx, tx, w.leader, s.ID, who.Person)
		return err
	},
	"walk up": func(w *world, tx *db.Tx, s Shift, who auth.Actor) error {
		_, err := WalkUp(w.ctx, tx, w.leader, s.ID, who.Person, "")
		return err
	},
	"undo": func(w *world, tx *db.Tx, s Shift, who auth.Actor) error {
		_, err := UndoArrival(w.ctx, tx, w.leader, s.ID, who.Person)
		return err
	},
	"confirm minutes": func(w *world, tx *db.Tx, s Shift, who auth.Actor) error {
		_, err := ConfirmMinutes(w.ctx, tx, w.leader, s.ID, who.Person)
		return err
	},
	"tell": func(w *world, tx *db.Tx, s Shift, who auth.Actor) error {
		now, err := Get(w.ctx, tx, s.ID)
		if err != nil {
			return err
		}
		b, err := TellHours(w.ctx, tx, w.leader, Told{Shift: s.ID, Person: who.Person, Arrived: now.Starts, Departed: now.Ends, Reason: "补录"})
		if err != nil {
			return err
		}
		_, err = DecideHours(w.ctx, tx, w.station, b.ID, true, "")
		return err
	},
	"only tell": func(w *world, tx *db.Tx, s Shift, who auth.Actor) error {
		now, err := Get(w.ctx, tx, s.ID)
		if err == nil {
			_, err = TellHours(w.ctx, tx, w.leader, Told{Shift: s.ID, Person: who.Person, Arrived: now.Starts, Departed: now.Ends, Reason: "补录"})
		}
		return err
	},
	"fewer places": func(w *world, tx *db.Tx, s Shift, who auth.Actor) error {
		return reshape(w, tx, s, func(e *Edit) { e.Places = 1; e.ToWaitlist = []id.ID{who.Person} })
	},
	"more places": func(w *world, tx *db.Tx, s Shift, who auth.Actor) error {
		return reshape(w, tx, s, func(e *Edit) { e.Places++ })
	},
	"move": func(w *world, tx *db.Tx, s Shift, who auth.Actor) error {
		return reshape(w, tx, s, func(e *Edit) { e.Starts, e.Ends = e.Starts.Add(7*time.Hour), e.Ends.Add(7*time.Hour) })
	},
	"cancel": func(w *world, tx *db.Tx, s Shift, who auth.Actor) error {
		return CancelShift(w.ctx, tx, w.leader, s.ID, "下雨")
	},
}

func reshape(w *world, tx *db.Tx, s Shift, change func(*Edit)) error {
	now, err := Get(w.ctx, tx, s.ID)
	if err != nil {
		return err
	}
	in := as(now)
	change(&in)
	_, err = ChangeShift(w.ctx, tx, w.leader, s.ID, now.Rev, in)
	return err
}
