package search

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/search"
	"tongxin/internal/report/article"
	"tongxin/internal/report/experience"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
)

// question is what is typed, and of one kind alone the page.
type question struct {
	Text  string      `form:"q" max:"60"`
	Kind  search.Kind `form:"kind" max:"20"`
	After string      `form:"after" max:"60"`
}

// group is what was found of a kind.
type group struct {
	Kind search.Kind
	Rows []row
	More string // where more of it is
}

// row is one record.
type row struct{ Href, Title, About string }

// results is a page of what was found.
type results struct {
	question
	Groups []group
	People []row
	Desk   bool   // what is typed stands in no address
	Next   string // of one kind
}

// none says that something was asked for and nothing found.
func (r results) none() bool {
	return strings.TrimSpace(r.Text) != "" && len(r.Groups) == 0 && len(r.People) == 0
}

// How many of each kind the page shows, and how many where it is one kind alone.
const (
	some = 6
	full = 20
)

// Show finds for everybody.
func Show(c *page.Ctx) error {
	in, err := page.Bind[question](c)
	if err != nil {
		return err
	}
	r, err := find(c, in, search.Kinds())
	if err != nil {
		return err
	}
	return c.Render(searchPage(r))
}

// Desk finds for staff.
func Desk(c *page.Ctx) error {
	in, err := page.Bind[question](c)
	if err != nil {
		return err
	}
	r, err := find(c, in, append(search.Kinds(), search.Experiences))
	if err != nil {
		return err
	}
	r.Desk = true
	if err := r.persons(c); err != nil {
		return err
	}
	return c.Render(deskPage(r))
}

// find looks among some kinds, or among one of them that was asked for.
func find(c *page.Ctx, in question, kinds []search.Kind) (r results, err error) {
	r.question = in
	most := some
	if in.Kind != "" {
		if !slices.Contains(kinds, in.Kind) {
			return r, fail.New(fail.NotFound, "web.no_such_page")
		}
		kinds, most = []search.Kind{in.Kind}, full
	}
	for _, kind := range kinds {
		f, err := search.Find(c, c.DB, kind, in.Text, in.After, most)
		if err != nil {
			return r, err
		}
		g := group{Kind: kind}
		if g.Rows, err = rows(c, kind, f.IDs); err != nil {
			return r, err
		}
		switch {
		case f.Next == "":
		case in.Kind != "":
			r.Next = f.Next
		default:
			g.More = "/search?" + url.Values{"q": {in.Text}, "kind": {string(kind)}}.Encode()
		}
		if len(g.Rows) > 0 {
			r.Groups = append(r.Groups, g)
		}
	}
	return r, nil
}

func rows(c *page.Ctx, kind search.Kind, ids []id.ID) (all []row, err error) {
	describe := map[search.Kind]func(context.Context, db.Reader, id.ID) (row, error){search.Activities: activityRow, search.Articles: articleRow, search.Experiences: experienceRow,
		search.Organisations: orgRow}[kind]
	if describe == nil {
		return nil, fail.New(fail.NotFound, "web.no_such_page")
	}
	for _, at := range ids {
		one, err := describe(c, c.DB, at)
		if err != nil {
			return nil, err
		}
		all = append(all, one)
	}
	return all, nil
}

func activityRow(ctx context.Context, r db.Reader, at id.ID) (row, error) {
	a, err := activity.Get(ctx, r, at)
	if err != nil {
		return row{}, err
	}
	about := []string{ui.T(ctx, "activities.phase."+string(a.Phase(ui.Now(ctx)))), i18n.DayNear(ui.Lang(ctx), ui.Now(ctx), db.Time(a.Starts)), a.Place}
	return row{"/activities/" + string(at), a.Title, strings.Join(about, " · ")}, nil
}

func articleRow(ctx context.Context, r db.Reader, at id.ID) (row, error) {
	a, err := article.Get(ctx, r, at)
	if err != nil {
		return row{}, err
	}
	names, err := org.Names(ctx, r, []id.ID{a.Org})
	return row{"/articles/" + string(at), a.Shown.Title, names[a.Org] + " · " + i18n.Day(ui.Lang(ctx), db.Time(a.Published))}, err
}

func experienceRow(ctx context.Context, r db.Reader, at id.ID) (row, error) {
	e, err := experience.Get(ctx, r, at)
	if err != nil {
		return row{}, err
	}
	names, err := org.Names(ctx, r, []id.ID{e.Org})
	return row{"/desk/experiences/" + string(at), e.Title, e.Theme + " · " + names[e.Org]}, err
}

func orgRow(ctx context.Context, r db.Reader, at id.ID) (row, error) {
	path, err := org.Path(ctx, r, at)
	if err != nil || len(path) == 0 {
		return row{}, err
	}
	var above []string
	for _, step := range path[:len(path)-1] {
		above = append(above, step.Name)
	}
	return row{"/orgs/" + string(at), path[len(path)-1].Name, strings.Join(above, " / ")}, nil
}

// readers are who may find volunteers.
var readers = []auth.Role{auth.Leader, auth.Admin, auth.Reviewer, auth.Supervisor}

// persons finds volunteers within the reader's reach, masked.
func (r *results) persons(c *page.Ctx) error {
	seats, err := org.Seats(c, c.DB, c.Actor, readers...)
	if err != nil || len(seats) == 0 {
		return err
	}
	if strings.TrimSpace(r.Text) == "" || r.Kind != "" {
		return nil
	}
	for _, s := range seats {
		l, err := people.Find(c, c.DB, c.Keys, c.Actor, people.Filter{Org: s.Org, Query: r.Text, Limit: some})
		if fail.KindOf(err) == fail.Invalid {
			return nil // what is no name and no number is nobody's
		}
		if err != nil {
			return err
		}
		for _, p := range l.People {
			if err := r.person(c, p); err != nil {
				return err
			}
		}
	}
	return nil
}

// person adds one, unless another of the reader's organisations has her too.
func (r *results) person(c *page.Ctx, p people.Person) error {
	href := "/desk/people/" + string(p.ID)
	for _, one := range r.People {
		if one.Href == href {
			return nil
		}
	}
	name, err := p.Open(c.Keys, people.FieldName)
	if err != nil {
		return err
	}
	r.People = append(r.People, row{href, people.Mask(people.FieldName, name), p.No})
	return nil
}
