// Package jobs does later what must not be forgotten. A job is a row written in the
// transaction of the act that asks for it; a runner claims it by lease when it is due and
// runs its handler.
//
//	          Add                 claim                   handler and delete
//	(nothing) ───▶ waiting ─────────────────▶ leased ───────────────────────▶ (gone)
//	                ▲   ▲ lease ran out         │ │ error
//	                │   └───────────────────────┘ ├──▶ waiting, later each time
//	                └── Add, Move, Retry ── dead ◀┘ after MostTries
//
// A handler runs in one Write together with the removal of its row, so what it writes
// happens exactly once. One that reaches outside ([Runner.Outside]) has no transaction and
// runs at least once.
//
// A key makes a job the only one of its kind of errand: adding it again while it waits
// changes nothing but an earlier time, so many acts ask for one errand. Whoever adds to a
// key that is just being run waits for that run and leaves a new job: nothing is missed.
// Keys are unique within the home of the job's ref.
//
// Invariants: a row's lease is held by one worker at a time; a dead job stays until it is
// added, moved or retried. Tables: jobs_job. Facts: none.
package jobs
