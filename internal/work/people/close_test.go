package people_test

import (
	"context"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/id"
	"tongxin/internal/work/people"
)

func TestAnAccountIsClosedAfterAWhileOfSecondThoughts(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		m := mergersIn(t, d)
		phone := m.Phone()
		her := m.Join(m.Form("王小明", phone))
		two := m.Volunteer("王小明")
		ask := func(by auth.Actor, person id.ID) error {
			return m.Try(func(ctx context.Context, tx *db.Tx) error {
				_, err := people.AskToClose(ctx, tx, by, person)
				return err
			})
		}
		mother := m.Volunteer("赵红")
		m.Ward(mother, "赵小红", "2012-03-01")
		refusedWith(t, ask(m.far, her.Person), "org.out_of_reach")
		refusedWith(t, ask(mother, mother.Person), "people.close_wards")
		refusedWith(t, ask(m.station, m.station.Person), "people.close_account")

		p, err := m.propose(m.station, two.Person, her.Person)
		if err == nil {
			err = m.decide(m.institute, p, true)
		}
		if err != nil {
			t.Fatal(err)
		}
		m.jobs()
		before := m.registered()
		if err := ask(her, her.Person); err != nil {
			t.Fatal(err)
		}
		refusedWith(t, ask(her, her.Person), "people.close_asked")
		_, err = m.propose(m.station, m.Volunteer("王小明").Person, her.Person)
		refusedWith(t, err, "people.merge_busy")
		m.Write(func(ctx context.Context, tx *db.Tx) error { return people.KeepOpen(ctx, tx, her, her.Person) })
		c.Add(8 * 24 * time.Hour)
		m.jobs()
		if s, _ := people.StandingOf(t.Context(), d, her.Person); s.State != people.Active {
			t.Fatalf("she took it back and is %s", s.State)
		}
		if err := ask(m.station, her.Person); err != nil { // in writing
			t.Fatal(err)
		}
		c.Add(6 * 24 * time.Hour)
		m.jobs()
		if s, _ := people.StandingOf(t.Context(), d, her.Person); s.State != people.Active {
			t.Fatal("she is closed too soon")
		}
		c.Add(2 * 24 * time.Hour)
		m.jobs()
		for _, record := range []id.ID{her.Person, two.Person} {
			m.blanked(record)
		}
		names, err := people.Names(t.Context(), d, m.Keys, []id.ID{her.Person, two.Person})
		if err != nil || names[her.Person] != "已注销" || names[two.Person] != "已注销" || people.Label(names[her.Person], false) != "已注销" {
			t.Errorf("her name is %v, %v", names, err)
		}
		if n := m.registered(); n != before+1 { // one joined meanwhile
			t.Errorf("%d registered, were %d", n, before)
		}
		if e := enterBy(m.City, phone); e.Started.Person != "" || e.Ticket == "" {
			t.Errorf("her number is not free: %+v", e)
		}
		m.holds()

		// A backup from before is restored: the list closes her again.
		erased, err := people.Erasures(t.Context(), d, 0)
		if err != nil || len(erased) != 1 || erased[0].Person != her.Person {
			t.Fatalf("erased %v, %v", erased, err)
		}
		other, _ := dbtest.Open(t, db.SQLite)
		n := mergersIn(t, other)
		again := n.Volunteer("王小明").Person
		n.Write(func(ctx context.Context, tx *db.Tx) error {
			return people.EraseAgain(ctx, tx, []people.Erasure{{Person: again, At: 1}, erased[0]})
		})
		n.jobs()
		n.blanked(again)
		n.holds()
	})
}

// blanked: nothing personal is left in a record, and nothing leads to it.
func (m mergers) blanked(person id.ID) {
	m.t.Helper()
	var n int
	if err := m.d.QueryRow(m.t.Context(), `SELECT
		(SELECT COUNT(*) FROM people_person WHERE id = $1 AND (state <> 'closed' OR name IS NOT NULL OR contact IS NOT NULL OR idno IS NOT NULL OR birth IS NOT NULL
			OR birth_year <> 0 OR sex <> 0 OR adult_on <> ''))
		+ (SELECT COUNT(*) FROM people_token_hash WHERE person = $1) + (SELECT COUNT(*) FROM people_phone WHERE person = $1)
		+ (SELECT COUNT(*) FROM people_idno WHERE person = $1) + (SELECT COUNT(*) FROM people_session WHERE person = $1)
		+ (SELECT COUNT(*) FROM people_ask WHERE person = $1) + (SELECT COUNT(*) FROM people_login WHERE person = $1)`, string(person)).Scan(&n); err != nil {
		m.t.Fatal(err)
	}
	if n != 0 {
		m.t.Errorf("%d traces of %s are left", n, person)
	}
}
