package bulletin

import (
	"context"
	"errors"

	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/ledger"
	"tongxin/internal/report/figure"
)

// Verify checks that what issues name is there, that the steps of issues and deliveries follow
// one another, that published issues have their reviewers, their hash and their signature, and
// that the ledger holds exactly what was published, delivered, read and answered.
func Verify(ctx context.Context, r db.Reader) ([]ledger.Check, error) {
	all, err := every(ctx, r)
	if err != nil {
		return nil, err
	}
	refs, steps, seals := ledger.Check{Name: "bulletin.references"}, ledger.Check{Name: "bulletin.steps"}, ledger.Check{Name: "bulletin.seals"}
	facts := map[*ledger.Kind][]ledger.Fact{}
	for _, s := range all {
		refs.Checked++
		if !s.whole {
			refs.Break(string(s.ID))
		}
		steps.Checked++
		if !s.orderly() {
			steps.Break(string(s.ID))
		}
		if s.State != Published {
			continue
		}
		seals.Checked++
		if !s.sealed() {
			seals.Break(string(s.ID))
		}
		facts[PublishedFact] = append(facts[PublishedFact], ledger.Fact{Subject: s.ID, Day: db.Day(db.Time(s.Published)), Qty: 1, Grade: ledger.Recorded, Campaign: s.Campaign})
	}
	deliveries, err := verifyDeliveries(ctx, r, facts)
	if err != nil {
		return nil, err
	}
	checks := []ledger.Check{refs, steps, seals, deliveries}
	for _, k := range []*ledger.Kind{PublishedFact, DeliveredFact, ReadFact, AnsweredFact} {
		c, err := ledger.Recount(ctx, r, k, facts[k])
		if err != nil {
			return nil, err
		}
		checks = append(checks, c)
	}
	return checks, nil
}

func verifyDeliveries(ctx context.Context, r db.Reader, facts map[*ledger.Kind][]ledger.Fact) (ledger.Check, error) {
	c := ledger.Check{Name: "bulletin.deliveries"}
	all, err := everyDelivery(ctx, r)
	for _, d := range all {
		c.Checked++
		if !d.sent || d.Read > 0 && d.Read < d.Delivered || d.Answered > 0 && d.Answered < d.Read || d.Answered > 0 && d.Read == 0 ||
			(d.Answer != "") != (d.Answered > 0) || (d.Read > 0) != (d.Reader != "") {
			c.Break(string(d.ID))
		}
		for kind, at := range map[*ledger.Kind]int64{DeliveredFact: d.Delivered, ReadFact: d.Read, AnsweredFact: d.Answered} {
			if at > 0 {
				facts[kind] = append(facts[kind], d.fact(at, d.campaign))
			}
		}
	}
	return c, err
}

// orderly says whether what an issue is fits its state.
func (s sight) orderly() bool {
	switch s.State {
	case Planned, Dropped:
		return s.Published == 0 && s.Body == ""
	case InReview:
		return s.Submitted > 0 && s.Approved == 0 && s.Published == 0 && s.texts == 0
	case Approved:
		return s.Approved >= s.Submitted && s.Submitted > 0 && s.yes >= reviewers && s.Published == 0 && s.texts == 0
	case Published:
		return s.Published >= s.Approved && s.Approved > 0 && s.yes >= reviewers && s.texts == 0 && s.accepted > 0 && s.Signer != ""
	}
	return false
}

// sealed says whether the frozen body is the one that was hashed and signed, and says of itself
// what its row says.
func (s sight) sealed() bool {
	b, err := s.Read()
	return err == nil && digest([]byte(s.Body)) == s.Hash && crypt.Verify(unhex(s.Key), []byte(s.Body), unhex(s.Signature)) &&
		b.Issue == s.ID && b.Org == s.Org && b.Number == s.Number && b.Total == s.Total && b.Published == s.Published && b.Day == s.Day
}

// VerifyFigures proves every published issue again from the ledger.
func VerifyFigures(ctx context.Context, d *db.DB) (ledger.Check, error) {
	c := ledger.Check{Name: "bulletin.figures"}
	all, err := every(ctx, d)
	if err != nil {
		return c, err
	}
	var e *figure.Engine
	for _, s := range all {
		if s.State != Published {
			continue
		}
		if e == nil {
			if e, err = figure.Open(ctx, d); err != nil {
				return c, err
			}
			switch err := e.Load(ctx); {
			case errors.Is(err, figure.ErrBroken): // nothing comes out again
				c.Checked++
				c.Break(err.Error())
				return c, nil
			case err != nil:
				return c, err
			}
		}
		c.Checked++
		p, err := Prove(ctx, d, e, s.Issue)
		if err != nil || !p.Holds() {
			c.Break(string(s.ID))
		}
	}
	return c, nil
}
