package seed

import (
	"slices"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/roster"
)

// restful are kinds of service whose posts ask for rest.
var restful = []string{"checkpoint_duty", "temperature_check", "hotline_duty"}

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
			rest := roster.Rest{Longest: int64(12 * time.Hour / time.Minute), Apart: int64(8 * time.Hour / time.Minute), Nights: 3}
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
	return w.write(func(tx *db.Tx) error {
		_, _, _, err := roster.AddSeries(w.ctx, tx, leader.actor(), s)
		return err
	})
}
