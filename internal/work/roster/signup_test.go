package roster

import (
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/id"
	"tongxin/internal/work/org/orgtest"
)

func TestSignUpFillsThenWaits(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		s := w.shift(plan{places: 2})
		w.facts(s, Places, 1, 2)
		ann, bo, cy := w.Volunteer("甲一"), w.Volunteer("乙二"), w.Volunteer("丙三")
		c.Add(90 * time.Minute)
		for _, step := range []struct {
			who  auth.Actor
			want State
		}{{ann, Accepted}, {bo, Accepted}, {cy, Waitlisted}} {
			if got := w.signUp(s, step.who, Primary); got != step.want {
				t.Errorf("got %s, want %s", got, step.want)
			}
		}
		w.seats(s, 2, 0, 1)
		w.facts(s, SignedUp, 2, 2)
		w.facts(s, Filled, 1, 90)
		w.refused("roster.already_signed", func(tx *db.Tx) error {
			_, err := SignUp(w.ctx, tx, ann, Request{Shift: s.ID})
			return err
		})
		u := w.of(s, ann)
		if u.Unit != w.Station || u.Category != w.Category("public") || u.Proxy != "" {
			t.Errorf("%+v", u)
		}
		w.verified()
	})
}

func TestRefusals(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		ann := w.Volunteer("甲一")
		child := w.Ward(ann, "小丁", "2008-03-01")
		plain, risky := w.shift(plan{}), w.shift(plan{service: "checkpoint_duty"})
		full := w.shift(plan{places: 1, noWaitlist: true, starts: c.Now().Add(50 * time.Hour)})
		bo := w.Volunteer("乙二")
		w.signUp(full, bo, Primary)
		skilled := w.shift(plan{skill: w.Skill("driving"), starts: c.Now().Add(60 * time.Hour)})
		old := w.shift(plan{minAge: 60, starts: c.Now().Add(70 * time.Hour)})
		for _, tt := range []struct {
			name string
			by   auth.Actor
			in   Request
			want string
		}{
			{"unknown shift", ann, Request{Shift: "321281-0000000000000000"}, "roster.unknown"},
			{"unknown place", ann, Request{Shift: plain.ID, Place: "third"}, "roster.place_unknown"},
			{"full, no waiting list", ann, Request{Shift: full.ID}, "roster.full"},
			{"full, and by her too", bo, Request{Shift: full.ID}, "roster.already_signed"},
			{"no standby places", ann, Request{Shift: plain.ID, Place: Standby}, "roster.standby_full"},
			{"skill missing", ann, Request{Shift: skilled.ID}, "roster.skill_missing"},
			{"too young", ann, Request{Shift: old.ID}, "roster.too_young"},
			{"minor by herself", auth.Actor{Person: child, Via: auth.Web}, Request{Shift: plain.ID}, "roster.guardian_acts"},
			{"minor on a risky post, by her guardian", ann, Request{Shift: risky.ID, Person: child}, "roster.minor_risky"},
			{"minor on a risky post, by staff", w.station, Request{Shift: risky.ID, Person: child}, "roster.minor_risky"},
			{"somebody else", w.Volunteer("丙三"), Request{Shift: plain.ID, Person: ann.Person}, "org.out_of_reach"},
			{"staff of another county", w.foreign, Request{Shift: plain.ID, Person: ann.Person}, "org.out_of_reach"},
			{"unit that is not hers", ann, Request{Shift: plain.ID, Unit: w.ForeignTeam}, "roster.unit_not_hers"},
			{"staff who are no volunteers", w.leader, Request{Shift: plain.ID}, "roster.not_active"},
		} {
			t.Run(tt.name, func(t *testing.T) {
				w.t = t
				w.refused(tt.want, func(tx *db.Tx) error { _, err := SignUp(w.ctx, tx, tt.by, tt.in); return err })
			})
		}
		w.t = t
		w.seats(plain, 0, 0, 0)
		c.Set(plain.Starting())
		w.refused("roster.started", func(tx *db.Tx) error { _, err := SignUp(w.ctx, tx, ann, Request{Shift: plain.ID}); return err })
		w.verified()
	})
}

func TestGuardianAndStaffSignUpForOthers(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		mother := w.Volunteer("甲一")
		child, bo := w.Ward(mother, "小丁", "2008-03-01"), w.Volunteer("乙二")
		s := w.shift(plan{})
		for person, by := range map[id.ID]auth.Actor{child: mother, bo.Person: w.leader} {
			w.must(func(tx *db.Tx) error {
				_, err := SignUp(w.ctx, tx, by, Request{Shift: s.ID, Person: person})
				return err
			})
			if u := w.of(s, auth.Actor{Person: person}); u.State != Accepted || u.Proxy != by.Person {
				t.Errorf("%+v, want accepted with its proxy", u)
			}
		}
		w.told(bo, "roster.proxy_accepted", 1)
		w.verified()
	})
}

func TestApplicationsAreDecided(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		s := w.shift(plan{approval: true, places: 1})
		ann, bo, cy := w.Volunteer("甲一"), w.Volunteer("乙二"), w.Volunteer("丙三")
		for _, who := range []auth.Actor{ann, bo, cy} {
			if got := w.signUp(s, who, Primary); got != Applied {
				t.Fatalf("%s", got)
			}
		}
		w.seats(s, 0, 0, 0)
		decide := func(who auth.Actor, yes bool, why string) func(tx *db.Tx) error {
			return func(tx *db.Tx) error { _, err := Decide(w.ctx, tx, w.leader, s.ID, who.Person, yes, why); return err }
		}
		w.refused("roster.reason_needed", decide(cy, false, ""))
		w.must(decide(ann, true, ""))
		w.must(decide(bo, true, ""))
		w.must(decide(cy, false, "这次人手够了"))
		w.refused("roster.decided_already", decide(cy, true, ""))
		w.state(s, ann, Accepted)
		w.state(s, bo, Waitlisted)
		w.state(s, cy, Declined)
		w.told(cy, "roster.declined", 1)
		w.seats(s, 1, 0, 1)
		w.verified()
	})
}

func TestOverlapsAreRefusedAcrossCounties(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		at := c.Now().Truncate(time.Hour).Add(30 * time.Hour)
		here := w.shift(plan{starts: at, hours: 3})
		there := w.shift(plan{of: w.ForeignTeam, starts: at.Add(2 * time.Hour)})
		grazing := w.shift(plan{of: w.ForeignTeam, starts: at.Add(3*time.Hour - 15*time.Minute)})
		standing := w.shift(plan{starts: at, standbys: 1})
		ann := w.Volunteer("甲一")
		w.signUp(here, ann, Primary)
		w.refused("roster.overlap", func(tx *db.Tx) error { _, err := SignUp(w.ctx, tx, ann, Request{Shift: there.ID}); return err })
		if got := w.signUp(grazing, ann, Primary); got != Accepted {
			t.Errorf("within the grace: %s", got)
		}
		if got := w.signUp(standing, ann, Standby); got != Accepted {
			t.Errorf("a standby at the same time: %s", got)
		}
		w.seats(there, 0, 0, 0)
		w.withdraw(here, ann)
		w.withdraw(grazing, ann)
		if got := w.signUp(there, ann, Primary); got != Accepted {
			t.Errorf("after she withdrew: %s", got)
		}
		w.verified()
	})
}

func TestOpenForPutsWhatFitsAndIsNearFirst(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		noon := time.Date(2020, 2, 29, 12, 0, 0, 0, time.UTC)
		near := w.shift(plan{starts: noon.Add(time.Hour)})
		w.shift(plan{of: w.ForeignTeam, starts: noon})                    // another county's
		skilled := w.shift(plan{starts: noon, skill: w.Skill("driving")}) // does not fit
		full := w.shift(plan{starts: noon.Add(2 * time.Hour), places: 1}) // no place left
		mine := w.shift(plan{starts: noon.Add(5 * time.Hour)})            // already hers
		clash := w.shift(plan{starts: noon.Add(6 * time.Hour), hours: 1}) // collides with hers
		later := w.shift(plan{starts: noon.Add(48 * time.Hour)})
		ann := w.Volunteer("甲一")
		w.signUp(full, w.Volunteer("乙二"), Primary)
		w.signUp(mine, ann, Primary)
		offers, err := w.open(ann)
		if err != nil {
			t.Fatal(err)
		}
		var got []id.ID
		for _, o := range offers {
			got = append(got, o.ID)
		}
		want := []id.ID{near.ID, later.ID, skilled.ID}
		if len(got) != 3 || got[0] != want[0] || got[1] != want[1] || got[2] != want[2] {
			t.Errorf("got %v, want %v (and not %s)", got, want, clash.ID)
		}
		if offers[2].Why == nil || offers[0].Near != 0 {
			t.Errorf("%+v", offers)
		}
	})
}

func TestNearness(t *testing.T) {
	at := int64(orgtest.StationArea)
	for other, want := range map[int64]int{at: 0, int64(orgtest.SiblingArea): 1, int64(orgtest.InstituteArea): 1, int64(orgtest.OtherInstitute): 2,
		int64(orgtest.OtherCenter): 3, int64(orgtest.ProvinceArea): 4} {
		if got := nearness(at, other); got != want {
			t.Errorf("%d: %d, want %d", other, got, want)
		}
	}
	if got := nearness(int64(orgtest.CenterArea), int64(orgtest.CenterArea)); got != 2 {
		t.Errorf("a whole county is no neighbourhood: %d", got)
	}
}
