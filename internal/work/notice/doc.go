// Package notice keeps what the product tells people: their inbox. Who causes a notice
// writes it in the same transaction as what it tells of, so that nothing is told which did
// not happen, and nothing that happened goes untold.
//
// A notice is a kind, whose sentence is the message key notice.KIND, and arguments for it;
// both are kept, not the sentence, so it is read in the reader's language. The arguments
// hold titles, times and counts, nothing personal. Moments are milliseconds: "due" and
// what ends in "_at" are shown as a day and a time, "starts" with "ends" as a span under the
// name {when}, "new_starts" with "new_ends" as {new_when}.
//
//	Tell ──► unread ── Read ──► read
//	          ▲  │
//	          └──┘ told again under the same `once`: one notice, with the latest
//
// `once` keeps a person from being told one thing many times: while the notice is unread,
// telling it again replaces it; once it was read, it stays as it is, and what is new comes
// with a `once` of its own.
//
// Table: notice_notice. Facts: none.
package notice
