package roster

import (
	"context"
	"slices"
	"strings"
	"time"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org"
)

// The days of a series.
const (
	Weekly      = "weekly"       // its weekdays, whatever day it is
	ButHolidays = "but_holidays" // its weekdays, but not on public holidays
	Working     = "working"      // working days: no weekends and no holidays, but the weekends that are worked for them
)

// AtOnce is how many shifts one command makes or changes at most; what is left is made by the next.
const AtOnce = 60

// longestSeries is how far a series may reach.
const longestSeries = 366

// Rule says on which days a series has a shift.
type Rule struct {
	Days     string
	Weekdays int64 // bit 0 is Monday
	Weeks    int64 // every so many weeks, counted from the week of From
	From, To string
	Skipped  []string
}

// Series is a rule that makes shifts of a post.
type Series struct {
	Rule
	ID            id.ID
	Activity      id.ID
	Post          id.ID
	Begins        int64 // minutes after midnight
	Lasts         int64 // minutes
	Places        int64
	StandbyPlaces int64
	Made          string // the day up to which its shifts are made
	Author        id.ID
	Rev           int64
}

// days are the rule's days after one, the first at most so many, and whether there are more.
func (r Rule) days(after string, most int, set config.Settings) (days []string, more bool) {
	first, _ := time.Parse(time.DateOnly, r.From)
	monday := first.AddDate(0, 0, -weekday(first))
	for t := first; t.Format(time.DateOnly) <= r.To; t = t.AddDate(0, 0, 1) {
		day := t.Format(time.DateOnly)
		week := int64(t.Sub(monday).Hours()) / (7 * 24)
		if day <= after || week%r.Weeks != 0 || slices.Contains(r.Skipped, day) || !r.has(day, weekday(t), set) {
			continue
		}
		if len(days) == most {
			return days, true
		}
		days = append(days, day)
	}
	return days, false
}

// has says whether a day is one of the rule's, weeks and skipped days apart.
func (r Rule) has(day string, weekday int, set config.Settings) bool {
	on := r.Weekdays>>weekday&1 == 1
	switch r.Days {
	case ButHolidays:
		return on && !set.Holiday(day)
	case Working:
		return set.Worked(day) || weekday < 5 && !set.Holiday(day)
	}
	return on
}

// weekday counts from Monday.
func weekday(t time.Time) int { return (int(t.Weekday()) + 6) % 7 }

// check refuses rules that cannot be.
func (s Series) check() error {
	var wrong []error
	if s.Days != Weekly && s.Days != ButHolidays && s.Days != Working {
		wrong = append(wrong, fail.Field("days", "roster.series_days"))
	}
	if s.Weekdays < 1 || s.Weekdays > 127 {
		wrong = append(wrong, fail.Field("weekdays", "roster.series_weekdays"))
	}
	if s.Weeks < 1 || s.Weeks > 8 {
		wrong = append(wrong, fail.Field("weeks", "roster.series_weeks"))
	}
	from, errFrom := time.Parse(time.DateOnly, s.From)
	to, errTo := time.Parse(time.DateOnly, s.To)
	switch {
	case errFrom != nil:
		wrong = append(wrong, fail.Field("from_day", "roster.series_from"))
	case errTo != nil || to.Before(from) || to.Sub(from) > longestSeries*24*time.Hour:
		wrong = append(wrong, fail.Field("to_day", "roster.series_to", "days", int64(longestSeries)))
	}
	for _, day := range s.Skipped {
		if _, err := time.Parse(time.DateOnly, day); err != nil {
			wrong = append(wrong, fail.Field("skipped", "roster.series_skipped"))
		}
	}
	if s.Begins < 0 || s.Begins >= 24*60 || s.Lasts < 1 || s.Lasts > int64(longest/time.Minute) {
		wrong = append(wrong, fail.Field("ends", "roster.ends_before_start"))
	}
	return fail.Join(wrong...)
}

// on is the series' shift of a day.
func (s Series) on(day string) Plan {
	t, _ := time.ParseInLocation(time.DateOnly, day, i18n.Zone())
	starts := t.Add(time.Duration(s.Begins) * time.Minute)
	return Plan{Post: s.Post, Starts: starts, Ends: starts.Add(time.Duration(s.Lasts) * time.Minute), Places: s.Places, StandbyPlaces: s.StandbyPlaces, series: s.ID}
}

// AddSeries keeps a rule and makes its first shifts. It answers how many, and whether more are to
// be made ([Extend]).
func AddSeries(ctx context.Context, tx *db.Tx, actor auth.Actor, in Series) (s Series, made int, more bool, err error) {
	a, err := activity.Get(ctx, tx, in.Activity)
	if err != nil {
		return s, 0, false, err
	}
	if err := org.Permit(ctx, tx, actor, a.Org, planRoles...); err != nil {
		return s, 0, false, err
	}
	p, err := activity.PostOf(ctx, tx, in.Post)
	if err != nil {
		return s, 0, false, err
	}
	if in.Places == 0 {
		in.Places, in.StandbyPlaces = p.Places, p.StandbyPlaces
	}
	if err := in.check(); err != nil {
		return s, 0, false, err
	}
	in.ID, in.Author, in.Made, in.Rev = tx.NewID(a.Home), actor.Person, "", 1
	if err := insertSeries(tx, in); err != nil {
		return s, 0, false, err
	}
	if err := audit.Record(tx, actor, audit.Entry{Action: "roster.series_added", Subject: in.ID, Org: a.Org, After: in}); err != nil {
		return s, 0, false, err
	}
	return Extend(ctx, tx, actor, in.ID)
}

// Extend makes the next shifts of a series, in one transaction no more than [AtOnce].
func Extend(ctx context.Context, tx *db.Tx, actor auth.Actor, series id.ID) (s Series, made int, more bool, err error) {
	if s, err = SeriesOf(ctx, tx, series); err != nil {
		return s, 0, false, err
	}
	set, err := config.Load(ctx, tx)
	if err != nil {
		return s, 0, false, err
	}
	after := max(s.Made, db.Day(tx.Now)) // nothing is made for a day that has begun
	days, more := s.days(after, AtOnce, set)
	if len(days) == 0 {
		return s, 0, false, fail.New(fail.Conflict, "roster.series_none")
	}
	for _, day := range days {
		if _, err := AddShift(ctx, tx, actor, s.Activity, s.on(day)); err != nil {
			return s, 0, false, err
		}
	}
	s.Made = days[len(days)-1]
	return s, len(days), more, saveSeries(tx, &s)
}

// Scope is how much of a series a change is for.
type Scope string

// One shift, it and those after it, or all that have not begun.
const (
	OnlyThis  Scope = "one"
	Following Scope = "following"
	WholeOf   Scope = "all"
)

// ChangeSeries changes times of day and places of a shift's series: of it and those that follow,
// or of all that have not begun. What was changed by itself before is kept and told, unless
// asked otherwise. People on what changes are told as [ChangeShift] tells them.
func ChangeSeries(ctx context.Context, tx *db.Tx, actor auth.Actor, shift id.ID, in Edit, scope Scope, own bool) (changed int, kept []Shift, err error) {
	first, err := permitPlan(ctx, tx, actor, shift)
	if err != nil {
		return 0, nil, err
	}
	if first.Series == "" {
		return 0, nil, fail.New(fail.Conflict, "roster.series_not")
	}
	s, err := SeriesOf(ctx, tx, first.Series)
	if err != nil {
		return 0, nil, err
	}
	begins, lasts := minuteOf(in.Starts), int64(in.Ends.Sub(in.Starts)/time.Minute)
	s.Begins, s.Lasts, s.Places, s.StandbyPlaces = begins, lasts, in.Places, in.StandbyPlaces
	if err := s.check(); err != nil {
		return 0, nil, err
	}
	from := db.MS(tx.Now)
	if scope == Following {
		from = first.Starts - 1
	}
	shifts, err := comingOf(ctx, tx, s, max(from, db.MS(tx.Now)))
	if err != nil {
		return 0, nil, err
	}
	if len(shifts) > longestSeries {
		return 0, nil, fail.New(fail.Conflict, "roster.series_many", "n", int64(longestSeries))
	}
	for _, at := range byID(shifts) { // shifts are locked in this order
		if at.Own && !own && at.ID != shift {
			kept = append(kept, at)
			continue
		}
		plan := s.on(at.Day)
		e := Edit{Starts: plan.Starts, Ends: plan.Ends, Places: in.Places, StandbyPlaces: in.StandbyPlaces, ofSeries: true}
		if at.ID == shift {
			e.ToWaitlist = in.ToWaitlist
		}
		if _, err := ChangeShift(ctx, tx, actor, at.ID, at.Rev, e); err != nil {
			return 0, nil, err
		}
		changed++
	}
	return changed, kept, saveSeries(tx, &s)
}

// minuteOf is a moment's minute of its day.
func minuteOf(t time.Time) int64 {
	h, m, _ := t.In(i18n.Zone()).Clock()
	return int64(h*60 + m)
}

// CopyWeek adds the shifts of one week of an activity to another: same weekday, time, post and
// places. What stands there already is left, and so are cancelled shifts.
func CopyWeek(ctx context.Context, tx *db.Tx, actor auth.Actor, activityID id.ID, from, to string) (added int, err error) {
	a, errA := mondayOf(from, "from_week")
	b, errB := mondayOf(to, "to_week")
	if err := fail.Join(errA, errB); err != nil {
		return 0, err
	}
	if a.Equal(b) {
		return 0, fail.Field("to_week", "roster.week_same")
	}
	shifts, err := Of(ctx, tx, activityID)
	if err != nil {
		return 0, err
	}
	if act, err := activity.Get(ctx, tx, activityID); err != nil {
		return 0, err
	} else if err := org.Permit(ctx, tx, actor, act.Org, planRoles...); err != nil {
		return 0, err
	}
	there := map[string]bool{}
	for _, s := range shifts {
		if s.State != "cancelled" {
			there[string(s.Post)+stamp(s.Starts)] = true
		}
	}
	for _, s := range shifts {
		d := int(s.Starting().Sub(a).Hours() / 24)
		if s.State == "cancelled" || s.Starting().Before(a) || d >= 7 {
			continue
		}
		starts := b.AddDate(0, 0, d).Add(time.Duration(minuteOf(s.Starting())) * time.Minute)
		if there[string(s.Post)+stamp(db.MS(starts))] {
			continue
		}
		if added++; added > AtOnce {
			return 0, fail.New(fail.Conflict, "roster.week_many", "n", int64(AtOnce))
		}
		p := Plan{Post: s.Post, Starts: starts, Ends: starts.Add(s.Ending().Sub(s.Starting())), Places: s.Places, StandbyPlaces: s.StandbyPlaces}
		if _, err := AddShift(ctx, tx, actor, activityID, p); err != nil {
			return 0, err
		}
	}
	if added == 0 {
		return 0, fail.New(fail.Conflict, "roster.week_empty")
	}
	return added, nil
}

// daysOf are days with commas between.
func daysOf(text string) []string {
	return strings.FieldsFunc(text, func(r rune) bool { return r == ',' })
}
