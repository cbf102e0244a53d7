package intake

import (
	"context"
	"errors"
	"slices"
	"strings"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/jobs"
	"tongxin/internal/base/sheet"
	"tongxin/internal/work/org"
)

// readChunk is how many rows are stored at a time.
const readChunk = 100

// checker reads the rows of one batch, one turn long, and says what is wrong with them.
type checker struct {
	w     *worker
	keys  *crypt.Keys
	r     db.Reader
	b     Batch
	list  list
	actor auth.Actor
	today string
	seen  map[[16]byte]int64 // marks of this file, to the line
	ahead map[string]bool    // organisations that the file itself founds above
	own   *org.Org           // the batch's
	names *nameBook
	words *volunteerWords
	days  map[string][]turn // of attendance
	rows  []Row             // not yet stored
}

// read reads on in a batch's file.
func (w *worker) read(ctx context.Context, j jobs.Job) error {
	b, err := get(ctx, w.d, j.Ref)
	if err != nil || b.State != Reading {
		return err
	}
	actor, err := actorOf(ctx, w.d, b)
	if err != nil {
		return err
	}
	c := &checker{w: w, keys: w.keys, r: w.d, b: b, list: lists[b.Kind], actor: actor, today: db.Day(w.d.Now())}
	over, err := c.turn(ctx)
	var wrong *fail.Error
	if errors.As(err, &wrong) && wrong.Kind == fail.Invalid {
		return c.refuse(ctx, err)
	}
	switch {
	case err != nil:
		return err
	case over:
		return c.finish(ctx)
	}
	return w.again(ctx, jobRead, b.ID)
}

// turn reads up to so many rows beyond those that are stored; it answers whether all are.
func (c *checker) turn(ctx context.Context) (over bool, err error) {
	file, err := c.w.open(ctx, c.b)
	if err != nil {
		return false, err
	}
	c.seen, c.ahead = file.seen, file.ahead
	until := c.w.d.Now().Add(longTurn)
	for n := 0; n < c.w.per && c.w.d.Now().Before(until); n++ {
		rec, err, more := file.next()
		switch {
		case err != nil:
			file.stop()
			return false, err
		case !more:
			return true, c.end(ctx, file)
		}
		if err := c.take(ctx, rec); err != nil {
			file.stop()
			return false, err
		}
		file.n++
	}
	if err := c.store(ctx); err != nil {
		file.stop()
		return false, err
	}
	c.w.kept.put(c.b.ID, file, c.w.d.Now())
	return false, nil
}

// end stores the last rows and says what was found beside them.
func (c *checker) end(ctx context.Context, file *reading) error {
	file.stop()
	c.b.Told = Told{}
	for _, t := range file.tables {
		c.b.Told.add(t)
	}
	return c.store(ctx)
}

func (t *Told) add(table *sheet.Table) {
	if table.Sheet != "" {
		t.Sheets = append(t.Sheets, table.Sheet)
	}
	for _, name := range table.Unknown {
		if !slices.Contains(t.Unknown, name) && len(t.Unknown) < 20 {
			t.Unknown = append(t.Unknown, name)
		}
	}
	t.Totals += table.Passed.Totals
	t.Footers += table.Passed.Footers
	t.Rows += table.Passed.HiddenRows
	t.Columns += table.Passed.HiddenColumns
}

// take checks a row and keeps it for the next store.
func (c *checker) take(ctx context.Context, rec sheet.Record) error {
	row := Row{N: c.b.Total + int64(len(c.rows)) + 1, Line: int64(rec.N), State: Good, Body: Body{Cells: map[string]string{}, Values: map[string]string{}}}
	c.list.parse(&row.Body, rec, c.today)
	if err := c.list.check(ctx, c, &row.Body); err != nil {
		return err
	}
	if err := c.judge(ctx, &row); err != nil {
		return err
	}
	c.rows = append(c.rows, row)
	if len(c.rows) >= readChunk {
		return c.store(ctx)
	}
	return nil
}

// judge says in which state a row is, and marks it.
func (c *checker) judge(ctx context.Context, row *Row) error {
	parts := append([]string{string(c.b.Kind)}, c.list.mark(c.b, row.Body)...)
	row.mark = c.keys.Hash("intake.row", strings.Join(parts, "\x00"))
	if len(row.Faults) > 0 {
		row.State = Bad
		return nil
	}
	key := [16]byte(row.mark)
	if line, twice := c.seen[key]; twice {
		row.State, row.Faults = Same, []Fault{{Key: "intake.twice", Args: []any{"line", line}}}
		return nil
	}
	c.seen[key] = row.Line
	made, err := marked(ctx, c.r, c.b.Home, row.mark)
	if err == nil && made == "" && c.list.known != nil {
		made, err = c.list.known(ctx, c, row.Body)
	}
	if made != "" {
		row.State, row.Made, row.Faults = Same, made, []Fault{{Key: "intake.there_already"}}
	}
	return err
}

// store writes the rows that were checked, and how far it has come.
func (c *checker) store(ctx context.Context) error {
	if len(c.rows) == 0 {
		return nil
	}
	b := c.b
	for _, r := range c.rows {
		switch r.State {
		case Good:
			b.Good++
		case Bad:
			b.Bad++
		default:
			b.Same++
		}
	}
	b.Total += int64(len(c.rows))
	b.At = b.Total
	err := c.w.d.Write(ctx, func(tx *db.Tx) error {
		for _, r := range c.rows {
			r.ID = tx.NewID(b.Home)
			r.body = sealRow(c.keys, r.ID, r.Body)
			if err := insertRow(tx, b.ID, r); err != nil {
				return err
			}
		}
		return saveBatch(tx, b)
	})
	if err != nil {
		return err
	}
	c.b, c.rows = b, c.rows[:0]
	c.b.Rev++
	return nil
}

func (c *checker) finish(ctx context.Context) error {
	b := c.b
	b.State = Checked
	if b.Total == 0 {
		b.State, b.Told.Refused = Refused, &Fault{Key: "intake.no_rows"}
	}
	return c.w.d.Write(ctx, func(tx *db.Tx) error { return b.step(tx, c.actor, "intake.checked", "") })
}

// refuse keeps why a file cannot be read. What was read of it stays unseen and is deleted.
func (c *checker) refuse(ctx context.Context, err error) error {
	b := c.b
	b.State, b.Told = Refused, Told{Refused: &Fault{Key: fail.Key(err), Args: fail.Args(err)}}
	return c.w.d.Write(ctx, func(tx *db.Tx) error { return b.step(tx, c.actor, "intake.refused", JobPurge) })
}
