package app

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"tongxin/internal/web/page"
)

// grace is how long running requests may take to end after the signal to stop.
const grace = 20 * time.Second

// Patience is how long a connection is kept that does nothing, or too little.
type Patience struct {
	Header time.Duration // until a request has said what it wants
	Idle   time.Duration // until the next request
	page.Pace
}

// usually is the patience with those whose lines are slow.
var usually = Patience{Header: 10 * time.Second, Idle: 2 * time.Minute, Pace: page.Unhurried}

// Serve answers requests at the address, runs the jobs and seals, until ctx ends. Then it
// takes no new requests and returns once those it had are answered, and what they wrote is
// sealed. The address is closed in any case.
func (a *App) Serve(ctx context.Context, at *Bound) error {
	a.secure, a.proxied = at.Secure(), at.proxied
	srv := &http.Server{
		Handler:           a.traffic.Count(a.Handler()),
		ReadHeaderTimeout: a.Patience.Header,
		IdleTimeout:       a.Patience.Idle,
		MaxHeaderBytes:    64 << 10,
		ErrorLog:          slog.NewLogLogger(a.Log.Handler(), slog.LevelDebug),
	}
	srv.RegisterOnShutdown(a.Live.Close) // streams do not end by themselves
	stopBackground := a.background(ctx)
	served := make(chan error, 1)
	go func() { served <- at.serve(srv) }()
	var err error
	select {
	case err = <-served:
	case <-ctx.Done():
		err = a.drain(srv)
	}
	stopBackground()
	return err
}

// background runs jobs, takes notices to people, seals, follows the ledger with figures and minds memory until stop is called, which
// waits: for the jobs in hand, and then for the sealing of what they did.
func (a *App) background(ctx context.Context) (stop func()) {
	working, stopJobs := context.WithCancel(context.WithoutCancel(ctx))
	sealing, stopSealing := context.WithCancel(context.WithoutCancel(ctx))
	var sealer sync.WaitGroup
	sealer.Go(func() { a.sealing(sealing) })
	sealer.Go(func() { a.Figures.Run(sealing) })
	sealer.Go(func() { a.erasing(sealing) })
	sealer.Go(func() { a.saving(sealing) })
	wait := a.Jobs.Start(working)
	var courier sync.WaitGroup
	courier.Go(func() { a.couriering(working) })
	courier.Go(func() { a.Reads.Run(working, a.DB, func(err error) { a.Log.Error("reads of articles", "err", err) }) })
	return func() {
		stopJobs()
		wait()
		courier.Wait()
		stopSealing()
		sealer.Wait()
		a.saveFigures()
	}
}

// drain says no to new requests and waits for those that run.
func (a *App) drain(srv *http.Server) error {
	a.stopping.Store(true)
	a.Log.Info("stopping: no new requests", "running", a.traffic.Running())
	ctx, cancel := context.WithTimeout(context.Background(), grace)
	defer cancel()
	err := srv.Shutdown(ctx)
	if errors.Is(err, context.DeadlineExceeded) {
		a.Log.Warn("some requests did not end in time and are cut", "running", a.traffic.Running())
		return srv.Close()
	}
	return err
}
