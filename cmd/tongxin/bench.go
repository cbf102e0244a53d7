package main

import (
	"context"
	"encoding/json"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/alecthomas/kong"

	"tongxin/internal/base/fail"
	"tongxin/internal/bench"
)

// benches are the measurements.
type benches struct {
	Signup   benchmark `cmd:"" help:"${bench_signup}"`
	Checkin  benchmark `cmd:"" help:"${bench_checkin}"`
	Overview overview  `cmd:"" help:"${bench_overview}"`
	Pages    pages     `cmd:"" help:"${bench_pages}"`
	Search   searching `cmd:"" help:"${bench_search}"`
	Import   importing `cmd:"" help:"${bench_import}"`
	Notices  telling   `cmd:"" help:"${bench_notices}"`
	Bulletin printing  `cmd:"" help:"${bench_bulletin}"`
}

// benchmark measures, on copies of a database.
type benchmark struct {
	keyed
	Clients int  `default:"64" placeholder:"N" help:"${clients}"`
	Seconds int  `default:"10" placeholder:"S" help:"${seconds}"`
	JSON    bool `name:"json" help:"${json}"`
}

// Run measures and prints. Exit code 1 says that something did not hold.
func (b benchmark) Run(ctx context.Context, p printer, named *kong.Context) error {
	o := bench.Options{DSN: b.DB, Keys: b.Keys, Kind: bench.Kind(named.Selected().Name), Clients: b.Clients, For: time.Duration(b.Seconds) * time.Second}
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

// overview measures figures against plain SQL, on a database that it makes and takes away.
type overview struct {
	Facts     string `default:"1M" placeholder:"N" help:"${bench_facts}"`
	PG        string `name:"pg" placeholder:"URL" help:"${bench_pg}"`
	Questions int    `default:"200" placeholder:"N" help:"${bench_questions}"`
	JSON      bool   `name:"json" help:"${json}"`
}

// Run measures and prints. Exit code 1 says that an answer was wrong.
func (o overview) Run(ctx context.Context, p printer) error {
	facts, err := count(o.Facts)
	if err != nil {
		return err
	}
	options := bench.OverviewOptions{Facts: facts, PG: o.PG, Questions: o.Questions}
	if !o.JSON {
		options.Tell = func(s bench.Stage) { p.say(p.T("cmd.bench.stage." + string(s))) }
	}
	r, err := bench.RunOverview(ctx, options)
	if err != nil {
		return err
	}
	if o.JSON {
		err = json.NewEncoder(p.out).Encode(r)
	} else {
		p.raced(r)
	}
	if err == nil && r.Differences > 0 {
		err = errBroken
	}
	return err
}

// count reads a number of facts: 1M, 10M, 250k or digits.
func count(text string) (int, error) {
	times := 1
	digits := strings.TrimRight(text, "kM")
	switch text[len(digits):] {
	case "k":
		times = 1000
	case "M":
		times = 1_000_000
	}
	n, err := strconv.Atoi(digits)
	if err != nil || n < 1 {
		return 0, fail.New(fail.Invalid, "cmd.bench.count")
	}
	return n * times, nil
}

// raced prints what was measured of figures.
func (p printer) raced(r bench.Overview) {
	p.say("")
	for _, race := range r.Races {
		p.say(p.T("cmd.bench.race", "name", race.Name, "sql", round(race.SQL, 0), "model", round(race.Model, 2), "times", round(race.Times, 0)))
	}
	p.say(p.T("cmd.bench.folding", "p99", round(r.P99, 1), "wall", round(r.Wall, 1), "fold", round(r.Fold, 1), "times", round(r.FoldTimes, 1), "seen", round(r.Seen, 0)))
	p.say(p.T("cmd.bench.weight", "facts", r.Facts, "bytes", round(r.Bytes, 0), "seconds", round(r.Load, 1)))
	p.say(p.T("cmd.bench.snapshot", "seconds", round(r.Snapshot, 2), "times", round(r.LoadTimes, 1)))
	p.say(p.T("cmd.bench.differences", "asked", r.Asked, "n", r.Differences))
}

// pages measures how long pages take, of this program on a copy of a database.
type pages struct {
	keyed
	Clients int     `default:"16" placeholder:"N" help:"${clients}"`
	Seconds float64 `default:"10" placeholder:"S" help:"${bench_each}"`
	Soak    float64 `placeholder:"S" help:"${bench_soak}"`
	JSON    bool    `name:"json" help:"${json}"`
}

// Run measures and prints. Exit code 1 says that a page failed, or that something did not hold.
func (b pages) Run(ctx context.Context, p printer) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	return p.visit(ctx, bench.RunPages, b.JSON, bench.PagesOptions{DSN: b.DB, Keys: b.Keys, Program: []string{program}, Clients: b.Clients,
		For: seconds(b.Seconds), Soak: seconds(b.Soak)})
}

// searching measures how long the search box takes, of this program on a copy of a database.
type searching struct {
	keyed
	Clients int     `default:"16" placeholder:"N" help:"${clients}"`
	Seconds float64 `default:"5" placeholder:"S" help:"${bench_questioned}"`
	JSON    bool    `name:"json" help:"${json}"`
}

// Run measures and prints. Exit code 1 says that a question failed.
func (b searching) Run(ctx context.Context, p printer) error {
	program, err := os.Executable()
	if err != nil {
		return err
	}
	return p.visit(ctx, bench.RunSearch, b.JSON, bench.PagesOptions{DSN: b.DB, Keys: b.Keys, Program: []string{program}, Clients: b.Clients, For: seconds(b.Seconds)})
}

// visit measures pages and prints what came of it.
func (p printer) visit(ctx context.Context, run func(context.Context, bench.PagesOptions) (bench.Pages, error), machine bool, o bench.PagesOptions) error {
	if !machine {
		o.Tell = func(s bench.Stage) { p.say(p.T("cmd.bench.stage." + string(s))) }
	}
	r, err := run(ctx, o)
	if err != nil {
		return err
	}
	if machine {
		err = json.NewEncoder(p.out).Encode(r)
	} else {
		p.paged(r)
	}
	if err == nil && !r.Holds() {
		err = errBroken
	}
	return err
}

func seconds(n float64) time.Duration { return time.Duration(n * float64(time.Second)) }

// paged prints what was measured of pages.
func (p printer) paged(r bench.Pages) {
	p.say("")
	p.say(p.T("cmd.bench.start", "ms", round(r.Start, 0), "seconds", round(r.Figures, 1)))
	for _, one := range r.Pages {
		p.say(p.T("cmd.bench.page", "name", one.Name, "p50", round(one.P50, 1), "p99", round(one.P99, 1), "rate", round(one.Rate, 0),
			"cpu", round(one.Cost, 2), "times", round(one.Times, 0), "kb", round(one.KB, 1), "others", round(one.Others, 1), "errors", one.Errors))
	}
	m := r.Memory
	p.say(p.T("cmd.bench.memory", "resident", round(m.Resident, 0), "model", round(m.Model, 0), "apart", round(m.Apart, 0), "caches", round(m.Caches, 0),
		"goroutines", m.Goroutines, "files", m.Files, "after", round(m.After, 0)))
	s := r.Soak
	if s == nil {
		return
	}
	p.say(p.T("cmd.bench.soak", "seconds", round(s.Seconds, 0), "rate", round(s.Asked, 0), "peak", round(s.Peak, 0), "answered", round(s.Answered, 0),
		"first", round(s.First, 1), "worst", round(s.Worst, 1), "times", round(s.Times, 1), "errors", s.Errors))
	for _, y := range s.Samples {
		p.say(p.T("cmd.bench.sample", "after", round(y.After, 0), "resident", round(y.Resident, 0), "model", round(y.Model, 0), "goroutines", y.Goroutines,
			"files", y.Files, "p99", round(y.P99, 1), "others", round(y.Others, 1)))
	}
	p.say(p.T(map[bool]string{true: "cmd.bench.verified", false: "cmd.bench.broken"}[s.VerifyOK]))
}
