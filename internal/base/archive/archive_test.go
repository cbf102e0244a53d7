package archive_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"math"
	"slices"
	"testing"

	"tongxin/internal/base/archive"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
)

const (
	her  = "321281-01jd3k8zq4w7c2xv"
	root = 320000000000
)

// fillWith writes rows of every type that columns have, with their edges: a setting without
// words, a key that is NULL, bytes that are none.
func fillWith(t *testing.T, d *db.DB) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) error {
		for _, s := range []struct {
			q    string
			args []any
		}{
			{"INSERT INTO area_area (code, name, level, parent) VALUES ($1, '𠮷 ''quoted'' \"x\"', 0, 0)", []any{int64(root)}},
			{"INSERT INTO jobs_job (home, id, kind, key, ref, args, at) VALUES ('000000', 'a', 'k', NULL, '', '{}', 0)", nil},
			{"INSERT INTO config_setting (id, value) VALUES ('empty', '')", nil},
			{"INSERT INTO db_counter (name, value) VALUES ('most', $1), ('least', $2)", []any{int64(math.MaxInt64), int64(math.MinInt64)}},
			{"INSERT INTO idem_key (home, actor, key, request, status, ref, at) VALUES ('321281', $1, 'k', $2, 201, '', 1)", []any{her, []byte{0, 255, '\n'}}},
			{"INSERT INTO idem_key (home, actor, key, request, status, ref, at) VALUES ('321281', $1, 'none', $2, 201, '', 1)", []any{her, []byte{}}},
		} {
			if _, err := tx.Exec(s.q, s.args...); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func take(t *testing.T, d *db.DB) ([]byte, archive.Summary) {
	t.Helper()
	var b bytes.Buffer
	s, err := archive.Write(t.Context(), d, &b)
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), s
}

// blank is a database without a table.
func blank(t *testing.T, e db.Engine) *db.DB {
	t.Helper()
	if e == db.SQLite {
		return dbtest.Reopen(t, "file:"+t.TempDir()+"/new.db", db.Options{})
	}
	return dbtest.Reopen(t, dbtest.DSN(t, e), db.Options{}) // of nothing but empty tables
}

func TestWhatIsTakenFromOneEngineFillsTheOther(t *testing.T) {
	for _, from := range dbtest.Engines {
		source, _ := dbtest.Open(t, from)
		fillWith(t, source)
		file, want := take(t, source)
		if want.Rows() != 7 {
			t.Errorf("%d rows", want.Rows())
		}
		for _, to := range dbtest.Engines {
			target := blank(t, to)
			got, err := archive.Load(t.Context(), target, bytes.NewReader(file))
			if err != nil || !slices.Equal(got.Parts, want.Parts) {
				t.Fatalf("%s to %s: %v\n%v\n%v", from, to, err, got, want)
			}
			parts, err := archive.Parts(t.Context(), target)
			if err != nil || len(parts) != len(want.Parts) {
				t.Fatalf("%d parts, %v", len(parts), err)
			}
			for _, p := range want.Parts {
				if !slices.Contains(parts, p) {
					t.Errorf("%s to %s: %s is not what it was", from, to, p.Table)
				}
			}
			if err := target.CheckSchema(t.Context()); err != nil {
				t.Error(err)
			}
		}
	}
}

func TestADatabaseThatHoldsSomethingIsLeftAlone(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		fillWith(t, d)
		file, _ := take(t, d)
		before, _ := archive.Parts(t.Context(), d)
		if _, err := archive.Load(t.Context(), d, bytes.NewReader(file)); fail.Key(err) != "archive.not_empty" {
			t.Errorf("%v", err)
		}
		if after, _ := archive.Parts(t.Context(), d); !slices.Equal(before, after) {
			t.Error("it was written to")
		}
	})
}

// Any byte that changed and any end that came early are noticed, and nothing of such an archive
// is kept.
func TestEveryAlteredByteIsNoticed(t *testing.T) {
	source, _ := dbtest.Open(t, db.SQLite)
	fillWith(t, source)
	file, _ := take(t, source)
	plain := unpack(t, file)
	for i := range file {
		bad := slices.Clone(file)
		bad[i] ^= 0x10
		// A few bits of a gzip stream mean nothing: its time, what fills its last byte up.
		if _, err := archive.Check(bytes.NewReader(bad)); err == nil && !bytes.Equal(unpack(t, bad), plain) {
			t.Errorf("byte %d of %d: not noticed", i, len(file))
		}
		if _, err := archive.Check(bytes.NewReader(file[:i])); fail.Key(err) != "archive.damaged" {
			t.Errorf("cut to %d: %v", i, err)
		}
	}
	if _, err := archive.Check(bytes.NewReader(append(slices.Clone(file), 0))); err == nil {
		t.Error("what follows is not noticed")
	}
	for i := len(plain) / 3; i < len(plain); i += 97 {
		bad := slices.Clone(plain)
		bad[i] ^= 1
		packed := pack(t, bad)
		if _, err := archive.Check(bytes.NewReader(packed)); err == nil {
			t.Errorf("unpacked byte %d: not noticed", i)
		}
	}
	for _, e := range dbtest.Engines {
		target := blank(t, e)
		bad := slices.Clone(plain)
		bad[len(bad)-1] ^= 1 // all rows are well, and the whole is not
		if _, err := archive.Load(t.Context(), target, bytes.NewReader(pack(t, bad))); fail.Key(err) != "archive.damaged" {
			t.Errorf("%s: %v", e, err)
		}
		if empty, err := archive.Empty(t.Context(), target); err != nil || !empty {
			t.Errorf("%s: something was kept, %v", e, err)
		}
		if _, err := archive.Load(t.Context(), target, bytes.NewReader(file)); err != nil {
			t.Errorf("%s: a good one afterwards: %v", e, err)
		}
	}
}

// A reference into nowhere is refused on both engines,.
func TestReferencesAreChecked(t *testing.T) {
	source, _ := dbtest.Open(t, db.SQLite)
	fillWith(t, source)
	file, _ := take(t, source)
	for _, e := range dbtest.Engines {
		target := blank(t, e)
		if err := target.Migrate(t.Context()); err != nil {
			t.Fatal(err)
		}
		tables, err := target.Tables(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		at := slices.IndexFunc(tables, func(x db.Table) bool { return x.Name == "roster_shift" })
		err = target.Fill(t.Context(), func(f *db.Filler) error {
			_, err := f.Table(t.Context(), tables[at], func(yield func([]any, error) bool) {
				row := make([]any, len(tables[at].Columns))
				for i, c := range tables[at].Columns {
					row[i] = map[db.Type]any{db.Int: int64(1), db.Text: "x", db.Bool: true, db.Bytes: []byte{}}[c.Type]
				}
				yield(row, nil)
			})
			return err
		})
		if err == nil {
			t.Errorf("%s: a shift of no activity was taken", e)
		}
		if _, err := archive.Load(t.Context(), target, bytes.NewReader(file)); err != nil {
			t.Errorf("%s: %v", e, err)
		}
	}
}

// Tables come after those that they refer to.
func TestTablesComeInOrder(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		tables, err := d.Tables(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		at := func(name string) int {
			return slices.IndexFunc(tables, func(x db.Table) bool { return x.Name == name })
		}
		for _, pair := range [][2]string{{"area_area", "org_org"}, {"org_org", "org_position"}, {"activity_activity", "activity_post"}, {"activity_activity", "roster_shift"}} {
			if at(pair[0]) < 0 || at(pair[0]) > at(pair[1]) {
				t.Errorf("%s at %d, %s at %d", pair[0], at(pair[0]), pair[1], at(pair[1]))
			}
		}
	})
}

func unpack(t *testing.T, file []byte) []byte {
	t.Helper()
	r, err := gzip.NewReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return plain
}

func pack(t testing.TB, plain []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// FuzzCheck: whatever it is given, it answers in words and does not take all memory.
func FuzzCheck(f *testing.F) {
	const head = "tongxin archive 1\n{\"schema\":1,\"taken\":\"2020-02-28T14:26:00Z\"}\n"
	f.Add([]byte(head))
	f.Add([]byte(head + "T{\"name\":\"a\",\"columns\":[{\"name\":\"x\",\"type\":\"t\"}]}\nR\x02\xff\xff\xff\x7fabc"))
	f.Add([]byte(head + "T{\"name\":\"a\",\"columns\":[]}\nE{\"table\":\"a\",\"rows\":0,\"digest\":\"\"}\nZ"))
	f.Fuzz(func(t *testing.T, plain []byte) {
		if _, err := archive.Check(bytes.NewReader(pack(t, plain))); err != nil && fail.KindOf(err) == fail.Internal {
			t.Errorf("%v", err)
		}
	})
}
