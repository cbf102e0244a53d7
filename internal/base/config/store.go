package config

import (
	"context"
	"database/sql"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
)

// Load reads the settings in force: the defaults and what was changed.
func Load(ctx context.Context, r db.Reader) (Settings, error) {
	s := Defaults()
	rows, err := r.Query(ctx, `SELECT id, value FROM config_setting`)
	stored, err := db.Collect(rows, err, func(rows *sql.Rows) (kv [2]string, err error) {
		err = rows.Scan(&kv[0], &kv[1])
		return kv, err
	})
	if err != nil {
		return s, err
	}
	for _, kv := range stored {
		d, ok := DefinitionOf(kv[0])
		if !ok {
			continue // a later version's, or the fingerprints of the keys
		}
		if err := d.set(&s, kv[1]); err != nil {
			return s, fail.Wrap(err, fail.Unavailable, "config.damaged", "key", d.Key)
		}
	}
	return s, nil
}

// Save changes one setting. A value that its definition does not allow is refused at the
// field named like the setting. Who may, and the audit entry, are the caller's.
func Save(tx *db.Tx, key, value string) error {
	d, ok := DefinitionOf(key)
	if !ok {
		return fail.New(fail.NotFound, "config.unknown")
	}
	s := Defaults()
	if err := d.set(&s, value); err != nil {
		return err
	}
	return Put(tx, key, d.Value(s))
}

// Put stores a row of config_setting that is no setting of an operator's: a mark that
// another package of base keeps with the database. Settings go through [Save].
func Put(tx *db.Tx, key, value string) error {
	_, err := tx.Exec(`INSERT INTO config_setting (id, value) VALUES ($1, $2)
		ON CONFLICT (id) DO UPDATE SET value = excluded.value, rev = config_setting.rev + 1`, key, value)
	return err
}

// Add is [Put] for a row that nobody may have stored before; added is false when somebody has.
func Add(tx *db.Tx, key, value string) (added bool, err error) {
	n, err := tx.Exec(`INSERT INTO config_setting (id, value) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING`, key, value)
	return n == 1, err
}

// Get reads a row stored by [Put] or [Add]; "" where there is none.
func Get(ctx context.Context, r db.Reader, key string) (value string, err error) {
	err = r.QueryRow(ctx, `SELECT value FROM config_setting WHERE id = $1`, key).Scan(&value)
	if db.NoRows(err) {
		return "", nil
	}
	return value, err
}
