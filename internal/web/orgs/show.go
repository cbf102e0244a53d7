package orgs

import (
	"context"
	"strings"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/report/figure"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/area"
	"tongxin/internal/work/org"
)

// sheet is one organisation as the desk sees it.
type sheet struct {
	org.Org
	Path      []ui.Link
	Place     string // the way down from the province
	Stays     []org.Stay
	Areas     map[area.Code]string // of the stays
	Below     []org.Tally          // right under it
	Figs      []ui.Fig             // of it and all below it
	Edits     bool                 // the reader may change what it says about itself
	Steers    bool                 // and rename, move, trust and close it
	Decides   bool                 // and decide on its registration
	Forbidden string               // why she may not
	Asks      bool                 // she reviews here, so she may ask for the telephone number
	Phone     string               // of the person to ask, once she gave a purpose
	Heir      string               // the name of what it was merged into
}

// Show is one organisation at the desk.
func Show(c *page.Ctx) error {
	s, err := read(c)
	if err != nil {
		return err
	}
	return c.Render(showPage(s))
}

// in is the organisation in the URL, which the reader must reach.
func in(c *page.Ctx) (org.Org, error) {
	at, err := id.Parse(c.Path("id"))
	if err != nil {
		return org.Org{}, err
	}
	if err := org.Permit(c, c.DB, c.Actor, at); err != nil {
		return org.Org{}, err
	}
	return org.Get(c, c.DB, at)
}

func read(c *page.Ctx) (s sheet, err error) {
	if s.Org, err = in(c); err != nil {
		return s, err
	}
	if s.Path, err = crumbs(c, s.ID, "/desk/orgs/"); err != nil {
		return s, err
	}
	if s.Place, err = placeOf(c, s.Area); err != nil {
		return s, err
	}
	if s.Below, err = org.Count(c, c.DB, org.Filter{Under: s.ID, Direct: true}); err != nil {
		return s, err
	}
	if s.Successor != "" {
		heir, err := org.Get(c, c.DB, s.Successor)
		if err != nil {
			return s, err
		}
		s.Heir = heir.Name
	}
	if s.Position != 0 {
		if s.Figs, err = c.Figs(figure.Query{Org: s.ID}, true, "volunteers_taking_part", "activities_held", "turns", "minutes"); err != nil {
			return s, err
		}
	}
	if err = s.history(c); err != nil {
		return s, err
	}
	return s, s.mayDo(c)
}

func (s *sheet) history(c *page.Ctx) (err error) {
	if s.Stays, err = org.History(c, c.DB, s.ID); err != nil {
		return err
	}
	var codes []area.Code
	for _, stay := range s.Stays {
		codes = append(codes, stay.Area)
	}
	s.Areas, err = area.Names(c, c.DB, codes)
	return err
}

// mayDo asks what the reader may do here, so that the page offers nothing else.
func (s *sheet) mayDo(c *page.Ctx) (err error) {
	if s.Asks, err = org.Reaches(c, c.DB, c.Actor, s.ID, auth.Admin, auth.Reviewer); err != nil {
		return err
	}
	if s.State == org.Pending {
		err := org.MayDecide(c, c.DB, c.Actor, s.ID)
		s.Decides = err == nil
		if s.Asks && fail.KindOf(err) == fail.Forbidden {
			s.Forbidden = i18n.Message(c.Lang, err)
		}
		if fail.KindOf(err) == fail.Forbidden {
			err = nil
		}
		return err
	}
	if !s.Alive() {
		return nil
	}
	if s.Edits, err = org.Reaches(c, c.DB, c.Actor, s.ID, auth.Admin); err != nil || !s.Edits {
		return err
	}
	over := s.Parent
	if over == "" {
		over = s.ID
	}
	s.Steers, err = org.Reaches(c, c.DB, c.Actor, over, auth.Admin)
	return err
}

// placeOf spells a place from the province down.
func placeOf(c *page.Ctx, at area.Code) (string, error) {
	path, err := area.Path(c, c.DB, at)
	if fail.KindOf(err) == fail.NotFound {
		return at.String(), nil
	}
	names := make([]string, len(path))
	for i, a := range path {
		names[i] = a.Name
	}
	return strings.Join(names, " "), err
}

// purpose is why somebody asks for a telephone number.
type purpose struct {
	Purpose string `form:"purpose"`
}

// ReadContact shows the telephone number of the person to ask, for a purpose that the audit
// trail keeps. Asking again is a second look, and a second entry.
func ReadContact(c *page.Ctx) error {
	s, err := read(c)
	if err != nil {
		return err
	}
	p, err := page.Bind[purpose](c)
	if err == nil {
		err = c.DB.Write(c, func(tx *db.Tx) (err error) {
			s.Phone, err = org.Contact(c, tx, c.Keys, c.Actor, s.ID, p.Purpose)
			return err
		})
	}
	if err != nil {
		return c.Retry(err, showPage(s))
	}
	return c.Render(showPage(s))
}

// stateTag is how a state looks.
func stateTag(s org.State) string {
	switch s {
	case org.Approved:
		return "ok"
	case org.Pending:
		return "warn"
	case org.Returned:
		return "red"
	}
	return "line"
}

// stayed spells from when to when an organisation stood somewhere.
func stayed(ctx context.Context, s org.Stay) string {
	from := i18n.DayOf(ui.Lang(ctx), s.From)
	if s.To == "" {
		return ui.T(ctx, "orgs.since", "day", from)
	}
	return ui.T(ctx, "orgs.from_to", "from", from, "to", i18n.DayOf(ui.Lang(ctx), s.To))
}

// belowText says what hangs right under an organisation, by type.
func belowText(ctx context.Context, tallies []org.Tally) string {
	var parts []string
	for _, t := range org.Types() {
		for _, n := range tallies {
			if org.TypeOf(n.Kind, n.Tier) == t {
				parts = append(parts, ui.T(ctx, t.Label())+" "+i18n.Number(n.N))
			}
		}
	}
	return strings.Join(parts, " · ")
}

// dash stands where there is nothing to say.
func dash(s string) string {
	if s == "" {
		return "—"
	}
	return s
}
