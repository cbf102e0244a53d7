package orgs

import (
	"context"

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
