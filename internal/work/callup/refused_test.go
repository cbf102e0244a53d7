package callup

import (
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

// keyOf is the message of a refusal: the first field's, where it is about fields.
func keyOf(err error) string {
	if fields := fail.Fields(err); len(fields) > 0 {
		return fields[0].Field + " " + fields[0].Key
	}
	return fail.Key(err)
}

// TestDraftsThatCannotBe: what is wrong with a call-up is said at its field.
func TestDraftsThatCannotBe(t *testing.T) {
	inWorlds(t, func(w *world) {
		for _, c := range []struct {
			name   string
			change func(in *In)
			key    string
		}{
			{"a quota of -1", func(in *In) { in.Lines = []Line{{N: 1, Places: -1}} }, "places_1 callup.places"},
			{"no quota", func(in *In) { in.Lines = nil }, "places_1 callup.no_lines"},
			{"answers wanted in the past", func(in *In) { in.AnswerBy = w.c.Now().Add(-time.Hour) }, "answer_by callup.past"},
			{"over in the past", func(in *In) { in.Until = w.c.Now().Add(-time.Hour) }, "until callup.past"},
			{"over before the answers", func(in *In) { in.Until = w.c.Now().Add(time.Hour) }, "until callup.until_first"},
			{"no title", func(in *In) { in.Title = "" }, "title callup.missing"},
		} {
			in := w.in()
			c.change(&in)
			err := w.do(func(tx *db.Tx) error {
				_, err := Begin(w.ctx, tx, w.city, w.Tree.City, in)
				return err
			})
			if keyOf(err) != c.key {
				t.Errorf("%s: %v, want %s", c.name, err, c.key)
			}
		}
		w.verified()
	})
}

// TestWhereACallUpCannotGo: not outside the remit, not back up, not over what there is.
func TestWhereACallUpCannotGo(t *testing.T) {
	inWorlds(t, func(w *world) {
		in := w.in()
		in.Lines = []Line{{Places: 5}}
		stranger := w.Staff("stranger", w.Foreign, auth.Admin)
		if err := w.do(func(tx *db.Tx) error { _, err := Begin(w.ctx, tx, stranger, w.Tree.City, in); return err }); fail.KindOf(err) != fail.Forbidden {
			t.Errorf("somebody from elsewhere begins one: %v", err)
		}
		c := w.issued(in, 5)
		center := w.at(c, w.Center)
		w.acknowledged(w.center, center, 5)
		for _, f := range []struct {
			name string
			to   []Receiver
			key  string
		}{
			{"over the quota", []Receiver{{w.Institute, Quotas{3}}, {w.Next, Quotas{3}}}, "callup.quota_over"},
			{"less than nothing", []Receiver{{w.Institute, Quotas{-1}}}, "callup.quota"},
			{"elsewhere", []Receiver{{w.Foreign, Quotas{1}}}, "receivers callup.outside"},
			{"back up", []Receiver{{w.Tree.City, Quotas{1}}}, "receivers callup.loop"},
			{"to itself", []Receiver{{w.Center, Quotas{1}}}, "receivers callup.loop"},
			{"nobody", []Receiver{{id.ID("321281-0000000000zzzzzz"), Quotas{1}}}, "callup.outside"},
		} {
			err := w.do(func(tx *db.Tx) error { return Forward(w.ctx, tx, w.center, center.ID, f.to) })
			if !strings.HasSuffix(keyOf(err), f.key) {
				t.Errorf("%s: %v (%s), want %s", f.name, err, keyOf(err), f.key)
			}
		}
		w.counts(c, ForwardedFact, 0)
		w.forwarded(w.center, center, Receiver{w.Institute, Quotas{3}}, Receiver{w.Next, Quotas{2}})
		w.counts(c, ForwardedFact, 1)
		institute := w.at(c, w.Institute)
		if err := w.do(func(tx *db.Tx) error {
			return Forward(w.ctx, tx, w.institute, institute.ID, []Receiver{{w.Station, Quotas{1}}})
		}); keyOf(err) != "callup.acknowledge_first" {
			t.Errorf("forwarded before it was acknowledged: %v", err)
		}
		w.verified()
	})
}
