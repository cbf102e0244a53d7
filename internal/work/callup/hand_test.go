package callup

import (
	"testing"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/roster"
)

// TestMoreIsHandedOut: once it is issued the office raises the places, gives a receiver more and
// adds another; who has it is told the difference, the other receives it. Nobody gets less, and no
// more is handed out than there is, by the office or by a receiver.
func TestMoreIsHandedOut(t *testing.T) {
	inWorlds(t, func(w *world) {
		crowd, next := w.crowd(14), w.Staff("next", w.Next, auth.Admin)
		in := w.in()
		in.Lines = []Line{{Places: 2}}
		c := w.issued(in, 2)
		center := w.at(c, w.Center)
		w.acknowledged(w.center, center, 2)
		w.forwarded(w.center, center, Receiver{w.Next, Quotas{1}})
		w.shifts(w.center, center, w.shift(9, 0))
		w.acknowledged(next, w.at(c, w.Next), 1)
		hand := func(by auth.Actor, all ...Receiver) error {
			return w.do(func(tx *db.Tx) error { return HandOut(w.ctx, tx, by, c.ID, all) })
		}
		if err := hand(w.center, Receiver{w.Center, Quotas{2}}); fail.KindOf(err) != fail.Forbidden {
			t.Errorf("a centre hands out the city's places: %v", err)
		}
		more := w.wider(c, 0)
		more.Lines = []Line{{Places: 8}}
		w.must(func(tx *db.Tx) error { return Change(w.ctx, tx, w.city, c.ID, more) })
		for _, f := range []struct {
			to  []Receiver
			key string
		}{
			{[]Receiver{{w.Center, Quotas{1}}}, QuotaField(w.Center, 1) + " callup.quota_less"},
			{[]Receiver{{w.Center, Quotas{9}}}, QuotaField(w.Center, 1) + " callup.quota_over"},
			{[]Receiver{{w.Foreign, Quotas{7}}}, QuotaField(w.Foreign, 1) + " callup.quota_over"}, // the centre has 2
			{[]Receiver{{w.Center, Quotas{-1}}}, QuotaField(w.Center, 1) + " callup.quota"},
			{[]Receiver{{w.Center, Quotas{2}}}, "callup.nothing_changed"},
			{[]Receiver{{w.Next, Quotas{1}}}, "receivers callup.has_it"},
		} {
			if err := hand(w.city, f.to...); keyOf(err) != f.key {
				t.Errorf("%v: %s, want %s", f.to, keyOf(err), f.key)
			}
		}
		before := len(w.asked(c, crowd))
		if err := hand(w.city, Receiver{w.Center, Quotas{5}}, Receiver{w.Foreign, Quotas{3}}); err != nil {
			t.Fatal(err)
		}
		w.jobs()
		if got := w.at(c, w.Center).Quota[0]; got != 5 || w.told(w.center, "callup.raised") != 1 || w.told(w.center, "callup.delivered") != 1 {
			t.Errorf("the centre has %d, and was told %d times", got, w.told(w.center, "callup.raised"))
		}
		if got := w.at(c, w.Foreign); got.Quota[0] != 3 || got.Delivered == 0 {
			t.Errorf("who was added has %+v", got)
		}
		if n := len(w.asked(c, crowd)); n != before+2*3 {
			t.Errorf("%d were asked before, %d for three places more", before, n)
		}
		w.forwarded(w.center, center, Receiver{w.Next, Quotas{4}})
		if got := w.at(c, w.Next).Quota[0]; got != 4 || w.told(next, "callup.raised") != 1 {
			t.Errorf("the institute has %d", got)
		}
		w.counts(c, ForwardedFact, 1)
		w.must(func(tx *db.Tx) error { return Close(w.ctx, tx, w.city, c.ID, "人手够了") })
		if err := hand(w.city, Receiver{w.Center, Quotas{6}}); fail.Key(err) != "callup.not_while.closed" {
			t.Errorf("handed out when it was closed: %v", err)
		}
	})
}

// TestNobodyWaitsBehindThoseWhoWaitInVain: more wait than a turn looks at, and the first of them can take no place
// that is free: those behind them are offered it.
func TestNobodyWaitsBehindThoseWhoWaitInVain(t *testing.T) {
	inWorlds(t, func(w *world) {
		crowd := w.crowd(atOnce + 4)
		in := w.in()
		in.Lines = []Line{{Places: 3}}
		c := w.issued(in, 3)
		r := w.at(c, w.Center)
		w.acknowledged(w.center, r, 3)
		for _, who := range crowd {
			if a := w.answer(c, who, Yes, ""); !a.Waits() {
				t.Fatalf("there is no shift, and she does not wait: %+v", a)
			}
			w.c.Add(1e9)
		}
		busy := w.shift(atOnce+2, 0)
		for _, who := range crowd[:atOnce+2] {
			w.must(func(tx *db.Tx) error {
				_, err := roster.SignUp(w.ctx, tx, who, roster.Request{Shift: busy.ID})
				return err
			})
		}
		w.shifts(w.center, r, w.shift(3, 0))
		var offered []id.ID
		for _, who := range crowd {
			if a, _ := w.ask(c, who); a.Offered > 0 {
				offered = append(offered, who.Person)
			}
		}
		if len(offered) != 2 || offered[0] != crowd[atOnce+2].Person || offered[1] != crowd[atOnce+3].Person {
			t.Errorf("offered were %v", offered)
		}
	})
}
