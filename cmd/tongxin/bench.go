package main

import (
	"context"
	"encoding/json"
	"strconv"
	"time"

	"tongxin/internal/bench"
)

// benchmark measures, on copies of a database.
type benchmark struct {
	keyed
	Kind    string `arg:"" enum:"signup,checkin" help:"${bench_kind}"`
	Clients int    `default:"64" placeholder:"N" help:"${clients}"`
	Seconds int    `default:"10" placeholder:"S" help:"${seconds}"`
	JSON    bool   `name:"json" help:"${json}"`
}

// Run measures and prints. Exit code 1 says that something did not hold.
func (b benchmark) Run(ctx context.Context, p printer) error {
	o := bench.Options{DSN: b.DB, Keys: b.Keys, Kind: bench.Kind(b.Kind), Clients: b.Clients, For: time.Duration(b.Seconds) * time.Second}
	if !b.JSON {
		o.Tell = func(s bench.Stage) { p.say(p.T("cmd.bench.stage." + string(s))) }
	}
	r, err := bench.Run(ctx, o)
	if err != nil {
		return err
	}
	if b.JSON {
		err = json.NewEncoder(p.out).Encode(r)
	} else {
		p.measured(r)
	}
	if err == nil && (!r.VerifyOK || r.Errors > 0) {
		err = errBroken
	}
	return err
}

// measured prints a result in lines.
func (p printer) measured(r bench.Result) {
	p.say("")
	p.say(p.T("cmd.bench.accepted", "n", round(r.Accepted, 0)))
	if r.BaseAccepted != nil && r.Ratio != nil {
		p.say(p.T("cmd.bench.baseline", "n", round(*r.BaseAccepted, 0), "ratio", round(*r.Ratio, 2)))
		p.say(p.T("cmd.bench.commits", "n", round(r.CommitsEach, 3), "baseline", round(*r.BaseCommitsEach, 3)))
	}
	p.say(p.T("cmd.bench.lone", "n", round(r.LoneCommit, 0)))
	p.say(p.T("cmd.bench.latency", "p50", round(r.P50, 1), "p99", round(r.P99, 1)))
	p.say(p.T("cmd.bench.refused", "n", r.Refused, "errors", r.Errors))
	holds := "cmd.bench.holds"
	if !r.VerifyOK {
		holds = "cmd.bench.broken"
	}
	p.say(p.T(holds))
}

func round(f float64, digits int) string { return strconv.FormatFloat(f, 'f', digits, 64) }
