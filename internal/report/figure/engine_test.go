package figure

import (
	"context"
	"testing"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/org/orgtest"
)

func TestNoFiguresWhileTheLedgerIsRead(t *testing.T) {
	d, c := dbtest.Open(t, db.SQLite)
	plant(t, d, c, 1)
	e, err := Open(t.Context(), d)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.At(t.Context(), Query{Indicator: "turns"}); fail.Key(err) != "figure.loading" || fail.KindOf(err) != fail.Unavailable {
		t.Errorf("answers %v", err)
	}
	if _, err := e.Entries(t.Context(), Query{Indicator: "turns"}, "", 5); fail.Key(err) != "figure.loading" {
		t.Errorf("answers %v", err)
	}
}

// TestRunFollows: what is committed is told soon, to whoever waits for it.
func TestRunFollows(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := plant(t, d, c, 3)
		e, err := Open(t.Context(), d)
		if err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { e.Run(ctx); close(ended) }()
		for range 20 {
			w.post(3)
			b := readBrute(t, d)
			last := b.facts[len(b.facts)-1].Seq
			soon, stop := context.WithTimeout(t.Context(), 20*time.Second)
			if err := e.Wait(soon, last); err != nil {
				t.Fatal(err)
			}
			stop()
		}
		a, err := e.At(t.Context(), Query{Indicator: "turns"})
		if err != nil || a.Value == 0 {
			t.Errorf("%d turns, %v", a.Value, err)
		}
		cancel()
		<-ended
	})
}

func TestWordsOfAQuestion(t *testing.T) {
	d, c := dbtest.Open(t, db.SQLite)
	w := plant(t, d, c, 1)
	for _, s := range []struct {
		words Words
		key   string
		right func(q Query) bool
	}{
		{Words{}, "", func(q Query) bool { return q == Query{Indicator: "turns"} }},
		{Words{Org: string(w.tree.Center)}, "", func(q Query) bool { return q.Org == w.tree.Center }},
		{Words{Org: "321281"}, "", func(q Query) bool { return q.Org == w.tree.Center }},
		{Words{Org: "３２１２８１００１００１"}, "", func(q Query) bool { return q.Org == w.tree.Station }},
		{Words{Org: "3212"}, "", func(q Query) bool { return q.Org == w.tree.City }},
		{Words{Org: "next institute"}, "", func(q Query) bool { return q.Org == w.tree.Next }},
		{Words{Org: "no such name"}, "figure.org_unknown", nil},
		{Words{Org: "321281-0000000000zzzzzz"}, "figure.org_unknown", nil},
		{Words{Org: "321283"}, "figure.org_unknown", nil},
		{Words{Org: "twice"}, "figure.org_ambiguous", nil},
		{Words{Unit: "team"}, "", func(q Query) bool { return q.Unit == w.tree.Team }},
		{Words{Area: "321281"}, "", func(q Query) bool { return q.Area == orgtest.CenterArea }},
		{Words{Area: "nowhere"}, "area.code_form", nil},
		{Words{Campaign: "campaign 1"}, "", func(q Query) bool { return q.Campaign == w.campaigns[1] }},
		{Words{Campaign: "1"}, "", func(q Query) bool { return q.Campaign == 1 }},
		{Words{Campaign: "none"}, "figure.campaign_unknown", nil},
		{Words{Service: "haircut"}, "", func(q Query) bool { return q.Service > 0 }},
		{Words{Service: "none"}, "figure.service_unknown", nil},
		{Words{Category: "cadre"}, "", func(q Query) bool { return q.Category > 0 }},
		{Words{Category: "none"}, "figure.category_unknown", nil},
		{Words{From: "2020-02-30"}, "figure.day_form", nil},
		{Words{From: "2020-03-02", To: "2020-03-01"}, "figure.days_order", nil},
		{Words{AsOf: "2020-02-27"}, "", func(q Query) bool { return q.AsOf.Time.Equal(time.UnixMilli(1582819199999)) }},
		{Words{AsOf: "2020-02-27T10:00:00+08:00"}, "", func(q Query) bool { return q.AsOf.Time.Equal(time.UnixMilli(1582768800000)) }},
		{Words{AsOf: "seq:12"}, "", func(q Query) bool { return q.AsOf.Seq == 12 }},
		{Words{AsOf: "seq:0"}, "figure.as_of_form", nil},
		{Words{AsOf: "yesterday"}, "figure.as_of_form", nil},
		{Words{By: "week"}, "", func(q Query) bool { return q.By == ByWeek }},
		{Words{By: "person"}, "figure.by_unknown", nil},
	} {
		if s.words.Org == "twice" {
			w.found("twice", "team", w.tree.Station)
			w.found("twice", "team", w.tree.Sibling)
		}
		q, err := Parse(t.Context(), d, "turns", s.words)
		if got := fail.Key(err); got != s.key || err == nil && !s.right(q) {
			t.Errorf("%+v: %+v, %v", s.words, q, err)
		}
	}
	if _, err := Parse(t.Context(), d, "members", Words{}); fail.Key(err) != "figure.unknown" {
		t.Errorf("an indicator that nobody declared: %v", err)
	}
	e := w.engine()
	head, _ := e.Seq()
	if _, err := e.At(t.Context(), Query{Indicator: "turns", AsOf: AsOf{Seq: head + 1}}); fail.Key(err) != "figure.seq_future" {
		t.Errorf("a fact that is to come: %v", err)
	}
	for _, after := range []string{"x", "1.2", "1.5.1", "0.0.0", "1.0.1 "} {
		if _, err := e.Entries(t.Context(), Query{Indicator: "turns"}, after, 5); fail.Key(err) != "figure.page_unknown" {
			t.Errorf("page %q: %v", after, err)
		}
	}
}

func TestIDsPackAndUnpack(t *testing.T) {
	var n names
	for _, s := range []string{"321281-01jd3k8zq4w7c2xv", "000000-0000000000000000", "999999-zzzzzzzzzzzzzzzz", "no id at all", "321281-01jd3k8zq4w7c2xw"} {
		at := n.of(s)
		if n.of(s) != at || n.name(at) != id.ID(s) {
			t.Errorf("%s comes back as %s", s, n.name(at))
		}
	}
	if n.size() != 6 {
		t.Errorf("%d names", n.size()-1)
	}
	if _, ok := n.known("321281-01jd3k8zq4w7c2xx"); ok {
		t.Error("an id that nobody named is known")
	}
	for i := range 5000 {
		n.of("321281-01jd3k8zq4w7" + string([]byte{crockford[i>>10&31], crockford[i>>5&31], crockford[i&31], 'a'}))
	}
	if n.size() != 5006 {
		t.Errorf("%d names, want 5005", n.size()-1)
	}
}
