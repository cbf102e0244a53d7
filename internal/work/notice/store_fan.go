package notice

import (
	"context"
	"database/sql"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// takeFresh takes what was told since a moment and is not fanned out, the oldest first. Two who
// take at once share it.
func takeFresh(ctx context.Context, tx *db.Tx, since int64, limit int) ([]told, error) {
	rows, err := tx.Query(ctx, `/* across homes: the outbox of all */ UPDATE notice_notice SET fanned = $1 WHERE fanned = 0 AND (home, id) IN
		(SELECT home, id FROM notice_notice WHERE fanned = 0 AND at >= $2 ORDER BY at LIMIT $3)
		RETURNING id, person, subject, kind, at`, db.MS(tx.Now), since, limit)
	return db.Collect(rows, err, func(rows *sql.Rows) (n told, err error) {
		err = rows.Scan(&n.id, &n.person, &n.subject, &n.kind, &n.at)
		return n, err
	})
}

// freshThere says whether there may be something to fan out.
func freshThere(ctx context.Context, r db.Reader, since int64) (yes bool, err error) {
	err = r.QueryRow(ctx, "/* across homes: the outbox of all */ SELECT EXISTS (SELECT 1 FROM notice_notice WHERE fanned = 0 AND at >= $1)", since).Scan(&yes)
	return yes, err
}

// deliveriesOf are the deliveries that notices have already, because they were told before.
func deliveriesOf(ctx context.Context, r db.Reader, home string, all []told) (map[once]id.ID, error) {
	had := map[once]id.ID{}
	var ids []id.ID
	for _, n := range all {
		if !n.fresh {
			ids = append(ids, n.id)
		}
	}
	if len(ids) == 0 {
		return had, nil
	}
	args, in := list(home, ids)
	rows, err := r.Query(ctx, "SELECT id, notice, channel FROM notice_delivery WHERE home = $1 AND notice IN ("+in+")", args...)
	_, err = db.Collect(rows, err, func(rows *sql.Rows) (none struct{}, err error) {
		var d id.ID
		var o once
		err = rows.Scan(&d, &o.notice, &o.channel)
		had[o] = d
		return none, err
	})
	return had, err
}

// waiting is a delivery that has not been taken up.
type waiting struct {
	id id.ID
	at int64
}

// openOf are the deliveries that wait for some people, by what they are about.
func openOf(ctx context.Context, r db.Reader, home string, people []id.ID) (map[about][]waiting, error) {
	all := map[about][]waiting{}
	args, in := list(home, people)
	rows, err := r.Query(ctx, "SELECT id, at, person, subject, topic, channel FROM notice_delivery WHERE state = 'waiting' AND home = $1 AND person IN ("+in+") ORDER BY id", args...)
	_, err = db.Collect(rows, err, func(rows *sql.Rows) (none struct{}, err error) {
		var a about
		var d waiting
		err = rows.Scan(&d.id, &d.at, &a.person, &a.subject, &a.topic, &a.channel)
		all[a] = append(all[a], d)
		return none, err
	})
	return all, err
}

func deliveryRows(tx *db.Tx) *db.Many {
	return tx.Many("INSERT INTO notice_delivery (home, id, notice, person, channel, topic, subject, urgent, state, at, queued) VALUES ", 11)
}

// again has a delivery go once more, because its notice was told again: the next round, unless
// it is still waiting, when it says the latest anyway.
func again(tx *db.Tx, home string, delivery id.ID, k kind, at int64) error {
	_, err := tx.Exec(`UPDATE notice_delivery SET round = CASE WHEN state = 'waiting' THEN round ELSE round + 1 END, state = 'waiting', at = $3, urgent = $4, topic = $5,
		tries = 0, lease = '', until = 0, ended = 0, reason = '', why = '', queued = $6 WHERE home = $1 AND id = $2`, home, delivery, at, k.urgent, string(k.topic), db.MS(tx.Now))
	return err
}

// end ends a delivery: whoever holds its lease, or, with none named, somebody who finds it free.
func end(tx *db.Tx, delivery id.ID, lease string, s State, reason, why string) error {
	_, err := tx.Exec(`UPDATE notice_delivery SET state = $4, ended = $5, reason = $6, why = $7, lease = '', until = 0
		WHERE home = $1 AND id = $2 AND state = 'waiting' AND (lease = $3 OR until <= $5)`,
		delivery.Home(), delivery, lease, string(s), db.MS(tx.Now), reason, why)
	return err
}
