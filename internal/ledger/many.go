package ledger

import (
	"fmt"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// PostAll posts facts that are known to be new, as [Post] would, many in a statement, and
// numbers them at once: for a writer that is alone, as a seed or a measurement is, which says
// who it is. It fills in their ids.
func PostAll(tx *db.Tx, who string, facts []Fact) error {
	numbers := map[*Kind]int64{}
	rows := make([][]any, len(facts))
	for i := range facts {
		f := &facts[i]
		kind, err := numberOf(tx, f.Kind, numbers)
		if err != nil {
			return err
		}
		f.ID = tx.NewID(f.Subject.Home())
		rows[i] = f.row(tx, kind, "", f.once(1))
	}
	return book.AppendAll(tx, who, rows)
}

// ReverseAll takes back facts that live, as PostAll left them.
func ReverseAll(tx *db.Tx, who string, facts []Fact, by id.ID) error {
	numbers := map[*Kind]int64{}
	rows := make([][]any, len(facts))
	for i, f := range facts {
		kind, err := numberOf(tx, f.Kind, numbers)
		if err != nil {
			return err
		}
		if f.ID == "" {
			return fmt.Errorf("ledger: a fact that was not posted cannot be taken back")
		}
		original := f.ID
		f.ID, f.Qty, f.By = tx.NewID(f.Subject.Home()), -f.Qty, by
		rows[i] = f.row(tx, kind, original, []byte(original))
	}
	return book.AppendAll(tx, who, rows)
}

func numberOf(tx *db.Tx, k *Kind, known map[*Kind]int64) (int64, error) {
	if n, ok := known[k]; ok {
		return n, nil
	}
	n, err := k.number(tx)
	known[k] = n
	return n, err
}
