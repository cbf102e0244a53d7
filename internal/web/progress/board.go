package progress

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/sheet"
	"tongxin/internal/report/figure"
	"tongxin/internal/report/guidance"
	report "tongxin/internal/report/progress"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/org"
)

// mostWeak is how many laggards are told of in full; the table has them all.
const mostWeak = 12

// view is a schedule as its page shows it.
type view struct {
	report.Board
	All      []report.Schedule // that the reader may choose from
	Owner    string
	Campaign string
	Weak     []weak
	OnlyLag  bool
	Item     string          // of the only column that is shown
	Open     int             // directives on its laggards that are under way
	Steers   bool            // the reader writes this schedule
	Makes    bool            // and may begin others
	Reports  figure.Complete // of those who are to report: how complete the figures are
	Draft    *draft          // the directive that is being written beside it
}

// weak is a laggard with why and what may be done.
type weak struct {
	*report.Standing
	Quiet  []string // below it, where nothing happened lately
	Below  int
	Days   []report.On
	Latest *guidance.Directive
	Guides bool // the reader may write to it
}

// look is what the address of a board says.
type look struct {
	Schedule string `form:"schedule"`
	Lag      bool   `form:"lag"`
	Item     string `form:"item" max:"40"`
	Guide    id.ID  `form:"guide"`
}

// Board shows a schedule: units down, items across, and below it what lags.
func Board(c *page.Ctx) error {
	s, err := board(c)
	if err != nil {
		return err
	}
	if c.WantsFile() {
		return s.give(c)
	}
	return c.Render(boardPage(s))
}

// board reads the schedule that the address names: without one, the first that concerns the
// reader.
func board(c *page.Ctx) (s view, err error) {
	l, err := page.Bind[look](c)
	if err != nil {
		return s, err
	}
	s.OnlyLag, s.Item = l.Lag, l.Item
	seats, err := org.Seats(c, c.DB, c.Actor)
	if err != nil || len(seats) == 0 {
		return s, err
	}
	if s.All, err = report.List(c, c.DB, seats[0].Org); err != nil {
		return s, err
	}
	s.Makes = c.Actor.Has(report.Steering...)
	at, err := chosen(c, l, s.All)
	if err != nil || at == "" {
		return s, err
	}
	if err := s.read(c, at, seats); err != nil {
		return s, err
	}
	if l.Guide != "" {
		s.Draft, err = draftOf(c, l.Guide, 0)
	}
	return s, err
}

// chosen is the schedule that the address names.
func chosen(c *page.Ctx, l look, all []report.Schedule) (id.ID, error) {
	text := c.Path("schedule")
	if text == "" {
		text = l.Schedule
	}
	switch {
	case text != "":
		return id.Parse(text)
	case len(all) > 0:
		return all[0].ID, nil
	}
	return "", nil
}

// read reads one schedule as far as the reader sees it.
func (s *view) read(c *page.Ctx, at id.ID, seats []org.Seat) error {
	one, err := report.Get(c, c.DB, at)
	if err != nil {
		return err
	}
	whole, err := org.Reaches(c, c.DB, c.Actor, one.Org)
	if err != nil {
		return err
	}
	if whole {
		seats = nil
	}
	if s.Board, err = report.Read(c, c.DB, c.Figures, one, seats, c.Now); err != nil {
		return err
	}
	if !whole && len(s.Lines) == 0 && s.Whole.Cells == nil {
		return fail.New(fail.NotFound, "progress.unknown")
	}
	if s.Steers, err = org.Reaches(c, c.DB, c.Actor, one.Org, report.Steering...); err != nil {
		return err
	}
	names, err := org.Names(c, c.DB, []id.ID{one.Org})
	if err != nil {
		return err
	}
	if s.Owner = names[one.Org]; one.Campaign != 0 {
		camp, err := campaign.Get(c, c.DB, one.Campaign)
		if err != nil {
			return err
		}
		s.Campaign = camp.Name
	}
	if s.Reports, err = c.Figures.Completeness(c, c.DB, one.Campaign, one.Org, figure.AsOf{}); err != nil {
		return err
	}
	return s.weaken(c)
}

// weaken tells of each laggard why, since when, and what is being done.
func (s *view) weaken(c *page.Ctx) error {
	for n, g := range s.Laggards {
		if n == mostWeak {
			break
		}
		w := weak{Standing: g}
		var err error
		if w.Quiet, w.Below, err = report.Quiet(c, c.DB, c.Figures, *g, s.Rules.Quiet); err != nil {
			return err
		}
		if w.Days, err = report.ByDay(c, c.Figures, *g, 9); err != nil {
			return err
		}
		if w.Latest, w.Guides, err = guided(c, g.ID, g.Org); err != nil {
			return err
		}
		if w.Latest != nil && w.Latest.State.Alive() {
			s.Open++
		}
		s.Weak = append(s.Weak, w)
	}
	return nil
}

// guided is the latest directive on a row that the reader may see, and whether she may write
// one.
func guided(c *page.Ctx, row, unit id.ID) (*guidance.Directive, bool, error) {
	may, err := mayGuide(c, unit)
	if err != nil {
		return nil, false, err
	}
	all, err := guidance.OnRow(c, c.DB, row)
	for _, d := range all {
		if may || d.State != guidance.Draft {
			return &d, may, err
		}
	}
	return nil, may, err
}

// mayGuide says whether the reader stands above a unit as one who guides.
func mayGuide(c *page.Ctx, unit id.ID) (bool, error) {
	_, err := guidance.From(c, c.DB, c.Actor, unit)
	if fail.KindOf(err) == fail.Forbidden {
		return false, nil
	}
	return err == nil, err
}

// shown are the places of the columns that the page shows.
func (s view) shown() (at []int) {
	for n, i := range s.Items {
		if s.Item == "" || s.Item == i.Name {
			at = append(at, n)
		}
	}
	return at
}

// lines are the units that the page shows.
func (s view) lines() []report.Line {
	if !s.OnlyLag {
		return s.Lines
	}
	return slices.DeleteFunc(slices.Clone(s.Lines), func(l report.Line) bool { return l.Behind() == 0 })
}

// span is the first day of all rows and the last.
func (s view) span() (first, last string) {
	for _, l := range append(slices.Clone(s.Lines), s.Whole) {
		for _, c := range l.Cells {
			if c == nil {
				continue
			}
			if first == "" || c.From < first {
				first = c.From
			}
			last = max(last, c.Due)
		}
	}
	return first, last
}

// title is the schedule's name; without one the page's.
func (s view) title(ctx context.Context) string {
	if s.ID == "" {
		return ui.T(ctx, "progress.title")
	}
	return s.Name
}

// sub says for what the schedule is, and how far its days have gone.
func (s view) sub(ctx context.Context) string {
	if s.ID == "" {
		return ""
	}
	words := []string{s.Owner}
	if s.Campaign != "" {
		words = append(words, s.Campaign)
	}
	if first, last := s.span(); first != "" {
		all := between(first, last)
		words = append(words, ui.T(ctx, "progress.day_of", "n", min(max(between(first, s.Day), 0), all), "all", all))
	}
	return strings.Join(words, " · ")
}

// dueOf is when a column is due, and how much of it should be there by now: the whole's, or
// that of the first unit which has it.
func (s view) dueOf(n int) (due string, percent int64, same bool) {
	same = true
	for _, l := range s.Lines {
		c := l.Cells[n]
		if c == nil {
			continue
		}
		if due != "" && due != c.Due {
			same = false
		}
		due, percent = max(due, c.Due), c.Expected()
	}
	if s.Whole.Cells != nil && s.Whole.Cells[n] != nil {
		percent = s.Whole.Cells[n].Expected()
		if due == "" {
			due = s.Whole.Cells[n].Due
		}
	}
	return due, percent, same
}

// give answers the schedule as a list: a line for each row, as it stands, in the units in
// which people type. It can be changed and imported again.
func (s view) give(c *page.Ctx) error {
	if s.ID == "" {
		return fail.New(fail.NotFound, "progress.unknown")
	}
	l := page.List{Kind: "progress", Org: s.Org, Name: s.Name + " " + s.Day}
	for _, key := range []string{"unit", "item", "indicator", "from", "due", "target", "curve", "planned", "actual", "gap", "forecast"} {
		l.Heads = append(l.Heads, c.T("progress.col."+key))
	}
	return c.Give(l, func(put page.Put) error {
		for _, line := range append(slices.Clone(s.Lines), s.Whole) {
			for _, r := range line.Cells {
				if r == nil {
					continue
				}
				if err := put(cells(c.Lang, line.Unit.Name, r)...); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// cells are a row of the exported list.
func cells(lang, unit string, r *report.Standing) []sheet.Cell {
	name := ""
	if i := r.Of.Counts(); i != nil {
		name = figure.Name(lang, i)
	}
	all := []sheet.Cell{sheet.Text(unit), sheet.Text(r.Of.Name), sheet.Text(name), sheet.Day(r.From), sheet.Day(r.Due), counted(r, r.Target), sheet.Text(r.Curve.String())}
	for _, n := range []int64{r.Planned, r.Actual, r.Gap(), r.Forecast} {
		all = append(all, counted(r, n))
	}
	return all
}

// counted is a number as people type it.
func counted(r *report.Standing, n int64) sheet.Cell {
	unit := report.Typed(r.Of.Indicator, 1)
	if n%unit == 0 {
		return sheet.Whole(n / unit)
	}
	return sheet.Decimal(float64(n)/float64(unit), 2)
}

func digits(n int64) string { return strconv.FormatInt(n, 10) }

// scheduleIn is the form of a new schedule.
type scheduleIn struct {
	Org      id.ID  `form:"org"`
	Name     string `form:"name"`
	Campaign int64  `form:"campaign"`
}

// planning is the page of a new schedule.
type planning struct {
	Orgs, Campaigns []ui.Option
}

// New asks for a new schedule.
func New(c *page.Ctx) error {
	p, err := choices(c)
	if err != nil {
		return err
	}
	return c.Render(newPage(p))
}

// Create begins it.
func Create(c *page.Ctx) error {
	p, err := choices(c)
	if err != nil {
		return err
	}
	in, err := page.Bind[scheduleIn](c)
	if err == nil && in.Org == "" {
		err = fail.Field("org", "web.form.choose")
	}
	var made id.ID
	if err == nil {
		made, err = c.Create(in.Org.Home(), create(c, in))
	}
	if err != nil {
		return c.Retry(err, newPage(p))
	}
	c.Flash("progress.created", "name", in.Name)
	return c.Redirect("/desk/progress/" + string(made))
}

// choices are the places whose schedule the reader may write, and the campaigns.
func choices(c *page.Ctx) (p planning, err error) {
	seats, err := org.Seats(c, c.DB, c.Actor, report.Steering...)
	if err != nil {
		return p, err
	}
	ids := make([]id.ID, len(seats))
	for i, s := range seats {
		ids[i] = s.Org
	}
	names, err := org.Names(c, c.DB, ids)
	if err != nil {
		return p, err
	}
	for _, at := range ids {
		p.Orgs = append(p.Orgs, ui.Option{Value: string(at), Label: names[at]})
	}
	p.Campaigns = []ui.Option{{Value: "0", Label: c.T("progress.any_campaign")}}
	if len(ids) == 0 {
		return p, fail.New(fail.Forbidden, "org.out_of_reach")
	}
	all, err := campaign.List(c, c.DB, ids[0])
	for _, a := range all {
		p.Campaigns = append(p.Campaigns, ui.Option{Value: digits(a.ID), Label: strings.Repeat("\u3000", a.Depth()) + a.Name})
	}
	return p, err
}

// Close ends a schedule; Reopen takes that back.
func Close(c *page.Ctx) error { return turn(c, report.Close, "progress.closed_now") }

// Reopen follows a closed schedule again.
func Reopen(c *page.Ctx) error { return turn(c, report.Reopen, "progress.reopened_now") }

// amount writes a number of an item as people read it: hours, yuan, percent.
func amount(ctx context.Context, i report.Item, n int64) string {
	number, _ := figure.Screen(ui.Lang(ctx), unitOf(i), n)
	return number
}

// unitOf is the unit of an item's numbers.
func unitOf(i report.Item) string {
	if c := i.Counts(); c != nil {
		return c.Unit
	}
	return report.MilestonesReached.Unit
}
