package callups

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/a-h/templ"

	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/report/figure"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/callup"
	"tongxin/internal/work/roster"
)

// callupOrg is an organisation's id.
type callupOrg = id.ID

// crumbs lead back to the list.
func crumbs(ctx context.Context) []ui.Link {
	return []ui.Link{{Href: "/desk/callups", Label: ui.T(ctx, "callups.title")}}
}

func receivedLine(ctx context.Context, r callup.Received) string {
	return ui.T(ctx, "callups.received_line", "sender", r.Sender, "unit", r.OrgName, "at", near(ctx, r.Delivered), "by", near(ctx, r.CallUp.AnswerBy))
}

// title, about, button and back are the words of the form of a call-up.
func (d draft) title(ctx context.Context) string {
	if d.ID == "" {
		return ui.T(ctx, "callups.new")
	}
	return d.Title
}

func (d draft) about() string {
	if d.Change {
		return "callups.change_sub"
	}
	return "callups.new_sub"
}

func (d draft) button() string {
	if d.Change {
		return "callups.change_do"
	}
	return "callups.save_next"
}

func (d draft) back() string {
	if d.ID == "" {
		return "/desk/callups"
	}
	return deskPath(d.ID)
}

// rows are the lines that the form shows.
func (d draft) rows() int {
	if d.Change {
		return len(d.Lines)
	}
	return rows
}

func (d draft) drilled() string {
	if d.Drill {
		return "true"
	}
	return ""
}

// lineWords says whom a line calls up, by what the form offers.
func (d draft) lineWords(ctx context.Context, l callup.Line) string {
	n := names{Categories: map[int64]string{}, Skills: map[int64]string{}}
	for into, from := range map[*map[int64]string][]ui.Option{&n.Categories: d.Categories, &n.Skills: d.Skills} {
		for _, o := range from {
			v, _ := strconv.ParseInt(o.Value, 10, 64) // of our own
			(*into)[v] = o.Label
		}
	}
	return n.line(ctx, l)
}

// href opens a figure of the supply of a line.
func (s supply) href(key string, days bool) string {
	href := figureHref(key, s.Org, "")
	if s.Category != 0 {
		href += "&category=" + strconv.FormatInt(s.Category, 10)
	}
	if days {
		href += "&from=" + s.From
	}
	return href
}

// refusal is what was wrong with the form of an action; nil where it was not refused.
func refusal(ctx context.Context, action string) *ui.Refusal {
	if r := ui.From(ctx).Refused; r != nil && r.Action == action {
		return r
	}
	return nil
}

// typed is what was typed into a field of a refused form, else its value.
func typed(ctx context.Context, action, field, value string) string {
	if r := refusal(ctx, action); r != nil {
		return r.Typed.Get(field)
	}
	return value
}

// problemOf is what is wrong with a field, or "".
func problemOf(ctx context.Context, action, field string) string {
	if r := refusal(ctx, action); r != nil {
		for _, p := range r.Problems {
			if p.Field == field {
				return p.Text
			}
		}
	}
	return ""
}

func invalid(ctx context.Context, action, field string) templ.Attributes {
	if problemOf(ctx, action, field) == "" {
		return nil
	}
	return templ.Attributes{"aria-invalid": "true", "aria-describedby": "e-" + field}
}

// isOn says whether a unit is chosen.
func isOn(ctx context.Context, t table, r choice) bool {
	if f := refusal(ctx, t.Action); f != nil {
		return slices.Contains(f.Typed["receivers"], string(r.ID))
	}
	return r.On
}

// under is what stands below the title of a call-up.
func (v opened) under(ctx context.Context) string {
	if v.Issued == 0 {
		return v.OrgName
	}
	return ui.T(ctx, "callups.by_at", "org", v.OrgName, "at", near(ctx, v.Issued))
}

// live is where the page's events come from, while there are any.
func (v opened) live() string {
	if v.State != callup.Issued {
		return ""
	}
	return v.Cascade.streamHref()
}

func (t tray) live() string {
	if t.Call.State != callup.Issued || t.Forwarded == 0 {
		return ""
	}
	return t.Cascade.streamHref()
}

// chosen is how many units are to receive a draft.
func (v opened) chosen() (n int) {
	for _, r := range v.Receive.Rows {
		if r.On {
			n++
		}
	}
	return n
}

func (f fig) name(ctx context.Context) string { return figure.Name(ui.Lang(ctx), f.Indicator) }

// would is how many a drill would have asked.
func (s cascade) would() (n int64) {
	for _, t := range s.Tiers {
		n += t.Would
	}
	return n
}

func (s cascade) nothingBelow() string {
	if s.Call.Issued > 0 && s.At.ID == "" {
		return "callups.delivering"
	}
	return "callups.not_forwarded"
}

// silentBelow says whether one of those right below is silent.
func (s cascade) silentBelow() bool {
	return slices.ContainsFunc(s.Rows, func(r line) bool { return r.Silent() })
}

// stageNoteAt is [stageNote] where no request says what time it is.
func stageNoteAt(ctx context.Context, now time.Time, t callup.Receipt) string {
	at := max(t.Delivered, t.Read, t.Acknowledged, t.Forwarded, t.Reported)
	said := func(ms int64) string {
		return i18n.DayNear(ui.Lang(ctx), now, db.Time(ms)) + " " + i18n.Clock(db.Time(ms))
	}
	if t.Silent() && t.Reminders > 0 {
		return ui.T(ctx, "callups.reminded_n", "n", t.Reminders, "at", said(t.Reminded))
	}
	return said(at)
}

func (t tray) ackTitle() string {
	if t.Acknowledged > 0 {
		return "callups.acknowledged_title"
	}
	return "callups.ack_title"
}

func (t tray) ackButton() string {
	if t.Acknowledged > 0 {
		return "callups.ack_again"
	}
	return "callups.ack_do"
}

func (t tray) ackHow() string {
	if t.Acknowledged > 0 {
		return ""
	}
	return "red"
}

// able is what the form of a line begins with: what was said, or what is asked.
func (t tray) able(n int) string {
	if t.Acknowledged > 0 {
		return strconv.FormatInt(t.Able[n], 10)
	}
	return strconv.FormatInt(t.Quota[n], 10)
}

// opened are the ids of the shifts that are open to it.
func (t tray) opened() []string {
	ids := make([]string, len(t.Shifts))
	for i, s := range t.Shifts {
		ids[i] = string(s.ID)
	}
	return ids
}

// offered are the shifts that may be opened, as choices.
func (t tray) offered(ctx context.Context) []ui.Option {
	var all []ui.Option
	for _, s := range t.May {
		all = append(all, ui.Option{Value: string(s.ID), Label: s.Activity.Title, Note: span(ctx, s) + " · " + s.Activity.Place,
			Side: ui.T(ctx, "callups.free", "n", s.Free(roster.Primary))})
	}
	return all
}

// over says why a call-up is not answered any more.
func (l leaflet) over() string {
	if l.Call.State == callup.Issued {
		return "callups.over"
	}
	return "callups.state." + string(l.Call.State)
}

// orphan is what was refused of a form that is not among those on the page, or "".
func orphan(ctx context.Context, shown []string) string {
	r := ui.From(ctx).Refused
	switch {
	case r == nil || slices.Contains(shown, r.Action):
		return ""
	case len(r.Problems) == 1:
		return r.Problems[0].Text
	}
	return r.Text
}

// forms are the addresses of the forms on the page, which say themselves what was refused.
func (t tray) forms() (all []string) {
	if t.Call.State != callup.Issued || !t.Answers {
		return nil
	}
	at := receiptPath(t.ID)
	all = append(all, at+"/acknowledge")
	if t.Acknowledged == 0 {
		return all
	}
	if len(t.May) > 0 && !t.Call.Drill {
		all = append(all, at+"/shifts")
	}
	if len(t.Forward.Rows) > 0 && t.Left.Sum() > 0 {
		all = append(all, at+"/forward")
	}
	if t.Reported == 0 {
		all = append(all, at+"/report")
	}
	return all
}

func (v opened) forms() (all []string) {
	at := deskPath(v.ID)
	if v.State == callup.Draft && v.Writes {
		all = append(all, at+"/receivers")
	}
	if v.State == callup.Draft && v.Issues {
		all = append(all, at+"/issue", at+"/withdraw")
	}
	if v.State == callup.Issued && v.Issues {
		all = append(all, at+"/receivers", at+"/close", at+"/withdraw")
	}
	return all
}

func (p paper) forms() (all []string) {
	at := "/desk/appeals/" + string(p.ID)
	if p.State == callup.Draft && p.Writes {
		all = append(all, at+"/edit")
	}
	if p.State == callup.Draft && p.Issues {
		all = append(all, at+"/publish")
	}
	if p.State != callup.Withdrawn && p.Issues {
		all = append(all, at+"/withdraw")
	}
	return all
}

// asks says whether she may answer, or has to confirm a place that came free.
func (k card) asks() bool { return k.Answer == "" || k.Offered > 0 && k.Answer == callup.Yes }

func (l leaflet) forms() []string {
	if l.Open && (l.Asked && l.asks() || !l.Asked && l.Joins && len(l.Shifts) == 0) {
		return []string{publicPath(l.Call.ID) + "/answer"}
	}
	return nil
}
