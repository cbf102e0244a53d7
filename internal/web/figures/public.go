package figures

import (
	"context"
	"strings"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/report/figure"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org"
	"tongxin/internal/work/roster"
)

// opened is one figure opened for everybody.
type opened struct {
	figure.Public
	Query   figure.Query
	Scope   []string
	Units   figure.Public // of a figure about persons: whom they served for, in the place of the persons
	Entries []publicLine
	Next    string
}

// publicLine is an activity, a shift or an organisation that a figure counts.
type publicLine struct{ Name, About, Href string }

// publicSplits are the ways in which everybody may split a figure.
var publicSplits = []figure.By{figure.ByOrg, figure.ByUnit, figure.ByArea, figure.ByDay, figure.ByWeek, figure.ByService}

// Public opens a figure for everybody. It ends at activities and organisations: there are no
// persons on it, and what fewer than five of them stand behind is merged.
func Public(c *page.Ctx) error {
	q, err := figure.Parse(c, c.DB, c.Path("key"), figure.Words{Org: c.Query("org"), Unit: c.Query("unit"), Area: c.Query("area"),
		Campaign: c.Query("campaign"), Service: c.Query("service"), From: c.Query("from"), To: c.Query("to"), Since: c.Query("since"), By: c.Query("by")})
	if err != nil {
		return err
	}
	o := opened{Query: q}
	if o.Public, err = c.Figures.Public(c, q); err != nil {
		return err
	}
	switch {
	case !figure.Personal(o.Indicator):
		err = o.count(c)
	case q.Since == (figure.AsOf{}):
		by := q
		by.By = figure.ByUnit
		o.Units, err = c.Figures.Public(c, by)
	}
	if err != nil {
		return err
	}
	if o.Scope, err = scope(c, q); err != nil {
		return err
	}
	return c.Render(publicPage(o))
}

// count lists what a figure counts that is about no person.
func (o *opened) count(c *page.Ctx) error {
	q := o.Query
	if o.Seq > 0 {
		q.AsOf = figure.AsOf{Seq: o.Seq}
	}
	p, err := c.Figures.Entries(c, q, c.Query("after"), perPage)
	if err != nil {
		return err
	}
	o.Next = p.Next
	for _, e := range p.Entries {
		l, err := publicLineOf(c, o.Indicator, e)
		if err != nil {
			return err
		}
		o.Entries = append(o.Entries, l)
	}
	return nil
}

// publicLineOf names the record behind an entry; what is not there any more, or not for
// everybody, is named by the day on which it counts.
func publicLineOf(c *page.Ctx, i *ledger.Indicator, e figure.Entry) (l publicLine, err error) {
	subject, key := e.ID, ""
	if e.Fact != nil {
		subject, key, l.About = e.Fact.Subject, e.Fact.Key, e.Fact.Day
	} else if e.Of == ledger.Subjects {
		key = i.Kinds[0].Key
	}
	switch owner, _, _ := strings.Cut(key, "."); owner {
	case "activity":
		a, err := activity.Get(c, c.DB, subject)
		l.Name, l.Href = a.Title, "/activities/"+string(subject)
		return l, there(err)
	case "roster":
		s, err := roster.Get(c, c.DB, subject)
		l.Name, l.Href = s.Activity.Title+" · "+s.PostName, "/shifts/"+string(subject)
		return l, there(err)
	}
	names, err := org.Names(c, c.DB, []id.ID{subject})
	l.Name, l.Href = names[subject], "/orgs/"+string(subject)
	return l, err
}

func there(err error) error {
	if fail.KindOf(err) == fail.NotFound {
		return nil
	}
	return err
}

// fig is the value, or that too few persons stand behind it.
func (o opened) fig(ctx context.Context) ui.Fig {
	f := ui.Fig{Label: ui.T(ctx, "figures.value"), Value: value(ctx, o.Indicator, o.Value), Unit: unit(ctx, o.Indicator)}
	if o.Hidden {
		f.Value, f.Unit = ui.T(ctx, "figures.few", "n", figure.Few), ""
	}
	return f
}

// ratio are what is divided and by what.
func (o opened) ratio() []figure.Answer {
	if o.Indicator.Measure != ledger.Ratio {
		return nil
	}
	return o.Parts
}

// tabs are the ways to split the figure.
func (o opened) tabs(ctx context.Context) []ui.Link {
	links := []ui.Link{{Href: ui.Here(ctx, "by", ""), Label: ui.T(ctx, "figures.by.none"), On: o.Query.By == figure.Whole}}
	for _, by := range publicSplits {
		links = append(links, ui.Link{Href: ui.Here(ctx, "by", string(by)), Label: ui.T(ctx, "figures.by."+string(by)), On: o.Query.By == by})
	}
	return links
}

// narrowed is the address of the same figure for one of its parts.
func (o opened) narrowed(ctx context.Context, part figure.Split) string {
	return shown{Answer: o.Answer, Query: o.Query}.narrowed(ctx, part)
}

// activitiesHref is where the activities of the same scope are listed.
func activitiesHref(ctx context.Context) string {
	return "/figures/activities_held" + query(ctx)
}
