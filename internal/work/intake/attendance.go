package intake

import (
	"context"
	"strconv"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

// A row of this list is somebody's time on a shift. It becomes hours told by the author,
// which count once a second person has confirmed them.
var attendanceList = list{
	columns: []column{{"title", asLine, true}, {"day", asDay, true}, {"start", asClock, false}, {"no", asCode, false}, {"contact", asCode, false},
		{"name", asName, true}, {"arrived", asClock, false}, {"departed", asClock, true}, {"reason", asLine, false}},
	fields: map[string]string{"person": "name", "org": "title"},
	check:  checkAttendance,
	mark:   func(_ Batch, b Body) []string { return []string{b.value("shift"), b.value("person")} },
	known:  knownAttendance,
	enter:  enterAttendance,
	undo: func(ctx context.Context, tx *db.Tx, e *entering, made id.ID) error {
		return roster.TakeBackHours(ctx, tx, e.actor, made)
	},
}

// turn is a shift of a day, with the activity's title.
type turn struct {
	roster.Shift
	minutes int64 // of its beginning, from midnight
}

// mostTurns is how many shifts of one day an attendance list looks through.
const mostTurns = 5000

func (c *checker) turnsOf(ctx context.Context, day string) ([]turn, error) {
	if t, ok := c.days[day]; ok {
		return t, nil
	}
	at, err := time.ParseInLocation(time.DateOnly, day, i18n.Zone())
	if err != nil {
		return nil, err
	}
	shifts, err := roster.LeaderShifts(ctx, c.r, c.b.Org, db.MS(at), db.MS(at.Add(24*time.Hour)), mostTurns)
	if err != nil {
		return nil, err
	}
	var turns []turn
	for _, s := range shifts {
		if s.Day == day {
			turns = append(turns, turn{s, (s.Starts - db.MS(at)) / time.Minute.Milliseconds()})
		}
	}
	if c.days == nil {
		c.days = map[string][]turn{}
	}
	c.days[day] = turns
	return turns, nil
}

func checkAttendance(ctx context.Context, c *checker, b *Body) error {
	if b.has("day") || b.has("title") || b.value("day") == "" || b.value("title") == "" {
		return nil
	}
	s, err := c.shift(ctx, b)
	if err != nil {
		return err
	}
	if err := c.person(ctx, b); err != nil || s.ID == "" || b.has("arrived") || b.has("departed") {
		return err
	}
	day := s.Starting().Truncate(time.Minute).Add(-time.Duration(s.minutes) * time.Minute)
	arrived, departed := s.Starting(), day.Add(time.Duration(b.number("departed"))*time.Minute)
	if _, told := b.Cells["arrived"]; told {
		arrived = day.Add(time.Duration(b.number("arrived")) * time.Minute)
	}
	if !departed.After(arrived) { // it went on past midnight
		departed = departed.Add(24 * time.Hour)
	}
	switch {
	case departed.Sub(arrived) > 24*time.Hour || arrived.After(s.Ending()):
		b.fault("departed", "roster.told_outside")
	case departed.After(c.w.d.Now()):
		b.fault("departed", "roster.told_future")
	}
	b.Values["from"], b.Values["to"] = db.Stamp(arrived), db.Stamp(departed)
	return nil
}

// shift finds the turn that a row names, and says what is there when it finds none.
func (c *checker) shift(ctx context.Context, b *Body) (turn, error) {
	turns, err := c.turnsOf(ctx, b.value("day"))
	if err != nil {
		return turn{}, err
	}
	var found []turn
	var titles []string
	for _, t := range turns {
		titles = append(titles, t.Activity.Title)
		_, timed := b.Cells["start"]
		if t.Activity.Title == b.value("title") && (!timed || t.minutes == b.number("start")) {
			found = append(found, t)
		}
	}
	switch len(found) {
	case 1:
		b.Values["shift"] = string(found[0].ID)
		return found[0], nil
	case 0:
		b.suggest("title", "intake.shift_unknown", nearest(b.value("title"), titles))
	default:
		b.fault("start", "intake.shift_several")
	}
	return turn{}, nil
}

// person finds whom a row names: by her number, her telephone number, or a name that only
// one bears in the subtree. Her name must be the row's.
func (c *checker) person(ctx context.Context, b *Body) error {
	col, query := "name", b.value("name")
	for _, k := range []string{"contact", "no"} {
		if b.value(k) != "" && !b.has(k) {
			col, query = k, b.value(k)
		}
	}
	l, err := people.Find(ctx, c.r, c.keys, c.actor, people.Filter{Org: c.b.Org, Query: query, Limit: 50})
	if fail.Key(err) != "" {
		b.fault(col, "intake.person_unknown")
		return nil
	}
	if err != nil {
		return err
	}
	var found []people.Person
	for _, p := range l.People {
		name, err := p.Open(c.keys, people.FieldName)
		if err != nil {
			return err
		}
		if name == b.value("name") {
			found = append(found, p)
		}
	}
	switch {
	case len(found) == 1:
		b.Values["person"] = string(found[0].ID)
	case len(found) > 1:
		b.fault(col, "intake.person_several")
	case len(l.People) > 0 && col != "name":
		b.fault("name", "intake.name_differs")
	default:
		b.fault(col, "intake.person_unknown")
	}
	return nil
}

// knownAttendance finds hours that are there already, from a check-in or told before.
func knownAttendance(ctx context.Context, c *checker, b Body) (id.ID, error) {
	u, err := roster.SignupOf(ctx, c.r, id.ID(b.value("shift")), id.ID(b.value("person")))
	if err == nil && u.Minutes > 0 {
		return u.ID, nil
	}
	if err != nil && fail.KindOf(err) != fail.NotFound {
		return "", err
	}
	told, err := roster.BackfillsOf(ctx, c.r, id.ID(b.value("shift")))
	for _, t := range told {
		if string(t.Person) == b.value("person") && (t.State == "pending" || t.State == "confirmed") {
			return t.ID, nil
		}
	}
	return "", err
}

func enterAttendance(ctx context.Context, tx *db.Tx, e *entering, b Body) (id.ID, error) {
	from, _ := strconv.ParseInt(b.Values["from"], 10, 64)
	to, _ := strconv.ParseInt(b.Values["to"], 10, 64)
	reason := b.value("reason")
	if reason == "" {
		reason = i18n.T(e.b.Lang, "intake.told_reason")
	}
	t, err := roster.TellHours(ctx, tx, e.actor, roster.Told{Shift: id.ID(b.value("shift")), Person: id.ID(b.value("person")), Arrived: from, Departed: to, Reason: reason})
	return t.ID, err
}
