package dbtest

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"tongxin/internal/base/db"
)

// Start is where every [Clock] starts.
var Start = time.Date(2020, 2, 28, 14, 26, 0, 0, time.FixedZone("", 8*3600))

// Clock is a clock that stands until it is set. It may be used from several goroutines.
type Clock struct {
	mu  sync.Mutex
	now time.Time
}

// NewClock stands at [Start].
func NewClock() *Clock { return &Clock{now: Start} }

// Now is where it stands.
func (c *Clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

// Set moves it, back too; but a database holds the latest moment it has seen.
func (c *Clock) Set(t time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = t
}

// Add moves it on.
func (c *Clock) Add(by time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(by)
}

// Engines are those that [Run] runs on, in this order.
var Engines = []db.Engine{db.SQLite, db.Postgres}

// Run runs the body on each engine, with a database and a clock of its own.
func Run(t *testing.T, body func(t *testing.T, d *db.DB, c *Clock)) {
	t.Helper()
	RunWith(t, db.Options{}, body)
}

// RunWith is [Run] with options; their clock, if any, is replaced.
func RunWith(t *testing.T, o db.Options, body func(t *testing.T, d *db.DB, c *Clock)) {
	t.Helper()
	for _, e := range Engines {
		t.Run(string(e), func(t *testing.T) {
			d, c := OpenWith(t, e, o)
			body(t, d, c)
		})
	}
}

// RunDSN runs the body on each engine with the address of a migrated database, for what opens
// one itself.
func RunDSN(t *testing.T, body func(t *testing.T, dsn string)) {
	t.Helper()
	for _, e := range Engines {
		t.Run(string(e), func(t *testing.T) { body(t, DSN(t, e)) })
	}
}

// Open gives a migrated database on one engine, closed and removed after the test.
func Open(t testing.TB, e db.Engine) (*db.DB, *Clock) {
	t.Helper()
	return OpenWith(t, e, db.Options{})
}

// OpenWith is [Open] with options; their clock, if any, is replaced.
func OpenWith(t testing.TB, e db.Engine, o db.Options) (*db.DB, *Clock) {
	t.Helper()
	c := NewClock()
	o.Now = c.Now
	if o.Conns == 0 {
		o.Conns = 8
	}
	return Reopen(t, DSN(t, e), o), c
}

// Reopen opens a database that is there, as after a restart.
func Reopen(t testing.TB, dsn string, o db.Options) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), dsn, o)
	if err != nil {
		t.Fatalf("dbtest: open: %v", err)
	}
	t.Cleanup(func() {
		if err := d.Close(); err != nil {
			t.Errorf("dbtest: close: %v", err)
		}
	})
	return d
}

// DSN makes a migrated database and says where, for tests that open it themselves.
func DSN(t testing.TB, e db.Engine) string {
	t.Helper()
	if e == db.Postgres {
		return fromTemplate(t)
	}
	file, err := template()
	if err != nil {
		t.Fatalf("dbtest: template: %v", err)
	}
	path := filepath.Join(t.TempDir(), "test.db")
	if err := os.WriteFile(path, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return "file:" + path
}

// template is a migrated SQLite file, as bytes: nothing is left behind by a process.
var template = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "dbtest")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "template.db")
	if err := migrate("file:" + path); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})
