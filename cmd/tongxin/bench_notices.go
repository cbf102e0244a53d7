package main

import (
	"context"
	"encoding/json"
	"time"

	"tongxin/internal/bench"
)

// telling measures how fast a call to many is queued, and how sign-ups fare meanwhile.
type telling struct {
	keyed
	People  string `default:"50k" placeholder:"N" help:"${bench_people}"`
	Clients int    `default:"16" placeholder:"N" help:"${clients}"`
	Seconds int    `default:"8" placeholder:"S" help:"${bench_alone}"`
	JSON    bool   `name:"json" help:"${json}"`
}

// Run measures and prints. Exit code 1 says that something did not hold.
func (t telling) Run(ctx context.Context, p printer) error {
	people, err := count(t.People)
	if err != nil {
		return err
	}
	o := bench.NoticesOptions{People: people, Options: bench.Options{DSN: t.DB, Keys: t.Keys, Clients: t.Clients, For: time.Duration(t.Seconds) * time.Second}}
	if !t.JSON {
		o.Tell = func(s bench.Stage) { p.say(p.T("cmd.bench.stage." + string(s))) }
	}
	r, err := bench.RunNotices(ctx, o)
	if err != nil {
		return err
	}
	if t.JSON {
		err = json.NewEncoder(p.out).Encode(r)
	} else {
		p.announced(r)
	}
	if err == nil && (!r.VerifyOK || r.Errors > 0) {
		err = errBroken
	}
	return err
}

// announced prints what was measured of a call to many.
func (p printer) announced(r bench.Notices) {
	p.say("")
	p.say(p.T("cmd.bench.queued", "n", r.People, "seconds", round(r.Queued, 1), "sent", r.Sent))
	p.say(p.T("cmd.bench.along", "alone", round(r.Alone, 0), "along", round(r.Along, 0), "percent", round(r.Ratio*100, 0), "seconds", round(r.Queued, 0)))
	holds := "cmd.bench.holds"
	if !r.VerifyOK {
		holds = "cmd.bench.broken"
	}
	p.say(p.T(holds))
}
