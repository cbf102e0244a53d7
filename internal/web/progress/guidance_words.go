package progress

import (
	"context"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/report/figure"
	"tongxin/internal/report/guidance"
	report "tongxin/internal/report/progress"
	"tongxin/internal/web/ui"
)

// action is where the form of a directive is sent.
func (d draft) action() string {
	if d.ID == "" {
		return "/desk/guidance"
	}
	return "/desk/guidance/" + string(d.ID) + "/edit"
}

// item is what the directive is about, for writing its numbers.
func (d draft) item() report.Item {
	return report.Item{Name: d.Seen.Title, Indicator: d.Seen.Frozen.Indicator}
}

// afterQuery is the figure that was measured at the end.
func (f folder) afterQuery(a guidance.After) figure.Query {
	q := f.Seen.Query
	q.To, q.AsOf = a.To, figure.AsOf{Seq: a.Seq}
	return q
}

// effect says how the figure stood and how it stands.
func (f folder) effect(ctx context.Context, a guidance.After) string {
	if f.Planned > 0 && a.Planned > 0 {
		return ui.T(ctx, "guidance.effect_pace", "before", f.Seen.Value*100/f.Planned, "after", a.Value*100/a.Planned)
	}
	return ui.T(ctx, "guidance.effect_value", "before", amount(ctx, f.Indicator, f.Seen.Value), "after", amount(ctx, f.Indicator, a.Value))
}

// event is one thing that happened to a directive.
type event struct {
	at             time.Time
	what, by, text string
}

// events are what happened to a directive, the latest first.
func (f folder) events(ctx context.Context) (all []event) {
	add := func(at int64, state guidance.State, by, text string) {
		if at > 0 {
			all = append([]event{{db.Time(at), ui.T(ctx, "guidance.event."+string(state)), by, text}}, all...)
		}
	}
	add(f.Issued, guidance.Issued, f.OrgName, "")
	add(f.Read, guidance.Read, f.UnitName, "")
	add(f.Replied, guidance.Replied, f.UnitName, f.Plan)
	add(f.Acted, guidance.Acted, f.UnitName, f.Did)
	add(f.Closed, guidance.Closed, f.OrgName, f.Verdict)
	return all
}

// listLine says who sent a directive, and when.
func listLine(ctx context.Context, l guidance.Listed) string {
	at := l.Issued
	if at == 0 {
		at = l.Created
	}
	return ui.T(ctx, "guidance.line", "org", l.OrgName, "day", i18n.Day(ui.Lang(ctx), db.Time(at)))
}
