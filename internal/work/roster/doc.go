// Package roster is who stands where and when: shifts, sign-ups, the waiting
// list, check-in and the hours served. Whatever changes who is on a shift is a
// command of this package, whoever asks: publishing, changing and cancelling an
// activity go through it too, for they open, move and close its shifts.
//
// # A sign-up
//
//	            ┌──────────► declined
//	applied ────┼──────────► accepted ──► checked_in ──► checked_out
//	            └► waitlisted   ▲  │ │         │
//	                 │  ▲       │  │ │         └────► unclosed ──► settled
//	                 ▼  │       │  │ └► no_show
//	               offered ─────┘  └──► withdrawn
//	                 └────► lapsed
//
// applied, waitlisted, offered and accepted lead to withdrawn. One row a person
// and shift; signing up again after withdrawn, declined or lapsed uses it anew.
// Where two records of one person were merged, what she held under both becomes
// merged under one of them and stands for nothing (merge.go).
//
// # What always holds (read_verify.go checks it)
//
//   - Primaries that hold a seat (offered, accepted and all that follows except
//     withdrawn) = taken ≤ places; the same for standbys. A walk-up holds none.
//   - Nobody is accepted or checked in on two primary posts that overlap beyond
//     the grace, in whatever county. Every acceptance, promotion and
//     confirmation first moves the person's one row in roster_agenda, so that two
//     racers for her time meet there, and only then looks for overlaps.
//   - The living facts of this package are what its records say.
//
// Seats are taken by guarded updates (taken < places), never by reading first.
// Rows are locked in one order: shift, then agenda, then sign-up.
//
// # Hours
//
// A check-out is `recorded`; a check-in nobody closed is closed at the shift's
// end as `declared`, which counts as declared until the leader confirms it;
// hours told afterwards (backfill) need a second person and are `confirmed`.
// Minutes are whole and floored. Nothing enters hours by another way.
//
// What looks wrong about them is listed day by day (anomaly.go): pure rules over
// the records; a named person finds each in order, or takes the turn back.
//
// Who is on a shift is reminded of it, a day and some hours before (remind.go).
//
// # Rosters
//
// A series makes shifts by a rule, in parts of bounded size (series.go). Kinds of
// service ask for rest (rest.go): who would have too little is refused under her
// agenda row, unless staff give a reason. People are asked to step in where a
// shift is short, nearest and least asked first; a no is remembered (ask.go).
// Posts and shifts are kept as a template and made again (template.go).
//
// Phones subscribe to shifts as calendars (calendar.go): an activity's and an organisation's are
// everybody's, one's own has a secret in its address.
//
// A post may ask for certificates (paper.go): whoever comes to be on it holds them
// on the shift's day, seen by a named person. One that ends or is withdrawn later
// shows at the desk and takes nobody off; whoever is still to be promoted is passed
// over. Who bears one that ends soon is told once. Hours told afterwards ask for none: they say what was.
//
// Tables: roster_shift, roster_signup, roster_agenda, roster_backfill,
// roster_guess, roster_rest, roster_series, roster_ask, roster_dismissal,
// roster_template, roster_paper, roster_calendar, roster_reminder. Facts: roster.places, roster.signed_up, roster.filled,
// roster.arrived, roster.minutes, roster.no_show.
package roster
