package roster

import (
	"context"
	"math"
	"slices"
	"time"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org"
)

// Template is posts and shifts under a name. Its organisation and all below it may make them
// again; what was made stays when the template changes.
type Template struct {
	Content
	ID      id.ID
	Org     id.ID
	Service int64 // the kind of service that it was made for
	Weekly  bool  // its days count from a Monday
	Retired bool
	Author  id.ID // who saved it last
	Changed int64
	Rev     int64
}

// Content is what is typed about a template, or taken from an activity.
type Content struct {
	Name  string            `json:"-"`
	Note  string            `json:"-"`
	Posts []activity.PostIn `json:"posts"`
	Slots []Slot            `json:"slots"`
}

// Slot is a shift of a template.
type Slot struct {
	Post          int   `json:"post"`   // which of its posts
	Day           int64 `json:"day"`    // from the first
	Begins        int64 `json:"begins"` // minutes after midnight
	Lasts         int64 `json:"lasts"`  // minutes
	Places        int64 `json:"places"`
	StandbyPlaces int64 `json:"standby_places"`
}

// The bounds of templates, in characters and days.
const (
	minTemplate     = 2
	maxTemplate     = 30
	maxNote         = 200
	LongestTemplate = 31
)

// check refuses a template that cannot be.
func (in Content) check() error {
	var wrong []error
	if n := len([]rune(in.Name)); n < minTemplate || n > maxTemplate {
		wrong = append(wrong, fail.Field("name", "roster.template_name", "min", minTemplate, "max", maxTemplate))
	}
	if len([]rune(in.Note)) > maxNote {
		wrong = append(wrong, fail.Field("note", "roster.template_note", "max", maxNote))
	}
	switch {
	case len(in.Slots) == 0:
		wrong = append(wrong, fail.Field("slots", "roster.template_empty"))
	case len(in.Slots) > AtOnce:
		wrong = append(wrong, fail.Field("slots", "roster.template_many", "n", int64(AtOnce)))
	}
	for i, s := range in.Slots {
		if s.Post < 0 || s.Post >= len(in.Posts) || s.Day < 0 || s.Day >= LongestTemplate || s.Begins < 0 || s.Begins >= 24*60 ||
			s.Lasts < 1 || s.Lasts > int64(longest/time.Minute) || s.Places < 1 || s.Places > 9999 || s.StandbyPlaces < 0 || s.StandbyPlaces > 9999 {
			wrong = append(wrong, fail.Field("slots", "roster.template_slot", "n", int64(i+1)))
		}
	}
	return fail.Join(wrong...)
}

// tidied is what is kept: the slots by time, and only posts that have any.
func (in Content) tidied() Content {
	in.Name, in.Note = ident.Line(in.Name), ident.Line(in.Note)
	at, posts := map[int]int{}, []activity.PostIn(nil)
	slots := slices.Clone(in.Slots)
	slices.SortStableFunc(slots, func(a, b Slot) int { return int((a.Day-b.Day)*24*60 + a.Begins - b.Begins) })
	for i, s := range slots {
		if s.Post < 0 || s.Post >= len(in.Posts) {
			return in // check says so
		}
		if _, ok := at[s.Post]; !ok {
			at[s.Post] = len(posts)
			posts = append(posts, in.Posts[s.Post])
		}
		slots[i].Post = at[s.Post]
	}
	in.Posts, in.Slots = posts, slots
	return in
}

// Saving says what becomes of an activity's plan: a template of an organisation, of one week of
// it or of all.
type Saving struct {
	Activity id.ID
	Org      id.ID // "": the activity's
	Name     string
	Note     string
	Week     string // a day of the week that is saved; "" saves all shifts
	Replace  bool   // the template of that name is saved over
}

// SaveTemplate keeps the posts and shifts of an activity, or of one week of it, under a name.
// Cancelled shifts and places changed by themselves are kept as they are planned now.
func SaveTemplate(ctx context.Context, tx *db.Tx, actor auth.Actor, in Saving) (Template, error) {
	a, err := activity.Get(ctx, tx, in.Activity)
	if err != nil {
		return Template{}, err
	}
	if in.Org == "" {
		in.Org = a.Org
	}
	for _, at := range []id.ID{a.Org, in.Org} {
		if err := org.Permit(ctx, tx, actor, at, staffRoles...); err != nil {
			return Template{}, err
		}
	}
	t := Template{Org: in.Org, Service: a.Service, Weekly: in.Week != "", Author: actor.Person, Changed: db.MS(tx.Now)}
	if t.Content, err = planned(ctx, tx, a.ID, in.Week); err != nil {
		return t, err
	}
	t.Name, t.Note = in.Name, in.Note
	t.Content = t.Content.tidied()
	if err := t.check(); err != nil {
		return t, err
	}
	old, err := templateNamed(ctx, tx, t.Org, t.Name)
	switch {
	case fail.KindOf(err) == fail.NotFound:
		t.ID, t.Rev = tx.NewID(t.Org.Home()), 1
		err = insertTemplate(tx, t)
	case err != nil:
	case !in.Replace:
		err = fail.Field("name", "roster.template_taken")
	default:
		t.ID, t.Rev = old.ID, old.Rev
		err = saveTemplate(tx, &t)
	}
	if err != nil {
		return t, err
	}
	return t, audit.Record(tx, actor, audit.Entry{Action: "roster.template_saved", Subject: t.ID, Org: t.Org, After: t.plain()})
}

// plain is what the audit keeps of a template.
func (t Template) plain() map[string]any {
	return map[string]any{"name": t.Name, "note": t.Note, "weekly": t.Weekly, "posts": t.Posts, "slots": t.Slots}
}

// planned reads the posts and shifts of an activity, or of the week of a day.
func planned(ctx context.Context, r db.Reader, a id.ID, week string) (c Content, err error) {
	posts, err := activity.Posts(ctx, r, a)
	if err != nil {
		return c, err
	}
	at := map[id.ID]int{}
	for i, p := range posts {
		at[p.ID] = i
		c.Posts = append(c.Posts, p.PostIn)
	}
	shifts, err := Of(ctx, r, a)
	if err != nil {
		return c, err
	}
	shifts = slices.DeleteFunc(shifts, func(s Shift) bool { return s.State == "cancelled" })
	if len(shifts) == 0 {
		return c, fail.Field("week", "roster.template_empty")
	}
	first, span := i18n.Midnight(shifts[0].Starting()), LongestTemplate
	if week != "" {
		if first, err = mondayOf(week, "week"); err != nil {
			return c, err
		}
		span = 7
	}
	for _, s := range shifts {
		day := daysBetween(first, i18n.Midnight(s.Starting()))
		switch {
		case week != "" && (day < 0 || day >= span):
			continue
		case day >= span:
			return c, fail.Field("week", "roster.template_long", "days", int64(LongestTemplate))
		}
		c.Slots = append(c.Slots, Slot{Post: at[s.Post], Day: int64(day), Begins: minuteOf(s.Starting()), Lasts: (s.Ends - s.Starts) / 60_000,
			Places: s.Places, StandbyPlaces: s.StandbyPlaces})
	}
	return c, nil
}

// mondayOf is the Monday of the week of a day.
func mondayOf(day, field string) (time.Time, error) {
	t, err := time.ParseInLocation(time.DateOnly, day, i18n.Zone())
	if err != nil {
		return t, fail.Field(field, "roster.week_wrong")
	}
	return t.AddDate(0, 0, -weekday(t)), nil
}

// daysBetween counts from one midnight to another, whatever the clocks did between.
func daysBetween(a, b time.Time) int { return int(math.Round(b.Sub(a).Hours() / 24)) }

// EditTemplate rewrites a template. rev is the one that was read.
func EditTemplate(ctx context.Context, tx *db.Tx, actor auth.Actor, template id.ID, rev int64, in Content) error {
	t, err := permitTemplate(ctx, tx, actor, template)
	if err != nil {
		return err
	}
	before := t
	if t.Rev != rev {
		return fail.New(fail.Conflict, "roster.template_changed")
	}
	t.Content = in.tidied()
	if err := t.check(); err != nil {
		return err
	}
	old, err := templateNamed(ctx, tx, t.Org, t.Name)
	if err == nil && old.ID != t.ID && !t.Retired {
		return fail.Field("name", "roster.template_taken_other")
	}
	if err != nil && fail.KindOf(err) != fail.NotFound {
		return err
	}
	t.Author, t.Changed = actor.Person, db.MS(tx.Now)
	if err := saveTemplate(tx, &t); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "roster.template_edited", Subject: t.ID, Org: t.Org, Before: before.plain(), After: t.plain()})
}

// RetireTemplate takes a template out of use, or brings it back. Nothing is made by it meanwhile.
func RetireTemplate(ctx context.Context, tx *db.Tx, actor auth.Actor, template id.ID, retired bool) error {
	t, err := permitTemplate(ctx, tx, actor, template)
	if err != nil || t.Retired == retired {
		return err
	}
	if !retired {
		if _, err := templateNamed(ctx, tx, t.Org, t.Name); err == nil {
			return fail.New(fail.Conflict, "roster.template_taken_other")
		}
	}
	t.Retired, t.Changed = retired, db.MS(tx.Now)
	if err := saveTemplate(tx, &t); err != nil {
		return err
	}
	action := map[bool]string{true: "roster.template_retired", false: "roster.template_reopened"}[retired]
	return audit.Record(tx, actor, audit.Entry{Action: action, Subject: t.ID, Org: t.Org})
}

// permitTemplate reads a template that the actor may change.
func permitTemplate(ctx context.Context, r db.Reader, actor auth.Actor, template id.ID) (Template, error) {
	t, err := TemplateOf(ctx, r, template)
	if err != nil {
		return t, err
	}
	return t, org.Permit(ctx, r, actor, t.Org, staffRoles...)
}

// Made is what a template made: how many posts and shifts.
type Made struct{ Posts, Shifts int }

// ApplyTemplate adds the posts and shifts of a template to an activity, its first day being one,
// or its week the week of that day. Posts of the same name are taken as they are, shifts that
// stand already are left, and what has begun is not made.
func ApplyTemplate(ctx context.Context, tx *db.Tx, actor auth.Actor, template, activityID id.ID, from string) (made Made, err error) {
	t, err := TemplateOf(ctx, tx, template)
	if err != nil {
		return made, err
	}
	a, err := activity.Get(ctx, tx, activityID)
	if err != nil {
		return made, err
	}
	if err := org.Permit(ctx, tx, actor, a.Org, staffRoles...); err != nil {
		return made, err
	}
	if seen, err := org.Under(ctx, tx, t.Org, a.Org); err != nil || !seen {
		return made, orElse(err, fail.New(fail.NotFound, "roster.template_unknown"))
	}
	if t.Retired {
		return made, fail.New(fail.Conflict, "roster.template_is_retired")
	}
	first, err := t.first(from)
	if err != nil {
		return made, err
	}
	posts, n, err := t.posts(ctx, tx, actor, a.ID)
	if err != nil {
		return made, err
	}
	made.Posts = n
	if made.Shifts, err = t.shifts(ctx, tx, actor, a.ID, posts, first); err != nil {
		return made, err
	}
	return made, audit.Record(tx, actor, audit.Entry{Action: "roster.template_applied", Subject: a.ID, Org: a.Org,
		After: map[string]any{"template": t.ID, "from": from, "posts": made.Posts, "shifts": made.Shifts}})
}

func orElse(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// first is the day from which the slots count.
func (t Template) first(from string) (time.Time, error) {
	if t.Weekly {
		return mondayOf(from, "start_day")
	}
	day, err := time.ParseInLocation(time.DateOnly, from, i18n.Zone())
	if err != nil {
		return day, fail.Field("start_day", "roster.template_day")
	}
	return day, nil
}

// posts finds or adds the posts of the template.
func (t Template) posts(ctx context.Context, tx *db.Tx, actor auth.Actor, a id.ID) (ids []id.ID, added int, err error) {
	have, err := activity.Posts(ctx, tx, a)
	if err != nil {
		return nil, 0, err
	}
	for _, p := range t.Posts {
		i := slices.IndexFunc(have, func(h activity.Post) bool { return h.Name == p.Name })
		if i >= 0 {
			ids = append(ids, have[i].ID)
			continue
		}
		post, err := activity.AddPost(ctx, tx, actor, a, 0, p)
		if err != nil {
			return nil, 0, err
		}
		ids, added = append(ids, post), added+1
	}
	return ids, added, nil
}

// shifts adds the slots that do not stand yet and have not begun.
func (t Template) shifts(ctx context.Context, tx *db.Tx, actor auth.Actor, a id.ID, posts []id.ID, first time.Time) (added int, err error) {
	have, err := Of(ctx, tx, a)
	if err != nil {
		return 0, err
	}
	there := map[string]bool{}
	for _, s := range have {
		if s.State != "cancelled" {
			there[string(s.Post)+stamp(s.Starts)] = true
		}
	}
	for _, s := range t.Slots {
		starts := first.AddDate(0, 0, int(s.Day)).Add(time.Duration(s.Begins) * time.Minute)
		if !starts.After(tx.Now) || there[string(posts[s.Post])+stamp(db.MS(starts))] {
			continue
		}
		p := Plan{Post: posts[s.Post], Starts: starts, Ends: starts.Add(time.Duration(s.Lasts) * time.Minute), Places: s.Places, StandbyPlaces: s.StandbyPlaces}
		if _, err := AddShift(ctx, tx, actor, a, p); err != nil {
			return 0, err
		}
		added++
	}
	if added == 0 {
		return 0, fail.Field("start_day", "roster.template_nothing")
	}
	return added, nil
}

// DraftFromTemplate begins an activity of an organisation with the posts and shifts of a
// template. What is left out of its kind of service is the template's.
func DraftFromTemplate(ctx context.Context, tx *db.Tx, actor auth.Actor, template, of id.ID, in activity.Edit, from string) (id.ID, error) {
	t, err := TemplateOf(ctx, tx, template)
	if err != nil {
		return "", err
	}
	if in.Service == 0 {
		in.Service = t.Service
	}
	a, err := activity.Create(ctx, tx, actor, of, in)
	if err != nil {
		return "", err
	}
	_, err = ApplyTemplate(ctx, tx, actor, template, a, from)
	return a, err
}
