package people

import (
	"context"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

// Why two records may be one person's.
type Why string

// The reasons.
const (
	SamePhone Why = "phone" // both say that the number is their own
	SameID    Why = "idno"  // an identity number was given that another record has
	SameName  Why = "name"  // and the same year of birth
)

// Duplicate is a pair of records that may be one person's.
type Duplicate struct {
	First, Other id.ID
	Why          Why
	Found        int64
}

func pairOf(a, b id.ID, why Why) Duplicate { return Duplicate{min(a, b), max(a, b), why, 0} }

// alikeMost bounds how many records one is compared with by name: a common name says little.
const alikeMost = 5

// alike are the records that may be the same person's as one: found by keyed hashes of her own
// number within her city, and of her name with the year of birth within her county.
func alike(ctx context.Context, r db.Reader, keys *crypt.Keys, p Person) ([]Duplicate, error) {
	var all []Duplicate
	if p.ContactOf == OwnNumber && p.Has(FieldContact) {
		number, err := p.Open(keys, FieldContact)
		if err != nil {
			return nil, err
		}
		ids, err := alikeByNumber(ctx, r, p, contactHash(keys, number))
		if err != nil {
			return nil, err
		}
		for _, other := range ids {
			all = append(all, pairOf(p.ID, other, SamePhone))
		}
	}
	if p.BirthYear == 0 || !p.Has(FieldName) {
		return all, nil
	}
	name, err := p.Open(keys, FieldName)
	if err != nil {
		return nil, err
	}
	ids, err := alikeByName(ctx, r, p, nameHash(keys, name))
	for _, other := range ids {
		all = append(all, pairOf(p.ID, other, SameName))
	}
	return all, err
}

// compare notes which records may be the same person's as one that was just entered or
// changed. What somebody said is not the same stays so.
func compare(ctx context.Context, tx *db.Tx, keys *crypt.Keys, person id.ID) error {
	p, err := Get(ctx, tx, person)
	if err != nil || p.State != Active && p.State != Pending {
		return err
	}
	return compareRecord(ctx, tx, keys, p)
}

// compareRecord is compare of a record that is at hand.
func compareRecord(ctx context.Context, tx *db.Tx, keys *crypt.Keys, p Person) error {
	all, err := alike(ctx, tx, keys, p)
	if err != nil {
		return err
	}
	for _, d := range all {
		if err := putDuplicate(tx, d); err != nil {
			return err
		}
	}
	return nil
}

// comparedAtOnce is how many records one [CompareSome] looks at.
const comparedAtOnce = 200

// CompareSome looks through some records of an organisation's subtree for duplicates, after a
// cursor, and answers the next one; "" when it has come to the end.
func CompareSome(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, at, after id.ID) (next id.ID, err error) {
	if err := mayCompare(ctx, tx, actor, at); err != nil {
		return "", err
	}
	l, err := Find(ctx, tx, keys, actor, Filter{Org: at, After: after, Limit: comparedAtOnce})
	if err != nil {
		return "", err
	}
	for _, p := range l.People {
		if err := compare(ctx, tx, keys, p.ID); err != nil {
			return "", err
		}
	}
	return l.Next, nil
}

// NoteSameID notes that an identity number which was given for a person is another record's.
func NoteSameID(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, person id.ID, idno string) error {
	p, err := of(ctx, tx, actor, person)
	if err != nil {
		return err
	}
	c, err := citizen(idno, true, db.Day(tx.Now))
	if err != nil || c == "" {
		return err
	}
	other, err := personBy(ctx, tx, byIDNo, keys.Hash("people.idno", string(c)))
	if err != nil || other == "" || other == p.ID {
		return err
	}
	return putDuplicate(tx, pairOf(p.ID, other, SameID))
}

func mayCompare(ctx context.Context, r db.Reader, actor auth.Actor, at id.ID) error {
	_, err := permitScope(ctx, r, actor, at)
	if err == nil && !actor.Has(keepers...) {
		err = fail.New(fail.Forbidden, "org.out_of_reach")
	}
	return err
}

// Duplicates lists the pairs of an organisation's subtree that nobody has decided on, the
// latest found first. A pair is shown to whoever reaches both.
func Duplicates(ctx context.Context, r db.Reader, actor auth.Actor, at id.ID, limit int) ([]Duplicate, error) {
	if err := mayCompare(ctx, r, actor, at); err != nil {
		return nil, err
	}
	s, err := permitScope(ctx, r, actor, at)
	if err != nil {
		return nil, err
	}
	low, top := s.home, s.home+"~"
	if s.wide {
		low, top = s.low, s.top
	}
	all, err := openDuplicates(ctx, r, low, top)
	if err != nil {
		return nil, err
	}
	var reached []Duplicate
	for _, d := range all {
		if len(reached) == limit {
			break
		}
		in, err := d.within(ctx, r, s, actor)
		if err != nil {
			return nil, err
		}
		if in {
			reached = append(reached, d)
		}
	}
	return reached, nil
}

// within says whether the subtree holds one of the two, and the actor reaches the other.
func (d Duplicate) within(ctx context.Context, r db.Reader, s scope, actor auth.Actor) (bool, error) {
	first, err := get(ctx, r, d.First)
	if err != nil {
		return false, err
	}
	other, err := get(ctx, r, d.Other)
	if err != nil {
		return false, err
	}
	one, err := s.holds(ctx, r, first)
	if err != nil {
		return false, err
	}
	two, err := s.holds(ctx, r, other)
	if err != nil || !one && !two {
		return false, err
	}
	for _, p := range []Person{first, other} {
		if err := permit(ctx, r, actor, p.Standing, keepers...); fail.KindOf(err) == fail.Forbidden {
			return false, nil
		} else if err != nil {
			return false, err
		}
	}
	return true, nil
}

// DuplicatesOf are the records that may be the same person's as one, found as of now, but for
// those that somebody said are not.
func DuplicatesOf(ctx context.Context, r db.Reader, keys *crypt.Keys, actor auth.Actor, p Person) ([]Duplicate, error) {
	found, err := alike(ctx, r, keys, p)
	if err != nil {
		return nil, err
	}
	noted, err := notedDuplicates(ctx, r, p.ID)
	if err != nil {
		return nil, err
	}
	var all []Duplicate
	seen := map[id.ID]bool{}
	for _, d := range append(noted, found...) {
		other := d.First
		if other == p.ID {
			other = d.Other
		}
		o, err := get(ctx, r, other)
		if err != nil {
			return nil, err
		}
		distinct, err := isDistinct(ctx, r, d)
		if err != nil {
			return nil, err
		}
		if seen[other] || distinct || o.State == Closed || o.State == Merged || permit(ctx, r, actor, o.Standing, keepers...) != nil {
			continue
		}
		seen[other] = true
		all = append(all, d)
	}
	return all, nil
}

// Distinct says that two records are not the same person's, for good.
func Distinct(ctx context.Context, tx *db.Tx, actor auth.Actor, a, b id.ID) error {
	d := pairOf(a, b, SameName)
	_, s, err := pair(ctx, tx, actor, Merge{Duplicate: d.First, Survivor: d.Other}, keepers...)
	if err != nil {
		return err
	}
	if err := markDistinct(tx, actor, d); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "people.distinct", Subject: d.First, Org: s.Station, After: map[string]any{"other": d.Other}})
}

// Pair are two records side by side, for one who reaches both.
func Pair(ctx context.Context, r db.Reader, actor auth.Actor, a, b id.ID) (first, other Person, err error) {
	return pair(ctx, r, actor, Merge{Duplicate: a, Survivor: b}, keepers...)
}

// Merges lists the merges of a state of an organisation's subtree that the actor reaches.
func Merges(ctx context.Context, r db.Reader, actor auth.Actor, at id.ID, limit int, states ...MergeState) ([]Merge, error) {
	s, err := permitScope(ctx, r, actor, at)
	if err != nil {
		return nil, err
	}
	low, top := s.home, s.home+"~"
	if s.wide {
		low, top = s.low, s.top
	}
	var all []Merge
	for _, state := range states {
		some, err := mergesIn(ctx, r, low, top, state)
		if err != nil {
			return nil, err
		}
		for _, m := range some {
			d, err := get(ctx, r, m.Duplicate)
			if err != nil {
				return nil, err
			}
			if permit(ctx, r, actor, d.Standing, readers...) == nil && len(all) < limit {
				all = append(all, m)
			}
		}
	}
	return all, nil
}

// MergesOf are the merges that a record took part in, the latest first.
func MergesOf(ctx context.Context, r db.Reader, person id.ID) ([]Merge, error) {
	return mergesOf(ctx, r, person)
}
