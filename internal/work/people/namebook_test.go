package people_test

import (
	"context"
	"maps"
	"testing"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/id"
	"tongxin/internal/work/people"
)

// What the book knows is what the records say, after a name is changed, a name that was not
// asked for comes in, an account is closed and two records are merged.
func TestTheNameBookFollows(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		m := mergersIn(t, d)
		book := people.NewNameBook(d, m.Keys, d.Watch)
		her, leaving, two := m.Volunteer("张玉兰"), m.Volunteer("李建国"), m.Volunteer("张玉兰")
		who := []id.ID{her.Person, leaving.Person, two.Person, "", "321281-01aaaaaaaaaaaaaa"}
		agrees := func(after string) {
			t.Helper()
			want, err := people.Names(t.Context(), d, m.Keys, who)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 { // read, and known
				if got, err := book.Get(t.Context(), who); err != nil || !maps.Equal(got, want) {
					t.Errorf("after %s the book says %v, the records %v: %v", after, got, want, err)
				}
			}
		}
		agrees("joining")
		p, err := people.Get(t.Context(), d, her.Person)
		if err != nil {
			t.Fatal(err)
		}
		m.Write(func(ctx context.Context, tx *db.Tx) error {
			return people.Change(ctx, tx, m.Keys, her, her.Person, people.Edit{Rev: p.Rev, Name: "张雨兰", Area: p.Area})
		})
		agrees("a change of name")
		who = append(who, m.Volunteer("陶春华").Person)
		agrees("one more")
		m.Write(func(ctx context.Context, tx *db.Tx) error {
			_, err := people.AskToClose(ctx, tx, leaving, leaving.Person)
			return err
		})
		c.Add(8 * 24 * time.Hour)
		m.jobs()
		agrees("an account was closed")
		if proposal, err := m.propose(m.station, two.Person, her.Person); err != nil || m.decide(m.institute, proposal, true) != nil {
			t.Fatal(err)
		}
		m.jobs()
		agrees("two were merged")
	})
}
