package bulletin

import (
	"context"
	"strings"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/report/figure"
	"tongxin/internal/report/progress"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/area"
	"tongxin/internal/work/callup"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/org"
)

// writer fills the slots of a template.
type writer struct {
	ctx      context.Context
	r        db.Reader
	e        *figure.Engine
	ask      Ask
	org      org.Org
	campaign string
	today    string
	said     map[string]string // words, each read once
	services map[string]int64
}

func newWriter(ctx context.Context, r db.Reader, e *figure.Engine, a Ask) (*writer, error) {
	w := &writer{ctx: ctx, r: r, e: e, ask: a, said: map[string]string{}}
	var err error
	if w.org, err = org.Get(ctx, r, a.Org); err != nil {
		return nil, err
	}
	if a.Campaign != 0 {
		c, err := campaign.Get(ctx, r, a.Campaign)
		if err != nil {
			return nil, err
		}
		w.campaign = c.Name
	}
	// one moment for the whole text
	now, err := e.Freeze(ctx, w.query("activities_held", false))
	w.ask.AsOf, w.today = figure.AsOf{Seq: now.AsOf.Seq}, db.Day(now.Time)
	return w, err
}

// query is an indicator in the scope of the draft; after: over the days after its period.
func (w *writer) query(indicator string, after bool) figure.Query {
	q := figure.Query{Indicator: indicator, Org: w.ask.Org, Campaign: w.ask.Campaign, From: w.ask.From, To: w.ask.To, AsOf: w.ask.AsOf}
	if after {
		q.From, q.To = nextDay(w.ask.To), ""
	}
	return q
}

func dayOf(day string) (time.Time, error) {
	return time.ParseInLocation(time.DateOnly, day, i18n.Zone())
}

func nextDay(day string) string {
	at, err := dayOf(day)
	if err != nil {
		return ""
	}
	return db.Day(at.AddDate(0, 0, 1))
}

// slot fills one; false: there is nothing to say.
func (w *writer) slot(s slot) ([]Run, bool, error) {
	if s.word != "" {
		text, err := w.word(s.word)
		return []Run{{Text: text}}, text != "" || s.word == "incomplete", err
	}
	if s.after && w.ask.To == "" {
		return nil, false, nil
	}
	q := w.query(s.indicator.Key, s.after)
	if s.service != "" {
		n, err := w.service(s.service)
		if err != nil || n == 0 {
			return nil, false, err
		}
		q.Service = n
	}
	if s.by != "" {
		return w.list(s, q)
	}
	a, err := w.e.Printed(w.ctx, q)
	if err != nil || a.Hidden || a.Value < figure.Scale(s.indicator.Unit) {
		return nil, false, err
	}
	return []Run{w.figure(s, q, a.Value)}, true, nil
}

// figure binds a value and speaks it.
func (w *writer) figure(s slot, q figure.Query, value int64) Run {
	f := &Figure{Query: q, Measure: s.measure, Value: value}
	if s.indicator.Unit == "ratio" {
		f.Spoken = figure.Spoken{Form: figure.Exact, D: value}
	} else if s.round {
		f.Spoken = figure.Round(s.indicator.Unit, value)
	} else {
		f.Spoken = figure.Plain(s.indicator.Unit, value)
	}
	return Run{Text: f.Text(), Figure: f}
}

// Text is how the figure is written, with its measure word.
func (f Figure) Text() string {
	return f.Spoken.Say(i18n.Chinese, f.unit(), f.Measure)
}

// list fills a list: the largest parts of a figure, each with its own figure or by name alone.
func (w *writer) list(s slot, q figure.Query) (runs []Run, ok bool, err error) {
	q.By = s.by
	a, err := w.e.Printed(w.ctx, q)
	if err != nil || a.Hidden {
		return nil, false, err
	}
	n := 0
	for _, part := range a.Splits {
		if n == s.most {
			break
		}
		name, at, err := w.part(s.by, q, part)
		if err != nil {
			return nil, false, err
		}
		if name == "" || part.Value < figure.Scale(s.indicator.Unit) {
			continue
		}
		if n++; n > 1 {
			runs = append(runs, Run{Text: i18n.T(i18n.Chinese, "bulletin.and")})
		}
		runs = append(runs, Run{Text: name})
		if !s.names {
			runs = append(runs, w.figure(s, at, part.Value))
		}
	}
	return runs, n > 0, nil
}

// part is what a part of a figure is called, and the question that it answers; "": it is no
// part to speak of.
func (w *writer) part(by figure.By, q figure.Query, part figure.Split) (name string, at figure.Query, err error) {
	at = q
	at.By = figure.Whole
	switch by {
	case figure.ByService:
		at.Service, name = number(part.Key), part.Name
	case figure.ByCategory:
		at.Category, name = number(part.Key), part.Name
	case figure.ByOrg, figure.ByUnit:
		one, err := id.Parse(part.Key)
		if err != nil || one == w.ask.Org {
			return "", at, nil
		}
		o, err := org.Get(w.ctx, w.r, one)
		if err != nil {
			return "", at, err
		}
		if by == figure.ByUnit {
			if at.Unit = one; o.Kind == org.Practice {
				return "", at, nil
			}
			return o.Name, at, nil
		}
		at.Org = one
		name, err = placeOf(w.ctx, w.r, o)
		return name, at, err
	}
	if part.Key == "0" {
		name = ""
	}
	return name, at, nil
}

func number(key string) (n int64) {
	for _, c := range key {
		n = n*10 + int64(c-'0')
	}
	return n
}

// placeOf is what a text calls an organisation of the tree: its division; any other by name.
func placeOf(ctx context.Context, r db.Reader, o org.Org) (string, error) {
	if o.Kind != org.Practice || o.Tier == org.Point {
		return o.Name, nil
	}
	a, err := area.Get(ctx, r, o.Area)
	return a.Name, err
}

// service is the number of a kind of service by its short name; 0: there is none.
func (w *writer) service(slug string) (int64, error) {
	if w.services == nil {
		all, err := activity.Services(w.ctx, w.r)
		if err != nil {
			return 0, err
		}
		w.services = map[string]int64{}
		for _, s := range all {
			w.services[s.Slug] = s.ID
		}
	}
	return w.services[slug], nil
}

// word fills a slot that is no figure.
func (w *writer) word(key string) (text string, err error) {
	if text, ok := w.said[key]; ok {
		return text, nil
	}
	switch {
	case strings.HasPrefix(key, "appeal."):
		err = w.appeal()
	case strings.HasPrefix(key, "call."):
		err = w.call()
	default:
		w.said[key], err = w.plainWord(key)
	}
	return w.said[key], err
}

func (w *writer) plainWord(key string) (string, error) {
	switch key {
	case "org":
		return w.org.Name, nil
	case "place":
		return placeOf(w.ctx, w.r, w.org)
	case "whole":
		place, err := placeOf(w.ctx, w.r, w.org)
		return whole(place), err
	case "campaign":
		return quoted(w.campaign), nil
	case "from":
		return dayWord(w.ask.From), nil
	case "to":
		if w.ask.To == "" {
			return i18n.T(i18n.Chinese, "bulletin.by_now"), nil
		}
		return dayWord(w.ask.To), nil
	case "incomplete":
		c, err := w.e.Completeness(w.ctx, w.r, w.ask.Campaign, w.ask.Org, w.ask.AsOf)
		if err != nil || c.Whole() {
			return "", err
		}
		return i18n.T(i18n.Chinese, "bulletin.incomplete"), nil
	case "due":
		return w.due()
	}
	return "", nil
}

// whole is the word for all of a place, by what its name ends in.
func whole(place string) string {
	for _, end := range strings.Fields(i18n.T(i18n.Chinese, "bulletin.place_ends")) {
		if strings.HasSuffix(place, end) {
			return i18n.T(i18n.Chinese, "bulletin.whole", "kind", end)
		}
	}
	return i18n.T(i18n.Chinese, "bulletin.whole_none")
}

// quoted puts a campaign's name between quotation marks, if it has none of its own.
func quoted(name string) string {
	text := i18n.T(i18n.Chinese, "bulletin.quoted", "text", name)
	if name == "" || strings.ContainsRune(name, []rune(text)[0]) {
		return name
	}
	return text
}

// entitled puts a title between its marks, if it has none of its own.
func entitled(title string) string {
	text := i18n.T(i18n.Chinese, "bulletin.entitled", "text", title)
	if strings.ContainsRune(title, []rune(text)[0]) {
		return title
	}
	return text
}

func dayWord(day string) string {
	at, err := dayOf(day)
	if err != nil {
		return ""
	}
	return i18n.Day(i18n.Chinese, at)
}

// within says whether a moment is one of the draft's days.
func (w *writer) within(ms int64) bool {
	day := db.Day(db.Time(ms))
	return ms > 0 && (w.ask.From == "" || day >= w.ask.From) && (w.ask.To == "" || day <= w.ask.To)
}

// mostRead is how far back appeals and call-ups are looked at.
const mostRead = 50

// appeal reads the first appeal of the days, from the organisation itself if it made one.
func (w *writer) appeal() error {
	all, err := callup.AppealsFrom(w.ctx, w.r, w.org.Position, mostRead)
	best := -1
	for i, a := range all {
		if a.State != callup.Published || !w.within(a.Published) {
			continue
		}
		if best < 0 || ahead(a.Org == w.ask.Org, all[best].Org == w.ask.Org, a.Published, all[best].Published) {
			best = i
		}
	}
	if err != nil || best < 0 {
		w.say("appeal", "", "", "")
		return err
	}
	a := all[best]
	w.say("appeal", dayWord(db.Day(db.Time(a.Published))), a.OrgName, entitled(a.Title))
	return nil
}

// call reads the first call-up of the days in the campaign, drills apart.
func (w *writer) call() error {
	all, err := callup.From(w.ctx, w.r, w.org.Position, mostRead)
	best := -1
	for i, c := range all {
		if c.Issued == 0 || c.Drill || c.State == callup.Withdrawn || !w.within(c.Issued) {
			continue
		}
		in, err := w.inCampaign(c.Campaign)
		if err != nil {
			return err
		}
		if in && (best < 0 || ahead(c.Org == w.ask.Org, all[best].Org == w.ask.Org, c.Issued, all[best].Issued)) {
			best = i
		}
	}
	if err != nil || best < 0 {
		w.say("call", "", "", "")
		return err
	}
	c := all[best]
	day := dayWord(db.Day(db.Time(c.Issued)))
	appealed, err := w.word("appeal.day")
	if day == appealed {
		day = i18n.T(i18n.Chinese, "bulletin.same_day")
	}
	w.say("call", day, c.OrgName, entitled(c.Title))
	return err
}

// ahead says whether the first of two is the one to name: one's own, then the earlier.
func ahead(own, otherOwn bool, at, other int64) bool {
	if own != otherOwn {
		return own
	}
	return at < other
}

func (w *writer) say(what, day, of, title string) {
	w.said[what+".day"], w.said[what+".org"], w.said[what+".title"] = day, of, title
}

func (w *writer) inCampaign(of int64) (bool, error) {
	if w.ask.Campaign == 0 {
		return true, nil
	}
	if of == 0 {
		return false, nil
	}
	return campaign.Under(w.ctx, w.r, w.ask.Campaign, of)
}

// due says what the organisation's schedules ask for next: at most three items, the nearest
// first.
func (w *writer) due() (string, error) {
	after := w.ask.To
	if after == "" {
		after = w.today
	}
	all, err := progress.Next(w.ctx, w.r, w.ask.Org, w.ask.Campaign, after, 3)
	if err != nil || len(all) == 0 {
		return "", err
	}
	parts := make([]string, len(all))
	for i, n := range all {
		parts[i] = i18n.T(i18n.Chinese, "bulletin.due", "day", dayWord(n.Due), "item", quoted(n.Item))
	}
	return strings.Join(parts, i18n.T(i18n.Chinese, "bulletin.comma")), nil
}
