package db

import (
	"context"
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"
	"sync"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"tongxin/internal/base/fail"
)

//go:embed migrations/*.sql
var embedded embed.FS

// Migrations are the files that [DB.Migrate] runs, in the order of their names.
func Migrations() fs.FS {
	files, err := fs.Sub(embedded, "migrations")
	if err != nil {
		panic(err) // the folder is in the binary
	}
	return files
}

// Migrate brings the schema to this program's version: one file is one transaction, so a
// migration that was stopped, however hard, goes on where it was. A schema of a newer
// program is refused.
func (d *DB) Migrate(ctx context.Context) error { return d.migrate(ctx, Migrations(), latest) }

// MigrateTo brings an empty database to the schema of an earlier version of this program, for
// records that were written then; [DB.Migrate] then does the rest.
func (d *DB) MigrateTo(ctx context.Context, version int64) error {
	if version <= 0 {
		return fail.New(fail.Invalid, "db.version_unknown")
	}
	known, err := head()
	if err == nil && version > known {
		err = fail.New(fail.Unavailable, "db.newer", "have", version, "known", known)
	}
	if err != nil {
		return err
	}
	return d.migrate(ctx, Migrations(), version)
}

// latest stands for the version of the last migration.
const latest = 0

func (d *DB) migrate(ctx context.Context, files fs.FS, to int64) error {
	if d.opts.ReadOnly {
		return fail.New(fail.Unavailable, "db.read_only")
	}
	pool, dialect := d.writes, goose.DialectPostgres
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true)}
	if d.engine == SQLite { // on a connection of its own: the writer keeps its only one
		pool, dialect = d.sqlitePool(1), goose.DialectSQLite3
		defer pool.Close()
	} else {
		one, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, 600))
		if err != nil {
			return err
		}
		options = append(options, goose.WithSessionLocker(one))
	}
	p, err := goose.NewProvider(dialect, pool, files, options...)
	if err != nil {
		return fmt.Errorf("db: migrations: %w", err)
	}
	if to == latest {
		_, err = p.Up(ctx)
	} else {
		_, err = p.UpTo(ctx, to)
	}
	if err != nil {
		return d.explain(fmt.Errorf("db: migrate: %w", err))
	}
	return d.refuseNewer(ctx, p)
}

func (d *DB) refuseNewer(ctx context.Context, p *goose.Provider) error {
	have, known, err := p.GetVersions(ctx)
	if err != nil {
		return d.explain(fmt.Errorf("db: versions: %w", err))
	}
	if have > known {
		return fail.New(fail.Unavailable, "db.newer", "have", have, "known", known)
	}
	return nil
}

// head is the version of the last migration of this program.
var head = sync.OnceValues(func() (int64, error) {
	names, err := fs.Glob(Migrations(), "*.sql")
	if err != nil || len(names) == 0 {
		return 0, fmt.Errorf("db: no migrations: %w", err)
	}
	number, _, _ := strings.Cut(names[len(names)-1], "_")
	return strconv.ParseInt(number, 10, 64)
})

// CheckSchema refuses a database that does not answer, or whose schema is not this program's
// any more: a newer program has been here, or a copy without it was put back.
func (d *DB) CheckSchema(ctx context.Context) error {
	known, err := head()
	if err != nil {
		return err
	}
	have, err := d.SchemaVersion(ctx)
	if err != nil {
		return err
	}
	switch {
	case have > known:
		return fail.New(fail.Unavailable, "db.newer", "have", have, "known", known)
	case have < known:
		return fail.New(fail.Unavailable, "db.older", "have", have, "known", known)
	}
	return nil
}

// SchemaVersion is the number of the last migration that this database has had.
func (d *DB) SchemaVersion(ctx context.Context) (have int64, err error) {
	err = d.QueryRow(ctx, "SELECT COALESCE(MAX(version_id), 0) FROM goose_db_version").Scan(&have)
	return have, d.explain(err)
}
