package ledger

import (
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

// Hand takes back the living fact of a kind on a subject and a person, and posts it anew
// under another person with every other dimension as it was: two records of one person were
// merged, or parted again. It answers whether there was one.
func Hand(tx *db.Tx, k *Kind, subject, from, to, by id.ID) (bool, error) {
	kind, f, lives, err := latest(tx, k, subject, from)
	if err != nil || !lives {
		return false, err
	}
	if err := post(tx, f, kind, by); err != nil {
		return false, err
	}
	f.Person, f.By = to, by
	if f.Subject == from { // the fact is about the person herself
		f.Subject = to
	}
	return true, Post(tx, f)
}

// Revive posts anew, with every dimension as it was, the fact of a kind on a subject and a
// person that was reversed last. It answers whether there was one.
func Revive(tx *db.Tx, k *Kind, subject, person, by id.ID) (bool, error) {
	_, f, lives, err := latest(tx, k, subject, person)
	if err != nil || f.ID == "" {
		return false, err
	}
	if lives {
		return false, fail.New(fail.Conflict, "ledger.twice")
	}
	f.By = by
	return true, Post(tx, f)
}

// latest is the last revision of a fact that is not counted by day, and whether it lives.
func latest(tx *db.Tx, k *Kind, subject, person id.ID) (kind int64, last Fact, lives bool, err error) {
	if kind, err = k.find(tx.Context(), tx); err != nil || kind == 0 {
		return 0, last, false, err
	}
	probe := Fact{Kind: k, Subject: subject, Person: person}
	for rev := 1; ; rev++ {
		f, reversed, err := revision(tx, subject.Home(), kind, probe.once(rev))
		if err != nil || f.ID == "" {
			return kind, last, lives, err
		}
		f.Kind = k
		last, lives = f, !reversed
	}
}
