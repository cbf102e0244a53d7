package notice

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// put writes a notice; one that is told again while it is unread is replaced.
func put(tx *db.Tx, person id.ID, kind string, subject id.ID, once, args string) error {
	_, err := tx.Exec(`INSERT INTO notice_notice (home, id, person, kind, args, subject, once, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT (home, person, once) DO UPDATE SET kind = excluded.kind, args = excluded.args, subject = excluded.subject, at = excluded.at,
			fanned = CASE WHEN notice_notice.args = excluded.args AND notice_notice.kind = excluded.kind THEN notice_notice.fanned ELSE 0 END
		WHERE notice_notice.read = 0`,
		person.Home(), tx.NewID(person.Home()), person, kind, args, subject, once, db.MS(tx.Now))
	if err == nil {
		tx.After(wake)
	}
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

// uncopied are unread notices of one person that another has not.
func uncopied(ctx context.Context, r db.Reader, from, to id.ID, limit int) ([]id.ID, error) {
	rows, err := r.Query(ctx, `SELECT n.id FROM notice_notice n WHERE n.home = $1 AND n.person = $2 AND n.read = 0
		AND NOT EXISTS (SELECT 1 FROM notice_notice o WHERE o.home = $3 AND o.person = $4 AND o.once = n.once) ORDER BY n.id LIMIT $5`,
		from.Home(), from, to.Home(), to, limit)
	return db.Collect(rows, err, db.Value[id.ID])
}

func copyTo(tx *db.Tx, notice, to id.ID) (id.ID, error) {
	fresh := tx.NewID(to.Home())
	_, err := tx.Exec(`INSERT INTO notice_notice (home, id, person, kind, args, subject, once, at, fanned)
		SELECT $1, $2, $3, n.kind, n.args, n.subject, n.once, n.at, CASE WHEN EXISTS (SELECT 1 FROM notice_delivery d
			WHERE d.home = n.home AND d.notice = n.id AND d.state = 'waiting') THEN 0 ELSE n.fanned END FROM notice_notice n WHERE n.home = $4 AND n.id = $5`,
		to.Home(), fresh, to, notice.Home(), notice)
	return fresh, err
}

func drop(tx *db.Tx, notice id.ID) error {
	if _, err := tx.Exec("DELETE FROM notice_delivery WHERE home = $1 AND notice = $2", notice.Home(), notice); err != nil {
		return err
	}
	_, err := tx.Exec("DELETE FROM notice_notice WHERE home = $1 AND id = $2", notice.Home(), notice)
	return err
}

func dropSome(tx *db.Tx, person id.ID, limit int64) (int64, error) {
	_, err := tx.Exec(`DELETE FROM notice_delivery WHERE home = $1 AND notice IN
		(SELECT id FROM notice_notice WHERE home = $1 AND person = $2 ORDER BY at, id LIMIT $3)`, person.Home(), person, limit)
	if err != nil {
		return 0, err
	}
	return tx.Exec("DELETE FROM notice_notice WHERE home = $1 AND id IN (SELECT id FROM notice_notice WHERE home = $1 AND person = $2 ORDER BY at, id LIMIT $3)",
		person.Home(), person, limit)
}
