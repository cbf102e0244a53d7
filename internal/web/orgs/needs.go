package orgs

import (
	"context"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/web/page"
	"tongxin/internal/work/org"
)

// Needs are registrations whose time to be decided is over.
func Needs(ctx context.Context, s *page.Site, a page.Asked) ([]page.Need, error) {
	if a.Campaign != 0 {
		return nil, nil
	}
	n, oldest, err := org.CountOverdue(ctx, s.DB, a.Org, db.MS(a.Now))
	if err != nil || n == 0 {
		return nil, err
	}
	return []page.Need{{At: db.Time(oldest), Title: i18n.T(a.Lang, "orgs.need.overdue", "n", n), Text: i18n.T(a.Lang, "orgs.need.overdue_text"),
		Href: "/desk/orgs/pending", Do: i18n.T(a.Lang, "orgs.need.overdue_do")}}, nil
}

// Waiting counts the registrations on a reviewer's desk, as far as a page of them goes.
func Waiting(ctx context.Context, s *page.Site, actor auth.Actor) (int, error) {
	some, _, err := org.Queue(ctx, s.DB, actor, db.MS(s.DB.Now()), "", perPage)
	return len(some), err
}
