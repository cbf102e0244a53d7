package main

import (
	"context"
	"encoding/json"
	"time"

	"tongxin/internal/bench"
)

// importing measures how a list of volunteers comes in while people sign up.
type importing struct {
	keyed
	Rows    string `default:"500k" placeholder:"N" help:"${bench_rows}"`
	Clients int    `default:"64" placeholder:"N" help:"${clients}"`
	Seconds int    `default:"10" placeholder:"S" help:"${bench_alone}"`
	JSON    bool   `name:"json" help:"${json}"`
}

// Run measures and prints. Exit code 1 says that something did not hold.
func (i importing) Run(ctx context.Context, p printer) error {
	rows, err := count(i.Rows)
	if err != nil {
		return err
	}
	o := bench.ImportOptions{Rows: rows, Options: bench.Options{DSN: i.DB, Keys: i.Keys, Clients: i.Clients, For: time.Duration(i.Seconds) * time.Second}}
	if !i.JSON {
		o.Tell = func(s bench.Stage) { p.say(p.T("cmd.bench.stage." + string(s))) }
	}
	r, err := bench.RunImport(ctx, o)
	if err != nil {
		return err
	}
	if i.JSON {
		err = json.NewEncoder(p.out).Encode(r)
	} else {
		p.imported(r)
	}
	if err == nil && (!r.VerifyOK || r.Errors > 0) {
		err = errBroken
	}
	return err
}

// imported prints what was measured of an import.
func (p printer) imported(r bench.Import) {
	p.say("")
	p.say(p.T("cmd.bench.list", "rows", r.Rows, "mb", round(float64(r.Bytes)/(1<<20), 1)))
	p.say(p.T("cmd.bench.import", "total", round(r.Total, 1), "read", round(r.Read, 1), "enter", round(r.Enter, 1), "rate", round(float64(r.Rows)/r.Total, 0)))
	p.say(p.T("cmd.bench.import_cost", "cpu", round(r.CPU, 1), "mb", round(r.Memory, 0)))
	p.say(p.T("cmd.bench.along", "alone", round(r.Alone, 0), "along", round(r.Along, 0), "percent", round(r.Ratio*100, 0), "seconds", round(r.Lasted, 0)))
	holds := "cmd.bench.holds"
	if !r.VerifyOK {
		holds = "cmd.bench.broken"
	}
	p.say(p.T(holds))
}
