// Package page is what every page handler stands on: the request with the person who asks,
// forms into structs, errors into pages, and the chain of middleware.
//
// A web area is a folder beside this one, named for a noun: handlers, forms, templates,
// tests. To add a page:
//
// 1. A handler is a function of a [Ctx]: it binds, runs one command, renders or redirects.
//
//	type draft struct {
//		Org   id.ID  `form:"org"`
//		Title string `form:"title" max:"60"`
//	}
//
//	func create(c *page.Ctx) error {
//		in, err := page.Bind[draft](c)
//		var made id.ID
//		if err == nil {
//			made, err = c.Create(in.Org.Home(), func(tx *db.Tx) (id.ID, error) {
//				return activity.Create(c, tx, c.Actor, in.Org, in.Title)
//			})
//		}
//		if err != nil {
//			return c.Retry(err, draftForm(in)) // the same form: what is wrong, what was typed
//		}
//		c.Flash("activity.created")
//		return c.Redirect("/desk/activities/" + string(made))
//	}
//
// 2. Its template is made of the components of package ui: ui.Page for volunteers, ui.Desk
// for staff. Sentences are message keys of internal/base/i18n/locales/LANGUAGE/AREA.json.
//
// 3. Its URL is a line of internal/web/routes.go, with who may see it; a place of the desk
// is also a line of internal/web/menu.go.
//
// Reads take c.DB (a db.Reader) and c itself (a context); the time is c.Now. A POST that
// changes something goes through [Ctx.Write] or [Ctx.Create]: they take the form's own key,
// so a form that is sent twice counts once. A list takes its filters and its cursor from
// c.Query and gives them back by ui.Here. A part of a page for htmx is rendered by the same
// handler where [Ctx.Htmx] says so; the page works without.
//
// Errors are returned, never written: a refusal of package fail becomes a page with its
// status and a sentence that says what to do next, anything else a page with a number
// under which the log has the error. Nothing that was submitted reaches the log.
package page
