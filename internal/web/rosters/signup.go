package rosters

import (
	"strings"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/work/roster"
)

// taking is the form with which a place is taken. Pick is a shift and a place of it, with a
// dot between.
type taking struct {
	Activity id.ID  `path:"activity"`
	Pick     string `form:"pick" max:"60"`
	Who      id.ID  `form:"who"`
	Unit     id.ID  `form:"unit"`
}

// picked takes the chosen card apart.
func (in taking) picked() (shift id.ID, place roster.Place, err error) {
	s, p, _ := strings.Cut(in.Pick, ".")
	if shift, err = id.Parse(s); err != nil || shift.Home() != in.Activity.Home() {
		return "", "", fail.Field("pick", "rosters.pick_missing")
	}
	return shift, roster.Place(p), nil
}

// SignUp answers POST /activities/{activity}.
func SignUp(c *page.Ctx) error {
	in, err := page.Bind[taking](c)
	if fail.KindOf(err) == fail.NotFound {
		return err
	}
	if in.Who == "" {
		in.Who = c.Actor.Person
	}
	var shift id.ID
	if err == nil {
		shift, err = in.signUp(c)
	}
	if err != nil {
		return againOnActivity(c, err, asked{Activity: in.Activity, Who: in.Who, Shift: shift})
	}
	return signedUp(c, shift, in.Who)
}

// signUp runs the command, unless the shift is of another activity.
func (in taking) signUp(c *page.Ctx) (id.ID, error) {
	shift, place, err := in.picked()
	if err != nil {
		return "", err
	}
	s, err := roster.Get(c, c.DB, shift)
	if err != nil {
		return "", err
	}
	if s.Activity.ID != in.Activity {
		return "", fail.New(fail.NotFound, "roster.unknown")
	}
	return shift, c.Write(shift.Home(), func(tx *db.Tx) error {
		_, err := roster.SignUp(c, tx, c.Actor, roster.Request{Shift: shift, Person: in.Who, Place: place, Unit: in.Unit})
		return err
	})
}

// againOnActivity shows the activity again with what was refused.
func againOnActivity(c *page.Ctx, err error, in asked) error {
	a, broken := activityOf(c, in)
	if broken != nil {
		return broken
	}
	return c.Retry(err, activityPage(a))
}

// signedUp says how it went and offers to take it back.
func signedUp(c *page.Ctx, shift, person id.ID) error {
	u, err := roster.SignupOf(c, c.DB, shift, person)
	if err != nil {
		return err
	}
	s, err := roster.Get(c, c.DB, shift)
	if err != nil {
		return err
	}
	c.FlashUndo(placePath(shift, person)+"/withdraw", "rosters.signed."+string(u.State), "when", daySpan(c, s), "post", s.PostName)
	return c.Redirect(placePath(shift, person))
}

// leaving is the form with which a place is given up. Reason may be left out.
type leaving struct {
	onShift
	Reason string `form:"reason" max:"200"`
}

// atShift names a shift.
type atShift struct {
	Shift id.ID `path:"shift"`
}

// onShift names a person's place on a shift.
type onShift struct {
	atShift
	Person id.ID `path:"person"`
}

// Withdraw answers POST /shifts/{shift}/people/{person}/withdraw: she cannot come, does not
// want what was offered, or takes back what she just did.
func Withdraw(c *page.Ctx) error {
	in, err := page.Bind[leaving](c)
	if err == nil {
		err = c.Write(in.Shift.Home(), func(tx *db.Tx) error {
			_, err := roster.Withdraw(c, tx, c.Actor, in.Shift, in.Person, in.Reason)
			return err
		})
	}
	if err != nil {
		return againOnPlace(c, err, in.onShift)
	}
	c.Flash("rosters.withdrawn")
	return c.Redirect(placePath(in.Shift, in.Person))
}

// Confirm answers POST /shifts/{shift}/people/{person}/confirm: she takes the place that was
// offered from the waiting list.
func Confirm(c *page.Ctx) error {
	in, err := page.Bind[onShift](c)
	if err == nil {
		err = c.Write(in.Shift.Home(), func(tx *db.Tx) error {
			_, err := roster.Confirm(c, tx, c.Actor, in.Shift, in.Person)
			return err
		})
	}
	if err != nil {
		return againOnPlace(c, err, in)
	}
	c.FlashUndo(placePath(in.Shift, in.Person)+"/withdraw", "rosters.confirmed")
	return c.Redirect(placePath(in.Shift, in.Person))
}

// seen is the form with which somebody says that she has read what changed.
type seen struct {
	Activity id.ID `path:"activity"`
	Who      id.ID `form:"who"`
}

// Seen answers POST /activities/{activity}/seen.
func Seen(c *page.Ctx) error {
	in, err := page.Bind[seen](c)
	if err == nil {
		err = c.Write(in.Activity.Home(), func(tx *db.Tx) error {
			return roster.Acknowledge(c, tx, c.Actor, in.Activity, in.Who)
		})
	}
	if err != nil {
		return err
	}
	return c.Redirect(activityPath(in.Activity) + "?who=" + string(in.Who))
}
