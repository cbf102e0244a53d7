package activity

import (
	"context"
	"database/sql"
	"encoding/json"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

const columns = `a.home, a.id, a.org, a.campaign, a.service, a.title, a.content, a.place, a.area, a.conditions, a.how, a.risks,
	a.protection, a.contact, a.leader, a.signup, a.waitlist, a.risky, a.state, a.reason, a.author, a.submitted, a.due,
	a.reviewer_org, a.raised, a.published, a.version, a.starts, a.ends, a.created, a.rev`

func (a *Activity) fields() []any {
	return []any{
		&a.Home, &a.ID, &a.Org, &a.Campaign, &a.Service, &a.Title, &a.Content, &a.Place, &a.Area, &a.Conditions, &a.How, &a.Risks,
		&a.Protection, &a.Contact, &a.Leader, &a.Signup, &a.Waitlist, &a.Risky, &a.State, &a.Reason, &a.Author, &a.Submitted, &a.Due,
		&a.ReviewerOrg, &a.Raised, &a.Published, &a.Version, &a.Starts, &a.Ends, &a.Created, &a.Rev,
	}
}

// Get reads an activity.
func Get(ctx context.Context, r db.Reader, activity id.ID) (a Activity, err error) {
	err = r.QueryRow(ctx, "SELECT "+columns+" FROM activity_activity a WHERE a.home = $1 AND a.id = $2",
		activity.Home(), string(activity)).Scan(a.fields()...)
	if db.NoRows(err) {
		return a, fail.New(fail.NotFound, "activity.unknown")
	}
	return a, err
}

const postColumns = "p.id, p.activity, p.name, p.duty, p.min_age, p.max_age, p.skill, p.certificates, p.risky, p.places, p.standby_places"

func (p *Post) fields() []any {
	return []any{&p.ID, &p.Activity, &p.Name, &p.Duty, &p.MinAge, &p.MaxAge, &p.Skill, &p.Certificates, &p.Risky, &p.Places, &p.StandbyPlaces}
}

// Posts lists the posts of an activity in the order in which they were added.
func Posts(ctx context.Context, r db.Reader, activity id.ID) ([]Post, error) {
	rows, err := r.Query(ctx, "SELECT "+postColumns+" FROM activity_post p WHERE p.home = $1 AND p.activity = $2 ORDER BY p.id",
		activity.Home(), string(activity))
	return db.Collect(rows, err, func(r *sql.Rows) (p Post, err error) { return p, r.Scan(p.fields()...) })
}

// PostOf reads a post.
func PostOf(ctx context.Context, r db.Reader, post id.ID) (p Post, err error) {
	err = r.QueryRow(ctx, "SELECT "+postColumns+" FROM activity_post p WHERE p.home = $1 AND p.id = $2",
		post.Home(), string(post)).Scan(p.fields()...)
	if db.NoRows(err) {
		return p, fail.New(fail.NotFound, "activity.post_unknown")
	}
	return p, err
}

// CoOrgs lists who organises beside the organiser, hosts first.
func CoOrgs(ctx context.Context, r db.Reader, activity id.ID) ([]CoOrg, error) {
	rows, err := r.Query(ctx, "SELECT c.org, c.part FROM activity_coorg c WHERE c.home = $1 AND c.activity = $2 ORDER BY c.part DESC, c.org",
		activity.Home(), string(activity))
	return db.Collect(rows, err, func(r *sql.Rows) (c CoOrg, err error) { return c, r.Scan(&c.Org, &c.Part) })
}

// Made is a change that was made after publication.
type Made struct {
	Version int64
	At      int64
	By      id.ID
	Diff    Diff
}

// Changes lists what changed since publication, the last first.
func Changes(ctx context.Context, r db.Reader, activity id.ID) ([]Made, error) {
	rows, err := r.Query(ctx, `SELECT c.version, c.at, c.by, c.diff FROM activity_change c WHERE c.home = $1 AND c.activity = $2
		ORDER BY c.version DESC`, activity.Home(), string(activity))
	return db.Collect(rows, err, func(r *sql.Rows) (m Made, err error) {
		var diff string
		if err := r.Scan(&m.Version, &m.At, &m.By, &diff); err != nil {
			return m, err
		}
		return m, json.Unmarshal([]byte(diff), &m.Diff)
	})
}

// Event is one step of an activity's life, as the audit trail holds it.
type Event struct {
	At     int64
	Actor  id.ID
	Action string // the message key is audit.action.ACTION
}

// History lists what happened to an activity, the last first.
func History(ctx context.Context, r db.Reader, activity id.ID) ([]Event, error) {
	rows, err := r.Query(ctx, `SELECT e.at, e.actor, e.action FROM audit_entry e WHERE e.home = $1 AND e.subject = $2
		ORDER BY e.at DESC, e.id DESC LIMIT 100`, activity.Home(), string(activity))
	return db.Collect(rows, err, func(r *sql.Rows) (e Event, err error) { return e, r.Scan(&e.At, &e.Actor, &e.Action) })
}

const serviceColumns = "s.id, s.slug, s.name, s.risky, s.open"

func scanService(r *sql.Rows) (s Service, err error) {
	return s, r.Scan(&s.ID, &s.Slug, &s.Name, &s.Risky, &s.Open)
}

// Services lists the kinds of service, in the order in which they came.
func Services(ctx context.Context, r db.Reader) ([]Service, error) {
	rows, err := r.Query(ctx, "SELECT "+serviceColumns+" FROM activity_service s ORDER BY s.id")
	return db.Collect(rows, err, scanService)
}

// ServiceOf reads a kind of service.
func ServiceOf(ctx context.Context, r db.Reader, service int64) (s Service, err error) {
	err = r.QueryRow(ctx, "SELECT "+serviceColumns+" FROM activity_service s WHERE s.id = $1", service).
		Scan(&s.ID, &s.Slug, &s.Name, &s.Risky, &s.Open)
	if db.NoRows(err) {
		return s, fail.New(fail.NotFound, "activity.service_unknown")
	}
	return s, err
}

// skillOpen says whether a skill may be asked for; 0 asks for none.
func skillOpen(ctx context.Context, r db.Reader, skill int64) (bool, error) {
	var n int
	err := r.QueryRow(ctx, "SELECT COUNT(*) FROM people_skill WHERE id = $1", skill).Scan(&n)
	return n > 0 || skill == 0, err
}

// Leaders lists who may lead an activity of an organisation: whoever is a leader
// or administrator there or above.
func Leaders(ctx context.Context, r db.Reader, of id.ID) ([]id.ID, error) {
	rows, err := r.Query(ctx, `/* across homes: staff of a city work in its counties */
		SELECT p.person, MIN(u.depth) FROM org_org w JOIN org_under u ON u.position = w.position
		JOIN org_position q ON q.id = u.ancestor JOIN org_org o ON o.id = q.org AND o.position = q.id JOIN people_role p ON p.org = o.id
		WHERE w.id = $1 AND p.role IN ('leader', 'admin')
		GROUP BY p.person ORDER BY MIN(u.depth), p.person LIMIT 100`, string(of))
	return db.Collect(rows, err, func(r *sql.Rows) (person id.ID, err error) {
		var depth int
		return person, r.Scan(&person, &depth)
	})
}

// holders lists who may decide at an organisation itself.
func holders(ctx context.Context, r db.Reader, at id.ID) ([]id.ID, error) {
	rows, err := r.Query(ctx, `/* across homes: a person may work away from her home */
		SELECT DISTINCT p.person FROM people_role p WHERE p.org = $1 AND p.role IN ('reviewer', 'admin') ORDER BY p.person`, string(at))
	return db.Collect(rows, err, func(r *sql.Rows) (person id.ID, err error) { return person, r.Scan(&person) })
}
