// Package article keeps what units publish: articles, announcements and stories.
//
// Its text is a document of package prose, whose numbers are figures. Because it is frozen
// figures that are printed, articles stand among what is said, not among what is done.
//
//	Create ─► draft ─── Submit ─────► submitted ── Approve ──► scheduled ── Publish ──► published
//	           ▲ │ └── of a trusted ──────│──────────▲ └────── at once ────────────────────▲ │ │
//	           │ │     organisation       │                                                  │ │ │
//	           │ │                        └ Return(reason) ─► returned ─► Submit             │ │ │
//	           │ └── Drop, of a correction ──────────────────────────────────────────────────┘ │ │
//	           └───────────────────────────── Correct ─────────────────────────────────────────┘ │
//	                    Withdraw(reason), from anywhere ─► withdrawn ◄──────────────────────────-┘
//
// The state is that of the text on which somebody works. What everybody reads is the revision
// of number Version, from the first publication to the withdrawal, whatever happens meanwhile
// to the working text: a correction goes the same way as the first text and says what it
// corrects.
//
// # Review
//
// As for activities: the tier above reviews within a time that is a setting; a review that is
// overdue rises one tier; an organisation that is trusted publishes by itself; whoever
// submitted is the author, and nobody approves her own.
//
// Before a text is submitted and again before it is approved, every figure in it must hold as
// it is spoken, and no figure may tell of fewer than figure.Few persons. What was approved is
// frozen: each figure keeps its value, the moment, the versions.
//
// # Writing
//
// Saving takes the rev that was read. Whoever comes second is told so and is shown both
// texts. Saves of one person within ten minutes are one revision; acts make one each.
//
// # Reads
//
// Counted in memory ([Counter]) and posted once an hour: one row and one fact for an article
// and hour of a process. Who read is not known.
//
// Invariants, which [Verify] checks: version > 0 exactly where it was published, and that
// revision is there; articles that are shown are found by search, others are not; as many
// living article.published as are shown; the reads of the ledger are those of article_hour;
// every picture of a text that is shown is stored with its article.
//
// Tables: article_article, article_revision, article_hour; pictures are kept by base/picture.
// Facts: article.published, article.read.
package article
