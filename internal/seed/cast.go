package seed

import (
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/work/notice"
	"tongxin/internal/work/roster"
)

// cast plans the story of the volunteer whom the demonstration follows: hours of all three
// grades this month, a shift that begins within half an hour, a place on a waiting list, two
// notices unread. Times are told from the world's moment, so that it holds at any.
func (w *world) cast() {
	station := w.tree.stationsOf(chengdong)[0]
	w.hero = &person{name: heroName, phone: VolunteerPhone, birth: w.birthday(33, 33), area: station.area, seat: station, category: "public",
		skills: []string{"first_aid"}, told: auth.Volunteer}
	w.plan(w.day(-before+1).Add(9*time.Hour), "the volunteer joins", func() error { return w.join(w.hero, nil) })
	for _, e := range []entry{
		{text: textTell, near: "梧桐社区", day: -10, then: w.heroServes},
		{text: textShop, near: "鲍坝社区", day: -8, then: w.heroServes},
		{text: textClean, near: "老东河", day: -6, then: w.heroForgets(true)},
		{text: textDissuade, near: "东城小广场", day: -3, then: w.heroServes},
		{text: textTell, near: "春兰社区", day: -2, then: w.heroIsTold},
		{text: textCall, near: "城东街道", day: -1, then: w.heroForgets(false)},
		{text: textGate, near: "凤凰路", day: 1, heat: 1.4, then: w.heroWaits},
		{text: textVisit, near: "智堡社区", day: 3, then: w.heroApplies},
		{text: textDissuade, near: "望海楼", day: 2, then: w.heroIsMoved},
		w.nextShift(), w.runningShift(),
	} {
		e.at = chengdong
		if e.heat == 0 {
			e.heat = 0.6
		}
		w.schedule(e, 7+e.day&3)
	}
	w.plan(w.now.Add(-4*time.Hour), "notices read", w.heroReads)
}

// half is the next half hour that begins later than a minute from a moment.
func half(t time.Time) time.Time {
	return t.Add(time.Minute).Truncate(30 * time.Minute).Add(30 * time.Minute)
}

// nextShift begins within half an hour; at night it is a night shift.
func (w *world) nextShift() entry {
	from := half(w.now)
	e := entry{text: textThermometer, near: "凤凰园小区", heat: 0.9, spans: []span{{from, from.Add(3 * time.Hour)}}, then: w.heroSignsUp}
	if h := from.Sub(i18n.Midnight(from)); h < 6*time.Hour || h > 20*time.Hour {
		e.text = textNight
	}
	return e
}

// runningShift has been going on for an hour or so.
func (w *world) runningShift() entry {
	from := half(w.now).Add(-2 * time.Hour)
	return entry{text: textShop, near: "凤凰园小区", heat: 0.95, spans: []span{{from, from.Add(3 * time.Hour)}}}
}

// heroOn signs her up for the first shift of an activity.
func (w *world) heroOn(r *activityRun) (*shiftRun, error) {
	s := r.shifts[0]
	return s, w.enterShift(s)
}

// enterShift signs her up for a shift without planning what follows.
func (w *world) enterShift(s *shiftRun) error {
	err := w.write(func(tx *db.Tx) error {
		_, err := roster.SignUp(w.ctx, tx, w.hero.actor(), roster.Request{Shift: s.id})
		return err
	})
	w.count.Signups++
	s.on[w.hero.id] = true
	w.hero.busy = append(w.hero.busy, s.span)
	return err
}

func (w *world) heroSignsUp(r *activityRun) error {
	s, err := w.heroOn(r)
	w.plan(s.span.from.Add(-12*time.Minute), "standby comes", func() error { return w.standbyComes(s) })
	return err
}

// standbyComes has one of the standbys come in time.
func (w *world) standbyComes(s *shiftRun) error {
	all, err := roster.SignupsOf(w.ctx, w.read(), s.id)
	if err != nil {
		return err
	}
	for _, u := range all {
		if p := w.known(u.Person); u.Place == roster.Standby && u.State == roster.Accepted && p != nil {
			return w.checkIn(s, p, false)
		}
	}
	return nil
}

// heroServes has her come by the code and check out.
func (w *world) heroServes(r *activityRun) error {
	s, err := w.heroOn(r)
	w.plan(s.span.from.Add(-8*time.Minute), "arrival", func() error { return w.scanIn(s) })
	w.plan(s.span.to.Add(4*time.Minute), "check-out", func() error { return w.checkOut(s, w.hero, false) })
	return err
}

// scanIn checks her in by the code and plans nothing.
func (w *world) scanIn(s *shiftRun) error {
	w.count.Arrivals++
	return w.write(func(tx *db.Tx) error {
		in, err := w.scan(tx, s, w.hero)
		if err != nil {
			return err
		}
		got, err := roster.CheckInByCode(w.ctx, tx, w.app.Keys, w.hero.actor(), in)
		return firstOf(err, got.Refused)
	})
}

// heroForgets has her come and not check out; the leader confirms her hours the next day, or
// has not got to it yet.
func (w *world) heroForgets(confirmed bool) func(*activityRun) error {
	return func(r *activityRun) error {
		s, err := w.heroOn(r)
		w.plan(s.span.from.Add(-5*time.Minute), "arrival", func() error { return w.scanIn(s) })
		if confirmed {
			w.plan(i18n.Midnight(s.span.to).AddDate(0, 0, 1).Add(9*time.Hour), "hours confirmed", func() error { return w.confirmHours(s, w.hero) })
		}
		return err
	}
}

// heroIsTold has the leader write down her hours afterwards, and the centre confirm them.
func (w *world) heroIsTold(r *activityRun) error {
	s := r.shifts[0]
	w.hero.busy = append(w.hero.busy, s.span)
	w.plan(s.span.to.Add(90*time.Minute), "hours told", func() error {
		in := roster.Told{Shift: s.id, Person: w.hero.id, Arrived: db.MS(s.span.from), Departed: db.MS(s.span.to), Reason: "手机没电，没能签到，队长在场。"}
		var b roster.Backfill
		err := w.write(func(tx *db.Tx) (err error) {
			b, err = roster.TellHours(w.ctx, tx, s.of.leader.actor(), in)
			return err
		})
		w.plan(w.clock.Now().Add(3*time.Hour), "hours confirmed", func() error { return w.settle(s, b) })
		return err
	})
	w.plan(w.now.Add(-3*time.Hour), "hours told", func() error { return w.tell(s) })
	return nil
}

// settle confirms hours told.
func (w *world) settle(s *shiftRun, b roster.Backfill) error {
	return w.write(func(tx *db.Tx) error {
		_, err := roster.DecideHours(w.ctx, tx, w.adminOver(s.of.of.parent).actor(), b.ID, true, "")
		return err
	})
}

// heroWaits has her sign up for a shift that has just become full.
func (w *world) heroWaits(r *activityRun) error {
	w.plan(w.now.Add(-5*time.Hour), "full", func() error {
		s := r.shifts[1]
		for range 20 {
			shift, err := roster.Get(w.ctx, w.read(), s.id)
			if err != nil {
				return err
			}
			if shift.Free(roster.Primary) == 0 {
				return w.enterShift(s)
			}
			if err := w.signUp(s, roster.Primary); err != nil {
				return err
			}
		}
		return nil
	})
	return nil
}

// heroApplies has the leader accept her, which she has not read yet.
func (w *world) heroApplies(r *activityRun) error {
	s, err := w.heroOn(r)
	w.plan(w.now.Add(-150*time.Minute), "decision", func() error {
		return w.write(func(tx *db.Tx) error {
			_, err := roster.Decide(w.ctx, tx, r.leader.actor(), s.id, w.hero.id, true, "")
			return err
		})
	})
	return err
}

// heroIsMoved has an activity of hers changed, which she has not read yet.
func (w *world) heroIsMoved(r *activityRun) error {
	_, err := w.heroOn(r)
	w.plan(w.now.Add(-100*time.Minute), "change", func() error { return w.change(r) })
	return err
}

// heroReads marks her notices so far as read.
func (w *world) heroReads() error {
	return w.write(func(tx *db.Tx) error { return notice.ReadAll(w.ctx, tx, w.hero.actor(), w.hero.id) })
}
