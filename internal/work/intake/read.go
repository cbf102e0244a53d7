package intake

import (
	"context"
	"database/sql"
	"encoding/json"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/org"
)

// get reads a batch, whoever asks.
func get(ctx context.Context, r db.Reader, batch id.ID) (Batch, error) {
	b, err := scanBatch(r.QueryRow(ctx, "SELECT "+batchColumns+" FROM intake_batch b WHERE b.home = $1 AND b.id = $2", batch.Home(), batch))
	if db.NoRows(err) {
		err = fail.New(fail.NotFound, "intake.unknown")
	}
	return b, err
}

// Get reads a batch for one who may bring lists for its organisation.
func Get(ctx context.Context, r db.Reader, actor auth.Actor, batch id.ID) (Batch, error) {
	b, err := get(ctx, r, batch)
	if err != nil {
		return b, err
	}
	if err := org.Permit(ctx, r, actor, b.Org, bringers...); err != nil {
		return Batch{}, fail.New(fail.NotFound, "intake.unknown")
	}
	return b, nil
}

// List answers the latest batches for an organisation and those below it, newest first.
func List(ctx context.Context, r db.Reader, actor auth.Actor, at id.ID, limit int) ([]Batch, error) {
	if err := org.Permit(ctx, r, actor, at, bringers...); err != nil {
		return nil, err
	}
	rows, err := r.Query(ctx, `/* across homes: a subtree may span homes */
		SELECT `+batchColumns+` FROM intake_batch b JOIN org_org g ON g.id = b.org JOIN org_under n ON n.position = g.position
		JOIN org_org top ON top.position = n.ancestor WHERE top.id = $1 ORDER BY b.created DESC, b.id DESC LIMIT $2`, at, limit)
	return db.Collect(rows, err, scanBatches)
}

// FileName is what the file was called.
func (b Batch) FileName(keys *crypt.Keys) (string, error) {
	return keys.OpenField("intake_batch", "name", b.ID, b.name)
}

func sealRow(keys *crypt.Keys, row id.ID, b Body) []byte {
	return keys.Seal("intake_row", "body", row, b.text())
}

func (r *Row) open(keys *crypt.Keys) error {
	text, err := keys.OpenField("intake_row", "body", r.ID, r.body)
	if err != nil || text == "" {
		return err
	}
	return json.Unmarshal([]byte(text), &r.Body)
}

const rowColumns = "id, n, line, state, made, body, mark"

func scanRow(rows *sql.Rows) (r Row, err error) {
	err = rows.Scan(&r.ID, &r.N, &r.Line, &r.State, &r.Made, &r.body, &r.mark)
	return r, err
}

// rowsIn reads rows in a state, after one, in order.
func rowsIn(ctx context.Context, r db.Reader, batch id.ID, state RowState, after int64, limit int) ([]Row, error) {
	rows, err := r.Query(ctx, "SELECT "+rowColumns+" FROM intake_row WHERE home = $1 AND batch = $2 AND state = $3 AND n > $4 ORDER BY n LIMIT $5",
		batch.Home(), batch, state, after, limit)
	return db.Collect(rows, err, scanRow)
}

// rowsBack reads rows in a state from the last on.
func rowsBack(ctx context.Context, r db.Reader, batch id.ID, state RowState, before int64, limit int) ([]Row, error) {
	rows, err := r.Query(ctx, "SELECT "+rowColumns+" FROM intake_row WHERE home = $1 AND batch = $2 AND state = $3 AND n < $4 ORDER BY n DESC LIMIT $5",
		batch.Home(), batch, state, before, limit)
	return db.Collect(rows, err, scanRow)
}

// Rows reads a page of rows in a state, for one who may read the batch.
func Rows(ctx context.Context, r db.Reader, keys *crypt.Keys, b Batch, state RowState, after int64, limit int) ([]Row, error) {
	rows, err := rowsIn(ctx, r, b.ID, state, after, limit)
	for i := range rows {
		if err == nil {
			err = rows[i].open(keys)
		}
	}
	return rows, err
}

// allRows reads rows whatever their state.
func allRows(ctx context.Context, r db.Reader, batch id.ID, after int64, limit int) ([]Row, error) {
	rows, err := r.Query(ctx, "SELECT "+rowColumns+" FROM intake_row WHERE home = $1 AND batch = $2 AND n > $3 ORDER BY n LIMIT $4",
		batch.Home(), batch, after, limit)
	return db.Collect(rows, err, scanRow)
}

// marksOf are the marks of the rows that were read so far, to their lines.
func marksOf(ctx context.Context, r db.Reader, batch id.ID) (map[[16]byte]int64, error) {
	rows, err := r.Query(ctx, "SELECT mark, line FROM intake_row WHERE home = $1 AND batch = $2", batch.Home(), batch)
	seen := map[[16]byte]int64{}
	_, err = db.Collect(rows, err, func(rows *sql.Rows) (struct{}, error) {
		var mark []byte
		var line int64
		err := rows.Scan(&mark, &line)
		if len(mark) == 16 {
			seen[[16]byte(mark)] = line
		}
		return struct{}{}, err
	})
	return seen, err
}

// tally counts the rows of a batch by state.
func tally(ctx context.Context, r db.Reader, b *Batch) error {
	rows, err := r.Query(ctx, "SELECT state, COUNT(*) FROM intake_row WHERE home = $1 AND batch = $2 GROUP BY state", b.Home, b.ID)
	b.Good, b.Bad, b.Same, b.Made, b.Failed, b.Undone, b.Kept = 0, 0, 0, 0, 0, 0, 0
	to := map[RowState]*int64{Good: &b.Good, Bad: &b.Bad, Same: &b.Same, Made: &b.Made, Failed: &b.Failed, Back: &b.Undone, Kept: &b.Kept}
	_, err = db.Collect(rows, err, func(rows *sql.Rows) (struct{}, error) {
		var s RowState
		var n int64
		err := rows.Scan(&s, &n)
		if to[s] != nil {
			*to[s] = n
		}
		return struct{}{}, err
	})
	return err
}

func pieceAt(ctx context.Context, r db.Reader, batch id.ID, n int) (piece id.ID, body []byte, err error) {
	err = r.QueryRow(ctx, "SELECT id, body FROM intake_piece WHERE home = $1 AND batch = $2 AND n = $3", batch.Home(), batch, n).Scan(&piece, &body)
	if db.NoRows(err) {
		return "", nil, nil
	}
	return piece, body, err
}

// stale are batches of which something is to be deleted.
func stale(ctx context.Context, r db.Reader, now int64) ([]Batch, error) {
	rows, err := r.Query(ctx, `/* across homes: what is old goes everywhere */
		SELECT `+batchColumns+` FROM intake_batch b WHERE NOT b.purged AND (b.state IN ('dropped', 'refused')
			OR b.state = 'checked' AND b.created < $1 OR b.state IN ('done', 'undone') AND b.ended < $2) ORDER BY b.created LIMIT 20`,
		now-keepChecked.Milliseconds(), now-keepRows.Milliseconds())
	return db.Collect(rows, err, scanBatches)
}

// foundIn is the organisation of that name that a batch has founded.
func foundIn(ctx context.Context, r db.Reader, batch id.ID, name string) (made id.ID, err error) {
	err = r.QueryRow(ctx, `SELECT o.id FROM org_org o WHERE o.name = $3 AND o.state = 'approved' AND EXISTS (SELECT 1 FROM intake_row r
			WHERE r.home = $1 AND r.batch = $2 AND r.state = 'made' AND r.made = o.id) ORDER BY o.id DESC LIMIT 1`, batch.Home(), batch, name).Scan(&made)
	if db.NoRows(err) {
		return "", nil
	}
	return made, err
}

// orgUsed reports whether anybody works with an organisation already.
func orgUsed(ctx context.Context, r db.Reader, org id.ID) (bool, error) {
	var n int64
	err := r.QueryRow(ctx, `/* across homes: whoever belongs to it */ SELECT (SELECT COUNT(*) FROM activity_activity WHERE org = $1)
		+ (SELECT COUNT(*) FROM people_member WHERE org = $1) + (SELECT COUNT(*) FROM people_role WHERE org = $1)
		+ (SELECT COUNT(*) FROM people_person WHERE station = $1 AND state <> 'closed')`, org).Scan(&n)
	return n > 0, err
}

// personUsed reports whether a person has stood on a roster or was told hours.
func personUsed(ctx context.Context, r db.Reader, person id.ID) (bool, error) {
	var n int64
	err := r.QueryRow(ctx, `/* across homes: her turns are where she served */ SELECT (SELECT COUNT(*) FROM roster_signup WHERE person = $1)
		+ (SELECT COUNT(*) FROM roster_backfill WHERE person = $1)`, person).Scan(&n)
	return n > 0, err
}
