package rosters

import (
	"slices"
	"strings"
	"time"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/roster"
)

// greeting is the key of how one greets at that hour.
func greeting(now time.Time) string {
	switch h := now.In(i18n.Zone()).Hour(); {
	case h < 5 || h >= 23:
		return "rosters.greet.night"
	case h < 9:
		return "rosters.greet.early"
	case h < 11:
		return "rosters.greet.morning"
	case h < 13:
		return "rosters.greet.noon"
	case h < 18:
		return "rosters.greet.afternoon"
	}
	return "rosters.greet.evening"
}

// toGo is how long it is until a moment, never more than there is: minutes below an hour,
// hours below two days, then days.
func toGo(c *page.Ctx, t time.Time) string {
	switch d := t.Sub(c.Now); {
	case d < time.Minute:
		return c.T("format.under_a_minute")
	case d < time.Hour:
		return c.T("format.minutes", "n", int64(d/time.Minute))
	case d < 48*time.Hour:
		return c.T("format.hours", "n", int64(d/time.Hour))
	default:
		return c.T("format.days", "n", int64(d/(24*time.Hour)))
	}
}

// span is when a shift is, with the day as one would say it now.
func span(c *page.Ctx, s roster.Shift) string {
	return i18n.NearSpan(c.Lang, c.Now, s.Starting(), s.Ending())
}

// daySpan is when a shift is, with its date.
func daySpan(c *page.Ctx, s roster.Shift) string {
	return i18n.DaySpan(c.Lang, s.Starting(), s.Ending())
}

// clock is a stored moment as time of day.
func clock(ms int64) string { return i18n.Clock(time.UnixMilli(ms)) }

// placeName is how a place on a shift is called.
func placeName(c *page.Ctx, p roster.Place) string { return c.T("rosters.place." + string(p)) }

// dot joins what is not empty by a middle dot.
func dot(parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, " · ")
}

// lines puts what is not empty on lines of its own.
func lines(parts ...string) string {
	parts = slices.DeleteFunc(parts, func(p string) bool { return p == "" })
	return strings.Join(parts, "\n")
}

// stateKind is the colour of a sign-up's state, beside its word.
func stateKind(s roster.State) string {
	switch s {
	case roster.Accepted, roster.CheckedIn, roster.CheckedOut, roster.Settled:
		return "ok"
	case roster.Applied, roster.Waitlisted, roster.Offered, roster.Unclosed:
		return "warn"
	case roster.NoShow:
		return "red"
	}
	return "line"
}

// stateTag is a sign-up's state as a tag.
func stateTag(c *page.Ctx, s roster.State) tag {
	return tag{Kind: stateKind(s), Text: c.T("rosters.state." + string(s))}
}

// tag is a short word on a ground.
type tag struct{ Kind, Text string }

// reason is why a sign-up ended: what staff wrote, or the sentence of a key.
func reason(c *page.Ctx, text string) string {
	if isKey(text) {
		return c.T(text)
	}
	return text
}

// isKey says whether the reason of a sign-up is a message key of roster's.
func isKey(text string) bool { return strings.HasPrefix(text, "roster.") }

// why is a refusal in words.
func why(c *page.Ctx, err error) string { return c.T(fail.Key(err), fail.Args(err)...) }

// remedy is what a volunteer can do about a requirement that she does not meet.
func remedy(c *page.Ctx, err error) ui.Link {
	switch fail.Key(err) {
	case "roster.age_unknown":
		return ui.Link{Label: c.T("rosters.do.birth"), Href: "/my/data/identity"}
	case "roster.certificate_missing", "roster.certificate_expires":
		return ui.Link{Label: c.T("rosters.do.certificate"), Href: "/my/data/certificates"}
	case "roster.skill_missing":
		return ui.Link{Label: c.T("rosters.do.skill"), Href: "/my/data/skills"}
	}
	return ui.Link{}
}

// The addresses of things, in one place.

func shiftPath(s id.ID) string { return "/shifts/" + string(s) }

func placePath(s, person id.ID) string { return shiftPath(s) + "/people/" + string(person) }

func activityPath(a id.ID) string { return "/activities/" + string(a) }

func deskPath(s id.ID) string { return "/desk/shifts/" + string(s) }

func deskPlacePath(s, person id.ID) string { return deskPath(s) + "/people/" + string(person) }

func planPath(a id.ID) string { return "/desk/activities/" + string(a) + "/shifts" }

// looksLikeNumber says whether somebody typed digits, full-width ones and spaces included.
func looksLikeNumber(s string) bool {
	s = plainDigits(s)
	return len(s) >= 12 && strings.Trim(s, "0123456789") == ""
}

// plainDigits is a number as it is kept, without spaces and full-width forms.
func plainDigits(s string) string { return ident.Fold(s) }

// dayText is the day of a stored moment.
func dayText(c *page.Ctx, ms int64) string { return i18n.Day(c.Lang, time.UnixMilli(ms)) }
