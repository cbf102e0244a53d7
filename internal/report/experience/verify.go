package experience

import (
	"context"
	"errors"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/report/figure"
)

// Verify checks what doc.go says always holds, but for the figures.
func Verify(ctx context.Context, r db.Reader) ([]ledger.Check, error) {
	checks, err := recordChecks(ctx, r)
	if err != nil {
		return nil, err
	}
	for _, k := range counted {
		records, err := facts(ctx, r, k.query)
		if err != nil {
			return nil, err
		}
		c, err := ledger.Recount(ctx, r, k.kind, records)
		if err != nil {
			return nil, err
		}
		checks = append(checks, c)
	}
	return checks, nil
}

// VerifyFigures reckons anew, as of their moments, the figures of what was chosen.
func VerifyFigures(ctx context.Context, d *db.DB) (ledger.Check, error) {
	c := ledger.Check{Name: "experience.figures"}
	var e *figure.Engine
	err := everyChosen(ctx, d, func(at id.ID, text string) error {
		doc, err := document(text)
		if err != nil {
			return err
		}
		c.Checked++
		all := doc.Figures()
		if len(all) > 0 && e == nil {
			if e, err = figure.Open(ctx, d); err != nil {
				return err
			}
			if err = e.Load(ctx); err != nil {
				return err
			}
		}
		ok := true
		for i := 0; i < len(all) && ok && err == nil; i++ {
			var frozen figure.Frozen
			if frozen, ok = figure.FrozenOf(all[i]); ok {
				ok, err = e.Proves(ctx, frozen)
			}
		}
		if !ok {
			c.Break(string(at))
		}
		return err
	})
	if errors.Is(err, figure.ErrBroken) { // nothing comes out again
		c.Break(err.Error())
		return c, nil
	}
	return c, err
}
