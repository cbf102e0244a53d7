package roster

import (
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

func putRest(tx *db.Tx, service int64, r Rest) error {
	_, err := tx.Exec(`INSERT INTO roster_rest (service, longest, apart, nights) VALUES ($1, $2, $3, $4)
		ON CONFLICT (service) DO UPDATE SET longest = $2, apart = $3, nights = $4`, service, r.Longest, r.Apart, r.Nights)
	return err
}

func insertDismissal(tx *db.Tx, at id.ID, a Anomaly, reason string, by id.ID) error {
	_, err := tx.Exec(`INSERT INTO roster_dismissal (home, anomaly, org, day, kind, reason, author, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
		at.Home(), a.Key, at, a.Day, a.Kind, reason, by, db.MS(tx.Now))
	return err
}
