package notice

import (
	"context"
	"database/sql"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// putAddress keeps an address that is to be proved until a moment, unless a code was sent since
// another.
func putAddress(tx *db.Tx, person id.ID, c Channel, address, secret, code []byte, until, since time.Time) (bool, error) {
	n, err := tx.Exec(`INSERT INTO notice_address (home, person, channel, address, secret, code, until, sent) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (home, person, channel) DO UPDATE SET address = excluded.address, secret = excluded.secret, code = excluded.code, until = excluded.until,
			tries = 0, sent = excluded.sent, verified = 0 WHERE notice_address.sent <= $9`,
		person.Home(), person, string(c), address, secret, code, db.MS(until), db.MS(tx.Now), db.MS(since))
	return n == 1, err
}

// countProof counts a try, while there are any left and the code holds.
func countProof(tx *db.Tx, person id.ID, c Channel, most int64) (bool, error) {
	n, err := tx.Exec(`UPDATE notice_address SET tries = tries + 1 WHERE home = $1 AND person = $2 AND channel = $3 AND tries < $4 AND until > $5 AND code IS NOT NULL`,
		person.Home(), person, string(c), most, db.MS(tx.Now))
	return n == 1, err
}

func proofOf(ctx context.Context, r db.Reader, person id.ID, c Channel) (hash []byte, err error) {
	err = r.QueryRow(ctx, "SELECT code FROM notice_address WHERE home = $1 AND person = $2 AND channel = $3", person.Home(), person, string(c)).Scan(&hash)
	if db.NoRows(err) {
		err = nil
	}
	return hash, err
}

func proveAddress(tx *db.Tx, person id.ID, c Channel) error {
	_, err := tx.Exec("UPDATE notice_address SET verified = $4, code = NULL WHERE home = $1 AND person = $2 AND channel = $3", person.Home(), person, string(c), db.MS(tx.Now))
	return err
}

func dropAddress(tx *db.Tx, person id.ID, c Channel) error {
	_, err := tx.Exec("DELETE FROM notice_address WHERE home = $1 AND person = $2 AND channel = $3", person.Home(), person, string(c))
	return err
}

func sealedAddress(ctx context.Context, r db.Reader, person id.ID, c Channel) (address, secret []byte, err error) {
	err = r.QueryRow(ctx, "SELECT address, secret FROM notice_address WHERE home = $1 AND person = $2 AND channel = $3 AND verified > 0",
		person.Home(), person, string(c)).Scan(&address, &secret)
	return address, secret, err
}

func addresses(ctx context.Context, r db.Reader, person id.ID) ([]Address, error) {
	rows, err := r.Query(ctx, "SELECT channel, address, verified > 0 FROM notice_address WHERE home = $1 AND person = $2 ORDER BY channel", person.Home(), person)
	return db.Collect(rows, err, func(rows *sql.Rows) (a Address, err error) {
		var sealed []byte
		err = rows.Scan(&a.Channel, &sealed, &a.Verified)
		a.Shown = string(sealed)
		return a, err
	})
}

// dropWishes forgets where and how a person wanted to be told.
func dropWishes(tx *db.Tx, person id.ID) error {
	for _, q := range []string{"DELETE FROM notice_address WHERE home = $1 AND person = $2", "DELETE FROM notice_choice WHERE home = $1 AND person = $2",
		"DELETE FROM notice_quiet WHERE home = $1 AND person = $2"} {
		if _, err := tx.Exec(q, person.Home(), person); err != nil {
			return err
		}
	}
	return nil
}
