package roster

import (
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

func TestWhatStandsAgainstAShift(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		ann := w.Volunteer("甲一")
		s, other := w.shift(plan{standbys: 1}), w.shift(plan{of: w.ForeignTeam, standbys: 1})
		skilled := w.shift(plan{skill: w.Skill("driving"), starts: c.Now().Add(60 * time.Hour)})
		w.signUp(s, ann, Primary)
		for _, tt := range []struct {
			s    Shift
			p    Place
			want string
		}{{other, Primary, "roster.overlap"}, {other, Standby, ""}, {s, Primary, ""}, {skilled, Primary, "roster.skill_missing"}, {skilled, Standby, "roster.skill_missing"}} {
			who, err := people.StandingOf(w.ctx, d, ann.Person)
			if err != nil {
				t.Fatal(err)
			}
			if why, err := Against(w.ctx, d, tt.s, tt.p, who); err != nil || fail.Key(why) != tt.want {
				t.Errorf("%s as %s: %v %v, want %q", tt.s.Activity.Title, tt.p, why, err, tt.want)
			}
		}
	})
}

func TestAChangeIsSeenByHerOrHerGuardian(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		ann := w.Volunteer("甲一")
		child := w.Ward(ann, "小丁", "2008-03-01")
		s := w.shift(plan{})
		w.signUp(s, ann, Primary)
		w.must(func(tx *db.Tx) error {
			_, err := SignUp(w.ctx, tx, ann, Request{Shift: s.ID, Person: child})
			return err
		})
		a, err := activity.Get(w.ctx, d, s.Activity.ID)
		if err != nil {
			t.Fatal(err)
		}
		in := a.Edit
		in.Place = "社区南门"
		w.must(func(tx *db.Tx) error { _, err := Change(w.ctx, tx, w.leader, a.ID, a.Rev, in); return err })
		seen := func(by auth.Actor, person id.ID) func(tx *db.Tx) error {
			return func(tx *db.Tx) error { return Acknowledge(w.ctx, tx, by, a.ID, person) }
		}
		w.refused("roster.seen_by_herself", seen(w.station, ann.Person))
		w.refused("org.out_of_reach", seen(w.Volunteer("乙二"), ann.Person))
		w.refused("activity.unknown", func(tx *db.Tx) error {
			return Acknowledge(w.ctx, tx, ann, "321281-0000000000000000", ann.Person)
		})
		for _, person := range []id.ID{ann.Person, child} {
			w.must(seen(ann, person))
			w.must(seen(ann, person)) // twice is once
			if u, err := SignupOf(w.ctx, d, s.ID, person); err != nil || u.AckVersion != 2 {
				t.Errorf("%+v %v", u, err)
			}
		}
		w.verified()
	})
}

func TestTurnsInAState(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		ann, bo := w.Volunteer("甲一"), w.Volunteer("乙二")
		later := w.shift(plan{approval: true, starts: c.Now().Truncate(time.Hour).Add(50 * time.Hour)})
		s := w.shift(plan{approval: true})
		foreign := w.shift(plan{of: w.ForeignTeam, approval: true, starts: c.Now().Truncate(time.Hour).Add(40 * time.Hour)})
		w.signUp(later, ann, Primary)
		w.signUp(s, ann, Primary)
		w.signUp(s, bo, Primary)
		w.signUp(foreign, bo, Primary)
		now := db.MS(c.Now())
		for _, tt := range []struct {
			of    id.ID
			state State
			since int64
			limit int
			want  []id.ID
		}{
			{w.Team, Applied, now, 10, []id.ID{s.ID, s.ID, later.ID}},
			{w.Team, Applied, now, 1, []id.ID{s.ID}},
			{w.Team, Applied, s.Ends, 10, []id.ID{later.ID}},
			{w.Team, Accepted, now, 10, nil},
			{w.City.City, Applied, now, 10, []id.ID{s.ID, s.ID, foreign.ID, later.ID}},
			{w.ForeignTeam, Applied, now, 10, []id.ID{foreign.ID}},
		} {
			got, err := InState(w.ctx, d, tt.of, tt.state, tt.since, tt.limit)
			if err != nil || len(got) != len(tt.want) {
				t.Fatalf("%+v: %d turns, %v", tt, len(got), err)
			}
			for i := range got {
				if got[i].Shift != tt.want[i] || got[i].At.ID != tt.want[i] || got[i].State != tt.state {
					t.Errorf("%+v: at %d %+v", tt, i, got[i])
				}
			}
		}
	})
}
