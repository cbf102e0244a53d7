package article

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/work/people"
)

// MergeStep makes the survivor the author of what the duplicate wrote, so that nobody is the
// second person on her own work.
var MergeStep = people.MergeStep{Area: "article", Merge: merge, Undo: undo,
	Moves: []string{"article_article.author"},
	Stays: map[string]string{
		"article_article.editor": "who saved last is history; the id leads to the survivor",
		"article_revision.by":    "who did it is history; the id leads to the survivor",
	}}

// atOnce bounds what one turn moves.
const atOnce = 20

func merge(ctx context.Context, tx *db.Tx, m *people.Move) (bool, error) {
	all, err := writtenBy(ctx, tx, m.From, atOnce)
	if err != nil {
		return false, err
	}
	for _, a := range all {
		if err := m.Note("author", a, nil); err != nil {
			return false, err
		}
		if err := setAuthor(tx, a, m.To); err != nil {
			return false, err
		}
	}
	return len(all) == atOnce, nil
}

func undo(_ context.Context, tx *db.Tx, m *people.Move, was people.Moved) error {
	return setAuthor(tx, was.Ref, m.From)
}
