package seed

import (
	"testing"

	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/work/area"
	"tongxin/internal/work/callup"
)

// TestTheCallOfTheCity: the call-up of the whole city goes down three tiers. Every centre
// acknowledges, 97 in a hundred institutes, 91 in a hundred stations; some once they were
// reminded; and nothing more is handed on than there is.
func TestTheCallOfTheCity(t *testing.T) {
	c := planCity(1, 1)
	tiers, said, late := map[area.Level]int{}, map[area.Level]int{}, 0
	given := map[int]int64{-1: -c.calledUp()}
	for i, p := range c.call.posts {
		tiers[p.at.Level()]++
		if p.said > 0 {
			said[p.at.Level()]++
		}
		if p.said > p.delivered+2*60 {
			late++
		}
		given[p.above] += p.quota
		given[i] -= p.quota
		if p.said > 0 && p.said <= p.delivered || p.forwarded > 0 && p.forwarded <= p.said || p.above >= 0 && c.call.posts[p.above].forwarded != p.delivered {
			t.Errorf("a receipt that cannot be: %+v", p)
		}
	}
	for i, n := range given {
		if n > 0 {
			t.Errorf("%d hands on %d more than it has", i, n)
		}
	}
	t.Logf("delivered %v, acknowledged %v, %d of them once reminded", tiers, said, late)
	for level, want := range map[area.Level]float64{area.County: 1, area.Township: 0.97, area.Village: 0.91} {
		if share := float64(said[level]) / float64(tiers[level]); share < want-0.006 || share > want+0.006 {
			t.Errorf("at level %v %d of %d acknowledge", level, said[level], tiers[level])
		}
	}
	if late == 0 {
		t.Error("nobody had to be reminded")
	}
}

// planCall has hands go about the appeal and the call-up by commands, and the jobs remind.
func (h *hands) planCall() {
	by := h.w.staff.admin[taizhou].actor()
	city := h.w.tree.seat[taizhou].id
	var appeal id.ID
	h.calls(appealed, func(tx *db.Tx) (err error) {
		if appeal, err = callup.DraftAppeal(h.w.ctx, tx, by, city, h.w.appealText()); err != nil {
			return err
		}
		return callup.Publish(h.w.ctx, tx, by, appeal)
	})
	h.calls(issued, func(tx *db.Tx) (err error) {
		in := h.w.cityCall(h.c)
		in.Appeal = appeal
		if h.call, err = callup.Begin(h.w.ctx, tx, by, city, in); err != nil {
			return err
		}
		if err := callup.SetReceivers(h.w.ctx, tx, by, h.call, h.handed(-1)); err != nil {
			return err
		}
		return callup.Issue(h.w.ctx, tx, by, h.call)
	})
	set, err := config.Load(h.w.ctx, h.w.app.DB)
	h.must(err)
	for i, p := range h.c.call.posts {
		h.post(i, p)
		every := minute(set.CallRemind.Minutes())
		for n := range minute(6) {
			h.at(p.delivered + (n+1)*every).waits = true
		}
	}
	h.calls(callCloses, func(tx *db.Tx) error { return callup.Close(h.w.ctx, tx, by, h.call, callReason) })
}

func (h *hands) calls(m minute, do func(tx *db.Tx) error) {
	h.at(m).calls, h.at(m).waits = append(h.at(m).calls, do), true
}

// handed are to whom a receiver hands it on.
func (h *hands) handed(above int) (all []callup.Receiver) {
	for _, p := range h.c.call.posts {
		if p.above == above {
			all = append(all, callup.Receiver{Org: h.w.tree.seat[p.at].id, Quota: callup.Quotas{p.quota}})
		}
	}
	return all
}

// post plans what one receiver does.
func (h *hands) post(i int, p post) {
	by := h.w.speaker(p.at).actor()
	receipt := func(tx *db.Tx) (id.ID, error) {
		all, err := callup.Tray(h.w.ctx, tx, h.w.tree.seat[p.at].id, 1)
		if err != nil || len(all) == 0 {
			return "", err
		}
		return all[0].Receipt.ID, nil
	}
	on := func(m minute, do func(tx *db.Tx, receipt id.ID) error) {
		if m == 0 {
			return
		}
		h.calls(m, func(tx *db.Tx) error {
			at, err := receipt(tx)
			if err != nil {
				return err
			}
			return do(tx, at)
		})
	}
	on(p.said, func(tx *db.Tx, at id.ID) error { return callup.Acknowledge(h.w.ctx, tx, by, at, callup.Quotas{p.able}) })
	on(p.forwarded, func(tx *db.Tx, at id.ID) error { return callup.Forward(h.w.ctx, tx, by, at, h.handed(i)) })
	on(p.reported, func(tx *db.Tx, at id.ID) error { return callup.Report(h.w.ctx, tx, by, at, callReport) })
}

// bringing is the call-up that brings a sign-up, or none.
func (h *hands) bringing(t *turn) id.ID {
	if t.called {
		return h.call
	}
	return ""
}
