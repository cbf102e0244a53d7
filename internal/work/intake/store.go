package intake

import (
	"context"
	"database/sql"
	"encoding/json"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

func insertBatch(tx *db.Tx, b Batch) error {
	_, err := tx.Exec(`INSERT INTO intake_batch (home, id, kind, org, state, name, size, paper, lang, author, created)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
		b.Home, b.ID, b.Kind, b.Org, b.State, b.name, b.Size, b.Paper, b.Lang, b.Author, b.Created)
	return err
}

func insertPiece(tx *db.Tx, batch id.ID, n int, piece id.ID, body []byte) error {
	_, err := tx.Exec("INSERT INTO intake_piece (home, id, batch, n, body) VALUES ($1, $2, $3, $4, $5)", batch.Home(), piece, batch, n, body)
	return err
}

// saveBatch writes where a batch stands, if it is still what was read.
func saveBatch(tx *db.Tx, b Batch) error {
	told, err := json.Marshal(b.Told)
	if err != nil {
		return err
	}
	n, err := tx.Exec(`UPDATE intake_batch SET state = $1, ended = $2, total = $3, at = $4, good = $5, bad = $6, same = $7, made = $8, failed = $9,
		undone = $10, kept = $11, told = $12, rev = rev + 1 WHERE home = $13 AND id = $14 AND rev = $15`,
		b.State, b.Ended, b.Total, b.At, b.Good, b.Bad, b.Same, b.Made, b.Failed, b.Undone, b.Kept, string(told), b.Home, b.ID, b.Rev)
	if err == nil && n == 0 {
		err = fail.New(fail.Conflict, "intake.changed_meanwhile")
	}
	return err
}

func insertRow(tx *db.Tx, batch id.ID, r Row) error {
	_, err := tx.Exec("INSERT INTO intake_row (home, id, batch, n, line, state, body, mark) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
		batch.Home(), r.ID, batch, r.N, r.Line, r.State, r.body, r.mark)
	return err
}

// moveRow gives a row another state, if it is still in the one that it was read in.
func moveRow(tx *db.Tx, r Row, to RowState, made id.ID) (bool, error) {
	n, err := tx.Exec("UPDATE intake_row SET state = $1, made = $2 WHERE home = $3 AND id = $4 AND state = $5", to, made, r.ID.Home(), r.ID, r.State)
	return n == 1, err
}

func sayRow(tx *db.Tx, r Row, to RowState, body []byte) error {
	_, err := tx.Exec("UPDATE intake_row SET state = $1, body = $2 WHERE home = $3 AND id = $4 AND state = $5", to, body, r.ID.Home(), r.ID, r.State)
	return err
}

func putMark(tx *db.Tx, r Row, batch, made id.ID) (bool, error) {
	n, err := tx.Exec("INSERT INTO intake_mark (home, mark, batch, made) VALUES ($1, $2, $3, $4) ON CONFLICT (home, mark) DO NOTHING", batch.Home(), r.mark, batch, made)
	return n == 1, err
}

func dropMark(tx *db.Tx, r Row, batch id.ID) error {
	_, err := tx.Exec("DELETE FROM intake_mark WHERE home = $1 AND mark = $2 AND batch = $3", batch.Home(), r.mark, batch)
	return err
}

func marked(ctx context.Context, r db.Reader, home string, mark []byte) (made id.ID, err error) {
	err = r.QueryRow(ctx, "SELECT made FROM intake_mark WHERE home = $1 AND mark = $2", home, mark).Scan(&made)
	if db.NoRows(err) {
		return "", nil
	}
	return made, err
}

// purgeSome deletes up to so many pieces and, with rows, rows of a batch; it answers whether any is left to do.
func purgeSome(ctx context.Context, tx *db.Tx, b Batch, rows bool) (more bool, err error) {
	n, err := tx.Exec(`DELETE FROM intake_piece WHERE home = $1 AND id IN (SELECT id FROM intake_piece WHERE home = $1 AND batch = $2 ORDER BY id LIMIT 20)`, b.Home, b.ID)
	if err != nil || n > 0 || !rows {
		return n > 0, err
	}
	n, err = tx.Exec(`DELETE FROM intake_row WHERE home = $1 AND id IN (SELECT id FROM intake_row WHERE home = $1 AND batch = $2 ORDER BY id LIMIT 500)`, b.Home, b.ID)
	if err != nil || n > 0 {
		return n > 0, err
	}
	_, err = tx.Exec("UPDATE intake_batch SET purged = TRUE, name = NULL, rev = rev + 1 WHERE home = $1 AND id = $2", b.Home, b.ID)
	return false, err
}

const batchColumns = `b.home, b.id, b.kind, b.org, b.state, b.name, b.size, b.paper, b.lang, b.author, b.created, b.ended, b.total, b.at,
	b.good, b.bad, b.same, b.made, b.failed, b.undone, b.kept, b.told, b.purged, b.rev`

func scanBatch(r interface{ Scan(...any) error }) (b Batch, err error) {
	var told string
	err = r.Scan(&b.Home, &b.ID, &b.Kind, &b.Org, &b.State, &b.name, &b.Size, &b.Paper, &b.Lang, &b.Author, &b.Created, &b.Ended, &b.Total, &b.At,
		&b.Good, &b.Bad, &b.Same, &b.Made, &b.Failed, &b.Undone, &b.Kept, &told, &b.Purged, &b.Rev)
	if err == nil && told != "" {
		err = json.Unmarshal([]byte(told), &b.Told)
	}
	return b, err
}

func scanBatches(rows *sql.Rows) (Batch, error) { return scanBatch(rows) }

func forgetMark(tx *db.Tx, home string, mark []byte) error {
	_, err := tx.Exec("DELETE FROM intake_mark WHERE home = $1 AND mark = $2", home, mark)
	return err
}
