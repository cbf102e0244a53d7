// Package ui holds the components that pages are made of, as templ templates over the
// classes of package assets. It knows no area of work.
//
// A component learns who is looking from the [View] that page.Ctx puts into the context,
// so no template passes the language, the elder switch or a refused form along:
//
//	templ form(in draft) {
//		@ui.Page(ui.Head{Title: ui.T(ctx, "activity.new")}) {
//			@ui.Form("/desk/activities", "") {
//				@ui.Text(ui.F{Name: "title", Label: ui.T(ctx, "activity.title"), Value: in.Title, Max: 60})
//				@ui.Submit(ui.T(ctx, "activity.save"), "red")
//			}
//		}
//	}
//
// When a form was refused, its fields show what was typed instead of Value, and what is
// wrong; nothing has to be passed for that. Texts given to a component are ready to be
// shown: call [T] for a message key.
//
// Rules: red only for what must be done now and for the one chosen thing; one red button on
// a screen, a second urgent one is "ink"; sections are separated by rules, not boxes; every
// figure is a [Figure], a door onto its records. Inline styles and scripts do not work
// (the pages forbid them); widths of bars are attributes of an SVG.
//
// /design shows every component, in development and in the demonstration.
package ui
