package figures

import (
	"context"
	"net/url"
	"strconv"
	"strings"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/report/article"
	"tongxin/internal/report/experience"
	"tongxin/internal/report/figure"
	"tongxin/internal/report/guidance"
	"tongxin/internal/report/progress"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/area"
	"tongxin/internal/work/callup"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
	"tongxin/internal/work/report"
	"tongxin/internal/work/roster"
)

// perPage is how many entries a page shows.
const perPage = 50

// shown is one figure opened.
type shown struct {
	figure.Answer
	Query   figure.Query
	Scope   []string // what it is applied to, in words
	Told    figure.Complete
	Entries []line
	Next    string
	Of      ledger.Measure // what the entries are
	Guide   string         // where a directive on it is written; empty where the reader does not guide
}

// line is one entry as it is shown.
type line struct {
	figure.Entry
	Name, Href  string // its record
	Who         string // of a fact: the person, masked
	WhoHref     string
	Where, Unit string // of a fact: who organised it, whom they served for
}

// Show opens a figure.
func Show(c *page.Ctx) error {
	q, err := question(c, c.Path("key"))
	if err != nil {
		return err
	}
	s := shown{Query: q}
	if s.Answer, err = c.Figures.At(c, q); err != nil {
		return err
	}
	q.AsOf = s.fixed()
	if s.Told, err = c.Figures.Reported(q); err != nil {
		return err
	}
	if c.WantsFile() {
		return give(c, q)
	}
	p, err := c.Figures.Entries(c, q, c.Query("after"), perPage)
	if err != nil {
		return err
	}
	s.Next = p.Next
	if s.Entries, err = lines(c, p.Entries); err != nil {
		return err
	}
	if s.Of = ledger.Facts; len(p.Entries) > 0 {
		s.Of = p.Entries[0].Of
	}
	if s.Scope, err = scope(c, q); err != nil {
		return err
	}
	if s.Guide, err = guide(c, s.Query); err != nil {
		return err
	}
	return c.Render(showPage(s))
}

// guide is where a directive to the unit of a figure is written: nowhere for its past, its
// parts, or who does not stand above.
func guide(c *page.Ctx, q figure.Query) (string, error) {
	if q.AsOf != (figure.AsOf{}) || q.Since != (figure.AsOf{}) || q.Org == "" || q.Unit != "" || q.Area != 0 || q.Category != 0 || q.Person != "" || q.Subject != "" || q.Callup != "" {
		return "", nil
	}
	_, err := guidance.From(c, c.DB, c.Actor, q.Org)
	if fail.KindOf(err) == fail.Forbidden {
		return "", nil
	}
	v := url.Values{"key": {q.Indicator}, "org": {string(q.Org)}}
	for name, value := range map[string]string{"from": q.From, "to": q.To, "campaign": number(q.Campaign), "service": number(q.Service)} {
		if value != "" {
			v.Set(name, value)
		}
	}
	return "/desk/guidance/new?" + v.Encode(), err
}

// number is a number of a table; 0 is none.
func number(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// fixed keeps the entries to the moment of the figure above them.
func (s shown) fixed() figure.AsOf {
	if s.Query.AsOf != (figure.AsOf{}) || s.Seq == 0 {
		return s.Query.AsOf
	}
	return figure.AsOf{Seq: s.Seq}
}

// question reads a figure from the address.
func question(c *page.Ctx, key string) (figure.Query, error) {
	q, err := figure.Parse(c, c.DB, key, figure.Words{Org: c.Query("org"), Unit: c.Query("unit"), Area: c.Query("area"),
		Campaign: c.Query("campaign"), Service: c.Query("service"), Category: c.Query("category"),
		From: c.Query("from"), To: c.Query("to"), AsOf: c.Query("as_of"), Since: c.Query("since"), By: c.Query("by")})
	if err != nil {
		return q, err
	}
	for name, to := range map[string]*id.ID{"person": &q.Person, "subject": &q.Subject, "callup": &q.Callup} {
		if text := c.Query(name); text != "" {
			if *to, err = id.Parse(text); err != nil {
				return q, err
			}
		}
	}
	q.Facts = c.Query("facts") != ""
	return q, figure.Permit(c, c.DB, c.Actor, &q)
}

// scope puts into words what a figure is applied to.
func scope(c *page.Ctx, q figure.Query) (words []string, err error) {
	say := func(key, what string) { words = append(words, c.T("figures.scope."+key, "what", what)) }
	names, err := org.Names(c, c.DB, []id.ID{q.Org, q.Unit})
	if err != nil {
		return nil, err
	}
	if q.Org != "" {
		say("org", names[q.Org])
	}
	if q.Unit != "" {
		say("unit", names[q.Unit])
	}
	if q.Area != 0 {
		a, err := area.Get(c, c.DB, q.Area)
		if err != nil {
			return nil, err
		}
		say("area", a.Name)
	}
	if q.Campaign != 0 {
		a, err := campaign.Get(c, c.DB, q.Campaign)
		if err != nil {
			return nil, err
		}
		say("campaign", a.Name)
	}
	if q.Callup != "" {
		one, err := callup.Get(c, c.DB, q.Callup)
		if err != nil {
			return nil, err
		}
		say("callup", one.Title)
	}
	kinds, err := figure.Kinds(c, c.DB, q)
	for _, name := range kinds {
		say("kind", name)
	}
	if since := c.Query("since"); since != "" {
		say("since", sinceText(q.Since, since))
	}
	if q.From != "" || q.To != "" {
		words = append(words, c.T("figures.scope.days", "from", q.From, "to", q.To))
	}
	return words, err
}

// sinceText is the moment since which is asked what is new: as it was written where it is a
// number in the ledger.
func sinceText(since figure.AsOf, text string) string {
	if since.Time.IsZero() {
		return text
	}
	return i18n.Stamp(since.Time.Add(time.Millisecond))
}

// lines put names and addresses to entries.
func lines(c *page.Ctx, entries []figure.Entry) ([]line, error) {
	var persons, orgs []id.ID
	for _, e := range entries {
		switch {
		case e.Fact != nil && e.Fact.Person != "":
			persons, orgs = append(persons, e.Fact.Person), append(orgs, e.Org, e.Unit)
		case e.Fact != nil:
			orgs = append(orgs, e.Org, e.Unit)
		case e.Of == ledger.Persons:
			persons = append(persons, e.ID)
		default:
			orgs = append(orgs, e.ID)
		}
	}
	who, err := people.Names(c, c.DB, c.Keys, persons)
	if err != nil {
		return nil, err
	}
	where, err := org.Names(c, c.DB, orgs)
	if err != nil {
		return nil, err
	}
	all := make([]line, len(entries))
	for i, e := range entries {
		if all[i], err = lineOf(c, e, who, where); err != nil {
			return nil, err
		}
	}
	return all, nil
}

func lineOf(c *page.Ctx, e figure.Entry, who, where map[id.ID]string) (line, error) {
	l := line{Entry: e}
	if e.Fact == nil {
		l.Name, l.Href = where[e.ID], "/desk/orgs/"+string(e.ID)
		if e.Of == ledger.Persons {
			l.Name, l.Href = people.Mask(people.FieldName, who[e.ID]), "/desk/people/"+string(e.ID)
		}
		return l, nil
	}
	l.Name = c.T("fact." + e.Fact.Key)
	l.Where, l.Unit = where[e.Org], where[e.Unit]
	if e.Fact.Person != "" {
		l.Who, l.WhoHref = people.Mask(people.FieldName, who[e.Fact.Person]), "/desk/people/"+string(e.Fact.Person)
	}
	var err error
	l.Href, err = record(c, e.Fact)
	return l, err
}

// record is the address of what a fact is about.
func record(c *page.Ctx, f *ledger.Entry) (string, error) {
	owner, _, _ := strings.Cut(f.Key, ".")
	switch owner {
	case "org":
		return "/desk/orgs/" + string(f.Subject), nil
	case "people":
		return "/desk/people/" + string(f.Subject), nil
	case "activity":
		return "/desk/activities/" + string(f.Subject), nil
	case "roster":
		return shift(c, f.Subject)
	case "report":
		if f.Key != report.Due.Key && f.Key != report.Nil.Key {
			return "/desk/reports/" + string(f.Subject), nil
		}
	case "callup":
		return called(f), nil
	case "article":
		return articleOf(c, f)
	case "experience":
		return experienced(c, f)
	case "guidance":
		return "/desk/guidance/" + string(f.Subject), nil
	case "progress":
		w, _, err := progress.RowOf(c, c.DB, f.Subject)
		if fail.KindOf(err) == fail.NotFound {
			return "", nil
		}
		return "/desk/progress/" + string(w.Schedule) + "/rows/" + string(w.ID), err
	}
	return "", nil
}

// articleOf is the address of an article, or of the one that was read in an hour.
func articleOf(c *page.Ctx, f *ledger.Entry) (string, error) {
	at := f.Subject
	if f.Kind == article.ReadFact {
		var err error
		if at, err = article.ReadIn(c, c.DB, at); err != nil {
			return "", err
		}
	}
	return "/desk/articles/" + string(at), nil
}

// experienced is the address of an experience, of the one that was adopted, or of a mention.
func experienced(c *page.Ctx, f *ledger.Entry) (string, error) {
	switch f.Kind {
	case experience.MentionedFact:
		return "/desk/mentions/" + string(f.Subject), nil
	case experience.AdoptedFact:
		at, err := experience.AdoptedBy(c, c.DB, f.Subject)
		return "/desk/experiences/" + string(at), err
	}
	return "/desk/experiences/" + string(f.Subject), nil
}

// called is the address of an appeal, a call-up, or a receipt of one.
func called(f *ledger.Entry) string {
	switch f.Kind {
	case callup.AppealedFact:
		return "/desk/appeals/" + string(f.Subject)
	case callup.AskedFact, callup.AnsweredFact, callup.HundredFact, callup.IssuedFact, callup.DrillIssuedFact:
		return "/desk/callups/" + string(f.Callup)
	}
	return "/desk/receipts/" + string(f.Subject)
}

// shift is the address of a shift: its roster for whoever may keep it, else its activity.
func shift(c *page.Ctx, at id.ID) (string, error) {
	if c.Actor.Has(auth.Leader, auth.Admin) {
		return "/desk/shifts/" + string(at), nil
	}
	s, err := roster.Get(c, c.DB, at)
	if fail.KindOf(err) == fail.NotFound {
		return "", nil
	}
	return "/desk/activities/" + string(s.Activity.ID), err
}

// board is all figures of an organisation.
type board struct {
	Name    string
	Time    time.Time
	Figures []row
}

// row is a figure with what the day has added so far.
type row struct {
	figure.Answer
	Today int64
}

// List shows all figures of an organisation, each a door.
func List(c *page.Ctx) error {
	first := ledger.Indicators()[0].Key
	q, err := question(c, first)
	if err != nil {
		return err
	}
	names, err := org.Names(c, c.DB, []id.ID{q.Org})
	if err != nil {
		return err
	}
	b := board{Name: names[q.Org]}
	if b.Figures, err = figuresOf(c, c.Figures, q, i18n.Midnight(c.Now)); err != nil {
		return err
	}
	b.Time = b.Figures[0].Time
	return c.Render(listPage(b))
}

// newHref is where what the day has added to a figure opens.
func newHref(ctx context.Context, f row) string {
	here, _ := url.Parse(ui.Here(ctx, "since", today(ctx)))
	return "/desk/figures/" + f.Indicator.Key + "?" + here.RawQuery
}

// figuresOf answers every indicator of a scope, now and as of last midnight.
func figuresOf(ctx context.Context, e *figure.Engine, q figure.Query, since time.Time) ([]row, error) {
	var qs []figure.Query
	for _, i := range ledger.Indicators() {
		now, then := q, q
		now.Indicator, then.Indicator = i.Key, i.Key
		then.AsOf = figure.AsOf{Time: since.Add(-time.Millisecond)}
		qs = append(qs, now, then)
	}
	all, err := e.All(ctx, qs)
	rows := make([]row, 0, len(all)/2)
	for i := 0; i+1 < len(all); i += 2 {
		rows = append(rows, row{all[i], all[i].Value - all[i+1].Value})
	}
	return rows, err
}

// narrowed is the address of the same figure for one of its parts.
func (s shown) narrowed(ctx context.Context, part figure.Split) string {
	key := part.Key
	switch s.Query.By {
	case figure.ByDay:
		return ui.Here(ctx, "from", key, "to", key, "by", "")
	case figure.ByWeek:
		_, last, _ := strings.Cut(part.Name, "/")
		return ui.Here(ctx, "from", key, "to", last, "by", "day")
	case figure.ByOrg:
		if id.ID(key) == s.Query.Org {
			return ui.Here(ctx, "by", "unit")
		}
		return ui.Here(ctx, "org", key)
	case figure.ByArea:
		return ui.Here(ctx, "area", key)
	}
	if key == "0" {
		return ""
	}
	return ui.Here(ctx, string(s.Query.By), key, "by", "")
}

// tabs are the ways to split the figure.
func (s shown) tabs(ctx context.Context) []ui.Link {
	links := []ui.Link{{Href: ui.Here(ctx, "by", ""), Label: ui.T(ctx, "figures.by.none"), On: s.Query.By == figure.Whole}}
	for _, by := range figure.Splits() {
		links = append(links, ui.Link{Href: ui.Here(ctx, "by", string(by)), Label: ui.T(ctx, "figures.by."+string(by)), On: s.Query.By == by})
	}
	return links
}

// behind is the address of the facts behind an entry.
func (s shown) behind(ctx context.Context, l line) string {
	switch l.Of {
	case ledger.Persons:
		return ui.Here(ctx, "person", string(l.ID), "facts", "1", "by", "", "since", "")
	case ledger.Subjects:
		return ui.Here(ctx, "subject", string(l.ID), "facts", "1", "by", "", "since", "")
	}
	return ui.Here(ctx, "unit", string(l.ID), "facts", "1", "by", "", "since", "")
}

// value writes a number in the unit that people read: hours for minutes, percent for ratios.
func value(ctx context.Context, i *ledger.Indicator, n int64) string {
	number, _ := figure.Screen(ui.Lang(ctx), i.Unit, n)
	return number
}

// unit is the measure word behind a value.
func unit(ctx context.Context, i *ledger.Indicator) string {
	_, word := figure.Screen(ui.Lang(ctx), i.Unit, 0)
	return word
}

// qty writes the quantity of a fact in the unit of its kind.
func (l line) qty(ctx context.Context) string {
	for _, k := range ledger.Kinds() {
		if k.Key == l.Fact.Key {
			number, word := figure.Screen(ui.Lang(ctx), k.Unit, l.Qty)
			return number + " " + word
		}
	}
	return i18n.Number(l.Qty)
}

// today is the start of the day on which facts are read, for the field of the filter.
func today(ctx context.Context) string { return db.Day(ui.Now(ctx)) }

// name is what the figure is called.
func name(ctx context.Context, a figure.Answer, q figure.Query) string {
	name := figure.Name(ui.Lang(ctx), a.Indicator)
	if q.Since != (figure.AsOf{}) {
		return ui.T(ctx, "figures.new", "name", name)
	}
	return name
}

// at is the address of the same figure itself, as of a moment.
func at(ctx context.Context, a figure.Answer) string {
	return ui.Here(ctx, "since", "", "after", "", "as_of", "seq:"+strconv.FormatInt(a.Seq, 10))
}

// query is the query of this page, to be carried to another figure of the same scope.
func query(ctx context.Context) string {
	here := ui.Here(ctx, "by", "")
	if _, q, ok := strings.Cut(here, "?"); ok {
		return "?" + q
	}
	return ""
}

// reported says how many of those who were to report have: 1,391/1,394 家已报 (99.8%).
func (s shown) reported(ctx context.Context) string {
	tenths := s.Told.Share() / 10
	return ui.T(ctx, "figures.reported", "n", i18n.Number(s.Told.Reported), "of", i18n.Number(s.Told.Expected), "whole", tenths/10, "tenth", tenths%10)
}
