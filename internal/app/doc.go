// Package app puts the product together: configuration → database → keys → reference data →
// jobs → servers. It is the only package that knows everything.
//
// [Open] opens an installation: it migrates the database, refuses in words a clock that
// stands behind the books and keys that are not the database's, and puts in the reference
// data that comes with the product. [App.Serve] serves it until its context ends, and
// finishes what was acknowledged:
//
//	signal → readyz says no → no new connections, running requests end
//	       → jobs in hand end → the sealer's last turn → queued writes end → closed
//
// [Verify] checks a database against everything that must hold after every fault. It reads
// one snapshot and needs neither keys nor a stopped server.
//
// Merging people gets its steps from here too ([MergeSteps]).
package app
