package seed

import (
	"errors"
	"fmt"
	"slices"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/area"
	"tongxin/internal/work/callup"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

// bulk writes the city's plan through the bulk functions of its packages.
type bulk struct {
	w      *world
	c      *city
	chart  *org.Chart
	loader *roster.Loader
	folk   []roster.Volunteer
	kinds  []people.Category // of cityCategories

	at        minute // until when all is written
	joined    int    // of the volunteers
	formed    int    // of the teams
	published int    // of the activities
	deeds     [][]deed
	teams     []id.ID

	story    *callup.Story
	appealed bool   // volunteers were told of the appeal
	brought  int    // sign-ups that the call-up brought and that have a place
	hundred  minute // when it was the hundredth, to be noted; 0: nothing is
}

// stretchEnds are the hours at which what happened since is written, each day.
var stretchEnds = []minute{8*60 + 30, 12*60 + 30, 17*60 + 30, dayLong}

func newBulk(w *world, c *city) (*bulk, error) {
	loader, err := roster.NewLoader(w.ctx, w.app.DB)
	b := &bulk{w: w, c: c, loader: loader, folk: make([]roster.Volunteer, len(c.folk)), at: opening, teams: make([]id.ID, len(c.teams)),
		deeds: make([][]deed, (lastDay+1)*len(stretchEnds))}
	if err != nil {
		return b, err
	}
	if b.kinds, err = w.cityKinds(); err != nil {
		return b, err
	}
	b.chart, err = org.ReadChart(w.ctx, w.app.DB)
	return b, err
}

// cityKinds are the categories of the city's volunteers.
func (w *world) cityKinds() (kinds []people.Category, err error) {
	all, err := people.Categories(w.ctx, w.app.DB)
	for _, k := range cityCategories {
		i := slices.IndexFunc(all, func(c people.Category) bool { return c.Slug == k.slug })
		if err == nil && i < 0 {
			err = errors.New("seed: no category " + k.slug)
		}
		if err != nil {
			return nil, err
		}
		kinds = append(kinds, all[i])
	}
	return kinds, nil
}

// stretch is in which stretch a moment is written.
func stretch(at minute) int {
	in := at % dayLong
	i, _ := slices.BinarySearch(stretchEnds, in)
	return at.day()*len(stretchEnds) + i
}

// walk writes stretch after stretch, and says so after each.
func (b *bulk) walk(tell func(until minute)) error {
	for n := range b.deeds {
		until := min(minute(n/len(stretchEnds)*dayLong)+stretchEnds[n%len(stretchEnds)], cityEnds)
		if until <= b.at {
			continue
		}
		b.w.clock.set(until.time())
		ran := false
		err := b.w.app.DB.Write(b.w.ctx, func(tx *db.Tx) error {
			if ran {
				return errAgain
			}
			ran = true
			return b.write(tx, n, until)
		})
		if err != nil {
			return told("what came until then", until.time(), err)
		}
		b.at, b.deeds[n] = until, nil
		tell(until)
	}
	return nil
}

// write writes one stretch.
func (b *bulk) write(tx *db.Tx, n int, until minute) error {
	facts := ledger.NewBulk(tx, b.w.app.Sealer())
	b.loader.Begin(tx, b.chart, facts)
	for _, step := range []func(*db.Tx, *ledger.Bulk, minute) error{b.call, b.form, b.enter, b.publish} {
		if err := step(tx, facts, until); err != nil {
			return err
		}
	}
	slices.SortStableFunc(b.deeds[n], func(x, y deed) int { return int(x.at - y.at) })
	for _, d := range b.deeds[n] {
		b.do(d)
	}
	if until == cityEnds {
		if err := b.loader.Finish(b.w.ctx, auth.System, b.folk); err != nil {
			return err
		}
	}
	if err := b.loader.Write(b.w.ctx, auth.System); err != nil {
		return err
	}
	if err := b.tell(tx, facts, until); err != nil {
		return err
	}
	if err := facts.Write(); err != nil {
		return err
	}
	switch until {
	case moving:
		if err := b.w.moveStation(b.c, tx); err != nil {
			return err
		}
		return b.draw(tx)
	case reporting:
		return b.w.reportZero(b.c, tx, b.teamID)
	}
	return nil
}

func (b *bulk) teamID(t *team) id.ID { return b.teams[t.n] }

// draw reads the tree again, for it has changed.
func (b *bulk) draw(tx *db.Tx) (err error) {
	b.chart, err = org.ReadChart(b.w.ctx, tx)
	if b.story != nil {
		b.story.Redraw(b.chart)
	}
	return err
}

// form has teams register that were approved since.
func (b *bulk) form(tx *db.Tx, facts *ledger.Bulk, until minute) error {
	from := b.formed
	var all []org.Approval
	for ; b.formed < len(b.c.teams) && b.c.teams[b.formed].approved <= until; b.formed++ {
		t := b.c.teams[b.formed]
		leader, admin := b.w.clerks(b.c, t)
		all = append(all, org.Approval{In: b.w.teamIn(t), Registrant: leader.id, Registered: t.registered.ms(), Reviewer: admin.id, Approved: t.approved.ms()})
	}
	ids, err := org.Load(b.w.ctx, tx, b.w.app.Keys, facts, auth.System, all)
	if err != nil || len(ids) == 0 {
		return err
	}
	copy(b.teams[from:], ids)
	b.w.count.Orgs += int64(len(ids))
	if err := b.draw(tx); err != nil {
		return err
	}
	b.loader.Begin(tx, b.chart, facts)
	return nil
}

// teamIn is the form with which a team registers.
func (w *world) teamIn(t *team) org.In {
	in := org.In{Kind: org.Team, Name: t.name, Parent: w.tree.seat[t.under].id, Phone: phoneOf(toldPhones + 5000 + t.n), About: "在" + w.tree.seat[t.under].short + "参加疫情防控志愿服务。"}
	if tier := w.tree.seat[t.under].tier; tier == org.Center || tier == org.Office {
		in.Kind = org.Organization
	}
	return in
}

// clerks are who registers a team and who approves it.
func (w *world) clerks(c *city, t *team) (leader, admin *worker) {
	at := w.tree.seat[t.under]
	switch {
	case t.under == c.moved:
		at = w.tree.seat[t.under.At(area.County)]
	case at.tier == org.Station:
		at = at.parent
	}
	return w.staff.leader[at.area], w.staff.admin[at.area]
}

// enter has volunteers join who did since.
func (b *bulk) enter(tx *db.Tx, facts *ledger.Bulk, until minute) error {
	from := b.joined
	var all []people.Newcomer
	for ; b.joined < len(b.c.folk) && b.c.folk[b.joined].joined <= until; b.joined++ {
		all = append(all, b.newcomer(b.joined))
	}
	ids, err := people.Load(b.w.ctx, tx, people.Loading{Keys: b.w.app.Keys, Chart: b.chart, Facts: facts}, auth.System, all)
	if err != nil {
		return err
	}
	for i, at := range ids {
		b.folk[from+i] = roster.Volunteer{ID: at, Category: all[i].Category.ID}
	}
	b.w.count.People += int64(len(ids))
	return b.note(tx, from)
}

// note notes who of those that joined since may have been there before.
func (b *bulk) note(tx *db.Tx, from int) error {
	var all []people.Duplicate
	for i := from; i < b.joined; i++ {
		for _, other := range b.c.alike[int32(i)] {
			all = append(all, people.Duplicate{First: b.folk[i].ID, Other: b.folk[other].ID, Why: people.SameName, Found: b.c.folk[i].joined.ms()})
		}
	}
	return people.LoadDuplicates(b.w.ctx, tx, auth.System, all)
}

func (b *bulk) newcomer(i int) people.Newcomer {
	v := &b.c.folk[i]
	home := b.c.village(v).Code
	station := b.w.tree.seat[home].id
	n := people.Newcomer{At: v.joined.ms(), Area: home, Station: station, Default: station, Category: b.kinds[v.category],
		Phone: b.c.number(i), Lang: i18n.Chinese}
	n.Name, n.Birth = b.c.named(i)
	if !v.phone {
		n.By = b.w.helmOf(b.c, home, v.joined).over.id
	}
	if t := b.c.pools[v.pool].team; t != nil {
		n.Team = b.teams[t.n]
	}
	return n
}

// publish enters the activities that were published since, opens their shifts and plans what
// becomes of them.
func (b *bulk) publish(tx *db.Tx, facts *ledger.Bulk, until minute) error {
	from := b.published
	var all []activity.Publication
	for ; b.published < len(b.c.acts) && b.c.acts[b.published].published <= until; b.published++ {
		all = append(all, b.publication(b.c.acts[b.published]))
	}
	entered, err := activity.Load(b.w.ctx, tx, b.chart, facts, auth.System, all)
	if err != nil {
		return err
	}
	for i, e := range entered {
		a := b.c.acts[from+i]
		for _, s := range a.shifts {
			s.sheet = b.loader.Open(roster.Opening{Activity: e.Activity, Post: e.Posts[s.post], Starts: s.starts.ms(), Ends: s.ends.ms(),
				Places: int64(s.places), By: all[i].By()})
			b.foresee(s)
		}
		b.w.count.Activities++
		b.w.count.Shifts += int64(len(a.shifts))
	}
	return nil
}

// foresee plans what becomes of a shift, each deed in its stretch.
func (b *bulk) foresee(s *shift) {
	for _, d := range b.c.life(s) {
		n := stretch(d.at)
		b.deeds[n] = append(b.deeds[n], d)
	}
}

func (b *bulk) publication(a *act) activity.Publication {
	h := b.w.helmOf(b.c, a.at, a.submitted)
	in := b.w.composition(a)
	p := activity.Publication{Edit: in, Org: b.w.tree.seat[a.at].id, Risky: b.w.risky(a), Author: h.leader.id, Created: a.created.ms(),
		Submitted: a.submitted.ms(), Published: a.published.ms(), Posts: b.w.postsOf(a)}
	if a.reviewed {
		p.Desk, p.Reviewer = h.desk.id, h.over.id
	}
	for _, s := range a.shifts {
		if p.Span.Shifts == 0 || s.starts.ms() < p.Span.Starts {
			p.Span.Starts = s.starts.ms()
		}
		p.Span.Ends = max(p.Span.Ends, s.ends.ms())
		p.Span.Shifts++
	}
	return p
}

// composition is what is typed about an activity.
func (w *world) composition(a *act) activity.Edit {
	text := epidemicTexts[a.kind.text]
	return activity.Edit{Area: a.at, Campaign: w.camps[a.kind.camp], Service: w.kinds.service[text.service],
		Title: fmt.Sprintf(text.title, a.near), Content: text.content, Place: a.near, Conditions: text.conditions, How: how, Risks: text.risks,
		Protection: text.protection, Contact: "0523-86880000", Signup: activity.SignupOpen, Waitlist: true}
}

func (w *world) risky(a *act) bool {
	return slices.Contains(w.app.Settings.RiskyServices, epidemicTexts[a.kind.text].service)
}

// postsOf are the posts of an activity.
func (w *world) postsOf(a *act) (all []activity.PostIn) {
	for i, d := range epidemicTexts[a.kind.text].duties {
		in := activity.PostIn{Name: d.name, Duty: d.what, MinAge: d.least}
		for _, s := range a.shifts {
			if s.post == i {
				in.Places = int64(s.places)
			}
		}
		all = append(all, in)
	}
	return all
}

// unit is whom somebody serves for on a turn.
func (b *bulk) unit(t *turn) id.ID {
	if t.team != nil {
		return b.teams[t.team.n]
	}
	return b.w.tree.seat[b.c.village(&b.c.folk[t.who]).Code].id
}

// by is who writes what somebody does: she herself, where she has a phone and code, else the
// leader.
func (b *bulk) by(t *turn, alone bool, leader id.ID) id.ID {
	if alone {
		return b.folk[t.who].ID
	}
	return leader
}

// do writes one deed.
func (b *bulk) do(d deed) {
	t, at, sheet := d.turn, d.at.ms(), d.shift.sheet
	h := b.w.helmOf(b.c, d.shift.of.at, d.at)
	leader := h.leader.id
	switch d.what {
	case closes:
		sheet.Close(at, auth.SystemID)
	case isOver:
		sheet.Over()
		d.shift.sheet = nil
	case signsUp:
		t.seat = sheet.SignUp(at, &b.folk[t.who], b.unit(t), b.by(t, b.c.folk[t.who].phone, leader), b.bringing(d))
		b.w.count.Signups++
	case withdraws:
		t.seat.Withdraw(at)
	case confirms:
		t.seat.Confirm(at, b.by(t, b.c.folk[t.who].phone, leader))
	case arrives:
		by, how := leader, "staff"
		if t.byCode {
			by, how = b.folk[t.who].ID, "code"
		}
		t.seat.Arrive(at, how, by)
		b.w.count.Arrivals++
	case departs:
		t.seat.Depart(at, false, b.by(t, t.byCode, leader))
	case leavesEarly:
		t.seat.Depart(at, true, leader)
	case staysAway:
		t.seat.NoShow(at, leader)
	case walksUp:
		t.seat = sheet.WalkUp(at, &b.folk[t.who], b.unit(t), leader)
		b.w.count.Arrivals++
	case minutesConfirmed:
		t.seat.ConfirmMinutes(at, leader)
	case isTold:
		in := roster.Told{Arrived: t.came.ms(), Departed: t.left.ms(), Unit: b.unit(t), Reason: reasonTold(t.seat != nil)}
		t.telling = sheet.Tell(at, &b.folk[t.who], in, leader)
	case decided:
		if !t.confirm {
			t.telling.Refuse(at, noteRefused, h.over.id)
			return
		}
		if t.seat == nil {
			b.w.count.Arrivals++
		}
		t.telling.Confirm(at, h.over.id)
	}
}

// reasonTold is why hours are told afterwards: of somebody who was on the list, and of one who
// was not.
func reasonTold(onIt bool) string {
	if onIt {
		return "签到时间有误，按签到表更正。"
	}
	return "手机没电，没能签到，队长在场。"
}

const noteRefused = "签到表上没有这个人，请核对后重新补录。"

// heroAccount is the volunteer whom the demonstration follows.
func (b *bulk) heroAccount() Account {
	return Account{Role: auth.Volunteer, Person: b.folk[b.c.hero].ID, Name: heroName, Phone: VolunteerPhone}
}
