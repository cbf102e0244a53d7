package app

import (
	"context"
	"crypto/rand"
	"errors"
	"time"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/chain"
	"tongxin/internal/ledger"
)

// sealEvery is the longest that a committed fact waits for its number; figures and live
// pages owe it half of their second.
const sealEvery = 200 * time.Millisecond

// Sealer is what this process is called where it seals the books.
func (a *App) Sealer() string { return a.name }

// books are the append-only books of the product.
func books() []*chain.Book { return []*chain.Book{ledger.Book(), audit.Book()} }

// Seal numbers what has been committed unnumbered; nothing where rows are numbered as they
// are inserted.
func (a *App) Seal(ctx context.Context) error {
	var errs []error
	for _, b := range books() {
		_, err := b.Seal(ctx, a.DB, a.name)
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// sealing seals until ctx ends, and once more then.
func (a *App) sealing(ctx context.Context) {
	tick := time.NewTicker(sealEvery)
	defer tick.Stop()
	for {
		err := a.Seal(context.WithoutCancel(ctx))
		if err != nil {
			a.Log.Error("sealing failed, will try again", "err", err)
		}
		select {
		case <-ctx.Done():
			if err := a.Seal(context.WithoutCancel(ctx)); err != nil {
				a.Log.Error("the last sealing failed; the next start seals what is left", "err", err)
			}
			return
		case <-tick.C:
		}
	}
}

// sealerName tells this process's sealer from another's.
func sealerName() string { return rand.Text()[:12] }
