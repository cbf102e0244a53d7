package callup

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/work/people"
)

const stays = "who did it is history; the id leads to the survivor"

// MergeStep has the survivor left alone about what the duplicate did not want to be asked any
// more. What the duplicate was asked, and said, was asked of that record and stays with it.
var MergeStep = people.MergeStep{Area: "callup", Merge: merge, Undo: undo,
	Moves: []string{"callup_never.person"},
	Stays: map[string]string{"callup_appeal.author": stays, "callup_appeal.signer": stays, "callup_callup.author": stays, "callup_callup.signer": stays,
		"callup_ask.person": "the question was put to that record; the id leads to the survivor"}}

// notedNever is a wish that the survivor took over.
const notedNever = "never"

func merge(ctx context.Context, tx *db.Tx, m *people.Move) (bool, error) {
	hers, err := Nevers(ctx, tx, m.From)
	if err != nil {
		return false, err
	}
	own, err := Nevers(ctx, tx, m.To)
	if err != nil {
		return false, err
	}
	had := map[int64]bool{}
	for _, service := range own {
		had[service] = true
	}
	for _, service := range hers {
		if had[service] {
			continue
		}
		if err := putNever(tx, m.To, service); err != nil {
			return false, err
		}
		if err := m.Note(notedNever, m.From, service); err != nil {
			return false, err
		}
	}
	return false, nil
}

func undo(_ context.Context, tx *db.Tx, m *people.Move, was people.Moved) error {
	var service int64
	if err := was.Into(&service); err != nil {
		return err
	}
	_, err := dropNever(tx, m.To, service)
	return err
}
