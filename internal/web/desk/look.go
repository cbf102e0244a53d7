package desk

import (
	"context"
	"net/url"
	"strconv"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/report/figure"
	"tongxin/internal/report/progress"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
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

	drawn   *drawing // of the outlines, kept for a while
	drawnAt time.Time
	kept    slow
	keptAt  time.Time // by the machine's clock
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
	Reports figure.Complete // of those who are to report
	Trend   trend
	Units   ranking
	Map     tileMap
	Needs   []page.Need
	News    []happening // of a wall

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

// look reckons the board. All its figures are of one moment, and all who look at that moment have them.
func (e *eye) look(ctx context.Context) (board, error) {
	seq, _ := e.site.Figures.Seq()
	b, err := db.While(&e.site.Still, e.site.DB, e.key()+"|"+strconv.FormatInt(seq, 10), func() (board, error) { return e.reckon(ctx) })
	if fail.Key(err) == "figure.loading" {
		b, err = board{Now: e.site.DB.Now(), Loading: true}, nil
	}
	if err != nil {
		return b, err
	}
	b.eye = e
	return b, e.needs(ctx, &b)
}

// reckon is all of a board but what needs a hand.
func (e *eye) reckon(ctx context.Context) (board, error) {
	b := board{Now: e.site.DB.Now()}
	all, err := e.site.Figures.All(ctx, e.questions(b.Now))
	if err != nil {
		return b, err
	}
	b.Leads = e.leads(all[:leadAnswers], b.Now)
	if err := e.refresh(ctx, b.Now); err != nil {
		return b, err
	}
	b.Reports = e.kept.reports
	b.Trend = trendOf(all[leadAnswers], b.Now)
	if b.Units, err = e.rank(ctx, all[leadAnswers+1]); err != nil {
		return b, err
	}
	if b.Map, err = e.tiles(ctx, all[leadAnswers+2]); err != nil {
		return b, err
	}
	if e.face == wall {
		b.News, err = e.news(ctx, b.Now)
	}
	return b, err
}

// slow is what takes longer than figures do and is reckoned anew every other second only: the
// plans of all below and who has reported.
type slow struct {
	plans   progress.Overview
	reports figure.Complete
}

const slowEvery = 2 * time.Second

// refresh reckons what is slow, if it is not new. Plans are not for everybody.
func (e *eye) refresh(ctx context.Context, now time.Time) (err error) {
	if !e.keptAt.IsZero() && time.Since(e.keptAt) < slowEvery {
		return nil
	}
	var s slow
	if s.reports, err = e.site.Figures.Completeness(ctx, e.site.DB, e.campaign.ID, e.org.ID, figure.AsOf{}); err != nil {
		return err
	}
	if e.face != public {
		if s.plans, err = progress.Look(ctx, e.site.DB, e.site.Figures, e.org.ID, e.campaign.ID, now); err != nil {
			return err
		}
	}
	e.kept, e.keptAt = s, time.Now()
	return nil
}

// leadAnswers is how many of the answers are of the large figures.
const leadAnswers = 8

// questions are those of the large figures, each with what the day has added, of the trend,
// the ranking and the map.
func (e *eye) questions(now time.Time) []figure.Query {
	q := figure.Query{Org: e.org.ID, Campaign: e.campaign.ID}
	today, midnight := db.Day(now), i18n.Midnight(now).Add(-time.Millisecond)
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

func firstDay(now time.Time) string {
	return i18n.Midnight(now).AddDate(0, 0, 1-trendDays).Format(time.DateOnly)
}

// leads put the answers to the first questions together, two by two.
func (e *eye) leads(all []figure.Answer, now time.Time) []lead {
	var leads []lead
	for i := 0; i < len(all); i += 2 {
		l := lead{Public: figure.Public{Answer: all[i]}, Sub: "desk.today_new", SubValue: all[i].Value - all[i+1].Value}
		l.SubHref = e.figureHref(l.Indicator.Key, "since", db.Day(now))
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

// needs asks the other areas what asks for a hand. Everybody else is not asked.
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
