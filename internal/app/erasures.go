package app

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"time"

	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/work/people"
)

// eraseEvery is the longest that the closing of an account waits to be written beside the data.
const eraseEvery = 10 * time.Second

// erasuresPath is where the accounts that were closed are listed, by their ids: beside the keys, not
// in the database, so that a backup from before can be told of them when it is restored.
func erasuresPath(keys string) string { return keys + ".erasures" }

// erasing keeps the list until ctx ends, and once more then.
func (a *App) erasing(ctx context.Context) {
	tick := time.NewTicker(eraseEvery)
	defer tick.Stop()
	for {
		if err := a.noteErasures(context.WithoutCancel(ctx)); err != nil {
			a.Log.Error("closed accounts are not listed beside the keys, will try again", "err", err)
		}
		select {
		case <-ctx.Done():
			if err := a.noteErasures(context.WithoutCancel(ctx)); err != nil {
				a.Log.Error("closed accounts are not listed beside the keys; the next start lists them", "err", err)
			}
			return
		case <-tick.C:
		}
	}
}

// noteErasures adds to the list what it does not have yet.
func (a *App) noteErasures(ctx context.Context) error {
	listed, err := readErasures(erasuresPath(a.keysPath))
	if err != nil {
		return err
	}
	known := map[people.Erasure]bool{}
	for _, e := range listed {
		known[e] = true
	}
	all, err := people.Erasures(ctx, a.DB, 0)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	w := json.NewEncoder(&b)
	for _, e := range all {
		if !known[e] {
			err = errors.Join(err, w.Encode(e))
		}
	}
	if err != nil || b.Len() == 0 {
		return err
	}
	f, err := os.OpenFile(erasuresPath(a.keysPath), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	_, err = f.Write(b.Bytes())
	return errors.Join(err, f.Sync(), f.Close())
}

// readErasures reads a list; one that is not there is empty. A line that a crash cut is left out:
// it is written again.
func readErasures(path string) (all []people.Erasure, err error) {
	f, err := os.Open(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fail.Wrap(err, fail.Unavailable, "app.erasures_unreadable", "file", path)
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		var e people.Erasure
		if json.Unmarshal(lines.Bytes(), &e) == nil && e.Person != "" {
			all = append(all, e)
		}
	}
	return all, lines.Err()
}

// erasuresFor reads the list that was named, which must be there, or the one beside the keys.
func erasuresFor(c Config, list string) ([]people.Erasure, error) {
	if list != "" {
		if _, err := os.Stat(list); err != nil {
			return nil, fail.Wrap(err, fail.Invalid, "app.erasures_unreadable", "file", list)
		}
		return readErasures(list)
	}
	keys, err := crypt.Path(c.DSN, c.Keys)
	if err != nil {
		return nil, err
	}
	return readErasures(erasuresPath(keys))
}

// eraseAgain closes, in a database just restored, the accounts that were closed after its backup. It
// needs the keys only where there are some.
func eraseAgain(ctx context.Context, c Config, all []people.Erasure) (err error) {
	if len(all) == 0 {
		return nil
	}
	a, err := Open(ctx, c)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { return people.EraseAgain(ctx, tx, all) }); err != nil {
		return err
	}
	return errors.Join(a.Jobs.RunDue(ctx), a.Seal(ctx))
}
