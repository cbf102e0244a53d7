package people_test

import (
	"context"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/work/people"
)

func TestANumberThatLayStillAsksWhoseItIs(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		m := mergersIn(t, d)
		phone := m.Phone()
		her := m.Join(m.Form("王小明", phone)).Person
		p, err := people.Get(t.Context(), d, her)
		if err != nil {
			t.Fatal(err)
		}
		vouch := func(ticket, answer string) people.Entered {
			var e people.Entered
			m.Write(func(ctx context.Context, tx *db.Tx) (err error) {
				e, err = people.Vouch(ctx, tx, m.Keys, auth.Actor{Via: auth.Web}, people.Vouching{Ticket: ticket, Answer: answer})
				return err
			})
			return e
		}
		c.Add(80 * 24 * time.Hour)
		if e := enterBy(m.City, phone); e.Started.Person != her || e.Doubt {
			t.Errorf("after 80 days: %+v", e)
		}
		c.Add(91 * 24 * time.Hour)
		e := enterBy(m.City, phone)
		if !e.Doubt || e.Started.Person != "" {
			t.Fatalf("after 91 days: %+v", e)
		}
		if got := vouch(e.Ticket, "李小明"); got.Started.Person != "" {
			t.Error("a wrong name signs in")
		} else {
			refusedWith(t, got.Refused, "people.doubt_wrong")
		}
		if got := vouch(e.Ticket, "王 小明"); got.Started.Person != her {
			t.Errorf("her name does not sign her in: %v", got.Refused)
		}
		c.Add(2 * time.Minute)
		if e := enterBy(m.City, phone); e.Doubt || e.Started.Person != her {
			t.Error("she is doubted again")
		}

		// Somebody else has the number now, and knows nobody.
		c.Add(91 * 24 * time.Hour)
		e = enterBy(m.City, phone)
		for range 5 {
			refusedWith(t, vouch(e.Ticket, "张三丰").Refused, "people.doubt_wrong")
		}
		refusedWith(t, vouch(e.Ticket, p.No).Refused, "people.doubt_over")
		c.Add(25 * time.Hour)
		e = enterBy(m.City, phone)
		if got := vouch(e.Ticket, p.No); got.Started.Person != her {
			t.Errorf("her number does not sign her in: %v", got.Refused)
		}
	})
}

func TestAStationRebindsANumberThatChangedHands(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		m := mergersIn(t, d)
		old, fresh := m.Phone(), m.Phone()
		her := m.Join(m.Form("王小明", old))
		rebind := func(by auth.Actor, in people.Rebinding) error {
			return m.Try(func(ctx context.Context, tx *db.Tx) error { return people.Rebind(ctx, tx, m.Keys, by, in) })
		}
		in := people.Rebinding{Person: her.Person, Phone: fresh, Proof: "idcard"}
		refusedWith(t, rebind(m.far, in), "org.out_of_reach")
		refusedWith(t, rebind(m.Staff("leader", m.Station, auth.Leader), in), "org.out_of_reach")
		refusedWith(t, rebind(m.station, people.Rebinding{Person: her.Person, Phone: fresh}), "people.proof_missing")
		refusedWith(t, rebind(m.station, people.Rebinding{Person: her.Person, Phone: "123", Proof: "idcard"}), "ident.mobile")
		taken := m.Phone()
		m.Join(m.Form("李文", taken))
		refusedWith(t, rebind(m.station, people.Rebinding{Person: her.Person, Phone: taken, Proof: "idcard"}), "people.rebind_taken")
		if err := rebind(m.station, in); err != nil {
			t.Fatal(err)
		}
		if all, err := people.Sessions(t.Context(), d, her, c.Now()); err != nil || len(all) != 0 {
			t.Errorf("%d sessions are left, %v", len(all), err)
		}
		c.Add(time.Hour)
		if e := enterBy(m.City, fresh); e.Started.Person != her.Person {
			t.Errorf("the new number signs in %+v", e)
		}
		if e := enterBy(m.City, old); e.Started.Person != "" || e.Ticket == "" {
			t.Errorf("the old number is not free to join with: %+v", e)
		}
		p, _ := people.Get(t.Context(), d, her.Person)
		if n, err := p.Open(m.Keys, people.FieldContact); err != nil || n != fresh {
			t.Errorf("she is reached by another number, %v", err)
		}
		m.holds()
	})
}
