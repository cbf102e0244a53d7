package app

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"tongxin/internal/api"
	"tongxin/internal/base/config"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/idem"
	"tongxin/internal/base/jobs"
	"tongxin/internal/report/article"
	"tongxin/internal/report/bulletin"
	"tongxin/internal/report/experience"
	"tongxin/internal/report/figure"
	"tongxin/internal/report/guidance"
	"tongxin/internal/report/live"
	"tongxin/internal/web"
	"tongxin/internal/web/page"
	webpeople "tongxin/internal/web/people"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/callup"
	"tongxin/internal/work/intake"
	"tongxin/internal/work/notice"
	"tongxin/internal/work/people"
	"tongxin/internal/work/report"
	"tongxin/internal/work/roster"
)

// Config is where an installation is and how it runs. Only DSN must be said.
type Config struct {
	DSN  string
	Keys string // path of the keys file; "" is beside a SQLite file

	Now      func() time.Time // the product's clock; nil goes on where the database's stood
	ClockSet bool             // it does not tell the real time, and pages say so
	Rand     io.Reader        // randomness of ids; nil is crypto/rand's. The seed gives its own.
	Making   bool             // the database is being made: see db.Options
	Batch    int              // most closures in one commit; 0 is the database's own number
	Demo     bool             // codes are shown instead of sent, staff start without a second factor
	Log      *slog.Logger     // nil: nothing is logged
	Patience Patience         // with slow connections; zero is the usual one
}

// App is an open installation.
type App struct {
	Config
	DB       *db.DB
	Keys     *crypt.Keys
	Settings config.Settings // as they were at the start
	Jobs     *jobs.Runner
	Figures  *figure.Engine
	Live     *live.Hub
	Reads    article.Counter
	Courier  Courier

	name     string // of this process, as a sealer
	keysPath string
	secure   bool // served over TLS
	proxied  bool // by a proxy in front
	stopping atomic.Bool
	traffic  *api.Traffic
}

// Open opens an installation to write: it brings the database up to date, finds its keys (a
// new database gets new ones), and puts in the reference data of this version.
func Open(ctx context.Context, c Config) (_ *App, err error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Patience == (Patience{}) {
		c.Patience = usually
	}
	path, err := crypt.Path(c.DSN, c.Keys)
	if err == nil && c.Now == nil {
		c.Now, err = resume(ctx, c.DSN)
	}
	if err != nil {
		return nil, err
	}
	d, err := db.Open(ctx, c.DSN, db.Options{Now: c.Now, Rand: c.Rand, Batch: c.Batch, Making: c.Making})
	if err != nil {
		return nil, err
	}
	a := &App{Config: c, DB: d, name: sealerName(), traffic: api.NewTraffic()}
	if err := a.start(ctx, path); err != nil {
		return nil, errors.Join(err, d.Close())
	}
	return a, nil
}

// start makes an open database ready to serve.
func (a *App) start(ctx context.Context, keys string) (err error) {
	a.keysPath = keys
	if err = a.DB.Migrate(ctx); err != nil {
		return err
	}
	for _, b := range books() {
		if err = b.CheckClock(ctx, a.DB, a.DB.Now()); err != nil {
			return err
		}
	}
	if a.Keys, err = crypt.Attach(ctx, a.DB, keys); err != nil {
		return err
	}
	if err = a.DB.Write(ctx, func(tx *db.Tx) error { return a.install(ctx, tx) }); err != nil {
		return err
	}
	if a.Settings, err = config.Load(ctx, a.DB); err != nil {
		return err
	}
	a.Settings.Apply()
	a.Jobs = a.runner()
	a.Courier = NewCourier(a.DB, a.Keys)
	if a.Figures, err = figure.Open(ctx, a.DB); err != nil {
		return err
	}
	a.Figures.Keep(snapshotPath(a.DSN, keys))
	a.Live = live.New(a.Figures)
	return nil
}

// install puts in the reference data of this version, each thing once, and notes how far the
// product's clock is from the machine's.
func (a *App) install(ctx context.Context, tx *db.Tx) error {
	if err := people.Install(tx); err != nil {
		return err
	}
	if err := activity.Install(ctx, tx); err != nil {
		return err
	}
	return noteClock(ctx, tx, time.Until(a.Now()))
}

// runner knows who does each kind of job.
func (a *App) runner() *jobs.Runner {
	r := jobs.NewRunner(a.DB)
	Handle(r)
	intake.Handle(r, a.DB, a.Keys)
	idem.Schedule(r)
	r.Every(roster.JobRemind, roster.RemindEvery, roster.Remind)
	return r
}

// Handle gives a runner every handler of what the product does later, but for what it does
// again and again.
func Handle(r *jobs.Runner) {
	notice.Handle(r)
	people.Schedule(r, MergeSteps(), []people.CloseStep{roster.CloseStep, activity.CloseStep, notice.CloseStep})
	r.Handle(activity.JobEscalate, activity.Escalate)
	roster.Handle(r)
	callup.Handle(r)
	report.Handle(r)
	r.Handle(guidance.JobRaise, guidance.Raise)
	bulletin.Handle(r)
	article.Handle(r)
}

// MergeSteps are what each area does when two records of one person are merged, in that order;
// people's own comes before them.
func MergeSteps() []people.MergeStep {
	return []people.MergeStep{notice.MergeStep, activity.MergeStep, roster.MergeStep, callup.MergeStep, report.MergeStep, article.MergeStep, experience.MergeStep}
}

// Handler is the site with the API, health and metrics.
func (a *App) Handler() http.Handler {
	machines := api.Site{DB: a.DB, Keys: a.Keys, Log: a.Log, Figures: a.Figures, Stopping: a.stopping.Load, Traffic: a.traffic}
	return web.New(&page.Site{
		DB: a.DB, Keys: a.Keys, Log: a.Log, Figures: a.Figures, Live: a.Live, Reads: &a.Reads, Authenticate: webpeople.Authenticate(a.DB, a.Keys),
		Pace: a.Patience.Pace, Secure: a.secure, Proxied: a.proxied, DemoClock: a.ClockSet, Dev: a.Demo, SendCode: a.sender(), Prove: a.Courier.Prove, OpenID: a.Courier.OpenID,
	}, machines.Mount)
}

// Close ends the installation: queued writes end first.
func (a *App) Close() error {
	a.Live.Close()
	return a.DB.Close()
}
