package rosters

import (
	"slices"
	"strings"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

// changing is the form of a shift's times and places.
type changing struct {
	Shift      id.ID   `path:"shift"`
	Rev        int64   `form:"rev"`
	Day        string  `form:"day,day"`
	From       string  `form:"from,clock"`
	To         string  `form:"to,clock"`
	Places     int64   `form:"places"`
	Standbys   int64   `form:"standby_places"`
	ToWaitlist []id.ID `form:"waitlist"`
	Scope      string  `form:"scope" max:"10"`
	Own        bool    `form:"own"` // those changed by themselves too
}

// shiftForm is the page of a shift's times and places.
type shiftForm struct {
	roster.Shift
	Taken []ui.Option // who holds a place, the last accepted first
	Now   changing    // as it is
}

// EditShift answers GET /desk/shifts/{shift}/edit.
func EditShift(c *page.Ctx) error {
	in, err := page.Bind[changing](c)
	if err != nil {
		return err
	}
	f, err := shiftFormOf(c, in.Shift)
	if err != nil {
		return err
	}
	return c.Render(shiftFormPage(f))
}

func shiftFormOf(c *page.Ctx, shift id.ID) (f shiftForm, err error) {
	if f.Shift, err = roster.Get(c, c.DB, shift); err != nil {
		return f, err
	}
	if err = org.Permit(c, c.DB, c.Actor, f.Activity.Org, planRoles...); err != nil {
		return f, err
	}
	z := i18n.Zone()
	f.Now = changing{Shift: shift, Rev: f.Rev, Day: f.Day, From: f.Starting().In(z).Format("15:04"), To: f.Ending().In(z).Format("15:04"),
		Places: f.Places, Standbys: f.StandbyPlaces}
	signups, err := roster.SignupsOf(c, c.DB, shift)
	if err != nil {
		return f, err
	}
	signups = slices.DeleteFunc(signups, func(u roster.Signup) bool {
		return u.Place != roster.Primary || u.State != roster.Accepted && u.State != roster.Offered
	})
	slices.SortStableFunc(signups, func(a, b roster.Signup) int { return int(b.Accepted/1000 - a.Accepted/1000) })
	names, err := people.Names(c, c.DB, c.Keys, persons(signups))
	for _, u := range signups {
		o := ui.Option{Value: string(u.Person), Label: names[u.Person], Side: c.T("rosters.state." + string(u.State))}
		if u.Accepted != 0 {
			o.Note = c.T("rosters.change.since", "at", i18n.DayTime(c.Lang, db.Time(u.Accepted)))
		}
		f.Taken = append(f.Taken, o)
	}
	return f, err
}

// ChangeShift answers POST /desk/shifts/{shift}/edit.
func ChangeShift(c *page.Ctx) error {
	in, err := page.Bind[changing](c)
	if fail.KindOf(err) == fail.NotFound {
		return err
	}
	var kept []roster.Shift
	if err == nil {
		err = c.Write(in.Shift.Home(), func(tx *db.Tx) (err error) {
			kept, err = in.change(c, tx)
			return err
		})
	}
	if err != nil {
		f, broken := shiftFormOf(c, in.Shift)
		if broken != nil {
			return broken
		}
		return c.Retry(fields(err), shiftFormPage(f))
	}
	if len(kept) > 0 {
		days := make([]string, len(kept))
		for i, s := range kept {
			days[i] = i18n.Day(c.Lang, s.Starting())
		}
		c.FlashWarn("rosters.series.kept", "n", len(kept), "days", strings.Join(days, c.T("rosters.need.sep")))
	} else {
		c.Flash("rosters.change.done")
	}
	return c.Redirect(deskPath(in.Shift))
}

func (in changing) change(c *page.Ctx, tx *db.Tx) (kept []roster.Shift, err error) {
	if in.Day == "" || in.From == "" || in.To == "" {
		return nil, fail.Field("from", "web.form.clock")
	}
	e := roster.Edit{Places: in.Places, StandbyPlaces: in.Standbys, ToWaitlist: in.ToWaitlist}
	if e.Starts, e.Ends, err = moments(in.Day, in.From, in.To); err != nil {
		return nil, err
	}
	if scope := roster.Scope(in.Scope); scope == roster.Following || scope == roster.WholeOf {
		_, kept, err = roster.ChangeSeries(c, tx, c.Actor, in.Shift, e, scope, in.Own)
		return kept, err
	}
	_, err = roster.ChangeShift(c, tx, c.Actor, in.Shift, in.Rev, e)
	return nil, err
}

// cancelling is the form with which a shift is cancelled: its activity's name, typed, and why.
type cancelling struct {
	Shift  id.ID  `path:"shift"`
	Reason string `form:"reason" max:"200"`
}

// CancelShift answers POST /desk/shifts/{shift}/cancel.
func CancelShift(c *page.Ctx) error {
	in, err := page.Bind[cancelling](c)
	if fail.KindOf(err) == fail.NotFound {
		return err
	}
	f, broken := shiftFormOf(c, in.Shift)
	if broken != nil {
		return broken
	}
	if err == nil {
		err = fail.Join(c.Named(f.Activity.Title), reasonMissing(in.Reason))
	}
	if err == nil {
		err = c.Write(in.Shift.Home(), func(tx *db.Tx) error {
			return roster.CancelShift(c, tx, c.Actor, in.Shift, in.Reason)
		})
	}
	if err != nil {
		return c.Retry(err, shiftFormPage(f))
	}
	c.Flash("rosters.change.cancelled")
	return c.Redirect(planPath(f.Activity.ID))
}

func reasonMissing(reason string) error {
	if reason == "" {
		return fail.Field("reason", "roster.reason_needed")
	}
	return nil
}

// editable says whether the shift's times and places can still be changed.
func (f shiftForm) editable(now time.Time) bool {
	return f.State == "draft" || f.State == "open" && now.Before(f.Starting())
}
