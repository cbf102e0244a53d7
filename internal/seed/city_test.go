package seed

import (
	"database/sql"
	"fmt"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
)

func makeCity(t *testing.T, dsn string, seed uint64, fraction float64) Made {
	t.Helper()
	made, err := Run(t.Context(), Options{DSN: dsn, Keys: filepath.Join(t.TempDir(), "keys"), Scale: Taizhou, Seed: seed, Fraction: fraction})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// The same seed writes the same ids, records and facts, and everything holds.
func TestCityHolds(t *testing.T) {
	dbtest.RunDSN(t, func(t *testing.T, dsn string) {
		made := makeCity(t, dsn, 1, thousandth)
		t.Logf("%+v", made.Counts)
		again := fresh(t, dsn)
		makeCity(t, again, 1, thousandth)
		first, second := inspect(t, dsn), inspect(t, again)
		for _, table := range tables(t) {
			if a, b := dump(t, first, table), dump(t, second, table); !slices.Equal(a, b) {
				t.Errorf("%s differs: %s", table, difference(a, b))
			}
		}
		holds(t, first)
	})
}

// A thousandth of the city, by the commands that people use and through the bulk functions:
// the same rows in every table.
func TestCommandsAndBulkWriteTheSame(t *testing.T) {
	dbtest.RunDSN(t, func(t *testing.T, dsn string) {
		makeCity(t, dsn, 1, thousandth)
		other := fresh(t, dsn)
		byCommands(t, Options{DSN: other, Keys: filepath.Join(t.TempDir(), "keys"), Seed: 1, Fraction: thousandth})
		bulk, commands := inspect(t, dsn), inspect(t, other)
		inBulk, byHand := labels(t, bulk), labels(t, commands)
		for _, table := range tables(t) {
			if slices.Contains(apart, table) {
				continue
			}
			a, b := labelled(t, bulk, table, inBulk), labelled(t, commands, table, byHand)
			if !slices.Equal(a, b) {
				t.Errorf("%s differs: %s", table, difference(a, b))
			}
		}
		if a, b := standing(t, bulk), standing(t, commands); !slices.Equal(a, b) {
			t.Errorf("the moments at which facts stood differ: %s", difference(a, b))
		}
		holds(t, commands)
	})
}

const thousandth = 0.001

// apart are the tables that hold nothing of what was done: jobs, the trail and its seals, what
// was answered, codes and sessions of a moment. The seals of facts are compared by standing.
var apart = []string{"jobs_job", "audit_entry", "audit_head", "audit_seal", "idem_key", "people_code", "people_session", "ledger_head", "ledger_seal"}

// labels give every record a name that does not depend on its id.
func labels(t *testing.T, d *db.DB) map[string]string {
	t.Helper()
	all := map[string]string{}
	for _, q := range []string{
		"SELECT id, no, '', '' FROM people_person WHERE no <> ''",
		"SELECT o.id, o.name, COALESCE(p.name, ''), '' FROM org_org o LEFT JOIN org_org p ON p.id = o.parent",
		"SELECT id, title, CAST(created AS TEXT), org FROM activity_activity",
		"SELECT id, name, activity, '' FROM activity_post",
		"SELECT id, post, CAST(starts AS TEXT), '' FROM roster_shift",
		"SELECT id, shift, person, '' FROM roster_signup",
		"SELECT id, title, '', '' FROM callup_appeal",
		"SELECT id, title, '', '' FROM callup_callup",
		"SELECT id, callup, org, '' FROM callup_receipt",
		"SELECT id, shift, person, CAST(created AS TEXT) FROM roster_backfill",
	} {
		rows, err := d.Query(t.Context(), q)
		_, err = db.Collect(rows, err, func(r *sql.Rows) (none struct{}, err error) {
			var at string
			var of [3]string
			err = r.Scan(&at, &of[0], &of[1], &of[2])
			for i, v := range of {
				if l, ok := all[v]; ok {
					of[i] = l
				}
			}
			all[at] = "<" + strings.Join(of[:], "/") + ">"
			return none, err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return all
}

var (
	idRe   = regexp.MustCompile(`\d{6}-[0-9a-hjkmnp-tv-z]{16}`)
	factRe = regexp.MustCompile(`(seq|once)=\S* `)
	fanRe  = regexp.MustCompile(` fanned=\d+`) // how far the outbox is, which a process does
)

// labelled are the rows of a table with names for ids: an id without one is that of a row
// which nothing else points to.
func labelled(t *testing.T, d *db.DB, table string, names map[string]string) []string {
	t.Helper()
	lines := dump(t, d, table)
	for i, l := range lines {
		l = idRe.ReplaceAllStringFunc(l, func(at string) string {
			if name, ok := names[at]; ok {
				return name
			}
			return "id"
		})
		if table == "ledger_fact" {
			l = factRe.ReplaceAllString(l, "")
		}
		if table == "notice_notice" {
			l = fanRe.ReplaceAllString(l, "")
		}
		lines[i] = l
	}
	if table == "db_counter" { // how often the tree was asked for is no row of anything
		lines = slices.DeleteFunc(lines, func(l string) bool { return strings.HasPrefix(l, "name=org_tree ") })
	}
	slices.Sort(lines)
	return lines
}

// standing is how many facts stood at each moment.
func standing(t *testing.T, d *db.DB) []string {
	t.Helper()
	rows, err := d.Query(t.Context(), "SELECT at, MAX(last) FROM ledger_seal GROUP BY at ORDER BY at")
	all, err := db.Collect(rows, err, func(r *sql.Rows) (string, error) {
		var at, last int64
		err := r.Scan(&at, &last)
		return fmt.Sprint(db.Time(at).UTC(), " ", last), err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}
