// Package bulletin writes what the office hands up and down, from records.
//
// # Drafting
//
// For an organisation, a campaign and some days [Draft] writes an outline: what was called for,
// who took part, what was done by kind, what came of it, who stands out, what comes next. It
// asks no service outside and invents nothing: a template that people edit ([ParseTemplate])
// has sentences with places for words and figures, and a sentence is written only where the
// ledger has something for each of its places. Every number is a bound figure, with a spoken
// form that holds, as of one moment for the whole text. Numbers behind which fewer than
// figure.Few persons stand are not said. A person always edits and signs.
//
//	template ─┐
//	ledger ───┼─▶ Draft ──▶ Outline (title, lead, sections, points, figures) ──▶ a person
//	names ────┘
//
// # Issues
//
// An issue is planned with its number and theme. Its texts are drafted here, or asked of
// units; they are documents of package prose, whose figures are bound.
//
//	text   Add(invited)          HandIn            Accept
//	──────▶ invited ──▶ draft ─────────▶ submitted ───────▶ accepted      any ── Remove ──▶ removed
//	          Write  ▲    └─────────── Accept ─────────────────▲  │
//	                 └─────────── returned ◀── SendBack(reason) ──┘
//
//	issue  Plan        Submit           Agree (the second)        Publish
//	─────▶ draft ────▶ review ─────────────────────────▶ approved ───────▶ published
//	         ▲  │ Drop    │ Object(reason), Recall          │ Recall
//	         │  ▼         ▼                                 ▼
//	         │ dropped   draft ◀────────────────────────────┘
//
// Two agree, neither of whom wrote any of it. What is published is one text of JSON ([Body]):
// the documents, each figure with its value, its indicator's and the tree's version, its
// scope, the number of the fact as of which it was told and its own hash, and the ledger's
// head. It is signed with the installation's key and never changed: what is wrong is put right
// by an issue of its own ([Correct]). [Prove] proves one again from the ledger.
//
// # Who gets it
//
// Groups of receivers: the office above, the tiers, units and departments below. A job brings
// the issue to each; reading and answering are facts, and whoever has not read is reminded
// three times.
//
// # Invariants
//
//   - a number, of its year and among all, is one issue's of its organisation, but for dropped ones
//   - what is published has two reviewers of its last round who wrote none of it, accepted texts
//     only, a body that is the one hashed and signed, and figures that come out of the ledger again
//   - every command saves what it read only if its rev is still the same
//   - the ledger holds one fact an issue published, and one a delivery, reading and answer
//
// Tables: bulletin_template, bulletin_issue, bulletin_article, bulletin_revision,
// bulletin_review, bulletin_delivery. Facts: bulletin.published, bulletin.delivered,
// bulletin.read, bulletin.answered.
package bulletin
