package bench

import "tongxin/internal/base/db"

// analyze has PostgreSQL look at what there is now. It does so by itself within minutes; a
// measurement is over before, and would be one of plans for empty tables.
func analyze(tx *db.Tx) error {
	_, err := tx.Exec("ANALYZE")
	return err
}
