// Package db is the database, whichever engine it is: a SQLite file by default, PostgreSQL
// where a city outgrows one machine. SQL is written once, in the subset both share, with
// $1 placeholders; nothing outside of base asks which engine it is.
//
// # Writing
//
//	err := d.Write(ctx, func(tx *db.Tx) error { return roster.SignUp(ctx, tx, actor, in) })
//
// On SQLite, Write is a group commit: one goroutine takes the closures that are queued and
// runs them one after the other in one transaction, each in a savepoint of its own, and
// every caller is answered only after the commit. A commit waits for the disk, and so the
// wait is shared:
//
//	callers    ──f1──┐ ┌─f2──┐ ┌─f3 (panics)   ┌── nil, nil, error
//	writer     BEGIN · f1 · s f2 · s f3 undo · COMMIT
//
// An error or panic undoes its own savepoint. What breaks the whole (a full disk, an I/O
// error, a rollback by the engine) undoes everything, and the closures run again one by
// one. On PostgreSQL each closure has a transaction (READ COMMITTED), run again after
// deadlocks, serialization failures and connections lost before the commit. So, on both: a
// closure may run more than once.
//
// A cancelled context ends the wait for one's turn and nothing else. Within a closure no
// statement is ever cancelled: that would undo the neighbours.
//
// # Reading
//
// Reads take a [Reader]. [DB] reads what is committed, [DB.Snapshot] at one moment.
//
// # One writer
//
// A SQLite file has one writing process, which holds a lock on PATH.lock; the system lets
// go of it when the process ends. Options.ReadOnly opens beside it.
package db
