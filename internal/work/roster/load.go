package roster

import (
	"context"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
	"tongxin/internal/ledger"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/notice"
	"tongxin/internal/work/org"
)

// Loader enters shifts with all that became of them, as the commands would have left them,
// for whoever tells at once of a time that is past and writes alone. Its methods are the
// commands' deeds without their questions: who may, who is eligible and whose time it takes
// is for the teller to know, in what order things happened too. Facts are posted as they are
// told; a shift is written once, with everybody on it, when nothing more will be told of it.
//
// Between two transactions it remembers the shifts that are not written yet, and nobody else.
type Loader struct {
	set   config.Settings
	tx    *db.Tx
	chart *org.Chart
	facts *ledger.Bulk
	live  []*Sheet
	held  map[heldKey]bool
	told  []notice.Line
	err   error // the first of the stretch; its Write answers it
}

type heldKey struct {
	activity id.ID
	day      string
}

// Volunteer is somebody whose time the loader takes.
type Volunteer struct {
	ID       id.ID
	Category int64
	Taken    int64 // how often: what roster_agenda keeps
}

// NewLoader begins with the settings of the database.
func NewLoader(ctx context.Context, r db.Reader) (*Loader, error) {
	set, err := config.Load(ctx, r)
	return &Loader{set: set, held: map[heldKey]bool{}}, err
}

// Begin makes a transaction the one in which things are told from now on. Facts go to the
// bulk, whose caller writes it.
func (l *Loader) Begin(tx *db.Tx, chart *org.Chart, facts *ledger.Bulk) {
	l.tx, l.chart, l.facts = tx, chart, facts
}

// Opening is a shift of a published activity.
type Opening struct {
	Activity     activity.Activity
	Post         activity.Post
	Starts, Ends int64 // unix ms
	Places       int64
	By           id.ID // who published the activity
}

// Sheet is a shift that is being told.
type Sheet struct {
	Shift
	l         *Loader
	of        activity.Activity
	queue     int64
	seats     []*Seat
	backfills []*Telling
	over      bool
}

// Open opens a shift at the moment of its activity's publication.
func (l *Loader) Open(o Opening) *Sheet {
	a := o.Activity
	t := &Sheet{l: l, of: a, Shift: Shift{Home: a.Home, ID: l.tx.NewID(a.Home), Post: o.Post.ID, Starts: o.Starts, Ends: o.Ends,
		Day: db.Day(db.Time(o.Starts)), Places: o.Places, State: "open", Published: a.Published, Rev: 2,
		Activity: ShiftActivity{ID: a.ID, Org: a.Org, Title: a.Title, Area: a.Area, Campaign: a.Campaign, Service: a.Service,
			Version: a.Version, Published: a.Published}}}
	l.live = append(l.live, t)
	t.post(Places, o.Places, o.By, a.Published)
	return t
}

// Over says that nothing more will be told of the shift.
func (t *Sheet) Over() { t.over = true }

// Write writes what is over, and what was told people meanwhile, with one entry in the audit
// trail for all.
func (l *Loader) Write(_ context.Context, actor auth.Actor) error {
	if !actor.IsSystem() {
		return fail.New(fail.Forbidden, "org.out_of_reach")
	}
	if l.err != nil {
		return l.err
	}
	var done []*Sheet
	rest := l.live[:0]
	for _, t := range l.live {
		if t.over {
			done = append(done, t)
		} else {
			rest = append(rest, t)
		}
	}
	clear(l.live[len(rest):])
	l.live = rest
	if err := insertSheets(l.tx, done); err != nil {
		return err
	}
	told := l.told
	l.told = nil
	if err := notice.Load(l.tx, told); err != nil || len(done) == 0 {
		return err
	}
	return audit.Record(l.tx, actor, audit.Entry{Action: "roster.loaded", Subject: done[0].ID, Org: done[0].Activity.Org,
		After: map[string]any{"shifts": len(done)}})
}

// Finish writes all shifts as they stand now, with the jobs that will close and lapse what is
// open, and whose time was taken how often.
func (l *Loader) Finish(ctx context.Context, actor auth.Actor, all []Volunteer) error {
	for _, t := range l.live {
		t.Over()
		if err := l.plan(t); err != nil {
			return err
		}
	}
	if err := l.Write(ctx, actor); err != nil {
		return err
	}
	return insertAgenda(l.tx, all)
}

// plan leaves the jobs of a shift that goes on.
func (l *Loader) plan(t *Sheet) error {
	if t.Closed == 0 {
		at := db.Time(t.Ends).Add(l.set.CloseAfter)
		if err := jobs.Add(l.tx, jobs.Job{Kind: jobClose, Key: closeKey(t.Shift), Ref: t.ID, At: at}); err != nil {
			return err
		}
	}
	for _, u := range t.seats {
		if u.State != Offered {
			continue
		}
		job := jobs.Job{Kind: jobLapse, Key: "lapse/" + string(u.ID) + "/" + stamp(u.OfferedUntil), Ref: u.ID, At: db.Time(u.OfferedUntil)}
		if err := jobs.Add(l.tx, job); err != nil {
			return err
		}
	}
	return nil
}

// note keeps the first mistake.
func (l *Loader) note(err error) {
	if l.err == nil {
		l.err = err
	}
}

// fact is [Shift.fact].
func (t *Sheet) fact(kind *ledger.Kind, qty int64, by id.ID) ledger.Fact {
	at, err := t.l.chart.On(t.Activity.Org, t.Day)
	t.l.note(err)
	return ledger.Fact{Kind: kind, Day: t.Day, Org: at, Unit: at, Area: int64(t.Activity.Area), Campaign: t.Activity.Campaign,
		Service: t.Activity.Service, Subject: t.ID, Qty: qty, By: by}
}

// post is [Shift.post].
func (t *Sheet) post(kind *ledger.Kind, qty int64, by id.ID, at int64) {
	_, err := t.l.facts.Post(t.fact(kind, qty, by), at, 1)
	t.l.note(err)
}

// tell is what [tell] writes.
func (t *Sheet) tell(person id.ID, kind, once string, at int64, more ...any) {
	t.l.told = append(t.l.told, notice.Line{Person: person, Kind: kind, Subject: t.ID, Once: kind + "/" + once, At: at,
		Args: append([]any{"title", t.Activity.Title, "starts", t.Starts, "ends", t.Ends}, more...)})
}

// hold posts that the activity was held, the first time on a day.
func (t *Sheet) hold(by id.ID, at int64) {
	key := heldKey{t.of.ID, t.Day}
	if t.l.held[key] {
		return
	}
	t.l.held[key] = true
	f, err := activity.Held(t.of, t.l.chart, t.Day, by)
	t.l.note(err)
	_, err = t.l.facts.Post(f, at, 1)
	t.l.note(err)
}
