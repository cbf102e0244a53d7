package activity

import (
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

func TestChangeShowsTheDifference(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		a := w.published()
		was := w.get(a)
		change := func(edit func(*Edit)) (got Diff, err error) {
			in := w.get(a).Edit
			edit(&in)
			err = w.do(func(tx *db.Tx) (err error) { got, err = Change(w.ctx, tx, w.leader, a, w.get(a).Rev, in); return err })
			return got, err
		}
		if got, err := change(func(e *Edit) { e.Title += " " }); err != nil || got != nil || w.get(a).Rev != was.Rev {
			t.Errorf("nothing changed: %v, %v", got, err)
		}
		got, err := change(func(e *Edit) { e.Place, e.Signup = "社区南门", SignupApproval })
		want := Diff{{"place", was.Place, "社区南门"}, {"signup", "open", "approval"}}
		if err != nil || !slices.Equal(got, want) {
			t.Fatalf("diff %v, %v", got, err)
		}
		if now := w.get(a); now.Version != 2 || now.Place != "社区南门" || now.State != Published {
			t.Errorf("changed %+v", now)
		}
		for field, edit := range map[string]func(*Edit){
			"risks": func(e *Edit) { e.Risks = " " }, "place": func(e *Edit) { e.Place = "" },
			"title": func(e *Edit) { e.Title = "菜" }, "contact": func(e *Edit) { e.Contact = "13812345678" },
			"service": func(e *Edit) { e.Service = w.services["culture"] }, "area": func(e *Edit) { e.Area = w.area() },
		} {
			if _, err := change(edit); len(fail.Fields(err)) != 1 || fail.Fields(err)[0].Field != field {
				t.Errorf("%s: %v", field, err)
			}
		}
		if _, err := change(func(e *Edit) { e.Place = "社区北门" }); err != nil {
			t.Fatal(err)
		}
		made, err := Changes(w.ctx, d, a)
		if err != nil || len(made) != 2 || made[0].Version != 3 || made[1].Version != 2 || !slices.Equal(made[1].Diff, want) || made[1].By != w.leader.Person {
			t.Errorf("changes %+v, %v", made, err)
		}
		if f := w.facts(a); len(f) != 1 {
			t.Errorf("a change posted %v", f)
		}
		c.Add(27 * time.Hour)
		if _, err := change(func(e *Edit) { e.Place = "东门" }); fail.Key(err) != "activity.over" {
			t.Errorf("changed when over: %v", err)
		}
		w.verified()
	})
}

// area is a division that the team may not choose.
func (w *world) area() (at areaCode) { return w.get(w.draft(w.center, w.Center, "cleaning")).Area }

func TestTwoEditorsLoseNothing(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		a := w.draft(w.leader, w.Team, "cleaning")
		read := w.get(a)
		hers, his := read.Edit, read.Edit
		hers.Place, his.Risks = "社区南门", "路滑"
		w.must(func(tx *db.Tx) error { return Revise(w.ctx, tx, w.leader, a, read.Rev, hers) })
		w.refused("activity.changed_meanwhile", func(tx *db.Tx) error { return Revise(w.ctx, tx, w.station, a, read.Rev, his) })
		w.refused("activity.changed_meanwhile", func(tx *db.Tx) error {
			_, err := AddPost(w.ctx, tx, w.station, a, read.Rev, PostIn{Name: "配送", Places: 1})
			return err
		})
		w.refused("activity.changed_meanwhile", func(tx *db.Tx) error { return SetCoOrgs(w.ctx, tx, w.station, a, read.Rev, nil) })
		if got := w.get(a); got.Place != "社区南门" || got.Risks != read.Risks {
			t.Errorf("kept %+v", got.Edit)
		}
		w.must(func(tx *db.Tx) error { return Respan(w.ctx, tx, a, w.tomorrow()) }) // a shift disturbs nobody
		w.must(func(tx *db.Tx) error { return Revise(w.ctx, tx, w.station, a, w.get(a).Rev, his) })
	})
}

// Of several who decide at the same moment one wins, whatever the others wanted.
func TestOneDecisionWins(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		for range 5 {
			a := w.draft(w.leader, w.Team, "cleaning")
			w.submit(w.leader, a)
			rev := w.get(a).Rev
			errs := make([]error, 9)
			var all sync.WaitGroup
			for i := range errs {
				all.Go(func() {
					errs[i] = d.Write(w.ctx, func(tx *db.Tx) error {
						switch i % 3 {
						case 0:
							if err := Hold(tx, a, rev); err != nil {
								return err
							}
							return Approve(w.ctx, tx, w.station, a)
						case 1:
							return Return(w.ctx, tx, w.institute, a, "请改期")
						}
						return Recall(w.ctx, tx, w.leader, a)
					})
				})
			}
			all.Wait()
			won := 0
			for _, err := range errs {
				switch {
				case err == nil:
					won++
				case fail.KindOf(err) != fail.Conflict:
					t.Errorf("lost with %v", err)
				}
			}
			got := w.get(a)
			if won != 1 || got.State == Submitted || got.Rev != rev+1 {
				t.Errorf("%d decisions won; it is %s, rev %d after %d", won, got.State, got.Rev, rev)
			}
		}
		w.verified()
	})
}

func TestHoldRefusesWhatWasNotSeen(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		a := w.draft(w.leader, w.Team, "cleaning")
		w.submit(w.leader, a)
		seen := w.get(a)
		w.must(func(tx *db.Tx) error { return Recall(w.ctx, tx, w.leader, a) })
		w.must(func(tx *db.Tx) error { return Revise(w.ctx, tx, w.leader, a, seen.Rev+1, seen.Edit) })
		w.submit(w.leader, a)
		w.refused("activity.changed_meanwhile", func(tx *db.Tx) error {
			if err := Hold(tx, a, seen.Rev); err != nil {
				return err
			}
			return Approve(w.ctx, tx, w.station, a)
		})
	})
}

func TestCancel(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		cancel := func(a id.ID, why string) func(tx *db.Tx) error {
			return func(tx *db.Tx) error { return Cancel(w.ctx, tx, w.leader, a, why) }
		}
		draft := w.draft(w.leader, w.Team, "cleaning")
		w.refused("activity.text_long", cancel(draft, strings.Repeat("雨", 201)))
		w.must(cancel(draft, ""))
		w.refused("activity.not_while.cancelled", cancel(draft, "再取消"))
		w.refused("activity.not_while.cancelled", func(tx *db.Tx) error { return SetCoOrgs(w.ctx, tx, w.leader, draft, 0, nil) })

		a := w.published()
		w.refused("activity.reason_missing", cancel(a, ""))
		w.refused("org.out_of_reach", func(tx *db.Tx) error { return Cancel(w.ctx, tx, w.foreign, a, "下雨") })
		w.must(cancel(a, "下雨"))
		if got := w.get(a); got.State != Cancelled || got.Reason != "下雨" || w.facts(a)["activity.published 2020-02-28"] != 1 {
			t.Errorf("cancelled %+v, facts %v", got, w.facts(a))
		}
		over := w.published()
		c.Add(27 * time.Hour)
		w.refused("activity.over", cancel(over, "没人来"))
		w.verified()
	})
}

func TestPostsAfterPublication(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		a := w.published()
		posts, err := Posts(w.ctx, d, a)
		if err != nil || len(posts) != 1 {
			t.Fatal(posts, err)
		}
		p := posts[0]
		edit := func(f func(*PostIn)) func(tx *db.Tx) error {
			in := p.PostIn
			f(&in)
			return func(tx *db.Tx) error { return EditPost(w.ctx, tx, w.leader, p.ID, w.get(a).Rev, in) }
		}
		w.must(edit(func(p *PostIn) { p.Places = 9 }))
		w.refused("activity.post_fixed", edit(func(p *PostIn) { p.MinAge = 40 }))
		w.refused("activity.not_while.published", func(tx *db.Tx) error { return RemovePost(w.ctx, tx, w.leader, p.ID, 0) })
		w.refused("activity.post_unknown", func(tx *db.Tx) error { return RemovePost(w.ctx, tx, w.leader, "321281-0000000000000000", 0) })
		w.refused("activity.skill_unknown", func(tx *db.Tx) error {
			_, err := AddPost(w.ctx, tx, w.leader, a, 0, PostIn{Name: "配送", Places: 1, Skill: 99})
			return err
		})
		w.must(func(tx *db.Tx) error {
			_, err := AddPost(w.ctx, tx, w.leader, a, 0, PostIn{Name: "配送", Places: 1})
			return err
		})
		b := w.draft(w.leader, w.Team, "cleaning")
		w.must(func(tx *db.Tx) error {
			added, err := AddPost(w.ctx, tx, w.leader, b, 0, PostIn{Name: "消杀", Places: 1, Risky: true})
			if err != nil {
				return err
			}
			return RemovePost(w.ctx, tx, w.leader, added, 0)
		})
		if w.get(b).Risky {
			t.Error("it is risky without a risky post")
		}
		w.verified()
	})
}

func TestHeldOncePerDayWhileAnArrivalLives(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		a := w.published()
		held := func(day string) {
			w.must(func(tx *db.Tx) error { return MarkHeld(w.ctx, tx, a, day, w.leader.Person) })
		}
		unheld := func(day string) { w.must(func(tx *db.Tx) error { return Unheld(w.ctx, tx, a, day, w.leader.Person) }) }
		held("2020-02-29")
		held("2020-02-29")
		held("2020-03-01")
		if f := w.facts(a); f["activity.held 2020-02-29"] != 1 || f["activity.held 2020-03-01"] != 1 {
			t.Errorf("held %v", f)
		}
		unheld("2020-02-29")
		unheld("2020-02-29") // nothing lives
		if f := w.facts(a); f["activity.held 2020-02-29"] != 0 || f["activity.held 2020-03-01"] != 1 {
			t.Errorf("taken back %v", f)
		}
		held("2020-02-29")
		if f := w.facts(a); f["activity.held 2020-02-29"] != 1 {
			t.Errorf("held again %v", f)
		}
	})
}

func TestCoOrganisers(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		a := w.published()
		set := func(with ...CoOrg) func(tx *db.Tx) error {
			return func(tx *db.Tx) error { return SetCoOrgs(w.ctx, tx, w.leader, a, 0, with) }
		}
		w.must(set(CoOrg{w.Foreign, Assist}, CoOrg{w.Sibling, Host}, CoOrg{w.Team, Host}, CoOrg{w.Sibling, Assist}))
		got, err := CoOrgs(w.ctx, d, a)
		if want := []CoOrg{{w.Sibling, Host}, {w.Foreign, Assist}}; err != nil || !slices.Equal(got, want) {
			t.Errorf("with %v, %v", got, err)
		}
		w.refused("activity.part_unknown", set(CoOrg{w.Sibling, "boss"}))
		w.refused("activity.coorg_unknown", set(CoOrg{"321281-0000000000000000", Host}))
		w.must(set())
		if got, _ := CoOrgs(w.ctx, d, a); got != nil {
			t.Errorf("still with %v", got)
		}
		w.verified()
	})
}
