package roster

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/i18n"
)

func TestEveryTuesdayButHolidays(t *testing.T) {
	set := config.Defaults()
	r := Rule{Days: ButHolidays, Weekdays: 1 << 1, Weeks: 1, From: "2026-09-15", To: "2026-10-20", Skipped: []string{"2026-09-22"}}
	if days, more := r.days("", 60, set); fmt.Sprint(days, more) != "[2026-09-15 2026-09-29 2026-10-13 2026-10-20] false" {
		t.Error(days, more)
	}
	r.Days, r.Weeks = Weekly, 2
	if days, _ := r.days("2026-09-15", 60, set); fmt.Sprint(days) != "[2026-09-29 2026-10-13]" {
		t.Error(days)
	}
	r = Rule{Days: Working, Weekdays: 127, Weeks: 1, From: "2026-09-30", To: "2026-10-12"}
	if days, more := r.days("", 3, set); fmt.Sprint(days, more) != "[2026-09-30 2026-10-08 2026-10-09] true" {
		t.Error(days, more)
	}
	if days, _ := r.days("2026-10-09", 60, set); fmt.Sprint(days) != "[2026-10-10 2026-10-12]" { // a worked Saturday
		t.Error(days)
	}
}

// However a rule is cut into parts, the parts are the whole, and each day is one that the rule allows.
func TestPartsOfARuleAreTheWhole(t *testing.T) {
	rng, set := rand.New(rand.NewPCG(1, 2)), config.Defaults()
	for range 300 {
		from := time.Date(2026, 1, 1+rng.IntN(300), 0, 0, 0, 0, time.UTC)
		r := Rule{Days: []string{Weekly, ButHolidays, Working}[rng.IntN(3)], Weekdays: 1 + rng.Int64N(127), Weeks: 1 + rng.Int64N(3),
			From: from.Format(time.DateOnly), To: from.AddDate(0, 0, rng.IntN(120)).Format(time.DateOnly)}
		whole, _ := r.days("", 1000, set)
		var parts []string
		for after, more := "", true; more; {
			var part []string
			part, more = r.days(after, 1+rng.IntN(9), set)
			if parts = append(parts, part...); len(part) > 0 {
				after = part[len(part)-1]
			}
		}
		if !slices.Equal(whole, parts) {
			t.Fatalf("%+v: %v, in parts %v", r, whole, parts)
		}
		for _, day := range whole {
			d, _ := time.Parse(time.DateOnly, day)
			free := set.Holiday(day)
			if r.Days != Weekly && free || r.Days != Working && r.Weekdays>>weekday(d)&1 == 0 {
				t.Fatalf("%+v has %s", r, day)
			}
		}
	}
}

// series adds one to a shift's post: every day for some weeks from the day after tomorrow.
func (w *world) series(of Shift, days int) (Series, int, bool) {
	w.t.Helper()
	first := i18n.Midnight(w.c.Now()).AddDate(0, 0, 2)
	in := Series{Rule: Rule{Days: Weekly, Weekdays: 127, Weeks: 1, From: first.Format(time.DateOnly), To: first.AddDate(0, 0, days-1).Format(time.DateOnly)},
		Activity: of.Activity.ID, Post: of.Post, Begins: 19 * 60, Lasts: 120}
	var s Series
	var made int
	var more bool
	w.must(func(tx *db.Tx) (err error) {
		s, made, more, err = AddSeries(w.ctx, tx, w.leader, in)
		return err
	})
	return s, made, more
}

// made are the shifts of a series by time.
func (w *world) made(s Series) []Shift {
	w.t.Helper()
	all, err := comingOf(w.ctx, w.d, s, 0)
	if err != nil {
		w.t.Fatal(err)
	}
	slices.SortFunc(all, func(a, b Shift) int { return int(a.Starts/1000 - b.Starts/1000) })
	return all
}

func TestASeriesIsMadeInPartsAndChangedAsAWhole(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		one := w.shift(plan{places: 3, standbys: 1})
		s, made, more := w.series(one, AtOnce+3)
		if made != AtOnce || !more {
			t.Fatal(made, more)
		}
		w.must(func(tx *db.Tx) (err error) {
			s, made, more, err = Extend(w.ctx, tx, w.leader, s.ID)
			return err
		})
		if made != 3 || more || s.Made != s.To {
			t.Error(made, more, s.Made)
		}
		w.refused("roster.series_none", func(tx *db.Tx) error { _, _, _, err := Extend(w.ctx, tx, w.leader, s.ID); return err })
		w.verified()
	})
}

func TestOneThisAndFollowingOrAll(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		one := w.shift(plan{places: 3})
		s, _, _ := w.series(one, 6)
		all, ann := w.made(s), w.Volunteer("甲一")
		w.signUp(all[3], ann, Primary)
		at := func(x Shift, hour int) Edit {
			from := i18n.Midnight(x.Starting()).Add(time.Duration(hour) * time.Hour)
			return Edit{Starts: from, Ends: from.Add(2 * time.Hour), Places: 4}
		}
		w.must(func(tx *db.Tx) error {
			_, err := ChangeShift(w.ctx, tx, w.leader, all[4].ID, w.get(all[4].ID).Rev, at(all[4], 15))
			return err
		})
		change := func(x Shift, e Edit, scope Scope, own bool, changed, kept int) {
			t.Helper()
			w.must(func(tx *db.Tx) error {
				n, left, err := ChangeSeries(w.ctx, tx, w.leader, x.ID, e, scope, own)
				if err == nil && (n != changed || len(left) != kept) {
					t.Errorf("%d changed, %d kept, want %d and %d", n, len(left), changed, kept)
				}
				return err
			})
		}
		hours := func(want string) {
			t.Helper()
			var got []int
			for _, x := range w.made(s) {
				got = append(got, x.Starting().In(i18n.Zone()).Hour())
			}
			if fmt.Sprint(got) != want {
				t.Errorf("%v, want %s", got, want)
			}
		}
		hours("[19 19 19 19 15 19]")
		change(all[2], at(all[2], 18), Following, false, 3, 1)
		hours("[19 19 18 18 15 18]")
		w.told(ann, "roster.moved", 1)
		change(all[5], at(all[5], 9), WholeOf, false, 5, 1)
		hours("[9 9 9 9 15 9]")
		change(all[0], at(all[0], 10), WholeOf, true, 6, 0)
		hours("[10 10 10 10 10 10]")
		w.refused("roster.series_not", func(tx *db.Tx) error {
			_, _, err := ChangeSeries(w.ctx, tx, w.leader, one.ID, at(one, 9), WholeOf, false)
			return err
		})
		w.refused("org.out_of_reach", func(tx *db.Tx) error {
			_, _, err := ChangeSeries(w.ctx, tx, w.foreign, all[0].ID, at(all[0], 9), WholeOf, false)
			return err
		})
		w.verified()
	})
}

func TestRulesThatCannotBe(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		one := w.shift(plan{})
		good := Series{Rule: Rule{Days: Weekly, Weekdays: 2, Weeks: 1, From: "2026-09-15", To: "2026-10-20"}, Activity: one.Activity.ID, Post: one.Post, Begins: 540, Lasts: 60}
		for field, spoil := range map[string]func(*Series){
			"days": func(s *Series) { s.Days = "often" }, "weekdays": func(s *Series) { s.Weekdays = 0 }, "weeks": func(s *Series) { s.Weeks = 9 },
			"from_day": func(s *Series) { s.From = "soon" }, "to_day": func(s *Series) { s.To = "2026-09-14" },
			"skipped": func(s *Series) { s.Skipped = []string{"x"} }, "ends": func(s *Series) { s.Lasts = 0 },
		} {
			bad := good
			spoil(&bad)
			err := w.do(func(tx *db.Tx) error { _, _, _, err := AddSeries(w.ctx, tx, w.leader, bad); return err })
			if !hasField(err, field) {
				t.Errorf("%s: %v", field, err)
			}
		}
	})
}

func TestAWeekIsCopiedOnce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		one := w.shift(plan{})
		from, to := one.Day, db.Day(one.Starting().AddDate(0, 0, 14))
		copyTo := func(to string) func(*db.Tx) error {
			return func(tx *db.Tx) error { _, err := CopyWeek(w.ctx, tx, w.leader, one.Activity.ID, from, to); return err }
		}
		w.must(copyTo(to))
		all, err := Of(w.ctx, d, one.Activity.ID)
		if err != nil || len(all) != 2 || all[1].Starts-all[0].Starts != 14*24*3600_000 || all[1].Places != one.Places || all[1].State != "open" {
			t.Errorf("%+v %v", all, err)
		}
		w.refused("roster.week_empty", copyTo(to)) // it stands there already
		w.refused("roster.week_same", copyTo(from))
		w.refused("roster.week_wrong", copyTo("soon"))
		w.verified()
	})
}
