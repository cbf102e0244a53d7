package experience

import (
	"context"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/report/figure"
)

// longest is over how many days an effect is looked at.
const longest = 30

// Effect is the indicator of an adopter over as many days after as before.
type Effect struct {
	Days          int64
	Before, After int64
	Few           bool         // fewer than figure.Few persons stand behind one of them: neither is told
	Over          figure.Query // the days after
}

// EffectOf reckons what came of an adoption; false while no day has passed, or where the
// experience names no indicator.
func EffectOf(ctx context.Context, e *figure.Engine, x Experience, a Adoption, now time.Time) (f Effect, ok bool, err error) {
	from, err := time.ParseInLocation(time.DateOnly, a.Day, i18n.Zone())
	if err != nil || x.Indicator == "" {
		return f, false, nil
	}
	f.Days = min(longest, int64(i18n.Midnight(now).Sub(from).Hours()/24))
	if f.Days < 1 {
		return f, false, nil
	}
	day := func(n int64) string { return db.Day(from.AddDate(0, 0, int(n))) }
	q := figure.Query{Indicator: x.Indicator, Org: a.Org, Service: x.Service, From: day(-f.Days), To: day(-1)}
	before, err := e.Printed(ctx, q)
	if err != nil {
		return f, false, err
	}
	q.From, q.To = day(0), day(f.Days-1)
	after, err := e.Printed(ctx, q)
	f.Before, f.After, f.Few, f.Over = before.Value, after.Value, before.Hidden || after.Hidden, q
	return f, err == nil, err
}
