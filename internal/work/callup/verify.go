package callup

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
)

// Verify checks what the package's comment says always holds.
func Verify(ctx context.Context, r db.Reader) ([]ledger.Check, error) {
	b, err := readAll(ctx, r)
	if err != nil {
		return nil, err
	}
	checks := []ledger.Check{b.references, b.quotas(), b.steps(), b.asking, b.signups}
	for kind, facts := range b.facts() {
		c, err := ledger.Recount(ctx, r, kind, facts)
		if err != nil {
			return nil, err
		}
		checks = append(checks, c)
	}
	return checks, nil
}

// book is all that this package keeps, as verify looks at it.
type book struct {
	callups  map[id.ID]CallUp
	receipts []Receipt
	byID     map[id.ID]Receipt
	asks     []Ask
	appeals  []Appeal

	references, asking, signups ledger.Check
}

// quotas checks that what is handed on adds up to no more than there is, line by line.
func (b *book) quotas() ledger.Check {
	c := ledger.Check{Name: "callup.quotas"}
	given := map[id.ID]Quotas{} // by receipt, or by call-up for its issuer
	for _, t := range b.receipts {
		c.Checked++
		from := t.Above
		if from == "" {
			from = t.CallUp
		}
		sum := given[from]
		if sum == nil {
			sum = make(Quotas, len(b.callups[t.CallUp].Lines))
			given[from] = sum
		}
		if len(t.Quota) != len(sum) {
			c.Break(string(t.ID))
			continue
		}
		for i, q := range t.Quota {
			sum[i] += q
		}
	}
	for from, sum := range given {
		whole := b.callups[from].Places()
		if t, ok := b.byID[from]; ok {
			whole = t.Quota
		}
		for i, n := range sum {
			if i >= len(whole) || n > whole[i] {
				c.Break(string(from))
				break
			}
		}
	}
	return c
}

// steps checks that the moments of receipts follow one another, and that nothing goes round in
// a circle: each receipt was sent by who had one.
func (b *book) steps() ledger.Check {
	c := ledger.Check{Name: "callup.steps"}
	for _, t := range b.receipts {
		c.Checked++
		ok := t.orderly() && (t.Delivered == 0 || b.callups[t.CallUp].Issued > 0)
		for up, n := t, 0; ok && up.Above != ""; n++ {
			above, there := b.byID[up.Above]
			ok = there && above.Forwarded > 0 && above.CallUp == t.CallUp && above.Org == up.Sender && n < 20
			up = above
		}
		if !ok {
			c.Break(string(t.ID))
		}
	}
	return c
}

// facts are what the records made countable, by kind.
func (b *book) facts() map[*ledger.Kind][]ledger.Fact {
	all := map[*ledger.Kind][]ledger.Fact{}
	for _, s := range []step{stepIssued, stepDelivered, stepRead, stepAcknowledged, stepForwarded, stepReported} {
		all[s.real], all[s.drill] = nil, nil
	}
	for _, k := range []*ledger.Kind{AppealedFact, AskedFact, AnsweredFact, HundredFact} {
		all[k] = nil
	}
	add := func(k *ledger.Kind, c CallUp, subject, person id.ID, qty int64) {
		all[k] = append(all[k], ledger.Fact{Subject: subject, Person: person, Qty: qty, Grade: ledger.Recorded, Campaign: c.Campaign, Service: c.Service})
	}
	for _, a := range b.appeals {
		if a.Published > 0 {
			add(AppealedFact, CallUp{}, a.ID, "", 1)
		}
	}
	for _, c := range b.callups {
		if c.Issued > 0 {
			add(stepIssued.of(c), c, c.ID, "", 1)
		}
		if c.Hundred > 0 {
			add(HundredFact, c, c.ID, "", (c.Hundred-c.Issued)/60_000)
		}
	}
	for _, t := range b.receipts {
		c := b.callups[t.CallUp]
		for _, s := range []struct {
			at, qty int64
			step    step
		}{{t.Delivered, 1, stepDelivered}, {t.Read, 1, stepRead}, {t.Acknowledged, t.Able.Sum(), stepAcknowledged}, {t.Forwarded, 1, stepForwarded}, {t.Reported, 1, stepReported}} {
			if s.at > 0 {
				add(s.step.of(c), c, t.ID, "", s.qty)
			}
		}
	}
	for _, a := range b.asks {
		if a.Answer == doubled {
			continue
		}
		if a.Asked > 0 {
			add(AskedFact, b.callups[a.CallUp], a.ID, a.Person, 1)
		}
		if a.Answer != "" {
			add(AnsweredFact, b.callups[a.CallUp], a.ID, a.Person, 1)
		}
	}
	return all
}
