package db_test

import (
	"errors"
	"fmt"
	"testing"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
)

// numbers is a participant that numbers what closures insert, and keeps the last number in
// db_counter.
type numbers struct {
	last   int64
	refuse func(taken int64) error // asked before the commit
	start  int64
}

func (n *numbers) Begin(tx *db.Tx) error {
	err := tx.QueryRow(tx.Context(), "SELECT value FROM db_counter WHERE name = 'numbers'").Scan(&n.last)
	if db.NoRows(err) {
		n.last, err = 0, nil
	}
	n.start = n.last
	return err
}

func (n *numbers) Mark() any        { return n.last }
func (n *numbers) Restore(mark any) { n.last = mark.(int64) }

func (n *numbers) Finish(tx *db.Tx) error {
	if n.refuse != nil {
		if err := n.refuse(n.last - n.start); err != nil {
			return err
		}
	}
	_, err := tx.Exec(`INSERT INTO db_counter (name, value) VALUES ('numbers', $1)
		ON CONFLICT (name) DO UPDATE SET value = excluded.value`, n.last)
	return err
}

// number inserts a row under the next number.
func number(tx *db.Tx) error {
	n := tx.Batch("numbers").(*numbers)
	n.last++
	_, err := tx.Exec("INSERT INTO config_setting (id, value) VALUES ($1, '')", fmt.Sprint(n.last))
	return err
}

// checkNumbers wants 1 to n without a gap, and the head at n.
func checkNumbers(t *testing.T, d *db.DB, n int64) {
	t.Helper()
	var rows, last, head int64
	err := d.QueryRow(t.Context(), `SELECT COUNT(*), MAX(CAST(id AS BIGINT)),
		(SELECT value FROM db_counter WHERE name = 'numbers') FROM config_setting`).Scan(&rows, &last, &head)
	if err != nil || rows != n || last != n || head != n {
		t.Errorf("%d rows, the last is %d, the head %d, want %d, %v", rows, last, head, n, err)
	}
}

func TestBatcherLeavesNoGaps(t *testing.T) {
	d, _ := dbtest.Open(t, db.SQLite)
	d.Join("numbers", &numbers{})
	write(t, d, number)
	var closures []func(tx *db.Tx) error
	for i := range 30 {
		closures = append(closures, func(tx *db.Tx) error {
			if err := number(tx); err != nil {
				return err
			}
			switch i % 3 {
			case 0:
				return errors.New("undone")
			case 1:
				panic("undone")
			}
			return number(tx)
		})
	}
	before := d.Commits()
	batch(t, d, closures...)
	checkNumbers(t, d, 21)
	if commits := d.Commits() - before; commits > 2 {
		t.Errorf("%d commits", commits)
	}
}

func TestBatcherThroughAReplay(t *testing.T) {
	d, _ := dbtest.Open(t, db.SQLite)
	d.Join("numbers", &numbers{})
	var closures []func(tx *db.Tx) error
	for i := range 10 {
		closures = append(closures, func(tx *db.Tx) error {
			if err := number(tx); err != nil {
				return err
			}
			if i == 7 {
				_, err := tx.Exec("INSERT OR ROLLBACK INTO config_setting (id, value) VALUES ('1', '')")
				return err
			}
			return nil
		})
	}
	batch(t, d, closures...)
	checkNumbers(t, d, 9)
}

// A participant that cannot finish undoes the batch, as a commit that fails does.
func TestBatcherCannotFinish(t *testing.T) {
	d, _ := dbtest.Open(t, db.SQLite)
	tooMany, odd := errors.New("too many for one commit"), errors.New("never three")
	d.Join("numbers", &numbers{refuse: func(taken int64) error {
		switch {
		case taken == 3:
			return odd
		case taken > 1:
			return tooMany
		}
		return nil
	}})
	three := func(tx *db.Tx) error { return errors.Join(number(tx), number(tx), number(tx)) }
	for i, err := range batch(t, d, number, number, three, number) {
		if i == 2 && !errors.Is(err, odd) || i != 2 && err != nil {
			t.Errorf("%d: %v", i, err)
		}
	}
	checkNumbers(t, d, 3)
}

// silent takes part in the commits of every database that these tests open from then on,
// and keeps out of their way.
type silent struct{ numbers }

func (*silent) Begin(*db.Tx) error  { return nil }
func (*silent) Finish(*db.Tx) error { return nil }

func TestRegisteredBatchers(t *testing.T) {
	db.Register("test.registered", func() db.Batcher { return &silent{} })
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		other, _ := dbtest.Open(t, d.Engine())
		var here, there db.Batcher
		write(t, d, func(tx *db.Tx) error { here = tx.Batch("test.registered"); return nil })
		write(t, other, func(tx *db.Tx) error { there = tx.Batch("test.registered"); return nil })
		if want := d.Engine() == db.SQLite; (here != nil) != want || (there != nil) != want || want && here == there {
			t.Errorf("%v, %v", here, there)
		}
		write(t, d, func(tx *db.Tx) error {
			if tx.Batch("unknown") != nil {
				t.Error("an unknown one")
			}
			return nil
		})
	})
}
