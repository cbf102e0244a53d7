package db

import (
	"context"
	"io/fs"
)

// What only the tests of this package see.
var (
	Translate   = translate
	AfterCommit = afterCommit
)

const (
	MostStatements = mostStatements
	MostTries      = mostTries
)

// Queued counts the closures that wait for SQLite's writer.
func (d *DB) Queued() int {
	d.writer.queue.mu.Lock()
	defer d.writer.queue.mu.Unlock()
	return len(d.writer.queue.calls)
}

func (d *DB) MigrateFiles(ctx context.Context, files fs.FS) error {
	return d.migrate(ctx, files, latest)
}
