// Package idem lets a request be sent twice and act once: a lost response, retried, gets
// the same answer.
//
// A request that names itself (the header Idempotency-Key) leaves, in the transaction of
// what it does, a row with the key, a SHA-256 of what it asked, and the status and the id
// it was answered; never a body. The same key with the same request is answered from that
// row; with another request it is refused. A repeat that comes while the first still runs
// waits for it: on SQLite because closures run one after the other, on PostgreSQL on the
// unique key. What fails leaves nothing, and may be tried again under its key.
//
// Invariants: a key is unique within the home of the record acted on and the actor; rows
// are kept for [Kept]. Tables: idem_key. Facts: none.
package idem
