package people_test

import (
	"context"
	"slices"
	"testing"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
	"tongxin/internal/work/people"
	"tongxin/internal/work/people/peopletest"
)

// mergers are a city with somebody who proposes and others who decide.
type mergers struct {
	*peopletest.City
	t                       *testing.T
	d                       *db.DB
	station, institute, far auth.Actor
	run                     *jobs.Runner
}

func mergersIn(t *testing.T, d *db.DB) mergers {
	c := peopletest.Plant(t, d)
	m := mergers{City: c, t: t, d: d, run: jobs.NewRunner(d)}
	m.station, m.institute = c.Staff("station", c.Station, auth.Admin), c.Staff("institute", c.Institute, auth.Admin)
	m.far = c.Staff("far", c.Foreign, auth.Admin)
	people.Schedule(m.run, nil, nil)
	return m
}

func (m mergers) jobs() {
	m.t.Helper()
	if err := m.run.RunDue(m.t.Context()); err != nil {
		m.t.Fatal(err)
	}
}

func (m mergers) propose(by auth.Actor, duplicate, survivor id.ID) (p people.Merge, err error) {
	err = m.Try(func(ctx context.Context, tx *db.Tx) (err error) {
		p, err = people.ProposeMerge(ctx, tx, m.Keys, by, duplicate, survivor)
		return err
	})
	return p, err
}

func (m mergers) decide(by auth.Actor, p people.Merge, yes bool) error {
	return m.Try(func(ctx context.Context, tx *db.Tx) error {
		_, err := people.DecideMerge(ctx, tx, m.Keys, by, p.ID, yes)
		return err
	})
}

func (m mergers) registered() int64 {
	m.t.Helper()
	var n int64
	if err := m.d.QueryRow(m.t.Context(), `SELECT CAST(SUM(f.qty) AS BIGINT) FROM ledger_fact f JOIN ledger_kind k ON k.id = f.kind WHERE k.key = $1`,
		people.Registered.Key).Scan(&n); err != nil {
		m.t.Fatal(err)
	}
	return n
}

func refusedWith(t *testing.T, err error, key string) {
	t.Helper()
	if fail.Key(err) != key {
		t.Errorf("refused with %v, want %s", err, key)
	}
}

func TestMergingNeedsTwoPersonsAndLeadsOldIdsToTheSurvivor(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		m := mergersIn(t, d)
		phone := m.Phone()
		two := m.Join(m.Form("王小明", phone)).Person
		one := m.Volunteer("王小明").Person
		ward := m.Ward(auth.Actor{Person: two}, "王小小", "2012-03-01")
		m.Write(func(ctx context.Context, tx *db.Tx) error {
			return people.AddSkill(ctx, tx, auth.Actor{Person: two}, two, m.Skill("driving"))
		})
		before := m.registered()

		_, err := m.propose(m.far, two, one)
		refusedWith(t, err, "org.out_of_reach")
		_, err = m.propose(m.station, one, one)
		refusedWith(t, err, "people.merge_same")
		_, err = m.propose(m.station, ward, two)
		refusedWith(t, err, "people.merge_guardian")
		_, err = m.propose(m.station, m.institute.Person, one)
		if err == nil {
			t.Error("a record out of reach with an account is proposed")
		}
		p, err := m.propose(m.station, two, one)
		if err != nil {
			t.Fatal(err)
		}
		_, err = m.propose(m.station, two, one)
		refusedWith(t, err, "people.merge_proposed")
		refusedWith(t, m.decide(m.station, p, true), "org.own_work")
		refusedWith(t, m.decide(m.Staff("other", m.Station, auth.Admin), p, true), "org.second_person")
		if err := m.decide(m.institute, p, true); err != nil {
			t.Fatal(err)
		}
		refusedWith(t, m.decide(m.institute, p, false), "people.merge_decided")
		m.jobs()

		if n := m.registered(); n != before-1 {
			t.Errorf("%d registered, were %d", n, before)
		}
		who, err := people.StandingOf(t.Context(), d, two)
		if err != nil || who.ID != one || !slices.Equal(who.Skills, []int64{m.Skill("driving")}) {
			t.Errorf("the old id leads to %+v, %v", who, err)
		}
		if w, _ := people.StandingOf(t.Context(), d, ward); w.Guardian != one {
			t.Errorf("%s acts for the ward", w.Guardian)
		}
		if how, err := people.MayActFor(t.Context(), d, auth.Actor{Person: one}, two); how != people.AsSelf || err != nil {
			t.Errorf("she acts for her old record %s, %v", how, err)
		}
		// Her old number signs her in to the record that stands.
		c.Add(2 * 24 * 3600e9)
		if got := enterBy(m.City, phone); got.Started.Person != one {
			t.Errorf("her old number signs in %q", got.Started.Person)
		}
		m.holds()

		m.Write(func(ctx context.Context, tx *db.Tx) error {
			_, err := people.Unmerge(ctx, tx, m.institute, p.ID)
			return err
		})
		m.jobs()
		if n := m.registered(); n != before {
			t.Errorf("%d registered after parting, were %d", n, before)
		}
		for person, want := range map[id.ID]int{one: 0, two: 1} {
			if who, err := people.StandingOf(t.Context(), d, person); err != nil || who.ID != person || len(who.Skills) != want {
				t.Errorf("parted: %+v, %v", who, err)
			}
		}
		if w, _ := people.StandingOf(t.Context(), d, ward); w.Guardian != two {
			t.Errorf("%s acts for the ward after parting", w.Guardian)
		}
		m.holds()
	})
}

func TestMergesIntoOneRecordArePartedLastFirst(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		m := mergersIn(t, d)
		a, b, c := m.Volunteer("赵红").Person, m.Volunteer("赵红").Person, m.Volunteer("赵红").Person
		merge := func(x, y id.ID) people.Merge {
			p, err := m.propose(m.station, x, y)
			if err == nil {
				err = m.decide(m.institute, p, true)
			}
			if err != nil {
				t.Fatal(err)
			}
			m.jobs()
			return p
		}
		first, second := merge(a, b), merge(b, c)
		if got, _ := people.Resolve(t.Context(), d, a); got != c {
			t.Errorf("a leads to %s, not %s", got, c)
		}
		m.holds()
		part := func(p people.Merge) error {
			err := m.Try(func(ctx context.Context, tx *db.Tx) error {
				_, err := people.Unmerge(ctx, tx, m.institute, p.ID)
				return err
			})
			m.jobs()
			return err
		}
		refusedWith(t, part(first), "people.unmerge_survivor")
		if err := part(second); err != nil {
			t.Fatal(err)
		}
		if got, _ := people.Resolve(t.Context(), d, a); got != b {
			t.Errorf("a leads to %s, not %s", got, b)
		}
		m.holds()
		third := merge(c, b)
		refusedWith(t, part(first), "people.unmerge_later")
		for _, p := range []people.Merge{third, first} {
			if err := part(p); err != nil {
				t.Fatal(err)
			}
		}
		m.holds()
	})
}

func (m mergers) holds() {
	m.t.Helper()
	checks, err := people.Verify(m.t.Context(), m.d)
	if err != nil {
		m.t.Fatal(err)
	}
	for _, c := range checks {
		if c.Broken > 0 {
			m.t.Errorf("verify %+v", c)
		}
	}
}

// enterBy asks for a code and enters with it.
func enterBy(c *peopletest.City, phone string) (in people.Entered) {
	c.Write(func(ctx context.Context, tx *db.Tx) error {
		code, err := people.RequestCode(ctx, tx, c.Keys, phone)
		if err != nil {
			return err
		}
		in, err = people.Enter(ctx, tx, c.Keys, auth.Actor{Via: auth.Web}, people.Entry{Phone: phone, Code: code.Digits})
		return err
	})
	return in
}
