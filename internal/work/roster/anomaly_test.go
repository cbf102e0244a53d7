package roster

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
)

// history is random turns of a few people on shifts of two counties, written as they stand, and
// the same in memory.
type history struct {
	w       *world
	rng     *rand.Rand
	shifts  []Shift
	all     []Presence
	told    map[id.ID]Presence // by sign-up
	foreign map[id.ID]bool     // shifts outside the institute
}

var historyDays = []string{"2021-02-10", "2021-02-11", "2021-02-12"}

func midday(day string) time.Time {
	t, _ := time.ParseInLocation(time.DateOnly, day, i18n.Zone())
	return t
}

func (w *world) history(seed uint64) *history {
	h := &history{w: w, rng: rand.New(rand.NewPCG(seed, 3)), told: map[id.ID]Presence{}, foreign: map[id.ID]bool{}}
	for i, of := range []id.ID{w.Team, w.Team, w.ForeignTeam} {
		model := w.shift(plan{of: of})
		w.must(func(tx *db.Tx) error {
			for _, day := range historyDays {
				for range 3 {
					s := model
					from := midday(day).Add(time.Duration(h.rng.IntN(24)) * time.Hour)
					s.ID, s.Starts, s.Ends, s.Day, s.State = tx.NewID(s.Home), db.MS(from), db.MS(from.Add(12*time.Hour)), day, "open"
					if err := insertShift(w.ctx, tx, s); err != nil {
						return err
					}
					h.shifts, h.foreign[s.ID] = append(h.shifts, s), i == 2
				}
			}
			return nil
		})
	}
	crowd := w.crowd(40)
	w.must(func(tx *db.Tx) error {
		for _, who := range crowd {
			for _, s := range h.shifts {
				if h.rng.IntN(6) == 0 {
					if err := h.turn(tx, s, who.Person); err != nil {
						return err
					}
				}
			}
		}
		return nil
	})
	return h
}

func (h *history) turn(tx *db.Tx, s Shift, person id.ID) error {
	ctx, desk := tx.Context(), []id.ID{h.w.leader.Person, h.w.station.Person}[h.rng.IntN(2)]
	u := Signup{ID: tx.NewID(s.Home), Shift: s.ID, Person: person, Place: Primary, Unit: h.w.Station, State: CheckedOut, Walkup: true}
	u.Arrived = s.Starts + int64(h.rng.IntN(3))*60_000
	u.Minutes = int64(h.rng.IntN(14)) * 60
	u.Departed = u.Arrived + u.Minutes*60_000
	u.ArrivedBy = []string{"code", "code", "staff", "walkup", "told"}[h.rng.IntN(5)]
	p := Presence{Signup: u.ID, Shift: s.ID, Person: person, Day: s.Day, Arrived: u.Arrived, Departed: u.Departed, Ends: s.Ends, Minutes: u.Minutes,
		How: u.ArrivedBy, Entered: u.Arrived, Inside: !h.foreign[s.ID]}
	if u.ArrivedBy == "code" {
		p.Device = []string{"", "aa", "bb"}[h.rng.IntN(3)]
	}
	if u.ArrivedBy != "told" && h.rng.IntN(8) == 0 {
		u.State, u.Departed, u.Minutes, p.Departed, p.Minutes = CheckedIn, 0, 0, 0, 0
	}
	if u.ArrivedBy == "told" {
		u.State, p.Author, p.Told = Settled, desk, true
		p.Entered = db.MS(midday(historyDays[h.rng.IntN(3)]).Add(time.Duration(h.rng.IntN(20))*time.Minute + 9*time.Hour))
	}
	if err := save(ctx, tx, s, &u); err != nil {
		return err
	}
	if _, err := tx.Exec("UPDATE roster_signup SET device = $1 WHERE home = $2 AND id = $3", p.Device, s.Home, u.ID); err != nil {
		return err
	}
	switch u.ArrivedBy {
	case "told":
		b := Backfill{ID: tx.NewID(s.Home), Shift: s.ID, Person: person, Arrived: u.Arrived, Departed: u.Arrived + 1, Reason: "补", Unit: u.Unit, Author: desk,
			AuthorOrg: s.Activity.Org, State: "pending", Created: p.Entered}
		if err := insertBackfill(ctx, tx, b); err != nil {
			return err
		}
		b.State, b.DecidedBy, b.Decided = "confirmed", h.w.institute.Person, 1
		if err := decideBackfill(ctx, tx, b); err != nil {
			return err
		}
	case "staff", "walkup":
		p.Author = desk
		if err := s.postFor(tx, u, Arrived, 1, "", desk); err != nil {
			return err
		}
	}
	h.all = append(h.all, p)
	return nil
}

// expected finds the anomalies of a day the slow way, each as "kind: records".
func (h *history) expected(day string, l Limits) (all []string) {
	say := func(kind AnomalyKind, ps ...Presence) {
		ids := []string{}
		for _, p := range ps {
			ids = append(ids, string(p.Signup))
		}
		slices.Sort(ids)
		all = append(all, string(kind)+": "+strings.Join(ids, " "))
	}
	seen := map[id.ID]bool{}
	for _, p := range h.all {
		if !seen[p.Person] {
			seen[p.Person] = true
			h.ofPerson(p.Person, day, l, say)
		}
		if !p.Inside {
			continue
		}
		if p.How == "told" && p.Day == day {
			say(NobodySaw, p)
		}
		if p.Told && db.Day(db.Time(p.Entered)) == day && p.Entered > p.Departed+l.Late {
			say(ToldLate, p)
		}
	}
	h.crowds(day, l, say)
	slices.Sort(all)
	return all
}

func (h *history) ofPerson(person id.ID, day string, l Limits, say func(AnomalyKind, ...Presence)) {
	var of []Presence
	sum, inside := int64(0), false
	for i, p := range h.all {
		if p.Person != person {
			continue
		}
		if p.Day == day && p.Minutes > 0 {
			of, sum, inside = append(of, p), sum+p.Minutes, inside || p.Inside
		}
		for _, q := range h.all[i+1:] {
			first, last := p, q
			if q.Arrived < p.Arrived || q.Arrived == p.Arrived && q.Signup < p.Signup {
				first, last = q, p
			}
			if q.Person != person || last.Day != day || !p.Inside && !q.Inside {
				continue
			}
			both := int64(0)
			for m := last.Arrived; m < last.Arrived+int64(48*time.Hour/time.Millisecond); m += 60_000 {
				if m < first.until() && m < last.until() {
					both += 60_000
				}
			}
			if both > l.Grace {
				say(TwoPlaces, p, q)
			}
		}
	}
	if inside && sum > 24*60 {
		say(Impossible, of...)
	} else if inside && sum > l.LongDay {
		say(LongDay, of...)
	}
}

func (h *history) crowds(day string, l Limits, say func(AnomalyKind, ...Presence)) {
	from := db.MS(midday(day))
	for m := from; m < from+24*3600_000; m += 60_000 {
		for _, desk := range []id.ID{h.w.leader.Person, h.w.station.Person} {
			who, of := map[id.ID]bool{}, []Presence(nil)
			for _, p := range h.all {
				if p.Inside && p.Author == desk && p.Entered >= m && p.Entered < m+60_000 {
					who[p.Person], of = true, append(of, p)
				}
			}
			if len(who) >= l.Minute {
				say(OneMinute, of...)
			}
		}
	}
	for _, device := range []string{"aa", "bb"} {
		who, of := map[id.ID]bool{}, []Presence(nil)
		for _, p := range h.all {
			if p.Inside && p.Device == device && p.Day == day {
				who[p.Person], of = true, append(of, p)
			}
		}
		if len(who) >= l.Device {
			say(OneDevice, of...)
		}
	}
}

// What the list finds in the database is what walking through the same records minute by minute finds.
func TestAnomaliesAgainstBruteForce(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		w.must(func(tx *db.Tx) error {
			if err := config.Save(tx, "roster.minute_people", "2"); err != nil {
				return err
			}
			return config.Save(tx, "roster.told_late", "12")
		})
		set, err := config.Load(w.ctx, d)
		if err != nil {
			t.Fatal(err)
		}
		kinds := map[string]int{}
		h := w.history(7)
		for _, day := range historyDays {
			found, err := Anomalies(w.ctx, d, w.Institute, day)
			if err != nil {
				t.Fatal(err)
			}
			got := []string{}
			for _, a := range found {
				ids := []string{}
				for _, p := range a.Turns {
					ids = append(ids, string(p.Signup))
				}
				slices.Sort(ids)
				got = append(got, string(a.Kind)+": "+strings.Join(ids, " "))
				kinds[string(a.Kind)]++
			}
			slices.Sort(got)
			if want := h.expected(day, LimitsOf(set)); !slices.Equal(got, want) {
				t.Errorf("%s:\n%s\nwant\n%s", day, strings.Join(got, "\n"), strings.Join(want, "\n"))
			}
		}
		for _, k := range []AnomalyKind{Impossible, TwoPlaces, LongDay, OneMinute, OneDevice, NobodySaw, ToldLate} {
			if kinds[string(k)] == 0 {
				t.Errorf("no %s came up: %v", k, kinds)
			}
		}
	})
}

// anomalies of the team's day, as kinds.
func (w *world) anomalies(at id.ID, day string) (all []Anomaly, words []string) {
	w.t.Helper()
	all, err := Anomalies(w.ctx, w.d, at, day)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, a := range all {
		word := string(a.Kind)
		if a.Dismissed != nil {
			word += " (" + a.Dismissed.Reason + ")"
		}
		words = append(words, word)
	}
	return all, words
}

func TestAnomaliesAreDismissedOrReversed(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		from := midday("2021-02-10").Add(8 * time.Hour)
		s := w.shift(plan{starts: from, hours: 14, places: 9})
		ann, bo := w.Volunteer("甲一"), w.Volunteer("乙二")
		c.Set(from)
		for _, who := range []auth.Actor{ann, bo} {
			w.must(func(tx *db.Tx) error { _, err := WalkUp(w.ctx, tx, w.leader, s.ID, who.Person, ""); return err })
		}
		c.Set(from.Add(13 * time.Hour))
		for _, who := range []auth.Actor{ann, bo} {
			w.must(func(tx *db.Tx) error { _, err := CheckOutBy(w.ctx, tx, w.leader, s.ID, who.Person, false); return err })
		}
		all, words := w.anomalies(w.Institute, s.Day)
		if fmt.Sprint(words) != "[long_day long_day]" {
			t.Fatal(words)
		}
		dismiss := func(by auth.Actor, at id.ID, key, reason string) func(*db.Tx) error {
			return func(tx *db.Tx) error { return Dismiss(w.ctx, tx, by, at, s.Day, key, reason) }
		}
		w.refused("org.out_of_reach", dismiss(w.leader, w.Team, all[0].Key, "连班"))
		w.refused("org.out_of_reach", dismiss(w.station, w.Institute, all[0].Key, "连班"))
		w.refused("roster.reason_needed", dismiss(w.institute, w.Institute, all[0].Key, ""))
		w.refused("roster.anomaly_gone", dismiss(w.institute, w.Institute, "nothing", "连班"))
		w.must(dismiss(w.institute, w.Institute, all[0].Key, "封控值守，连班属实"))
		w.refused("roster.decided_already", dismiss(w.station, w.Station, all[0].Key, "再来"))
		if _, words = w.anomalies(w.Team, s.Day); fmt.Sprint(words) != "[long_day (封控值守，连班属实) long_day]" {
			t.Error(words)
		}
		other := bo
		if all[1].Person == ann.Person {
			other = ann
		}
		strike := func(by auth.Actor, reason string) func(*db.Tx) error {
			return func(tx *db.Tx) error { _, err := StrikeTurn(w.ctx, tx, by, s.ID, other.Person, reason); return err }
		}
		w.refused("org.out_of_reach", strike(w.leader, "不在场"))
		w.refused("roster.reason_needed", strike(w.station, ""))
		w.must(strike(w.station, "查监控，当天不在场"))
		w.state(s, other, Withdrawn) // a walk-up was never on it
		w.refused("roster.not_on_it", strike(w.station, "再来"))
		w.told(other, "roster.struck", 1)
		w.facts(s, Arrived, 1, 1)
		w.facts(s, Minutes, 1, 13*60)
		if _, words = w.anomalies(w.Institute, s.Day); fmt.Sprint(words) != "[long_day (封控值守，连班属实)]" {
			t.Error(words)
		}
		w.verified()
	})
}

// Who held a place and turns out not to have been there is down as not come; and a dismissal does
// not cover records that are others since.
func TestADismissalCoversWhatWasSeen(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		from := midday("2021-02-10").Add(6 * time.Hour)
		s := w.shift(plan{starts: from, hours: 16})
		ann := w.Volunteer("甲一")
		w.signUp(s, ann, Primary)
		c.Set(from)
		w.must(func(tx *db.Tx) error { _, err := CheckInBy(w.ctx, tx, w.leader, s.ID, ann.Person); return err })
		w.refused("roster.strike_open", func(tx *db.Tx) error { _, err := StrikeTurn(w.ctx, tx, w.station, s.ID, ann.Person, "查"); return err })
		c.Set(from.Add(13 * time.Hour))
		w.must(func(tx *db.Tx) error { _, err := CheckOutBy(w.ctx, tx, w.leader, s.ID, ann.Person, false); return err })
		all, _ := w.anomalies(w.Institute, s.Day)
		w.must(func(tx *db.Tx) error { return Dismiss(w.ctx, tx, w.station, w.Station, s.Day, all[0].Key, "属实") })
		c.Set(from.Add(17 * time.Hour))
		var b Backfill
		w.must(func(tx *db.Tx) (err error) {
			b, err = TellHours(w.ctx, tx, w.leader, Told{Shift: s.ID, Person: ann.Person, Arrived: db.MS(from), Departed: db.MS(from.Add(15 * time.Hour)), Reason: "记错"})
			return err
		})
		w.must(func(tx *db.Tx) error { _, err := DecideHours(w.ctx, tx, w.station, b.ID, true, ""); return err })
		if _, words := w.anomalies(w.Institute, s.Day); fmt.Sprint(words) != "[long_day]" {
			t.Error("stands anew:", words)
		}
		w.must(func(tx *db.Tx) error {
			_, err := StrikeTurn(w.ctx, tx, w.station, s.ID, ann.Person, "查监控不在场")
			return err
		})
		w.state(s, ann, NoShow)
		w.facts(s, Absent, 1, 1)
		w.facts(s, Arrived, 0, 0)
		w.facts(s, Minutes, 0, 0)
		w.verified()
	})
}

func TestWhatWasLeftOpenYesterdayEndsWithItsOwnShift(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		from := midday("2021-02-10").Add(9 * time.Hour)
		old, today := w.shift(plan{starts: from, hours: 3}), w.shift(plan{starts: from.Add(24 * time.Hour), of: w.ForeignTeam})
		long := w.shift(plan{starts: from.Add(22 * time.Hour), hours: 20})
		ann := w.Volunteer("甲一")
		w.signUp(old, ann, Primary)
		w.signUp(today, ann, Primary)
		c.Set(from.Add(5 * time.Minute))
		w.must(func(tx *db.Tx) error { _, err := CheckInBy(w.ctx, tx, w.leader, old.ID, ann.Person); return err })
		c.Set(from.Add(22 * time.Hour))
		w.must(func(tx *db.Tx) error { _, err := WalkUp(w.ctx, tx, w.leader, long.ID, ann.Person, ""); return err })
		u := w.of(old, ann)
		if u.State != Unclosed || u.Departed != old.Ends || u.Minutes != 175 {
			t.Errorf("%+v", u)
		}
		w.told(ann, "roster.unclosed", 1)
		c.Set(from.Add(24 * time.Hour))
		w.must(func(tx *db.Tx) error { _, err := CheckInBy(w.ctx, tx, w.foreign, today.ID, ann.Person); return err })
		w.state(long, ann, CheckedIn) // that shift is not over: being in two places is for people to look into
		first := w.of(today, ann).Arrived
		c.Set(from.Add(25 * time.Hour))
		w.must(func(tx *db.Tx) error { _, err := CheckInBy(w.ctx, tx, w.foreign, today.ID, ann.Person); return err })
		if again := w.of(today, ann).Arrived; again != first {
			t.Errorf("a second scan moved the first arrival from %d to %d", first, again)
		}
		if _, words := w.anomalies(w.Institute, today.Day); fmt.Sprint(words) != "[two_places]" {
			t.Error(words)
		}
		w.jobs()
		w.verified()
	})
}
