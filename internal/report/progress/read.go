package progress

import (
	"context"
	"database/sql"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/org"
)

const scheduleColumns = "s.id, s.org, s.campaign, s.name, s.state, s.author, s.created, s.rev"

func (s *Schedule) fields() []any {
	return []any{&s.ID, &s.Org, &s.Campaign, &s.Name, &s.State, &s.Author, &s.Created, &s.Rev}
}

func scanSchedule(r *sql.Rows) (s Schedule, err error) { return s, r.Scan(s.fields()...) }

// Get reads a schedule.
func Get(ctx context.Context, r db.Reader, schedule id.ID) (s Schedule, err error) {
	err = r.QueryRow(ctx, "SELECT "+scheduleColumns+" FROM progress_schedule s WHERE s.home = $1 AND s.id = $2",
		schedule.Home(), schedule).Scan(s.fields()...)
	if db.NoRows(err) {
		return s, fail.New(fail.NotFound, "progress.unknown")
	}
	return s, err
}

// List lists the schedules that concern an organisation: its own, those of the organisations
// above it and of those below it, open ones first and of these the newest.
func List(ctx context.Context, r db.Reader, of id.ID) ([]Schedule, error) {
	rows, err := r.Query(ctx, "/* across homes: a city's schedule is its counties' too */ SELECT "+scheduleColumns+` FROM progress_schedule s
		WHERE EXISTS (SELECT 1 FROM org_under n JOIN org_org o ON o.position = n.ancestor JOIN org_org w ON w.position = n.position
			WHERE (o.id = s.org AND w.id = $1) OR (o.id = $1 AND w.id = s.org))
		ORDER BY CASE WHEN s.state = 'open' THEN 0 ELSE 1 END, CASE WHEN s.org = $1 THEN 0 ELSE 1 END, s.created DESC, s.id DESC LIMIT 200`, of)
	return db.Collect(rows, err, scanSchedule)
}

// concerning lists the open schedules of an organisation and of those above it.
func concerning(ctx context.Context, r db.Reader, of id.ID) ([]Schedule, error) {
	rows, err := r.Query(ctx, "/* across homes: a city's schedule is its counties' too */ SELECT "+scheduleColumns+` FROM progress_schedule s
		WHERE s.state = 'open' AND EXISTS (SELECT 1 FROM org_under n JOIN org_org o ON o.position = n.ancestor JOIN org_org w ON w.position = n.position
			WHERE o.id = s.org AND w.id = $1)
		ORDER BY s.created DESC, s.id DESC LIMIT 50`, of)
	return db.Collect(rows, err, scanSchedule)
}

// Items lists the columns of a schedule from the left.
func Items(ctx context.Context, r db.Reader, schedule id.ID) ([]Item, error) {
	rows, err := r.Query(ctx, `SELECT id, schedule, place, name, indicator, service, whole FROM progress_item
		WHERE home = $1 AND schedule = $2 ORDER BY place, id`, schedule.Home(), schedule)
	return db.Collect(rows, err, func(r *sql.Rows) (i Item, err error) {
		return i, r.Scan(&i.ID, &i.Schedule, &i.Place, &i.Name, &i.Indicator, &i.Service, &i.Whole)
	})
}

const rowColumns = "w.id, w.schedule, w.item, w.org, w.from_day, w.due_day, w.target, w.curve, w.reached, w.note, w.rev"

// scan reads a row, and more behind it.
func (w *Row) scan(scan func(...any) error, more ...any) error {
	var curve string
	err := scan(append([]any{&w.ID, &w.Schedule, &w.Item, &w.Org, &w.From, &w.Due, &w.Target, &curve, &w.Reached, &w.Note, &w.Rev}, more...)...)
	if err == nil {
		w.Curve, err = ParseCurve(curve, w.From, w.Due)
	}
	return err
}

// RowOf reads a row with its item.
func RowOf(ctx context.Context, r db.Reader, row id.ID) (w Row, i Item, err error) {
	err = w.scan(r.QueryRow(ctx, "SELECT "+rowColumns+", i.id, i.schedule, i.place, i.name, i.indicator, i.service, i.whole"+
		" FROM progress_row w JOIN progress_item i ON i.home = w.home AND i.id = w.item WHERE w.home = $1 AND w.id = $2", row.Home(), row).Scan,
		&i.ID, &i.Schedule, &i.Place, &i.Name, &i.Indicator, &i.Service, &i.Whole)
	if db.NoRows(err) {
		err = fail.New(fail.NotFound, "progress.row_unknown")
	}
	return w, i, err
}

// rowAt is the row that a unit has of an item.
func rowAt(ctx context.Context, r db.Reader, item, of id.ID) (w Row, found bool, err error) {
	err = w.scan(r.QueryRow(ctx, "SELECT "+rowColumns+" FROM progress_row w WHERE w.home = $1 AND w.item = $2 AND w.org = $3", item.Home(), item, of).Scan)
	if db.NoRows(err) {
		return w, false, nil
	}
	return w, err == nil, err
}

// unitRow is a row with its unit.
type unitRow struct {
	Row
	Unit Unit
}

// rowsOf lists the rows of a schedule in the order of their units' places: all, or those of
// units at or below one of the seats.
func rowsOf(ctx context.Context, r db.Reader, schedule id.ID, seats []org.Seat) ([]unitRow, error) {
	all := 0
	if seats == nil {
		all = 1
	}
	args := []any{schedule.Home(), schedule, all}
	for i := range mostSeats {
		at := int64(0)
		if len(seats) > 0 {
			at = seats[min(i, len(seats)-1)].Position
		}
		args = append(args, at)
	}
	rows, err := r.Query(ctx, "SELECT "+rowColumns+`, o.name, o.kind, o.tier, o.position FROM progress_row w JOIN org_org o ON o.id = w.org
		WHERE w.home = $1 AND w.schedule = $2 AND ($3 = 1 OR EXISTS (SELECT 1 FROM org_under u
			WHERE u.position = o.position AND u.ancestor IN (`+db.In(mostSeats, 4)+`))) ORDER BY o.area, o.name, o.id`, args...)
	return db.Collect(rows, err, func(r *sql.Rows) (u unitRow, err error) {
		err = u.scan(r.Scan, &u.Unit.Name, &u.Unit.Kind, &u.Unit.Tier, &u.Unit.Position)
		u.Unit.Org = u.Org
		return u, err
	})
}

// mostSeats is from how many places at once somebody reads a schedule.
const mostSeats = 8

// Plans are what the units that have a row of an item should have on a day.
func Plans(ctx context.Context, r db.Reader, i Item, schedule id.ID, day string) (map[id.ID]int64, error) {
	rows, err := rowsOf(ctx, r, schedule, nil)
	plans := map[id.ID]int64{}
	for _, u := range rows {
		if u.Item == i.ID {
			plans[u.Org] = u.Planned(i, day)
		}
	}
	return plans, err
}

// Coming is what a schedule asks for next: an item, and the first day on which it is due.
type Coming struct{ Item, Due string }

// Next lists what open schedules ask of an organisation, or it of those below, after a day:
// the nearest first.
func Next(ctx context.Context, r db.Reader, of id.ID, campaign int64, after string, limit int) ([]Coming, error) {
	rows, err := r.Query(ctx, `/* across homes: a city's schedule is its counties' too */ SELECT i.name, MIN(w.due_day) FROM progress_schedule s
		JOIN progress_item i ON i.home = s.home AND i.schedule = s.id JOIN progress_row w ON w.home = i.home AND w.item = i.id
		WHERE s.state = 'open' AND (s.org = $1 OR w.org = $1) AND ($2 = 0 OR s.campaign = $2) AND w.due_day > $3 AND w.reached = ''
		GROUP BY i.name ORDER BY 2, 1 LIMIT $4`, of, campaign, after, limit)
	return db.Collect(rows, err, func(r *sql.Rows) (c Coming, err error) {
		err = r.Scan(&c.Item, &c.Due)
		return c, err
	})
}
