package crypt

import (
	"context"
	"encoding/json"
	"maps"

	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
)

// setting is where the database remembers the fingerprints of its keys.
const setting = "crypt.check"

// Attach opens the keys of a database. A database that never had any gets a new file, or
// takes the one that lies there; every other must find its own, or the start is refused in
// words (crypt.keys_missing, crypt.keys_wrong). A key added to the file is remembered too.
func Attach(ctx context.Context, d *db.DB, path string) (*Keys, error) {
	known, err := remembered(ctx, d)
	if err != nil {
		return nil, err
	}
	k, err := Open(path, known == nil)
	if err != nil {
		return nil, err
	}
	if !k.match(known) {
		return nil, wrong(path)
	}
	if len(known) == len(k.fingerprints) {
		return k, nil
	}
	return k, d.Write(ctx, func(tx *db.Tx) error { return k.remember(tx, path) })
}

// Check refuses keys that are not those of the database: for whoever only reads, and so
// cannot [Attach]. A database without keys matches any.
func (k *Keys) Check(ctx context.Context, r db.Reader, path string) error {
	known, err := remembered(ctx, r)
	if err == nil && !k.match(known) {
		err = wrong(path)
	}
	return err
}

func wrong(path string) error { return fail.New(fail.Unavailable, "crypt.keys_wrong", "path", path) }

func (k *Keys) match(known map[string]string) bool {
	for name, sum := range known {
		if k.fingerprints[name] != sum {
			return false
		}
	}
	return true
}

// remember stores the fingerprints. Two processes may start on one new database with two
// keys files: the second to commit finds the first's fingerprints and is refused.
func (k *Keys) remember(tx *db.Tx, path string) error {
	text, err := json.Marshal(k.fingerprints)
	if err != nil {
		return err
	}
	if added, err := config.Add(tx, setting, string(text)); added || err != nil {
		return err
	}
	known, err := remembered(tx.Context(), tx)
	if err != nil {
		return err
	}
	if !k.match(known) {
		return wrong(path)
	}
	all := maps.Clone(known)
	maps.Copy(all, k.fingerprints)
	if text, err = json.Marshal(all); err != nil {
		return err
	}
	return config.Put(tx, setting, string(text))
}

func remembered(ctx context.Context, r db.Reader) (known map[string]string, err error) {
	text, err := config.Get(ctx, r, setting)
	if err != nil || text == "" {
		return nil, err
	}
	return known, json.Unmarshal([]byte(text), &known)
}
