package progress

import (
	"context"

	"tongxin/internal/report/figure"
)

// Query is the figure that a row is measured by, over its days up to one.
func (w Row) Query(i Item, campaign int64, to string) figure.Query {
	q := figure.Query{Indicator: i.Indicator, Org: w.Org, Campaign: campaign, Service: i.Service, From: w.From, To: to}
	if i.Whole {
		q.From = ""
	}
	if q.From > to {
		q.From = to // nothing yet; the row is not judged before its first day
	}
	return q
}

// Query is the figure of the row as it stands.
func (s Standing) Query() figure.Query { return s.Row.Query(s.Of, s.Campaign, s.Day) }

// atOnce is how many figures are asked for in one go: whoever folds waits for it.
const atOnce = 200

// Ask answers many questions, all of them as of the same fact unless they say otherwise.
func Ask(ctx context.Context, e *figure.Engine, qs []figure.Query) (answers []figure.Answer, seq int64, err error) {
	seq, _ = e.Seq()
	for i := range qs {
		if qs[i].AsOf == (figure.AsOf{}) {
			qs[i].AsOf.Seq = seq
		}
	}
	for len(qs) > 0 {
		some, err := e.All(ctx, qs[:min(len(qs), atOnce)])
		if err != nil {
			return nil, seq, err
		}
		answers, qs = append(answers, some...), qs[len(some):]
	}
	return answers, seq, nil
}

// measure fills in what there is: three figures a row, one of now, one of some days before as it
// stood then, one of what was counted lately.
func (b *Board) measure(ctx context.Context, e *figure.Engine) error {
	var qs []figure.Query
	var of []*Standing
	for _, c := range b.cells() {
		if c.Of.Milestone() {
			c.mark()
			continue
		}
		now := c.Query()
		earlier := c.Row.Query(c.Of, b.Campaign, dayOf(number(b.Day)-c.back(b.Day)))
		earlier.AsOf = figure.AsOf{Time: endOf(earlier.To)}
		recent := now
		recent.From = max(now.From, dayOf(number(b.Day)-b.Rules.Quiet+1))
		of, qs = append(of, c), append(qs, now, earlier, recent)
	}
	answers, seq, err := Ask(ctx, e, qs)
	if err != nil {
		return err
	}
	b.Seq = seq
	for n, c := range of {
		a := answers[3*n : 3*n+3]
		c.Actual, c.Entries, c.Earlier, c.Recent = a[0].Value, a[0].Entries, a[1].Value, a[2].Entries
		if c.Day < c.From {
			c.Actual, c.Entries = 0, 0
		}
		if !c.Of.Whole && dayOf(number(c.Day)-c.back(c.Day)) < c.From {
			c.Earlier = 0 // what came before its first day is not its own
		}
		c.project()
	}
	return nil
}

// mark measures a milestone.
func (s *Standing) mark() {
	if s.Reached != "" && s.Reached <= s.Day {
		s.Actual, s.Entries, s.Recent = 1, 1, 1
	}
	s.Forecast = s.Actual
	s.Arrives = s.Reached
}

// project tells what the due day will see.
func (s *Standing) project() {
	if s.Of.ratio() {
		s.Forecast = s.Actual
		return
	}
	days := s.back(s.Day)
	s.Forecast = forecast(s.Actual, s.Earlier, days, number(s.Due)-number(s.Day))
	if n, ok := arrival(s.Actual, s.Earlier, days, s.Target); ok && s.Actual < s.Target && n <= maxDays {
		s.Arrives = dayOf(number(s.Day) + n)
	}
}

// On is a row on one day.
type On struct {
	Day     string
	Planned int64
	Actual  int64
	Known   bool // the day has come
}

// ByDay follows a row from its first day to its due day, each day as it stood at its end. Of
// a long row so many days are taken, evenly, and always the first, the present and the last.
func ByDay(ctx context.Context, e *figure.Engine, s Standing, most int64) ([]On, error) {
	first, last, today := number(s.From), number(s.Due), number(s.Day)
	step := max(1, (last-first+most)/most)
	var days []On
	var qs []figure.Query
	for n := first; n <= max(last, today); n++ {
		if (n-first)%step != 0 && n != today && n != last {
			continue
		}
		d := On{Day: dayOf(n), Known: n <= today}
		d.Planned = s.Row.Planned(s.Of, d.Day)
		if d.Known && !s.Of.Milestone() {
			q := s.Row.Query(s.Of, s.Campaign, d.Day)
			if n < today {
				q.AsOf = figure.AsOf{Time: endOf(d.Day)}
			}
			qs = append(qs, q)
		}
		if s.Of.Milestone() && s.Reached != "" && s.Reached <= d.Day {
			d.Actual = 1
		}
		days = append(days, d)
	}
	answers, _, err := Ask(ctx, e, qs)
	for n := range answers {
		days[n].Actual = answers[n].Value
	}
	return days, err
}
