package progress

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/ledger"
	"tongxin/internal/report/figure"
	"tongxin/internal/report/guidance"
	report "tongxin/internal/report/progress"
	"tongxin/internal/web/ui"
)

type actor = auth.Actor

// between is how many days lie from one to another, both counted.
func between(from, to string) int {
	a, _ := time.Parse(time.DateOnly, from)
	b, _ := time.Parse(time.DateOnly, to)
	return int(b.Sub(a)/(24*time.Hour)) + 1
}

// lines puts the points of a curve under one another.
func lines(curve string) string { return strings.ReplaceAll(curve, ",", "\n") }

// measure is the measure word of an item.
func measure(ctx context.Context, i report.Item) string {
	_, word := figure.Screen(ui.Lang(ctx), unitOf(i), 0)
	return word
}

// records is the address of what a standing counts.
func records(s *report.Standing) string {
	if s.Of.Milestone() {
		return toRow(string(s.Schedule), string(s.ID))
	}
	return figureAt(s.Query())
}

// figureAt is the address of a figure's page.
func figureAt(q figure.Query) string {
	v := url.Values{}
	put := func(name, value string) {
		if value != "" && value != "0" {
			v.Set(name, value)
		}
	}
	put("org", string(q.Org))
	put("campaign", digits(q.Campaign))
	put("service", digits(q.Service))
	put("from", q.From)
	put("to", q.To)
	put("subject", string(q.Subject))
	if q.AsOf.Seq > 0 {
		v.Set("as_of", "seq:"+digits(q.AsOf.Seq))
	}
	return "/desk/figures/" + q.Indicator + "?" + v.Encode()
}

// cellLabel says what a cell shows as a bar, for those who do not see it.
func cellLabel(ctx context.Context, s *report.Standing) string {
	return ui.T(ctx, "progress.cell", "actual", amount(ctx, s.Of, s.Actual), "measure", measure(ctx, s.Of), "target", amount(ctx, s.Of, s.Target), "due", s.Expected())
}

// aside is the small word of a cell: the gap of what lags, else what there is.
func aside(ctx context.Context, s *report.Standing) string {
	switch {
	case s.Of.Milestone() && s.Reached != "":
		return short(ctx, s.Reached)
	case s.Of.Milestone():
		return ui.T(ctx, "progress.not_reached")
	case s.Lags() && s.Gap() > 0:
		return ui.T(ctx, "progress.gap", "n", amount(ctx, s.Of, s.Gap()))
	}
	return amount(ctx, s.Of, s.Actual)
}

// head is what a cell says in large: how much of the target is there.
func head(ctx context.Context, s *report.Standing) string {
	switch {
	case s.Of.Milestone() && s.Actual > 0:
		return ui.T(ctx, "progress.reached_short")
	case s.Of.Milestone():
		return ui.T(ctx, "progress.not_yet")
	}
	return digits(s.Done()) + "%"
}

// share is a percentage as the width of a bar.
func share(n int64) string { return digits(min(max(n, 0), 100)) + "%" }

// mark is where on a bar the plan stands; the end of it stays in sight.
func mark(n int64) string { return digits(min(max(n, 0), 99)) + "%" }

// why says by which rules a row lags, and where to look first.
func why(ctx context.Context, s *report.Standing, rules report.Rules, quiet []string, below int) string {
	var words []string
	for _, r := range s.Why {
		switch r {
		case report.Never:
			words = append(words, ui.T(ctx, "progress.why.never"))
		case report.Silent:
			words = append(words, ui.T(ctx, "progress.why.silent", "days", rules.Quiet))
		}
	}
	if n := len(quiet); n > 0 && n < below {
		names := strings.Join(quiet[:min(n, 3)], ui.T(ctx, "progress.and"))
		words = append(words, ui.T(ctx, "progress.quiet_below", "n", n, "days", rules.Quiet, "names", names))
	}
	if c := s.Of.Counts(); len(words) == 0 && c != nil && c.Measure == ledger.Ratio {
		words = append(words, ui.T(ctx, "progress.why.stands", "n", amount(ctx, s.Of, s.Actual), "target", amount(ctx, s.Of, s.Target)))
	}
	if len(words) == 0 && s.Day < s.Due {
		words = append(words, ui.T(ctx, "progress.why.forecast", "day", short(ctx, s.Due), "n", amount(ctx, s.Of, max(s.Forecast, 0)), "target", amount(ctx, s.Of, s.Target)))
	}
	if s.Day > s.Due {
		words = append(words, ui.T(ctx, "progress.why.past", "day", short(ctx, s.Due)))
	}
	return strings.Join(words, ui.T(ctx, "progress.then"))
}

// gapLine is what a laggard has of what it should have.
func gapLine(ctx context.Context, s *report.Standing) string {
	return ui.T(ctx, "progress.done_of", "done", s.Done(), "due", s.Expected())
}

// gapWord is the gap with its measure word; of one that is ahead and silent what there is.
func gapWord(ctx context.Context, s *report.Standing) string {
	if s.Gap() <= 0 {
		return amount(ctx, s.Of, s.Actual) + " " + measure(ctx, s.Of)
	}
	return ui.T(ctx, "progress.gap", "n", amount(ctx, s.Of, s.Gap())) + " " + measure(ctx, s.Of)
}

// stateWord is how a directive stands, overdue before all.
func stateWord(ctx context.Context, d guidance.Directive) string {
	if d.Overdue(ui.Now(ctx)) {
		return ui.T(ctx, "guidance.state.overdue")
	}
	return ui.T(ctx, "guidance.state."+string(d.State))
}

// stateSign is the sign beside it.
func stateSign(d guidance.Directive, now time.Time) string {
	switch {
	case d.Overdue(now):
		return "stop"
	case d.State == guidance.Closed:
		return "ok"
	case d.State == guidance.Withdrawn:
		return "left"
	}
	return "wait"
}

// stateNote is by when the next thing is awaited, or what came of it.
func stateNote(ctx context.Context, d guidance.Directive) string {
	switch at := d.Awaited(); {
	case at > 0 && d.State == guidance.Replied:
		return ui.T(ctx, "guidance.act_until", "at", i18n.DayTime(ui.Lang(ctx), db.Time(at)))
	case at > 0:
		return ui.T(ctx, "guidance.reply_until", "at", i18n.DayTime(ui.Lang(ctx), db.Time(at)))
	case d.State == guidance.Closed && d.Improved:
		return ui.T(ctx, "guidance.had_effect")
	case d.State == guidance.Closed:
		return ui.T(ctx, "guidance.no_effect")
	}
	return ""
}

// spot is a point of a drawing.
func spot(x, y float64) string { return fmt.Sprintf("%.1f,%.1f", x, y) }

// drawing is a plan and what became of it, as two lines in a frame.
type drawing struct {
	Plan, Actual, Ground string
	X, PlanY, Y          float64 // of the present
	Known                bool
}

// draw fits days into a frame: from x0 to x1, the greatest value at the top.
func draw(days []report.On, x0, x1, top, bottom float64) (d drawing) {
	most := int64(1)
	for _, on := range days {
		most = max(most, on.Planned, on.Actual)
	}
	x := func(n int) float64 {
		if len(days) < 2 {
			return x1
		}
		return x0 + (x1-x0)*float64(between(days[0].Day, days[n].Day)-1)/float64(max(1, between(days[0].Day, days[len(days)-1].Day)-1))
	}
	y := func(v int64) float64 { return bottom - (bottom-top)*float64(max(v, 0))/float64(most) }
	var plan, actual []string
	for n, on := range days {
		plan = append(plan, spot(x(n), y(on.Planned)))
		if on.Known {
			actual = append(actual, spot(x(n), y(on.Actual)))
			d.X, d.PlanY, d.Y, d.Known = x(n), y(on.Planned), y(on.Actual), true
		}
	}
	d.Plan, d.Actual = strings.Join(plan, " "), strings.Join(actual, " ")
	if d.Known {
		d.Ground = spot(x0, bottom) + " " + d.Actual + " " + spot(d.X, bottom)
	}
	return d
}

// known are the days that have come.
func known(days []report.On) []report.On {
	for n, d := range days {
		if !d.Known {
			return days[:n]
		}
	}
	return days
}

func px(f float64) string { return fmt.Sprintf("%.1f", f) }

// short is a day without its year, where that is this one.
func short(ctx context.Context, day string) string {
	t, err := time.ParseInLocation(time.DateOnly, day, i18n.Zone())
	if err != nil || day[:4] != db.Day(ui.Now(ctx))[:4] {
		return i18n.DayOf(ui.Lang(ctx), day)
	}
	return i18n.Day(ui.Lang(ctx), t)
}
