package roster

import (
	"testing"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

func hasField(err error, field string) bool {
	for _, p := range fail.Fields(err) {
		if p.Field == field {
			return true
		}
	}
	return false
}

func TestWhoSaidNoIsNotAskedAgain(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := begin(t, d, c)
		s, next := w.shift(plan{places: 3}), w.shift(plan{places: 3})
		other := w.shift(plan{places: 3, service: "publicity"})
		crowd := w.crowd(4)
		ann, bo, cy, busy := crowd[0], crowd[1], crowd[2], crowd[3]
		w.signUp(next, busy, Primary) // at the same hour
		could := func(s Shift) map[id.ID]bool {
			t.Helper()
			all, err := Candidates(w.ctx, d, w.get(s.ID), OfCounty, 50)
			if err != nil {
				t.Fatal(err)
			}
			in := map[id.ID]bool{}
			for _, k := range all {
				in[k.Person.ID] = true
			}
			return in
		}
		if in := could(s); !in[ann.Person] || !in[bo.Person] || !in[cy.Person] || in[busy.Person] {
			t.Errorf("%v", in)
		}
		ask := func(s Shift, by auth.Actor, who ...id.ID) func(*db.Tx) error {
			return func(tx *db.Tx) error { return AskPeople(w.ctx, tx, by, s.ID, who) }
		}
		w.refused("org.out_of_reach", ask(s, w.foreign, ann.Person))
		w.refused("roster.ask_whom", ask(s, w.leader))
		w.must(ask(s, w.leader, ann.Person, bo.Person, cy.Person))
		w.refused("roster.ask_twice", ask(s, w.leader, ann.Person))
		w.told(ann, "roster.asked", 1)
		answer := func(s Shift, who auth.Actor, says string) func(*db.Tx) error {
			return func(tx *db.Tx) error { _, err := AnswerAsk(w.ctx, tx, who, s.ID, says); return err }
		}
		w.refused("roster.ask_unknown", answer(s, busy, Yes))
		w.refused("roster.ask_answer", answer(s, ann, "perhaps"))
		w.must(answer(s, ann, Yes))
		w.must(answer(s, ann, Yes))
		w.state(s, ann, Accepted)
		w.must(answer(s, bo, No))
		w.must(answer(s, cy, Never))
		w.refused("roster.ask_refused", ask(s, w.leader, bo.Person))
		w.refused("roster.ask_refused", ask(next, w.leader, cy.Person))
		if in := could(next); in[ann.Person] || !in[bo.Person] || in[cy.Person] { // ann has another shift then
			t.Errorf("%v", in)
		}
		if in := could(other); !in[cy.Person] {
			t.Error("never to one kind is not never to another")
		}
		all, err := Candidates(w.ctx, d, w.get(other.ID), OfCounty, 50)
		if err != nil {
			t.Fatal(err)
		}
		for i := 1; i < len(all); i++ {
			if all[i].Near == all[i-1].Near && all[i].Asked < all[i-1].Asked {
				t.Error("who was asked longest ago comes first")
			}
		}
		w.verified()
	})
}
