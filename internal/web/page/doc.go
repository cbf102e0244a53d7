// Package page is what every page handler stands on: the request with the person who asks,
// forms into structs, errors into pages, and the chain of middleware.
//
// A web area is a folder beside this one. Its handlers are functions of a [Ctx] that bind,
// run one command, and render or redirect:
//
//	func create(c *page.Ctx) error {
//		in, err := page.Bind[draft](c)
//		if err == nil {
//			in.ID, err = c.Create(in.Org.Home(), func(tx *db.Tx) (id.ID, error) {
//				return activity.Create(c, tx, c.Actor, in.command())
//			})
//		}
//		if err != nil {
//			return c.Retry(err, newForm(in)) // the same form: what is wrong, what was typed
//		}
//		c.Flash("activity.created")
//		return c.Redirect("/desk/activities/" + string(in.ID))
//	}
//
// Errors are returned, never written: a refusal of package fail becomes a page with its
// status and a sentence that says what to do next, anything else a page with a number
// under which the log has the error. Nothing that was submitted reaches the log.
//
// A POST that changes something goes through [Ctx.Write] or [Ctx.Create]: they take the
// form's own key, so a form that is sent twice counts once.
//
// Every URL is a line of internal/web/routes.go, with who may see it.
package page
