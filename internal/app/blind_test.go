package app

import (
	"testing"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/ledger"
)

// Every check says what it looks at, so that one that looks at nothing is found, and each has
// a name of its own.
func TestEveryCheckIsSeen(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		checks, err := Verify(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, c := range checks {
			_, table := sights[c.Name]
			if !table && len(c.Name) < len("recount.") || !table && c.Name[:len("recount.")] != "recount." {
				t.Errorf("nobody has said what %s looks at: give it a line in sights", c.Name)
			}
			if seen[c.Name] {
				t.Errorf("two checks are called %s", c.Name)
			}
			seen[c.Name] = true
			if c.Broken > 0 {
				t.Errorf("%s is broken in an empty database: %v", c.Name, c.IDs)
			}
		}
		for name := range sights {
			if !seen[name] {
				t.Errorf("there is no check %s any more", name)
			}
		}
		for _, k := range ledger.Kinds() {
			if !seen["recount."+k.Key] {
				t.Errorf("nothing recounts %s", k.Key)
			}
		}
	})
}

// A check that looked at nothing while there was something is itself broken.
func TestBlindChecksAreBroken(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		err := d.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(`INSERT INTO roster_agenda (home, person, rev) VALUES ('321202', '321202-01jd3k8zq4w7c2xv', 1)`)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		checks := []ledger.Check{{Name: "roster.people"}, {Name: "roster.people", Checked: 1}, {Name: "roster.seats"}}
		if err := blind(t.Context(), d, checks); err != nil {
			t.Fatal(err)
		}
		if checks[0].Broken != 1 || len(checks[0].IDs) != 1 || checks[1].Broken != 0 || checks[2].Broken != 0 {
			t.Errorf("%+v", checks)
		}
	})
}
