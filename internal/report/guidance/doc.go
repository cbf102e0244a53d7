// Package guidance keeps directives: from what was seen in a figure to what came of it.
//
// A supervisor or administrator of an organisation above a unit sees that it lags. The figure
// is frozen (figure.Frozen); what is asked, by when, and whom to learn from go to the unit; it
// answers with a plan and says when that is done; whoever guides measures the same figure
// again and closes. So "guided, and what came of it" is itself an indicator.
//
//	Draft      Issue        Read        Reply(plan)      Act(did)        Close(verdict, effect)
//	────▶ draft ───▶ issued ───▶ read ────────────▶ replied ─────▶ acted ──────────▶ closed
//	        │          │  └───── Reply ──────────────▲  │  ▲          │
//	        │          │          │                  │  └── Return(reason) ──┘
//	        └──────────┴──────────┴── Withdraw(reason) ──┴─────────────┘──▶ withdrawn
//
// Overdue is not a state: it is an answer or an act that did not come by its hour. The job at
// the end of that clock puts the directive on the desk of the next tier (Raise), again and
// again up to the top, and tells both sides.
//
// # Who
//
// Guides: supervisors and administrators above the unit; the nearest such place of theirs is
// the one that guides. Answers: administrators of the unit, or of what lies between it and who
// guides. Closes, returns, withdraws: supervisors and administrators of who guides, and above;
// never the person who said that it was done.
//
// # Whom to learn from
//
// Organisations of the same kind and tier below who guides, none above or below the unit, that
// are ahead on the same figure: by pace where the schedule gives them a row of the same item,
// else by value. Those near in size (organisations below them) first, of these the furthest
// ahead, at most three, each with what it did lately.
//
// # Effect
//
// The same figure at the end, over the days up to the closing. It improved if its pace, value
// by plan, is above the one that was seen; without a plan, if the value is.
//
// # Why it stands among what is said
//
// A directive begins and ends with a figure, which areas of work cannot read. It changes
// nothing that people do: it writes its own table and posts its own facts, and nothing in
// package work knows of it.
//
// # Invariants
//
//   - every command reads the directive, decides, and saves it if its rev is still the one
//     read; whoever comes second is told so
//   - a directive has the facts of the steps it has taken, one each, and none once withdrawn
//   - the figures seen and measured, reckoned again as of their moments, are the same
//
// Tables: guidance_directive. Facts: guidance.issued, guidance.read, guidance.replied,
// guidance.acted, guidance.closed, guidance.improved, guidance.overdue.
package guidance
