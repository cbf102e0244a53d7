package dbtest

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // for the connection that makes databases

	"tongxin/internal/base/db"
)

// Variable names the environment variable that says where PostgreSQL is.
const Variable = "TONGXIN_TEST_POSTGRES"

// old is when a database that a killed test left behind may go.
const old = 6 * time.Hour

// server is the connection that makes databases, and the template they are made from.
type server struct {
	admin    *sql.DB
	base     *url.URL
	template string
}

var postgres = sync.OnceValues(func() (*server, error) {
	dsn := os.Getenv(Variable)
	if dsn == "" {
		return nil, errors.New(Variable + " is not set: run `make test`, which finds or starts a PostgreSQL and sets it")
	}
	base, err := url.Parse(dsn)
	if err != nil {
		return nil, errors.New(Variable + " is not a postgres:// URL")
	}
	s := &server{base: base}
	if s.admin, err = sql.Open("pgx", dsn); err != nil {
		return nil, err
	}
	s.admin.SetMaxOpenConns(2)
	return s, s.prepare(context.Background())
})

// at is the DSN of another database of the server.
func (s *server) at(name string) string {
	u := *s.base
	u.Path = "/" + name
	return u.String()
}

// prepare finds or makes the template of these migrations. One process at a time, which
// also clears away what tests that were killed have left.
func (s *server) prepare(ctx context.Context) error {
	conn, err := s.admin.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	const lock = 20200228
	if _, err := conn.ExecContext(ctx, "SELECT pg_advisory_lock($1)", lock); err != nil {
		return err
	}
	defer conn.ExecContext(ctx, "SELECT pg_advisory_unlock($1)", lock)
	sum, err := migrationsHash()
	if err != nil {
		return err
	}
	s.template = "tongxin_template_" + sum
	var ready bool
	err = conn.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM pg_database WHERE datname = $1)", s.template).Scan(&ready)
	if err != nil || ready {
		return err
	}
	if err := clearOld(ctx, conn); err != nil {
		return err
	}
	return s.makeTemplate(ctx, conn)
}

// migrationsHash is short for the text of all migrations.
func migrationsHash() (string, error) {
	h := sha256.New()
	files := db.Migrations()
	err := fs.WalkDir(files, ".", func(name string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		text, err := fs.ReadFile(files, name)
		fmt.Fprintf(h, "%s %d\n%s", name, len(text), text)
		return err
	})
	return hex.EncodeToString(h.Sum(nil)[:8]), err
}

// makeTemplate migrates under another name first: a template that is there is whole.
func (s *server) makeTemplate(ctx context.Context, conn *sql.Conn) error {
	name := unique()
	if err := run(ctx, conn, "CREATE DATABASE "+name+" TEMPLATE template0"); err != nil {
		return err
	}
	if err := migrate(s.at(name)); err != nil {
		return errors.Join(err, run(ctx, conn, "DROP DATABASE "+name+" WITH (FORCE)"))
	}
	return run(ctx, conn, "ALTER DATABASE "+name+" RENAME TO "+s.template,
		fmt.Sprintf("COMMENT ON DATABASE %s IS '%d'", s.template, time.Now().Unix()))
}

// clearOld drops templates of other migrations and databases of killed tests, once old.
func clearOld(ctx context.Context, conn *sql.Conn) error {
	rows, err := conn.QueryContext(ctx, `SELECT datname FROM pg_database
		WHERE (datname LIKE 'tongxin\_test\_%' AND split_part(datname, '_', 3) < $1)
		OR (datname LIKE 'tongxin\_template\_%' AND COALESCE(shobj_description(oid, 'pg_database'), '') < $1)`,
		fmt.Sprint(time.Now().Add(-old).Unix()))
	names, err := db.Collect(rows, err, db.Value[string])
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := run(ctx, conn, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			return err
		}
	}
	return nil
}

func run(ctx context.Context, on interface {
	ExecContext(context.Context, string, ...any) (sql.Result, error)
}, statements ...string,
) error {
	for _, q := range statements {
		if _, err := on.ExecContext(ctx, q); err != nil {
			return err
		}
	}
	return nil
}

// unique is a database name that no other test of any process has.
func unique() string {
	return fmt.Sprintf("tongxin_test_%d_%d_%s", time.Now().Unix(), os.Getpid(), strings.ToLower(rand.Text()[:10]))
}

func fromTemplate(t testing.TB) string {
	t.Helper()
	return create(t, func(s *server) string { return s.template })
}

// Empty makes a PostgreSQL database without tables, for tests of migrating one.
func Empty(t testing.TB) (dsn string) {
	t.Helper()
	return create(t, func(*server) string { return "template0" })
}

func create(t testing.TB, template func(*server) string) string {
	t.Helper()
	s, err := postgres()
	if err != nil {
		t.Fatalf("dbtest: PostgreSQL: %v", err)
	}
	name := unique()
	// FILE_COPY: half the work of the default where nothing is synced to disk.
	if err := run(t.Context(), s.admin, "CREATE DATABASE "+name+" TEMPLATE "+template(s)+" STRATEGY FILE_COPY"); err != nil {
		t.Fatalf("dbtest: %v", err)
	}
	t.Cleanup(func() {
		if err := run(context.Background(), s.admin, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			t.Errorf("dbtest: %v", err)
		}
	})
	return s.at(name)
}

func migrate(dsn string) error {
	ctx := context.Background()
	d, err := db.Open(ctx, dsn, db.Options{})
	if err != nil {
		return err
	}
	defer d.Close()
	return d.Migrate(ctx)
}
