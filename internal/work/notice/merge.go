package notice

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/work/people"
)

// MergeStep gives the survivor a copy of what the duplicate had not read: her own inbox stays
// as it was.
var MergeStep = people.MergeStep{Area: "notice", Merge: merge, Undo: undo,
	Moves: []string{"notice_notice.person"},
	Stays: map[string]string{"notice_notice.subject": "what it is about leads on by itself"}}

// CloseStep empties the inbox of somebody whose account is closed.
func CloseStep(_ context.Context, tx *db.Tx, person id.ID) (more bool, err error) {
	n, err := dropSome(tx, person, atOnce)
	return n == atOnce, err
}

// atOnce bounds what one turn copies.
const atOnce = 20

func merge(ctx context.Context, tx *db.Tx, m *people.Move) (bool, error) {
	unread, err := uncopied(ctx, tx, m.From, m.To, atOnce)
	if err != nil {
		return false, err
	}
	for _, n := range unread {
		copied, err := copyTo(tx, n, m.To)
		if err == nil {
			err = m.Note("copy", copied, nil)
		}
		if err != nil {
			return false, err
		}
	}
	return len(unread) == atOnce, nil
}

func undo(_ context.Context, tx *db.Tx, _ *people.Move, was people.Moved) error {
	return drop(tx, was.Ref)
}
