package bench

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"tongxin/internal/app"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/base/sheet"
	"tongxin/internal/work/intake"
)

// The stages of an import.
const (
	Writing  Stage = "writing" // the list
	Alone    Stage = "alone"   // sign-ups, before the import
	After    Stage = "after"   // and after it
	Reading  Stage = "reading"
	Entering Stage = "entering"
)

// ImportOptions say how long a list is brought, and how long people sign up before it.
type ImportOptions struct {
	Options
	Rows int
}

// Import is what was measured of bringing a list while people sign up. Rates are of accepted
// sign-ups a second; the memory is the most that the process had, its clients included.
type Import struct {
	Rows     int     `json:"rows"`
	Bytes    int64   `json:"bytes"`
	Read     float64 `json:"read_s"`
	Enter    float64 `json:"enter_s"`
	Total    float64 `json:"total_s"` // from the upload to the last row
	CPU      float64 `json:"cpu_s"`   // processor time of the whole process meanwhile
	Memory   float64 `json:"peak_memory_mb"`
	Alone    float64 `json:"signups_alone_per_s"` // before and after it, each for so long
	Along    float64 `json:"signups_meanwhile_per_s"`
	Lasted   float64 `json:"signups_meanwhile_s"` // how long there was somebody left to sign up
	Ratio    float64 `json:"signups_ratio"`
	Made     int64   `json:"made"`
	Errors   int64   `json:"errors"`
	VerifyOK bool    `json:"verify_ok"`
}

// importing is such a measurement.
type importing struct {
	*bench
	r Import
}

// RunImport measures how fast a list of volunteers is read and entered, and what that leaves of
// the rate at which people sign up.
func RunImport(ctx context.Context, o ImportOptions) (r Import, err error) {
	if o.Tell == nil {
		o.Tell = func(Stage) {}
	}
	o.Kind = Importing
	if o.Keys, err = crypt.Path(o.DSN, o.Keys); err != nil {
		return r, err
	}
	m := &importing{bench: &bench{Options: o.Options, rows: o.Rows}}
	defer func() { err = errors.Join(err, m.clean()) }()
	o.Tell(Copying)
	staged, err := m.copy(ctx, o.DSN)
	if err != nil {
		return r, err
	}
	o.Tell(Staging)
	p, _, err := m.stage(ctx, staged)
	if err != nil {
		return r, fmt.Errorf("bench: staging: %w", err)
	}
	m.r.Rows = o.Rows
	err = m.run(ctx, staged, p)
	return m.r, err
}

// run serves the stage, has people sign up alone, and then while a list comes in.
func (m *importing) run(ctx context.Context, dsn string, p *plan) (err error) {
	a, err := m.open(ctx, dsn, 0)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, a.Close()) }()
	m.Tell(Writing)
	file, err := m.list(p)
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	defer file.Close()
	var signups measured
	err = m.served(ctx, a, func(addr string) error {
		c, err := m.crowd(a, p, addr)
		if err != nil {
			return err
		}
		defer c.close()
		m.Tell(Alone)
		c.begin()
		wait(ctx, m.warmUp())
		before := c.rate(ctx, m.For)
		from, began := c.accepted(), time.Now()
		if err := m.bring(ctx, a, p.list.at, file); err != nil {
			return err
		}
		lasted := time.Since(began)
		m.r.Along, m.r.Lasted = float64(c.accepted()-from)/lasted.Seconds(), lasted.Seconds()
		m.Tell(After)
		after := c.rate(ctx, m.For)
		all, dry := c.end()
		m.r.Alone = (before + after) / 2
		if !dry.IsZero() { // somebody had signed up for everything before the end
			m.r.Alone = before
		}
		if !dry.IsZero() && dry.Before(began.Add(lasted)) {
			m.r.Lasted = dry.Sub(began).Seconds()
			m.r.Along = float64(all.acknowledged-from) / m.r.Lasted
		}
		m.r.Ratio, m.r.Errors, signups = m.r.Along/m.r.Alone, all.errors, all
		return c.err()
	})
	m.r.Memory = peakMemory()
	if err != nil {
		return err
	}
	m.Tell(Checking)
	m.r.VerifyOK, err = m.check(ctx, a, p, signups)
	m.r.VerifyOK = m.r.VerifyOK && m.r.Made == int64(m.rows)
	return err
}

// bring brings the list, has it entered and waits for both.
func (m *importing) bring(ctx context.Context, a *app.App, at id.ID, file *os.File) error {
	about, err := file.Stat()
	if err != nil {
		return err
	}
	m.r.Bytes = about.Size()
	m.Tell(Reading)
	began, spent := time.Now(), processorTime()
	batch, err := intake.Bring(ctx, a.DB, a.Keys, auth.System, intake.File{Kind: intake.Volunteers, Org: at, Name: filepath.Base(file.Name()), Body: file, Size: about.Size(), Paper: true, Lang: i18n.English})
	if err != nil {
		return err
	}
	b, err := m.await(ctx, a, batch, intake.Checked)
	if err != nil {
		return err
	}
	m.Tell(Entering)
	m.r.Read = time.Since(began).Seconds()
	if err := a.DB.Write(ctx, func(tx *db.Tx) error { return intake.Enter(ctx, tx, auth.System, b.ID) }); err != nil {
		return err
	}
	if b, err = m.await(ctx, a, batch, intake.Done); err != nil {
		return err
	}
	m.r.Total = time.Since(began).Seconds()
	m.r.Enter, m.r.Made, m.r.CPU = m.r.Total-m.r.Read, b.Made, (processorTime() - spent).Seconds()
	return nil
}

// await waits until a batch has come so far.
func (m *importing) await(ctx context.Context, a *app.App, batch id.ID, s intake.State) (b intake.Batch, err error) {
	for {
		if b, err = intake.Get(ctx, a.DB, auth.System, batch); err != nil || b.State == s {
			return b, err
		}
		if !b.State.Busy() {
			return b, fmt.Errorf("bench: the list is %s: %+v", b.State, b.Told.Refused)
		}
		wait(ctx, 50*time.Millisecond)
		if ctx.Err() != nil {
			return b, ctx.Err()
		}
	}
}

// list writes a list of made-up volunteers as a workbook, beside the database.
func (m *importing) list(p *plan) (*os.File, error) {
	f, err := os.CreateTemp("", "tongxin_bench_*.xlsx")
	if err != nil {
		return nil, err
	}
	w, err := sheet.NewWriter(f, sheet.XLSX, sheet.Layout{Name: "bench", Head: 1})
	if err == nil {
		var heads []sheet.Cell
		for _, h := range intake.Heads(intake.Volunteers, i18n.English) {
			heads = append(heads, sheet.Text(h))
		}
		err = w.Row(heads...)
	}
	random := rand.New(rand.NewPCG(1, uint64(m.rows)))
	for i := 0; i < m.rows && err == nil; i++ {
		err = w.Row(intake.Line(intake.Volunteers, made(random, i, p.list.names))...)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, errors.Join(err, f.Close(), os.Remove(f.Name()))
	}
	return f, nil
}

// made makes up somebody: four in five with an identity number, one in ten by a relative's
// telephone.
func made(random *rand.Rand, i int, orgs []string) map[string]string {
	const firstHan = 0x4e00
	name := []rune{firstHan + random.Int32N(100), firstHan + 200 + random.Int32N(800), firstHan + 200 + random.Int32N(800)}
	born := time.Date(1940, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, random.IntN(60*365))
	v := map[string]string{"name": string(name), "contact": fmt.Sprintf("13%09d", i), "contact_of": i18n.T(i18n.English, "intake.contact_of.self"), "org": orgs[i%len(orgs)]}
	if i%10 == 3 {
		v["contact_of"] = i18n.T(i18n.English, "intake.contact_of.relative")
	}
	v["idno"] = citizen(born.Format("20060102"), i)
	if i%5 == 4 || strings.HasSuffix(v["idno"], "000") { // which looks as if a spreadsheet had rounded it
		v["idno"], v["birth"] = "", born.Format(time.DateOnly)
	}
	return v
}

// citizen is a valid identity number of somebody born that day, another for each i.
func citizen(born string, i int) string {
	s := fmt.Sprintf("32%02d%02d%s%03d", 1+i/90_000, 1+i/1000%90, born, i%1000)
	for _, last := range "0123456789X" {
		if c, err := ident.ParseCitizen(s+string(last), "9999-12-31"); err == nil {
			return string(c)
		}
	}
	return ""
}

// crowd are the clients that sign up, alone and while a list comes in.
type crowd struct {
	all            []*client
	counting, over atomic.Bool
	running        sync.WaitGroup
}

func (b *bench) crowd(a *app.App, p *plan, addr string) (*crowd, error) {
	c := &crowd{all: make([]*client, b.Clients)}
	for i := range c.all {
		w, err := dial(addr)
		if err != nil {
			return nil, err
		}
		c.all[i] = &client{wire: w, b: b, a: a, p: p, number: i, counting: &c.counting, over: &c.over, now: new(atomic.Int64)}
	}
	return c, nil
}

func (c *crowd) begin() {
	for _, one := range c.all {
		c.running.Go(one.run)
	}
}

// accepted is how many were accepted so far.
func (c *crowd) accepted() (n int64) {
	for _, one := range c.all {
		n += one.now.Load()
	}
	return n
}

// rate is how many are accepted a second, for a while.
func (c *crowd) rate(ctx context.Context, d time.Duration) float64 {
	from, began := c.accepted(), time.Now()
	wait(ctx, d)
	return float64(c.accepted()-from) / time.Since(began).Seconds()
}

// end stops all and sums up; dry is when the first had nobody left to sign up, if one had.
func (c *crowd) end() (m measured, dry time.Time) {
	c.over.Store(true)
	c.running.Wait()
	for _, one := range c.all {
		m.acknowledged, m.errors = m.acknowledged+one.acknowledged, m.errors+one.errors
		if !one.ended.IsZero() && (dry.IsZero() || one.ended.Before(dry)) {
			dry = one.ended
		}
	}
	return m, dry
}

func (c *crowd) err() error {
	for _, one := range c.all {
		if one.err != nil {
			return fmt.Errorf("client %d: %w", one.number, one.err)
		}
	}
	return nil
}

func (c *crowd) close() {
	c.over.Store(true)
	for _, one := range c.all {
		one.conn.Close()
	}
}

// peakMemory is the most that this process had in memory so far, in MB; 0 where nobody knows.
func peakMemory() float64 {
	status, err := os.ReadFile("/proc/self/status")
	if err != nil {
		return 0
	}
	for line := range bytes.Lines(status) {
		if text, ok := strings.CutPrefix(string(line), "VmHWM:"); ok {
			kb, _ := strconv.ParseFloat(strings.TrimSuffix(strings.TrimSpace(text), " kB"), 64)
			return kb / 1024
		}
	}
	return 0
}
