package page

import "tongxin/internal/base/fail"

// Desk answers GET /desk: staff begin at the first place of the menu that is theirs.
func Desk(c *Ctx) error {
	for _, m := range c.Menu {
		if m.Access.admits(c.Visitor) {
			return c.Redirect(m.Href)
		}
	}
	return fail.New(fail.Forbidden, "web.not_yours")
}
