package callup

import (
	"context"
	"slices"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

const (
	perPlace = 2  // people asked for one place that is missing
	weighed  = 60 // candidates looked at for one question
)

func askKey(t Receipt) string { return JobAsk + "/" + string(t.ID) }

// askSoon has a receiver ask at once.
func askSoon(tx *db.Tx, t Receipt) error {
	moved, err := jobs.Move(tx, t.ID, askKey(t), tx.Now)
	if err != nil || moved {
		return err
	}
	return jobs.Add(tx, jobs.Job{Kind: JobAsk, Key: askKey(t), Ref: t.ID})
}

// ask is a turn of a receiver's asking: first those who wait are offered what is free, some in a
// turn, then others are asked for what is still missing. It comes again until the call-up is over.
func ask(ctx context.Context, tx *db.Tx, j jobs.Job) error {
	t, err := ReceiptOf(ctx, tx, j.Ref)
	if err != nil || t.Acknowledged == 0 {
		return err
	}
	c, err := Get(ctx, tx, t.CallUp)
	if err != nil || c.State != Issued || db.MS(tx.Now) >= c.Until {
		return err
	}
	if c.Drill {
		return t.rehearse(ctx, tx, c)
	}
	set, err := config.Load(ctx, tx)
	if err != nil {
		return err
	}
	w := wave{c: c, t: t, since: db.MS(tx.Now.Add(-set.CallWave))}
	if err := j.Into(&w.behind); err != nil {
		return err
	}
	more, err := w.run(ctx, tx)
	if err != nil {
		return err
	}
	if more {
		return jobs.Add(tx, jobs.Job{Kind: JobAsk, Key: askKey(t), Ref: t.ID, Args: w.behind})
	}
	return jobs.Add(tx, jobs.Job{Kind: JobAsk, Key: askKey(t), Ref: t.ID, Args: place{}, At: tx.Now.Add(set.CallWave)})
}

// rehearse reckons whom a drill would have asked.
func (t Receipt) rehearse(ctx context.Context, tx *db.Tx, c CallUp) error {
	left, err := t.left(ctx, tx, c)
	if err != nil {
		return err
	}
	t.Would = 0
	for i, l := range c.Lines {
		n, err := fit(ctx, tx, c, t.Org, l, dayOf(l, tx.Now))
		if err != nil {
			return err
		}
		t.Would += min(n, left[i]*perPlace)
	}
	return saveReceipt(tx, &t)
}

// dayOf is the day that a line is for, or today.
func dayOf(l Line, now time.Time) string {
	if l.Day != "" {
		return l.Day
	}
	return db.Day(now)
}

// place is where somebody stands among those who wait.
type place struct {
	At int64
	ID id.ID
}

// wave is one turn of asking.
type wave struct {
	c      CallUp
	t      Receipt
	since  int64 // who was asked later may still answer
	lacks  Quotas
	free   map[id.ID]int64 // places of the shifts, less those offered
	shifts []roster.Shift
	behind place // who waits there and before was looked at
	asked  int
	unseen bool // there are people whom this round has not looked at
}

// run asks, and answers whether there is more to do at once.
func (w *wave) run(ctx context.Context, tx *db.Tx) (more bool, err error) {
	if err := w.look(ctx, tx); err != nil {
		return false, err
	}
	if more, err := w.offer(ctx, tx); err != nil || more {
		return more, err
	}
	open, err := outstanding(ctx, tx, w.t.ID, w.since, len(w.c.Lines))
	if err != nil {
		return false, err
	}
	if w.c.Most > 0 { // receivers that ask at once count one after the other
		if err := holdCallUp(tx, w.c.ID); err != nil {
			return false, err
		}
	}
	told, err := ToldOf(ctx, tx, w.c.ID)
	if err != nil {
		return false, err
	}
	for i, l := range w.c.Lines {
		want := w.lacks[i]*perPlace - open[i]
		if w.c.Most > 0 {
			want = min(want, w.c.Most-told.Asked-int64(w.asked))
		}
		want = min(want, int64(atOnce-w.asked))
		if err := w.line(ctx, tx, l, want); err != nil {
			return false, err
		}
	}
	return w.asked >= atOnce || w.unseen, nil
}

// look reads what is missing, and where there are places.
func (w *wave) look(ctx context.Context, tx *db.Tx) error {
	left, err := w.t.left(ctx, tx, w.c)
	if err != nil {
		return err
	}
	on, err := taken(ctx, tx, w.t.ID, len(w.c.Lines))
	if err != nil {
		return err
	}
	w.lacks, w.free = left, map[id.ID]int64{}
	for i := range w.lacks {
		w.lacks[i] = max(0, left[i]-on[i])
	}
	all, err := ShiftsOf(ctx, tx, w.t.ID)
	if err != nil {
		return err
	}
	for _, s := range all {
		if s.State == "open" && s.Starts > db.MS(tx.Now) && s.Free(roster.Primary) > 0 {
			w.shifts = append(w.shifts, s)
			w.free[s.ID] = s.Free(roster.Primary)
		}
	}
	given, err := offers(ctx, tx, w.t.ID, w.since)
	for _, o := range given { // a place that was offered is no other's yet
		w.lacks[o.line-1] = max(0, w.lacks[o.line-1]-1)
		w.free[o.shift] = max(0, w.free[o.shift]-1)
	}
	return err
}

// places are how many are free on the shifts that a line may take.
func (w *wave) places(l Line) (n int64) {
	for _, s := range w.shifts {
		if l.takes(s) {
			n += w.free[s.ID]
		}
	}
	return n
}

// takes says whether a line is about the day of a shift.
func (l Line) takes(s roster.Shift) bool { return l.Day == "" || l.Day == s.Day }

// takesPerson says whether somebody is whom a line asks for.
func (l Line) takesPerson(p people.Standing) bool {
	return (l.Category == 0 || p.Category == l.Category) && (l.Skill == 0 || p.HasSkill(l.Skill))
}

// offer gives some of those who wait the places that came free, in the order in which they said
// yes. It answers whether others may fit who were not looked at yet.
func (w *wave) offer(ctx context.Context, tx *db.Tx) (more bool, err error) {
	if !w.lacking() {
		return false, nil
	}
	some, err := waiting(ctx, tx, w.t.ID, w.behind, atOnce)
	if err != nil {
		return false, err
	}
	for _, a := range some {
		w.behind = place{a.Answered, a.ID}
		if w.lacks[a.Line-1] <= 0 {
			continue
		}
		s, ok, err := w.shiftFor(ctx, tx, a.Person, w.c.Lines[a.Line-1])
		if err != nil {
			return false, err
		}
		if !ok {
			continue
		}
		a.Shift, a.Offered = s.ID, db.MS(tx.Now)
		if err := saveAsk(tx, &a); err != nil {
			return false, err
		}
		w.free[s.ID]--
		w.lacks[a.Line-1]--
		if err := tellPerson(ctx, tx, w.c, a, "callup.offered"); err != nil {
			return false, err
		}
	}
	return len(some) == atOnce && w.lacking(), nil
}

// lacking says whether somebody is missing for whom there is a place.
func (w *wave) lacking() bool {
	return slices.ContainsFunc(w.c.Lines, func(l Line) bool { return w.lacks[l.N-1] > 0 && w.places(l) > 0 })
}

// shiftFor finds the first shift of a line with a free place that somebody may take.
func (w *wave) shiftFor(ctx context.Context, r db.Reader, person id.ID, l Line) (s roster.Shift, ok bool, err error) {
	who, err := people.StandingOf(ctx, r, person)
	if err != nil || who.State != people.Active {
		return s, false, err
	}
	for _, s := range w.shifts {
		if w.free[s.ID] <= 0 || !l.takes(s) || who.MinorOn(s.Day) {
			continue
		}
		why, err := roster.Against(ctx, r, s, roster.Primary, who)
		if err != nil || why == nil {
			return s, why == nil, err
		}
	}
	return s, false, nil
}

// line asks so many people for a line. Whoever fits nowhere is passed by until all others were
// looked at, so that nobody waits behind people who cannot come.
func (w *wave) line(ctx context.Context, tx *db.Tx, l Line, want int64) error {
	if want <= 0 || w.places(l) == 0 {
		return nil
	}
	at := slices.IndexFunc(w.shifts, func(s roster.Shift) bool { return l.takes(s) && w.free[s.ID] > 0 })
	near := w.shifts[at]
	passed, err := passedBy(ctx, tx, w.t.ID, l.N)
	if err != nil {
		return err
	}
	some, err := candidates(ctx, tx, w.c, w.t.Org, l, near.Day, int64(near.Activity.Area), passed, weighed)
	if err != nil {
		return err
	}
	for _, person := range some {
		if want == 0 {
			break
		}
		s, ok, err := w.shiftFor(ctx, tx, person, l)
		if err != nil {
			return err
		}
		if !ok {
			passed++
			continue
		}
		fresh, err := w.question(ctx, tx, person, l, s)
		if err != nil {
			return err
		}
		if fresh {
			want--
			w.asked++
		}
	}
	switch {
	case want > 0 && len(some) == weighed:
		w.unseen = true
	case want > 0:
		passed = 0 // all were looked at
	}
	return passBy(tx, w.t.ID, l.N, passed)
}

// question asks one person about one shift.
func (w *wave) question(ctx context.Context, tx *db.Tx, person id.ID, l Line, s roster.Shift) (bool, error) {
	who, err := people.StandingOf(ctx, tx, person)
	if err != nil {
		return false, err
	}
	unit, err := people.DefaultUnit(ctx, tx, who)
	if err != nil {
		return false, err
	}
	a := Ask{ID: tx.NewID(person.Home()), CallUp: w.c.ID, Receipt: w.t.ID, Line: l.N, Person: person, Unit: unit, Shift: s.ID, Asked: db.MS(tx.Now), Rev: 1}
	fresh, err := insertAsk(tx, a)
	if err != nil || !fresh {
		return false, err
	}
	if err := w.c.postOn(ctx, tx, AskedFact, a, who.Category, auth.SystemID); err != nil {
		return false, err
	}
	return true, tellPerson(ctx, tx, w.c, a, "callup.asked")
}
