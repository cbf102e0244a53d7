package people

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/work/org"
)

// What the step of people notes.
const (
	movedFact   = "registered" // her registration counted twice
	movedOld    = "stood_for"  // a record merged earlier
	movedWard   = "ward"
	movedSkill  = "skill"
	movedMember = "member"
	movedOrg    = "org" // an organisation that she registered
)

// OwnStep is people's own. What identifies the duplicate (numbers, hashes, consents) stays
// with its record: whoever finds it finds the survivor.
var OwnStep = MergeStep{Area: "people", Merge: mergeOwn, Undo: undoOwn,
	Moves: []string{"people_person.merged_into", "people_person.guardian", "people_has_skill.person", "people_member.person", "org_org.registered_by"},
	Stays: map[string]string{
		"people_person.registered_by": stayed, "people_phone.person": found, "people_idno.person": found, "people_login.person": "the record with the account survives",
		"people_ask.person": found, "people_token_hash.person": found, "people_consent.person": "an agreement stays as it was given",
		"people_consent.given_by": stayed, "people_account.person": "the record with the account survives", "people_role.person": "the record with the account survives",
		"people_role.by": stayed, "people_session.person": "sessions of the duplicate end", "people_reveal.person": stayed, "people_reveal.by": stayed,
		"people_duplicate.first": "the pair is its key", "people_duplicate.other": "the pair is its key", "people_duplicate.by": stayed,
		"people_merge.duplicate": "what a merge is about", "people_merge.survivor": "what a merge is about", "people_merge.proposed_by": stayed,
		"people_merge.decided_by": stayed, "people_merge.undone_by": stayed, "people_moved.ref": "what a merge is about",
		"people_certificate.person": "read with those of the records that she stands for", "people_certificate.told_by": stayed, "people_certificate.decided_by": stayed,
		"people_closing.person": "a record that is to be closed is not merged", "people_closing.by": stayed, "people_doubt.person": "ends by itself",
		"people_export.person": "ends by itself", "people_handout.asked_by": stayed, "people_handout.decided_by": stayed,
	}}

// Why a column stays.
const (
	stayed = "who did it is history; the id leads to the survivor"
	found  = "leads to the duplicate, which leads to the survivor"
)

func mergeOwn(ctx context.Context, tx *db.Tx, m *Move) (more bool, err error) {
	had, err := ledger.Reverse(tx, Registered, m.From, m.From, "", m.By)
	if err == nil && had {
		err = m.Note(movedFact, m.From, nil)
	}
	if err != nil {
		return false, err
	}
	for _, f := range []func(context.Context, *db.Tx, *Move) error{mergeStoodFor, mergeWards, mergeSkills, mergeMembers, mergeOrgs} {
		if err := f(ctx, tx, m); err != nil {
			return false, err
		}
	}
	return false, nil
}

// mergeStoodFor has every record merged into the duplicate stand for the survivor.
func mergeStoodFor(ctx context.Context, tx *db.Tx, m *Move) error {
	return each(standingFor(ctx, tx, m.From))(func(old id.ID) error {
		if err := m.Note(movedOld, old, nil); err != nil {
			return err
		}
		return repoint(tx, old, m.To)
	})
}

func mergeWards(ctx context.Context, tx *db.Tx, m *Move) error {
	return each(wardsOf(ctx, tx, m.From))(func(ward id.ID) error {
		if err := m.Note(movedWard, ward, nil); err != nil {
			return err
		}
		return giveWard(tx, ward, m.To)
	})
}

func mergeSkills(ctx context.Context, tx *db.Tx, m *Move) error {
	return each(skillsOf(ctx, tx, m.From))(func(skill int64) error {
		fresh, err := putSkill(tx, m.To, skill)
		if err == nil && fresh {
			err = m.Note(movedSkill, m.To, skill)
		}
		return err
	})
}

func mergeMembers(ctx context.Context, tx *db.Tx, m *Move) error {
	return each(memberOf(ctx, tx, m.From))(func(o id.ID) error {
		fresh, err := putMember(tx, m.To, o)
		if err == nil && fresh {
			err = m.Note(movedMember, o, nil)
		}
		return err
	})
}

func mergeOrgs(ctx context.Context, tx *db.Tx, m *Move) error {
	return each(org.RegisteredBy(ctx, tx, m.From))(func(o id.ID) error {
		if err := m.Note(movedOrg, o, nil); err != nil {
			return err
		}
		return org.HandRegistration(tx, o, m.To)
	})
}

// each calls f on what was read, one after the other.
func each[T any](all []T, err error) func(f func(T) error) error {
	return func(f func(T) error) error {
		for _, v := range all {
			if err != nil {
				return err
			}
			err = f(v)
		}
		return err
	}
}

func undoOwn(_ context.Context, tx *db.Tx, m *Move, w Moved) (err error) {
	switch w.What {
	case movedFact:
		_, err = ledger.Revive(tx, Registered, m.From, m.From, m.By)
	case movedOld:
		err = repoint(tx, w.Ref, m.From)
	case movedWard:
		err = giveWard(tx, w.Ref, m.From)
	case movedSkill:
		var skill int64
		if err = w.Into(&skill); err == nil {
			_, err = dropSkill(tx, m.To, skill)
		}
	case movedMember:
		_, err = dropMember(tx, m.To, w.Ref)
	case movedOrg:
		err = org.HandRegistration(tx, w.Ref, m.From)
	}
	return err
}
