package roster

import (
	"cmp"
	"context"
	"database/sql"
	"slices"
	"strings"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/work/people"
)

// Offer is a shift that a volunteer could take: how near it is and what, if
// anything, stands against it. The shift may be others' too: it is only read.
type Offer struct {
	*Shift
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
	var lists [][]*Shift
	for _, home := range homesAround(who.Home) {
		shifts, err := openIn(ctx, r, home, w.From)
		if err != nil {
			return nil, err
		}
		lists = append(lists, shifts)
	}
	return offers(ctx, r, lists, who, w)
}

// openIn lists the published shifts of a home that begin after a moment, by time.
func openIn(ctx context.Context, r db.Reader, home string, after int64) ([]*Shift, error) {
	rows, err := r.Query(ctx, `SELECT `+shiftColumns+shiftFrom+`WHERE s.home = $1 AND s.state = 'open' AND s.starts > $2
		AND a.state = 'published' ORDER BY s.starts, s.id`, home, after)
	return db.Collect(rows, err, func(r *sql.Rows) (*Shift, error) {
		s, err := scanShift(r)
		return &s, err
	})
}

// offers chooses what she could take from lists of shifts by time.
func offers(ctx context.Context, r db.Reader, lists [][]*Shift, who people.Standing, w Window) ([]Offer, error) {
	mine, err := hers(ctx, r, who.ID, w.From)
	if err != nil {
		return nil, err
	}
	var shifts []*Shift
	for _, list := range lists {
		for _, s := range list {
			if s.Starts > w.From && s.Starts < w.To && s.Taken < s.Places && !mine.keep(s, w) {
				shifts = append(shifts, s)
			}
		}
	}
	var held papers
	if slices.ContainsFunc(shifts, func(s *Shift) bool { return s.Certificates != "" }) {
		if held, err = papersOf(ctx, r, who.ID); err != nil {
			return nil, err
		}
	}
	return rank(shifts, who, held, w.Limit), nil
}

// homesAround are a home, its city's office and its province's, each once.
func homesAround(home string) []string {
	if len(home) != 6 {
		return []string{home}
	}
	return slices.Compact([]string{home, home[:4] + "00", home[:2] + "0000"})
}

// rank sorts what she fits first, then by day, nearness and time.
func rank(shifts []*Shift, who people.Standing, held papers, limit int) []Offer {
	offers := make([]Offer, len(shifts))
	for i, s := range shifts {
		why := eligible(s, who)
		if why == nil {
			why = held.against(s)
		}
		offers[i] = Offer{Shift: s, Near: nearness(int64(who.Area), int64(s.Activity.Area)), Why: why}
	}
	slices.SortFunc(offers, func(a, b Offer) int {
		if (a.Why == nil) != (b.Why == nil) {
			if a.Why == nil {
				return -1
			}
			return 1
		}
		if c := strings.Compare(a.Day, b.Day); c != 0 {
			return c
		}
		return cmp.Or(a.Near-b.Near, cmp.Compare(a.Starts, b.Starts), strings.Compare(string(a.ID), string(b.ID)))
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

// hold is a shift of hers that is not over, and whether it takes her time.
type hold struct {
	shift        id.ID
	busy         bool
	starts, ends int64
}

// holding is all of them.
type holding []hold

// hers reads what a person has signed up for that ends after a moment.
func hers(ctx context.Context, r db.Reader, person id.ID, after int64) (holding, error) {
	rows, err := r.Query(ctx, `/* across homes: her time is one, whatever the county */
		SELECT u.shift, CASE WHEN u.state IN ('offered', 'accepted', 'checked_in') THEN 1 ELSE 0 END, s.starts, s.ends
		FROM roster_signup u JOIN roster_shift s ON s.home = u.home AND s.id = u.shift
		WHERE u.person = $1 AND u.state NOT IN ('withdrawn', 'declined', 'lapsed') AND s.ends > $2`, person, after)
	return db.Collect(rows, err, func(r *sql.Rows) (h hold, err error) {
		err = r.Scan(&h.shift, &h.busy, &h.starts, &h.ends)
		return h, err
	})
}

// keep says whether they keep her from a shift: she is on it, or is elsewhere meanwhile.
func (all holding) keep(s *Shift, w Window) bool {
	for _, h := range all {
		if h.shift == s.ID || h.busy && h.starts < w.To && overlaps(s.Starts, s.Ends, h.starts, h.ends, 0) {
			return true
		}
	}
	return false
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
		&u.RestReason, &u.Device, &u.Ended, &u.Rev}})
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
		WHERE top.id = $1 AND s.state <> 'cancelled' AND s.ends > $2 AND s.starts < $3 AND s.day >= $5 AND s.day <= $6 ORDER BY s.starts, s.id LIMIT $4`,
		org, from, to, limit, db.Day(db.Time(from).Add(-longest)), db.Day(db.Time(to)))
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
