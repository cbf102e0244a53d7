package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/report/figure"
	"tongxin/internal/work/area"
)

// OverviewOptions say how large a ledger is made up to measure figures on, and on which
// server; "" is a SQLite file.
type OverviewOptions struct {
	Facts     int
	PG        string
	Questions int // asked of both sides to compare the answers
	Tell      func(Stage)
}

// Race is how one sort of question fares: what plain SQL and the model take, and by how much
// the model is faster, at worst.
type Race struct {
	Name  string  `json:"name"`
	SQL   float64 `json:"sql_ms"`
	Model float64 `json:"model_ms"`
	Times float64 `json:"times"`
}

// Overview is what was measured. P99 is processor time, as FIGURES asks; Wall is the same by the
// clock, in which others of the machine share.
type Overview struct {
	Engine      db.Engine `json:"engine"`
	Facts       int64     `json:"facts"`
	Races       []Race    `json:"races"`
	P99         float64   `json:"p99_ms"`
	Wall        float64   `json:"p99_wall_ms"`
	Slowest     float64   `json:"slowest_ms"` // processor time too: the first look at a large scope
	Load        float64   `json:"load_s"`
	Snapshot    float64   `json:"snapshot_load_s"`
	LoadTimes   float64   `json:"snapshot_times"`
	Fold        float64   `json:"fold_us_per_fact"`
	FoldTimes   float64   `json:"fold_times_commit_rate"`
	Seen        float64   `json:"commit_to_figure_ms"`
	Bytes       float64   `json:"bytes_per_fact"`
	Asked       int       `json:"asked"`
	Differences int       `json:"differences"`
}

// The stages of a measurement of figures.
const (
	Filling   Stage = "filling"
	Indexing  Stage = "indexing"
	Loading   Stage = "loading"
	Racing    Stage = "racing"
	Comparing Stage = "comparing"
	Folding   Stage = "folding"
)

// overview is a measurement of figures.
type overview struct {
	OverviewOptions
	c *city
	d *db.DB
	e *figure.Engine
	r Overview

	dir  string         // for the snapshot
	kept *figure.Engine // began from it
}

// RunOverview measures figures against plain SQL over the same facts.
func RunOverview(ctx context.Context, o OverviewOptions) (_ Overview, err error) {
	if o.Tell == nil {
		o.Tell = func(Stage) {}
	}
	b := &overview{OverviewOptions: o, c: &city{now: time.Date(2019, 1, 1, 8, 0, 0, 0, time.UTC), rand: rand.New(rand.NewPCG(1, 1))}}
	dsn, drop, err := scratch(ctx, o.PG)
	if err != nil {
		return b.r, err
	}
	defer func() { err = errors.Join(err, drop()) }()
	if b.dir, err = os.MkdirTemp("", "tongxin_bench_snapshot"); err != nil {
		return b.r, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(b.dir)) }()
	if b.d, err = db.Open(ctx, dsn, db.Options{Now: func() time.Time { return b.c.now }}); err != nil {
		return b.r, err
	}
	defer func() { err = errors.Join(err, b.d.Close()) }()
	b.c.d, b.r.Engine = b.d, b.d.Engine()
	for _, step := range []struct {
		stage Stage
		do    func(context.Context) error
	}{{Filling, b.fill}, {Indexing, b.index}, {Loading, b.load}, {Racing, b.race}, {Comparing, b.compare}, {Folding, b.follow}} {
		o.Tell(step.stage)
		if err := step.do(ctx); err != nil {
			return b.r, fmt.Errorf("bench: %s: %w", step.stage, err)
		}
	}
	return b.r, nil
}

// scratch makes an empty database and says how to take it away.
func scratch(ctx context.Context, pg string) (dsn string, drop func() error, err error) {
	name := "tongxin_bench_figures_" + strconv.Itoa(os.Getpid())
	if pg == "" {
		dir, err := os.MkdirTemp("", name)
		return "file:" + dir + "/figures.db", func() error { return os.RemoveAll(dir) }, err
	}
	from, err := db.Beside(pg, "template1")
	if err != nil {
		return "", nil, err
	}
	if dsn, err = db.Beside(pg, name); err != nil {
		return "", nil, err
	}
	return dsn, func() error { return db.Remove(context.WithoutCancel(ctx), dsn) }, db.Copy(ctx, from, dsn)
}

func (b *overview) fill(ctx context.Context) error {
	if err := b.d.Migrate(ctx); err != nil {
		return err
	}
	if err := b.c.found(ctx); err != nil {
		return err
	}
	return b.c.post(ctx, b.Facts)
}

func (b *overview) index(ctx context.Context) error {
	for _, statement := range helpful {
		if err := b.d.Write(ctx, func(tx *db.Tx) error { _, err := tx.Exec(statement); return err }); err != nil {
			return err
		}
	}
	return nil
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// load loads the model, and weighs it.
func (b *overview) load(ctx context.Context) (err error) {
	before, start := heap(), time.Now()
	if b.e, err = figure.Open(ctx, b.d); err != nil {
		return err
	}
	if err = b.e.Load(ctx); err != nil {
		return err
	}
	b.r.Load = time.Since(start).Seconds()
	b.e.Forgetful() // it is the reckoning that is measured
	b.r.Facts, _ = b.e.Seq()
	b.r.Bytes = float64(heap()-before) / float64(b.r.Facts)
	return b.resume(ctx)
}

// resume takes the time of a start from the snapshot.
func (b *overview) resume(ctx context.Context) error {
	path := filepath.Join(b.dir, "figures")
	b.e.Keep(path)
	if err := b.e.Save(ctx, 0); err != nil {
		return err
	}
	start := time.Now()
	e, err := figure.Open(ctx, b.d)
	if err != nil {
		return err
	}
	e.Keep(path)
	if err := e.Load(ctx); err != nil {
		return err
	}
	b.r.Snapshot = time.Since(start).Seconds()
	b.r.LoadTimes = b.r.Load / b.r.Snapshot
	b.kept = e
	return nil
}

// twelve are the indicators of an overview.
var twelve = []string{"orgs_taking_part", "volunteers_taking_part", "activities_held", "turns", "minutes", "minutes_confirmed",
	"signups", "places", "no_shows", "activities_published", "shifts_filled", "fill_rate"}

// overviewOf asks the twelve of an organisation.
func overviewOf(at id.ID, seq int64) (qs []figure.Query) {
	for _, key := range twelve {
		qs = append(qs, figure.Query{Indicator: key, Org: at, AsOf: figure.AsOf{Seq: seq}})
	}
	return qs
}

func split(at id.ID, by figure.By, seq int64) (qs []figure.Query) {
	for _, key := range []string{"turns", "volunteers_taking_part", "minutes"} {
		qs = append(qs, figure.Query{Indicator: key, Org: at, By: by, AsOf: figure.AsOf{Seq: seq}})
	}
	return qs
}

// race runs both sides over the sorts of questions of FIGURES.
func (b *overview) race(ctx context.Context) error {
	big := []id.ID{b.c.office, b.c.counties[0]}
	small := []id.ID{b.c.townships[0], b.c.teams[700], b.c.townships[40]}
	past := b.r.Facts * 2 / 3
	for _, s := range []struct {
		name string
		at   []id.ID
		ask  func(at id.ID) []figure.Query
	}{
		{"overview", big, func(at id.ID) []figure.Query { return overviewOf(at, 0) }},
		{"by_day", big, func(at id.ID) []figure.Query { return split(at, figure.ByDay, 0) }},
		{"by_child", big, func(at id.ID) []figure.Query { return split(at, figure.ByOrg, 0) }},
		{"any_scope", small, func(at id.ID) []figure.Query {
			return slices.Concat(overviewOf(at, 0), split(at, figure.ByDay, 0))
		}},
		{"as_of", append(big, small...), func(at id.ID) []figure.Query { return overviewOf(at, past) }},
	} {
		worst := Race{Name: s.name, Times: 1e12}
		for _, at := range s.at {
			one, err := b.both(ctx, s.ask(at))
			if err != nil {
				return err
			}
			if one.Times < worst.Times {
				worst.SQL, worst.Model, worst.Times = one.SQL, one.Model, one.Times
			}
		}
		b.r.Races = append(b.r.Races, worst)
	}
	return nil
}

// both takes the time of one screen's questions: SQL once, the model the median of many.
func (b *overview) both(ctx context.Context, qs []figure.Query) (r Race, err error) {
	start := time.Now()
	for _, q := range qs {
		if _, err := plain(ctx, b.d, q); err != nil {
			return r, err
		}
	}
	r.SQL = float64(time.Since(start).Microseconds()) / 1000
	var took []float64
	for range 15 {
		start := time.Now()
		if _, err := b.e.All(ctx, qs); err != nil {
			return r, err
		}
		took = append(took, float64(time.Since(start).Nanoseconds())/1e6)
	}
	slices.Sort(took)
	r.Model = took[len(took)/2]
	r.Times = r.SQL / r.Model
	return r, nil
}

// compare asks both sides random questions.
func (b *overview) compare(ctx context.Context) error {
	for range b.Questions {
		q := b.random()
		want, err := plain(ctx, b.d, q)
		if err != nil {
			return err
		}
		b.r.Asked++
		right := true
		for _, e := range []*figure.Engine{b.e, b.kept} {
			a, err := e.At(ctx, q)
			if err != nil {
				return err
			}
			right = right && same(a, q, want)
		}
		if !right {
			b.r.Differences++
		}
	}
	return nil
}

func same(a figure.Answer, q figure.Query, want map[string]int64) bool {
	if q.By == figure.Whole {
		return a.Value == want[""]
	}
	n := 0
	for _, s := range a.Splits {
		if s.Value != want[s.Key] {
			return false
		}
		if s.Value != 0 {
			n++
		}
	}
	return n == len(want)
}

func (b *overview) random() figure.Query {
	r := b.c.rand
	scopes := [][]id.ID{{b.c.office}, b.c.counties, b.c.townships, b.c.teams}
	some := scopes[r.IntN(len(scopes))]
	q := figure.Query{Indicator: twelve[r.IntN(len(twelve))], Org: some[r.IntN(len(some))]}
	if r.IntN(2) == 0 {
		q.AsOf.Seq = 1 + r.Int64N(b.r.Facts)
	}
	if r.IntN(3) == 0 {
		q.Campaign = b.c.campaigns[r.IntN(len(b.c.campaigns))]
	}
	if r.IntN(4) == 0 {
		q.Category = 1 + int64(r.IntN(15))
	}
	if r.IntN(4) == 0 {
		q.Area = area.Code(b.c.area[b.c.townships[r.IntN(len(b.c.townships))]])
	}
	if r.IntN(3) == 0 {
		q.From = db.Day(b.c.now.AddDate(0, 0, -r.IntN(cityDays)))
	}
	if q.Indicator != "fill_rate" && r.IntN(3) == 0 {
		q.By = []figure.By{figure.ByDay, figure.ByOrg}[r.IntN(2)]
	}
	if q.By == figure.ByOrg && slices.Contains(b.c.teams, q.Org) {
		q.By = figure.Whole
	}
	return q
}

// follow commits facts, 1,000 a second for half a minute, while a mix of questions is asked, and
// then takes the time of folding alone. In less time the first looks at the large scopes, which
// are reckoned from the rows, are what the hundredth slowest tells; they are in the slowest.
func (b *overview) follow(ctx context.Context) error {
	running, stop := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() { b.e.Run(running); close(done) }()
	defer func() { stop(); <-done }()
	runtime.LockOSThread() // whose processor time is taken
	defer runtime.UnlockOSThread()
	var took, wall []float64
	var posting time.Duration
	posted := 0
	for until := time.Now().Add(30 * time.Second); time.Now().Before(until); {
		start := time.Now()
		if err := b.c.post(ctx, 100); err != nil {
			return err
		}
		posting += time.Since(start)
		posted += 100
		committed := time.Now()
		for time.Since(committed) < 100*time.Millisecond {
			qs := b.mixed()
			began, used := time.Now(), threadTime()
			if _, err := b.e.All(ctx, qs); err != nil {
				return err
			}
			took = append(took, float64((threadTime()-used).Nanoseconds())/1e6)
			wall = append(wall, float64(time.Since(began).Nanoseconds())/1e6)
			time.Sleep(2 * time.Millisecond)
		}
	}
	slices.Sort(took)
	slices.Sort(wall)
	b.r.P99, b.r.Wall, b.r.Slowest = took[len(took)*99/100], wall[len(wall)*99/100], took[len(took)-1]
	if err := b.seen(ctx); err != nil {
		return err
	}
	stop()
	<-done
	return b.foldAlone(ctx, posting, posted)
}

func (b *overview) mixed() []figure.Query {
	r := b.c.rand
	at := [][]id.ID{{b.c.office}, b.c.counties, b.c.townships}[r.IntN(3)]
	org := at[r.IntN(len(at))]
	switch r.IntN(3) {
	case 0:
		return overviewOf(org, 0)
	case 1:
		return split(org, figure.ByOrg, 0)
	}
	return split(org, figure.ByDay, 0)
}

// seen takes the time from a commit to the figure that knows it: the median of some.
func (b *overview) seen(ctx context.Context) error {
	var took []float64
	for range 21 {
		at, _ := b.e.Seq()
		if err := b.c.post(ctx, 1); err != nil {
			return err
		}
		start := time.Now()
		if err := b.e.Wait(ctx, at+1); err != nil {
			return err
		}
		took = append(took, float64(time.Since(start).Nanoseconds())/1e6)
	}
	slices.Sort(took)
	b.r.Seen = took[len(took)/2]
	return nil
}

// foldAlone folds what was committed while nobody looked.
func (b *overview) foldAlone(ctx context.Context, posting time.Duration, posted int) error {
	const many = 20_000
	if err := b.c.post(ctx, many); err != nil {
		return err
	}
	start := time.Now()
	if err := b.e.Load(ctx); err != nil {
		return err
	}
	took := time.Since(start)
	b.r.Fold = float64(took.Microseconds()) / many
	b.r.FoldTimes = (posting.Seconds() / float64(posted)) / (took.Seconds() / many)
	return nil
}
