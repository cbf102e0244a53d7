package bulletin

import (
	"context"
	"database/sql"

	"tongxin/internal/base/db"
)

// sight is an issue with what verify wants to know of it.
type sight struct {
	Issue
	whole    bool // its organisation and campaign, and what it corrects, are there
	texts    int  // not removed, and not accepted
	accepted int
	yes      int // who agreed in the last round and wrote none of it
}

// every reads all issues.
func every(ctx context.Context, r db.Reader) ([]sight, error) {
	rows, err := r.Query(ctx, "/* across homes: verify reads everything */ SELECT "+head+`, i.body,
		CASE WHEN EXISTS (SELECT 1 FROM org_org o WHERE o.id = i.org) AND (i.campaign = 0 OR EXISTS (SELECT 1 FROM campaign_campaign c WHERE c.id = i.campaign))
			AND (i.corrects = '' OR EXISTS (SELECT 1 FROM bulletin_issue b WHERE b.home = i.home AND b.id = i.corrects AND b.state = 'published'))
			AND NOT EXISTS (SELECT 1 FROM bulletin_article a WHERE a.home = i.home AND a.issue = i.id AND NOT EXISTS (SELECT 1 FROM org_org o WHERE o.id = a.org))
			THEN 1 ELSE 0 END,
		(SELECT COUNT(*) FROM bulletin_article a WHERE a.home = i.home AND a.issue = i.id AND a.state NOT IN ('removed', 'accepted')),
		(SELECT COUNT(*) FROM bulletin_article a WHERE a.home = i.home AND a.issue = i.id AND a.state = 'accepted'),
		(SELECT COUNT(*) FROM bulletin_review v WHERE v.home = i.home AND v.issue = i.id AND v.round = i.round AND v.agreed AND v.reviewer <> i.author
			AND NOT EXISTS (SELECT 1 FROM bulletin_article a WHERE a.home = i.home AND a.issue = i.id AND a.state = 'accepted' AND a.author = v.reviewer))
		FROM bulletin_issue i`)
	return db.Collect(rows, err, func(r *sql.Rows) (s sight, err error) {
		whole := 0
		err = s.scan(r.Scan, &s.Body, &whole, &s.texts, &s.accepted, &s.yes)
		s.whole = whole == 1
		return s, err
	})
}

// brought is a delivery with the campaign of its issue; sent says whether that is published.
type brought struct {
	Delivery
	campaign int64
	sent     bool
}

// everyDelivery reads all deliveries.
func everyDelivery(ctx context.Context, r db.Reader) ([]brought, error) {
	rows, err := r.Query(ctx, "/* across homes: verify reads everything */ SELECT "+deliveryColumns+`, COALESCE(i.campaign, 0),
		CASE WHEN i.state = 'published' AND EXISTS (SELECT 1 FROM org_org o WHERE o.id = d.org) THEN 1 ELSE 0 END
		FROM bulletin_delivery d LEFT JOIN bulletin_issue i ON i.id = d.issue`)
	return db.Collect(rows, err, func(r *sql.Rows) (b brought, err error) {
		sent := 0
		err = b.scan(r.Scan, &b.campaign, &sent)
		b.sent = sent == 1
		return b, err
	})
}
