package app

import (
	"context"
	"net/url"
	"path/filepath"
	"strings"

	"tongxin/internal/base/db"
	"tongxin/internal/report/figure"
)

// worthSaving is how many new facts make a snapshot of figures at a stop worth its second.
const worthSaving = 5_000

// snapshotPath is where figures keep what they read of the ledger: beside a SQLite file, or beside
// the keys of a database on a server. "" is nowhere.
func snapshotPath(dsn, keys string) string {
	if path, ok := strings.CutPrefix(dsn, "file:"); ok {
		return path + ".figures"
	}
	at, err := url.Parse(dsn)
	if err != nil || keys == "" {
		return ""
	}
	return filepath.Join(filepath.Dir(keys), strings.TrimPrefix(at.Path, "/")+".figures")
}

// Figures are those of a database that is only read, beside a running server or without one: they
// begin from the snapshot that a server left.
func Figures(ctx context.Context, d *db.DB, dsn, keys string) (*figure.Engine, error) {
	e, err := figure.Open(ctx, d)
	if err != nil {
		return nil, err
	}
	e.Keep(snapshotPath(dsn, keys))
	return e, e.Load(ctx)
}

// saveFigures leaves a snapshot for the next start. Without one it only takes longer.
func (a *App) saveFigures() {
	if err := a.Figures.Save(context.Background(), worthSaving); err != nil {
		a.Log.Error("figures' snapshot is not saved", "err", err)
	}
}
