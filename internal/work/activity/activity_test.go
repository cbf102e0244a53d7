package activity

import (
	"context"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
	"tongxin/internal/ledger"
	"tongxin/internal/work/org"
	"tongxin/internal/work/org/orgtest"
)

// world is the small tree with somebody at each tier. The team's leader is
// another person than the station's administrator; a reviewer sits in the institute.
type world struct {
	orgtest.Tree
	t        *testing.T
	ctx      context.Context
	d        *db.DB
	c        *dbtest.Clock
	run      *jobs.Runner
	services map[string]int64

	leader, station, sibling, institute, center, foreign, city, province auth.Actor
}

func begin(t *testing.T, d *db.DB, c *dbtest.Clock) *world {
	t.Helper()
	w := &world{t: t, ctx: t.Context(), d: d, c: c, run: jobs.NewRunner(d), services: map[string]int64{}}
	w.run.Handle(JobEscalate, Escalate)
	w.must(func(tx *db.Tx) (err error) {
		if w.Tree, err = orgtest.Plant(w.ctx, tx); err != nil {
			return err
		}
		return Install(w.ctx, tx)
	})
	w.leader = w.hire(1, w.Team, auth.Leader)
	w.station = w.hire(2, w.Station, auth.Admin)
	w.sibling = w.hire(3, w.Sibling, auth.Admin)
	w.institute = w.hire(4, w.Institute, auth.Reviewer)
	w.center = w.hire(5, w.Center, auth.Admin)
	w.foreign = w.hire(6, w.Foreign, auth.Admin)
	w.city = w.hire(7, w.City, auth.Reviewer)
	w.province = w.hire(8, w.Province, auth.Admin)
	all, err := Services(w.ctx, d)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range all {
		w.services[s.Slug] = s.ID
	}
	return w
}

// hire gives somebody a role, in the table too, so that she is told things.
func (w *world) hire(number byte, at id.ID, role auth.Role) auth.Actor {
	w.t.Helper()
	a := orgtest.Staff(number, at, role)
	w.must(func(tx *db.Tx) error {
		_, err := tx.Exec("INSERT INTO people_role (home, person, org, role, since, by) VALUES ($1, $2, $3, $4, 0, '')",
			a.Person.Home(), string(a.Person), string(at), string(role))
		if err != nil {
			return err
		}
		_, err = tx.Exec("INSERT INTO people_person (home, id, state, created) VALUES ($1, $2, 'active', 0)", a.Person.Home(), string(a.Person))
		return err
	})
	return a
}

func (w *world) do(f func(tx *db.Tx) error) error {
	w.t.Helper()
	return w.d.Write(w.ctx, f)
}

func (w *world) must(f func(tx *db.Tx) error) {
	w.t.Helper()
	if err := w.do(f); err != nil {
		w.t.Fatal(err)
	}
}

// refused runs a command that must be refused with the key, and leave no trace.
func (w *world) refused(key string, f func(tx *db.Tx) error) {
	w.t.Helper()
	before := w.traces()
	if err := w.do(f); fail.Key(err) != key {
		w.t.Errorf("refused with %v, want %s", err, key)
	}
	if after := w.traces(); after != before {
		w.t.Errorf("%s left %d traces", key, after-before)
	}
}

// traces counts what commands leave behind.
func (w *world) traces() (n int) {
	w.t.Helper()
	err := w.d.QueryRow(w.ctx, `SELECT (SELECT COUNT(*) FROM audit_entry) + (SELECT COUNT(*) FROM ledger_fact)
		+ (SELECT COUNT(*) FROM notice_notice) + (SELECT COUNT(*) FROM activity_post)`).Scan(&n)
	if err != nil {
		w.t.Fatal(err)
	}
	return n
}

func (w *world) get(a id.ID) Activity {
	w.t.Helper()
	got, err := Get(w.ctx, w.d, a)
	if err != nil {
		w.t.Fatal(err)
	}
	return got
}

// draft writes a full draft of an organisation with one post.
func (w *world) draft(by auth.Actor, of id.ID, service string) (a id.ID) {
	w.t.Helper()
	in := full()
	in.Service = w.services[service]
	w.must(func(tx *db.Tx) (err error) {
		if a, err = Create(w.ctx, tx, by, of, in); err != nil {
			return err
		}
		_, err = AddPost(w.ctx, tx, by, a, 1, PostIn{Name: "采买", Places: 2})
		return err
	})
	return a
}

// tomorrow is a shift of two hours on the next day.
func (w *world) tomorrow() Span {
	at := w.c.Now().Add(24 * time.Hour)
	return Span{Starts: db.MS(at), Ends: db.MS(at.Add(2 * time.Hour)), Shifts: 1}
}

func (w *world) submit(by auth.Actor, a id.ID) (published bool) {
	w.t.Helper()
	w.must(func(tx *db.Tx) (err error) {
		published, err = Submit(w.ctx, tx, by, a, w.tomorrow())
		return err
	})
	return published
}

// published is an activity of the team, approved by the station.
func (w *world) published() id.ID {
	w.t.Helper()
	a := w.draft(w.leader, w.Team, "cleaning")
	w.submit(w.leader, a)
	w.must(func(tx *db.Tx) error { return Approve(w.ctx, tx, w.station, a) })
	return a
}

// facts lists the living facts of an activity by kind and day.
func (w *world) facts(a id.ID) map[string]int {
	w.t.Helper()
	entries, err := ledger.Of(w.ctx, w.d, a)
	if err != nil {
		w.t.Fatal(err)
	}
	living := map[string]int{}
	for _, e := range entries {
		if e.Reverses == "" && !e.Reversed {
			living[e.Key+" "+e.Day]++
		}
	}
	return living
}

// told lists the kinds of notices that a person got about an activity.
func (w *world) told(who auth.Actor, a id.ID) map[string]int {
	w.t.Helper()
	rows, err := w.d.Query(w.ctx, "SELECT kind FROM notice_notice WHERE person = $1 AND subject = $2", string(who.Person), string(a))
	kinds, err := db.Collect(rows, err, db.Value[string])
	if err != nil {
		w.t.Fatal(err)
	}
	told := map[string]int{}
	for _, k := range kinds {
		told[k]++
	}
	return told
}

// verified fails the test where Verify finds anything broken.
func (w *world) verified() {
	w.t.Helper()
	checks, err := Verify(w.ctx, w.d)
	if err != nil {
		w.t.Fatal(err)
	}
	for _, c := range checks {
		if c.Broken > 0 {
			w.t.Errorf("verify: %s: %d of %d broken: %v", c.Name, c.Broken, c.Checked, c.IDs)
		}
	}
}

func TestCreate(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		in := Edit{Title: " 入户　走访１０户 ", Service: w.services["isolated_visit"]}
		var made id.ID
		w.must(func(tx *db.Tx) (err error) { made, err = Create(w.ctx, tx, w.leader, w.Team, in); return err })
		a := w.get(made)
		if a.Title != "入户 走访10户" || a.State != Draft || a.Area != orgtest.StationArea || a.Leader != w.leader.Person ||
			!a.Risky || a.Signup != SignupOpen || made.Home() != "321281" {
			t.Errorf("created %+v", a)
		}
		create := func(by auth.Actor, of id.ID, edit func(*Edit)) func(tx *db.Tx) error {
			in := full()
			in.Service = w.services["cleaning"]
			edit(&in)
			return func(tx *db.Tx) error { _, err := Create(w.ctx, tx, by, of, in); return err }
		}
		none := func(*Edit) {}
		w.refused("org.out_of_reach", create(w.leader, w.Station, none))
		w.refused("org.out_of_reach", create(w.sibling, w.Team, none))
		w.refused("org.out_of_reach", create(w.institute, w.Team, none)) // a reviewer writes nothing
		w.refused("activity.missing.service", create(w.leader, w.Team, func(e *Edit) { e.Service = 0 }))
		w.refused("activity.service_closed", create(w.leader, w.Team, func(e *Edit) { e.Service = 9999 }))
		w.refused("activity.area_outside", create(w.leader, w.Team, func(e *Edit) { e.Area = orgtest.SiblingArea }))
		w.refused("activity.area_unknown", create(w.center, w.Center, func(e *Edit) { e.Area = orgtest.CenterArea + 999_999 }))
		w.refused("campaign.unknown", create(w.leader, w.Team, func(e *Edit) { e.Campaign = 77 }))
		w.refused("activity.leader_outside", create(w.leader, w.Team, func(e *Edit) { e.Leader = w.foreign.Person }))
		w.must(create(w.leader, w.Team, func(e *Edit) { e.Leader = w.center.Person }))
		w.must(create(w.center, w.Center, func(e *Edit) { e.Area = orgtest.StationArea }))
		w.must(create(w.center, w.Team, none))
		w.verified()
	})
}

func TestAVillageThatMovedIsAPlaceOfItsInstitute(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		next := w.hire(20, w.Next, auth.Admin)
		create := func(tx *db.Tx) error {
			in := full()
			in.Service, in.Area = w.services["cleaning"], orgtest.StationArea
			_, err := Create(w.ctx, tx, next, w.Next, in)
			return err
		}
		w.refused("activity.area_outside", create)
		w.must(func(tx *db.Tx) error { return org.Move(w.ctx, tx, w.center, w.Station, w.Next) })
		w.must(create)
		w.must(func(tx *db.Tx) error { return org.Move(w.ctx, tx, w.center, w.Station, w.Institute) })
		w.refused("activity.area_outside", create)
	})
}

func TestUnknownActivity(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		const none id.ID = "321281-0000000000000000"
		for name, f := range map[string]func(tx *db.Tx) error{
			"revise":  func(tx *db.Tx) error { return Revise(w.ctx, tx, w.leader, none, 1, full()) },
			"submit":  func(tx *db.Tx) error { _, err := Submit(w.ctx, tx, w.leader, none, w.tomorrow()); return err },
			"approve": func(tx *db.Tx) error { return Approve(w.ctx, tx, w.station, none) },
			"return":  func(tx *db.Tx) error { return Return(w.ctx, tx, w.station, none, "不全") },
			"cancel":  func(tx *db.Tx) error { return Cancel(w.ctx, tx, w.leader, none, "下雨") },
			"recall":  func(tx *db.Tx) error { return Recall(w.ctx, tx, w.leader, none) },
			"respan":  func(tx *db.Tx) error { return Respan(w.ctx, tx, none, w.tomorrow()) },
			"held":    func(tx *db.Tx) error { return MarkHeld(w.ctx, tx, none, "2020-02-28", w.leader.Person) },
			"coorgs":  func(tx *db.Tx) error { return SetCoOrgs(w.ctx, tx, w.leader, none, 1, nil) },
			"change":  func(tx *db.Tx) error { _, err := Change(w.ctx, tx, w.leader, none, 1, full()); return err },
		} {
			if err := w.do(f); fail.Key(err) != "activity.unknown" || fail.KindOf(err) != fail.NotFound {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}

func TestSubmitNamesWhatIsMissing(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		var a id.ID
		w.must(func(tx *db.Tx) (err error) {
			a, err = Create(w.ctx, tx, w.leader, w.Team, Edit{Title: "送菜", Service: w.services["errand"]})
			return err
		})
		err := w.do(func(tx *db.Tx) error { _, err := Submit(w.ctx, tx, w.leader, a, Span{}); return err })
		var fields []Item
		for _, f := range fail.Fields(err) {
			fields = append(fields, Item(f.Field))
		}
		if len(fields) != len(Items()) || fail.Key(err) != fail.FormInvalid {
			t.Errorf("an empty draft lacks %v: %v", fields, err)
		}
		w.refused("activity.missing.time", func(tx *db.Tx) error {
			in := full()
			in.Service = w.services["errand"]
			made, err := Create(w.ctx, tx, w.leader, w.Team, in)
			if err != nil {
				return err
			}
			if _, err = AddPost(w.ctx, tx, w.leader, made, 1, PostIn{Name: "采买", Places: 2}); err != nil {
				return err
			}
			_, err = Submit(w.ctx, tx, w.leader, made, Span{})
			return err
		})
		if got := w.get(a); got.State != Draft {
			t.Errorf("it is %s", got.State)
		}
	})
}

func TestReview(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		a := w.draft(w.leader, w.Team, "cleaning")
		approve := func(by auth.Actor) func(tx *db.Tx) error {
			return func(tx *db.Tx) error { return Approve(w.ctx, tx, by, a) }
		}
		w.refused("activity.not_while.draft", approve(w.station))
		if w.submit(w.leader, a) {
			t.Fatal("published without a review")
		}
		if got := w.get(a); got.State != Submitted || got.ReviewerOrg != w.Station || got.Due != db.MS(c.Now().Add(24*time.Hour)) || got.Author != w.leader.Person {
			t.Errorf("submitted %+v", got)
		}
		if n := w.told(w.station, a)["activity.to_review"]; n != 1 {
			t.Errorf("the station was told %d times", n)
		}
		w.refused("activity.not_while.submitted", func(tx *db.Tx) error { _, err := Submit(w.ctx, tx, w.leader, a, w.tomorrow()); return err })
		w.refused("activity.not_while.submitted", func(tx *db.Tx) error { return Revise(w.ctx, tx, w.leader, a, 0, full()) })
		w.refused("org.out_of_reach", approve(w.leader))
		w.refused("org.out_of_reach", approve(w.sibling))
		w.refused("org.out_of_reach", approve(w.foreign))
		w.refused("activity.reason_missing", func(tx *db.Tx) error { return Return(w.ctx, tx, w.station, a, " ") })

		w.must(func(tx *db.Tx) error { return Return(w.ctx, tx, w.station, a, "请写明骑行安全要求") })
		if got := w.get(a); got.State != Returned || got.Reason != "请写明骑行安全要求" || got.Due != 0 {
			t.Errorf("returned %+v", got)
		}
		if n := w.told(w.leader, a)["activity.returned"]; n != 1 {
			t.Errorf("the author was told %d times", n)
		}
		w.refused("activity.not_while.returned", approve(w.station))
		in := w.get(a)
		w.must(func(tx *db.Tx) error { return Revise(w.ctx, tx, w.leader, a, in.Rev, in.Edit) })
		w.submit(w.leader, a)
		w.must(approve(w.institute)) // whoever is above may do it too
		got := w.get(a)
		if got.State != Published || got.Version != 1 || got.Published != db.MS(c.Now()) || got.Reason != "" {
			t.Errorf("published %+v", got)
		}
		if f := w.facts(a); len(f) != 1 || f["activity.published 2020-02-28"] != 1 {
			t.Errorf("facts %v", f)
		}
		w.refused("activity.not_while.published", approve(w.station))
		w.refused("activity.not_while.published", func(tx *db.Tx) error { return Return(w.ctx, tx, w.station, a, "晚了") })
		w.verified()
	})
}

func TestNobodyApprovesHerOwn(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		a := w.draft(w.station, w.Team, "cleaning") // the station writes for its team
		w.submit(w.station, a)
		w.refused("org.own_work", func(tx *db.Tx) error { return Approve(w.ctx, tx, w.station, a) })
		other := w.hire(20, w.Station, auth.Reviewer)
		w.must(func(tx *db.Tx) error { return Approve(w.ctx, tx, other, a) })

		// whoever submits answers for it, whoever wrote it
		b := w.draft(w.leader, w.Team, "cleaning")
		w.submit(w.station, b)
		w.refused("org.own_work", func(tx *db.Tx) error { return Approve(w.ctx, tx, w.station, b) })

		// at the top another named person of the same office decides
		top := w.draft(w.province, w.Province, "cleaning")
		w.submit(w.province, top)
		if got := w.get(top); got.ReviewerOrg != w.Province {
			t.Errorf("the top's review lies at %s", got.ReviewerOrg)
		}
		w.refused("org.own_work", func(tx *db.Tx) error { return Approve(w.ctx, tx, w.province, top) })
		second := w.hire(21, w.Province, auth.Reviewer)
		w.must(func(tx *db.Tx) error { return Approve(w.ctx, tx, second, top) })
		w.verified()
	})
}

func TestTrustedUnitsAreExemptButNeverForRisk(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		w.must(func(tx *db.Tx) error { return org.Trust(w.ctx, tx, w.station, w.Team, true) })
		plain := w.draft(w.leader, w.Team, "cleaning")
		if !w.submit(w.leader, plain) || w.get(plain).State != Published || w.facts(plain)["activity.published 2020-02-28"] != 1 {
			t.Error("an ordinary activity of a trusted team waits")
		}
		for _, slug := range []string{"checkpoint_duty", "temperature_check", "isolated_visit"} {
			if a := w.draft(w.leader, w.Team, slug); w.submit(w.leader, a) || w.get(a).State != Submitted {
				t.Errorf("%s was published without a review", slug)
			}
		}
		a := w.draft(w.leader, w.Team, "cleaning")
		w.must(func(tx *db.Tx) error {
			_, err := AddPost(w.ctx, tx, w.leader, a, w.get(a).Rev, PostIn{Name: "消杀", Places: 1, Risky: true})
			return err
		})
		if w.submit(w.leader, a) || w.get(a).State != Submitted {
			t.Error("a risky post was published without a review")
		}
		w.refused("activity.risky_unreviewed", func(tx *db.Tx) error { // nor slipped in afterwards
			_, err := AddPost(w.ctx, tx, w.leader, plain, 0, PostIn{Name: "消杀", Places: 1, Risky: true})
			return err
		})
		w.verified()
	})
}

func TestOverdueReviewsRise(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		a := w.draft(w.leader, w.Team, "cleaning")
		span := Span{Starts: db.MS(c.Now().Add(30 * 24 * time.Hour)), Ends: db.MS(c.Now().Add(31 * 24 * time.Hour)), Shifts: 1}
		w.must(func(tx *db.Tx) error { _, err := Submit(w.ctx, tx, w.leader, a, span); return err })
		due := func() {
			t.Helper()
			if err := w.run.RunDue(w.ctx); err != nil {
				t.Fatal(err)
			}
		}
		c.Add(24*time.Hour - time.Minute)
		due()
		if got := w.get(a); got.ReviewerOrg != w.Station || got.Raised != 0 {
			t.Errorf("it rose before its time: %+v", got)
		}
		for i, up := range []struct {
			late id.ID
			from auth.Actor
			to   auth.Actor
			desk id.ID
		}{
			{w.Station, w.station, w.institute, w.Institute}, {w.Institute, w.institute, w.center, w.Center},
			{w.Center, w.center, w.city, w.City}, {w.City, w.city, w.province, w.Province},
		} {
			c.Add(24 * time.Hour)
			due()
			if got := w.get(a); got.ReviewerOrg != up.desk || got.Raised != int64(i+1) || got.State != Submitted {
				t.Fatalf("after %d days it lies at %s, raised %d", i+1, got.ReviewerOrg, got.Raised)
			}
			if w.told(up.from, a)["activity.review_overdue"] != 1 || w.told(up.to, a)["activity.review_raised"] != 1 {
				t.Errorf("step %d: the lower tier was told %v, the upper %v", i, w.told(up.from, a), w.told(up.to, a))
			}
			w.refused("activity.review_raised", func(tx *db.Tx) error { return Approve(w.ctx, tx, w.station, a) })
		}
		c.Add(24 * time.Hour)
		due() // at the top it can only be told
		c.Add(24 * time.Hour)
		due()
		if got := w.get(a); got.ReviewerOrg != w.Province || w.told(w.province, a)["activity.review_overdue"] != 1 {
			t.Errorf("at the top: %+v, told %v", got, w.told(w.province, a))
		}
		w.must(func(tx *db.Tx) error { return Approve(w.ctx, tx, w.province, a) })
		w.verified()
	})
}

func TestRecallStopsTheClock(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		a := w.draft(w.leader, w.Team, "cleaning")
		w.submit(w.leader, a)
		w.must(func(tx *db.Tx) error { return Recall(w.ctx, tx, w.leader, a) })
		w.refused("activity.not_while.draft", func(tx *db.Tx) error { return Recall(w.ctx, tx, w.leader, a) })
		w.refused("activity.not_while.draft", func(tx *db.Tx) error { return Approve(w.ctx, tx, w.station, a) })
		c.Add(12 * time.Hour)
		w.must(func(tx *db.Tx) error {
			_, err := Submit(w.ctx, tx, w.leader, a, w.tomorrow())
			return err
		})
		c.Add(13 * time.Hour) // the first clock has run out, the second has not
		if err := w.run.RunDue(w.ctx); err != nil {
			t.Fatal(err)
		}
		if got := w.get(a); got.ReviewerOrg != w.Station || got.State != Submitted {
			t.Errorf("it rose by an old clock: %+v", got)
		}
		w.verified()
	})
}

func TestApprovalComesTooLate(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		a := w.draft(w.leader, w.Team, "cleaning")
		w.submit(w.leader, a)
		c.Add(27 * time.Hour)
		w.refused("activity.over_before_review", func(tx *db.Tx) error { return Approve(w.ctx, tx, w.station, a) })
		w.must(func(tx *db.Tx) error { return Return(w.ctx, tx, w.station, a, "时间已过，请改期") })
		w.verified()
	})
}
