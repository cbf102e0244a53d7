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

// OnLayer opens SQLite files by another driver, on a file layer of that name, and writes the log
// back after few pages, until back is called.
func OnLayer(driver, layer string) (back func()) {
	was := [...]any{sqliteDriver, sqliteLayer, checkpointPages}
	if layer != "" {
		layer = "&vfs=" + layer
	}
	sqliteDriver, sqliteLayer, checkpointPages = driver, layer, 12
	return func() {
		sqliteDriver, sqliteLayer, checkpointPages = was[0].(string), was[1].(string), was[2].(int)
	}
}
