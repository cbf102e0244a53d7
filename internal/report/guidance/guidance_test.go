package guidance

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/report/figure"
	"tongxin/internal/report/progress"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org/orgtest"
)

// From a laggard to a closed directive: the figure is frozen, the effect is measured on the
// same one, and both come out of the ledger again.
func TestGuidedAndWhatCameOfIt(t *testing.T) {
	inWorlds(t, func(w *world) {
		d := w.issued()
		was := w.get(d)
		if was.Seen.Value != 2 || was.Planned != 10 || was.Target != 20 || was.Gap() != 8 || was.Seen.AsOf.Seq == 0 || was.Seen.Version != 1 || was.Seen.Tree == 0 {
			t.Fatalf("seen: %+v", was)
		}
		w.holds(w.Center, 1) // what was seen stays as it was
		w.must(w.write(func(tx *db.Tx) error { return Take(w.ctx, tx, w.county, d, 0) }))
		w.clock.Add(time.Hour)
		w.must(w.write(func(tx *db.Tx) error {
			return Reply(w.ctx, tx, w.county, d, 0, "each institute holds one a day")
		}))
		w.clock.Add(48 * time.Hour)
		w.holds(w.Station, 11)
		w.must(w.write(func(tx *db.Tx) error { return Act(w.ctx, tx, w.county, d, 0, "eleven more were held") }))
		w.must(w.closes(w.city, d))
		now := w.get(d)
		if now.State != Closed || now.Seen.Value != 2 || now.After.Value != 14 || now.After.Planned != 14 || !now.Improved {
			t.Errorf("closed: %+v", now)
		}
		for i, want := range map[string]int64{"issued": 1, "answered": 1, "closed": 1, "improved": 1, "overdue": 0, "rate": 10_000} {
			at := map[string]int64{"issued": w.value(GuidancesIssued), "answered": w.value(GuidancesAnswered), "closed": w.value(GuidancesClosed),
				"improved": w.value(GuidancesImproved), "overdue": w.value(GuidancesOverdue), "rate": w.value(GuidanceEffect)}[i]
			if at != want {
				t.Errorf("%s: %d, want %d", i, at, want)
			}
		}
		if all, err := OnRow(w.ctx, w.d, w.row); err != nil || len(all) != 1 || all[0].ID != d {
			t.Errorf("on the row: %+v, %v", all, err)
		}
	})
}

func TestEffectIsComparedByPace(t *testing.T) {
	for _, c := range []struct {
		value, planned, after, afterPlanned int64
		want                                bool
	}{
		{834, 1096, 1000, 1200, true}, // 76 % to 83 %
		{834, 1096, 900, 1200, false}, // more, and yet further behind
		{0, 10, 0, 20, false},
		{0, 10, 1, 20, true},
		{5, 0, 6, 0, true}, // no plan: by value
		{5, 0, 5, 0, false},
		{1, 3, 2, 6, false}, // the same share exactly
		{333_333, 1_000_000, 333_334, 1_000_000, true},
	} {
		if got := better(c.value, c.planned, c.after, c.afterPlanned); got != c.want {
			t.Errorf("%+v: %v", c, got)
		}
	}
}

func TestWhoMayGuideAndWhoAnswers(t *testing.T) {
	inWorlds(t, func(w *world) {
		s := w.sight()
		begin := func(by auth.Actor, in In) (d id.ID, err error) {
			err = w.write(func(tx *db.Tx) (err error) { d, err = Begin(w.ctx, tx, by, s, in); return err })
			return d, err
		}
		_, err := begin(w.county, w.asks())
		w.refused("guidance.not_above", err)
		_, err = begin(orgtest.Staff(4, w.City, auth.Leader), w.asks())
		w.refused("guidance.not_above", err)
		late := w.asks()
		late.ActBy = late.ReplyBy.Add(-time.Minute)
		_, err = begin(w.city, late)
		w.refused("guidance.act_by", err)
		none := w.asks()
		none.Asked, none.ReplyBy = " ", w.d.Now()
		_, err = begin(w.city, none)
		w.refused("form.invalid", err)
		itself := w.asks()
		itself.Peer.Org = w.Center
		_, err = begin(w.city, itself)
		w.refused("guidance.peer_itself", err)

		d, err := begin(w.city, w.asks())
		w.must(err)
		if _, _, _, err := Open(w.ctx, w.d, w.county, d); err == nil {
			t.Error("the unit reads a draft")
		}
		w.refused("guidance.not_yours", w.write(func(tx *db.Tx) error { return Take(w.ctx, tx, w.county, d, 0) }))
		w.must(w.write(func(tx *db.Tx) error { return Issue(w.ctx, tx, w.city, d, 1) }))
		w.refused("guidance.changed_meanwhile", w.write(func(tx *db.Tx) error { return Take(w.ctx, tx, w.county, d, 1) }))
		w.refused("guidance.not_yours", w.write(func(tx *db.Tx) error { return Take(w.ctx, tx, w.other, d, 0) }))
		w.refused("guidance.not_yours", w.write(func(tx *db.Tx) error {
			return Reply(w.ctx, tx, orgtest.Staff(5, w.City, auth.Admin), d, 0, "we shall see to it")
		}))
		for by, want := range map[*auth.Actor][2]bool{&w.city: {true, false}, &w.county: {false, true}} {
			_, guides, answers, err := Open(w.ctx, w.d, *by, d)
			if w.must(err); guides != want[0] || answers != want[1] {
				t.Errorf("%s guides %v, answers %v", by.Person, guides, answers)
			}
		}
		if _, _, _, err := Open(w.ctx, w.d, w.other, d); err == nil {
			t.Error("a neighbour reads it")
		}
		w.must(w.write(func(tx *db.Tx) error { return Reply(w.ctx, tx, w.county, d, 0, "we shall see to it") }))
		both := w.county
		both.Grants = append(slices.Clone(both.Grants), auth.Grant{Org: w.City, Role: auth.Supervisor})
		w.must(w.write(func(tx *db.Tx) error { return Act(w.ctx, tx, both, d, 0, "all of it is done") }))
		w.refused("guidance.own_work", w.closes(both, d))
		w.must(w.closes(w.city, d))
		w.refused("guidance.not_while.closed", w.closes(w.city, d))
	})
}

// A directive to a station without staff of its own is answered by the tier between.
func TestTheTierBetweenAnswersForAUnit(t *testing.T) {
	inWorlds(t, func(w *world) {
		s, err := See(w.ctx, w.e, figure.Query{Indicator: activity.ActivitiesHeld.Key, Org: w.Station, By: figure.ByDay}, "activities held")
		w.must(err)
		var d id.ID
		w.must(w.write(func(tx *db.Tx) (err error) {
			if d, err = Begin(w.ctx, tx, w.city, s, w.asks()); err != nil {
				return err
			}
			return Issue(w.ctx, tx, w.city, d, 0)
		}))
		w.must(w.write(func(tx *db.Tx) error { return Reply(w.ctx, tx, w.county, d, 0, "the station is being staffed") }))
		if one := w.get(d); one.Planned != 0 || one.Read == 0 {
			t.Errorf("%+v", one)
		}
		_, err = See(w.ctx, w.e, figure.Query{Indicator: activity.ActivitiesHeld.Key}, "activities held")
		w.refused("guidance.no_unit", err)
	})
}

// What is overdue rises tier by tier, once each, and the ledger keeps that it was.
func TestOverdueRises(t *testing.T) {
	inWorlds(t, func(w *world) {
		d := w.issued()
		run := func(after time.Duration) Directive {
			w.clock.Add(after)
			w.must(w.jobs.RunDue(w.ctx))
			return w.get(d)
		}
		if one := run(23 * time.Hour); one.Raised != 0 || one.Overdue(w.d.Now()) {
			t.Errorf("too early: %+v", one)
		}
		one := run(2 * time.Hour)
		if one.Raised != 1 || one.Desk != w.Province || !one.Overdue(w.d.Now()) {
			t.Errorf("overdue: %+v", one)
		}
		if one = run(25 * time.Hour); one.Raised != 2 || one.Desk != w.Province || one.Due != 0 {
			t.Errorf("at the top: %+v", one)
		}
		if got := w.value(GuidancesOverdue); got != 1 {
			t.Errorf("%d were overdue", got)
		}
		w.must(w.write(func(tx *db.Tx) error { return Reply(w.ctx, tx, w.county, d, 0, "late, but here it is") }))
		if one = run(24 * time.Hour); one.Raised != 2 || one.Overdue(w.d.Now()) {
			t.Errorf("answered: %+v", one)
		}
		if one = run(72 * time.Hour); one.Raised != 3 {
			t.Errorf("not done in time: %+v", one)
		}
		if got := w.value(GuidancesOverdue); got != 1 {
			t.Errorf("%d were overdue", got)
		}
	})
}

func TestSentBackAndWithdrawn(t *testing.T) {
	inWorlds(t, func(w *world) {
		d := w.issued()
		w.must(w.write(func(tx *db.Tx) error { return Reply(w.ctx, tx, w.county, d, 0, "we shall see to it") }))
		w.must(w.write(func(tx *db.Tx) error { return Act(w.ctx, tx, w.county, d, 0, "all of it is done") }))
		w.refused("guidance.act_by_again", w.write(func(tx *db.Tx) error {
			return Return(w.ctx, tx, w.city, d, 0, "two stations are missing", w.d.Now())
		}))
		w.must(w.write(func(tx *db.Tx) error {
			return Return(w.ctx, tx, w.city, d, 0, "two stations are missing", w.d.Now().Add(time.Hour))
		}))
		if one := w.get(d); one.State != Replied || one.Acted != 0 || one.Reason == "" {
			t.Errorf("%+v", one)
		}
		w.verified()
		w.must(w.write(func(tx *db.Tx) error { return Withdraw(w.ctx, tx, w.city, d, 0, "sent in error") }))
		if got := w.value(GuidancesIssued) + w.value(GuidancesAnswered); got != 0 {
			t.Errorf("%d still count", got)
		}
	})
}

// Whom to learn from: of the same tier, ahead by plan, near in size first, with what they did.
func TestPeersAreLikeAndAhead(t *testing.T) {
	inWorlds(t, func(w *world) {
		peers, err := Peers(w.ctx, w.d, w.e, w.City, w.sight())
		w.must(err)
		if len(peers) != 1 || peers[0].Org != w.Foreign || peers[0].Value != 12 || peers[0].Planned != 10 || peers[0].Above != "city office" {
			t.Errorf("peers: %+v", peers)
		}
		ahead, err := SeeRow(w.ctx, w.d, w.e, w.next, 0, w.d.Now())
		w.must(err)
		if peers, err = Peers(w.ctx, w.d, w.e, w.City, ahead); err != nil || len(peers) != 0 {
			t.Errorf("of the one ahead: %+v, %v", peers, err)
		}
		w.holds(w.Sibling, 5)
		station, err := See(w.ctx, w.e, figure.Query{Indicator: activity.ActivitiesHeld.Key, Org: w.Station}, "activities held")
		w.must(err)
		if peers, err = Peers(w.ctx, w.d, w.e, w.Center, station); err != nil || len(peers) != 1 || peers[0].Org != w.Sibling {
			t.Errorf("of the station: %+v, %v", peers, err)
		}
		for _, c := range [][3]int64{{0, 0, 4}, {3, 0, 16}, {9, 19, 8}, {19, 9, 8}} {
			if got := apart(c[0], c[1]); got != c[2] {
				t.Errorf("%v: %d", c, got)
			}
		}
	})
}

// A milestone's directive freezes that milestone alone.
func TestAMilestoneIsGuidedToo(t *testing.T) {
	inWorlds(t, func(w *world) {
		var row, more, d id.ID
		w.must(w.write(func(tx *db.Tx) (err error) {
			in := progress.RowIn{Org: w.Center, Item: "plan made known", From: "2020-02-24", Due: "2020-02-26"}
			if row, err = progress.SetRow(w.ctx, tx, w.city, w.schedule, in); err != nil {
				return err
			}
			in.Item = "meeting held"
			more, err = progress.SetRow(w.ctx, tx, w.city, w.schedule, in)
			return err
		}))
		reach := func(row id.ID) {
			w.must(w.write(func(tx *db.Tx) error { return progress.Reach(w.ctx, tx, w.county, row, db.Day(tx.Now), "") }))
		}
		reach(more)
		w.follow()
		s, err := SeeRow(w.ctx, w.d, w.e, row, 0, w.d.Now())
		w.must(err)
		if s.Frozen.Value != 0 || s.Planned != 1 {
			t.Fatalf("%+v", s)
		}
		w.must(w.write(func(tx *db.Tx) (err error) {
			if d, err = Begin(w.ctx, tx, w.city, s, w.asks()); err != nil {
				return err
			}
			return Issue(w.ctx, tx, w.city, d, 0)
		}))
		w.must(w.write(func(tx *db.Tx) error { return Reply(w.ctx, tx, w.county, d, 0, "tomorrow at the latest") }))
		reach(row)
		w.must(w.write(func(tx *db.Tx) error { return Act(w.ctx, tx, w.county, d, 0, "it was made known") }))
		w.must(w.closes(w.city, d))
		if one := w.get(d); one.After.Value != 1 || !one.Improved {
			t.Errorf("%+v", one)
		}
	})
}

// Verify finds directives that say what the ledger does not.
func TestVerifyFindsWhatWasTamperedWith(t *testing.T) {
	inWorlds(t, func(w *world) {
		d := w.issued()
		broken := func() (names []string) {
			checks, err := Verify(w.ctx, w.d)
			w.must(err)
			figures, err := VerifyFigures(w.ctx, w.d)
			w.must(err)
			for _, c := range append(checks, figures) {
				if c.Broken > 0 {
					names = append(names, c.Name)
				}
			}
			return names
		}
		w.follow()
		for _, c := range []struct{ set, back, want string }{
			{"value = 3", "value = 2", "[guidance.figures]"},
			{"read = 5", "read = 0", "[guidance.steps recount.guidance.read]"},
			{"peer = '321281-0000000000000000'", "peer = ''", "[guidance.references]"},
			{"raised = 1", "raised = 0", "[recount.guidance.overdue]"},
		} {
			tamper := func(set string) {
				w.must(w.write(func(tx *db.Tx) error {
					_, err := tx.Exec("UPDATE guidance_directive SET "+set+" WHERE home = $1 AND id = $2", d.Home(), d)
					return err
				}))
			}
			tamper(c.set)
			if got := fmt.Sprint(broken()); got != c.want {
				t.Errorf("%s: broken %s, want %s", c.set, got, c.want)
			}
			tamper(c.back)
		}
	})
}
