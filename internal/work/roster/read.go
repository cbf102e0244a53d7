package roster

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/people"
)

const shiftColumns = `s.home, s.id, s.post, s.starts, s.ends, s.day, s.places, s.taken, s.standby_places, s.standby_taken, s.waiting,
	s.state, s.reason, s.published, s.filled, s.closed, s.series, s.own, s.rev, p.name, p.min_age, p.max_age, p.skill, p.certificates, p.risky, v.risky,
	a.id, a.org, a.title, a.place, a.area, a.campaign, a.service, a.leader, a.state, a.signup, a.waitlist, a.version, a.published,
	COALESCE(w.longest, 0), COALESCE(w.apart, 0), COALESCE(w.nights, 0)`

const shiftFrom = ` FROM roster_shift s
	JOIN activity_activity a ON a.home = s.home AND a.id = s.activity
	JOIN activity_post p ON p.home = s.home AND p.id = s.post
	JOIN activity_service v ON v.id = a.service
	LEFT JOIN roster_rest w ON w.service = a.service `

// scanner is a row, alone or among others.
type scanner interface{ Scan(...any) error }

func scanShift(r scanner) (s Shift, err error) {
	var risky bool
	var signup string
	err = r.Scan(&s.Home, &s.ID, &s.Post, &s.Starts, &s.Ends, &s.Day, &s.Places, &s.Taken, &s.StandbyPlaces, &s.StandbyTaken, &s.Waiting,
		&s.State, &s.Reason, &s.Published, &s.Filled, &s.Closed, &s.Series, &s.Own, &s.Rev, &s.PostName, &s.MinAge, &s.MaxAge, &s.Skill, &s.Certificates, &s.Risky, &risky,
		&s.Activity.ID, &s.Activity.Org, &s.Activity.Title, &s.Activity.Place, &s.Activity.Area, &s.Activity.Campaign, &s.Activity.Service,
		&s.Activity.Leader, &s.Activity.State, &signup, &s.Activity.Waitlist, &s.Activity.Version, &s.Activity.Published,
		&s.Rest.Longest, &s.Rest.Apart, &s.Rest.Nights)
	s.Risky = s.Risky || risky
	s.Activity.ByReview = signup == "approval"
	return s, err
}

func scanShifts(r *sql.Rows) (Shift, error) { return scanShift(r) }

// Get reads one shift with what its activity says of it.
func Get(ctx context.Context, r db.Reader, shift id.ID) (Shift, error) {
	s, err := scanShift(r.QueryRow(ctx, `SELECT `+shiftColumns+shiftFrom+`WHERE s.home = $1 AND s.id = $2`, shift.Home(), shift))
	if db.NoRows(err) {
		return s, fail.New(fail.NotFound, "roster.unknown")
	}
	return s, err
}

// Of lists the shifts of an activity by time.
func Of(ctx context.Context, r db.Reader, activity id.ID) ([]Shift, error) {
	rows, err := r.Query(ctx, `SELECT `+shiftColumns+shiftFrom+`WHERE s.home = $1 AND s.activity = $2 ORDER BY s.starts, s.id`,
		activity.Home(), activity)
	return db.Collect(rows, err, scanShifts)
}

func byID(shifts []Shift) []Shift {
	slices.SortFunc(shifts, func(a, b Shift) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return shifts
}

const signupColumns = `u.id, u.shift, u.person, u.place, u.state, u.unit, u.category, u.callup, u.proxy, u.queue, u.offered_until, u.reason,
	u.applied, u.accepted, u.arrived, u.arrived_by, u.departed, u.minutes, u.grade, u.walkup, u.stepped_in, u.left_early, u.ack_version, u.came_from,
	u.rest_reason, u.device, u.ended, u.rev`

func scanSignup(r scanner) (u Signup, err error) {
	err = r.Scan(&u.ID, &u.Shift, &u.Person, &u.Place, &u.State, &u.Unit, &u.Category, &u.Callup, &u.Proxy, &u.Queue, &u.OfferedUntil, &u.Reason,
		&u.Applied, &u.Accepted, &u.Arrived, &u.ArrivedBy, &u.Departed, &u.Minutes, &u.Grade, &u.Walkup, &u.SteppedIn, &u.LeftEarly, &u.AckVersion, &u.CameFrom,
		&u.RestReason, &u.Device, &u.Ended, &u.Rev)
	return u, err
}

func scanSignups(r *sql.Rows) (Signup, error) { return scanSignup(r) }

// SignupOf reads a person's sign-up on a shift. The id of a record that was merged leads to
// the sign-up of the one that stands for it.
func SignupOf(ctx context.Context, r db.Reader, shift, person id.ID) (Signup, error) {
	u, err := signupOf(ctx, r, shift, person)
	if u.State != Merged && fail.KindOf(err) != fail.NotFound {
		return u, err
	}
	stands, resolved := people.Resolve(ctx, r, person)
	if resolved != nil || stands == person {
		return u, err
	}
	return signupOf(ctx, r, shift, stands)
}

func signupOf(ctx context.Context, r db.Reader, shift, person id.ID) (Signup, error) {
	u, err := scanSignup(r.QueryRow(ctx, `SELECT `+signupColumns+` FROM roster_signup u WHERE u.home = $1 AND u.shift = $2 AND u.person = $3`,
		shift.Home(), shift, person))
	if db.NoRows(err) {
		return u, fail.New(fail.NotFound, "roster.not_signed")
	}
	return u, err
}

func signupByID(ctx context.Context, r db.Reader, signup id.ID) (Signup, error) {
	return scanSignup(r.QueryRow(ctx, `SELECT `+signupColumns+` FROM roster_signup u WHERE u.home = $1 AND u.id = $2`, signup.Home(), signup))
}

// SignupsOf lists everybody who ever signed up for a shift, in the order in
// which a roster is read.
func SignupsOf(ctx context.Context, r db.Reader, shift id.ID) ([]Signup, error) {
	rows, err := r.Query(ctx, `SELECT `+signupColumns+` FROM roster_signup u WHERE u.home = $1 AND u.shift = $2`, shift.Home(), shift)
	all, err := db.Collect(rows, err, scanSignups)
	slices.SortFunc(all, func(a, b Signup) int { // here, as a database would carry each row along
		return cmp.Or(cmp.Compare(a.Place, b.Place), cmp.Compare(a.Accepted, b.Accepted), cmp.Compare(a.Queue, b.Queue), cmp.Compare(a.ID, b.ID))
	})
	return all, err
}

// CountBeside counts who else is on a shift for sure.
func CountBeside(ctx context.Context, r db.Reader, shift, person id.ID) (n int, err error) {
	err = r.QueryRow(ctx, `SELECT COUNT(*) FROM roster_signup u WHERE u.home = $1 AND u.shift = $2 AND u.person <> $3
		AND u.state IN ('accepted', 'checked_in', 'checked_out', 'unclosed', 'settled')`, shift.Home(), shift, person).Scan(&n)
	return n, err
}

// standbysOf lists the accepted standbys of a shift, first come first.
func standbysOf(ctx context.Context, r db.Reader, s Shift) ([]Signup, error) {
	rows, err := r.Query(ctx, `SELECT `+signupColumns+` FROM roster_signup u WHERE u.home = $1 AND u.shift = $2
		AND u.place = 'standby' AND u.state = 'accepted' ORDER BY u.accepted, u.id`, s.Home, s.ID)
	return db.Collect(rows, err, scanSignups)
}

func firstInQueue(ctx context.Context, r db.Reader, s Shift) (Signup, bool, error) {
	u, err := scanSignup(r.QueryRow(ctx, `SELECT `+signupColumns+` FROM roster_signup u WHERE u.home = $1 AND u.shift = $2
		AND u.state = 'waitlisted' ORDER BY u.queue LIMIT 1`, s.Home, s.ID))
	if db.NoRows(err) {
		return u, false, nil
	}
	return u, err == nil, err
}

// conflicting finds a primary post of hers, anywhere, that overlaps the shift by more than the
// grace; "" if there is none. planned leaves out where she just came, which no promise forbids.
func conflicting(ctx context.Context, r db.Reader, s Shift, person id.ID, grace int64, planned bool) (other id.ID, err error) {
	err = r.QueryRow(ctx, `/* across homes: her time is one, whatever the county */
		SELECT u.shift FROM roster_signup u JOIN roster_shift o ON o.home = u.home AND o.id = u.shift
		WHERE u.person = $1 AND u.place = 'primary' AND u.state IN `+busyStates+` AND u.shift <> $2
		AND NOT ($8 AND u.walkup) AND o.starts < $3 AND o.ends > $4
		AND (CASE WHEN o.ends < $5 THEN o.ends ELSE $5 END) - (CASE WHEN o.starts > $6 THEN o.starts ELSE $6 END) > $7 LIMIT 1`,
		person, s.ID, s.Ends-grace, s.Starts+grace, s.Ends, s.Starts, grace, planned).Scan(&other)
	if db.NoRows(err) {
		return "", nil
	}
	return other, err
}

// servedElsewhere says whether she was on another shift during a span.
func servedElsewhere(ctx context.Context, r db.Reader, shift, person id.ID, from, to, grace int64) (bool, error) {
	var n int
	err := r.QueryRow(ctx, `/* across homes: her time is one, whatever the county */
		SELECT COUNT(*) FROM roster_signup u WHERE u.person = $1 AND u.shift <> $2 AND u.state IN ('checked_out', 'unclosed', 'settled')
		AND u.arrived < $3 AND u.departed > $4`, person, shift, to-grace, from+grace).Scan(&n)
	return n > 0, err
}

// codeShifts lists her sign-ups on shifts whose code could be meant now.
func codeShifts(ctx context.Context, r db.Reader, person id.ID, now int64) ([]Signup, error) {
	const hour = 3_600_000
	rows, err := r.Query(ctx, `/* across homes: her own shifts, in any county */
		SELECT `+signupColumns+` FROM roster_signup u JOIN roster_shift s ON s.home = u.home AND s.id = u.shift
		WHERE u.person = $1 AND u.state IN ('accepted', 'offered', 'no_show', 'checked_in', 'checked_out', 'unclosed', 'settled')
		AND s.state = 'open' AND s.starts < $2 AND s.ends > $3 ORDER BY s.starts, u.id`, person, now+2*hour, now-6*hour)
	return db.Collect(rows, err, scanSignups)
}

func guesses(ctx context.Context, r db.Reader, person id.ID, since int64) (n int64, err error) {
	err = r.QueryRow(ctx, `SELECT tries FROM roster_guess WHERE home = $1 AND person = $2 AND since > $3`, person.Home(), person, since).Scan(&n)
	if db.NoRows(err) {
		return 0, nil
	}
	return n, err
}

// shiftsOfPost counts the shifts of a post.
func shiftsOfPost(ctx context.Context, r db.Reader, post id.ID) (n int64, err error) {
	err = r.QueryRow(ctx, `SELECT COUNT(*) FROM roster_shift WHERE home = $1 AND post = $2`, post.Home(), post).Scan(&n)
	return n, err
}

// arrivalsOn counts who has arrived on an activity's shifts of a day.
func arrivalsOn(ctx context.Context, r db.Reader, activity id.ID, day string) (n int64, err error) {
	err = r.QueryRow(ctx, `SELECT COUNT(*) FROM roster_shift s CROSS JOIN roster_signup u
		WHERE u.home = s.home AND u.shift = s.id AND s.home = $1 AND s.activity = $2 AND s.day = $3 AND u.state IN ('checked_in', 'checked_out', 'unclosed', 'settled')`,
		activity.Home(), activity, day).Scan(&n)
	return n, err
}

// peopleOn lists whoever is on a shift of the activity that is not over.
func peopleOn(ctx context.Context, r db.Reader, activity id.ID, now int64) ([]id.ID, error) {
	rows, err := r.Query(ctx, `SELECT DISTINCT u.person FROM roster_shift s CROSS JOIN roster_signup u
		WHERE u.home = s.home AND u.shift = s.id AND s.home = $1 AND s.activity = $2 AND s.ends > $3 AND u.state IN ('applied', 'waitlisted', 'offered', 'accepted', 'checked_in')
		ORDER BY u.person`, activity.Home(), activity, now)
	return db.Collect(rows, err, func(r *sql.Rows) (p id.ID, err error) {
		err = r.Scan(&p)
		return p, err
	})
}

const backfillColumns = `b.id, b.shift, b.person, b.arrived, b.departed, b.minutes, b.reason, b.unit, b.author, b.author_org, b.state,
	b.decided_by, b.decided, b.note, b.created`

func scanBackfill(r scanner) (b Backfill, err error) {
	err = r.Scan(&b.ID, &b.Shift, &b.Person, &b.Arrived, &b.Departed, &b.Minutes, &b.Reason, &b.Unit, &b.Author, &b.AuthorOrg, &b.State,
		&b.DecidedBy, &b.Decided, &b.Note, &b.Created)
	return b, err
}

func backfillByID(ctx context.Context, r db.Reader, backfill id.ID) (Backfill, error) {
	b, err := scanBackfill(r.QueryRow(ctx, `SELECT `+backfillColumns+` FROM roster_backfill b WHERE b.home = $1 AND b.id = $2`, backfill.Home(), backfill))
	if db.NoRows(err) {
		return b, fail.New(fail.NotFound, "roster.backfill_unknown")
	}
	return b, err
}
