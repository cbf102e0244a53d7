package roster

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/work/people"
)

// restful sets what a kind of service asks for.
func (w *world) restful(service string, r Rest) {
	w.t.Helper()
	system, of := auth.Actor{Person: w.station.Person, Grants: []auth.Grant{{Org: w.Institute, Role: auth.SystemAdmin}}}, w.service(service)
	w.must(func(tx *db.Tx) error { return SetRest(w.ctx, tx, system, of, r) })
}

func TestTooLittleRestIsRefusedInWords(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		w.restful("cleaning", Rest{Longest: 6 * 60, Apart: 8 * 60, Nights: 2})
		at := func(day, hour int) time.Time {
			y, m, day0 := c.Now().In(i18n.Zone()).Date()
			return time.Date(y, m, day0+2+day, hour, 0, 0, 0, i18n.Zone())
		}
		ann := w.Volunteer("甲一")
		w.signUp(w.shift(plan{starts: at(0, 8), hours: 4}), ann, Primary)
		next := w.shift(plan{starts: at(0, 12), hours: 3})
		sign := func(s Shift, by auth.Actor, rest string) func(*db.Tx) error {
			return func(tx *db.Tx) error {
				_, err := SignUp(w.ctx, tx, by, Request{Shift: s.ID, Person: ann.Person, Rest: rest})
				return err
			}
		}
		w.refused("roster.rest_longest", sign(next, ann, ""))
		w.refused("roster.rest_longest", sign(next, ann, "我不累")) // a reason of her own is none
		w.refused("roster.rest_longest_ask", sign(next, w.leader, ""))
		w.must(sign(next, w.leader, "接班的人病了"))
		if u := w.of(next, ann); u.RestReason != "接班的人病了" || u.Proxy != w.leader.Person {
			t.Errorf("%+v", u)
		}
		w.refused("roster.rest_apart", sign(w.shift(plan{starts: at(0, 22), hours: 1}), ann, ""))
		free := w.shift(plan{starts: at(0, 23), hours: 4}) // eight hours after 15:00
		w.must(sign(free, w.leader, "不需要的理由"))
		if u := w.of(free, ann); u.RestReason != "" {
			t.Errorf("a reason that nothing needed was kept: %q", u.RestReason)
		}
		w.signUp(w.shift(plan{starts: at(1, 23), hours: 4}), ann, Primary)
		w.refused("roster.rest_nights", sign(w.shift(plan{starts: at(2, 23), hours: 4}), ann, ""))
		w.signUp(w.shift(plan{starts: at(3, 23), hours: 4}), ann, Primary)
		other := w.shift(plan{starts: at(0, 16), hours: 2, service: "publicity"})
		w.signUp(other, ann, Primary) // another kind of service asks for nothing
		who, err := people.StandingOf(w.ctx, d, ann.Person)
		if err != nil {
			t.Fatal(err)
		}
		if why, err := Against(w.ctx, d, w.shift(plan{starts: at(4, 3), hours: 7}), Primary, who); err != nil || fail.Key(why) != "roster.rest_longest" {
			t.Errorf("against: %v %v", why, err)
		}
		w.verified()
	})
}

func TestRestIsSetByTheSystemAdministrator(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		cleaning := w.service("cleaning")
		w.refused("roster.rest_not_yours", func(tx *db.Tx) error { return SetRest(w.ctx, tx, w.institute, cleaning, Rest{}) })
		system := w.Staff("sys", w.Institute, auth.SystemAdmin)
		for _, bad := range []Rest{{Longest: -1}, {Longest: 1441}, {Apart: 73 * 60}, {Nights: 15}} {
			w.refused("roster.rest_bounds", func(tx *db.Tx) error { return SetRest(w.ctx, tx, system, cleaning, bad) })
		}
		w.refused("activity.service_unknown", func(tx *db.Tx) error { return SetRest(w.ctx, tx, system, 9999, Rest{}) })
		w.restful("cleaning", Rest{Longest: 60})
		all, err := Rests(w.ctx, d)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range all {
			if (r.Service.Slug == "cleaning") != r.Any() {
				t.Errorf("%+v", r)
			}
		}
	})
}

// Two sign-ups at once that together would be too long: whatever races, one stands.
func TestRacersForOnePersonsRest(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		w.restful("cleaning", Rest{Longest: 3 * 60})
		from := c.Now().Truncate(time.Hour).Add(40 * time.Hour)
		early, late := w.shift(plan{starts: from, places: 500}), w.shift(plan{starts: from.Add(2 * time.Hour), places: 500, of: w.ForeignTeam})
		racers := w.crowd(100)
		got := race(2*len(racers), func(i int) error {
			to := []id.ID{early.ID, late.ID}[i%2]
			return d.Write(context.Background(), func(tx *db.Tx) error {
				_, err := SignUp(tx.Context(), tx, racers[i/2], Request{Shift: to})
				return err
			})
		})
		if got[""] != 100 || got["roster.rest_longest"] != 100 {
			t.Errorf("%v", got)
		}
		w.verified()
	})
}

// The rules, minute by minute, against random turns.
func TestRestRulesAgainstMinutes(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 8))
	seen := map[string]int{}
	for round := range 3000 {
		day := time.Date(2020, 2, 10, 0, 0, 0, 0, i18n.Zone())
		at := func() span {
			from := day.Add(time.Duration(rng.IntN(4*96)) * 15 * time.Minute)
			return span{db.MS(from), db.MS(from.Add(time.Duration(1+rng.IntN(40)) * 15 * time.Minute))}
		}
		all := []span{at()}
		for range rng.IntN(5) {
			o, free := at(), true
			for _, x := range all {
				free = free && (o[1] <= x[0] || x[1] <= o[0])
			}
			if free {
				all = append(all, o)
			}
		}
		r := Rest{Longest: int64(rng.IntN(4)) * 240, Apart: int64(rng.IntN(3)) * 240, Nights: int64(rng.IntN(3))}
		got := fail.Key(r.broken(all[0], all[1:], config.Defaults().OverlapGrace.Milliseconds()))
		if want := slowRest(r, all, day); got != want {
			t.Fatalf("round %d: %s, want %s: %+v %v", round, got, want, r, all)
		}
		seen[got]++
	}
	for _, key := range []string{"", "roster.rest_longest", "roster.rest_apart", "roster.rest_nights"} {
		if seen[key] < 20 {
			t.Errorf("%q only %d times", key, seen[key])
		}
	}
}

// slowRest walks the quarters of an hour of six days; times of the test fall on them.
func slowRest(r Rest, all []span, day time.Time) string {
	const quarter = 15 * 60_000
	start := db.MS(day)
	on := func(i int) bool {
		for _, s := range all {
			if s[0] <= start+int64(i)*quarter && start+int64(i)*quarter < s[1] {
				return true
			}
		}
		return false
	}
	busy := make([]bool, 6*96)
	for i := range busy {
		busy[i] = on(i) || i > 0 && on(i-1) && on(i+1) // a quarter between two shifts is no pause
	}
	from, to := int((all[0][0]-start)/quarter), int((all[0][1]-start)/quarter)
	a, b := from, to
	for a > 0 && busy[a-1] {
		a--
	}
	for b < len(busy) && busy[b] {
		b++
	}
	if r.Longest > 0 && int64(b-a)*15 > r.Longest {
		return "roster.rest_longest"
	}
	for i := range int(r.Apart / 15) {
		if a-1-i >= 0 && busy[a-1-i] || b+i < len(busy) && busy[b+i] {
			return "roster.rest_apart"
		}
	}
	night := func(d int) (any bool, mine bool) {
		for i := d * 96; i < d*96+20; i++ {
			any, mine = any || on(i), mine || from <= i && i < to
		}
		return any, mine
	}
	row, hers := int64(0), false
	for d := range 6 {
		any, mine := night(d)
		if !any {
			row, hers = 0, false
			continue
		}
		row, hers = row+1, hers || mine
		if hers && r.Nights > 0 && row > r.Nights {
			return "roster.rest_nights"
		}
	}
	return ""
}
