package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"tongxin/internal/app"
	"tongxin/internal/base/audit"
	"tongxin/internal/base/chain"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/ledger"
)

// Kind is what is measured.
type Kind string

// The kinds.
const (
	SignUp  Kind = "signup"
	CheckIn Kind = "checkin"

	Importing Kind = "import"
)

// Options say what to measure and where.
type Options struct {
	DSN, Keys string // the database that is copied, and its keys, as for serve
	Kind      Kind
	Clients   int
	For       time.Duration // of each of the two runs
	Tell      func(Stage)   // what begins now; nil: nobody listens
}

// Stage is a part of a measurement.
type Stage string

// The stages.
const (
	Copying  Stage = "copying"
	Staging  Stage = "staging"
	Baseline Stage = "baseline"
	Product  Stage = "product"
	Checking Stage = "checking"
)

// Result is what was measured. Rates are of accepted requests, latencies and commits of all,
// of the product where the name does not say baseline. Nil where there is no baseline.
type Result struct {
	Accepted        float64  `json:"accepted_per_s"`
	BaseAccepted    *float64 `json:"baseline_accepted_per_s"`
	Ratio           *float64 `json:"ratio"`
	LoneCommit      float64  `json:"lone_commit_us"`
	CommitsEach     float64  `json:"commits_per_request"`
	BaseCommitsEach *float64 `json:"baseline_commits_per_request"`
	P50             float64  `json:"p50_ms"`
	P99             float64  `json:"p99_ms"`
	Refused         int64    `json:"refused"`
	Errors          int64    `json:"errors"`
	VerifyOK        bool     `json:"verify_ok"`
}

// Run measures.
func Run(ctx context.Context, o Options) (r Result, err error) {
	if o.Tell == nil {
		o.Tell = func(Stage) {}
	}
	if o.Keys, err = crypt.Path(o.DSN, o.Keys); err != nil {
		return r, err
	}
	b := &bench{Options: o}
	defer func() { err = errors.Join(err, b.clean()) }()
	o.Tell(Copying)
	staged, err := b.copy(ctx, o.DSN)
	if err != nil {
		return r, err
	}
	o.Tell(Staging)
	p, engine, err := b.stage(ctx, staged)
	if err != nil {
		return r, fmt.Errorf("bench: staging: %w", err)
	}
	r.VerifyOK = true
	if engine == db.SQLite {
		base, err := b.measure(ctx, Baseline, staged, p, 1)
		if err != nil {
			return r, err
		}
		r.baseline(base)
	}
	run, err := b.measure(ctx, Product, staged, p, 0)
	r.product(run)
	return r, err
}

func (r *Result) baseline(m measured) {
	rate, each := m.rate(), m.commitsEach()
	r.BaseAccepted, r.BaseCommitsEach = &rate, &each
	r.VerifyOK = r.VerifyOK && m.holds
	r.Errors += m.errors
}

func (r *Result) product(m measured) {
	r.Accepted, r.CommitsEach, r.LoneCommit = m.rate(), m.commitsEach(), m.loneCommit
	r.P50, r.P99, r.Refused = m.percentile(50), m.percentile(99), m.refused
	r.VerifyOK = r.VerifyOK && m.holds
	r.Errors += m.errors
	if r.BaseAccepted != nil && *r.BaseAccepted > 0 {
		ratio := r.Accepted / *r.BaseAccepted
		r.Ratio = &ratio
	}
}

// bench is one measurement and the databases that it made.
type bench struct {
	Options
	made []string
	now  func() time.Time
	rows int // of the list that is brought meanwhile
}

// copy makes another copy, beside the original.
func (b *bench) copy(ctx context.Context, from string) (string, error) {
	name := strings.Join([]string{"tongxin_bench", strconv.Itoa(os.Getpid()), strconv.Itoa(len(b.made))}, "_")
	to, err := db.Beside(b.DSN, name)
	if err != nil {
		return "", err
	}
	b.made = append(b.made, to)
	return to, db.Copy(ctx, from, to)
}

// clean takes the copies away.
func (b *bench) clean() (err error) {
	for _, dsn := range b.made {
		err = errors.Join(err, db.Remove(context.Background(), dsn))
	}
	return err
}

// open opens a copy as serve would.
func (b *bench) open(ctx context.Context, dsn string, batch int) (*app.App, error) {
	if b.now == nil {
		ahead, err := ahead(ctx, dsn)
		if err != nil {
			return nil, err
		}
		b.now = func() time.Time { return time.Now().Add(ahead) }
	}
	return app.Open(ctx, app.Config{DSN: dsn, Keys: b.Keys, Now: b.now, Batch: batch, Log: quiet()})
}

// ahead is how far the clock of a database is from the machine's: as it was last opened, and
// not behind what stands in its books.
func ahead(ctx context.Context, dsn string) (time.Duration, error) {
	d, err := app.Inspect(ctx, dsn)
	if err != nil {
		return 0, err
	}
	defer d.Close()
	offset := time.Until(d.Now())
	for _, book := range []*chain.Book{ledger.Book(), audit.Book()} {
		head, err := book.Head(ctx, d)
		if err != nil {
			return 0, err
		}
		offset = max(offset, time.Until(db.Time(head.At+1)))
	}
	return offset, nil
}
