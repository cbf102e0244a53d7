package bench

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/work/notice"
)

// announcing says whether an announcement is still on its way into the outbox.
func announcing(ctx context.Context, r db.Reader) (busy bool, err error) {
	err = r.QueryRow(ctx, "/* across homes: the measurement looks at all */ SELECT EXISTS (SELECT 1 FROM jobs_job WHERE kind = $1)", notice.JobAnnounce).Scan(&busy)
	return busy, err
}

// announced is how many were told and have a delivery, and to how many it was sent.
func announced(ctx context.Context, r db.Reader) (n, sent int64, err error) {
	err = r.QueryRow(ctx, `/* across homes: the measurement looks at all */ SELECT COUNT(*), COUNT(CASE WHEN d.state = 'sent' THEN 1 END)
		FROM notice_delivery d JOIN notice_notice n ON n.home = d.home AND n.id = d.notice WHERE n.kind = 'callup.asked'`).Scan(&n, &sent)
	return n, sent, err
}
