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
	Stays: map[string]string{"notice_notice.subject": "what it is about leads on by itself",
		"notice_delivery.person": "goes with its notice, and ends by itself where that was copied",
		"notice_address.person":  "hers holds: where the duplicate was told is asked for anew",
		"notice_choice.person":   "hers holds, not the duplicate's",
		"notice_quiet.person":    "hers holds, not the duplicate's"}}

// CloseStep empties the inbox, and forgets where and how she wanted to be told, of somebody whose account is closed.
func CloseStep(_ context.Context, tx *db.Tx, person id.ID) (more bool, err error) {
	n, err := dropSome(tx, person, copied)
	if err != nil || n == copied {
		return n == copied, err
	}
	return false, dropWishes(tx, person)
}

// copied bounds what one turn copies.
const copied = 20

func merge(ctx context.Context, tx *db.Tx, m *people.Move) (bool, error) {
	unread, err := uncopied(ctx, tx, m.From, m.To, copied)
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
	return len(unread) == copied, nil
}

func undo(_ context.Context, tx *db.Tx, _ *people.Move, was people.Moved) error {
	return drop(tx, was.Ref)
}
