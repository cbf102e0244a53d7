package callups

import (
	"tongxin/internal/base/auth"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/callup"
	"tongxin/internal/work/org"
)

// listed is how many of each a list shows.
const listed = 50

// pile is what a desk has sent, received and appealed.
type pile struct {
	Received []callup.Received
	Sent     []callup.Listed
	Appeals  []callup.ListedAppeal
	Writes   bool
}

// List shows the call-ups that came to the reader's organisations and those that were issued
// there or below, and the appeals.
func List(c *page.Ctx) error {
	p := pile{Writes: c.Actor.Has(callup.Writing...)}
	for _, at := range c.Actor.Orgs(callup.Receiving...) {
		some, err := callup.Tray(c, c.DB, at, listed)
		if err != nil {
			return err
		}
		p.Received = append(p.Received, some...)
	}
	seats, err := org.Seats(c, c.DB, c.Actor)
	if err != nil {
		return err
	}
	for _, s := range seats {
		sent, err := callup.From(c, c.DB, s.Position, listed)
		if err != nil {
			return err
		}
		appeals, err := callup.AppealsFrom(c, c.DB, s.Position, listed)
		if err != nil {
			return err
		}
		p.Sent, p.Appeals = append(p.Sent, sent...), append(p.Appeals, appeals...)
	}
	return c.Render(listPage(p))
}

// from are the organisations in whose name the reader may act with one of the roles.
func from(c *page.Ctx, roles ...auth.Role) ([]ui.Option, error) {
	ids := c.Actor.Orgs(roles...)
	names, err := org.Names(c, c.DB, ids)
	var all []ui.Option
	for _, at := range ids {
		if names[at] != "" {
			all = append(all, ui.Option{Value: string(at), Label: names[at]})
		}
	}
	return all, err
}

// first is the first of some choices, as an id.
func first(all []ui.Option) id.ID {
	if len(all) == 0 {
		return ""
	}
	return id.ID(all[0].Value)
}
