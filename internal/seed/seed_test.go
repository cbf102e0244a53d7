package seed

import (
	"context"
	"database/sql"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"tongxin/internal/app"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/report/figure"
	"tongxin/internal/work/notice"
	"tongxin/internal/work/roster"
)

// make makes a world in the database, with keys of its own.
func makeWorld(t *testing.T, dsn string, seed uint64, at time.Time) Made {
	t.Helper()
	made, err := Run(t.Context(), Options{DSN: dsn, Keys: filepath.Join(t.TempDir(), "keys"), Scale: Small, Seed: seed, Clock: at})
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// inspect opens it to read.
func inspect(t *testing.T, dsn string) *db.DB {
	t.Helper()
	d, err := app.Inspect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	return d
}

// fresh is the address of another migrated database of the same engine.
func fresh(t *testing.T, dsn string) string {
	t.Helper()
	if strings.HasPrefix(dsn, "file:") {
		return dbtest.DSN(t, db.SQLite)
	}
	return dbtest.DSN(t, db.Postgres)
}

// Whoever tries the program gets a seed and a moment of her own: a city comes of whichever, on a
// feast, by night, at a change of year.
func TestAnySeedAndMomentMakeACity(t *testing.T) {
	for seed, at := range map[uint64]string{
		9:  "2020-02-28T14:26:00+08:00",
		2:  "2026-10-02T23:50:00+08:00",
		14: "2026-11-22T03:10:00+08:00",
		20: "2027-01-01T00:01:00+08:00",
	} {
		t.Run(at, func(t *testing.T) {
			t.Parallel()
			moment, err := time.Parse(time.RFC3339, at)
			if err != nil {
				t.Fatal(err)
			}
			if made := makeWorld(t, dbtest.DSN(t, db.SQLite), seed, moment); made.Counts.Signups == 0 {
				t.Error("nobody signed up")
			}
		})
	}
}

// The same seed and clock make the same ids, records and facts, and everything holds.
func TestSmall(t *testing.T) {
	dbtest.RunDSN(t, func(t *testing.T, dsn string) {
		made := makeWorld(t, dsn, 1, dbtest.Start)
		again := fresh(t, dsn)
		makeWorld(t, again, 1, dbtest.Start)
		first, second := inspect(t, dsn), inspect(t, again)
		for _, table := range tables(t) {
			a, b := dump(t, first, table), dump(t, second, table)
			if !slices.Equal(a, b) {
				t.Errorf("%s differs: %s", table, difference(a, b))
			}
		}
		holds(t, first)
		rich(t, made)
		heroLives(t, first, made, dbtest.Start)
		threeAreMissing(t, first)
		refusesMore(t, dsn)
	})
}

// holds wants verify to find nothing.
func holds(t *testing.T, d *db.DB) {
	t.Helper()
	checks, err := app.Verify(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range checks {
		if c.Broken > 0 {
			t.Errorf("%s: %d of %d broken: %v", c.Name, c.Broken, c.Checked, c.IDs)
		}
	}
}

// threeAreMissing wants the demonstration's reports to be complete but for three units.
func threeAreMissing(t *testing.T, d *db.DB) {
	t.Helper()
	e, err := figure.Open(t.Context(), d)
	if err == nil {
		err = e.Load(t.Context())
	}
	if err != nil {
		t.Fatal(err)
	}
	done, err := e.CompletenessOf(t.Context(), d, figure.Query{}, "")
	if err != nil || done.Expected < 100 || done.Expected-done.Reported != 3 || len(done.Missing) != 3 {
		t.Errorf("%d of %d have reported, %d are missing: %v", done.Reported, done.Expected, len(done.Missing), err)
	}
}

// rich wants enough of everything to look at.
func rich(t *testing.T, made Made) {
	t.Helper()
	c := made.Counts
	if c.Areas < 4598 || c.Orgs < 300 || c.People < 300 || c.Activities < 60 || c.Shifts < 150 || c.Signups < 500 || c.Arrivals < 400 {
		t.Errorf("there is too little: %+v", c)
	}
	roles := map[auth.Role]bool{}
	for _, a := range made.Accounts {
		roles[a.Role] = true
		if (a.Password == "") == (a.Phone == "") {
			t.Errorf("%s signs in neither by password nor by phone: %+v", a.Role, a)
		}
	}
	for _, r := range auth.Roles() {
		if !roles[r] {
			t.Errorf("nobody is %s", r)
		}
	}
}

// heroLives wants the volunteer whom the demonstration follows to have what its pages show.
func heroLives(t *testing.T, d *db.DB, made Made, now time.Time) {
	t.Helper()
	hero := account(t, made, auth.Volunteer)
	coming, err := roster.Coming(t.Context(), d, hero, db.MS(now))
	if err != nil {
		t.Fatal(err)
	}
	next, waits := time.Duration(1<<62), 0
	for _, turn := range coming {
		switch turn.Signup.State {
		case roster.Accepted:
			next = min(next, turn.At.Starting().Sub(now))
		case roster.Waitlisted:
			waits++
		}
	}
	if next > 31*time.Minute || waits != 1 {
		t.Errorf("her next shift is in %v, she waits for %d", next, waits)
	}
	if n, err := notice.Unread(t.Context(), d, hero); n != 3 || err != nil {
		t.Errorf("%d notices unread, %v", n, err)
	}
	month := db.Day(now)[:8] + "01"
	totals, err := ledger.ByGrade(t.Context(), d, roster.Minutes, hero, month, "9999")
	if err != nil || len(totals) != 3 {
		t.Errorf("her hours of the month by grade: %v, %v", totals, err)
	}
}

func account(t *testing.T, made Made, role auth.Role) id.ID {
	t.Helper()
	for _, a := range made.Accounts {
		if a.Role == role {
			return a.Person
		}
	}
	t.Fatalf("no account of a %s", role)
	return ""
}

// refusesMore wants nothing to be made where there is something.
func refusesMore(t *testing.T, dsn string) {
	t.Helper()
	_, err := Run(t.Context(), Options{DSN: dsn, Keys: filepath.Join(t.TempDir(), "other"), Scale: Small, Seed: 1, Clock: dbtest.Start.AddDate(0, 1, 0)})
	if fail.Key(err) != "seed.not_empty" {
		t.Errorf("a second world with other keys: %v", err)
	}
}

// A world can be made for any moment: at night, at the turn of a year, on a leap day, today.
func TestAnyMoment(t *testing.T) {
	for _, at := range []string{"2020-02-28T23:52:00+08:00", "2025-01-01T00:20:00+08:00", "2024-02-29T06:59:30+08:00"} {
		t.Run(at, func(t *testing.T) {
			now, err := time.Parse(time.RFC3339, at)
			if err != nil {
				t.Fatal(err)
			}
			dsn := dbtest.DSN(t, db.SQLite)
			made := makeWorld(t, dsn, 7, now)
			d := inspect(t, dsn)
			holds(t, d)
			hero := account(t, made, auth.Volunteer)
			coming, err := roster.Coming(t.Context(), d, hero, db.MS(now))
			if err != nil || len(coming) < 3 || coming[0].At.Starting().Sub(now) > 31*time.Minute {
				t.Errorf("her coming shifts: %d, %v", len(coming), err)
			}
		})
	}
}

var tableRe = regexp.MustCompile(`(?m)^CREATE TABLE (\w+)`)

// tables are all of the schema.
func tables(t *testing.T) (all []string) {
	t.Helper()
	files := db.Migrations()
	names, err := fs.Glob(files, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(files, name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range tableRe.FindAllStringSubmatch(string(text), -1) {
			all = append(all, m[1])
		}
	}
	if len(all) < 35 {
		t.Fatalf("only %d tables found", len(all))
	}
	return all
}

// varies are the columns that hold ciphertexts, keyed hashes and hashes of secrets, or hashes
// over such.
var varies = map[string][]string{
	"people_person":     {"name", "contact", "idno", "birth"},
	"people_phone":      {"hash"},
	"people_idno":       {"hash"},
	"people_ask":        {"hash"},
	"people_token_hash": {"hash"},
	"people_account":    {"login", "login_ct", "password", "totp"},
	"people_login":      {"hash"},
	"people_code":       {"hash", "code"},
	"people_session":    {"hash"},
	"org_org":           {"contact"},
	"audit_head":        {"hash", "lease_by"},
	"ledger_head":       {"lease_by"},
	"audit_seal":        {"hash"},
	"bulletin_issue":    {"signature", "key"},
}

// marks are rows of config_setting that tell of keys and of the machine's clock.
var marks = []string{"crypt.check", "app.clock_offset"}

// dump writes a table's rows without what may vary, sorted.
func dump(t *testing.T, d *db.DB, table string) []string {
	t.Helper()
	rows, err := d.Query(context.Background(), "SELECT * FROM "+table)
	if err != nil {
		t.Fatal(err)
	}
	names, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	lines, err := db.Collect(rows, nil, func(r *sql.Rows) (string, error) {
		values, to := make([]any, len(names)), make([]any, len(names))
		for i := range values {
			to[i] = &values[i]
		}
		err := r.Scan(to...)
		var line strings.Builder
		for i, v := range values {
			if !slices.Contains(varies[table], names[i]) {
				fmt.Fprintf(&line, "%s=%s ", names[i], plainly(v))
			}
		}
		return line.String(), err
	})
	if err != nil {
		t.Fatal(err)
	}
	lines = slices.DeleteFunc(lines, func(l string) bool {
		return table == "config_setting" && slices.ContainsFunc(marks, func(m string) bool { return strings.HasPrefix(l, "id="+m+" ") })
	})
	slices.Sort(lines)
	return lines
}

// plainly writes a value; of JSON every sealed field becomes the same word.
func plainly(v any) string {
	if b, ok := v.([]byte); ok {
		return base64.StdEncoding.EncodeToString(b)
	}
	text := fmt.Sprint(v)
	if !strings.HasPrefix(text, "{") {
		return text
	}
	var any any
	if json.Unmarshal([]byte(text), &any) != nil {
		return text
	}
	b, _ := json.Marshal(unsealed(any))
	return string(b)
}

// unsealed replaces what looks like a sealed field: base64 of the suite's byte and more.
func unsealed(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k := range v {
			v[k] = unsealed(v[k])
		}
	case []any:
		for i := range v {
			v[i] = unsealed(v[i])
		}
	case string:
		if b, err := base64.StdEncoding.DecodeString(v); err == nil && len(b) > 30 && b[0] == 1 {
			return "sealed"
		}
	}
	return v
}

// difference is the first line that one has and the other has not.
func difference(a, b []string) string {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return "\n" + a[i] + "\n" + b[i]
		}
	}
	return fmt.Sprintf("%d and %d rows", len(a), len(b))
}
