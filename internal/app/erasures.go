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
	l := erasures{d: a.DB, path: erasuresPath(a.keysPath)}
	for {
		if err := l.note(context.WithoutCancel(ctx)); err != nil {
			a.Log.Error("closed accounts are not listed beside the keys, will try again", "err", err)
		}
		select {
		case <-ctx.Done():
			if err := l.note(context.WithoutCancel(ctx)); err != nil {
				a.Log.Error("closed accounts are not listed beside the keys; the next start lists them", "err", err)
			}
			return
		case <-tick.C:
		}
	}
}

// erasures is the list, as it was read at the start and added to since.
type erasures struct {
	d     *db.DB
	path  string
	known map[people.Erasure]bool // nil: not read yet
	until int64                   // nothing closed before is missing from it
}

// note adds to the list what it does not have yet. After the first time it only asks for what was
// closed since.
func (l *erasures) note(ctx context.Context) error {
	if l.known == nil {
		listed, err := readErasures(l.path)
		if err != nil {
			return err
		}
		l.known = map[people.Erasure]bool{}
		for _, e := range listed {
			l.known[e] = true
		}
	}
	since, err := people.Erasures(ctx, l.d, l.until-1) // another may close in the same millisecond
	if err != nil {
		return err
	}
	var fresh []people.Erasure
	for _, e := range since {
		if !l.known[e] {
			fresh = append(fresh, e)
		}
	}
	if err := appendErasures(l.path, fresh); err != nil {
		return err
	}
	for _, e := range since {
		l.known[e], l.until = true, max(l.until, e.At)
	}
	return nil
}

// appendErasures adds lines to a list, and makes them last.
func appendErasures(path string, all []people.Erasure) error {
	if len(all) == 0 {
		return nil
	}
	var b bytes.Buffer
	b.WriteByte('\n') // what a crash cut off spoils its own line only
	w := json.NewEncoder(&b)
	for _, e := range all {
		if err := w.Encode(e); err != nil {
			return err
		}
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
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
