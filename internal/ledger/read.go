package ledger

import (
	"context"
	"database/sql"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// Entry is a fact as the book holds it.
type Entry struct {
	Fact
	Seq      int64 // 0 while it waits for its number
	Key      string
	Posted   int64 // unix ms
	Reverses id.ID
	Reversed bool
}

const entryColumns = `f.id, COALESCE(f.seq, 0), k.key, f.day, f.org, f.unit, f.area, f.campaign, f.callup, f.service, f.category,
	f.subject, f.person, f.qty, f.grade, f.posted, f.by, f.reverses,
	EXISTS (SELECT 1 FROM ledger_fact r WHERE r.home = f.home AND r.kind = f.kind AND r.reverses = f.id AND r.reverses <> '')`

func scanEntry(r *sql.Rows) (e Entry, err error) {
	err = r.Scan(&e.ID, &e.Seq, &e.Key, &e.Day, &e.Org, &e.Unit, &e.Area, &e.Campaign, &e.Callup, &e.Service, &e.Category,
		&e.Subject, &e.Person, &e.Qty, &e.Grade, &e.Posted, &e.By, &e.Reverses, &e.Reversed)
	e.Kind = kinds[e.Key]
	return e, err
}

// Of lists every fact on a subject, reversals included, oldest first.
func Of(ctx context.Context, r db.Reader, subject id.ID) ([]Entry, error) {
	rows, err := r.Query(ctx, `SELECT `+entryColumns+` FROM ledger_fact f JOIN ledger_kind k ON k.id = f.kind
		WHERE f.home = $1 AND f.subject = $2 ORDER BY f.posted, f.id`, subject.Home(), subject)
	return db.Collect(rows, err, scanEntry)
}

// Total is what living facts of one kind and grade add up to.
type Total struct {
	Grade Grade
	Facts int64
	Qty   int64
}

// ByGrade sums the living facts of a kind on one person over days, from
// included to excluded, by grade. It is how a person's own hours are told.
func ByGrade(ctx context.Context, r db.Reader, k *Kind, person id.ID, from, to string) ([]Total, error) {
	rows, err := r.Query(ctx, `/* across homes: her hours, wherever she served */
		SELECT f.grade, CAST(SUM(CASE WHEN f.reverses = '' THEN 1 ELSE -1 END) AS BIGINT), CAST(SUM(f.qty) AS BIGINT)
		FROM ledger_fact f JOIN ledger_kind k ON k.id = f.kind
		WHERE f.person = $1 AND k.key = $2 AND f.day >= $3 AND f.day < $4 GROUP BY f.grade ORDER BY f.grade`, person, k.Key, from, to)
	return db.Collect(rows, err, func(r *sql.Rows) (t Total, err error) {
		err = r.Scan(&t.Grade, &t.Facts, &t.Qty)
		return t, err
	})
}

// OfPerson lists the facts of a kind on one person over days, newest first,
// reversals included.
func OfPerson(ctx context.Context, r db.Reader, k *Kind, person id.ID, from, to string) ([]Entry, error) {
	rows, err := r.Query(ctx, `/* across homes: her record, wherever she served */
		SELECT `+entryColumns+` FROM ledger_fact f JOIN ledger_kind k ON k.id = f.kind
		WHERE f.person = $1 AND k.key = $2 AND f.day >= $3 AND f.day < $4 ORDER BY f.day DESC, f.posted DESC, f.id DESC`,
		person, k.Key, from, to)
	return db.Collect(rows, err, scanEntry)
}

// seqList is how many numbers a statement asks for.
const seqList = 50

// BySeq reads facts by their numbers.
func BySeq(ctx context.Context, r db.Reader, seqs []int64) (map[int64]Entry, error) {
	found := make(map[int64]Entry, len(seqs))
	for len(seqs) > 0 {
		args := make([]any, seqList)
		for i := range args {
			args[i] = seqs[min(i, len(seqs)-1)]
		}
		seqs = seqs[min(seqList, len(seqs)):]
		rows, err := r.Query(ctx, `/* across homes: what a figure counts, wherever it is */
			SELECT `+entryColumns+` FROM ledger_fact f JOIN ledger_kind k ON k.id = f.kind
			WHERE f.seq IN (`+db.In(seqList, 1)+`)`, args...)
		some, err := db.Collect(rows, err, scanEntry)
		if err != nil {
			return nil, err
		}
		for _, e := range some {
			found[e.Seq] = e
		}
	}
	return found, nil
}
