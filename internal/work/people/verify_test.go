package people_test

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/ledger"
	"tongxin/internal/work/people"
	"tongxin/internal/work/people/peopletest"
)

func verify(t *testing.T, d db.Reader) map[string]ledger.Check {
	t.Helper()
	checks, err := people.Verify(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]ledger.Check{}
	for _, c := range checks {
		all[c.Name] = c
	}
	return all
}

// live makes some of everything.
func live(t *testing.T, c *peopletest.City, clock *dbtest.Clock) {
	t.Helper()
	settle(t, c)
	guardian := c.Volunteer("周建平")
	c.Ward(guardian, "周小雨", "2008-05-01")
	in := c.Form("赵四", c.Phone())
	in.Birth, in.IDNo, in.Agreed.IDNumber = "1949", idno, true
	c.Join(in)
	c.Staff("auditor", c.City, auth.Auditor)
	clock.Add(time.Hour)
	late := c.Form("孙六", c.Phone())
	late.Birth = ""
	him := c.Join(late)
	clock.Add(30 * 24 * time.Hour)
	c.Write(func(ctx context.Context, tx *db.Tx) error {
		return people.SetBirth(ctx, tx, c.Keys, him, him.Person, "1990-04-01")
	})
}

func TestVerifyFindsNothingWrong(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		live(t, c, clock)
		checks := verify(t, d)
		for name, n := range map[string]int64{"recount.people.registered": 10, "people.minors": 10, "people.numbers": 10, "people.three": 1, "people.unique": 11} {
			if checks[name].Checked != n {
				t.Errorf("%s checked %d, not %d", name, checks[name].Checked, n)
			}
		}
		if len(checks) != 7 {
			t.Errorf("%d checks", len(checks))
		}
		for name, k := range checks {
			if k.Broken != 0 || k.Checked == 0 && name != "people.merged" { // TestMergingNeedsTwoPersons… has one
				t.Errorf("%s: %+v", name, k)
			}
		}
	})
}

// planted are faults, each with the check that must find it.
var planted = map[string]struct{ check, sql string }{
	"a volunteer without a fact":     {"recount.people.registered", "UPDATE people_person SET no = '321281000099', volunteer = TRUE WHERE no = '' AND name IS NOT NULL"},
	"a number beyond the counter":    {"people.numbers", "UPDATE people_number SET last = 1 WHERE home = '321281'"},
	"a number of another home":       {"people.numbers", "UPDATE people_person SET no = '321282000009' WHERE no = '321281000001'"},
	"a volunteer without a number":   {"people.numbers", "UPDATE people_person SET volunteer = TRUE WHERE no = ''"},
	"a minor without consent":        {"people.minors", "DELETE FROM people_consent WHERE kind = 'minor'"},
	"a minor who agreed herself":     {"people.minors", "UPDATE people_consent SET given_by = person WHERE kind = 'minor'"},
	"two of the three":               {"people.three", "INSERT INTO people_role (home, person, org, role, since, by) SELECT home, person, org, 'system', since, by FROM people_role"},
	"a station that is none":         {"people.references", "UPDATE people_person SET station = '321281-0000000000000000' WHERE no = '321281000001'"},
	"a guardian who is none":         {"people.references", "UPDATE people_person SET guardian = '321281-0000000000000000' WHERE guardian <> ''"},
	"a member of nothing":            {"people.references", "UPDATE people_member SET org = 'x'"},
	"a category that is none":        {"people.references", "UPDATE people_person SET category = 99 WHERE no = '321281000001'"},
	"a session of nobody":            {"people.references", "UPDATE people_session SET person = '321281-0000000000000000'"},
	"a role without an account":      {"people.references", "DELETE FROM people_account"},
	"a number of nobody":             {"people.unique", "UPDATE people_phone SET person = '321281-0000000000000000'"},
	"an identity number not kept":    {"people.unique", "UPDATE people_person SET idno = NULL"},
	"an account that cannot sign in": {"people.unique", "DELETE FROM people_login"},
}

func TestVerifyFindsWhatIsPlanted(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		live(t, c, clock)
		undo := errors.New("undone")
		for what, plant := range planted {
			err := c.Try(func(_ context.Context, tx *db.Tx) error {
				if _, err := tx.Exec(plant.sql); err != nil {
					return err
				}
				if k := verify(t, tx)[plant.check]; k.Broken == 0 || len(k.IDs) == 0 {
					t.Errorf("%s: %s does not find it: %+v", what, plant.check, k)
				}
				return undo
			})
			if !errors.Is(err, undo) {
				t.Fatalf("%s: %v", what, err)
			}
		}
	})
}

// secrets are what no table, file or log may hold in the clear.
var secrets = []string{"张玉兰", "13912345678", idno, "zhang.san", "1949-12-31", "周小雨"}

func TestNothingPersonalIsInTheClear(t *testing.T) {
	dsn := dbtest.DSN(t, db.SQLite)
	clock := dbtest.NewClock()
	d := dbtest.Reopen(t, dsn, db.Options{Now: clock.Now})
	c := peopletest.Plant(t, d)
	personal(t, c, d, clock)
	path := strings.TrimPrefix(dsn, "file:")
	files, err := filepath.Glob(path + "*")
	if err != nil {
		t.Fatal(err)
	}
	size := 0
	for _, f := range files {
		b, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		size += len(b)
		for _, s := range secrets {
			if bytes.Contains(b, []byte(s)) {
				t.Errorf("%s holds %q in the clear", filepath.Base(f), s)
			}
		}
	}
	if size < 100_000 {
		t.Fatalf("only %d bytes were looked at: %v", size, files)
	}
}

func TestNoTableHoldsAnythingPersonal(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, clock *dbtest.Clock) {
		c := peopletest.Plant(t, d)
		personal(t, c, d, clock)
		values := 0
		for _, table := range []string{"people_person", "people_phone", "people_idno", "people_ask", "people_token_hash", "people_has_skill", "people_member",
			"people_consent", "people_account", "people_login", "people_role", "people_code", "people_session", "people_reveal", "audit_entry", "ledger_fact",
			"jobs_job", "idem_key"} {
			values += dump(t, d, table)
		}
		if values < 200 {
			t.Errorf("only %d values were looked at", values)
		}
	})
}

// personal joins, registers, signs in, changes and reveals with what is in secrets.
func personal(t *testing.T, c *peopletest.City, d *db.DB, clock *dbtest.Clock) {
	t.Helper()
	factor(c, "false")
	in := c.Form("张玉兰", "13912345678")
	in.Birth, in.IDNo, in.Agreed.IDNumber = "1949", idno, true
	her := c.Join(in)
	c.Ward(her, "周小雨", "2008-05-01")
	admin := c.Staff("zhang.san", c.Station, auth.Admin)
	if _, err := signIn(t, c, "zhang.san", peopletest.Password); err != nil {
		t.Fatal(err)
	}
	signIn(t, c, "zhang.san", "wrong")
	clock.Add(time.Minute)
	comeIn(t, c, "13912345678", "phone", "")
	p := get(t, d, her.Person)
	c.Write(func(ctx context.Context, tx *db.Tx) error {
		_, _, err := people.Reveal(ctx, tx, c.Keys, admin, people.Look{Person: her.Person, Field: people.FieldIDNo, Purpose: "emergency"})
		return err
	})
	c.Write(func(ctx context.Context, tx *db.Tx) error {
		return people.Change(ctx, tx, c.Keys, her, her.Person, people.Edit{Rev: p.Rev, Name: "张玉兰", Contact: "13912345678", ContactOf: people.OwnNumber, Area: p.Area})
	})
	minor(c, "周小雨", "2005-05-01", "13912345678")
}

// dump looks at every value of a table and answers how many there were.
func dump(t *testing.T, d *db.DB, table string) (n int) {
	t.Helper()
	rows, err := d.Query(t.Context(), "SELECT * FROM "+table)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		row, into := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		for i, v := range row {
			n++
			text := fmt.Sprint(v)
			if b, ok := v.([]byte); ok {
				text = string(b) + hex.EncodeToString(b)
			}
			for _, s := range secrets {
				if strings.Contains(text, s) {
					t.Errorf("%s.%s holds %q", table, columns[i], s)
				}
			}
		}
	}
	return n
}
