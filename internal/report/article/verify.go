package article

import (
	"context"
	"errors"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/picture"
	"tongxin/internal/ledger"
	"tongxin/internal/report/figure"
)

// Verify checks what doc.go says always holds, but for the figures.
func Verify(ctx context.Context, r db.Reader) ([]ledger.Check, error) {
	checks, err := stateChecks(ctx, r)
	if err != nil {
		return nil, err
	}
	published, err := publishedFacts(ctx, r)
	if err != nil {
		return nil, err
	}
	read, err := readFacts(ctx, r)
	if err != nil {
		return nil, err
	}
	for _, k := range []struct {
		kind    *ledger.Kind
		records []ledger.Fact
	}{{PublishedFact, published}, {ReadFact, read}} {
		c, err := ledger.Recount(ctx, r, k.kind, k.records)
		if err != nil {
			return nil, err
		}
		checks = append(checks, c)
	}
	pictures, err := pictureCheck(ctx, r)
	return append(checks, pictures), err
}

// pictureCheck looks for pictures of texts that are shown.
func pictureCheck(ctx context.Context, r db.Reader) (ledger.Check, error) {
	c := ledger.Check{Name: "article.pictures"}
	err := everyShown(ctx, r, func(a Article, text string) error {
		doc, err := document(a.ID, text)
		if err != nil {
			return err
		}
		c.Checked++
		err = picture.Belong(ctx, r, a.ID, doc.Pictures())
		if fail.KindOf(err) == fail.Invalid {
			c.Break(string(a.ID))
			return nil
		}
		return err
	})
	return c, err
}

// VerifyFigures reckons anew, as of their moments, the figures of what everybody reads.
func VerifyFigures(ctx context.Context, d *db.DB) (ledger.Check, error) {
	c := ledger.Check{Name: "article.figures"}
	var e *figure.Engine
	err := everyShown(ctx, d, func(a Article, text string) error {
		doc, err := document(a.ID, text)
		if err != nil {
			return err
		}
		c.Checked++
		all := doc.Figures()
		if len(all) > 0 && e == nil {
			if e, err = loaded(ctx, d); err != nil {
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
			c.Break(string(a.ID))
		}
		return err
	})
	if errors.Is(err, figure.ErrBroken) { // nothing comes out again
		c.Break(err.Error())
		return c, nil
	}
	return c, err
}

func loaded(ctx context.Context, d *db.DB) (*figure.Engine, error) {
	e, err := figure.Open(ctx, d)
	if err != nil {
		return nil, err
	}
	return e, e.Load(ctx)
}
