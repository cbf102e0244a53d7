package roster

import (
	"context"
	"time"

	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
)

// JobRemind reminds, again and again, those whose shift comes near.
const JobRemind = "roster.remind"

// RemindEvery is how often that is looked at.
const RemindEvery = 5 * time.Minute

// remindedAtOnce bounds how many people one turn reminds.
const remindedAtOnce = 100

// Remind reminds those who are on shifts that begin soon: a day before, and again some hours
// before, as the settings say. A shift that is moved is reminded of anew; one that was opened so
// late that only the second is left, once.
func Remind(ctx context.Context, tx *db.Tx, _ jobs.Job) error {
	set, err := config.Load(ctx, tx)
	if err != nil {
		return err
	}
	told := 0
	for _, r := range []struct {
		kind         string
		after, until time.Duration
	}{{"soon", 0, set.RemindSoon}, {"tomorrow", set.RemindSoon, set.RemindDay}} {
		for told < remindedAtOnce {
			shift, err := unreminded(ctx, tx, r.kind, db.MS(tx.Now.Add(r.after)), db.MS(tx.Now.Add(r.until)))
			if db.NoRows(err) {
				break
			}
			if err != nil {
				return err
			}
			n, err := remind(ctx, tx, shift, r.kind)
			if err != nil {
				return err
			}
			told += n
		}
	}
	if told >= remindedAtOnce {
		return jobs.Again
	}
	return nil
}

// remind reminds everybody who is on a shift.
func remind(ctx context.Context, tx *db.Tx, shift id.ID, kind string) (int, error) {
	s, err := Get(ctx, tx, shift)
	if err != nil {
		return 0, err
	}
	all, err := SignupsOf(ctx, tx, shift)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, u := range all {
		if u.State != Accepted {
			continue
		}
		n++
		if err := tell(tx, s, u.Person, "roster."+kind, string(u.ID)+"/"+stamp(s.Starts)); err != nil {
			return 0, err
		}
	}
	return n + 1, putReminder(tx, s, kind)
}
