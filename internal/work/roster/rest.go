package roster

import (
	"cmp"
	"context"
	"slices"
	"time"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/work/activity"
)

// Rest is what a kind of post asks for: the longest time on duty on end and the least between
// two shifts, in minutes, and how many nights in a row. 0 asks for nothing. The kind of a post is
// its activity's kind of service. It holds for turns as primary, wherever the others are.
type Rest struct {
	Longest int64
	Apart   int64
	Nights  int64
}

// Any says whether anything is asked.
func (r Rest) Any() bool { return r != Rest{} }

// The bounds of the rules.
const (
	mostLongest = 24 * 60
	mostApart   = 72 * 60
	mostNights  = 14
)

// nightEnds: who is on duty between midnight and five serves the night.
const nightEnds = 5 * time.Hour

// span is from when to when somebody is on duty, unix ms.
type span [2]int64

// broken says in words which rule a shift breaks beside her other ones, nil if none. Shifts with
// no more than grace between them are one time on duty.
func (r Rest) broken(s span, others []span, grace int64) error {
	all := append(slices.Clone(others), s)
	slices.SortFunc(all, func(a, b span) int { return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1])) })
	duties := join(all, grace)
	at := slices.IndexFunc(duties, func(d span) bool { return d[0] <= s[0] && s[1] <= d[1] })
	const minute = 60_000
	if d := duties[at]; r.Longest > 0 && d[1]-d[0] > r.Longest*minute {
		return fail.New(fail.Conflict, "roster.rest_longest", "hours", i18n.Hours(r.Longest))
	}
	if r.Apart > 0 && (at > 0 && duties[at][0]-duties[at-1][1] < r.Apart*minute ||
		at+1 < len(duties) && duties[at+1][0]-duties[at][1] < r.Apart*minute) {
		return fail.New(fail.Conflict, "roster.rest_apart", "hours", i18n.Hours(r.Apart))
	}
	if r.Nights > 0 && int64(nightsAround(s, all)) > r.Nights {
		return fail.New(fail.Conflict, "roster.rest_nights", "n", r.Nights)
	}
	return nil
}

// join makes one of spans that follow each other within the grace.
func join(all []span, grace int64) (joined []span) {
	for _, d := range all {
		if n := len(joined); n > 0 && d[0]-joined[n-1][1] <= grace {
			joined[n-1][1] = max(joined[n-1][1], d[1])
			continue
		}
		joined = append(joined, d)
	}
	return joined
}

// nightsAround is how many nights in a row there are around one that s serves; 0 when it serves none.
func nightsAround(s span, all []span) (longest int) {
	served := map[string]bool{}
	for _, d := range all {
		for _, n := range nightsOf(d) {
			served[n] = true
		}
	}
	step := func(day string, by int) string {
		t, _ := time.Parse(time.DateOnly, day)
		return t.AddDate(0, 0, by).Format(time.DateOnly)
	}
	for _, n := range nightsOf(s) {
		row := 1
		for day := step(n, -1); served[day]; day = step(day, -1) {
			row++
		}
		for day := step(n, 1); served[day]; day = step(day, 1) {
			row++
		}
		longest = max(longest, row)
	}
	return longest
}

// nightsOf are the days in whose first hours a span is.
func nightsOf(s span) (days []string) {
	from := db.Time(s[0]).In(i18n.Zone())
	y, m, d := from.Date()
	for t := time.Date(y, m, d, 0, 0, 0, 0, i18n.Zone()); db.MS(t) < s[1]; t = t.AddDate(0, 0, 1) {
		if s[0] < db.MS(t.Add(nightEnds)) {
			days = append(days, t.Format(time.DateOnly))
		}
	}
	return days
}

// rested says in words which rule of rest the shift would break for her, nil if none. Within a
// transaction her agenda is moved first.
func rested(ctx context.Context, r db.Reader, s Shift, person id.ID) (why, err error) {
	if !s.Rest.Any() {
		return nil, nil
	}
	set, err := config.Load(ctx, r)
	if err != nil {
		return nil, err
	}
	around := (time.Duration(s.Rest.Nights+2)*24*time.Hour + time.Duration(s.Rest.Longest+s.Rest.Apart)*time.Minute).Milliseconds()
	others, err := dutiesOf(ctx, r, person, s.ID, s.Starts-around, s.Ends+around)
	if err != nil {
		return nil, err
	}
	return s.Rest.broken(span{s.Starts, s.Ends}, others, set.OverlapGrace.Milliseconds()), nil
}

// keepRest refuses a turn that breaks the rules of rest. Staff may put her on it all the same,
// with a reason, which is kept; a reason that nothing needs is not.
func keepRest(ctx context.Context, tx *db.Tx, s Shift, u *Signup) error {
	why, err := rested(ctx, tx, s, u.Person)
	if why == nil {
		u.RestReason = ""
		return err
	}
	if u.RestReason == "" {
		return why
	}
	return nil
}

// broken rules of rest, and what is said of each to staff, who may give a reason.
var restBroken = map[string]string{
	"roster.rest_longest": "roster.rest_longest_ask",
	"roster.rest_apart":   "roster.rest_apart_ask",
	"roster.rest_nights":  "roster.rest_nights_ask",
}

// askReason says to staff what they can do about a rule of rest.
func askReason(err error) error {
	if ask, ok := restBroken[fail.Key(err)]; ok {
		return fail.Field("rest", ask, fail.Args(err)...)
	}
	return err
}

func brokenRest(err error) bool {
	_, ok := restBroken[fail.Key(err)]
	return ok
}

// RestOf is what a kind of service asks for.
type RestOf struct {
	Service activity.Service
	Rest
}

// Rests lists the kinds of service with what each asks for.
func Rests(ctx context.Context, r db.Reader) ([]RestOf, error) {
	services, err := activity.Services(ctx, r)
	if err != nil {
		return nil, err
	}
	set, err := restsSet(ctx, r)
	all := make([]RestOf, len(services))
	for i, s := range services {
		all[i] = RestOf{s, set[s.ID]}
	}
	return all, err
}

// SetRest says what the posts of a kind of service ask for from now on. Whoever is on a shift
// already stays on it.
func SetRest(ctx context.Context, tx *db.Tx, actor auth.Actor, service int64, in Rest) error {
	at := actor.Orgs(auth.SystemAdmin)
	if len(at) == 0 {
		return fail.New(fail.Forbidden, "roster.rest_not_yours")
	}
	s, err := activity.ServiceOf(ctx, tx, service)
	if err != nil {
		return err
	}
	within := func(field string, n, most int64) error {
		if n < 0 || n > most {
			return fail.Field(field, "roster.rest_bounds", "max", most)
		}
		return nil
	}
	if err := fail.Join(within("longest", in.Longest, mostLongest), within("apart", in.Apart, mostApart), within("nights", in.Nights, mostNights)); err != nil {
		return err
	}
	before, err := restsSet(ctx, tx)
	if err != nil {
		return err
	}
	if err := putRest(tx, service, in); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "roster.rest_set", Subject: at[0], Org: at[0],
		Before: before[service], After: map[string]any{"service": s.Slug, "rest": in}})
}
