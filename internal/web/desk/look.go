package desk

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strconv"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/report/figure"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/area"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/org"
)

// face is for whom a board is drawn.
type face string

const (
	staff  face = "desk"
	public face = "public" // everybody: masked
	wall   face = "wall"   // a screen that nobody operates
)

// eye looks at one organisation, and perhaps one campaign, for a reader. It outlives requests.
type eye struct {
	site     *page.Site
	face     face
	actor    auth.Actor
	lang     string
	org      org.Org
	campaign campaign.Campaign // none: all that was done
}

// The indicators of the board.
const (
	volunteers = "volunteers_taking_part"
	orgs       = "orgs_taking_part"
	held       = "activities_held"
	minutes    = "minutes"
)

// trendDays is how many days the trend shows.
const trendDays = 32

// board is what an eye sees.
type board struct {
	*eye
	Now     time.Time
	Loading bool
	Leads   []lead
	Trend   trend
	Units   ranking
	Map     tileMap
	Needs   []page.Need

	Orgs, Campaigns []ui.Option // that may be chosen
}

// lead is one of the large figures.
type lead struct {
	figure.Public
	Sub      string // what is said below it
	SubValue int64
	SubHref  string
	Hidden   bool // what is said below is about too few persons
}

// look reckons the board. All its figures are of one moment.
func (e *eye) look(ctx context.Context) (board, error) {
	b := board{eye: e, Now: e.site.DB.Now()}
	all, err := e.site.Figures.All(ctx, e.questions(b.Now))
	if fail.Key(err) == "figure.loading" {
		b.Loading = true
		return b, e.needs(ctx, &b)
	}
	if err != nil {
		return b, err
	}
	b.Leads = e.leads(all[:leadAnswers], b.Now)
	b.Trend = trendOf(all[leadAnswers], b.Now)
	if b.Units, err = e.rank(ctx, all[leadAnswers+1]); err != nil {
		return b, err
	}
	if b.Map, err = e.tiles(ctx, all[leadAnswers+2]); err != nil {
		return b, err
	}
	return b, e.needs(ctx, &b)
}

// leadAnswers is how many of the answers are of the large figures.
const leadAnswers = 8

// questions are those of the large figures, each with what the day has added, of the trend,
// the ranking and the map.
func (e *eye) questions(now time.Time) []figure.Query {
	q := figure.Query{Org: e.org.ID, Campaign: e.campaign.ID}
	today, midnight := db.Day(now), midnight(now).Add(-time.Millisecond)
	of := func(key string, change func(*figure.Query)) figure.Query {
		one := q
		one.Indicator = key
		if change != nil {
			change(&one)
		}
		return one
	}
	before := func(q *figure.Query) { q.AsOf.Time = midnight }
	onDay := func(q *figure.Query) { q.From, q.To = today, today }
	return []figure.Query{
		of(volunteers, nil), of(volunteers, before),
		of(orgs, nil), of(orgs, onDay),
		of(held, nil), of(held, before),
		of(minutes, nil), of(minutes, before),
		of(held, func(q *figure.Query) { q.By, q.From, q.To = figure.ByDay, firstDay(now), today }),
		of(held, func(q *figure.Query) { q.By = figure.ByOrg }),
		of(held, func(q *figure.Query) { q.By, q.Area = figure.ByArea, e.org.Area }),
	}
}

func midnight(now time.Time) time.Time {
	y, m, d := now.In(i18n.Zone()).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, i18n.Zone())
}

func firstDay(now time.Time) string {
	return midnight(now).AddDate(0, 0, 1-trendDays).Format(time.DateOnly)
}

// leads put the answers to the first questions together, two by two.
func (e *eye) leads(all []figure.Answer, now time.Time) []lead {
	var leads []lead
	for i := 0; i < len(all); i += 2 {
		l := lead{Public: figure.Public{Answer: all[i]}, Sub: "desk.today_new", SubValue: all[i].Value - all[i+1].Value}
		if all[i].Indicator.Key == orgs {
			l.Sub, l.SubValue = "desk.today_active", all[i+1].Value
			l.SubHref = e.figureHref(orgs, "from", db.Day(now), "to", db.Day(now))
		}
		if e.face != staff {
			l.mask(all[0].Value, all[0].Value-all[1].Value)
		}
		leads = append(leads, l)
	}
	return leads
}

// mask hides what fewer persons than may be told of stand behind, in all and today.
func (l *lead) mask(persons, newcomers int64) {
	if !figure.Personal(l.Indicator) {
		return
	}
	l.Public.Hidden = persons > 0 && persons < figure.Few
	l.Hidden = l.Public.Hidden || newcomers > 0 && newcomers < figure.Few
}

// figureHref is the address where a figure of the board opens.
func (e *eye) figureHref(key string, pairs ...string) string {
	q := url.Values{}
	q.Set("org", string(e.org.ID))
	if e.campaign.ID != 0 {
		q.Set("campaign", strconv.FormatInt(e.campaign.ID, 10))
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		q.Set(pairs[i], pairs[i+1])
	}
	if e.face == staff {
		return "/desk/figures/" + key + "?" + q.Encode()
	}
	return "/figures/" + key + "?" + q.Encode()
}

// boardHref is the board of another organisation, for the same reader.
func (e *eye) boardHref(of id.ID) string {
	q := url.Values{}
	q.Set("org", string(of))
	if e.campaign.ID != 0 {
		q.Set("campaign", strconv.FormatInt(e.campaign.ID, 10))
	}
	if e.face == staff {
		return "/desk/overview?" + q.Encode()
	}
	return "/overview?" + q.Encode()
}

// needs asks the other areas what asks for a hand; nobody else does.
func (e *eye) needs(ctx context.Context, b *board) (err error) {
	if e.face == public {
		return nil
	}
	b.Needs, err = e.site.NeedsOf(ctx, page.Asked{Org: e.org.ID, Campaign: e.campaign.ID, Actor: e.actor, Lang: e.lang, Now: b.Now})
	if n, ok := b.behind(); ok {
		b.Needs = append(b.Needs, n)
	}
	return err
}

// ranking is the units right below, the ones that did most first.
type ranking struct {
	Rows    []ranked
	Average int64 // in hundredths
	Most    int64
}

// ranked is one unit.
type ranked struct {
	Place int
	ID    id.ID
	Name  string // short: of its place, where it stands for one
	Full  string
	Value int64
	Gap   int64 // to the average, rounded up; 0: none
	Lags  bool  // more than a fifth behind it
}

// shownEnds is how many of the first and of the last units are shown where there are many.
const shownEnds = 6

// mostBelow is more units than stand right below any organisation.
const mostBelow = 500

// rank puts the units below in order, those that did nothing included.
func (e *eye) rank(ctx context.Context, by figure.Answer) (r ranking, err error) {
	below, _, err := org.List(ctx, e.site.DB, org.Filter{Under: e.org.ID, Direct: true, Kind: org.Practice, Limit: mostBelow})
	if err == nil && len(below) == 0 {
		below, _, err = org.List(ctx, e.site.DB, org.Filter{Under: e.org.ID, Direct: true, Limit: mostBelow})
	}
	if err != nil || len(below) == 0 {
		return r, err
	}
	names, err := e.shortNames(ctx, below)
	if err != nil {
		return r, err
	}
	values := map[string]int64{}
	for _, s := range by.Splits {
		values[s.Key] = s.Value
	}
	sum := int64(0)
	for _, o := range below {
		v := values[string(o.ID)]
		sum, r.Most = sum+v, max(r.Most, v)
		r.Rows = append(r.Rows, ranked{ID: o.ID, Name: names[o.ID], Full: o.Name, Value: v})
	}
	slices.SortStableFunc(r.Rows, func(a, b ranked) int { return cmp.Compare(b.Value, a.Value) })
	r.Average = sum * 100 / int64(len(below))
	r.measure()
	return r, nil
}

// shortNames call the centres, institutes and stations by their places, others by their names.
func (e *eye) shortNames(ctx context.Context, all []org.Org) (map[id.ID]string, error) {
	codes := make([]area.Code, len(all))
	for i, o := range all {
		codes[i] = o.Area
	}
	places, err := area.Names(ctx, e.site.DB, codes)
	names := map[id.ID]string{}
	for _, o := range all {
		if names[o.ID] = o.Name; o.Kind == org.Practice && o.Tier != org.Point && places[o.Area] != "" && o.Area != e.org.Area {
			names[o.ID] = places[o.Area]
		}
	}
	return names, err
}

// measure holds each unit against the average, and leaves out the middle.
func (r *ranking) measure() {
	for i := range r.Rows {
		u := &r.Rows[i]
		u.Place = i + 1
		if u.Value*100 < r.Average {
			u.Gap = (r.Average - u.Value*100 + 99) / 100
			u.Lags = u.Value*100 < r.Average*4/5
		}
	}
}

// shown are the rows to show: all, or the first and the last.
func (r ranking) shown() (first, last []ranked) {
	if len(r.Rows) <= 2*shownEnds {
		return r.Rows, nil
	}
	return r.Rows[:shownEnds], r.Rows[len(r.Rows)-shownEnds:]
}

// laggards are those that are behind, the farthest last.
func (r ranking) laggards() []ranked {
	return slices.DeleteFunc(slices.Clone(r.Rows), func(u ranked) bool { return !u.Lags })
}

// behind is the need that the ranking itself shows.
func (b board) behind() (n page.Need, ok bool) {
	lag := b.Units.laggards()
	if len(lag) == 0 {
		return n, false
	}
	slices.Reverse(lag)
	var names []string
	for _, u := range lag[:min(3, len(lag))] {
		names = append(names, i18n.T(b.lang, "desk.behind_one", "name", u.Name, "gap", u.Gap))
	}
	return page.Need{Title: i18n.T(b.lang, "desk.behind", "n", len(lag)), Text: joinList(b.lang, names),
		Href: b.figureHref(held, "by", "org"), Do: i18n.T(b.lang, "desk.behind_do")}, true
}
