// Package callup keeps appeals and call-ups.
//
// An appeal is a text to all, published in somebody's name, of which the volunteers below are
// told. A call-up goes to chosen receivers with quotas, cascades down the tiers, and asks
// volunteers to serve; what it brought is told apart from everything else by the call-up's id on
// sign-ups, turns and their facts.
//
// # States
//
//	appeal:   draft ── Publish ──▶ published ── Recall(reason) ──▶ withdrawn
//	call-up:  draft ── Issue ──▶ issued ──┬─ Close(reason) ──▶ closed
//	            └── Withdraw ─────────────┴─ Withdraw(reason) ──▶ withdrawn
//
//	per receiving organisation (its receipt):
//	  delivered ─ Read ─▶ read ─ Acknowledge(what it can send) ─▶ acknowledged ─ Forward(quotas) ─▶ forwarded
//	                                                                  └────────── Report ─────────────┴─▶ reported
//
// Who acknowledges has read; who forwards or reports has acknowledged. Silence is reminded by a
// job; after the second reminder it lies on the desk of who sent the call-up there, and from
// then on rises a tier each time, up to the issuer.
//
// # Asking
//
// A receiver that has acknowledged opens shifts to the call-up; a job then asks volunteers for
// what it has not forwarded, in waves: those below it and below no receiver of its own, who are
// eligible and free, who were asked longest ago first, among equals who live nearest. Each wave
// asks about twice as many as are still missing, less those who have not answered yet. When
// nothing is missing it stops. Who says yes while no place is free waits, is told so, and is
// offered the next one in the order of the answers; for as long as others have to answer it is
// held for her. When the time is up, those who still wait are told.
//
//	              Answer(yes)
//	asked ───────────────────────▶ on a shift (roster.SignUp, with the call-up's id)
//	  │  └─ no place is free ────▶ waits ── a place comes free ──▶ offered ── Answer(yes) ──▶ on a shift
//	  └── Answer(no), Answer(never: not this kind of service again)      TakeBack: within ten minutes
//
// Somebody may also come by herself, from the public page.
//
// A drill runs the cascade and says how many would have been asked. It asks nobody, is seen by
// no volunteer, and its steps are facts of kinds of their own.
//
// # Invariants
//
//   - quotas of receivers, line by line, add up to no more than the places of the call-up, and
//     those of receivers of a receiver to no more than its own
//   - a receipt's moments follow one another; an organisation has one receipt of a call-up,
//     and its sender stands above it: nothing goes round in a circle
//   - the ledger holds exactly the steps, questions and answers that the records tell
//   - every sign-up's call-up is there
//
// Tables: callup_appeal, callup_callup, callup_line, callup_change, callup_receipt,
// callup_quota, callup_shift, callup_ask, callup_never. Facts: callup.appealed, callup.issued,
// callup.delivered, callup.read, callup.acknowledged, callup.forwarded, callup.reported,
// callup.asked, callup.answered, callup.hundred, and callup.drill_… of the steps of a drill.
package callup
