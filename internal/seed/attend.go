package seed

import (
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/work/roster"
)

// expect plans the arrival of somebody who is on a shift.
func (w *world) expect(s *shiftRun, p *person) {
	w.plan(s.span.from.Add(w.minutes(-24, 6)), "arrival", func() error { return w.arrive(s, p) })
}

// arrive has somebody come, if she is still on the shift: most by the code, some noted by the
// leader. Some do not come; half of the standbys stay at home.
func (w *world) arrive(s *shiftRun, p *person) error {
	u, err := roster.SignupOf(w.ctx, w.read(), s.id, p.id)
	if err != nil || u.State != roster.Accepted {
		return err
	}
	switch {
	case u.Place == roster.Standby && w.chance(0.5):
		return nil
	case u.Place == roster.Primary && w.chance(0.05):
		w.plan(s.span.from.Add(w.minutes(25, 55)), "no-show", func() error { return w.noShow(s, p) })
		return nil
	}
	return w.checkIn(s, p, p.phone != "" && p.guardian == nil && w.chance(0.75))
}

func (w *world) checkIn(s *shiftRun, p *person, byCode bool) error {
	err := w.write(func(tx *db.Tx) error {
		if byCode {
			in, err := w.scan(tx, s, p)
			if err != nil {
				return err
			}
			got, err := roster.CheckInByCode(w.ctx, tx, w.app.Keys, p.actor(), in)
			return firstOf(err, got.Refused)
		}
		_, err := roster.CheckInBy(w.ctx, tx, s.of.leader.actor(), s.id, p.id)
		return err
	})
	if err != nil {
		return err
	}
	w.count.Arrivals++
	w.leaveAfter(s, p)
	return nil
}

// scan is the code that the desk of a shift shows now.
func (w *world) scan(tx *db.Tx, s *shiftRun, p *person) (roster.Scan, error) {
	code, _, err := roster.DeskCode(w.ctx, tx, w.app.Keys, s.of.leader.actor(), s.id, tx.Now)
	return roster.Scan{Person: p.id, Shift: s.id, Code: code}, err
}

// leaveAfter plans how somebody who came leaves: most check out, some earlier than the end,
// some forget, and the leader confirms most of those the next morning.
func (w *world) leaveAfter(s *shiftRun, p *person) {
	length := s.span.to.Sub(s.span.from)
	switch n := w.rand.Float64(); {
	case n < 0.10:
		if w.chance(0.65) {
			morning := i18n.Midnight(s.span.to.Add(2*time.Hour)).AddDate(0, 0, 1).Add(8*time.Hour + w.minutes(20, 150))
			w.plan(morning, "hours confirmed", func() error { return w.confirmHours(s, p) })
		}
	case n < 0.14:
		w.plan(s.span.from.Add(length*2/3), "early leave", func() error { return w.checkOut(s, p, true) })
	default:
		w.plan(s.span.to.Add(w.minutes(-2, 20)), "check-out", func() error { return w.checkOut(s, p, false) })
	}
}

func (w *world) checkOut(s *shiftRun, p *person, early bool) error {
	byCode := !early && p.phone != "" && p.guardian == nil && w.chance(0.7)
	return w.write(func(tx *db.Tx) error {
		if byCode {
			in, err := w.scan(tx, s, p)
			if err != nil {
				return err
			}
			got, err := roster.CheckOutByCode(w.ctx, tx, w.app.Keys, p.actor(), in)
			return firstOf(err, got.Refused)
		}
		_, err := roster.CheckOutBy(w.ctx, tx, s.of.leader.actor(), s.id, p.id, early)
		return err
	})
}

func (w *world) confirmHours(s *shiftRun, p *person) error {
	return w.write(func(tx *db.Tx) error {
		_, err := roster.ConfirmMinutes(w.ctx, tx, s.of.leader.actor(), s.id, p.id)
		if fail.Key(err) == "roster.not_unclosed" {
			return nil // she checked out after all
		}
		return err
	})
}

func (w *world) noShow(s *shiftRun, p *person) error {
	return w.write(func(tx *db.Tx) error {
		_, err := roster.MarkNoShow(w.ctx, tx, s.of.leader.actor(), s.id, p.id)
		return err
	})
}

// walkUp has somebody come who had not signed up.
func (w *world) walkUp(s *shiftRun) error {
	p := w.candidate(s)
	if p == nil || p.guardian != nil {
		return nil
	}
	if shift, err := roster.Get(w.ctx, w.read(), s.id); err != nil || shift.State != "open" {
		return err
	}
	err := w.write(func(tx *db.Tx) error {
		_, err := roster.WalkUp(w.ctx, tx, s.of.leader.actor(), s.id, p.id, "")
		return err
	})
	if err != nil {
		return err
	}
	s.on[p.id] = true
	p.busy = append(p.busy, s.span)
	w.count.Arrivals++
	w.leaveAfter(s, p)
	return nil
}

// tell has the leader write down afterwards that somebody served, and a second person
// decide some hours later.
func (w *world) tell(s *shiftRun) error {
	p := w.candidate(s)
	if p == nil {
		return nil
	}
	return w.tellOf(s, p, "手机没电，没能签到，队长在场。", w.clock.Now().Add(w.minutes(6*60, 20*60)))
}

func (w *world) tellOf(s *shiftRun, p *person, reason string, decided time.Time) error {
	if shift, err := roster.Get(w.ctx, w.read(), s.id); err != nil || shift.State != "open" {
		return err
	}
	in := roster.Told{Shift: s.id, Person: p.id, Arrived: db.MS(s.span.from), Departed: db.MS(s.span.to), Reason: reason}
	var b roster.Backfill
	err := w.write(func(tx *db.Tx) (err error) {
		b, err = roster.TellHours(w.ctx, tx, s.of.leader.actor(), in)
		return err
	})
	if fail.Key(err) == "roster.told_overlap" {
		return nil // she came early to another shift, or left one late: the leader sees his mistake
	}
	if err != nil {
		return err
	}
	s.on[p.id] = true
	p.busy = append(p.busy, s.span)
	w.plan(awake(decided), "hours decided", func() error { return w.decideHours(s, b) })
	return nil
}

func (w *world) decideHours(s *shiftRun, b roster.Backfill) error {
	confirm, note := w.chance(0.8), ""
	if !confirm {
		note = "签到表上没有这个人，请核对后重新补录。"
	}
	by := w.adminOver(s.of.of.parent)
	if s.of.of.area == hailing {
		by = w.staff.reviewer
	}
	return w.write(func(tx *db.Tx) error {
		_, err := roster.DecideHours(w.ctx, tx, by.actor(), b.ID, confirm, note)
		return err
	})
}
