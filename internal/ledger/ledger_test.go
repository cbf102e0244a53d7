package ledger_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tongxin/internal/base/chain"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
)

var (
	turns = ledger.Define("test.turns", "turn", ledger.PerPerson)
	held  = ledger.Define("test.held", "session", ledger.PerDay)
)

const home = "321281"

func seal(t *testing.T, d *db.DB) {
	t.Helper()
	if _, err := ledger.Book().Seal(t.Context(), d, "test"); err != nil {
		t.Fatal(err)
	}
}

func verify(t *testing.T, d *db.DB) map[string]ledger.Check {
	t.Helper()
	out := map[string]ledger.Check{}
	err := d.Snapshot(t.Context(), func(r db.Reader) error {
		checks, err := ledger.Verify(t.Context(), r, d.Now())
		for _, c := range checks {
			out[c.Name] = c
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func newID(t *testing.T, d *db.DB) (out id.ID) {
	t.Helper()
	if err := d.Write(t.Context(), func(tx *db.Tx) error { out = tx.NewID(home); return nil }); err != nil {
		t.Fatal(err)
	}
	return out
}

func TestPostReverseAndPostAnew(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		shift, person := newID(t, d), newID(t, d)
		fact := ledger.Fact{Kind: turns, Day: "2020-02-28", Org: 3, Unit: 4, Area: 321281100203, Campaign: 1, Service: 2, Category: 5,
			Subject: shift, Person: person, Qty: 1, By: person}
		post := func() error { return d.Write(t.Context(), func(tx *db.Tx) error { return ledger.Post(tx, fact) }) }
		reverse := func() (was bool) {
			if err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
				was, err = ledger.Reverse(tx, turns, shift, person, "", person)
				return err
			}); err != nil {
				t.Fatal(err)
			}
			return was
		}
		if reverse() {
			t.Error("reversed a fact that was never posted")
		}
		for round := range 3 {
			if err := post(); err != nil {
				t.Fatalf("round %d: %v", round, err)
			}
			if err := post(); fail.Key(err) != "ledger.twice" {
				t.Fatalf("round %d: posted twice: %v", round, err)
			}
			if !reverse() || reverse() {
				t.Fatalf("round %d: a living fact reverses exactly once", round)
			}
		}
		seal(t, d)
		entries, err := ledger.Of(t.Context(), d, shift)
		if err != nil || len(entries) != 6 {
			t.Fatalf("%d entries, %v; want three facts and their reversals", len(entries), err)
		}
		var sum int64
		for i, e := range entries {
			sum += e.Qty
			if e.Seq != int64(i+1) || e.Org != 3 || e.Unit != 4 || e.Category != 5 || e.Reversed != (e.Reverses == "") {
				t.Errorf("entry %d: %+v", i, e)
			}
		}
		if sum != 0 {
			t.Errorf("sum %d", sum)
		}
		for name, check := range verify(t, d) {
			if check.Broken != 0 || check.Checked == 0 && name != "ledger.unsealed" {
				t.Errorf("%s: %+v", name, check)
			}
		}
	})
}

func TestPerDayKindsCountEachDayOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		activity := newID(t, d)
		for _, day := range []string{"2020-02-28", "2020-02-29", "2020-02-28"} {
			err := d.Write(t.Context(), func(tx *db.Tx) error {
				return ledger.Post(tx, ledger.Fact{Kind: held, Day: day, Subject: activity, Qty: 1})
			})
			if twice := fail.Key(err) == "ledger.twice"; err != nil && !twice {
				t.Fatal(err)
			}
		}
		entries, err := ledger.Of(t.Context(), d, activity)
		if err != nil || len(entries) != 2 {
			t.Fatalf("%d entries, %v; want one a day", len(entries), err)
		}
	})
}

// Every change behind the book's back is found: each planted fault must break
// at least one check.
func TestVerifyFindsTampering(t *testing.T) {
	faults := map[string]string{
		"a quantity changed":           `UPDATE ledger_fact SET qty = 9 WHERE seq = 2`,
		"a fact deleted":               `DELETE FROM ledger_fact WHERE seq = 3`,
		"the last fact deleted":        `DELETE FROM ledger_fact WHERE seq = 6`,
		"a number changed":             `UPDATE ledger_fact SET seq = 60 WHERE seq = 6`,
		"an organiser changed":         `UPDATE ledger_fact SET org = 99 WHERE seq = 1`,
		"a seal dropped":               `DELETE FROM ledger_seal WHERE first = 1`,
		"a seal's time pushed back":    `UPDATE ledger_seal SET at = 1 WHERE last = 6`,
		"a head put back":              `UPDATE ledger_head SET seq = 5`,
		"a reversal of another amount": `UPDATE ledger_fact SET qty = -7 WHERE reverses <> ''`,
		"a forgotten number":           `UPDATE ledger_fact SET seq = NULL WHERE seq = 6`,
	}
	for name, fault := range faults {
		t.Run(name, func(t *testing.T) {
			dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
				for i := range 5 {
					person := newID(t, d)
					if err := d.Write(t.Context(), func(tx *db.Tx) error {
						return ledger.Post(tx, ledger.Fact{Kind: turns, Day: "2020-02-28", Org: 1, Unit: 1, Subject: person, Person: person, Qty: int64(i + 1)})
					}); err != nil {
						t.Fatal(err)
					}
					if i == 4 {
						if err := d.Write(t.Context(), func(tx *db.Tx) error {
							_, err := ledger.Reverse(tx, turns, person, person, "", "")
							return err
						}); err != nil {
							t.Fatal(err)
						}
					}
					seal(t, d)
				}
				if err := d.Write(t.Context(), func(tx *db.Tx) error { _, err := tx.Exec(fault); return err }); err != nil {
					t.Fatal(err)
				}
				c.Add(2 * time.Minute)
				var broken int64
				for _, check := range verify(t, d) {
					broken += check.Broken
				}
				if broken == 0 {
					t.Error("verify saw nothing")
				}
			})
		})
	}
}

// A closure that fails takes its numbers back: whoever comes next in the same
// commit gets them, and no gap stays.
func TestFailedClosuresLeaveNoGap(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		done := make(chan error)
		for i := range 60 {
			go func() {
				done <- d.Write(context.Background(), func(tx *db.Tx) error {
					p := tx.NewID(home)
					if err := ledger.Post(tx, ledger.Fact{Kind: turns, Day: "2020-02-28", Subject: p, Person: p, Qty: 1}); err != nil {
						return err
					}
					if i%3 == 0 {
						return fmt.Errorf("closure %d changes its mind", i)
					}
					return nil
				})
			}()
		}
		failed := 0
		for range 60 {
			if <-done != nil {
				failed++
			}
		}
		seal(t, d)
		head, err := ledger.Book().Head(t.Context(), d)
		if err != nil || failed != 20 || head.Seq != 40 {
			t.Fatalf("%d failed, head at %d, %v", failed, head.Seq, err)
		}
		if c := verify(t, d)["ledger.chain"]; c.Broken != 0 || c.Checked != 40 {
			t.Errorf("%+v", c)
		}
	})
}

// The living facts after any history of posts and reversals are what a plain
// list would hold, and any past number still gives what stood then.
func TestHistoryAgainstABruteForceList(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		rapid.Check(t, func(rt *rapid.T) {
			shift := newID(t, d)
			people := []id.ID{newID(t, d), newID(t, d), newID(t, d)}
			living := map[id.ID]int64{}
			for range rapid.IntRange(1, 12).Draw(rt, "acts") {
				who := rapid.SampledFrom(people).Draw(rt, "who")
				qty := rapid.Int64Range(1, 500).Draw(rt, "qty")
				if rapid.Bool().Draw(rt, "post") {
					err := d.Write(t.Context(), func(tx *db.Tx) error {
						return ledger.Post(tx, ledger.Fact{Kind: turns, Day: "2020-02-28", Subject: shift, Person: who, Qty: qty})
					})
					if _, lives := living[who]; lives != (fail.Key(err) == "ledger.twice") {
						rt.Fatalf("lives %v, got %v", lives, err)
					} else if !lives {
						living[who] = qty
					}
					continue
				}
				var was bool
				if err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
					was, err = ledger.Reverse(tx, turns, shift, who, "", "")
					return err
				}); err != nil {
					rt.Fatal(err)
				}
				if _, lives := living[who]; lives != was {
					rt.Fatalf("lives %v, reversed %v", lives, was)
				}
				delete(living, who)
			}
			entries, err := ledger.Of(t.Context(), d, shift)
			if err != nil {
				rt.Fatal(err)
			}
			var sum, want int64
			for _, e := range entries {
				sum += e.Qty
			}
			for _, q := range living {
				want += q
			}
			if sum != want {
				rt.Fatalf("facts add up to %d, want %d", sum, want)
			}
		})
		seal(t, d)
		for name, check := range verify(t, d) {
			if check.Broken != 0 {
				t.Errorf("%s: %+v", name, check)
			}
		}
	})
}

func TestAsOfFollowsTheSeals(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		start := c.Now()
		for range 3 {
			c.Add(time.Minute)
			p := newID(t, d)
			if err := d.Write(t.Context(), func(tx *db.Tx) error {
				return ledger.Post(tx, ledger.Fact{Kind: turns, Day: "2020-02-28", Subject: p, Person: p, Qty: 1})
			}); err != nil {
				t.Fatal(err)
			}
			seal(t, d)
		}
		for minutes, want := range []int64{0, 1, 2, 3, 3} {
			got, err := ledger.Book().AsOf(t.Context(), d, start.Add(time.Duration(minutes)*time.Minute))
			if err != nil || got != want {
				t.Errorf("after %d minutes: %d, %v; want %d", minutes, got, err, want)
			}
		}
		if err := ledger.Book().CheckClock(t.Context(), d, start); fail.Key(err) != "clock.behind" {
			t.Errorf("a clock behind the last seal: %v", err)
		}
		if err := ledger.Book().CheckClock(t.Context(), d, c.Now()); err != nil {
			t.Error(err)
		}
	})
}

func TestHowLongFactsWaitForTheirNumbers(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		waiting := func() chain.Wait {
			w, err := ledger.Book().Waiting(t.Context(), d, d.Now())
			if err != nil {
				t.Fatal(err)
			}
			return w
		}
		if w := waiting(); w != (chain.Wait{}) {
			t.Errorf("an empty book: %+v", w)
		}
		subject := newID(t, d)
		if err := d.Write(t.Context(), func(tx *db.Tx) error {
			return ledger.Post(tx, ledger.Fact{Kind: held, Day: "2020-02-28", Subject: subject, Qty: 1, By: subject})
		}); err != nil {
			t.Fatal(err)
		}
		c.Add(30 * time.Second)
		want := chain.Wait{Sealed: 1}
		if d.Engine() == db.Postgres {
			want = chain.Wait{Unsealed: 1, Longest: 30 * time.Second}
		}
		if w := waiting(); w != want {
			t.Errorf("after a fact: %+v, want %+v", w, want)
		}
		seal(t, d)
		if w := waiting(); w != (chain.Wait{Sealed: 1}) {
			t.Errorf("after sealing: %+v", w)
		}
	})
}
