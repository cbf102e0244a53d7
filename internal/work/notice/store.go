package notice

import (
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// put writes a notice; one that is told again while it is unread is replaced.
func put(tx *db.Tx, person id.ID, kind string, subject id.ID, once, args string) error {
	_, err := tx.Exec(`INSERT INTO notice_notice (home, id, person, kind, args, subject, once, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (home, person, once) DO UPDATE SET kind = excluded.kind, args = excluded.args, subject = excluded.subject, at = excluded.at
		WHERE notice_notice.read = 0`,
		person.Home(), tx.NewID(person.Home()), person, kind, args, subject, once, db.MS(tx.Now))
	return err
}

func markRead(tx *db.Tx, notice id.ID) error {
	_, err := tx.Exec("UPDATE notice_notice SET read = $3 WHERE home = $1 AND id = $2 AND read = 0", notice.Home(), notice, db.MS(tx.Now))
	return err
}

func markAllRead(tx *db.Tx, person id.ID) error {
	_, err := tx.Exec("UPDATE notice_notice SET read = $3 WHERE home = $1 AND person = $2 AND read = 0", person.Home(), person, db.MS(tx.Now))
	return err
}
