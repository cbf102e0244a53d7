package seed

import (
	"testing"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

// hands write the city's plan by the commands that people use, minute by minute.
type hands struct {
	t     *testing.T
	w     *world
	c     *city
	kinds []people.Category
	folk  []id.ID
	teams []id.ID
	acts  map[*act]id.ID
	days  map[minute]*moment

	call id.ID // the city's call-up
}

// moment is what happens in one minute.
type moment struct {
	registers, approvals         []*team
	joins                        []int
	creates, submits, publishing []*act
	deeds                        []deed
	calls                        []func(tx *db.Tx) error // about the call-up, before anything else
	waits                        bool                    // for jobs
}

func (h *hands) at(m minute) *moment {
	if h.days[m] == nil {
		h.days[m] = &moment{}
	}
	return h.days[m]
}

// byCommands makes a fraction of the city by commands.
func byCommands(t *testing.T, o Options) {
	t.Helper()
	w, c, err := beginCity(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	h := &hands{t: t, w: w, c: c, folk: make([]id.ID, len(c.folk)), teams: make([]id.ID, len(c.teams)), acts: map[*act]id.ID{}, days: map[minute]*moment{}}
	h.must(w.foundCity(o, c))
	h.kinds, err = w.cityKinds()
	h.must(err)
	h.plan()
	for m := opening + 1; m <= cityEnds; m++ {
		if h.days[m] != nil || m == moving || m == reporting {
			h.live(m)
		}
	}
	w.clock.set(CityStands)
	h.must(w.mergePairs(c, func(i int32) id.ID { return h.folk[i] }))
	h.must(w.mergeTeams(c, h.teamID))
	h.must(w.exchangeCity())
	h.must(w.stop(t.Context()))
	h.must(w.app.Close())
}

func (h *hands) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

func (h *hands) plan() {
	for _, t := range h.c.teams {
		h.at(t.registered).registers = append(h.at(t.registered).registers, t)
		h.at(t.approved).approvals = append(h.at(t.approved).approvals, t)
	}
	for i := range h.c.folk {
		m := h.at(h.c.folk[i].joined)
		m.joins = append(m.joins, i)
	}
	h.planCall()
	for _, a := range h.c.acts {
		h.at(a.created).creates = append(h.at(a.created).creates, a)
		h.at(a.submitted).submits = append(h.at(a.submitted).submits, a)
		h.at(a.published).publishing = append(h.at(a.published).publishing, a)
	}
}

// live does what a minute brings, and has the jobs run that are due by then.
func (h *hands) live(m minute) {
	h.w.clock.set(m.time())
	var now moment
	if p := h.days[m]; p != nil {
		now = *p
	}
	for _, do := range now.calls {
		if err := h.w.app.DB.Write(h.w.ctx, do); err != nil {
			h.t.Fatal(told("the call-up", m.time(), err))
		}
	}
	if now.waits {
		h.must(h.w.jobs.RunDue(h.w.ctx))
	}
	h.must(h.w.app.DB.Write(h.w.ctx, func(tx *db.Tx) error {
		for _, step := range []func(*db.Tx, minute, moment) error{h.form, h.enter, h.publish} {
			if err := step(tx, m, now); err != nil {
				return err
			}
		}
		return nil
	}))
	now.deeds = h.at(m).deeds // what was published this minute may bring some
	closing := false
	h.must(h.w.app.DB.Write(h.w.ctx, func(tx *db.Tx) error {
		for _, d := range now.deeds {
			closing = closing || d.what == closes
			if err := h.do(tx, d); err != nil {
				return told("deed", m.time(), err)
			}
		}
		return nil
	}))
	if closing {
		h.must(h.w.jobs.RunDue(h.w.ctx))
	}
	if m == moving {
		h.must(h.w.app.DB.Write(h.w.ctx, func(tx *db.Tx) error { return h.w.moveStation(h.c, tx) }))
	}
	if m == reporting {
		h.must(h.w.app.DB.Write(h.w.ctx, func(tx *db.Tx) error { return h.w.reportZero(h.c, tx, h.teamID) }))
	}
	h.must(h.w.app.Seal(h.w.ctx))
}

func (h *hands) teamID(t *team) id.ID { return h.teams[t.n] }

func (h *hands) form(tx *db.Tx, _ minute, now moment) error {
	for _, t := range now.registers {
		leader, _ := h.w.clerks(h.c, t)
		at, err := org.Register(h.w.ctx, tx, h.w.app.Keys, leader.actor(), h.w.teamIn(t))
		if err != nil {
			return err
		}
		h.teams[t.n] = at
	}
	for _, t := range now.approvals {
		_, admin := h.w.clerks(h.c, t)
		if err := org.Approve(h.w.ctx, tx, admin.actor(), h.teams[t.n]); err != nil {
			return err
		}
	}
	return nil
}

func (h *hands) enter(tx *db.Tx, m minute, now moment) error {
	for _, i := range now.joins {
		v := &h.c.folk[i]
		at, err := h.join(tx, i, v)
		if err != nil {
			return told("joining", m.time(), err)
		}
		h.folk[i] = at
		if t := h.c.pools[v.pool].team; t != nil {
			if err := people.Belong(h.w.ctx, tx, auth.Actor{Person: at, Via: auth.Web}, at, h.teams[t.n]); err != nil {
				return err
			}
		}
	}
	return nil
}

func (h *hands) join(tx *db.Tx, i int, v *villager) (id.ID, error) {
	name, birth := h.c.named(i)
	kind, home := h.kinds[v.category], h.c.village(v).Code
	agreed := people.Agreed{Terms: true, Political: kind.Political, Lang: i18n.Chinese}
	if !v.phone {
		return people.RegisterFor(h.w.ctx, tx, h.w.app.Keys, h.w.helmOf(h.c, home, v.joined).over.actor(),
			people.Registration{Org: h.w.tree.seat[home].id, Name: name, Birth: birth, Category: kind.ID, Paper: agreed})
	}
	anyone := auth.Actor{Via: auth.Web}
	code, err := people.RequestCode(h.w.ctx, tx, h.w.app.Keys, h.c.number(i))
	if err != nil {
		return "", err
	}
	entered, err := people.Enter(h.w.ctx, tx, h.w.app.Keys, anyone, people.Entry{Phone: h.c.number(i), Code: code.Digits})
	if err := firstOf(err, entered.Refused); err != nil {
		return "", err
	}
	started, err := people.Join(h.w.ctx, tx, h.w.app.Keys, anyone, people.Joining{Ticket: entered.Ticket, Name: name, Birth: birth, Area: home,
		Category: kind.ID, Agreed: agreed})
	return started.Person, err
}

func (h *hands) publish(tx *db.Tx, m minute, now moment) error {
	for _, a := range now.creates {
		if err := h.create(tx, a); err != nil {
			return told("writing an activity", m.time(), err)
		}
	}
	for _, a := range now.submits {
		if err := roster.Submit(h.w.ctx, tx, h.w.helmOf(h.c, a.at, a.submitted).leader.actor(), h.acts[a]); err != nil {
			return err
		}
	}
	for _, a := range now.publishing {
		if a.reviewed {
			if err := roster.Approve(h.w.ctx, tx, h.w.helmOf(h.c, a.at, a.submitted).over.actor(), h.acts[a]); err != nil {
				return told("approving", m.time(), err)
			}
		}
		for _, s := range a.shifts {
			for _, d := range h.c.life(s) {
				h.at(d.at).deeds = append(h.at(d.at).deeds, d)
			}
		}
	}
	return nil
}

func (h *hands) create(tx *db.Tx, a *act) (err error) {
	by := h.w.helmOf(h.c, a.at, a.submitted).leader.actor()
	if h.acts[a], err = activity.Create(h.w.ctx, tx, by, h.w.tree.seat[a.at].id, h.w.composition(a)); err != nil {
		return err
	}
	var posts []id.ID
	for _, in := range h.w.postsOf(a) {
		post, err := activity.AddPost(h.w.ctx, tx, by, h.acts[a], 0, in)
		if err != nil {
			return err
		}
		posts = append(posts, post)
	}
	for _, s := range a.shifts {
		made, err := roster.AddShift(h.w.ctx, tx, by, h.acts[a], roster.Plan{Post: posts[s.post], Starts: s.starts.time(), Ends: s.ends.time(), Places: int64(s.places)})
		if err != nil {
			return err
		}
		s.id = made.ID
	}
	return nil
}

func (h *hands) unit(t *turn) id.ID {
	if t.team == nil {
		return "" // her station, by default
	}
	return h.teams[t.team.n]
}

func (h *hands) do(tx *db.Tx, d deed) (err error) {
	ctx, w, at := h.w.ctx, h.w, d.shift.id
	helm := w.helmOf(h.c, d.shift.of.at, d.at)
	leader := helm.leader.actor()
	if d.turn == nil {
		return nil
	}
	t, who := d.turn, h.folk[d.turn.who]
	self := auth.Actor{Person: who, Via: auth.Web}
	by := self
	if !h.c.folk[t.who].phone {
		by = leader
	}
	switch d.what {
	case signsUp:
		_, err = roster.SignUp(ctx, tx, by, roster.Request{Shift: at, Person: who, Unit: h.unit(t), Callup: h.bringing(t)})
	case withdraws:
		_, err = roster.Withdraw(ctx, tx, self, at, who, "")
	case confirms:
		_, err = roster.Confirm(ctx, tx, by, at, who)
	case arrives, departs:
		err = h.desk(tx, d, leader, self)
	case leavesEarly:
		_, err = roster.CheckOutBy(ctx, tx, leader, at, who, true)
	case staysAway:
		_, err = roster.MarkNoShow(ctx, tx, leader, at, who)
	case walksUp:
		_, err = roster.WalkUp(ctx, tx, leader, at, who, h.unit(t))
		t.told = "came"
	case minutesConfirmed:
		_, err = roster.ConfirmMinutes(ctx, tx, leader, at, who)
	case isTold:
		u, _ := roster.SignupOf(ctx, tx, at, who)
		in := roster.Told{Shift: at, Person: who, Arrived: t.came.ms(), Departed: t.left.ms(), Unit: h.unit(t), Reason: reasonTold(u.ID != "")}
		var b roster.Backfill
		b, err = roster.TellHours(ctx, tx, leader, in)
		t.told = b.ID
	case decided:
		note := ""
		if !t.confirm {
			note = noteRefused
		}
		_, err = roster.DecideHours(ctx, tx, helm.over.actor(), t.told, t.confirm, note)
	}
	return err
}

// desk has somebody come or go, by the code or by the leader's list.
func (h *hands) desk(tx *db.Tx, d deed, leader, self auth.Actor) error {
	w, at := h.w, d.shift.id
	if !d.turn.byCode {
		if d.what == arrives {
			_, err := roster.CheckInBy(w.ctx, tx, leader, at, self.Person)
			return err
		}
		_, err := roster.CheckOutBy(w.ctx, tx, leader, at, self.Person, false)
		return err
	}
	code, _, err := roster.DeskCode(w.ctx, tx, w.app.Keys, leader, at, tx.Now)
	if err != nil {
		return err
	}
	scan := roster.CheckInByCode
	if d.what == departs {
		scan = roster.CheckOutByCode
	}
	got, err := scan(w.ctx, tx, w.app.Keys, self, roster.Scan{Person: self.Person, Shift: at, Code: code})
	return firstOf(err, got.Refused)
}
