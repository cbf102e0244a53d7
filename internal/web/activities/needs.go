package activities

import (
	"context"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/work/activity"
)

// Needs are reviews whose time is over, at the organisation or below.
func Needs(ctx context.Context, s *page.Site, a page.Asked) ([]page.Need, error) {
	if a.Campaign != 0 {
		return nil, nil
	}
	at := []id.ID{a.Org}
	n, err := activity.CountQueue(ctx, s.DB, a.Now, at, activity.Overdue)
	if err != nil || n == 0 {
		return nil, err
	}
	late, _, err := activity.Queue(ctx, s.DB, a.Now, at, activity.Overdue, "")
	if err != nil || len(late) == 0 {
		return nil, err
	}
	return []page.Need{{Hot: true, At: db.Time(late[0].Due), Title: i18n.T(a.Lang, "activities.need.review", "n", n),
		Text: i18n.T(a.Lang, "activities.need.review_text", "title", late[0].Title, "org", late[0].ReviewerName),
		Href: "/desk/reviews?view=" + string(activity.Overdue), Do: i18n.T(a.Lang, "activities.need.review_do")}}, nil
}

// Waiting counts the submissions on a reviewer's desk.
func Waiting(ctx context.Context, s *page.Site, actor auth.Actor) (int, error) {
	return activity.CountQueue(ctx, s.DB, s.DB.Now(), actor.Orgs(reviewers...), activity.Mine)
}
