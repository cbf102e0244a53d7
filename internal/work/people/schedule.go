package people

import (
	"context"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/jobs"
)

// codesKept is how long a number's count of codes is kept: longer than the day it counts.
const codesKept = 48 * time.Hour

// Schedule gives the runner the jobs of people: a guardian's part ends, records are merged and
// accounts closed with the steps of the areas that keep something of people, and what is over
// is forgotten.
func Schedule(r *jobs.Runner, merging []MergeStep, closing []CloseStep) {
	v := mover{append([]MergeStep{OwnStep}, merging...)}
	r.Handle(jobClose, closer{closing}.close)
	r.Handle(jobFollow, follow)
	r.Handle(jobMerge, v.merge)
	r.Handle(jobUnmerge, v.unmerge)
	r.Handle(OfAge, ComeOfAge)
	r.Every("people.sweep", time.Hour, sweepOld)
}

// sweepOld forgets sessions that are over and codes of days past, some at a time.
func sweepOld(_ context.Context, tx *db.Tx, _ jobs.Job) error {
	sessions, err := sweepSessions(tx)
	if err != nil {
		return err
	}
	codes, err := sweepCodes(tx, tx.Now.Add(-codesKept))
	if err == nil && max(sessions, codes) == sweepAtOnce {
		err = jobs.Again
	}
	return err
}
