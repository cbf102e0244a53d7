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
// # The outbox
//
// Beside the inbox a notice goes out by channels: text message, WeChat, e-mail, webhook (package
// send). A courier queues its deliveries, one a channel that works and that the person wants, in
// chunks of bounded size, and sends what is due, outside of any transaction.
//
//	                      ┌─ read meanwhile, unwanted, gone ─► needless
//	Tell ─► waiting ──────┼─ something later about the same ─► folded
//	         ▲ ▲ │ lease  ├─ sent ───────────────────────────► sent
//	         │ └─┘ fails  └─ not to be mended, or tried often ► dead ─┬─ GiveUp(why) ─► given_up
//	         └───────────────────────── Release ─────────────────────┘
//
// A delivery is claimed by lease, sent at least once, and carries one key for all its tries, by
// which the other side can tell that it has it already; told anew, it goes another round under
// the next. What is urgent goes at once; the rest waits a little for what else may change about
// the same subject, and for the end of the person's quiet hours.
//
// Invariants: a delivery carries a notice of the same person; state, tries and moments fit
// together (read.go). Addresses are ciphertext, count once a code came back from them, and are
// opened when something is sent; a telephone number is her record's, and the name by which WeChat
// knows her came from there for a code. Secrets of channels are ciphertext and never shown again.
//
// Tables: notice_notice, notice_delivery, notice_channel, notice_template, notice_address,
// notice_choice, notice_quiet. Facts: none.
package notice
