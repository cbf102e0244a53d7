package people

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
)

// Verify checks what must hold of people: that the facts are those of the volunteers, that
// numbers are each given once, that minors have a guardian's consent, that the three
// administrators are three, and that every reference resolves.
func Verify(ctx context.Context, r db.Reader) ([]ledger.Check, error) {
	volunteers, err := numbered(ctx, r)
	if err != nil {
		return nil, err
	}
	recount, err := ledger.RecountEach(ctx, r, Registered, func(yield func(ledger.Fact)) error {
		for _, v := range volunteers {
			yield(ledger.Fact{Subject: v, Person: v, Qty: 1})
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	minors, err := verifyMinors(ctx, r)
	if err != nil {
		return nil, err
	}
	checks := []ledger.Check{recount, minors}
	for _, c := range []struct{ name, query string }{
		{"people.numbers", badNumbers}, {"people.three", badRoles},
		{"people.references", badReferences}, {"people.unique", badUnique}, {"people.merged", badMerged},
	} {
		check, err := verifyBy(ctx, r, c.name, c.query)
		if err != nil {
			return nil, err
		}
		checks = append(checks, check)
	}
	return checks, nil
}

// verifyBy runs a query whose rows are an id and whether it is broken.
func verifyBy(ctx context.Context, r db.Reader, name, q string) (ledger.Check, error) {
	c := ledger.Check{Name: name}
	rows, err := r.Query(ctx, q)
	if err != nil {
		return c, err
	}
	defer rows.Close()
	for rows.Next() {
		var at id.ID
		var broken int
		if err := rows.Scan(&at, &broken); err != nil {
			return c, err
		}
		c.Checked++
		if broken != 0 {
			c.Break(string(at))
		}
	}
	return c, rows.Err()
}

// verifyMinors: who was registered under age and became active has the consent of a
// guardian who is there.
func verifyMinors(ctx context.Context, r db.Reader) (ledger.Check, error) {
	c := ledger.Check{Name: "people.minors"}
	all, err := youths(ctx, r)
	for _, y := range all {
		c.Checked++
		if y.adultOn > db.Day(db.Time(y.created)) && y.agreed == 0 {
			c.Break(string(y.person))
		}
	}
	return c, err
}
