package notice

import "tongxin/internal/base/db"

func rowsOf(tx *db.Tx) *db.Many {
	return tx.Many("INSERT INTO notice_notice (home, id, person, kind, args, subject, once, at, fanned) VALUES ", 9)
}
