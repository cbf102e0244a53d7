package desk

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/report/figure"
	"tongxin/internal/report/live"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/org"
)

// asked is what the address says about what to look at.
type asked struct {
	Org      id.ID `form:"org"`
	Campaign int64 `form:"campaign"`
}

// Overview is how things stand at an organisation that the reader reaches, kept up to date.
func Overview(c *page.Ctx) error {
	e, err := staffEye(c)
	if err != nil {
		return err
	}
	b, err := e.look(c)
	if err != nil {
		return err
	}
	if err := b.choices(c); err != nil {
		return err
	}
	return c.Render(overviewPage(b))
}

// Live keeps the overview up to date.
func Live(c *page.Ctx) error {
	e, err := staffEye(c)
	if err != nil {
		return err
	}
	return c.Stream(e.key(), func() error { return stillStaff(c, e.org.ID) }, e.parts)
}

// stillStaff asks anew who the reader is and whether she reaches the organisation.
func stillStaff(c *page.Ctx, at id.ID) error {
	v, err := c.Authenticate(c.R)
	if err != nil {
		return err
	}
	return org.Permit(c, c.DB, v.Actor, at)
}

func staffEye(c *page.Ctx) (*eye, error) {
	in, err := page.Bind[asked](c)
	if err != nil {
		return nil, err
	}
	q := figure.Query{Org: in.Org}
	if err := figure.Permit(c, c.DB, c.Actor, &q); err != nil {
		return nil, err
	}
	return newEye(c, staff, q.Org, in.Campaign)
}

func newEye(c *page.Ctx, f face, at id.ID, of int64) (e *eye, err error) {
	e = &eye{site: c.Site, face: f, lang: c.Lang}
	if f == staff {
		e.actor = c.Actor
	}
	if e.org, err = org.Get(c, c.DB, at); err != nil {
		return nil, err
	}
	if of != 0 {
		e.campaign, err = campaign.Get(c, c.DB, of)
	}
	return e, err
}

// key names what the eye sees: what staff see depends on who they are.
func (e *eye) key() string {
	return strings.Join([]string{"desk", string(e.face), e.lang, string(e.org.ID), strconv.FormatInt(e.campaign.ID, 10), string(e.actor.Person)}, "|")
}

// parts draws all that may change.
func (e *eye) parts(ctx context.Context) (live.Parts, error) {
	b, err := e.look(ctx)
	if err == nil && b.Loading {
		err = fail.New(fail.Unavailable, "figure.loading", "percent", 0)
	}
	if err != nil {
		return nil, err
	}
	drawn := live.Parts{}
	for name, t := range e.drawings(b) {
		if drawn[name], err = page.Part(ctx, e.lang, b.Now, t); err != nil {
			return nil, err
		}
	}
	return drawn, nil
}

func (e *eye) drawings(b board) map[string]templ.Component {
	if e.face == wall {
		return wallParts(b)
	}
	all := map[string]templ.Component{"leads": leadFigures(b), "trend": trendChart(b), "rank": rankTable(b), "map": areaMap(b)}
	if e.face == staff {
		all["needs"] = needList(b)
	}
	return all
}

// choices are what else the reader may look at.
func (b *board) choices(c *page.Ctx) error {
	seats, err := org.Seats(c, c.DB, c.Actor)
	if err != nil {
		return err
	}
	var ids []id.ID
	for _, s := range seats {
		ids = append(ids, s.Org)
	}
	names, err := org.Names(c, c.DB, ids)
	if err != nil {
		return err
	}
	if len(seats) > 1 {
		for _, s := range seats {
			b.Orgs = append(b.Orgs, ui.Option{Value: string(s.Org), Label: names[s.Org]})
		}
	}
	all, err := campaign.List(c, c.DB, b.org.ID)
	b.Campaigns = []ui.Option{{Label: c.T("desk.any_campaign")}}
	for _, one := range all {
		b.Campaigns = append(b.Campaigns, ui.Option{Value: strconv.FormatInt(one.ID, 10), Label: one.Name})
	}
	return err
}

// title is the campaign, or the organisation.
func (b board) title(ctx context.Context) string {
	if b.campaign.ID != 0 {
		return b.campaign.Name
	}
	if b.face != staff {
		return ui.T(ctx, "desk.public_title")
	}
	return ui.T(ctx, "desk.title")
}

// screenHref is the same on a wall.
func (b board) screenHref() string {
	return "/screen?org=" + string(b.org.ID) + "&campaign=" + strconv.FormatInt(b.campaign.ID, 10)
}

// under is what stands below the title: the organisation, and the day of the campaign.
func (b board) under(ctx context.Context) string {
	if b.campaign.ID == 0 {
		return b.org.Name
	}
	first, err := time.ParseInLocation(time.DateOnly, b.campaign.FromDay, i18n.Zone())
	if err != nil || b.Now.Before(first) {
		return b.org.Name
	}
	return b.org.Name + " · " + ui.T(ctx, "desk.day_n", "n", int(i18n.Midnight(b.Now).Sub(first).Hours()/24)+1)
}

// streamHref is where the page's events come from.
func (b board) streamHref() string {
	href := map[face]string{staff: "/desk/overview/live", public: "/overview/live"}[b.face]
	return href + "?org=" + string(b.org.ID) + "&campaign=" + strconv.FormatInt(b.campaign.ID, 10)
}

func today(now time.Time) string { return db.Day(now) }

// change is what the day has added to a figure, with its sign where it fell.
func change(lang string, l lead) string {
	number, _ := figure.Screen(lang, l.Indicator.Unit, l.SubValue)
	return number
}

// rankHead and rankAside say what the ranking measures by.
func rankHead(ctx context.Context, b board) string {
	if b.Units.Planned {
		return ui.T(ctx, "desk.pace")
	}
	return ui.T(ctx, "desk.gap")
}

func rankAside(ctx context.Context, b board) string {
	if b.Units.Planned {
		return ui.T(ctx, "desk.pace_aside")
	}
	return ui.T(ctx, "desk.rank_aside")
}

// percent writes ten-thousandths as whole percent, rounded down.
func percent(n int64) string { return i18n.Number(n/100) + "%" }

// reportedText is how many have reported of those who are to: 1,391/1,394 and the share, rounded down.
func reportedText(b board) string {
	share := b.Reports.Share()
	return i18n.T(b.lang, "desk.reported", "n", i18n.Number(b.Reports.Reported), "of", i18n.Number(b.Reports.Expected),
		"share", fmt.Sprintf("%d.%d", share/100, share/10%10))
}

// share is a part of a whole in percent.
func share(part, whole int64) int {
	if whole == 0 {
		return 0
	}
	return int(part * 100 / whole)
}

func joinList(lang string, words []string) string {
	return strings.Join(words, i18n.T(lang, "desk.list_sep"))
}

// unitHref opens the figure of the ranking for one unit.
func (b board) unitHref(unit id.ID) string { return b.figureHref(held, "org", string(unit)) }

// areaHref opens the figure of the map for one division.
func (b board) areaHref(t tile) string { return b.figureHref(held, "area", t.Code.String()) }

func shadeClass(n int) string { return "m" + strconv.Itoa(n) }
