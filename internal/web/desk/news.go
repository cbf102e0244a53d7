package desk

import (
	"context"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/report/figure"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org"
)

// happening is an activity that somebody has just come to first.
type happening struct {
	At         time.Time
	Who, Title string
}

// newsMost is how many happenings a wall has room for.
const newsMost = 4

// news are the activities that began last today.
func (e *eye) news(ctx context.Context, now time.Time) ([]happening, error) {
	today := db.Day(now)
	begun, err := e.site.Figures.Latest(ctx, figure.Query{Indicator: held, Org: e.org.ID, Campaign: e.campaign.ID, From: today, To: today}, newsMost)
	if err != nil {
		return nil, err
	}
	var orgs []id.ID
	for _, f := range begun {
		orgs = append(orgs, f.Org)
	}
	names, err := org.Names(ctx, e.site.DB, orgs)
	if err != nil {
		return nil, err
	}
	var all []happening
	for _, f := range begun {
		a, err := activity.Get(ctx, e.site.DB, f.Fact.Subject)
		if fail.KindOf(err) == fail.NotFound {
			continue
		}
		if err != nil {
			return nil, err
		}
		all = append(all, happening{db.Time(f.Fact.Posted), names[f.Org], a.Title})
	}
	return all, nil
}
