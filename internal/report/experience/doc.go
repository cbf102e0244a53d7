// Package experience keeps what units did that others could do.
//
// A unit writes what it did and how, what came of it, and what others can take over: a document
// of package prose, whose numbers are figures, with the indicator by which the effect is seen. It
// goes up to the tier above, which comments, returns or chooses it; what is chosen stands in a
// library for everybody at a desk, is found by the search box of the desk, by its theme, by the
// kind of unit and by effect, and may be recommended on to the next tier, or be taken into a
// bulletin.
//
//	Write        Submit             Choose             Recommend (its desk goes up a tier)
//	─────▶ draft ──────▶ submitted ─────────▶ chosen ───┐
//	         ▲               │ Return(reason)   ▲───────┘
//	         └── returned ◀──┘
//
// Before it is submitted and again before it is chosen every figure in it must hold as it is
// spoken; what is chosen is frozen with them. Saving takes the rev that was read: whoever comes
// second is told so and is shown both texts. What was submitted each time is kept, so that
// whoever returned it sees what changed, and so is what another wrote, or the same person some
// while ago.
//
// Whoever does likewise says so ([Adopt]); what came of it is the same indicator of the adopter,
// over as many days after as before ([EffectOf]), reckoned whenever somebody looks. Mentions in
// the media are recorded with source, day and link ([Note]); one recorded by mistake is taken
// back with a reason ([TakeBack]).
//
// # Who
//
// Writes and submits: administrators, editors and leaders of the unit. Chooses, returns,
// recommends: administrators, reviewers and editors of where it lies; never its author. Adopts
// and records mentions: administrators and editors of the unit that does.
//
// # Invariants
//
//   - every command saves what it read only if its rev is still the same
//   - what is chosen is found by search, nothing else is; its figures come out of the ledger again
//   - a unit adopts an experience once, and never its own; a mention is recorded once
//   - the ledger holds one fact each: submitted (reversed by a return), chosen, adopted,
//     mentioned (reversed when it is taken back)
//
// Tables: experience_experience, experience_revision, experience_comment, experience_adoption,
// experience_mention.
// Facts: experience.submitted, experience.chosen, experience.adopted, experience.mentioned.
package experience
