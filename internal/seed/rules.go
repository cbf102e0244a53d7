package seed

import (
	"slices"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

// restful are kinds of service whose posts ask for rest.
var restful = []string{"checkpoint_duty", "temperature_check", "hotline_duty"}

// restApart is the rest they ask for between two shifts.
const restApart = 8 * time.Hour

// rules has the system administrator set how much rest the posts of some kinds of service ask
// for, at the end: what was signed up for before stands. A leader makes shifts by a rule.
func (w *world) rules() error {
	services, err := activity.Services(w.ctx, w.read())
	if err != nil {
		return err
	}
	system := w.staff.told[1].actor()
	err = w.write(func(tx *db.Tx) error {
		for _, s := range services {
			if !slices.Contains(restful, s.Slug) {
				continue
			}
			rest := roster.Rest{Longest: int64(12 * time.Hour / time.Minute), Apart: int64(restApart / time.Minute), Nights: 3}
			if err := roster.SetRest(w.ctx, tx, system, s.ID, rest); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	return w.tuesdays()
}

// tuesdays makes shifts on Tuesdays and Fridays of three weeks, but not on holidays, for an
// activity of the demonstration's leader.
func (w *world) tuesdays() error {
	leader, from := w.staff.told[12], w.today.AddDate(0, 0, 1)
	shifts, err := roster.LeaderShifts(w.ctx, w.read(), leader.at.id, db.MS(from), db.MS(from.AddDate(0, 0, 7)), 50)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(shifts, func(s roster.Shift) bool { return s.State == "open" && s.Activity.Org == leader.at.id })
	if i < 0 {
		return nil
	}
	s := roster.Series{Activity: shifts[i].Activity.ID, Post: shifts[i].Post, Begins: 14 * 60, Lasts: 120, Rule: roster.Rule{
		Days: roster.ButHolidays, Weekdays: 1<<1 | 1<<4, Weeks: 1, From: from.Format(time.DateOnly), To: from.AddDate(0, 0, 20).Format(time.DateOnly)}}
	err = w.write(func(tx *db.Tx) error {
		_, _, _, err := roster.AddSeries(w.ctx, tx, leader.actor(), s)
		return err
	})
	return firstOf(err, w.keepTemplate(shifts[i].Activity.ID), w.gate(shifts[i].Activity.ID))
}

// keepTemplate has the leader keep a week of the activity, to be made again.
func (w *world) keepTemplate(a id.ID) error {
	return w.write(func(tx *db.Tx) error {
		_, err := roster.SaveTemplate(w.ctx, tx, w.staff.told[12].actor(), roster.Saving{Activity: a, Name: "一周值守", Note: "每周二、周五下午各一班",
			Week: w.day(7).Format(time.DateOnly)})
		return err
	})
}

// gateDay is how many days ahead the shift is that asks for a certificate.
const gateDay = 2

// gate adds a post that asks for a health certificate, and four who hold one: one for long, one
// whose certificate ends soon, one whose was withdrawn after she was on the shift, and one whose
// ends before it, who is not on it.
func (w *world) gate(a id.ID) error {
	leader, keeper := w.staff.told[12].actor(), w.staff.told[10].actor()
	health := int64(0)
	kinds, err := people.CertificateKinds(w.ctx, w.read())
	for _, k := range kinds {
		if k.Slug == "health" {
			health = k.ID
		}
	}
	if err != nil || health == 0 {
		return err
	}
	var shift roster.Shift
	err = w.write(func(tx *db.Tx) error {
		post, err := activity.AddPost(w.ctx, tx, leader, a, 0, activity.PostIn{Name: "送餐", Duty: "给隔离观察的居民送饭到门口", MinAge: 18, MaxAge: 60, Certificates: people.KindsOf(health), Places: 5})
		if err != nil {
			return err
		}
		from := w.day(gateDay).Add(16*time.Hour + 30*time.Minute)
		shift, err = roster.AddShift(w.ctx, tx, leader, a, roster.Plan{Post: post, Starts: from, Ends: from.Add(2 * time.Hour)})
		return err
	})
	if err != nil {
		return err
	}
	ends := []int{200, 12, 90, gateDay - 1} // days from today
	rested := span{db.Time(shift.Starts).Add(-restApart), db.Time(shift.Ends).Add(restApart)}
	for _, p := range w.at[a.Home()] {
		if len(ends) == 0 {
			break
		}
		if !p.free(rested) || !p.ready || p.seat == nil || p.seat.area/1000 != chengdong/1000 || w.age(p) < 20 || w.age(p) > 55 || p == w.hero {
			continue
		}
		err := w.hold(keeper, leader, p, shift.ID, people.NewCertificate{Kind: health, Issued: w.day(-120).Format(time.DateOnly), Expires: w.day(ends[0]).Format(time.DateOnly)}, len(ends))
		if fail.KindOf(err) == fail.Conflict {
			continue // she is on another shift then
		}
		if err != nil {
			return err
		}
		ends = ends[1:]
	}
	return nil
}

// hold enters somebody's certificate and, but for the last, puts her on the shift; of the third the
// certificate is withdrawn.
func (w *world) hold(keeper, leader auth.Actor, p *person, shift id.ID, in people.NewCertificate, left int) error {
	return w.write(func(tx *db.Tx) error {
		paper, err := people.AddCertificate(w.ctx, tx, w.app.Keys, keeper, p.id, in)
		if err != nil || left == 1 {
			return err
		}
		if _, err := roster.SignUp(w.ctx, tx, leader, roster.Request{Shift: shift, Person: p.id}); err != nil || left != 2 {
			return err
		}
		return people.WithdrawCertificate(w.ctx, tx, keeper, paper)
	})
}
