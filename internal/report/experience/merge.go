package experience

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/work/people"
)

// MergeStep makes the survivor the author of what the duplicate wrote, so that nobody decides
// on her own work.
var MergeStep = people.MergeStep{Area: "experience", Merge: merge, Undo: undo,
	Moves: []string{"experience_experience.author"},
	Stays: map[string]string{
		"experience_revision.by":     "who did it is history; the id leads to the survivor",
		"experience_comment.author":  "who did it is history; the id leads to the survivor",
		"experience_adoption.author": "who did it is history; the id leads to the survivor",
		"experience_mention.author":  "who did it is history; the id leads to the survivor",
	}}

// atOnce bounds what one turn moves.
const atOnce = 20

func merge(ctx context.Context, tx *db.Tx, m *people.Move) (bool, error) {
	all, err := writtenBy(ctx, tx, m.From, atOnce)
	if err != nil {
		return false, err
	}
	for _, e := range all {
		if err := m.Note("author", e, nil); err != nil {
			return false, err
		}
		if err := setAuthor(tx, e, m.To); err != nil {
			return false, err
		}
	}
	return len(all) == atOnce, nil
}

func undo(_ context.Context, tx *db.Tx, m *people.Move, was people.Moved) error {
	return setAuthor(tx, was.Ref, m.From)
}
