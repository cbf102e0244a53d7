package seed

import (
	"fmt"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/roster"
)

// submit hands an activity up, and has the tier above decide.
func (w *world) submit(r *activityRun) error {
	err := w.write(func(tx *db.Tx) error { return roster.Submit(w.ctx, tx, r.leader.actor(), r.id) })
	if err != nil {
		return err
	}
	a, err := activity.Get(w.ctx, w.read(), r.id)
	if err != nil {
		return err
	}
	decide := w.clock.Now().Add(w.minutes(25, 7*60))
	switch {
	case a.State == activity.Published:
		return w.opened(r)
	case r.fate == waiting || r.fate == overdue:
		return nil
	case r.fate == returned:
		w.plan(decide, "return", func() error { return w.sendBack(r) })
	default:
		w.plan(awake(decide), "approval", func() error { return w.approve(r) })
	}
	return nil
}

// reviewer of an activity is somebody of the tier above.
func (w *world) reviewer(r *activityRun) *worker {
	if r.of.area == hailing {
		return w.staff.reviewer
	}
	return w.adminOver(r.of.parent)
}

func (w *world) approve(r *activityRun) error {
	err := w.write(func(tx *db.Tx) error { return roster.Approve(w.ctx, tx, w.reviewer(r).actor(), r.id) })
	if err != nil {
		return err
	}
	return w.opened(r)
}

func (w *world) sendBack(r *activityRun) error {
	const reason = "风险说明里请写清楚防护用品怎么领、谁负责培训，再提交。"
	return w.write(func(tx *db.Tx) error { return roster.Return(w.ctx, tx, w.reviewer(r).actor(), r.id, reason) })
}

// opened plans who signs up for the shifts of a published activity, and what changes.
func (w *world) opened(r *activityRun) error {
	if r.then != nil {
		if err := r.then(r); err != nil {
			return err
		}
	}
	for _, s := range r.shifts {
		w.crowdIn(s)
	}
	soon := w.clock.Now().Add(w.minutes(9*60, 20*60))
	if limit := w.now.Add(-50 * time.Minute); soon.After(limit) {
		soon = limit
	}
	switch r.fate {
	case cancelled:
		w.plan(soon, "cancellation", func() error { return w.cancel(r) })
	case changed:
		w.plan(soon, "change", func() error { return w.change(r) })
	}
	return nil
}

// crowdIn plans sign-ups for a shift, from now until some hours before it, and walk-ups.
func (w *world) crowdIn(s *shiftRun) {
	from, to := w.clock.Now().Add(5*time.Minute), s.span.from.Add(-3*time.Hour)
	for range int(float64(s.duty.places)*s.of.heat*(0.75+0.5*w.rand.Float64()) + 0.5) {
		w.plan(w.waking(from, to), "sign-up", func() error { return w.signUp(s, roster.Primary) })
	}
	for range s.duty.standby {
		if w.chance(0.7) {
			w.plan(w.waking(from, to), "sign-up", func() error { return w.signUp(s, roster.Standby) })
		}
	}
	if w.chance(0.2) {
		w.plan(s.span.from.Add(w.minutes(3, 40)), "walk-up", func() error { return w.walkUp(s) })
	}
	if w.chance(0.09) {
		w.plan(s.span.to.Add(w.minutes(14*60, 18*60)), "hours told", func() error { return w.tell(s) })
	}
}

func (w *world) cancel(r *activityRun) error {
	const reason = "天气预报有大风降温，活动取消，改期另行通知。"
	r.gone = true
	return w.write(func(tx *db.Tx) error { return roster.Cancel(w.ctx, tx, r.leader.actor(), r.id, reason) })
}

// change moves an activity to another meeting point.
func (w *world) change(r *activityRun) error {
	return w.write(func(tx *db.Tx) error {
		a, err := activity.Get(w.ctx, tx, r.id)
		if err != nil {
			return err
		}
		in := a.Edit
		in.Place += "东门（原西门封闭）"
		in.Content += "请提前十分钟到集合点领取防护用品。"
		_, err = roster.Change(w.ctx, tx, r.leader.actor(), r.id, a.Rev, in)
		return err
	})
}

// free reports whether somebody has no other shift then.
func (p *person) free(s span) bool {
	for _, b := range p.busy {
		if s.from.Before(b.to) && b.from.Before(s.to) {
			return false
		}
	}
	return true
}

func (p *person) release(s span) {
	for i, b := range p.busy {
		if b == s {
			p.busy = append(p.busy[:i:i], p.busy[i+1:]...)
			return
		}
	}
}

// candidate finds somebody who can take a post of a shift; nil when chance finds nobody.
func (w *world) candidate(s *shiftRun) *person {
	home := s.of.of.home()
	all := w.at[home]
	if home[4:] == "00" || len(all) == 0 {
		all = w.folk
	}
	if len(all) == 0 {
		return nil
	}
	for try := range 40 {
		p := pick(w, all)
		near := s.of.of.area.Contains(p.area) || try > 12
		if near && p.id.Home()[:4] == home[:4] && w.suits(p, s) {
			return p
		}
	}
	return nil
}

func (w *world) suits(p *person, s *shiftRun) bool {
	age := w.age(p)
	switch {
	case !p.ready || s.on[p.id] || p == w.hero || !p.free(s.span):
		return false
	case age < 18 && (s.of.text.service == "checkpoint_duty" || s.of.text.service == "temperature_check" || s.of.text.service == "isolated_visit"):
		return false
	case int64(age) < s.duty.least || age < 14:
		return false
	case s.duty.skill != "" && !has(p.skills, s.duty.skill):
		return false
	}
	return true
}

func has(all []string, one string) bool {
	for _, s := range all {
		if s == one {
			return true
		}
	}
	return false
}

// signUp has somebody sign up: by herself, by her guardian, or by the leader where she has
// no phone.
func (w *world) signUp(s *shiftRun, place roster.Place) error {
	if p := w.candidate(s); p != nil && !s.of.gone {
		return w.signUpAs(s, place, p)
	}
	return nil
}

func (w *world) signUpAs(s *shiftRun, place roster.Place, p *person) error {
	by := p.actor()
	switch {
	case p.guardian != nil:
		by = p.guardian.actor()
	case p.phone == "":
		by = s.of.leader.actor()
	}
	in := roster.Request{Shift: s.id, Person: p.id, Place: place}
	if p.team != nil && w.chance(0.5) {
		in.Unit = p.team.id
	}
	if place == roster.Standby {
		shift, err := roster.Get(w.ctx, w.read(), s.id)
		if err != nil || shift.Free(place) == 0 {
			return err
		}
	}
	var u roster.Signup
	err := w.write(func(tx *db.Tx) (err error) {
		u, err = roster.SignUp(w.ctx, tx, by, in)
		return err
	})
	if err != nil {
		return fmt.Errorf("%s: %w", place, err)
	}
	w.count.Signups++
	s.on[p.id] = true
	p.busy = append(p.busy, s.span)
	w.after(s, p, u)
	return nil
}

// after plans what follows from a sign-up.
func (w *world) after(s *shiftRun, p *person, u roster.Signup) {
	switch u.State {
	case roster.Applied:
		at := awake(w.clock.Now().Add(w.minutes(30, 8*60)))
		if limit := s.span.from.Add(-time.Hour); at.Before(limit) {
			w.plan(at, "decision", func() error { return w.decide(s, p) })
		}
	case roster.Accepted:
		w.expect(s, p)
		if limit := s.span.from.Add(-150 * time.Minute); u.Place == roster.Primary && p.phone != "" && w.chance(0.06) {
			w.plan(w.between(w.clock.Now().Add(20*time.Minute), limit), "withdrawal", func() error { return w.withdraw(s, p) })
		}
	}
}

// decide answers an application.
func (w *world) decide(s *shiftRun, p *person) error {
	accept, reason := w.chance(0.8), ""
	if !accept {
		reason = "这一班需要参加过培训的志愿者，欢迎报名下一期培训。"
		p.release(s.span)
	}
	var u roster.Signup
	err := w.write(func(tx *db.Tx) (err error) {
		u, err = roster.Decide(w.ctx, tx, s.of.leader.actor(), s.id, p.id, accept, reason)
		return err
	})
	if err == nil && accept {
		w.after(s, p, u)
	}
	return err
}

// withdraw takes somebody off a shift by her own wish, if she is still on it in time.
func (w *world) withdraw(s *shiftRun, p *person) error {
	u, err := roster.SignupOf(w.ctx, w.read(), s.id, p.id)
	if err != nil || u.State != roster.Accepted || w.clock.Now().After(s.span.from.Add(-140*time.Minute)) {
		return err
	}
	p.release(s.span)
	by := p.actor()
	if p.guardian != nil {
		by = p.guardian.actor()
	}
	err = w.write(func(tx *db.Tx) error {
		_, err := roster.Withdraw(w.ctx, tx, by, s.id, p.id, "")
		return err
	})
	if err != nil {
		return err
	}
	return w.offers(s)
}

// offers looks for places that are held for somebody, and plans her answer: most take them.
func (w *world) offers(s *shiftRun) error {
	all, err := roster.SignupsOf(w.ctx, w.read(), s.id)
	if err != nil {
		return err
	}
	for _, u := range all {
		if u.State != roster.Offered || s.offered[u.ID] {
			continue
		}
		s.offered[u.ID] = true
		until := db.Time(u.OfferedUntil)
		p := w.known(u.Person)
		if p == nil {
			continue
		}
		if w.chance(0.8) {
			w.plan(w.between(w.clock.Now().Add(time.Minute), until), "confirmation", func() error { return w.confirm(s, p) })
		} else {
			p.release(s.span)
			w.plan(until.Add(2*tick), "next offer", func() error { return w.offers(s) })
		}
	}
	return nil
}

func (w *world) known(who id.ID) *person {
	for _, p := range w.folk {
		if p.id == who {
			return p
		}
	}
	return nil
}

func (w *world) confirm(s *shiftRun, p *person) error {
	by := p.actor()
	if p.guardian != nil {
		by = p.guardian.actor()
	}
	var u roster.Signup
	err := w.write(func(tx *db.Tx) (err error) {
		u, err = roster.SignupOf(w.ctx, tx, s.id, p.id)
		if err != nil || u.State != roster.Offered {
			return err
		}
		u, err = roster.Confirm(w.ctx, tx, by, s.id, p.id)
		return err
	})
	if err == nil && u.State == roster.Accepted {
		w.after(s, p, u)
	}
	return err
}
