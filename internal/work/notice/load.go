package notice

import (
	"encoding/json"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// Line is something that a person was told at a moment that is past.
type Line struct {
	Person  id.ID
	Kind    string
	Subject id.ID
	Once    string
	At      int64 // unix ms
	Args    []any // as [Tell] takes them
}

// Announced is what one of those was told whom an announcement reached, as [Announce] tells it.
func Announced(person id.ID, kind string, subject id.ID, at time.Time, args ...any) Line {
	return Line{Person: person, Kind: kind, Subject: subject, Once: announced(subject, at), At: db.MS(at), Args: args}
}

// Load tells many, none of whom was told the same before, as [Tell] would have.
func Load(tx *db.Tx, all []Line) error {
	rows := rowsOf(tx)
	for _, n := range all {
		args, err := json.Marshal(n.Args)
		if err != nil {
			return err
		}
		home := n.Person.Home()
		if err := rows.Add(home, string(tx.NewID(home)), string(n.Person), n.Kind, string(args), string(n.Subject), n.Once, n.At, n.At); err != nil {
			return err
		}
	}
	return rows.Flush()
}
