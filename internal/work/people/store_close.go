package people

import (
	"context"
	"database/sql"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

func putClosing(tx *db.Tx, c Closing) (bool, error) {
	n, err := tx.Exec(`INSERT INTO people_closing (home, person, asked, by, channel, due) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
		c.Person.Home(), c.Person, c.Asked, c.By, c.Channel, c.Due)
	return n == 1, err
}

func dropClosing(tx *db.Tx, person id.ID) (bool, error) {
	n, err := tx.Exec("DELETE FROM people_closing WHERE home = $1 AND person = $2 AND closed = 0", person.Home(), person)
	return n == 1, err
}

func markClosing(tx *db.Tx, person id.ID) error {
	_, err := tx.Exec("UPDATE people_closing SET closed = $3 WHERE home = $1 AND person = $2", person.Home(), person, db.MS(tx.Now))
	return err
}

// ClosingOf is the closing of a person's account; one without a Person when nobody asked.
func ClosingOf(ctx context.Context, r db.Reader, person id.ID) (c Closing, err error) {
	err = r.QueryRow(ctx, "SELECT person, asked, by, channel, due, closed FROM people_closing WHERE home = $1 AND person = $2", person.Home(), person).
		Scan(&c.Person, &c.Asked, &c.By, &c.Channel, &c.Due, &c.Closed)
	if db.NoRows(err) {
		return Closing{}, nil
	}
	return c, err
}

// Erasures are the accounts that were closed after a moment, in that order.
func Erasures(ctx context.Context, r db.Reader, after int64) ([]Erasure, error) {
	rows, err := r.Query(ctx, `/* across homes: a backup holds them all */ SELECT person, closed FROM people_closing
		WHERE closed > $1 AND closed > 0 ORDER BY closed, person`, after)
	return db.Collect(rows, err, func(rows *sql.Rows) (e Erasure, err error) {
		err = rows.Scan(&e.Person, &e.At)
		return e, err
	})
}
