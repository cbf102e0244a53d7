package roster

import (
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/people"
)

func TestATemplateIsKeptAndMadeAgainBelow(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		kinds, err := people.CertificateKinds(w.ctx, d)
		if err != nil {
			t.Fatal(err)
		}
		s := w.shift(plan{places: 3, standbys: 1, certificates: people.KindsOf(kinds[0].ID)}) // Saturday 29 February
		add := func(days, hour int) {
			w.must(func(tx *db.Tx) error {
				at := s.Starting().AddDate(0, 0, days).Add(time.Duration(hour) * time.Hour)
				_, err := AddShift(w.ctx, tx, w.leader, s.Activity.ID, Plan{Post: s.Post, Starts: at, Ends: at.Add(90 * time.Minute), Places: 5})
				return err
			})
		}
		add(3, 0) // Tuesday
		add(5, 2) // Thursday
		add(1, 0) // Sunday, the last of the week before
		save := func(by auth.Actor, in Saving) (kept Template, f func(*db.Tx) error) {
			in.Activity = s.Activity.ID
			return kept, func(tx *db.Tx) (err error) { kept, err = SaveTemplate(w.ctx, tx, by, in); return err }
		}
		keep := func(by auth.Actor, in Saving) (kept Template) {
			t.Helper()
			in.Activity = s.Activity.ID
			w.must(func(tx *db.Tx) (err error) { kept, err = SaveTemplate(w.ctx, tx, by, in); return err })
			return kept
		}
		refuse := func(key string, by auth.Actor, in Saving) {
			t.Helper()
			_, f := save(by, in)
			w.refused(key, f)
		}
		refuse("org.out_of_reach", w.foreign, Saving{Name: "扫楼道"})
		refuse("org.out_of_reach", w.leader, Saving{Name: "扫楼道", Org: w.Station})
		refuse("roster.template_name", w.leader, Saving{Name: "扫"})
		refuse("roster.template_empty", w.leader, Saving{Name: "扫楼道", Week: "2020-06-01"})
		week := keep(w.station, Saving{Name: "  扫楼道 ", Org: w.Station, Week: db.Day(s.Starting().AddDate(0, 0, 3))})
		whole := keep(w.leader, Saving{Name: "扫楼道"})
		if week.Name != "扫楼道" || len(week.Slots) != 2 || len(whole.Slots) != 4 || week.Slots[0].Day != 1 || whole.Slots[0].Day != 0 || whole.Slots[2].Day != 3 ||
			week.Posts[0].Certificates != s.Certificates || whole.Slots[0].StandbyPlaces != 1 {
			t.Errorf("kept %+v and %+v", week, whole)
		}
		refuse("roster.template_taken", w.leader, Saving{Name: "扫楼道"})
		if again := keep(w.leader, Saving{Name: "扫楼道", Replace: true}); again.ID != whole.ID {
			t.Error("it was to be replaced")
		}
		seen := func(of id.ID, want int) {
			t.Helper()
			if all, err := TemplatesFor(w.ctx, d, of); err != nil || len(all) != want {
				t.Errorf("%d templates, %v, want %d", len(all), err, want)
			}
		}
		seen(w.Team, 2)
		seen(w.Station, 1)
		seen(w.Sibling, 0)
		seen(w.Institute, 0)

		// Made again: as a draft of its own, in another week, and no shift twice.
		monday := i18n.Midnight(s.Starting()).AddDate(0, 0, 9)
		var draft id.ID
		make := func(template id.ID, by auth.Actor, of id.ID) func(*db.Tx) error {
			return func(tx *db.Tx) (err error) {
				draft, err = DraftFromTemplate(w.ctx, tx, by, template, of, activity.Edit{Title: "下一周"}, db.Day(monday.AddDate(0, 0, 4)))
				return err
			}
		}
		w.must(make(week.ID, w.leader, w.Team))
		made, err := Of(w.ctx, d, draft)
		if err != nil || len(made) != 2 || made[0].Day != db.Day(monday.AddDate(0, 0, 1)) || made[0].Places != 5 || made[0].State != "draft" ||
			made[0].Certificates != s.Certificates || made[0].Activity.Service != s.Activity.Service {
			t.Errorf("made %+v, %v", made, err)
		}
		apply := func(template id.ID, by auth.Actor, to id.ID, from string) func(*db.Tx) error {
			return func(tx *db.Tx) error { _, err := ApplyTemplate(w.ctx, tx, by, template, to, from); return err }
		}
		w.refused("roster.template_nothing", apply(week.ID, w.leader, draft, db.Day(monday)))
		w.refused("roster.template_day", apply(whole.ID, w.leader, draft, "soon"))
		w.refused("roster.template_unknown", func(tx *db.Tx) error {
			a, err := activity.Create(w.ctx, tx, w.station, w.Station, activity.Edit{Title: "别处", Service: s.Activity.Service})
			if err != nil {
				return err
			}
			return apply(whole.ID, w.station, a, db.Day(monday))(tx)
		})
		w.refused("org.out_of_reach", apply(week.ID, w.foreign, draft, db.Day(monday)))
		w.must(apply(week.ID, w.leader, s.Activity.ID, db.Day(monday))) // a published one: they are open at once
		open, err := Of(w.ctx, d, s.Activity.ID)
		if err != nil || len(open) != 6 || open[5].State != "open" || open[5].Post != s.Post {
			t.Errorf("%d shifts, %v", len(open), err)
		}

		// Changed, retired, brought back; what was made stays.
		edit := func(by auth.Actor, rev int64, change func(*Content)) func(*db.Tx) error {
			in := week.Content
			in.Slots = append([]Slot(nil), in.Slots...)
			change(&in)
			return func(tx *db.Tx) error { return EditTemplate(w.ctx, tx, by, week.ID, rev, in) }
		}
		w.refused("org.out_of_reach", edit(w.leader, 1, func(*Content) {}))
		w.refused("roster.template_changed", edit(w.station, 7, func(*Content) {}))
		w.refused("roster.template_slot", edit(w.station, 1, func(in *Content) { in.Slots[1].Places = 0 }))
		w.must(edit(w.station, 1, func(in *Content) { in.Name, in.Slots = "每周二扫楼道", in.Slots[:1] }))
		retire := func(by auth.Actor, retired bool) func(*db.Tx) error {
			return func(tx *db.Tx) error { return RetireTemplate(w.ctx, tx, by, week.ID, retired) }
		}
		w.refused("org.out_of_reach", retire(w.leader, true))
		w.must(retire(w.station, true))
		w.must(retire(w.station, true))
		seen(w.Team, 1)
		w.refused("roster.template_is_retired", apply(week.ID, w.leader, draft, db.Day(monday.AddDate(0, 0, 7))))
		w.must(retire(w.station, false))
		seen(w.Team, 2)
		if made, err := Of(w.ctx, d, draft); err != nil || len(made) != 2 {
			t.Errorf("%d shifts stay, %v", len(made), err)
		}
		w.verified()
	})
}
