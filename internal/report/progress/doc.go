// Package progress keeps schedules of what units are to reach by when, and says how they stand
// against them, from figures alone.
//
// A schedule belongs to an organisation, perhaps for a campaign. Its items are indicators or
// milestones; a row is one unit's part of an item: from a day to a day, how much, by which
// curve. The organisation itself may have a row: then that is the plan of the whole, else the
// whole is what the rows add up to.
//
//	Create ──▶ open ⇄ closed        row of a milestone: waiting ── Reach ──▶ reached (Unreach)
//
// # Formulas
//
// All are whole numbers, of a row with first day F, due day D, target T, on a day t; a day
// counts as a whole from its beginning.
//
//	planned(t)  = 0 before F, T from D on; between, T·(t−F+1)/(D−F+1) rounded down. With a curve
//	              of percents by day: straight between its points, from 0 on F−1 to 100 on D.
//	              Of a ratio the plan is T on every day.
//	actual(t)   = the indicator of the unit and all below it, over the days from F to t, as of
//	              the end of t (now, when t is today); a milestone: 1 once it is reached
//	gap         = planned − actual; above 0 the unit is behind
//	pace        = actual·10,000/planned, rounded down
//	forecast    = actual(t) + (actual(t) − actual(t−w))·(D−t)/w, rounded down, where w is 7 days
//	              or as many as have passed since F: what D will see if the last days go on.
//	              What cannot add up (ratios, milestones) is forecast as it stands.
//	arrives     = the first day on which that line reaches T; none if it does not rise
//
// # Laggards
//
// A row that has begun and whose target is not reached lags when it is behind by a part of its
// plan (setting progress.behind, percent), when nothing was counted for it on so many days
// (progress.quiet), or when nothing ever was. Their gap is shown and what to do next,
// never a rank alone.
//
// # Invariants
//
//   - a row's unit is the schedule's organisation or lies below it, when it is written
//   - an item is one indicator, or a milestone, for good; a unit has one row of it
//   - a milestone that is reached has one fact progress.reached, on its day; taken back, none
//
// Tables: progress_schedule, progress_item, progress_row. Facts: progress.reached.
package progress
