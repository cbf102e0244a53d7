package notice

import (
	"context"
	"database/sql"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// Delivery is a notice on its way to a person by one channel.
type Delivery struct {
	ID, Notice, Person id.ID
	Channel            Channel
	Kind               string // of the notice; of a list
	State              State
	Round, Tries       int
	Queued, Ended      int64
	Reason, Why        string
}

// due says whether something waits to be sent by a channel at a moment.
func due(ctx context.Context, r db.Reader, name Channel, now int64) (yes bool, err error) {
	err = r.QueryRow(ctx, `/* across homes: a courier takes everybody's notices */ SELECT EXISTS
		(SELECT 1 FROM notice_delivery WHERE state = 'waiting' AND channel = $1 AND at <= $2 AND until <= $2)`, string(name), now).Scan(&yes)
	return yes, err
}

// claim takes what is due by a channel for whom.
func claim(ctx context.Context, tx *db.Tx, name Channel, who string) ([]Delivery, error) {
	rows, err := tx.Query(ctx, `/* across homes: a courier takes everybody's notices */ UPDATE notice_delivery SET lease = $3, until = $4, tries = tries + 1
		WHERE state = 'waiting' AND until <= $2 AND (home, id) IN
			(SELECT home, id FROM notice_delivery WHERE state = 'waiting' AND channel = $1 AND at <= $2 AND until <= $2 ORDER BY at LIMIT $5)
		RETURNING id, notice, person, channel, round, tries`, string(name), db.MS(tx.Now), who, db.MS(tx.Now.Add(lease)), AtOnce)
	return db.Collect(rows, err, func(rows *sql.Rows) (d Delivery, err error) {
		err = rows.Scan(&d.ID, &d.Notice, &d.Person, &d.Channel, &d.Round, &d.Tries)
		return d, err
	})
}

// Record keeps what came of some deliveries, where this courier still holds them.
func (c *Courier) Record(tx *db.Tx, all []Verdict) error {
	for _, v := range all {
		if v.state != Waiting && v.state != "" {
			if err := end(tx, v.delivery.ID, c.who, v.state, v.reason, ""); err != nil {
				return err
			}
			continue
		}
		back := 0
		if v.free {
			back = 1
		}
		_, err := tx.Exec(`UPDATE notice_delivery SET at = $4, reason = $5, tries = tries - $6, lease = '', until = 0
			WHERE home = $1 AND id = $2 AND lease = $3 AND state = 'waiting'`, v.delivery.ID.Home(), v.delivery.ID, c.who, db.MS(v.at), v.reason, back)
		if err != nil {
			return err
		}
	}
	return nil
}
