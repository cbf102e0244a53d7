package seed

import (
	"context"
	"encoding/binary"
	"errors"
	"log/slog"
	"math/rand/v2"
	"time"

	"tongxin/internal/app"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
)

// Scale says how large a world is.
type Scale string

// Small is three cities' tree and a few hundred people.
const Small Scale = "small"

// Options say what to make and where.
type Options struct {
	DSN, Keys string
	Scale     Scale
	Seed      uint64
	Clock     time.Time // the moment it is made for; a whole city has its own
	Fraction  float64   // of a whole city; 0 and 1: all of it
	Tell      func(Progress)
	OneFactor bool // staff sign in without a second factor, as in the demonstration
	Log       *slog.Logger
}

// Account is somebody who can sign in: staff by login and password, others by phone and the
// code sent to it.
type Account struct {
	Role     auth.Role `json:"role"`
	Person   id.ID     `json:"person"`
	Org      id.ID     `json:"org,omitempty"`
	OrgName  string    `json:"org_name,omitempty"`
	Name     string    `json:"name"`
	Login    string    `json:"login,omitempty"`
	Password string    `json:"password,omitempty"`
	Phone    string    `json:"phone,omitempty"`
}

// Counts is how much was made.
type Counts struct {
	Areas, Orgs, People, Activities, Shifts, Signups, Arrivals int64
}

// Made is a world that was made.
type Made struct {
	Accounts []Account
	Counts   Counts
	Took     time.Duration
}

// Run makes a world in an empty database, at the moment asked for.
func Run(ctx context.Context, o Options) (made Made, err error) {
	began := time.Now()
	if o.Scale != Small && o.Scale != Taizhou {
		return made, fail.New(fail.Invalid, "seed.scale")
	}
	empty, err := Empty(ctx, o.DSN)
	if err == nil && !empty {
		err = fail.New(fail.Conflict, "seed.not_empty")
	}
	if err != nil {
		return made, err
	}
	if o.Scale == Taizhou {
		return runCity(ctx, o)
	}
	w, err := begin(ctx, o)
	if err != nil {
		return made, err
	}
	defer func() { err = errors.Join(err, w.app.Close()) }()
	if err := w.found(o); err != nil {
		return made, err
	}
	if err := w.walk(); err != nil {
		return made, err
	}
	if err := w.rules(); err != nil {
		return made, err
	}
	if err := w.stop(ctx); err != nil {
		return made, err
	}
	return Made{w.accounts(), w.count, time.Since(began)}, nil
}

// before is how many days before its moment a world begins.
const before = 16

// begin opens the database with a clock and chance of the world's own.
func begin(ctx context.Context, o Options) (*world, error) {
	now := o.Clock.Truncate(time.Second)
	w := &world{ctx: ctx, now: now, today: i18n.Midnight(now), at: map[string][]*person{}}
	w.clock = &clock{now: w.day(-before).Add(8 * time.Hour)}
	w.ticked = w.clock.Now()
	w.rand = rand.New(rand.NewChaCha8(key(o.Seed, "world")))
	a, err := app.Open(ctx, app.Config{
		DSN: o.DSN, Keys: o.Keys, Now: w.clock.Now, Rand: rand.NewChaCha8(key(o.Seed, "ids")), Log: o.Log,
	})
	if err != nil {
		return nil, err
	}
	w.app, w.jobs = a, jobs.NewRunner(a.DB)
	app.Handle(w.jobs)
	return w, nil
}

// Empty reports whether a world can be made in a database: there is no organisation in it.
func Empty(ctx context.Context, dsn string) (bool, error) {
	d, err := app.Inspect(ctx, dsn)
	if key := fail.Key(err); key == "db.missing" || key == "app.not_ours" {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	used, err := anyOrg(ctx, d)
	return !used, errors.Join(err, d.Close())
}

// key is the seed of one stream of chance.
func key(seed uint64, stream string) (k [32]byte) {
	binary.BigEndian.PutUint64(k[:], seed)
	copy(k[8:], stream)
	return k
}

// found makes who and where, and plans what happens.
func (w *world) found(o Options) error {
	w.texts = textsFor(w.now)
	for _, step := range []func() error{
		func() error { return w.settings(o) }, w.plantTree, w.hire, w.readKinds, w.openCampaigns, w.gather, w.register, w.program,
	} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// system runs commands as the product itself.
func (w *world) system(f func(tx *db.Tx, actor auth.Actor) error) error {
	return w.write(func(tx *db.Tx) error { return f(tx, auth.System) })
}
