package activity

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/work/people"
)

// MergeStep makes the survivor the leader and the author of what the duplicate led and wrote,
// so that nobody is the second person on her own work.
var MergeStep = people.MergeStep{Area: "activity", Merge: merge, Undo: undo,
	Moves: []string{"activity_activity.leader", "activity_activity.author"},
	Stays: map[string]string{"activity_change.by": "who did it is history; the id leads to the survivor"}}

// CloseStep leaves without a leader what somebody led whose account is closed.
func CloseStep(ctx context.Context, tx *db.Tx, person id.ID) (more bool, err error) {
	led, err := ledBy(ctx, tx, person, atOnce)
	if err != nil {
		return false, err
	}
	for _, a := range led {
		if err := setLeader(tx, a, ""); err != nil {
			return false, err
		}
	}
	return len(led) == atOnce, nil
}

// atOnce bounds what one turn moves.
const atOnce = 20

func merge(ctx context.Context, tx *db.Tx, m *people.Move) (bool, error) {
	more := false
	for _, part := range []string{"leader", "author"} {
		all, err := partOf(ctx, tx, part, m.From, atOnce)
		if err != nil {
			return false, err
		}
		more = more || len(all) == atOnce
		for _, a := range all {
			if err := m.Note(part, a, nil); err != nil {
				return false, err
			}
			if err := setPart(tx, part, a, m.To); err != nil {
				return false, err
			}
		}
	}
	return more, nil
}

func undo(ctx context.Context, tx *db.Tx, m *people.Move, was people.Moved) error {
	return setPart(tx, was.What, was.Ref, m.From)
}

func partOf(ctx context.Context, r db.Reader, part string, person id.ID, limit int) ([]id.ID, error) {
	if part == "leader" {
		return ledBy(ctx, r, person, limit)
	}
	return writtenBy(ctx, r, person, limit)
}

func setPart(tx *db.Tx, part string, activity, person id.ID) error {
	if part == "leader" {
		return setLeader(tx, activity, person)
	}
	return setAuthor(tx, activity, person)
}
