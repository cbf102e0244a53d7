package activities

import (
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/web/page"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/roster"
)

// act binds, runs a command on one activity, and goes on; refused, it shows the activity again
// with what is wrong.
func act(c *page.Ctx, f func(tx *db.Tx, in one) error, done string, next func(one) string) error {
	in, err := page.Bind[one](c)
	if fail.KindOf(err) == fail.NotFound {
		return err
	}
	if err == nil {
		err = c.Write(in.ID.Home(), func(tx *db.Tx) error { return f(tx, in) })
	}
	if err != nil {
		d, broken := read(c, in.ID)
		if broken != nil {
			return broken
		}
		return c.Retry(err, detailPage(d))
	}
	if done != "" {
		c.Flash(done)
	}
	return c.Redirect(next(in))
}

func detailURL(in one) string { return "/desk/activities/" + string(in.ID) }

func queueURL(one) string { return "/desk/reviews" }

// Submit hands an activity up for review, or publishes that of a trusted organisation.
func Submit(c *page.Ctx) error {
	in, err := page.Bind[one](c)
	if err != nil {
		return err
	}
	return act(c, func(tx *db.Tx, in one) error { return roster.Submit(c, tx, c.Actor, in.ID) }, "", func(one) string {
		a, err := activity.Get(c, c.DB, in.ID)
		if err == nil && a.State == activity.Published {
			c.Flash("activities.published_trusted")
		} else {
			c.FlashUndo(detailURL(in)+"/recall", "activities.submitted")
		}
		return detailURL(in)
	})
}

// Recall takes a submission back.
func Recall(c *page.Ctx) error {
	return act(c, func(tx *db.Tx, in one) error { return activity.Recall(c, tx, c.Actor, in.ID) }, "activities.recalled", detailURL)
}

// Approve publishes what the reviewer has seen.
func Approve(c *page.Ctx) error {
	return act(c, func(tx *db.Tx, in one) error {
		if err := activity.Hold(tx, in.ID, in.Rev); err != nil {
			return err
		}
		return roster.Approve(c, tx, c.Actor, in.ID)
	}, "activities.approved", queueURL)
}

// Return gives a submission back with a reason.
func Return(c *page.Ctx) error {
	return act(c, func(tx *db.Tx, in one) error {
		if err := activity.Hold(tx, in.ID, in.Rev); err != nil {
			return err
		}
		return roster.Return(c, tx, c.Actor, in.ID, in.Reason)
	}, "activities.returned", queueURL)
}

// AskCancel asks why, and for the name of the activity, before it is cancelled.
func AskCancel(c *page.Ctx) error {
	in, err := page.Bind[one](c)
	if err != nil {
		return err
	}
	d, err := read(c, in.ID)
	if err != nil {
		return err
	}
	if !d.living(c.Now) {
		return c.Redirect(detailURL(in))
	}
	return c.Render(cancelPage(d))
}

// Cancel cancels an activity with all its shifts.
func Cancel(c *page.Ctx) error {
	in, err := page.Bind[one](c)
	if fail.KindOf(err) == fail.NotFound {
		return err
	}
	d, broken := read(c, in.ID)
	if broken != nil {
		return broken
	}
	if err == nil && d.State != activity.Draft {
		err = c.Named(d.Title)
	}
	if err == nil {
		err = c.Write(in.ID.Home(), func(tx *db.Tx) error { return roster.Cancel(c, tx, c.Actor, in.ID, in.Reason) })
	}
	if err != nil {
		return c.Retry(err, cancelPage(d))
	}
	c.Flash("activities.cancelled")
	return c.Redirect("/desk/activities")
}
