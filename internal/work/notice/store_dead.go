package notice

import (
	"context"
	"database/sql"
	"strconv"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

func cursor(at int64, last id.ID) string { return strconv.FormatInt(at, 10) + "." + string(last) }

func deadLetters(ctx context.Context, r db.Reader, c Channel, at int64, last string, limit int) ([]Delivery, error) {
	rows, err := r.Query(ctx, `/* across homes: the operator answers for all */ SELECT d.id, d.notice, d.person, d.channel, COALESCE(n.kind, ''), d.tries, d.queued, d.ended, d.reason
		FROM notice_delivery d LEFT JOIN notice_notice n ON n.home = d.home AND n.id = d.notice
		WHERE d.state = 'dead' AND d.ended > 0 AND ($1 = '' OR d.channel = $1) AND (d.ended < $2 OR d.ended = $2 AND d.id < $3)
		ORDER BY d.ended DESC, d.id DESC LIMIT $4`, string(c), at, last, limit)
	return db.Collect(rows, err, func(rows *sql.Rows) (d Delivery, err error) {
		d.State = Dead
		err = rows.Scan(&d.ID, &d.Notice, &d.Person, &d.Channel, &d.Kind, &d.Tries, &d.Queued, &d.Ended, &d.Reason)
		return d, err
	})
}

func release(tx *db.Tx, delivery id.ID) (bool, error) {
	n, err := tx.Exec(`UPDATE notice_delivery SET state = 'waiting', at = $3, tries = 0, ended = 0, reason = '' WHERE home = $1 AND id = $2 AND state = 'dead'`,
		delivery.Home(), delivery, db.MS(tx.Now))
	return n == 1, err
}

func releaseSome(tx *db.Tx, c Channel, limit int) (int64, error) {
	return tx.Exec(`/* across homes: the operator answers for all */ UPDATE notice_delivery SET state = 'waiting', at = $2, tries = 0, ended = 0, reason = ''
		WHERE state = 'dead' AND (home, id) IN (SELECT home, id FROM notice_delivery WHERE state = 'dead' AND channel = $1 AND ended > 0 ORDER BY ended LIMIT $3)`,
		string(c), db.MS(tx.Now), limit)
}

func giveUp(tx *db.Tx, delivery id.ID, why string) (bool, error) {
	n, err := tx.Exec(`UPDATE notice_delivery SET state = 'given_up', why = $3, ended = $4 WHERE home = $1 AND id = $2 AND state = 'dead'`,
		delivery.Home(), delivery, why, db.MS(tx.Now))
	return n == 1, err
}

// CountAll reads how deliveries stand.
func CountAll(ctx context.Context, r db.Reader, now time.Time) ([]Counts, error) {
	rows, err := r.Query(ctx, `/* across homes: the whole outbox */ SELECT channel, state, COUNT(*) FROM notice_delivery WHERE state = 'waiting' GROUP BY channel, state
		UNION ALL SELECT channel, state, COUNT(*) FROM notice_delivery WHERE state = 'dead' AND ended > 0 GROUP BY channel, state
		UNION ALL SELECT channel, state, COUNT(*) FROM notice_delivery WHERE state IN ('sent', 'needless', 'folded', 'given_up') AND ended > 0 AND ended > $1 GROUP BY channel, state
		ORDER BY 1, 2`, db.MS(now.AddDate(0, 0, -1)))
	return db.Collect(rows, err, func(rows *sql.Rows) (c Counts, err error) {
		err = rows.Scan(&c.Channel, &c.State, &c.N)
		return c, err
	})
}
