package config_test

import (
	"reflect"
	"testing"
	"time"

	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
)

func save(t *testing.T, d *db.DB, key, value string) error {
	t.Helper()
	return d.Write(t.Context(), func(tx *db.Tx) error { return config.Save(tx, key, value) })
}

func TestSaveAndLoad(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		want := config.Defaults()
		if s, err := config.Load(t.Context(), d); err != nil || !reflect.DeepEqual(s, want) {
			t.Fatalf("nothing changed: %+v, %v", s, err)
		}
		for _, kv := range [][2]string{{"roster.offer_for", "45"}, {"roster.offer_for", "６０"}, {"activity.risky_services", ""}} {
			if err := save(t, d, kv[0], kv[1]); err != nil {
				t.Fatalf("%s = %q: %v", kv[0], kv[1], err)
			}
		}
		want.OfferFor, want.RiskyServices = time.Hour, []string{}
		if s, err := config.Load(t.Context(), d); err != nil || !reflect.DeepEqual(s, want) {
			t.Errorf("got  %+v, %v\nwant %+v", s, err, want)
		}
	})
}

func TestSaveRefuses(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		err := save(t, d, "roster.offer_for", "0")
		if f := fail.Fields(err); len(f) != 1 || f[0].Field != "roster.offer_for" {
			t.Errorf("out of bounds: %v", err)
		}
		for _, key := range []string{"roster.nothing", "crypt.check", ""} {
			if err := save(t, d, key, "1"); fail.Key(err) != "config.unknown" {
				t.Errorf("setting %q: %v", key, err)
			}
		}
		if s, err := config.Load(t.Context(), d); err != nil || !reflect.DeepEqual(s, config.Defaults()) {
			t.Errorf("refused and yet stored: %+v, %v", s, err)
		}
	})
}

func TestLoadNamesADamagedSetting(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		put := func(key, value string) {
			if err := d.Write(t.Context(), func(tx *db.Tx) error { return config.Put(tx, key, value) }); err != nil {
				t.Fatal(err)
			}
		}
		put("some.later_version", "x")
		if _, err := config.Load(t.Context(), d); err != nil {
			t.Errorf("an unknown setting: %v", err)
		}
		put("people.lock_after", "many")
		_, err := config.Load(t.Context(), d)
		if fail.Key(err) != "config.damaged" || !reflect.DeepEqual(fail.Args(err), []any{"key", "people.lock_after"}) {
			t.Errorf("a damaged one: %v", err)
		}
	})
}

func TestMarks(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		add := func(value string) (added bool) {
			err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
				added, err = config.Add(tx, "a.mark", value)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return added
		}
		if v, err := config.Get(t.Context(), d, "a.mark"); v != "" || err != nil {
			t.Errorf("no mark: %q, %v", v, err)
		}
		if !add("1") || add("2") {
			t.Error("a mark is added once")
		}
		if v, err := config.Get(t.Context(), d, "a.mark"); v != "1" || err != nil {
			t.Errorf("the mark: %q, %v", v, err)
		}
	})
}

// Commands load the settings in their own transaction, so this is a part of each sign-up.
func BenchmarkLoad(b *testing.B) {
	d, _ := dbtest.Open(b, db.SQLite)
	err := d.Write(b.Context(), func(tx *db.Tx) error {
		for _, kv := range [][2]string{{"roster.offer_for", "45"}, {"people.lock_after", "4"}} {
			if err := config.Save(tx, kv[0], kv[1]); err != nil {
				return err
			}
		}
		for b.Loop() {
			if _, err := config.Load(tx.Context(), tx); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
}
