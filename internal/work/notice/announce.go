package notice

import (
	"context"
	"encoding/json"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
	"tongxin/internal/work/org"
)

// JobAnnounce tells the volunteers of an organisation and of all below it something, a chunk at
// a time.
const JobAnnounce = "notice.announce"

// announcement is what that job carries along: what is told, and who is next.
type announcement struct {
	Kind, Once  string
	Subject     id.ID
	Args        json.RawMessage
	Under       int64  // the position of the organisation
	Lo, Hi      int64  // its division: who has no station is told where she lives
	Home, After string // the last who was told
	Began, Told int64  // when it began, and how many were told so far
}

// perSecond is how many an announcement queues in a second, so that whoever signs up meanwhile
// finds the writer free for most of it.
const perSecond = 5500

// Announce has the active volunteers whose station is an organisation, or below it, told the
// same (who has no station, where she lives in its division): a job queues them in chunks, each
// with her deliveries, so that however many they are the writer is kept by none. While one about
// a subject is under way no other about it is begun.
func Announce(ctx context.Context, tx *db.Tx, of id.ID, kind string, subject id.ID, args ...any) error {
	o, err := org.Get(ctx, tx, of)
	if err != nil {
		return err
	}
	lo, hi := o.Area.Range()
	text, err := json.Marshal(args)
	if err != nil {
		return err
	}
	return jobs.Add(tx, jobs.Job{Kind: JobAnnounce, Key: announceKey(subject), Ref: subject, Args: announcement{Kind: kind, Once: announced(subject, tx.Now), Began: db.MS(tx.Now),
		Subject: subject, Args: text, Under: o.Position, Lo: int64(lo), Hi: int64(hi)}})
}

func announceKey(subject id.ID) string { return JobAnnounce + "/" + string(subject) }

// announced is what keeps an announcement from being told twice.
func announced(subject id.ID, at time.Time) string { return string(subject) + "/" + db.Stamp(at) }

// Hush has an announcement told to nobody to whom it was not told yet.
func Hush(tx *db.Tx, subject id.ID) error {
	_, err := jobs.Cancel(tx, subject, announceKey(subject))
	return err
}

// announce tells a chunk, and leaves the rest to the next job.
func announce(ctx context.Context, tx *db.Tx, j jobs.Job) error {
	var a announcement
	if err := j.Into(&a); err != nil {
		return err
	}
	some, err := recipients(ctx, tx, a, Chunk)
	if err != nil {
		return err
	}
	if len(some) > 0 {
		if err := a.tell(ctx, tx, some); err != nil {
			return err
		}
		a.After = string(some[len(some)-1])
		a.Told += int64(len(some))
	}
	if len(some) < Chunk {
		if a.Home, err = homeAfter(ctx, tx, a.Home); err != nil || a.Home == "" {
			return err
		}
		a.After = ""
	}
	at := db.Time(a.Began + a.Told/perSecond*1000)
	return jobs.Add(tx, jobs.Job{Kind: JobAnnounce, Key: announceKey(a.Subject), Ref: a.Subject, Args: a, At: at})
}

// tell writes the notices of some people of one home, with their deliveries.
func (a announcement) tell(ctx context.Context, tx *db.Tx, people []id.ID) error {
	w, err := waysOf(ctx, tx)
	if err != nil {
		return err
	}
	now, rows, all := db.MS(tx.Now), rowsOf(tx), make([]told, len(people))
	for i, person := range people {
		n := told{id: tx.NewID(person.Home()), person: person, subject: a.Subject, kind: a.Kind, at: now, fresh: true}
		if err := rows.Add(person.Home(), string(n.id), string(person), a.Kind, string(a.Args), string(a.Subject), a.Once, now, now); err != nil {
			return err
		}
		all[i] = n
	}
	if err := rows.Flush(); err != nil || len(w.carry(a.Kind, now)) == 0 {
		return err
	}
	tx.After(wake)
	return w.queue(ctx, tx, all)
}

// Handle gives a runner what this package does later.
func Handle(r *jobs.Runner) { r.Handle(JobAnnounce, announce) }
