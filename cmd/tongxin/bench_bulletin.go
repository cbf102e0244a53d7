package main

import (
	"context"
	"encoding/json"

	"tongxin/internal/bench"
)

// printing measures how long a bulletin's editor takes to open, and its publication.
type printing struct {
	keyed
	Figures int  `default:"200" placeholder:"N" help:"${bench_figures}"`
	Times   int  `default:"20" placeholder:"N" help:"${bench_times}"`
	JSON    bool `name:"json" help:"${json}"`
}

// Run measures and prints. Exit code 1 says that it took longer than it may, or that the issue
// does not prove.
func (b printing) Run(ctx context.Context, p printer) error {
	o := bench.BulletinOptions{DSN: b.DB, Keys: b.Keys, Figures: b.Figures, Times: b.Times}
	if !b.JSON {
		o.Tell = func(s bench.Stage) { p.say(p.T("cmd.bench.stage." + string(s))) }
	}
	r, err := bench.RunBulletin(ctx, o)
	if err != nil {
		return err
	}
	if b.JSON {
		err = json.NewEncoder(p.out).Encode(r)
	} else {
		p.say("")
		p.say(p.T("cmd.bench.bulletin", "figures", r.Figures, "p50", round(r.Open, 1), "worst", round(r.Worst, 1), "opened", r.Opened, "text", round(r.Text, 1),
			"publish", round(r.Published, 1), "prove", round(r.Proved, 1)))
		p.say(p.T(map[bool]string{true: "cmd.bench.holds", false: "cmd.bench.broken"}[r.Holds()]))
	}
	if err == nil && !r.Holds() {
		err = errBroken
	}
	return err
}
