package rosters

import (
	"slices"
	"strings"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/area"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

// shown is an activity as volunteers and residents see it.
type shown struct {
	activity.Activity
	Kick    string
	OrgName string
	Where   string // the county
	With    []string
	Leads   string
	Posts   map[id.ID]activity.Post

	Who      member
	Family   []member
	SignedIn bool
	Adult    bool // she may act for herself, or is acted for
	Units    []ui.Option
	Mine     []turn
	News     []news

	Days  []ui.Link
	Day   string
	Cards []card
	Left  int64
	Gates []ui.Condition
	Open  bool // there is something to take
}

// card is a place that can be taken: a shift, as a primary or as a standby.
type card struct {
	ui.Option
	Shift roster.Shift
	Place roster.Place
	On    bool
}

// asked is what the address says about how to show an activity.
type asked struct {
	Activity id.ID  `path:"activity"`
	Who      id.ID  `form:"who"`
	Shift    id.ID  `form:"shift"`
	Day      string `form:"day,day"`
}

// Activity answers GET /activities/{activity}: what it is, and its shifts to take.
func Activity(c *page.Ctx) error {
	in, err := page.Bind[asked](c)
	if fail.KindOf(err) == fail.NotFound {
		return err
	}
	a, err := activityOf(c, in)
	if err != nil {
		return err
	}
	return c.Render(activityPage(a))
}

func activityOf(c *page.Ctx, in asked) (a shown, err error) {
	if a.Activity, err = activity.Get(c, c.DB, in.Activity); err != nil {
		return a, err
	}
	if a.Published == 0 { // nobody but its organiser knows of it
		return a, fail.New(fail.NotFound, "activity.unknown")
	}
	for _, step := range []func(*page.Ctx, asked) error{a.organisers, a.posts, a.person, a.shifts} {
		if err := step(c, in); err != nil {
			return a, err
		}
	}
	a.Kick = c.T("rosters.kick." + a.kick(c.Now))
	return a, nil
}

// kick says in one word how the activity stands.
func (a *shown) kick(now time.Time) string {
	switch {
	case a.State == activity.Cancelled:
		return "cancelled"
	case a.Phase(now) == activity.Ended:
		return "ended"
	case a.Left > 0:
		return "open"
	case a.Waitlist && a.Open:
		return "waitlist"
	}
	return "full"
}

// organisers names who is behind the activity. The leader's name is whole for those on it only.
func (a *shown) organisers(c *page.Ctx, _ asked) error {
	with, err := activity.CoOrgs(c, c.DB, a.ID)
	if err != nil {
		return err
	}
	ids := []id.ID{a.Org}
	for _, w := range with {
		ids = append(ids, w.Org)
	}
	names, err := org.Names(c, c.DB, ids)
	if err != nil {
		return err
	}
	a.OrgName = names[a.Org]
	for _, w := range with {
		a.With = append(a.With, names[w.Org])
	}
	county, err := area.Names(c, c.DB, []area.Code{a.Area.At(area.County), a.Area.At(area.City)})
	if a.Where = county[a.Area.At(area.County)]; a.Where == "" {
		a.Where = county[a.Area.At(area.City)]
	}
	return err
}

func (a *shown) posts(c *page.Ctx, _ asked) error {
	posts, err := activity.Posts(c, c.DB, a.ID)
	a.Posts = map[id.ID]activity.Post{}
	for _, p := range posts {
		a.Posts[p.ID] = p
	}
	return err
}

// person finds for whom it is shown, and what she has to do with it already.
func (a *shown) person(c *page.Ctx, in asked) (err error) {
	a.SignedIn = c.SignedIn()
	if a.Family, err = family(c); err != nil {
		return err
	}
	a.Who, _ = choose(a.Family, in.Who)
	turns, err := coming(c, a.Family)
	if err != nil {
		return err
	}
	a.Mine = slices.DeleteFunc(turns, func(t turn) bool { return t.At.Activity.ID != a.ID })
	if a.News, err = newsOf(c, a.Activity, a.Mine); err != nil {
		return err
	}
	names, err := people.Names(c, c.DB, c.Keys, []id.ID{a.Leader})
	on := slices.ContainsFunc(a.Mine, func(t turn) bool { return holds(t.State) })
	a.Leads = people.Label(names[a.Leader], on)
	return err
}

// shifts makes the days and, for one of them, the cards.
func (a *shown) shifts(c *page.Ctx, in asked) error {
	all, err := roster.Of(c, c.DB, a.ID)
	if err != nil {
		return err
	}
	all = slices.DeleteFunc(all, func(s roster.Shift) bool { return s.State != "open" || s.Starts <= db.MS(c.Now) })
	a.Open = len(all) > 0 && a.State == activity.Published
	if !a.Open {
		return nil
	}
	for _, s := range all {
		a.Left += max(0, s.Free(roster.Primary))
	}
	a.Day = chosenDay(all, in)
	a.days(c, all)
	all = slices.DeleteFunc(all, func(s roster.Shift) bool { return s.Day != a.Day })
	if a.Who.ID == "" {
		a.Cards = a.plainCards(c, all)
	} else if err := a.herCards(c, all); err != nil {
		return err
	}
	a.markChosen(in.Shift)
	return nil
}

// chosenDay is the day to show: the one asked for, that of the shift asked for, the first with
// a free place, or the first.
func chosenDay(all []roster.Shift, in asked) string {
	for _, fits := range []func(roster.Shift) bool{
		func(s roster.Shift) bool { return s.Day == in.Day },
		func(s roster.Shift) bool { return s.ID == in.Shift },
		func(s roster.Shift) bool { return s.Free(roster.Primary) > 0 },
	} {
		if i := slices.IndexFunc(all, fits); i >= 0 {
			return all[i].Day
		}
	}
	return all[0].Day
}

func (a *shown) days(c *page.Ctx, all []roster.Shift) {
	for _, s := range all {
		if slices.ContainsFunc(a.Days, func(l ui.Link) bool { return strings.Contains(l.Href, "day="+s.Day) }) {
			continue
		}
		t := s.Starting()
		label := i18n.DayNear(c.Lang, c.Now, t)
		if label == i18n.Day(c.Lang, t) {
			label = i18n.Weekday(c.Lang, t)
		}
		a.Days = append(a.Days, ui.Link{Href: a.href(s.Day), Label: label, Sub: t.In(i18n.Zone()).Format("2"), On: s.Day == a.Day})
	}
}

// href is this page for a day and for whom it is shown.
func (a *shown) href(day string) string {
	path := activityPath(a.ID) + "?day=" + day
	if a.Who.ID != "" && !a.Who.Self {
		path += "&who=" + string(a.Who.ID)
	}
	return path
}

func (a *shown) markChosen(shift id.ID) {
	for _, fits := range []func(card) bool{
		func(k card) bool { return k.Shift.ID == shift },
		func(k card) bool { return k.Place == roster.Primary && k.Shift.Free(k.Place) > 0 },
		func(card) bool { return true },
	} {
		if i := slices.IndexFunc(a.Cards, func(k card) bool { return !k.Off && fits(k) }); i >= 0 {
			a.Cards[i].On = true
			return
		}
	}
}

// plainCards are the places of a day as anybody sees them.
func (a *shown) plainCards(c *page.Ctx, day []roster.Shift) (cards []card) {
	for _, s := range day {
		for _, p := range placesOf(s) {
			cards = append(cards, a.card(c, s, p))
		}
	}
	return cards
}

// placesOf are the places that a shift has.
func placesOf(s roster.Shift) []roster.Place {
	if s.StandbyPlaces == 0 {
		return []roster.Place{roster.Primary}
	}
	return []roster.Place{roster.Primary, roster.Standby}
}

// card is a place with how many are left.
func (a *shown) card(c *page.Ctx, s roster.Shift, p roster.Place) card {
	k := card{Shift: s, Place: p}
	k.Value = string(s.ID) + "." + string(p)
	k.Label = i18n.Span(c.Lang, s.Starting(), s.Ending())
	duty := a.Posts[s.Post].Duty
	k.Note = placeName(c, p) + " " + dot(s.PostName, duty)
	free := s.Free(p)
	switch {
	case p == roster.Standby:
		k.Note = placeName(c, p) + " " + dot(s.PostName, c.T("rosters.standby_is"))
		k.Side = c.T("rosters.left", "n", free)
		if free <= 0 {
			k.Side, k.Off = c.T("rosters.full"), true
		}
	case free > 0:
		k.Side = c.T("rosters.left", "n", free)
	case a.Waitlist:
		k.Side = c.T("rosters.full")
		k.Note = lines(k.Note, c.T("rosters.may_wait", "n", s.Waiting+1))
	default:
		k.Side, k.Off = c.T("rosters.full"), true
	}
	return k
}

// herCards are the places of a day as the chosen person could take them: what stands against
// each, and what of her own is near.
func (a *shown) herCards(c *page.Ctx, day []roster.Shift) error {
	who, err := people.StandingOf(c, c.DB, a.Who.ID)
	if err != nil {
		return err
	}
	if err := a.units(c, who); err != nil {
		return err
	}
	near, err := roster.Around(c, c.DB, a.Who.ID, day[0].Starts-nearby.Milliseconds(), day[len(day)-1].Ends+nearby.Milliseconds())
	if err != nil {
		return err
	}
	a.Adult = !who.MinorOn(a.Day) || !a.Who.Self
	a.Gates = gates(c, who, a.Who, a.dayPosts(day), a.Day)
	if a.Gates, err = withPapers(c, a.Gates, who, a.dayPosts(day)); err != nil {
		return err
	}
	for _, s := range day {
		if slices.ContainsFunc(near, func(t roster.Turn) bool { return t.Shift == s.ID }) {
			continue // she is on it: among Mine
		}
		for _, p := range placesOf(s) {
			k := a.card(c, s, p)
			against, err := roster.Against(c, c.DB, s, p, who)
			if err != nil {
				return err
			}
			if against != nil {
				k.Off, k.Note = true, lines(k.Note, why(c, against))
			} else {
				k.Note = lines(k.Note, nearNote(c, s, near))
			}
			a.Cards = append(a.Cards, k)
		}
	}
	return nil
}

// nearby is how close another shift of hers is told.
const nearby = time.Hour

// nearNote tells of another shift of hers that touches this one or is close to it.
func nearNote(c *page.Ctx, s roster.Shift, near []roster.Turn) string {
	for _, t := range near {
		gap := time.Duration(max(s.Starts-t.At.Ends, t.At.Starts-s.Ends)) * time.Millisecond
		when := i18n.Span(c.Lang, t.At.Starting(), t.At.Ending())
		switch {
		case t.Shift == s.ID || t.State == roster.Waitlisted || gap > nearby:
		case gap == 0:
			return c.T("rosters.adjoins", "title", t.At.Activity.Title, "when", when)
		case gap < 0:
			return c.T("rosters.overlaps", "title", t.At.Activity.Title, "when", when)
		default:
			return c.T("rosters.close_to", "title", t.At.Activity.Title, "when", when, "length", i18n.Length(c.Lang, int64(gap/time.Minute)))
		}
	}
	return ""
}

// units are the organisations that she may serve for.
func (a *shown) units(c *page.Ctx, who people.Standing) error {
	ids, err := people.UnitsOf(c, c.DB, who)
	if err != nil {
		return err
	}
	names, err := org.Names(c, c.DB, ids)
	for _, i := range ids {
		a.Units = append(a.Units, ui.Option{Value: string(i), Label: names[i]})
	}
	return err
}

func (a *shown) dayPosts(day []roster.Shift) (posts []roster.Shift) {
	for _, s := range day {
		if !slices.ContainsFunc(posts, func(p roster.Shift) bool { return p.Post == s.Post }) {
			posts = append(posts, s)
		}
	}
	return posts
}

// gates are what must be so before she may stand on the posts of a day.
func gates(c *page.Ctx, who people.Standing, m member, posts []roster.Shift, day string) []ui.Condition {
	list := []ui.Condition{{Name: c.T("rosters.gate.volunteer"), Note: c.T("rosters.gate.volunteer_note"), Met: who.Volunteer && who.State == people.Active}}
	if who.MinorOn(day) {
		list = append(list, ui.Condition{Name: c.T("rosters.gate.guardian"), Note: c.T("rosters.gate.guardian_note"), Met: who.MinorConsent && !m.Self})
	}
	for _, s := range posts {
		if least := leastAge(s); least > 0 {
			list = withGate(list, ageGate(c, who, day, s, least))
		}
		if s.Skill != 0 {
			g := ui.Condition{Name: c.T("rosters.gate.skill"), Note: s.PostName, Met: who.HasSkill(s.Skill)}
			if !g.Met {
				g.Do, g.Href = c.T("rosters.do.skill"), "/my/data/skills"
			}
			list = append(list, g)
		}
	}
	return list
}

// withPapers adds the certificates that posts of a day ask for.
func withPapers(c *page.Ctx, list []ui.Condition, who people.Standing, posts []roster.Shift) ([]ui.Condition, error) {
	if !slices.ContainsFunc(posts, func(s roster.Shift) bool { return s.Certificates != "" }) {
		return list, nil
	}
	names, err := people.CertificateNames(c, c.DB)
	if err != nil {
		return nil, err
	}
	held, err := people.CertificatesOf(c, c.DB, who.ID)
	for _, s := range posts {
		for _, kind := range s.Certificates.List() {
			gap, _ := people.GapOf(held, kind, s.Day)
			g := ui.Condition{Name: c.T("rosters.gate.certificate", "name", names[kind]), Note: s.PostName, Met: gap == people.NoGap}
			if gap == people.Missing || gap == people.Expired {
				g.Do, g.Href = c.T("rosters.do.certificate"), "/my/data/certificates"
			}
			list = withGate(list, g)
		}
	}
	return list, err
}

// withGate adds a condition; one that another post asks for too is the same, with both named.
func withGate(list []ui.Condition, g ui.Condition) []ui.Condition {
	i := slices.IndexFunc(list, func(x ui.Condition) bool { return x.Name == g.Name })
	if i < 0 {
		return append(list, g)
	}
	if !strings.Contains(list[i].Note, g.Note) {
		list[i].Note = dot(list[i].Note, g.Note)
	}
	list[i].Met = list[i].Met && g.Met
	return list
}

// adult is the age from which risky posts may be taken.
const adult = 18

func leastAge(s roster.Shift) int64 {
	if s.Risky {
		return max(s.MinAge, adult)
	}
	return s.MinAge
}

func ageGate(c *page.Ctx, who people.Standing, day string, s roster.Shift, least int64) ui.Condition {
	age, known := who.AgeOn(day)
	g := ui.Condition{Name: c.T("rosters.gate.age", "n", least), Note: s.PostName, Met: known && int64(age) >= least}
	if !known {
		g.Note, g.Do, g.Href = c.T("rosters.gate.age_unknown"), c.T("rosters.do.birth"), "/my/data/identity"
	}
	return g
}

// news is what changed about an activity since somebody of the family signed up.
type news struct {
	Who   member
	Lines []change
}

// change is one difference, as people read it.
type change struct{ Field, Before, After string }

// newsOf gathers what the family has not seen yet.
func newsOf(c *page.Ctx, a activity.Activity, mine []turn) ([]news, error) {
	var all []news
	for _, t := range mine {
		if t.AckVersion >= a.Version || slices.ContainsFunc(all, func(n news) bool { return n.Who == t.Who }) {
			continue
		}
		changes, err := activity.Changes(c, c.DB, a.ID)
		if err != nil {
			return nil, err
		}
		all = append(all, news{t.Who, since(c, changes, t.AckVersion)})
	}
	return all, nil
}

// since puts together what changed after a version: the first value before, the last after.
func since(c *page.Ctx, changes []activity.Made, version int64) (all []change) {
	for _, m := range slices.Backward(changes) {
		if m.Version <= version {
			continue
		}
		for _, d := range m.Diff {
			i := slices.IndexFunc(all, func(l change) bool { return l.Field == c.T("rosters.field."+d.Field) })
			if i < 0 {
				i, all = len(all), append(all, change{Field: c.T("rosters.field." + d.Field), Before: valueOf(c, d.Field, d.Before)})
			}
			all[i].After = valueOf(c, d.Field, d.After)
			if d.Field == "leader" {
				all[i].After = c.T("rosters.leader_new")
			}
		}
	}
	return slices.DeleteFunc(all, func(l change) bool { return l.Before == l.After })
}

// valueOf is a value of a difference in words; codes of choices have theirs.
func valueOf(c *page.Ctx, field, value string) string {
	switch field {
	case "signup":
		return c.T("rosters.signup." + value)
	case "waitlist":
		return c.T("rosters.waitlist." + value)
	}
	return value
}
