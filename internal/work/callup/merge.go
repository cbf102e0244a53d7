package callup

import (
	"context"
	"errors"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/work/people"
)

const stays = "who did it is history; the id leads to the survivor"

// MergeStep moves what a duplicate was asked, and said, to the survivor, who may answer it. Where
// both were asked one question counts: the one that has the better answer, else the survivor's.
// What the duplicate does not want to be asked any more the survivor is not asked either.
var MergeStep = people.MergeStep{Area: "callup", Merge: merge, Undo: undo,
	Moves: []string{"callup_never.person", "callup_ask.person"},
	Stays: map[string]string{"callup_appeal.author": stays, "callup_appeal.signer": stays, "callup_callup.author": stays, "callup_callup.signer": stays}}

// What the step notes.
const (
	notedNever  = "never"  // a wish that the survivor took over
	notedAsk    = "ask"    // a question that went to her
	notedDouble = "double" // a question that stands for nothing, for hers counts
	mergeAtOnce = 10       // questions in one transaction
)

// personal are the kinds of facts on one person.
var personal = []*ledger.Kind{AskedFact, AnsweredFact}

func merge(ctx context.Context, tx *db.Tx, m *people.Move) (bool, error) {
	if err := mergeNevers(ctx, tx, m); err != nil {
		return false, err
	}
	asks, err := asksOf(ctx, tx, m.From, mergeAtOnce)
	if err != nil {
		return false, err
	}
	for _, a := range asks {
		if err := mergeAsk(ctx, tx, m, a); err != nil {
			return false, err
		}
	}
	return len(asks) == mergeAtOnce, nil
}

func mergeNevers(ctx context.Context, tx *db.Tx, m *people.Move) error {
	hers, err := Nevers(ctx, tx, m.From)
	if err != nil {
		return err
	}
	own, err := Nevers(ctx, tx, m.To)
	if err != nil {
		return err
	}
	had := map[int64]bool{}
	for _, service := range own {
		had[service] = true
	}
	for _, service := range hers {
		if had[service] {
			continue
		}
		if err := errors.Join(putNever(tx, m.To, service), m.Note(notedNever, m.From, service)); err != nil {
			return err
		}
	}
	return nil
}

// mergeAsk moves one question, or makes one of two stand for nothing.
func mergeAsk(ctx context.Context, tx *db.Tx, m *people.Move, a Ask) error {
	own, err := AskOf(ctx, tx, a.CallUp, m.To)
	switch {
	case fail.KindOf(err) == fail.NotFound:
		return errors.Join(m.Note(notedAsk, a.ID, ""), a.hand(tx, m.From, m.To, m.By))
	case err != nil:
		return err
	case a.worth() <= own.worth():
		return double(tx, m, a)
	}
	if err := double(tx, m, own); err != nil {
		return err
	}
	if err := m.Note(notedAsk, a.ID, own.ID); err != nil {
		return err
	}
	return a.exchange(tx, own.ID, m.From, m.To, m.By)
}

// worth orders what was said: on a shift, waiting, another answer, none.
func (a Ask) worth() int {
	switch {
	case a.Answer == Yes && !a.hopes():
		return 3
	case a.Answer == Yes:
		return 2
	case a.Answer == "":
		return 0
	}
	return 1
}

// hand makes a question another's, with its facts.
func (a Ask) hand(tx *db.Tx, from, to, by id.ID) error {
	for _, k := range personal {
		if _, err := ledger.Hand(tx, k, a.ID, from, to, by); err != nil {
			return err
		}
	}
	return giveAsk(tx, a.ID, to)
}

// exchange hands a question on, and gives the one that counts no more to whose it was.
func (a Ask) exchange(tx *db.Tx, other, from, to, by id.ID) error {
	if other == "" {
		return a.hand(tx, from, to, by)
	}
	return errors.Join(giveAsk(tx, other, ""), a.hand(tx, from, to, by), giveAsk(tx, other, from))
}

// double makes a question stand for nothing.
func double(tx *db.Tx, m *people.Move, a Ask) error {
	for _, k := range personal {
		if _, err := ledger.Reverse(tx, k, a.ID, a.Person, "", m.By); err != nil {
			return err
		}
	}
	return errors.Join(m.Note(notedDouble, a.ID, a.Answer), setAnswer(tx, a.ID, doubled))
}

func undo(ctx context.Context, tx *db.Tx, m *people.Move, was people.Moved) error {
	if was.What == notedNever {
		var service int64
		if err := was.Into(&service); err != nil {
			return err
		}
		_, err := dropNever(tx, m.To, service)
		return err
	}
	var told string // the other question, or the answer
	if err := was.Into(&told); err != nil {
		return err
	}
	a, err := askByID(ctx, tx, was.Ref)
	if err != nil {
		return err
	}
	if was.What == notedAsk {
		return a.exchange(tx, id.ID(told), m.To, m.From, m.By)
	}
	return undouble(tx, m, a, told)
}

// undouble has a question count again.
func undouble(tx *db.Tx, m *people.Move, a Ask, answer string) error {
	for k, had := range map[*ledger.Kind]bool{AskedFact: a.Asked > 0, AnsweredFact: answer != ""} {
		if !had {
			continue
		}
		if _, err := ledger.Revive(tx, k, a.ID, a.Person, m.By); err != nil {
			return err
		}
	}
	return setAnswer(tx, a.ID, answer)
}
