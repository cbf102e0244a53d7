package app_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"tongxin/internal/app"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/seed"
	"tongxin/internal/work/people"
)

// secrets are what is personal of everybody in a city, in the clear, with whose it is.
type secrets map[string]string

// secretsOf opens the sealed fields of everybody: names, contact numbers, identity numbers, login names, and the numbers of
// whoever answers for an organisation. Whom a machine's token stands for bears no name of a person, and is left out; days of
// birth are in the clear for minors, as the eighteenth birthday, on which a guardian's part ends, and are left out too.
// Nobody's address is asked for: where somebody lives is a division's code.
func secretsOf(t *testing.T, a *app.App, accounts []seed.Account) secrets {
	t.Helper()
	all := secrets{}
	for _, who := range ids(t, a.DB, "SELECT id FROM people_person WHERE name IS NOT NULL") {
		p, err := people.Get(t.Context(), a.DB, who)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range []people.Field{people.FieldName, people.FieldContact, people.FieldIDNo} {
			plain, err := p.Open(a.Keys, f)
			if err != nil {
				t.Fatal(err)
			}
			if plain != "" && (f != people.FieldName || !ascii(plain)) {
				all[plain] = string(who) + "'s " + string(f)
			}
		}
	}
	for _, o := range ids(t, a.DB, "SELECT id FROM org_org WHERE contact IS NOT NULL") {
		var sealed []byte
		err := a.DB.QueryRow(t.Context(), "SELECT contact FROM org_org WHERE home = $1 AND id = $2", o.Home(), o).Scan(&sealed)
		if err != nil {
			t.Fatal(err)
		}
		plain, err := a.Keys.OpenField("org_org", "contact", o, sealed)
		if err != nil {
			t.Fatal(err)
		}
		if plain != "" {
			all[plain] = string(o) + "'s contact"
		}
	}
	for _, c := range accounts {
		for _, plain := range []string{c.Phone, c.Password} {
			if plain != "" {
				all[plain] = string(c.Person) + "'s"
			}
		}
	}
	return all
}

func ascii(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return r > unicode.MaxASCII }) < 0
}

// in names whose secrets a text has, wherever they stand in it.
func (all secrets) in(text []byte) (found []string) {
	lengths := map[int]bool{}
	for s := range all {
		lengths[len(s)] = true
	}
	for i := range text {
		if !utf8.RuneStart(text[i]) {
			continue
		}
		for n := range lengths {
			if i+n <= len(text) {
				if whose, ok := all[string(text[i:i+n])]; ok {
					found = append(found, whose)
				}
			}
		}
	}
	return found
}

// dump is every row of every table, as a SELECT tells them.
func dump(t *testing.T, d *db.DB) []byte {
	t.Helper()
	tables, err := d.Tables(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	for _, table := range tables {
		rows, err := d.Query(t.Context(), "SELECT * FROM "+table.Name)
		if err != nil {
			t.Fatal(err)
		}
		row := make([]any, len(table.Columns))
		for i := range row {
			row[i] = new(any)
		}
		for rows.Next() {
			if err := rows.Scan(row...); err != nil {
				t.Fatal(err)
			}
			for _, v := range row {
				switch v := (*v.(*any)).(type) {
				case []byte:
					b.Write(v)
				default:
					fmt.Fprint(&b, v)
				}
				b.WriteByte('\n')
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

// unpacked is a backup without its compression.
func unpacked(t *testing.T, path string) []byte {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	z, err := gzip.NewReader(f)
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// TestNothingPersonalIsInTheClear: a dump of every table, the database's file, a backup, the log of a run and the metrics hold no
// name, telephone or identity number of anybody in the city.
func TestNothingPersonalIsInTheClear(t *testing.T) {
	dbtest.RunDSN(t, func(t *testing.T, dsn string) {
		dir := t.TempDir()
		keys, file := filepath.Join(dir, "keys"), filepath.Join(dir, "backup")
		made, err := seed.Run(t.Context(), seed.Options{DSN: dsn, Keys: keys, Scale: seed.Small, Seed: 2, Clock: dbtest.Start})
		if err != nil {
			t.Fatal(err)
		}
		var log bytes.Buffer
		a, err := app.Open(t.Context(), app.Config{DSN: dsn, Keys: keys, Now: dbtest.NewClock().Now, Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
		if err != nil {
			t.Fatal(err)
		}
		defer a.Close()
		all := secretsOf(t, a, made.Accounts)
		if len(all) < 500 {
			t.Fatalf("only %d secrets are known", len(all))
		}
		metrics := talk(t, a, all)
		if _, err := app.Backup(t.Context(), dsn, file); err != nil {
			t.Fatal(err)
		}
		texts := map[string][]byte{"a dump": dump(t, a.DB), "a backup": unpacked(t, file), "the log": log.Bytes(), "the metrics": metrics}
		if path, ok := strings.CutPrefix(dsn, "file:"); ok {
			for _, end := range []string{"", "-wal"} {
				if texts["the file"+end], err = os.ReadFile(path + end); err != nil {
					t.Fatal(err)
				}
			}
		}
		for what, text := range texts {
			if found := all.in(text); len(found) > 0 {
				t.Errorf("%s has %d of %d: %.10q", what, len(found), len(all), found)
			}
			if len(text) < 500 {
				t.Errorf("%s is only %d bytes: it was not read", what, len(text))
			}
		}
		if found := all.in([]byte("x" + made.Accounts[0].Name + "y")); len(found) != 1 {
			t.Errorf("a name in the clear was not found: %v", found)
		}
	})
}

// talk says to the site what is personal of some, in every place where it takes it from somebody who has not signed in, and
// from a machine; it gives the metrics.
func talk(t *testing.T, a *app.App, all secrets) []byte {
	t.Helper()
	secret, err := a.Token(t.Context(), "320000", "admin", "a machine")
	if err != nil {
		t.Fatal(err)
	}
	send := func(method, path, body, kind string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		if kind != "" {
			r.Header.Set("Content-Type", kind)
		}
		r.Header.Set("Authorization", "Bearer "+secret)
		r.Header.Set("User-Agent", "talk")
		w := httptest.NewRecorder()
		a.Handler().ServeHTTP(w, r)
		return w
	}
	const typed, json = "application/x-www-form-urlencoded", "application/json"
	shift := ids(t, a.DB, "SELECT id FROM roster_shift WHERE state = 'open' ORDER BY id LIMIT 1")[0]
	n := 0
	for plain := range all {
		if n++; n > 12 {
			break
		}
		q := url.QueryEscape(plain)
		send("POST", "/sign-in/code", "phone="+q+"&code=000000&next=%2F", typed)
		send("POST", "/sign-in", "phone="+q+"&next=%2F%3Fq%3D"+q, typed)
		send("POST", "/desk/sign-in", "login="+q+"&password="+q, typed)
		send("POST", "/join", "name="+q+"&contact="+q, typed)
		send("GET", "/desk/people?q="+q, "", "")
		send("GET", "/activities?q="+q+"&after="+q, "", "")
		send("GET", "/"+q, "", "")
		send("GET", "/api/v1/volunteers?after="+q+"&name="+q, "", "")
		send("POST", "/api/v1/shifts/"+string(shift)+"/signups", `{"volunteer":"`+plain+`","unit":"`+plain+`"}`, json)
		send("DELETE", "/api/v1/shifts/"+string(shift)+"/signups/"+url.PathEscape(plain), `{"reason":"`+plain+`"}`, json)
	}
	return send("GET", "/metrics", "", "").Body.Bytes()
}
