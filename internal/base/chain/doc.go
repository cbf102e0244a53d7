// Package chain keeps append-only books: the ledger's facts and the audit
// trail. It numbers their rows without gaps and chains their hashes, so that a
// row that was changed, dropped or slipped in later is found by Verify.
//
// A book NAME owns three tables besides its rows:
//
//	NAME_head(id=1, seq, hash, at)   the last number, its hash, when
//	NAME_seal(first, last, at, hash) one row a batch; maps a moment to its seq
//
// The hash of row n is SHA-256(hash of row n-1 ‖ canonical row n); the hash of
// row 0 is 32 zero bytes. A canonical row is its columns in the book's order,
// each with its type and length in front.
//
// On SQLite there is one writer: a row is numbered when it is inserted, from a
// counter of the running batch that is put back when a closure's savepoint is
// rolled back; head and seal are written just before COMMIT. On PostgreSQL rows
// commit unnumbered, and one sealer, holding the lease in the head row, numbers
// what it finds, oldest first. A cursor over an identity column would lose rows
// that commit late.
//
// The `at` of seals never falls: a running clock behind it is held there, and a
// start with a clock behind it is refused by CheckClock.
package chain
