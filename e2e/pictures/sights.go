package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	lists "tongxin/internal/base/sheet"
	"tongxin/internal/report/article"
	"tongxin/internal/report/experience"
	"tongxin/internal/report/guidance"
	"tongxin/internal/report/live"
	"tongxin/internal/report/progress"
	"tongxin/internal/seed"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/callup"
	"tongxin/internal/work/intake"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
	"tongxin/internal/work/report"
	"tongxin/internal/work/roster"
)

// sight is an address to which no link leads, or one more state of a page that is worth a picture.
type sight struct {
	who  string
	is   kind   // a page, or sent on to one; nothing is where a mistake is shown
	name string // of its pictures
	path func(ctx context.Context, c *city) (string, error)
}

const (
	volunteer = string(auth.Volunteer)
	leader    = string(auth.Leader)
	admin     = string(auth.Admin)

	supervisor = string(auth.Supervisor)
)

// sights are all of them. To the first ones no link leads: a code is scanned, and whoever is refused something and loads the
// page anew asks for the address that her form was sent to.
var sights = []sight{
	{volunteer, aPage, "checkin-code", scanned},
	{volunteer, sentOn, "shift", placeOf(roster.Accepted, "")},
	{volunteer, sentOn, "withdraw", placeOf(roster.Accepted, "/people/{person}/withdraw")},
	{leader, sentOn, "walk-ups", deskOf("/walk-ups")},
	{leader, sentOn, "arrive", deskOf("/people/{person}/arrive")},
	{admin, aPage, "hours-told", toldHours},

	{visitor, aPage, "wall", hungWall},
	{volunteer, sentOn, "callup-answered", answered},
	{visitor, aPage, "search-found", plainly("/search?q=测温")},
	{visitor, aPage, "search-more", plainly("/search?q=社区&kind=org")},
	{visitor, aPage, "search-none", plainly("/search?q=xyz")},

	{volunteer, aPage, "place-accepted", placeOf(roster.Accepted, "/people/{person}")},
	{volunteer, aPage, "place-waitlisted", placeOf(roster.Waitlisted, "/people/{person}")},
	{volunteer, aPage, "activity-open", openActivity},
	{leader, aPage, "checkin-desk", deskOf("/desk")},
	{leader, aPage, "checkin-desk-out", deskOf("/desk?do=out")},
	{leader, aPage, "roster-certificates", gated},
	{leader, aPage, "activity-draft", inState(activity.Draft)},
	{leader, aPage, "activity-returned", inState(activity.Returned)},
	{leader, aPage, "activity-cancelled", inState(activity.Cancelled)},
	{admin, aPage, "activity-to-review", inState(activity.Submitted)},
	{supervisor, aPage, "progress-writing", writing},
	{supervisor, aPage, "guidance-draft", directiveIn(guidance.Draft)},
	{supervisor, aPage, "guidance-acted", directiveIn(guidance.Acted)},
	{supervisor, aPage, "guidance-closed", directiveIn(guidance.Closed)},
	{admin, aPage, "guidance-replied", directiveIn(guidance.Replied)},
	{visitor, aPage, "whose", at("/sign-in/whose")},
	{leader, sentOn, "series", inStateAt(activity.Published, "/series")},
	{leader, sentOn, "series-one", inStateAt(activity.Published, "/series/"+nowhere)},
	{leader, sentOn, "copy-week", inStateAt(activity.Published, "/copy-week")},
	{leader, sentOn, "template-of-plan", inStateAt(activity.Published, "/templates")},
	{leader, sentOn, "template-applied", inStateAt(activity.Published, "/apply-template")},
	{leader, sentOn, "template-retired", templated("/retire")},
	{leader, sentOn, "template-draft", templated("/activities")},
	{volunteer, sentOn, "wechat-off", at("/my/notices/ways/wechat/begin")},
	{volunteer, sentOn, "wechat-back", at("/my/notices/ways/wechat")},
	{volunteer, sentOn, "calendar-ended", at("/my/calendar/end")},
	{visitor, aFile, "calendar-of-activity", calendarOf},
	{visitor, aFile, "calendar-of-org", calendarOfOrg},
	{visitor, nothing, "calendar-gone", at("/calendars/" + nowhere + "/guessed.ics")},
	{admin, sentOn, "anomaly", at("/desk/anomalies/00000000000000000000000000000000")},
	{string(auth.SystemAdmin), sentOn, "rest-of-service", at("/desk/rest/1")},
	{volunteer, nothing, "not-asked", placeOf(roster.Accepted, "/ask")},
	{admin, aFile, "attachment", queued("/file")},
	{admin, aPage, "report-again", queued("/edit")},
	{admin, aPage, "list-checked", brought("")},
	{admin, aFile, "list-annotated", brought("/annotated")},
	{admin, aPage, "side-by-side", sideBySide},
	{leader, aFile, "article-figure", at("/desk/editor/figure?key=turns")},
	{leader, sentOn, "article-done", articled("/submit")},
	{leader, sentOn, "experience-done", lessoned("/submit")},
	{visitor, nothing, "picture-gone", at("/pictures/" + nowhere)},
	{visitor, nothing, "not-found", at("/orgs/" + nowhere)},
}

// visit makes sure that the sight is there. What only sends on is no stop.
func (s sight) visit(ctx context.Context, c *city, r routes, walkers []walker, seen map[string]bool) ([]stop, error) {
	path, err := s.path(ctx, c)
	if err != nil {
		return nil, err
	}
	at := slices.IndexFunc(walkers, func(w walker) bool { return w.who == s.who })
	if at < 0 {
		return nil, fmt.Errorf("nobody is %s", s.who)
	}
	got, err := walkers[at].get(ctx, path)
	if err != nil {
		return nil, err
	}
	if got.is != s.is {
		return nil, fmt.Errorf("%s does not answer as it should", path)
	}
	seen[r.of(path)] = true
	if s.is == sentOn || s.is == aFile {
		return nil, nil
	}
	return []stop{{who: s.who, name: s.name, path: path, pattern: r.of(path), cookies: walkers[at].cookies()}}, nil
}

// nowhere is an id that nothing has.
const nowhere = "321202-0000000000zzzzzz"

// at is an address that is always the same.
func at(path string) func(context.Context, *city) (string, error) {
	return func(context.Context, *city) (string, error) { return path, nil }
}

// queued is the first declared total that waits for a reviewer.
func queued(then string) func(context.Context, *city) (string, error) {
	return func(ctx context.Context, c *city) (string, error) {
		o, err := org.Get(ctx, c.app.DB, c.who(auth.Admin).Org)
		if err != nil {
			return "", err
		}
		all, err := report.Queue(ctx, c.app.DB, []org.Seat{{Org: o.ID, Position: o.Position}}, c.who(auth.Admin).Person)
		if err != nil || len(all) == 0 {
			return "", errors.Join(err, errors.New("no total waits for a reviewer"))
		}
		return "/desk/reports/" + string(all[0].ID) + then, nil
	}
}

// brought is a list that was brought and checked: its own empty form.
func brought(then string) func(context.Context, *city) (string, error) {
	return func(ctx context.Context, c *city) (string, error) {
		who := c.who(auth.Admin)
		var form bytes.Buffer
		if err := intake.Template(ctx, c.app.DB, &form, intake.Volunteers, lists.CSV, i18n.Chinese); err != nil {
			return "", err
		}
		actor := auth.Actor{Person: who.Person, Grants: []auth.Grant{{Org: who.Org, Role: who.Role}}, Via: auth.Web}
		batch, err := intake.Bring(ctx, c.app.DB, c.app.Keys, actor, intake.File{Kind: intake.Volunteers, Org: who.Org, Name: "form.csv", Body: bytes.NewReader(form.Bytes()),
			Size: int64(form.Len()), Paper: true, Lang: i18n.Chinese})
		if err == nil {
			err = c.app.Jobs.RunDue(ctx)
		}
		return "/desk/imports/" + string(batch) + then, err
	}
}

// inStateAt is [inState] with something more.
func inStateAt(state activity.State, then string) func(context.Context, *city) (string, error) {
	return func(ctx context.Context, c *city) (string, error) {
		path, err := inState(state)(ctx, c)
		return path + then, err
	}
}

// calendarOf is the calendar of the first activity that is open to everybody.
func calendarOf(ctx context.Context, c *city) (string, error) {
	path, err := openActivity(ctx, c)
	at, _, _ := strings.Cut(strings.TrimPrefix(path, "/activities/"), "?")
	return "/calendars/activities/" + at + ".ics", err
}

// calendarOfOrg is the calendar of the leader's organisation.
func calendarOfOrg(_ context.Context, c *city) (string, error) {
	return "/calendars/orgs/" + string(c.who(auth.Leader).Org) + ".ics", nil
}

// templated is the first roster template of the leader's list.
func templated(then string) func(context.Context, *city) (string, error) {
	return func(ctx context.Context, c *city) (string, error) {
		all, err := roster.TemplatesFor(ctx, c.app.DB, c.who(auth.Leader).Org)
		if err == nil && len(all) == 0 {
			err = errors.New("no template of rosters")
		}
		if err != nil {
			return "", err
		}
		return "/desk/templates/" + string(all[0].ID) + then, nil
	}
}

// who is the first account of a role.
func (c *city) who(role auth.Role) seed.Account {
	return c.accounts[slices.IndexFunc(c.accounts, func(a seed.Account) bool { return a.Role == role })]
}

// placeOf is the place of the volunteer whom the demonstration follows, on the first shift that she is on in a state.
func placeOf(state roster.State, then string) func(context.Context, *city) (string, error) {
	return func(ctx context.Context, c *city) (string, error) {
		t, err := c.turn(ctx, state)
		return "/shifts/" + string(t.Shift) + strings.Replace(then, "{person}", string(t.Person), 1), err
	}
}

func (c *city) turn(ctx context.Context, state roster.State) (roster.Turn, error) {
	turns, err := roster.Coming(ctx, c.app.DB, c.who(auth.Volunteer).Person, db.MS(c.app.DB.Now()))
	at := slices.IndexFunc(turns, func(t roster.Turn) bool { return t.State == state })
	if err != nil || at < 0 {
		return roster.Turn{}, errors.Join(err, fmt.Errorf("she has no shift on which she is %s", state))
	}
	return turns[at], nil
}

// scanned is what the QR code of her next shift says.
func scanned(ctx context.Context, c *city) (string, error) {
	t, err := c.turn(ctx, roster.Accepted)
	digits, _ := roster.CodeAt(roster.Secret(c.app.Keys, t.Shift), c.app.DB.Now(), c.app.Settings.CheckInCode)
	return "/checkin?shift=" + string(t.Shift) + "&code=" + digits, err
}

// openActivity is an activity of her street that does not begin today.
func openActivity(ctx context.Context, c *city) (string, error) {
	from := c.app.DB.Now().Add(24 * time.Hour)
	all, _, err := activity.Open(ctx, c.app.DB, from, activity.Filter{Area: 321202_001_000, From: db.MS(from), Limit: 1}, "")
	if err != nil || len(all) == 0 {
		return "", errors.Join(err, errors.New("nothing is open"))
	}
	return "/activities/" + string(all[0].ID), nil
}

// deskOf is the desk of the leader's shift of now on which most people are.
func deskOf(then string) func(context.Context, *city) (string, error) {
	return func(ctx context.Context, c *city) (string, error) {
		now := c.app.DB.Now()
		all, err := roster.LeaderShifts(ctx, c.app.DB, c.who(auth.Leader).Org, db.MS(now), db.MS(now.Add(time.Minute)), 100)
		if err != nil || len(all) == 0 {
			return "", errors.Join(err, errors.New("no shift runs now"))
		}
		s := slices.MaxFunc(all, func(a, b roster.Shift) int { return cmp.Compare(a.Taken, b.Taken) })
		on, err := roster.SignupsOf(ctx, c.app.DB, s.ID)
		if err != nil || len(on) == 0 {
			return "", errors.Join(err, errors.New("nobody is on the shift that runs now"))
		}
		return "/desk/shifts/" + string(s.ID) + strings.Replace(then, "{person}", string(on[0].Person), 1), nil
	}
}

// gated is a roster whose post asks for certificates, with somebody whose certificate does not count.
func gated(ctx context.Context, c *city) (string, error) {
	now := c.app.DB.Now()
	all, err := roster.LeaderShifts(ctx, c.app.DB, c.who(auth.Leader).Org, db.MS(now), db.MS(now.AddDate(0, 0, 7)), 1000)
	i := slices.IndexFunc(all, func(s roster.Shift) bool { return s.Certificates != "" && s.Taken > 0 })
	if err != nil || i < 0 {
		return "", errors.Join(err, errors.New("no post asks for certificates"))
	}
	return "/desk/shifts/" + string(all[i].ID), nil
}

// hungWall is a wall that shows the first administrator's organisation.
func hungWall(ctx context.Context, c *city) (path string, err error) {
	err = c.app.DB.Write(ctx, func(tx *db.Tx) error {
		who := c.who(auth.Admin)
		actor := auth.Actor{Person: who.Person, Grants: []auth.Grant{{Role: auth.Admin, Org: who.Org}}}
		wall, secret, err := live.Hang(ctx, tx, actor, live.Wall{Org: who.Org, Label: "1"})
		path = "/screen/" + string(wall) + "/" + secret
		return err
	})
	return path, err
}

// sideBySide are two records as staff compare them.
func sideBySide(ctx context.Context, c *city) (string, error) {
	a := c.who(auth.Admin)
	actor := auth.Actor{Person: a.Person, Grants: []auth.Grant{{Org: a.Org, Role: auth.Admin}}}
	l, err := people.Find(ctx, c.app.DB, c.app.Keys, actor, people.Filter{Org: a.Org, Limit: 2})
	if err != nil || len(l.People) < 2 {
		return "", errors.Join(err, errors.New("there are no two volunteers"))
	}
	return "/desk/duplicates/" + string(l.People[0].ID) + "/" + string(l.People[1].ID), nil
}

// toldHours is an entry of hours that waits for a second person.
func toldHours(ctx context.Context, c *city) (string, error) {
	all, err := roster.Pending(ctx, c.app.DB, c.who(auth.Admin).Org, 1)
	if err != nil || len(all) == 0 {
		return "", errors.Join(err, errors.New("no hours wait for a second person"))
	}
	return "/desk/hours/" + string(all[0].ID), nil
}

// inState is an activity of the leader's organisation, or of one below it, in a state.
func inState(state activity.State) func(context.Context, *city) (string, error) {
	return func(ctx context.Context, c *city) (string, error) {
		o, err := org.Get(ctx, c.app.DB, c.who(auth.Leader).Org)
		if err != nil {
			return "", err
		}
		all, _, err := activity.Within(ctx, c.app.DB, []org.Seat{{Org: o.ID, Position: o.Position}}, state, activity.Filter{Limit: 1}, "")
		if err != nil || len(all) == 0 {
			return "", errors.Join(err, fmt.Errorf("no activity is %s", state))
		}
		return "/desk/activities/" + string(all[0].ID), nil
	}
}

// writing is the supervisor's schedule with a directive being written beside it.
func writing(ctx context.Context, c *city) (string, error) {
	b, err := c.board(ctx)
	if err != nil || len(b.Laggards) == 0 {
		return "", errors.Join(err, errors.New("nothing lags"))
	}
	return "/desk/progress/" + string(b.ID) + "?guide=" + string(b.Laggards[0].ID), nil
}

// board is the schedule of the supervisor's organisation as it stands.
func (c *city) board(ctx context.Context) (progress.Board, error) {
	all, err := progress.List(ctx, c.app.DB, c.who(auth.Supervisor).Org)
	if err != nil || len(all) == 0 {
		return progress.Board{}, errors.Join(err, errors.New("there is no schedule"))
	}
	return progress.Read(ctx, c.app.DB, c.app.Figures, all[0], nil, c.app.DB.Now())
}

// articled is what was published last, at the desk.
func articled(then string) func(context.Context, *city) (string, error) {
	return func(ctx context.Context, c *city) (string, error) {
		all, _, err := article.ShownTo(ctx, c.app.DB, article.Filter{Limit: 1})
		if err != nil || len(all) == 0 {
			return "", errors.Join(err, errors.New("no article is published"))
		}
		return "/desk/articles/" + string(all[0].ID) + then, nil
	}
}

// lessoned is the experience that was chosen last.
func lessoned(then string) func(context.Context, *city) (string, error) {
	return func(ctx context.Context, c *city) (string, error) {
		all, _, err := experience.Library(ctx, c.app.DB, experience.Filter{Limit: 1})
		if err != nil || len(all) == 0 {
			return "", errors.Join(err, errors.New("no experience is chosen"))
		}
		return "/desk/experiences/" + string(all[0].ID) + then, nil
	}
}

// directiveIn is a directive of the supervisor's organisation in a state.
func directiveIn(state guidance.State) func(context.Context, *city) (string, error) {
	return func(ctx context.Context, c *city) (string, error) {
		o, err := org.Get(ctx, c.app.DB, c.who(auth.Supervisor).Org)
		if err != nil {
			return "", err
		}
		seats := []org.Seat{{Org: o.ID, Position: o.Position}}
		all, err := guidance.List(ctx, c.app.DB, guidance.Filter{Seats: seats, Drafts: seats, State: state, Now: c.app.DB.Now(), Limit: 1})
		if err != nil || len(all) == 0 {
			return "", errors.Join(err, fmt.Errorf("no directive is %s", state))
		}
		return "/desk/guidance/" + string(all[0].ID), nil
	}
}

// plainly is an address that is the same in every city.
func plainly(path string) func(context.Context, *city) (string, error) {
	return func(context.Context, *city) (string, error) { return path, nil }
}

// answered is where the answer to a call-up was sent.
func answered(ctx context.Context, c *city) (string, error) {
	open, err := callup.OpenNow(ctx, c.app.DB, db.MS(c.app.DB.Now()), 1)
	if err == nil && len(open) == 0 {
		err = errors.New("no call-up is open")
	}
	if err != nil {
		return "", err
	}
	return "/callups/" + string(open[0].ID) + "/answer", nil
}
