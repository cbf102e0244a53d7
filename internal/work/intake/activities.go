package intake

import (
	"context"
	"strconv"
	"strings"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/area"
	"tongxin/internal/work/roster"
)

// A row of this list is a shift; rows of one title are one activity, which is left as a
// draft for its organiser to look over and submit.
var activityList = list{
	columns: []column{{"title", asLine, true}, {"org", asLine, false}, {"service", asLine, true}, {"place", asLine, true}, {"area", asLine, false},
		{"content", asText, false}, {"conditions", asText, false}, {"how", asText, false}, {"risks", asText, false}, {"protection", asText, false},
		{"contact", asLine, false}, {"post", asLine, true}, {"places", asWhole, true}, {"standbys", asWhole, false},
		{"day", asDay, true}, {"start", asClock, true}, {"end", asClock, true}},
	fields: map[string]string{"name": "post", "starts": "start", "ends": "end", "standby_places": "standbys"},
	check:  checkActivity,
	mark: func(_ Batch, b Body) []string {
		return append(sameActivity(b), b.value("post"), b.value("day"), b.value("start"))
	},
	enter: enterShift,
	undo:  undoShift,
}

func sameActivity(b Body) []string {
	return []string{b.value("org"), b.value("service"), b.value("title")}
}

func checkActivity(ctx context.Context, c *checker, b *Body) error {
	organiser, err := c.org(ctx, b, "org")
	if err != nil {
		return err
	}
	services, err := activity.Services(ctx, c.r)
	if err != nil {
		return err
	}
	labels := map[string]string{}
	for _, s := range services {
		labels[s.Name] = strconv.FormatInt(s.ID, 10)
	}
	b.choose("service", "intake.service_unknown", labels)
	if err := c.area(ctx, b, organiser); err != nil {
		return err
	}
	if !b.has("places") && b.value("places") != "" && b.number("places") == 0 {
		b.fault("places", "roster.places_wrong")
	}
	if b.has("day") || b.has("start") || b.has("end") || b.value("day") == "" {
		return nil
	}
	starts, ends := b.times()
	switch {
	case ends.Sub(starts) > 24*time.Hour:
		b.fault("end", "intake.clock")
	case db.MS(starts) <= db.MS(c.w.d.Now()):
		b.fault("day", "roster.starts_in_past")
	}
	return nil
}

// times are a shift's; one that ends before it begins ends on the next day.
func (b Body) times() (starts, ends time.Time) {
	day, _ := time.ParseInLocation(time.DateOnly, b.value("day"), i18n.Zone())
	starts = day.Add(time.Duration(b.number("start")) * time.Minute)
	ends = day.Add(time.Duration(b.number("end")) * time.Minute)
	if !ends.After(starts) {
		ends = ends.Add(24 * time.Hour)
	}
	return starts, ends
}

func enterShift(ctx context.Context, tx *db.Tx, e *entering, b Body) (id.ID, error) {
	a, err := e.activity(ctx, tx, b)
	if err != nil {
		return "", err
	}
	post, err := e.post(ctx, tx, a, b)
	if err != nil {
		return "", err
	}
	starts, ends := b.times()
	s, err := roster.AddShift(ctx, tx, e.actor, a, roster.Plan{Post: post, Starts: starts, Ends: ends, Places: b.number("places"), StandbyPlaces: b.number("standbys")})
	return s.ID, err
}

// activity is the row's, which a row before it may have made.
func (e *entering) activity(ctx context.Context, tx *db.Tx, b Body) (id.ID, error) {
	at, err := orgNamed(ctx, tx, e.b, b.value("org"))
	if err != nil {
		return "", err
	}
	mark := Row{mark: e.w.keys.Hash("intake.activity", strings.Join(append(sameActivity(b), string(e.b.Org)), "\x00"))}
	made, err := marked(ctx, tx, e.b.Home, mark.mark)
	if err != nil {
		return "", err
	}
	if made != "" {
		a, err := activity.Get(ctx, tx, made)
		if err != nil || a.State != activity.Cancelled {
			return made, err
		}
		if err := forgetMark(tx, e.b.Home, mark.mark); err != nil {
			return "", err
		}
	}
	in := activity.Edit{Service: b.number("service"), Title: b.value("title"), Content: b.value("content"), Place: b.value("place"), Conditions: b.value("conditions"),
		How: b.value("how"), Risks: b.value("risks"), Protection: b.value("protection"), Contact: b.value("contact"), Signup: activity.SignupOpen, Waitlist: true}
	in.Area, _ = area.Parse(b.value("area"))
	if made, err = activity.Create(ctx, tx, e.actor, at, in); err != nil {
		return "", err
	}
	_, err = putMark(tx, mark, e.b.ID, made)
	return made, err
}

func (e *entering) post(ctx context.Context, tx *db.Tx, a id.ID, b Body) (id.ID, error) {
	posts, err := activity.Posts(ctx, tx, a)
	if err != nil {
		return "", err
	}
	for _, p := range posts {
		if p.Name == b.value("post") {
			return p.ID, nil
		}
	}
	now, err := activity.Get(ctx, tx, a)
	if err != nil {
		return "", err
	}
	return activity.AddPost(ctx, tx, e.actor, a, now.Rev, activity.PostIn{Name: b.value("post"), Places: b.number("places"), StandbyPlaces: b.number("standbys")})
}

// undoShift takes a shift back, and its activity with the last of them; not once it was
// submitted, for others have read it then.
func undoShift(ctx context.Context, tx *db.Tx, e *entering, made id.ID) error {
	s, err := roster.Get(ctx, tx, made)
	if err != nil {
		return err
	}
	a, err := activity.Get(ctx, tx, s.Activity.ID)
	switch {
	case err != nil:
		return err
	case a.State != activity.Draft:
		return fail.New(fail.Conflict, "intake.activity_used")
	}
	reason := i18n.T(e.b.Lang, "intake.undo_reason")
	if err := roster.CancelShift(ctx, tx, e.actor, s.ID, reason); err != nil {
		return err
	}
	left, err := roster.Of(ctx, tx, a.ID)
	if err != nil {
		return err
	}
	for _, o := range left {
		if o.State != "cancelled" {
			return nil
		}
	}
	return roster.Cancel(ctx, tx, e.actor, a.ID, reason)
}
