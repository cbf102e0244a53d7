package app

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/db"
	"tongxin/internal/ledger"
	"tongxin/internal/report/article"
	"tongxin/internal/report/bulletin"
	"tongxin/internal/report/experience"
	"tongxin/internal/report/guidance"
	"tongxin/internal/report/progress"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/callup"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/notice"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
	"tongxin/internal/work/report"
	"tongxin/internal/work/roster"
)

// verifier checks one part of the product.
type verifier func(ctx context.Context, r db.Reader, now time.Time) ([]ledger.Check, error)

// timeless is a verifier that needs no clock.
func timeless(f func(context.Context, db.Reader) ([]ledger.Check, error)) verifier {
	return func(ctx context.Context, r db.Reader, _ time.Time) ([]ledger.Check, error) { return f(ctx, r) }
}

// verifiers are all, from the books up.
var verifiers = []verifier{
	ledger.Verify,
	func(ctx context.Context, r db.Reader, now time.Time) ([]ledger.Check, error) {
		return audit.Book().Verify(ctx, r, now)
	},
	timeless(org.Verify), timeless(people.Verify), timeless(notice.Verify), timeless(campaign.Verify), timeless(activity.Verify), timeless(roster.Verify),
	timeless(callup.Verify), timeless(report.Verify),
	timeless(progress.Verify), timeless(guidance.Verify), timeless(article.Verify), timeless(experience.Verify), timeless(bulletin.Verify),
	timeless(verifyHeld), timeless(verifyWholes),
}

// verifyHeld recounts activity.held: activity posts it, roster has the arrivals from which it
// follows.
func verifyHeld(ctx context.Context, r db.Reader) ([]ledger.Check, error) {
	want, err := held(ctx, r)
	if err != nil {
		return nil, err
	}
	c, err := ledger.Recount(ctx, r, activity.HeldFact, want)
	return []ledger.Check{c}, err
}

// Verify checks, on one snapshot, everything that must hold after every fault. It only reads.
func Verify(ctx context.Context, d *db.DB) (checks []ledger.Check, err error) {
	now := d.Now()
	err = d.Snapshot(ctx, func(r db.Reader) error {
		checks = nil
		for _, v := range verifiers {
			some, err := v(ctx, r, now)
			if err != nil {
				return err
			}
			checks = append(checks, some...)
		}
		kinds, err := verifyKinds(ctx, r, checks)
		if err != nil {
			return err
		}
		checks = append(checks, kinds)
		return blind(ctx, r, checks)
	})
	if err != nil {
		return nil, err
	}
	for _, f := range []func(context.Context, *db.DB) (ledger.Check, error){guidance.VerifyFigures, article.VerifyFigures, experience.VerifyFigures, bulletin.VerifyFigures} {
		c, err := f(ctx, d)
		if err != nil {
			return nil, err
		}
		checks = append(checks, c)
	}
	return checks, nil
}

// Holds reports whether nothing is broken.
func Holds(checks []ledger.Check) bool {
	return !slices.ContainsFunc(checks, func(c ledger.Check) bool { return c.Broken > 0 })
}

// verifyKinds finds kinds of facts that were posted and that no check recounts.
func verifyKinds(ctx context.Context, r db.Reader, checks []ledger.Check) (ledger.Check, error) {
	c := ledger.Check{Name: "ledger.kinds"}
	kinds, err := postedKinds(ctx, r)
	for _, k := range kinds {
		c.Checked++
		if !slices.ContainsFunc(checks, func(c ledger.Check) bool { return c.Name == "recount."+k }) {
			c.Break(k)
		}
	}
	return c, err
}

// blind breaks every check that looked at nothing although there was something to look at:
// one that sees nothing finds nothing.
func blind(ctx context.Context, r db.Reader, checks []ledger.Check) error {
	for i := range checks {
		c := &checks[i]
		if c.Checked > 0 {
			continue
		}
		n, err := exists(ctx, r, c.Name)
		if err != nil {
			return fmt.Errorf("verify %s: %w", c.Name, err)
		}
		if n > 0 {
			c.Break(fmt.Sprintf("unseen:%d", n))
		}
	}
	return nil
}
