package orgs

import (
	"context"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/area"
	"tongxin/internal/work/intake"
	"tongxin/internal/work/org"
)

// look is what the tree's URL says.
type look struct {
	At    id.ID    `form:"at"`
	Type  org.Type `form:"type"`
	Text  string   `form:"q" max:"40"`
	Below bool     `form:"below"`
	After string   `form:"after"`
}

func (l look) filter() org.Filter {
	f := org.Filter{Under: l.At, Direct: !l.Below && l.Text == "", Text: l.Text, After: l.After}
	f.Kind, f.Tier = l.Type.Parts()
	return f
}

// branch is the tree as seen from one organisation.
type branch struct {
	look
	At      org.Org
	Path    []ui.Link
	Seats   []ui.Link // where the reader sits, when that is in several places
	Total   int64     // of what the list holds, whatever the page
	Tallies []org.Tally
	Orgs    []org.Org
	Sizes   map[id.ID]int64
	Areas   map[area.Code]string
	Next    string
	Found   bool // she may found here
}

// Browse shows the tree: the path up, and what hangs here or anywhere below.
func Browse(c *page.Ctx) error {
	b, err := open(c)
	if err != nil {
		return err
	}
	if c.WantsFile() {
		return b.give(c)
	}
	return c.Render(browsePage(b))
}

// open reads the branch that the URL asks for: without one, that where the reader sits.
func open(c *page.Ctx) (b branch, err error) {
	if b.look, err = page.Bind[look](c); err != nil {
		return b, err
	}
	if err := b.sit(c); err != nil || b.look.At == "" {
		return b, err
	}
	if err := org.Permit(c, c.DB, c.Actor, b.look.At); err != nil {
		return b, err
	}
	if b.At, err = org.Get(c, c.DB, b.look.At); err != nil {
		return b, err
	}
	if b.Path, err = crumbs(c, b.look.At, "/desk/orgs?at="); err != nil {
		return b, err
	}
	if b.Found, err = org.Reaches(c, c.DB, c.Actor, b.look.At, auth.Admin); err != nil {
		return b, err
	}
	b.Found = b.Found && len(b.At.Takes()) > 0
	return b, b.read(c)
}

// sit lists the reader's seats, and begins at the first where the URL names none.
func (b *branch) sit(c *page.Ctx) error {
	seats, err := org.Seats(c, c.DB, c.Actor)
	if err != nil || len(seats) == 0 {
		return err
	}
	if b.look.At == "" {
		b.look.At = seats[0].Org
	}
	if len(seats) == 1 {
		return nil
	}
	ids := make([]id.ID, len(seats))
	for i, s := range seats {
		ids[i] = s.Org
	}
	names, err := org.Names(c, c.DB, ids)
	for _, at := range ids {
		b.Seats = append(b.Seats, ui.Link{Href: "/desk/orgs?at=" + string(at), Label: names[at], On: at == b.look.At})
	}
	return err
}

func (b *branch) read(c *page.Ctx) (err error) {
	if b.Tallies, err = org.Count(c, c.DB, b.filter()); err != nil {
		return err
	}
	for _, t := range b.Tallies {
		if b.look.Type == "" || b.look.Type == org.TypeOf(t.Kind, t.Tier) {
			b.Total += t.N
		}
	}
	if b.Orgs, b.Next, err = org.List(c, c.DB, b.filter()); err != nil {
		return err
	}
	if b.Sizes, err = org.Sizes(c, c.DB, b.Orgs); err != nil {
		return err
	}
	b.Areas, err = areaNames(c, b.Orgs)
	return err
}

// tabs are the types that the list has, each a filter of it.
func (b branch) tabs(ctx context.Context) []ui.Link {
	var every int64
	counts := map[org.Type]int64{}
	for _, t := range b.Tallies {
		counts[org.TypeOf(t.Kind, t.Tier)] += t.N
		every += t.N
	}
	links := []ui.Link{{Href: ui.Here(ctx, "type", ""), Label: ui.T(ctx, "orgs.all"), Sub: i18n.Number(every), On: b.look.Type == ""}}
	for _, t := range org.Types() {
		if n := counts[t]; n > 0 || t == b.look.Type {
			links = append(links, ui.Link{Href: ui.Here(ctx, "type", string(t)), Label: ui.T(ctx, t.Label()), Sub: i18n.Number(n), On: t == b.look.Type})
		}
	}
	return links
}

// reach is the choice between what hangs right here and all that hangs below.
func (b branch) reach(ctx context.Context) []ui.Link {
	direct := b.filter().Direct
	return []ui.Link{
		{Href: ui.Here(ctx, "below", "", "q", "", "type", ""), Label: ui.T(ctx, "orgs.direct"), On: direct},
		{Href: ui.Here(ctx, "below", "true", "type", ""), Label: ui.T(ctx, "orgs.all_below"), On: !direct},
	}
}

// give answers the branch as a list that can be brought again: whoever hangs above others
// comes before them.
func (b branch) give(c *page.Ctx) error {
	if b.look.At == "" {
		return fail.New(fail.NotFound, "org.unknown")
	}
	l := page.List{Kind: "orgs", Org: b.At.ID, Name: c.T("orgs.export_name", "name", b.At.Name), Heads: intake.Heads(intake.Orgs, c.Lang)}
	return c.Give(l, func(put page.Put) error {
		all, err := b.all(c)
		if err != nil {
			return err
		}
		above := make([]id.ID, len(all))
		for i, o := range all {
			above[i] = o.Parent
		}
		names, err := org.Names(c, c.DB, above)
		if err != nil {
			return err
		}
		for _, o := range org.TopDown(all) {
			if err := put(intake.Line(intake.Orgs, columns(c, b.At.ID, o, names))...); err != nil {
				return err
			}
		}
		return nil
	})
}

// all reads all pages of the branch.
func (b branch) all(c *page.Ctx) (all []org.Org, err error) {
	f := b.filter()
	for f.Limit = 500; ; {
		some, next, err := org.List(c, c.DB, f)
		if all = append(all, some...); err != nil || next == "" {
			return all, err
		}
		f.After = next
	}
}

// columns are an organisation as the template of organisations has it; right below the one that
// is looked at, it names none above it.
func columns(c *page.Ctx, at id.ID, o org.Org, names map[id.ID]string) map[string]string {
	above := names[o.Parent]
	if o.Parent == at {
		above = ""
	}
	return map[string]string{"type": c.T(o.Type().Label()), "name": o.Name, "parent": above, "area": o.Area.String(),
		"credit_code": o.CreditCode, "address": o.Address, "about": o.About}
}

func areaNames(c *page.Ctx, orgs []org.Org) (map[area.Code]string, error) {
	codes := make([]area.Code, len(orgs))
	for i, o := range orgs {
		codes[i] = o.Area
	}
	return area.Names(c, c.DB, codes)
}

// crumbs lead from the top down to an organisation; those that the reader does not reach are
// names only. The last is no link, it is where she is.
func crumbs(c *page.Ctx, at id.ID, href string) ([]ui.Link, error) {
	steps, err := org.Path(c, c.DB, at)
	if err != nil {
		return nil, err
	}
	links, seated := make([]ui.Link, len(steps)), false
	for i, s := range steps {
		seated = seated || c.Actor.IsSystem() || holdsDesk(c.Actor, s.ID)
		links[i].Label = s.Name
		if seated && i < len(steps)-1 {
			links[i].Href = href + string(s.ID)
		}
	}
	return links, nil
}

// holdsDesk says whether the actor has a desk role at that very organisation.
func holdsDesk(a auth.Actor, at id.ID) bool {
	for _, g := range a.Grants {
		if g.Org == at && g.Role.Staff() {
			return true
		}
	}
	return false
}

func browseTitle(ctx context.Context, b branch) string {
	if b.At.Name == "" {
		return ui.T(ctx, "orgs.title")
	}
	return b.At.Name
}
