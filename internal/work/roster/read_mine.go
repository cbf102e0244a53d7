package roster

import (
	"context"
	"database/sql"
	"slices"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/work/people"
)

// Offer is a shift that a volunteer could take: how near it is and what, if
// anything, stands against it.
type Offer struct {
	Shift
	Near int   // 0 her village or community, 1 her township, 2 her county, 3 her city, 4 farther
	Why  error // nil: she meets every requirement
}

// Window is which shifts are looked at: those of a home's counties that start
// within a span (unix ms).
type Window struct {
	From, To int64
	Limit    int
}

// OpenFor lists the shifts with a free place that she could take, those that
// she fits first, then nearest in time and place. Her own county, her city's
// office and her province's are looked at.
func OpenFor(ctx context.Context, r db.Reader, who people.Standing, w Window) ([]Offer, error) {
	homes := homesAround(who.Home)
	rows, err := r.Query(ctx, `SELECT `+shiftColumns+shiftFrom+`
		WHERE s.home IN ($1, $2, $3) AND s.state = 'open' AND s.starts > $4 AND s.starts < $5 AND s.taken < s.places
		AND a.state = 'published'
		AND NOT EXISTS (SELECT 1 FROM roster_signup u WHERE u.home = s.home AND u.shift = s.id AND u.person = $6
			AND u.state NOT IN ('withdrawn', 'declined', 'lapsed'))
		ORDER BY s.starts, s.id LIMIT 500`, homes[0], homes[1], homes[2], w.From, w.To, who.ID)
	shifts, err := db.Collect(rows, err, scanShifts)
	if err != nil {
		return nil, err
	}
	mine, err := busy(ctx, r, who.ID, w.From, w.To)
	if err != nil {
		return nil, err
	}
	return rank(shifts, mine, who, w.Limit), nil
}

// homesAround are a home, its city's office and its province's.
func homesAround(home string) [3]string {
	if len(home) != 6 {
		return [3]string{home, home, home}
	}
	return [3]string{home, home[:4] + "00", home[:2] + "0000"}
}

// rank leaves out what collides with her own shifts and sorts the rest.
func rank(shifts []Shift, mine [][2]int64, who people.Standing, limit int) []Offer {
	offers := make([]Offer, 0, len(shifts))
	for _, s := range shifts {
		if slices.ContainsFunc(mine, func(b [2]int64) bool { return overlaps(s.Starts, s.Ends, b[0], b[1], 0) }) {
			continue
		}
		offers = append(offers, Offer{Shift: s, Near: nearness(int64(who.Area), int64(s.Activity.Area)), Why: eligible(s, who)})
	}
	slices.SortStableFunc(offers, func(a, b Offer) int {
		if (a.Why == nil) != (b.Why == nil) {
			if a.Why == nil {
				return -1
			}
			return 1
		}
		if a.Day != b.Day {
			return 0 // already by time
		}
		return a.Near - b.Near
	})
	if limit > 0 && len(offers) > limit {
		offers = offers[:limit]
	}
	return offers
}

// nearness compares two division codes: how far up their common division lies.
func nearness(a, b int64) int {
	for near, l := range []struct{ cut, part int64 }{{1, 1_000}, {1_000, 1_000}, {1_000_000, 100}, {100_000_000, 100}} {
		if a/l.cut == b/l.cut && a/l.cut%l.part != 0 {
			return near
		}
	}
	return 4
}

// busy lists the spans of her shifts.
func busy(ctx context.Context, r db.Reader, person id.ID, from, to int64) ([][2]int64, error) {
	rows, err := r.Query(ctx, `/* across homes: her time is one, whatever the county */
		SELECT s.starts, s.ends FROM roster_signup u JOIN roster_shift s ON s.home = u.home AND s.id = u.shift
		WHERE u.person = $1 AND u.state IN ('offered', 'accepted', 'checked_in') AND s.ends > $2 AND s.starts < $3`, person, from, to)
	return db.Collect(rows, err, func(r *sql.Rows) (b [2]int64, err error) {
		err = r.Scan(&b[0], &b[1])
		return b, err
	})
}

// Turn is one sign-up with its shift.
type Turn struct {
	Signup
	At Shift
}

func scanTurn(r *sql.Rows) (t Turn, err error) {
	t.Signup, t.At, err = scanBoth(r)
	return t, err
}

// scanBoth reads a shift's columns followed by a sign-up's.
func scanBoth(r scanner) (u Signup, s Shift, err error) {
	s, err = scanShift(prefix{r, []any{
		&u.ID, &u.Shift, &u.Person, &u.Place, &u.State, &u.Unit, &u.Category, &u.Callup, &u.Proxy, &u.Queue, &u.OfferedUntil, &u.Reason,
		&u.Applied, &u.Accepted, &u.Arrived, &u.ArrivedBy, &u.Departed, &u.Minutes, &u.Grade, &u.Walkup, &u.SteppedIn, &u.LeftEarly, &u.AckVersion, &u.CameFrom,
		&u.RestReason, &u.Device, &u.Rev}})
	return u, s, err
}

// prefix scans its own columns before the ones it is given.
type prefix struct {
	r     scanner
	first []any
}

func (p prefix) Scan(rest ...any) error { return p.r.Scan(append(p.first, rest...)...) }

// Coming lists a person's turns that are not over, soonest first: those she
// waits for as well as those she has. One that she has not checked out of is not
// over before it is closed.
func Coming(ctx context.Context, r db.Reader, person id.ID, now int64) ([]Turn, error) {
	rows, err := r.Query(ctx, `/* across homes: her own shifts, in any county */
		SELECT `+signupColumns+`, `+shiftColumns+shiftFrom+`JOIN roster_signup u ON u.home = s.home AND u.shift = s.id
		WHERE u.person = $1 AND (s.ends > $2 AND u.state IN ('applied', 'waitlisted', 'offered', 'accepted', 'checked_out') OR u.state = 'checked_in')
		ORDER BY s.starts, s.id`, person, now)
	return db.Collect(rows, err, scanTurn)
}

// Past lists a person's turns that are over, latest first, below a start time
// (keyset; 0: from the newest).
func Past(ctx context.Context, r db.Reader, person id.ID, now, below int64, limit int) ([]Turn, error) {
	if below == 0 {
		below = now + 1
	}
	rows, err := r.Query(ctx, `/* across homes: her own shifts, in any county */
		SELECT `+signupColumns+`, `+shiftColumns+shiftFrom+`JOIN roster_signup u ON u.home = s.home AND u.shift = s.id
		WHERE u.person = $1 AND s.ends <= $2 AND s.starts < $3 AND u.state <> 'checked_in'
		ORDER BY s.starts DESC, s.id DESC LIMIT $4`, person, now, below, limit)
	return db.Collect(rows, err, scanTurn)
}

// Around lists a person's turns whose shift touches a span: what a new shift
// would come near to.
func Around(ctx context.Context, r db.Reader, person id.ID, from, to int64) ([]Turn, error) {
	rows, err := r.Query(ctx, `/* across homes: her own shifts, in any county */
		SELECT `+signupColumns+`, `+shiftColumns+shiftFrom+`JOIN roster_signup u ON u.home = s.home AND u.shift = s.id
		WHERE u.person = $1 AND s.ends > $2 AND s.starts < $3 AND u.state IN ('applied', 'waitlisted', 'offered', 'accepted')
		ORDER BY s.starts, s.id`, person, from, to)
	return db.Collect(rows, err, scanTurn)
}

// LeaderShifts lists the shifts of an organisation's subtree that run or come
// within a span, for the desk.
func LeaderShifts(ctx context.Context, r db.Reader, org id.ID, from, to int64, limit int) ([]Shift, error) {
	rows, err := r.Query(ctx, `/* across homes: a subtree may span homes */
		SELECT `+shiftColumns+shiftFrom+`JOIN org_org g ON g.id = a.org JOIN org_under n ON n.position = g.position
		JOIN org_org top ON top.position = n.ancestor
		WHERE top.id = $1 AND s.state <> 'cancelled' AND s.ends > $2 AND s.starts < $3 ORDER BY s.starts, s.id LIMIT $4`, org, from, to, limit)
	return db.Collect(rows, err, scanShifts)
}

// Pending lists the backfills of an organisation's subtree that wait for a
// second person, oldest first.
func Pending(ctx context.Context, r db.Reader, org id.ID, limit int) ([]Backfill, error) {
	rows, err := r.Query(ctx, `/* across homes: a subtree may span homes */
		SELECT `+backfillColumns+` FROM roster_backfill b JOIN org_org g ON g.id = b.author_org JOIN org_under n ON n.position = g.position
		JOIN org_org top ON top.position = n.ancestor
		WHERE top.id = $1 AND b.state = 'pending' ORDER BY b.created, b.id LIMIT $2`, org, limit)
	return db.Collect(rows, err, scanBackfills)
}

// BackfillsOf lists what was told about a shift afterwards.
func BackfillsOf(ctx context.Context, r db.Reader, shift id.ID) ([]Backfill, error) {
	rows, err := r.Query(ctx, `SELECT `+backfillColumns+` FROM roster_backfill b WHERE b.home = $1 AND b.shift = $2 ORDER BY b.created, b.id`,
		shift.Home(), shift)
	return db.Collect(rows, err, scanBackfills)
}

func scanBackfills(r *sql.Rows) (Backfill, error) { return scanBackfill(r) }

// ToldOf lists the hours told afterwards of a person, latest first.
func ToldOf(ctx context.Context, r db.Reader, person id.ID) ([]Backfill, error) {
	rows, err := r.Query(ctx, `/* across homes: her hours, in any county */
		SELECT `+backfillColumns+` FROM roster_backfill b WHERE b.person = $1 ORDER BY b.created DESC, b.id DESC`, person)
	return db.Collect(rows, err, scanBackfills)
}
