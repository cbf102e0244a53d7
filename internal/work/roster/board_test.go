package roster

import (
	"reflect"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/people"
)

// boardAgrees wants the board to answer what the records say.
func (w *world) boardAgrees(t interface{ Fatalf(string, ...any) }, b *Board, who auth.Actor) {
	w.t.Helper()
	standing, err := people.StandingOf(w.ctx, w.d, who.Person)
	if err != nil {
		t.Fatalf("%v", err)
	}
	now := w.c.Now()
	span := Window{From: db.MS(now), To: db.MS(now.Add(14 * 24 * time.Hour))}
	want, err := OpenFor(w.ctx, w.d, standing, span)
	if err != nil {
		t.Fatalf("%v", err)
	}
	got, err := b.OpenFor(w.ctx, standing, span)
	if err != nil {
		t.Fatalf("%v", err)
	}
	if len(got) != len(want) {
		t.Fatalf("the board has %d shifts, the records %d", len(got), len(want))
	}
	for i := range want {
		g, r := got[i], want[i]
		if g.Near != r.Near || fail.Key(g.Why) != fail.Key(r.Why) || !reflect.DeepEqual(*g.Shift, *r.Shift) {
			t.Fatalf("the board has\n%+v\nthe records\n%+v", *g.Shift, *r.Shift)
		}
	}
}

// shortageAgrees wants the board to tell what lacks people, and which hours wait, as the records do.
func (w *world) shortageAgrees(t interface{ Fatalf(string, ...any) }, b *Board) {
	w.t.Helper()
	now := w.c.Now().Truncate(time.Minute)
	span := Window{From: db.MS(now), To: db.MS(now.Add(48 * time.Hour))}
	want, err := ShortOf(w.ctx, w.d, w.Tree.Center, 0, span, 3)
	if err != nil {
		t.Fatalf("%v", err)
	}
	got, err := b.ShortOf(w.ctx, w.Tree.Center, 0, span, 3)
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("the board lacks %+v, the records %+v: %v", got, want, err)
	}
	n, oldest, err := CountPending(w.ctx, w.d, w.Tree.Center)
	if err != nil {
		t.Fatalf("%v", err)
	}
	if gotN, gotOldest, err := b.CountPending(w.ctx, w.Tree.Center); err != nil || gotN != n || gotOldest != oldest {
		t.Fatalf("on the board %d hours wait since %d, in the records %d since %d: %v", gotN, gotOldest, n, oldest, err)
	}
}

// listAgrees wants the board to know who is on a shift as the records do.
func (w *world) listAgrees(t interface{ Fatalf(string, ...any) }, b *Board, shift id.ID) {
	w.t.Helper()
	want, err := SignupsOf(w.ctx, w.d, shift)
	if err != nil {
		t.Fatalf("%v", err)
	}
	if got, err := b.SignupsOf(w.ctx, shift); err != nil || !reflect.DeepEqual(got, want) {
		t.Fatalf("on the board stand %+v, in the records %+v: %v", got, want, err)
	}
}

// The board knows a shift from its publication on, what is changed of its activity and post, and
// whom it is no longer for. Any order of commands on shifts: TestNoOrderOfCommandsBreaksTheRoster.
func TestTheBoardFollows(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		who := w.crowd(1)[0]
		board := NewBoard(d, d.Watch)
		w.boardAgrees(t, board, who)
		s := w.shift(plan{places: 2})
		w.boardAgrees(t, board, who)
		all, err := w.open(who)
		if err != nil || len(all) == 0 {
			t.Fatalf("nothing is open: %v", err)
		}
		w.must(func(tx *db.Tx) error {
			a, err := activity.Get(w.ctx, tx, s.Activity.ID)
			if err != nil {
				return err
			}
			in := a.Edit
			in.Title, in.Place = "换了名字", "换了地方"
			_, err = activity.Change(w.ctx, tx, w.leader, a.ID, a.Rev, in)
			return err
		})
		w.boardAgrees(t, board, who)
		c.Add(13 * 24 * time.Hour) // what has begun is not offered any more
		w.boardAgrees(t, board, who)
	})
}
