package callup

import (
	"context"
	"slices"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
	"tongxin/internal/ledger"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

// Answer is what a volunteer says to a call-up. A yes signs her up for the shift, with the
// call-up's id, or for the one she was asked about, or any that she may take; while no place is
// free she waits. Somebody who was not asked may say yes all the same.
func Answer(ctx context.Context, tx *db.Tx, actor auth.Actor, callup id.ID, answer string, shift id.ID) (Ask, error) {
	c, err := Get(ctx, tx, callup)
	if err != nil {
		return Ask{}, err
	}
	if !c.Open(tx.Now) {
		return Ask{}, c.shut(tx)
	}
	who, err := people.StandingOf(ctx, tx, actor.Person)
	if err != nil {
		return Ask{}, err
	}
	if !who.Volunteer || who.State != people.Active {
		return Ask{}, fail.New(fail.Forbidden, "callup.volunteers")
	}
	a, err := AskOf(ctx, tx, callup, who.ID)
	fresh := fail.KindOf(err) == fail.NotFound
	if fresh {
		a = Ask{CallUp: c.ID, Person: who.ID, Rev: 1}
		err = nil
	}
	switch {
	case err != nil:
		return a, err
	case answer == Yes:
		return accept(ctx, tx, actor, c, who, a, shift)
	case answer != No && answer != Never:
		return a, fail.Field("answer", "callup.answer")
	case fresh:
		return a, fail.New(fail.NotFound, "callup.not_asked")
	case a.Answer == answer:
		return a, nil // a repeated tap is no error
	case a.Answer == Yes && a.Shift != "" && a.Offered == 0:
		return a, fail.New(fail.Conflict, "callup.on_shift")
	}
	return decline(ctx, tx, actor, c, who, a, answer)
}

// shut says why a call-up is not answered any more.
func (c CallUp) shut(tx *db.Tx) error {
	if c.State == Issued && !c.Drill {
		return fail.New(fail.Conflict, "callup.past_until", "until_at", c.Until)
	}
	if c.State == Draft || c.Drill {
		return fail.New(fail.NotFound, "callup.unknown")
	}
	return fail.New(fail.Conflict, "callup.not_while."+string(c.State))
}

func decline(ctx context.Context, tx *db.Tx, actor auth.Actor, c CallUp, who people.Standing, a Ask, answer string) (Ask, error) {
	first := a.Answer == ""
	a.Answer, a.Answered, a.Offered = answer, db.MS(tx.Now), 0
	if err := saveAsk(tx, &a); err != nil {
		return a, err
	}
	if answer == Never {
		if err := putNever(tx, who.ID, c.Service); err != nil {
			return a, err
		}
	}
	if first {
		if err := c.postOn(ctx, tx, AnsweredFact, a, who.Category, actor.Person); err != nil {
			return a, err
		}
	}
	return a, recordAnswer(tx, actor, c, a)
}

func recordAnswer(tx *db.Tx, actor auth.Actor, c CallUp, a Ask) error {
	return record(tx, actor, "callup.answered", c.ID, c.Org, nil, map[string]any{"person": a.Person, "answer": a.Answer, "shift": a.Shift})
}

// accept puts her on a shift, or among those who wait.
func accept(ctx context.Context, tx *db.Tx, actor auth.Actor, c CallUp, who people.Standing, a Ask, shift id.ID) (Ask, error) {
	if a.Answer == Yes && a.Shift != "" && a.Offered == 0 {
		return a, nil // a repeated tap is no error
	}
	if shift == "" {
		shift = a.Shift
	}
	s, receipt, line, err := c.placeFor(ctx, tx, who, a, shift)
	if err != nil {
		return a, err
	}
	first := a.Answer == ""
	a.Receipt, a.Line, a.Shift, a.Answer, a.Offered = receipt, line, s, Yes, 0
	if first {
		a.Answered = db.MS(tx.Now)
	}
	if a.Shift != "" {
		if _, err := roster.SignUp(ctx, tx, actor, roster.Request{Shift: a.Shift, Callup: c.ID}); err != nil {
			return a, err
		}
	}
	if err := putAnswer(ctx, tx, who, &a); err != nil {
		return a, err
	}
	if first {
		if err := c.postOn(ctx, tx, AnsweredFact, a, who.Category, actor.Person); err != nil {
			return a, err
		}
	}
	if c.Hundred == 0 && a.Shift != "" {
		if err := jobs.Add(tx, jobs.Job{Kind: JobHundred, Key: JobHundred + "/" + string(c.ID), Ref: c.ID}); err != nil {
			return a, err
		}
	}
	return a, recordAnswer(tx, actor, c, a)
}

// putAnswer writes a yes, of somebody who was asked or who came by herself.
func putAnswer(ctx context.Context, tx *db.Tx, who people.Standing, a *Ask) (err error) {
	if a.ID == "" {
		if a.Unit, err = people.DefaultUnit(ctx, tx, who); err != nil {
			return err
		}
		a.ID = tx.NewID(who.ID.Home())
		fresh, err := insertAsk(tx, *a)
		if err != nil || !fresh {
			return meanwhile(0, err)
		}
	}
	return saveAsk(tx, a)
}

// placeFor finds where a volunteer who says yes goes: a shift with the receiver and the line
// that it counts for, or no shift while none is free. A shift that she chose herself and may
// not take is refused.
func (c CallUp) placeFor(ctx context.Context, tx *db.Tx, who people.Standing, a Ask, shift id.ID) (s, receipt id.ID, line int64, err error) {
	near := a.Receipt
	if near == "" {
		if near, err = Nearest(ctx, tx, c.ID, who); err != nil {
			return "", "", 0, err
		}
	}
	all, err := openings(ctx, tx, c.ID, shift, near, mostOpen)
	if err != nil {
		return "", "", 0, err
	}
	chosen := shift != "" && shift != a.Shift
	for _, o := range all {
		sh, err := roster.Get(ctx, tx, o.shift)
		if err != nil {
			return "", "", 0, err
		}
		n, why, err := c.fits(ctx, tx, o, sh, who, a)
		if err != nil {
			return "", "", 0, err
		}
		if why == nil {
			return o.shift, o.receipt, n, nil
		}
		if chosen && o.shift == shift && fail.Key(why) != "callup.full" {
			return "", "", 0, why
		}
	}
	return c.wait(who, a, near)
}

// mostOpen is how many shifts of a call-up are looked through.
const mostOpen = 300

// fits finds the line for which somebody may take a shift now, or says why she may not. The
// receiver's row is held while places of its quota are counted; those offered to others who
// waited are not hers.
func (c CallUp) fits(ctx context.Context, tx *db.Tx, o opening, s roster.Shift, who people.Standing, a Ask) (line int64, why, err error) {
	if s.State != "open" || s.Starts <= db.MS(tx.Now) || s.Free(roster.Primary) <= 0 {
		return 0, fail.New(fail.Conflict, "callup.full"), nil
	}
	if why, err = roster.Against(ctx, tx, s, roster.Primary, who); why != nil || err != nil {
		return 0, why, err
	}
	if err := hold(tx, o.receipt); err != nil {
		return 0, nil, err
	}
	t, err := ReceiptOf(ctx, tx, o.receipt)
	if err != nil {
		return 0, nil, err
	}
	left, err := t.left(ctx, tx, c)
	if err != nil {
		return 0, nil, err
	}
	on, err := taken(ctx, tx, t.ID, len(c.Lines))
	if err != nil {
		return 0, nil, err
	}
	if err := t.spare(ctx, tx, on, a); err != nil {
		return 0, nil, err
	}
	why = fail.New(fail.Conflict, "callup.not_called")
	for i, l := range c.Lines {
		if !l.takes(s) || !l.takesPerson(who) {
			continue
		}
		if left[i]-on[i] > 0 {
			return l.N, nil, nil
		}
		why = fail.New(fail.Conflict, "callup.full")
	}
	return 0, why, nil
}

// spare adds to the places that are taken those offered to others.
func (t Receipt) spare(ctx context.Context, tx *db.Tx, on Quotas, a Ask) error {
	set, err := config.Load(ctx, tx)
	if err != nil {
		return err
	}
	since := db.MS(tx.Now.Add(-set.CallWave))
	given, err := offers(ctx, tx, t.ID, since)
	for _, o := range given {
		on[o.line-1]++
	}
	if a.Receipt == t.ID && a.Answer == Yes && a.Offered > since {
		on[a.Line-1]--
	}
	return err
}

// wait is the place of somebody for whom there is none yet: with the receiver that asked her,
// else the nearest above her unit.
func (c CallUp) wait(who people.Standing, a Ask, near id.ID) (s, receipt id.ID, line int64, err error) {
	i := slices.IndexFunc(c.Lines, func(l Line) bool { return l.takesPerson(who) })
	switch {
	case i < 0:
		return "", "", 0, fail.New(fail.Conflict, "callup.not_called")
	case a.Receipt != "":
		return "", a.Receipt, a.Line, nil
	case near == "":
		return "", "", 0, fail.New(fail.Conflict, "callup.not_here")
	}
	return "", near, c.Lines[i].N, nil
}

// Nearest is the receipt of the nearest receiver above a volunteer's unit, or "".
func Nearest(ctx context.Context, r db.Reader, callup id.ID, who people.Standing) (id.ID, error) {
	unit, err := people.DefaultUnit(ctx, r, who)
	if fail.KindOf(err) == fail.Conflict { // there is nobody whom she could serve for
		return "", nil
	}
	if err != nil {
		return "", err
	}
	path, err := org.Path(ctx, r, unit)
	if err != nil {
		return "", err
	}
	for i := len(path) - 1; i >= 0; i-- {
		t, err := receiptAt(ctx, r, callup, path[i].ID)
		if err == nil && t.Delivered > 0 || err != nil && fail.KindOf(err) != fail.NotFound {
			return t.ID, err
		}
	}
	return "", nil
}

// TakeBack takes an answer back within [BackFor]: she leaves the shift, or may be asked again.
func TakeBack(ctx context.Context, tx *db.Tx, actor auth.Actor, callup id.ID) error {
	c, err := Get(ctx, tx, callup)
	if err != nil {
		return err
	}
	who, err := people.Resolve(ctx, tx, actor.Person)
	if err != nil {
		return err
	}
	a, err := AskOf(ctx, tx, callup, who)
	if err != nil || a.Answer == "" {
		return err
	}
	if !a.MayTakeBack(tx.Now) {
		return fail.New(fail.Conflict, "callup.back_late", "minutes", int64(BackFor.Minutes()))
	}
	if a.Answer == Yes && a.Shift != "" && a.Offered == 0 {
		if _, err := roster.Withdraw(ctx, tx, actor, a.Shift, who, ""); err != nil && fail.Key(err) != "roster.withdrawn_already" {
			return err
		}
	}
	if a.Answer == Never {
		if _, err := dropNever(tx, who, c.Service); err != nil {
			return err
		}
	}
	a.Answer, a.Answered, a.Offered = "", 0, 0
	if a.Asked == 0 {
		a.Shift = ""
	}
	if err := saveAsk(tx, &a); err != nil {
		return err
	}
	if _, err := ledger.Reverse(tx, AnsweredFact, a.ID, a.Person, "", actor.Person); err != nil {
		return err
	}
	return record(tx, actor, "callup.taken_back", c.ID, c.Org, nil, map[string]any{"person": a.Person})
}

// AskAgain lets a volunteer be asked again about a kind of service.
func AskAgain(_ context.Context, tx *db.Tx, actor auth.Actor, service int64) error {
	_, err := dropNever(tx, actor.Person, service)
	return err
}

// hundred posts when the hundredth person had enrolled.
func hundred(ctx context.Context, tx *db.Tx, j jobs.Job) error {
	c, err := Get(ctx, tx, j.Ref)
	if err != nil || c.Hundred > 0 {
		return err
	}
	at, err := hundredth(ctx, tx, c.ID)
	if err != nil || at == 0 {
		return err
	}
	c.Hundred = at
	if err := saveCallUp(tx, &c); err != nil {
		return err
	}
	return c.post(ctx, tx, auth.System, HundredFact, c.Org, c.ID, (at-c.Issued)/60_000)
}
