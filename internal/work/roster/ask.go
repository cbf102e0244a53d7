package roster

import (
	"context"
	"slices"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
)

// Ask is that somebody was asked to take a place that nobody has.
type Ask struct {
	ID       id.ID
	Shift    id.ID
	Person   id.ID
	Author   id.ID
	Asked    int64
	Answer   string // "" | yes | no | never
	Answered int64
}

// Answers to being asked. A no is for the shift, a never for its kind of service; either is
// remembered, and she is not asked again.
const (
	Yes   = "yes"
	No    = "no"
	Never = "never"
)

// Candidate is somebody who could take a free place: how near she lives, and when she was last
// asked about any.
type Candidate struct {
	Person people.Standing
	Near   int
	Asked  int64 // 0: never
}

// looked is how many people are weighed for a list of candidates at most, nearest first.
const looked = 200

// Reach is how far away people are looked for.
type Reach string

// The reaches, the nearest first.
const (
	OfInstitute Reach = "institute" // the township's
	OfCounty    Reach = "county"
	OfCity      Reach = "city"
)

// Reaches are all of them, the nearest first.
func Reaches() []Reach { return []Reach{OfInstitute, OfCounty, OfCity} }

// Candidates ranks who could take a primary place of the shift: eligible, with the certificates
// that it asks for, and free; nearest first, among equals who was asked longest ago. Who said no
// to it or to its kind is left out, and who was asked about it and has not answered.
func Candidates(ctx context.Context, r db.Reader, s Shift, reach Reach, most int) ([]Candidate, error) {
	if !slices.Contains(Reaches(), reach) {
		return nil, fail.Field("reach", "roster.reach_unknown")
	}
	pool, err := nearby(ctx, r, s, reach, looked)
	if err != nil {
		return nil, err
	}
	if reach == OfCity {
		more, err := beyond(ctx, r, s, looked)
		if err != nil {
			return nil, err
		}
		pool = append(pool, more...)
	}
	var all []Candidate
	for _, c := range pool {
		if c.Person, err = people.StandingOf(ctx, r, c.Person.ID); err != nil {
			return nil, err
		}
		why, err := Against(ctx, r, s, Primary, c.Person)
		if err != nil {
			return nil, err
		}
		if why != nil {
			continue
		}
		if all = append(all, c); len(all) == most {
			break
		}
	}
	return all, nil
}

// AskAtOnce is how many people one command asks.
const AskAtOnce = 20

// AskPeople asks some people to take a place of the shift; each is told once.
func AskPeople(ctx context.Context, tx *db.Tx, actor auth.Actor, shift id.ID, who []id.ID) error {
	s, err := openShift(ctx, tx, shift)
	if err != nil {
		return err
	}
	if err := org.Permit(ctx, tx, actor, s.Activity.Org, staffRoles...); err != nil {
		return err
	}
	switch {
	case len(who) == 0:
		return fail.Field("who", "roster.ask_whom")
	case len(who) > AskAtOnce:
		return fail.Field("who", "roster.ask_many", "n", int64(AskAtOnce))
	case s.Free(Primary) <= 0:
		return fail.New(fail.Conflict, "roster.full")
	}
	for _, person := range who {
		p, err := people.StandingOf(ctx, tx, person)
		if err != nil {
			return err
		}
		said, err := refusedBefore(ctx, tx, s, p.ID)
		if err != nil {
			return err
		}
		if said {
			return fail.Field("who", "roster.ask_refused")
		}
		if err := admit(ctx, tx, s, p); err != nil {
			return fail.At("who", err)
		}
		k := Ask{ID: tx.NewID(s.Home), Shift: s.ID, Person: p.ID, Author: actor.Person, Asked: db.MS(tx.Now)}
		if err := insertAsk(tx, s, k); err != nil {
			return err
		}
		if err := tell(tx, s, p.ID, "roster.asked", string(k.ID)); err != nil {
			return err
		}
	}
	return audit.Record(tx, actor, audit.Entry{Action: "roster.asked", Subject: s.ID, Org: s.Activity.Org, After: map[string]any{"people": who}})
}

// AnswerAsk is her answer: yes signs her up.
func AnswerAsk(ctx context.Context, tx *db.Tx, actor auth.Actor, shift id.ID, answer string) (Ask, error) {
	k, err := AskOf(ctx, tx, shift, actor.Person)
	if err != nil {
		return k, err
	}
	switch {
	case answer != Yes && answer != No && answer != Never:
		return k, fail.Field("answer", "roster.ask_answer")
	case k.Answer == answer:
		return k, nil // a repeated tap is no error
	case k.Answer == Yes:
		return k, fail.New(fail.Conflict, "roster.decided_already")
	}
	k.Answer, k.Answered = answer, db.MS(tx.Now)
	if err := saveAnswer(tx, k); err != nil {
		return k, err
	}
	if answer == Yes {
		_, err = SignUp(ctx, tx, actor, Request{Shift: shift})
		return k, err
	}
	return k, audit.Record(tx, actor, audit.Entry{Action: "roster.ask_answered", Subject: shift, After: map[string]any{"answer": answer}})
}
