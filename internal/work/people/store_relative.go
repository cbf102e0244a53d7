package people

import (
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// takeWard gives an active person for whom nobody acts somebody who does.
func takeWard(tx *db.Tx, person, guardian id.ID) (bool, error) {
	n, err := tx.Exec("UPDATE people_person SET guardian = $3, rev = rev + 1 WHERE home = $1 AND id = $2 AND guardian = '' AND state = 'active'",
		person.Home(), person, guardian)
	return n == 1, err
}

func dropAsksOf(tx *db.Tx, person id.ID, kind askKind) error {
	_, err := tx.Exec("DELETE FROM people_ask WHERE person = $1 AND kind = $2", person, kind)
	return err
}
