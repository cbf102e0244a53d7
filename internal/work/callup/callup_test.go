package callup

import (
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/work/roster"
)

// TestFromADraftToATurn: a call-up is issued, cascades, asks volunteers, one signs up, and each
// step is a fact that knows the call-up.
func TestFromADraftToATurn(t *testing.T) {
	inWorlds(t, func(w *world) {
		people := w.crowd(3)
		s := w.shift(2, 0)
		in := w.in()
		in.Lines = []Line{{Places: 5}}
		c := w.issued(in, 5)
		if n := w.told(w.center, "callup.delivered"); n != 1 {
			t.Errorf("the centre was told %d times", n)
		}
		center := w.at(c, w.Center)
		w.must(func(tx *db.Tx) error { return Take(w.ctx, tx, w.center, center.ID) })
		w.acknowledged(w.center, center, 4)
		w.forwarded(w.center, center, Receiver{w.Institute, Quotas{4}})
		institute := w.at(c, w.Institute)
		w.acknowledged(w.institute, institute, 4)
		w.must(func(tx *db.Tx) error { return OpenShifts(w.ctx, tx, w.institute, institute.ID, []id.ID{s.ID}) })
		w.jobs()

		asked := w.asked(c, people)
		if len(asked) != 3 {
			t.Fatalf("%d of 3 were asked", len(asked))
		}
		if w.told(asked[0], "callup.asked") != 1 {
			t.Error("she was not told")
		}
		a := w.answer(c, asked[0], Yes, "")
		u, err := roster.SignupOf(w.ctx, w.d, s.ID, asked[0].Person)
		if err != nil || u.State != roster.Accepted || u.Callup != c.ID || a.Shift != s.ID {
			t.Errorf("she is %s with call-up %s: %v", u.State, u.Callup, err)
		}
		w.answer(c, asked[1], No, "")
		w.must(func(tx *db.Tx) error { return Report(w.ctx, tx, w.institute, institute.ID, "已组织到位") })
		w.counts(c, IssuedFact, 1)
		w.counts(c, DeliveredFact, 2)
		w.counts(c, ReadFact, 2)
		w.counts(c, AcknowledgedFact, 2)
		w.counts(c, ForwardedFact, 1)
		w.counts(c, ReportedFact, 1)
		w.counts(c, AskedFact, 3)
		w.counts(c, AnsweredFact, 2)
		w.counts(c, roster.SignedUp, 1)

		w.c.Add(25 * time.Hour)
		desk := w.Staff("desk", w.Team, auth.Leader)
		w.must(func(tx *db.Tx) error {
			_, err := roster.CheckInBy(w.ctx, tx, desk, s.ID, asked[0].Person)
			return err
		})
		w.counts(c, roster.Arrived, 1)
	})
}

// TestNobodyWaitsBehindThoseWhoCannotCome: more people than are looked at at once stand first
// and are busy; who is free behind them is asked all the same.
func TestNobodyWaitsBehindThoseWhoCannotCome(t *testing.T) {
	inWorlds(t, func(w *world) {
		busy := w.crowd(weighed + 1)
		elsewhere := w.shift(weighed+1, 0)
		for _, who := range busy {
			w.must(func(tx *db.Tx) error {
				_, err := roster.SignUp(w.ctx, tx, who, roster.Request{Shift: elsewhere.ID, Person: who.Person})
				return err
			})
		}
		free := w.crowd(1)
		s := w.shift(2, 0)
		in := w.in()
		in.Lines = []Line{{Places: 2}}
		c := w.issued(in, 2)
		center := w.at(c, w.Center)
		w.acknowledged(w.center, center, 2)
		w.must(func(tx *db.Tx) error { return OpenShifts(w.ctx, tx, w.center, center.ID, []id.ID{s.ID}) })
		w.jobs()
		if n := len(w.asked(c, busy)); n > 0 {
			t.Errorf("%d were asked who are busy", n)
		}
		if len(w.asked(c, free)) != 1 {
			t.Error("who is free was not asked")
		}
	})
}
