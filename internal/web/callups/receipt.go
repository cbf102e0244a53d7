package callups

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/web/page"
	"tongxin/internal/work/callup"
	"tongxin/internal/work/org"
	"tongxin/internal/work/roster"
)

func receiptPath(receipt id.ID) string { return "/desk/receipts/" + string(receipt) }

// tray is a call-up at the desk of who received it.
type tray struct {
	callup.Receipt
	Call            callup.CallUp
	OrgName, Sender string
	Issuer          string
	Names           names
	Answers         bool
	Left            callup.Quotas
	Forward         table
	Shifts          []roster.Shift // opened to it
	May             []roster.Shift // that may be opened
	Changes         []callup.Difference
	Cascade         cascade
}

// Receipt is a call-up as a receiver sees it. Whoever of its own opens it has read it.
func Receipt(c *page.Ctx) error {
	t, err := trayOf(c)
	if err != nil {
		return err
	}
	if t.Read == 0 && t.Delivered > 0 && t.Call.State == callup.Issued && c.Actor.HasAt(t.Org, callup.Receiving...) {
		err := c.DB.Write(c, func(tx *db.Tx) error { return callup.Take(c, tx, c.Actor, t.ID) })
		if err != nil && fail.KindOf(err) != fail.Conflict {
			return err
		}
		if t, err = trayOf(c); err != nil {
			return err
		}
	}
	return c.Render(trayPage(t))
}

func trayOf(c *page.Ctx) (t tray, err error) {
	at, err := id.Parse(c.Path("receipt"))
	if err != nil {
		return t, err
	}
	if t.Receipt, err = callup.ReceiptOf(c, c.DB, at); err != nil {
		return t, err
	}
	if err = org.Permit(c, c.DB, c.Actor, t.Org); err != nil {
		return t, err
	}
	if t.Delivered == 0 {
		return t, fail.New(fail.NotFound, "callup.receipt_unknown")
	}
	if t.Call, err = callup.Get(c, c.DB, t.CallUp); err != nil {
		return t, err
	}
	orgs, err := org.Names(c, c.DB, []id.ID{t.Org, t.Receipt.Sender, t.Call.Org})
	if err != nil {
		return t, err
	}
	t.OrgName, t.Sender, t.Issuer = orgs[t.Org], orgs[t.Receipt.Sender], orgs[t.Call.Org]
	if t.Names, err = namesOf(c, t.Call); err != nil {
		return t, err
	}
	if t.Changes, err = callup.Changes(c, c.DB, t.Call.ID, t.Seen); err != nil {
		return t, err
	}
	if t.Cascade, err = look(c, c.Site, c.Lang, t.Call, t.Receipt); err != nil {
		return t, err
	}
	if t.Answers, err = org.Reaches(c, c.DB, c.Actor, t.Org, callup.Receiving...); err != nil || t.Acknowledged == 0 {
		return t, err
	}
	return t, t.onward(c)
}

// onward reads what a unit that has acknowledged may do next.
func (t *tray) onward(c *page.Ctx) (err error) {
	if t.Left, err = callup.Left(c, c.DB, t.Call, t.Receipt); err != nil {
		return err
	}
	below, err := callup.Below(c, c.DB, t.Call.ID, t.ID)
	if err != nil {
		return err
	}
	t.Forward = table{Action: receiptPath(t.ID) + "/forward", Do: "callups.forward_do", Lines: t.Call.Lines, Whole: t.Quota}
	if t.Forward, err = handingOn(c, t.Org, below, t.Forward, t.Left); err != nil {
		return err
	}
	if t.Shifts, err = callup.ShiftsOf(c, c.DB, t.ID); err != nil || t.Call.Drill {
		return err
	}
	t.May, err = callup.May(c, c.DB, t.Org, db.MS(c.Now), db.MS(c.Now.Add(21*24*time.Hour)))
	return err
}

// on does something with a receipt and comes back to it.
func on(c *page.Ctx, said string, do func(t tray) (func(tx *db.Tx) error, error)) error {
	t, err := trayOf(c)
	if err != nil {
		return err
	}
	if err := c.Form(); err != nil {
		return err
	}
	run, err := do(t)
	if err == nil {
		err = c.Write(t.ID.Home(), run)
	}
	if err != nil {
		return c.Retry(err, trayPage(t))
	}
	c.Flash(said)
	return c.Redirect(receiptPath(t.ID))
}

// Acknowledge says what the unit can send.
func Acknowledge(c *page.Ctx) error {
	return on(c, "callups.acknowledged", func(t tray) (func(*db.Tx) error, error) {
		able := make(callup.Quotas, len(t.Quota))
		var errs []error
		for n := range able {
			field := fmt.Sprintf("able_%d", n+1)
			text := strings.ReplaceAll(ident.Fold(c.R.PostForm.Get(field)), ",", "")
			v, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				errs = append(errs, fail.Field(field, "web.form.number"))
			}
			able[n] = v
		}
		return func(tx *db.Tx) error { return callup.Acknowledge(c, tx, c.Actor, t.ID, able) }, fail.Join(errs...)
	})
}

// Forward hands it on.
func Forward(c *page.Ctx) error {
	return on(c, "callups.forwarded", func(t tray) (func(*db.Tx) error, error) {
		all, err := chosen(c, len(t.Call.Lines))
		return func(tx *db.Tx) error { return callup.Forward(c, tx, c.Actor, t.ID, all) }, err
	})
}

// Report says how it went.
func Report(c *page.Ctx) error {
	return on(c, "callups.reported", func(t tray) (func(*db.Tx) error, error) {
		text := c.R.PostForm.Get("report")
		return func(tx *db.Tx) error { return callup.Report(c, tx, c.Actor, t.ID, text) }, nil
	})
}

// NudgeBelow reminds those to whom it was forwarded and who are silent.
func NudgeBelow(c *page.Ctx) error {
	return on(c, "callups.nudged", func(t tray) (func(*db.Tx) error, error) {
		return func(tx *db.Tx) error { return callup.Nudge(c, tx, c.Actor, t.Call.ID, t.Org) }, nil
	})
}

// shiftsIn are the shifts that are opened.
type shiftsIn struct {
	Shifts []id.ID `form:"shift"`
}

// OpenShifts says on which shifts those who are called up are taken.
func OpenShifts(c *page.Ctx) error {
	return on(c, "callups.shifts_saved", func(t tray) (func(*db.Tx) error, error) {
		in, err := page.Bind[shiftsIn](c)
		return func(tx *db.Tx) error { return callup.OpenShifts(c, tx, c.Actor, t.ID, in.Shifts) }, err
	})
}
