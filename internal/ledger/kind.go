package ledger

import (
	"context"
	"slices"
	"strings"

	"tongxin/internal/base/db"
)

// Per says what makes a fact of a kind the same fact again, besides its subject.
type Per int

// PerSubject: once per subject, as an organisation's registration.
// PerPerson: once per subject and person, as an arrival on a shift.
// PerDay: once per subject and day, as an activity held.
const (
	PerSubject Per = iota
	PerPerson
	PerDay
)

// Kind is a kind of fact, named area.what.
type Kind struct {
	Key  string
	Unit string // of its quantity: person turn session org minute activity item
	Per  Per
}

var kinds = map[string]*Kind{}

// Define declares a kind; its owner keeps it in a variable of its facts.go.
// Its name for people is the message key "fact."+key.
func Define(key, unit string, per Per) *Kind {
	if kinds[key] != nil {
		panic("ledger: kind " + key + " is defined twice")
	}
	k := &Kind{Key: key, Unit: unit, Per: per}
	kinds[key] = k
	return k
}

// Kinds lists all defined kinds by key.
func Kinds() []*Kind {
	out := make([]*Kind, 0, len(kinds))
	for _, k := range kinds {
		out = append(out, k)
	}
	slices.SortFunc(out, func(a, b *Kind) int { return strings.Compare(a.Key, b.Key) })
	return out
}

// number answers the small integer of the kind, giving it one when it is
// posted for the first time.
func (k *Kind) number(tx *db.Tx) (int64, error) {
	n, err := k.find(tx.Context(), tx)
	if err != nil || n != 0 {
		return n, err
	}
	if n, err = tx.Next("ledger_kind"); err != nil {
		return 0, err
	}
	if _, err = tx.Exec("INSERT INTO ledger_kind (id, key) VALUES ($1, $2) ON CONFLICT DO NOTHING", n, k.Key); err != nil {
		return 0, err
	}
	return k.find(tx.Context(), tx)
}

// find answers the kind's number, 0 while it was never posted.
func (k *Kind) find(ctx context.Context, r db.Reader) (n int64, err error) {
	err = r.QueryRow(ctx, "SELECT id FROM ledger_kind WHERE key = $1", k.Key).Scan(&n)
	if db.NoRows(err) {
		return 0, nil
	}
	return n, err
}
