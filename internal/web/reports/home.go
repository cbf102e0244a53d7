package reports

import (
	"context"
	"fmt"
	"maps"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/sheet"
	"tongxin/internal/report/figure"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/org"
	"tongxin/internal/work/report"
)

// home is everything about reporting that concerns a reader.
type home struct {
	Mine          []mine
	Queue         []report.Listed
	Duties        []standing
	Written       []report.Listed
	Writes, Keeps bool
	Loading       error // figures are, and so it is not known who has reported
}

// mine is what one of the reader's units owes.
type mine struct {
	report.Asked
	Missing bool
}

// standing is how a duty stands in its latest period.
type standing struct {
	report.Duty
	Period report.Period
	figure.Complete
}

// recent is how many days back the page looks, soon how many what is said beside the menu.
const recent, soon = 45, 14

// Home shows what is owed, what waits for review, and how the reader's duties stand.
func Home(c *page.Ctx) error {
	h := home{Writes: c.Actor.Has(report.Reporting...), Keeps: c.Actor.Has(report.Keeping...)}
	for _, step := range []func(*page.Ctx) error{h.readMine, h.readQueue, h.readDuties, h.readWritten} {
		if err := step(c); loading(err) {
			h.Loading = err
		} else if err != nil {
			return err
		}
	}
	if c.WantsFile() {
		return h.give(c)
	}
	return c.Render(homePage(h))
}

// give answers the reports that were written as a file.
func (h home) give(c *page.Ctx) error {
	l := page.List{Kind: "reports", Name: c.T("reports.title") + " " + db.Day(c.Now), Heads: c.Words("reports.file_org", "reports.file_from", "reports.file_to", "reports.file_what", "reports.file_number", "reports.file_state")}
	return c.Give(l, func(put page.Put) error {
		for _, r := range h.Written {
			cells := append(sheet.Texts(r.OrgName), sheet.Day(r.From), sheet.Day(r.To), sheet.Text(c.T("figure.name."+r.Key)), sheet.Whole(r.Number), sheet.Text(c.T("reports.state."+string(r.State))))
			if err := put(cells...); err != nil {
				return err
			}
		}
		return nil
	})
}

// loading says whether something is not known yet because figures are being loaded.
func loading(err error) bool { return fail.Key(err) == "figure.loading" }

func (h *home) readMine(c *page.Ctx) (err error) {
	h.Mine, err = owedBy(c, c.Site, c.Actor, db.Day(c.Now.AddDate(0, 0, -recent)))
	return err
}

// owedBy lists what the units of an actor owe, and says what is still missing.
func owedBy(ctx context.Context, s *page.Site, actor auth.Actor, since string) ([]mine, error) {
	orgs := actor.Orgs(report.Reporting...)
	owed, err := report.OwedBy(ctx, s.DB, orgs, since)
	if err != nil || len(owed) == 0 {
		return nil, err
	}
	missing, asked := map[id.ID]bool{}, map[id.ID]bool{}
	for _, o := range owed {
		if asked[o.Org] || o.Nothing > 0 {
			continue
		}
		asked[o.Org] = true
		some, err := s.Figures.Missing(figure.Query{Org: o.Org, From: since})
		if err != nil {
			return nil, err
		}
		maps.Copy(missing, some)
	}
	all := make([]mine, len(owed))
	for i, o := range owed {
		all[i] = mine{o, missing[o.ID] && o.Nothing == 0}
	}
	return all, nil
}

func (h *home) readQueue(c *page.Ctx) error {
	seats, err := org.Seats(c, c.DB, c.Actor, report.Reviewing...)
	if err == nil && len(seats) > 0 {
		h.Queue, err = report.Queue(c, c.DB, seats, c.Actor.Person)
	}
	return err
}

func (h *home) readDuties(c *page.Ctx) error {
	seats, err := org.Seats(c, c.DB, c.Actor, report.Keeping...)
	if err != nil || len(seats) == 0 {
		return err
	}
	duties, err := report.Duties(c, c.DB, seats)
	for _, d := range duties {
		s := standing{Duty: d}
		periods, err := report.Periods(c, c.DB, d.ID)
		if err != nil {
			return err
		}
		for _, p := range periods {
			if p.Opened > 0 {
				s.Period = p
				break
			}
		}
		if s.Period.ID != "" {
			if s.Complete, err = completeOf(c, d, s.Period, ""); loading(err) {
				h.Loading = err
			} else if err != nil {
				return err
			}
		}
		h.Duties = append(h.Duties, s)
	}
	return err
}

// completeOf is how complete one period is, for all or for what is below an organisation.
func completeOf(c *page.Ctx, d report.Duty, p report.Period, at id.ID) (figure.Complete, error) {
	return c.Figures.CompletenessOf(c, c.DB, figure.Query{Org: at, Campaign: d.Campaign, From: p.To, To: p.To}, p.ID)
}

func (h *home) readWritten(c *page.Ctx) error {
	seats, err := org.Seats(c, c.DB, c.Actor)
	if err == nil && len(seats) > 0 {
		h.Written, err = report.Written(c, c.DB, seats)
	}
	if !c.WantsFile() {
		h.Written = h.Written[:min(len(h.Written), 30)]
	}
	return err
}

// Waiting counts what waits for a reader here: what her units owe, and what she is to review.
func Waiting(ctx context.Context, s *page.Site, actor auth.Actor) (n int, err error) {
	if seats, err := org.Seats(ctx, s.DB, actor, report.Reviewing...); err != nil {
		return 0, err
	} else if len(seats) > 0 {
		if n, err = report.CountQueue(ctx, s.DB, seats, actor.Person); err != nil {
			return 0, err
		}
	}
	owed, err := owedBy(ctx, s, actor, db.Day(s.DB.Now().AddDate(0, 0, -soon)))
	for _, o := range owed {
		if o.Missing {
			n++
		}
	}
	return n, err
}

// said writes how many have reported, as "1,391/1,394 家已报 (99.8%)".
func said(ctx context.Context, c figure.Complete) string {
	return ui.T(ctx, "reports.said", "n", i18n.Number(c.Reported), "of", i18n.Number(c.Expected), "share", share(c))
}

// share is the share of those who have reported, as 99.8%.
func share(c figure.Complete) string {
	tenths := c.Share() / 10
	return fmt.Sprintf("%d.%d%%", tenths/10, tenths%10)
}

func period(ctx context.Context, from, to string) string {
	if from == to {
		return i18n.DayOf(ui.Lang(ctx), to)
	}
	return ui.T(ctx, "reports.span", "from", i18n.DayOf(ui.Lang(ctx), from), "to", i18n.DayOf(ui.Lang(ctx), to))
}

// Needs are periods whose hour is over while somebody is missing.
func Needs(ctx context.Context, s *page.Site, a page.Asked) ([]page.Need, error) {
	done, err := s.Figures.Reported(figure.Query{Org: a.Org, Campaign: a.Campaign, From: db.Day(a.Now.AddDate(0, 0, -soon)), To: db.Day(a.Now.AddDate(0, 0, -1))})
	if loading(err) || err == nil && done.Whole() {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return []page.Need{{At: a.Now, Title: i18n.T(a.Lang, "reports.need.missing", "n", done.Expected-done.Reported),
		Text: i18n.T(a.Lang, "reports.need.missing_text", "n", i18n.Number(done.Reported), "of", i18n.Number(done.Expected)),
		Href: "/desk/reports", Do: i18n.T(a.Lang, "reports.need.missing_do")}}, nil
}
