package db

import (
	"context"
	"errors"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"

	"tongxin/internal/base/fail"
)

// Beside is the DSN of a database of that name next to another: on the same disk, on the
// same server.
func Beside(dsn, name string) (string, error) {
	if path, ok := strings.CutPrefix(dsn, "file:"); ok {
		return "file:" + filepath.Join(filepath.Dir(path), name), nil
	}
	u, err := url.Parse(dsn)
	if err != nil || u.Host == "" {
		return "", fail.New(fail.Invalid, "db.dsn") // not the cause: it may hold the password
	}
	u.Path = "/" + name
	return u.String(), nil
}

// Copy makes a new database of all that another holds. A SQLite file may be in use
// meanwhile; PostgreSQL copies a database that nobody is connected to.
func Copy(ctx context.Context, from, to string) error {
	if path, ok := strings.CutPrefix(from, "file:"); ok {
		return copySQLite(ctx, path, strings.TrimPrefix(to, "file:"))
	}
	return onServer(ctx, from, to, func(source, target string) string {
		return "CREATE DATABASE " + target + " TEMPLATE " + source
	})
}

func copySQLite(ctx context.Context, from, to string) error {
	if done, err := copyFile(from, to); done || err != nil {
		return err
	}
	d, err := Open(ctx, "file:"+from, Options{ReadOnly: true})
	if err != nil {
		return err
	}
	defer d.Close()
	if err := os.WriteFile(to, nil, 0o600); err != nil { // VACUUM INTO takes an empty file
		return pathError(err, to)
	}
	pool := d.sqlitePool(1)
	defer pool.Close()
	_, err = pool.ExecContext(ctx, "VACUUM INTO ?1", to)
	return d.explain(err)
}

// copyFile copies a SQLite file that nobody writes as it is, which takes a tenth of the time. It says
// no where somebody does, and where the file is not all there is.
func copyFile(from, to string) (done bool, err error) {
	if _, err := os.Stat(from); err != nil {
		return false, pathError(err, from)
	}
	lock, err := lockFile(from + ".lock")
	if err != nil {
		return false, nil
	}
	defer lock.Close()
	if wal, err := os.Stat(from + "-wal"); err == nil && wal.Size() > 0 {
		return false, nil
	}
	source, err := os.Open(from)
	if err != nil {
		return false, pathError(err, from)
	}
	defer source.Close()
	target, err := os.OpenFile(to, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return false, pathError(err, to)
	}
	_, err = io.Copy(target, source)
	return err == nil, errors.Join(err, target.Close())
}

// Remove deletes a database that [Copy] made and nobody has open.
func Remove(ctx context.Context, dsn string) error {
	if path, ok := strings.CutPrefix(dsn, "file:"); ok {
		var errs []error
		for _, suffix := range []string{"", "-wal", "-shm", ".lock", ".figures"} {
			if err := os.Remove(path + suffix); !errors.Is(err, os.ErrNotExist) {
				errs = append(errs, err)
			}
		}
		return errors.Join(errs...)
	}
	return onServer(ctx, dsn, dsn, func(_, target string) string { return "DROP DATABASE IF EXISTS " + target })
}

// onServer runs a statement about one or two databases of a server while connected to
// neither.
func onServer(ctx context.Context, from, to string, statement func(source, target string) string) error {
	source, err := pgx.ParseConfig(from)
	if err != nil {
		return fail.New(fail.Invalid, "db.dsn")
	}
	target, err := pgx.ParseConfig(to)
	if err != nil {
		return fail.New(fail.Invalid, "db.dsn")
	}
	q := statement(pgx.Identifier{source.Database}.Sanitize(), pgx.Identifier{target.Database}.Sanitize())
	source.Database = "postgres"
	conn, err := pgx.ConnectConfig(ctx, source)
	if err != nil {
		return fail.Wrap(err, fail.Unavailable, "db.unreachable")
	}
	defer conn.Close(ctx)
	_, err = conn.Exec(ctx, q)
	switch postgresCode(err) {
	case "55006": // in use
		return fail.Wrap(err, fail.Unavailable, "db.in_use")
	case "42501":
		return fail.Wrap(err, fail.Unavailable, "db.may_not_create")
	}
	return err
}
