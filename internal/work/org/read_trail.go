package org

import (
	"context"
	"database/sql"
	"strings"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// Trail is an audit entry as its page shows it. Before and After are JSON, ""
// for nothing; personal fields in them are ciphertext.
type Trail struct {
	Seq     int64
	At      int64 // unix ms
	Actor   id.ID
	Via     auth.Via
	Action  string
	Subject id.ID
	Org     id.ID
	Before  string
	After   string
}

// TrailFilter says which entries are looked for, besides whose: a span of time
// (unix ms, To excluded, 0: open), one action or an area of actions
// ("roster."), who did it, and on what.
type TrailFilter struct {
	From, To int64
	Action   string
	Actor    id.ID
	Subject  id.ID
}

// SearchTrail lists numbered audit entries on organisations at or below one, newest
// first, below a number (keyset; 0: from the newest). Entries that name no
// organisation are those of the people of its homes: an office sees them all
// the way down, a centre its county's, whoever is lower none.
func SearchTrail(ctx context.Context, r db.Reader, at Org, f TrailFilter, below int64, limit int) ([]Trail, error) {
	from, to := at.homes()
	rows, err := r.Query(ctx, `/* across homes: an auditor's subtree may span homes */
		SELECT e.seq, e.at, e.actor, e.via, e.action, e.subject, e.org, e.before, e.after FROM audit_entry e
		WHERE e.seq IS NOT NULL AND (CAST($1 AS BIGINT) = 0 OR e.seq < $1) AND e.at >= $2 AND (CAST($3 AS BIGINT) = 0 OR e.at < $3)
		AND ($4 = '' OR e.action = $4 OR SUBSTR(e.action, 1, LENGTH($4)) = $4)
		AND ($5 = '' OR e.actor = $5) AND ($6 = '' OR e.subject = $6)
		AND ((e.org = '' AND e.home >= $7 AND e.home <= $8)
			OR EXISTS (SELECT 1 FROM org_org g JOIN org_under n ON n.position = g.position WHERE g.id = e.org AND n.ancestor = $9))
		ORDER BY e.seq DESC LIMIT $10`,
		below, f.From, f.To, f.Action, string(f.Actor), string(f.Subject), from, to, at.Position, limit)
	return db.Collect(rows, err, func(r *sql.Rows) (e Trail, err error) {
		err = r.Scan(&e.Seq, &e.At, &e.Actor, &e.Via, &e.Action, &e.Subject, &e.Org, &e.Before, &e.After)
		return e, err
	})
}

// homes is the span of homes whose people an organisation answers for; an empty
// one below a centre.
func (o Org) homes() (from, to string) {
	switch o.Tier {
	case Office:
		to = strings.TrimRight(o.Home, "0")
		return o.Home, to + strings.Repeat("9", 6-len(to))
	case Center:
		return o.Home, o.Home
	}
	return "1", "0"
}
