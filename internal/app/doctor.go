package app

import (
	"context"
	"strconv"
	"time"

	"tongxin/internal/base/config"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/jobs"
)

// Verdict is how one thing stands.
type Verdict int

// The verdicts.
const (
	Well Verdict = iota
	Doubtful
	Wrong
)

// Finding is one thing that the doctor looked at, as a sentence.
type Finding struct {
	Verdict Verdict
	Key     string
	Args    []any
}

// Text is the sentence.
func (f Finding) Text(lang string) string { return i18n.T(lang, f.Key, f.Args...) }

// doctor collects findings.
type doctor struct{ found []Finding }

func (d *doctor) say(v Verdict, key string, args ...any) {
	d.found = append(d.found, Finding{v, key, args})
}

// refusal adds an error that has words, or that all is well.
func (d *doctor) refusal(err error, well string, args ...any) error {
	switch {
	case err == nil:
		d.say(Well, well, args...)
	case fail.KindOf(err) == fail.Internal:
		return err
	default:
		d.found = append(d.found, Finding{Wrong, fail.Key(err), fail.Args(err)})
	}
	return nil
}

// Doctor looks at all that an installation stands on, beside a running server or without one,
// and says what is wrong with it. It writes nothing but a small file beside a SQLite database,
// which it takes away again, to see how long the disk takes.
func Doctor(ctx context.Context, c Config) ([]Finding, error) {
	d, err := Inspect(ctx, c.DSN)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	var doc doctor
	for _, look := range []func(context.Context, *db.DB, Config) error{
		doc.versions, doc.engine, doc.keys, doc.clock, doc.settings, doc.work,
	} {
		if err := look(ctx, d, c); err != nil {
			return doc.found, err
		}
	}
	return doc.found, nil
}

func (d *doctor) versions(ctx context.Context, b *db.DB, _ Config) error {
	have, err := b.SchemaVersion(ctx)
	if err != nil {
		return err
	}
	return d.refusal(b.CheckSchema(ctx), "doctor.schema", "version", strconv.FormatInt(have, 10))
}

func (d *doctor) engine(ctx context.Context, b *db.DB, _ Config) error {
	h, err := b.Health(ctx)
	if err != nil {
		return err
	}
	if h.File != nil {
		d.file(h.Version, *h.File)
	} else {
		d.server(h.Version, *h.Server)
	}
	return nil
}

// What a disk is measured against.
const (
	hurry   = 40 * time.Microsecond // no disk answers a durable write as fast
	slow    = 20 * time.Millisecond
	scarce  = 1 << 30 // bytes
	nothing = 100 << 20
)

const mega = 1 << 20

func (d *doctor) file(version string, h db.FileHealth) {
	if h.Damage != "" {
		d.say(Wrong, "doctor.damage", "engine", h.Damage)
	} else {
		d.say(Well, "doctor.sqlite", "version", version, "mb", h.Size/mega)
	}
	if h.Journal != "wal" {
		d.say(Wrong, "doctor.journal", "mode", h.Journal)
	}
	if h.Volatile != "" {
		d.say(Wrong, "doctor.volatile", "kind", h.Volatile)
	}
	us := h.Sync.Microseconds()
	switch {
	case h.Sync == 0:
		d.say(Wrong, "doctor.sync_unknown")
	case h.Sync < hurry:
		d.say(Doubtful, "doctor.sync_hurried", "us", us)
	case h.Sync > slow:
		d.say(Doubtful, "doctor.sync_slow", "us", us)
	default:
		d.say(Well, "doctor.sync", "us", us)
	}
	switch {
	case h.Free < 0:
		d.say(Doubtful, "doctor.space_unknown")
	case h.Free < nothing:
		d.say(Wrong, "doctor.space_gone", "mb", h.Free/mega)
	case h.Free < max(scarce, h.Size):
		d.say(Doubtful, "doctor.space_scarce", "mb", h.Free/mega)
	default:
		d.say(Well, "doctor.space", "mb", h.Free/mega)
	}
	if h.Exposed {
		d.say(Wrong, "doctor.exposed")
	}
}

// clockSkew is how far the clocks of two machines may be apart.
const clockSkew = 2 * time.Second

// ourConnections is how many the product opens to PostgreSQL, some for commands included.
const ourConnections = 40

func (d *doctor) server(version string, h db.ServerHealth) {
	d.say(Well, "doctor.postgres", "version", version)
	for _, name := range h.Off {
		d.say(Wrong, "doctor.not_durable", "name", name)
	}
	if len(h.Off) == 0 {
		d.say(Well, "doctor.durable")
	}
	if h.Collation != "C" && h.Collation != "C.UTF-8" && h.Collation != "C.utf8" {
		d.say(Doubtful, "doctor.collation", "name", h.Collation)
	}
	if h.Super {
		d.say(Doubtful, "doctor.superuser")
	}
	if n := h.Connections; n < ourConnections {
		d.say(Doubtful, "doctor.connections", "n", n, "want", ourConnections)
	}
	if h.Skew.Abs() > clockSkew {
		d.say(Doubtful, "doctor.skew", "seconds", int64(h.Skew.Seconds()))
	}
}

func (d *doctor) keys(ctx context.Context, b *db.DB, c Config) error {
	path, err := crypt.Path(c.DSN, c.Keys)
	var k *crypt.Keys
	if err == nil {
		k, err = crypt.Open(path, false)
	}
	if err == nil {
		err = k.Check(ctx, b, path)
	}
	return d.refusal(err, "doctor.keys", "file", path)
}

// demonstration is how far a product's clock must be off the machine's to be another time.
const demonstration = time.Minute

func (d *doctor) clock(ctx context.Context, b *db.DB, _ Config) error {
	for _, book := range books() {
		if err := book.CheckClock(ctx, b, b.Now()); err != nil {
			return d.refusal(err, "doctor.clock")
		}
	}
	offset, err := ClockOffset(ctx, b)
	if err != nil {
		return err
	}
	if offset.Abs() > demonstration {
		d.say(Doubtful, "doctor.clock_set", "time", i18n.Stamp(b.Now()))
		return nil
	}
	d.say(Well, "doctor.clock", "time", i18n.Stamp(b.Now()))
	return nil
}

func (d *doctor) settings(ctx context.Context, b *db.DB, _ Config) error {
	_, err := config.Load(ctx, b)
	return d.refusal(err, "doctor.settings")
}

// How long what waits may wait.
const (
	latestJob  = 10 * time.Minute
	latestSeal = time.Minute
)

func (d *doctor) work(ctx context.Context, b *db.DB, _ Config) error {
	now := b.Now()
	n, err := jobs.Count(ctx, b, now)
	if err != nil {
		return err
	}
	if n.Dead > 0 {
		d.say(Doubtful, "doctor.jobs_dead", "n", n.Dead)
	}
	if n.Due > 0 && n.Late > latestJob {
		d.say(Doubtful, "doctor.jobs_late", "n", n.Due, "minutes", int64(n.Late.Minutes()))
	}
	for _, book := range books() {
		w, err := book.Waiting(ctx, b, now)
		if err != nil {
			return err
		}
		if w.Unsealed > 0 && w.Longest > latestSeal {
			d.say(Wrong, "doctor.unsealed", "n", w.Unsealed)
		}
	}
	d.say(Well, "doctor.work", "n", n.Waiting)
	return nil
}
