package report_test

import (
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/work/notice/noticetest"
	"tongxin/internal/work/org"
	"tongxin/internal/work/report"
)

// TestWhoIsToldOfReports: whoever answers for a unit that owes a report is reminded, once each time that
// somebody reminds, also when she read it the time before; of what became of a number its author is told.
func TestWhoIsToldOfReports(t *testing.T) {
	inWorlds(t, func(w *world) {
		once := w.weekly()
		once.Every, once.From, once.To = report.Once, "2020-02-20", "2020-02-27"
		duty := w.begin(once)
		w.run()
		periods, err := report.Periods(w.ctx, w.d, duty)
		w.must(err)
		owed, err := report.OwedFor(w.ctx, w.d, periods[0].ID, []org.Seat{{Org: w.City, Position: 2}})
		w.must(err)
		missing := []id.ID{owed[0].ID}
		for at, who := range map[id.ID]auth.Actor{w.City: w.city, owed[0].Org: w.station} {
			w.write(func(tx *db.Tx) error {
				_, err := tx.Exec("INSERT INTO people_role (home, person, org, role, since, by) VALUES ($1, $2, $3, $4, 0, '')", who.Person.Home(), who.Person, at, string(auth.Admin))
				return err
			})
		}
		l := noticetest.Listen(w, w.d, w.city, w.institute, w.station)
		remind := func() error {
			err := w.try(func(tx *db.Tx) error {
				_, err := report.Remind(w.ctx, tx, w.city, duty, periods[0].ID, missing)
				return err
			})
			w.run()
			return err
		}
		var p id.ID
		for _, step := range []struct {
			what string
			do   func() error
			want []noticetest.Told
		}{
			{"reminded", remind, noticetest.All("report.remind", w.station.Person)},
			{"at once again", remind, nil},
			{"after she read it", func() error {
				w.write(func(tx *db.Tx) error {
					_, err := tx.Exec("UPDATE notice_notice SET read = $1", db.MS(tx.Now))
					return err
				})
				w.clock.Add(report.Again + time.Minute)
				return remind()
			}, noticetest.All("report.remind", w.station.Person)},
			{"reported", func() error { p = w.submit(w.station, banquets()); return nil }, nil},
			{"returned", func() error {
				return w.try(func(tx *db.Tx) error { return report.Return(w.ctx, tx, w.institute, p, "whose banquets are these?") })
			}, noticetest.All("report.returned", w.station.Person)},
			{"written anew", func() error {
				return w.try(func(tx *db.Tx) error { return report.Resubmit(w.ctx, tx, w.station, p, w.get(p).Rev, banquets()) })
			}, nil},
			{"accepted", func() error {
				return w.try(func(tx *db.Tx) error { return report.Accept(w.ctx, tx, w.institute, p) })
			}, noticetest.All("report.accepted", w.station.Person)},
		} {
			w.must(step.do())
			l.Hears(w, step.what, step.want...)
		}
	})
}
