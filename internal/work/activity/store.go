package activity

import (
	"context"
	"encoding/json"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

func insert(tx *db.Tx, a Activity) error {
	_, err := tx.Exec(`INSERT INTO activity_activity (home, id, org, campaign, service, title, content, place, area, conditions, how,
			risks, protection, contact, leader, signup, waitlist, risky, state, author, created, rev)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)`,
		a.Home, string(a.ID), string(a.Org), a.Campaign, a.Service, a.Title, a.Content, a.Place, int64(a.Area), a.Conditions, a.How,
		a.Risks, a.Protection, a.Contact, string(a.Leader), string(a.Signup), a.Waitlist, a.Risky, string(a.State), string(a.Author),
		a.Created, a.Rev)
	return err
}

// save writes all that may change but the span, if nobody saved since a.Rev was
// read.
func save(tx *db.Tx, a Activity) error {
	n, err := tx.Exec(`UPDATE activity_activity SET campaign = $4, service = $5, title = $6, content = $7, place = $8, area = $9,
			conditions = $10, how = $11, risks = $12, protection = $13, contact = $14, leader = $15, signup = $16, waitlist = $17,
			risky = $18, state = $19, reason = $20, author = $21, submitted = $22, due = $23, reviewer_org = $24, raised = $25,
			published = $26, version = $27, rev = rev + 1
		WHERE home = $1 AND id = $2 AND rev = $3`,
		a.Home, string(a.ID), a.Rev, a.Campaign, a.Service, a.Title, a.Content, a.Place, int64(a.Area),
		a.Conditions, a.How, a.Risks, a.Protection, a.Contact, string(a.Leader), string(a.Signup), a.Waitlist,
		a.Risky, string(a.State), a.Reason, string(a.Author), a.Submitted, a.Due, string(a.ReviewerOrg), a.Raised,
		a.Published, a.Version)
	if err == nil && n == 0 {
		return fail.New(fail.Conflict, "activity.changed_meanwhile")
	}
	return err
}

// saveSpan writes the span; without shifts only where nothing was published.
func saveSpan(tx *db.Tx, activity id.ID, span Span) error {
	if span.Shifts == 0 {
		span = Span{}
	}
	n, err := tx.Exec(`UPDATE activity_activity SET starts = CASE WHEN $5 AND published > 0 THEN starts ELSE $3 END,
			ends = CASE WHEN $5 AND published > 0 THEN ends ELSE $4 END
		WHERE home = $1 AND id = $2`, activity.Home(), string(activity), span.Starts, span.Ends, span.Shifts == 0)
	if err == nil && n == 0 {
		return fail.New(fail.NotFound, "activity.unknown")
	}
	return err
}

// hold locks the row of an activity that is still at rev.
func hold(tx *db.Tx, activity id.ID, rev int64) (bool, error) {
	n, err := tx.Exec("UPDATE activity_activity SET rev = rev WHERE home = $1 AND id = $2 AND rev = $3",
		activity.Home(), string(activity), rev)
	return n > 0, err
}

func insertPost(tx *db.Tx, p Post) error {
	_, err := tx.Exec(`INSERT INTO activity_post (home, id, activity, name, duty, min_age, max_age, skill, certificates, risky, places, standby_places)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
		p.ID.Home(), string(p.ID), string(p.Activity), p.Name, p.Duty, p.MinAge, p.MaxAge, p.Skill, string(p.Certificates), p.Risky, p.Places, p.StandbyPlaces)
	return err
}

func savePost(tx *db.Tx, p Post) error {
	_, err := tx.Exec(`UPDATE activity_post SET name = $3, duty = $4, min_age = $5, max_age = $6, skill = $7, certificates = $8, risky = $9, places = $10,
			standby_places = $11
		WHERE home = $1 AND id = $2`,
		p.ID.Home(), string(p.ID), p.Name, p.Duty, p.MinAge, p.MaxAge, p.Skill, string(p.Certificates), p.Risky, p.Places, p.StandbyPlaces)
	return err
}

func deletePost(tx *db.Tx, p Post) error {
	_, err := tx.Exec("DELETE FROM activity_post WHERE home = $1 AND id = $2", p.ID.Home(), string(p.ID))
	return err
}

func putCoOrgs(tx *db.Tx, a Activity, with []CoOrg) error {
	if _, err := tx.Exec("DELETE FROM activity_coorg WHERE home = $1 AND activity = $2", a.Home, string(a.ID)); err != nil {
		return err
	}
	for _, c := range with {
		_, err := tx.Exec("INSERT INTO activity_coorg (home, activity, org, part) VALUES ($1, $2, $3, $4)",
			a.Home, string(a.ID), string(c.Org), string(c.Part))
		if err != nil {
			return err
		}
	}
	return nil
}

func insertChange(tx *db.Tx, a Activity, by id.ID, d Diff) error {
	b, err := json.Marshal(d)
	if err != nil {
		return err
	}
	_, err = tx.Exec("INSERT INTO activity_change (home, activity, version, at, by, diff) VALUES ($1, $2, $3, $4, $5, $6)",
		a.Home, string(a.ID), a.Version, db.MS(tx.Now), string(by), string(b))
	return err
}

// heldOn says whether a fact lives that an activity was held on a day: of each posting and its
// reversal the quantities add up to nothing.
func heldOn(ctx context.Context, r db.Reader, activity id.ID, day string) (bool, error) {
	var n int64
	err := r.QueryRow(ctx, `SELECT CAST(COALESCE(SUM(f.qty), 0) AS BIGINT) FROM ledger_fact f JOIN ledger_kind k ON k.id = f.kind
		WHERE f.home = $1 AND f.subject = $2 AND f.day = $3 AND k.key = $4`, activity.Home(), string(activity), day, HeldFact.Key).Scan(&n)
	return n > 0, err
}

func insertService(tx *db.Tx, s Service) error {
	_, err := tx.Exec("INSERT INTO activity_service (id, slug, name, risky, open) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
		s.ID, s.Slug, s.Name, s.Risky, s.Open)
	return err
}

// markService makes a kind of service risky, or not, and with it the activities
// of that kind that are not over.
func markService(tx *db.Tx, service int64, risky bool) error {
	if _, err := tx.Exec("UPDATE activity_service SET risky = $2 WHERE id = $1", service, risky); err != nil {
		return err
	}
	_, err := tx.Exec(`/* across homes: a kind of service is risky everywhere */
		UPDATE activity_activity SET risky = CASE WHEN $2 OR EXISTS (SELECT 1 FROM activity_post p
			WHERE p.home = activity_activity.home AND p.activity = activity_activity.id AND p.risky) THEN TRUE ELSE FALSE END
		WHERE service = $1 AND state NOT IN ('cancelled', 'settled')`, service, risky)
	return err
}
