package bulletin

import (
	"context"
	"slices"
	"strings"
	"testing"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/report/figure"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/org"
	"tongxin/internal/work/org/orgtest"
	"tongxin/internal/work/roster"
)

// world is a planted tree with figures that follow its ledger.
type world struct {
	*testing.T
	orgtest.Tree
	ctx      context.Context
	d        *db.DB
	clock    *dbtest.Clock
	e        *figure.Engine
	campaign int64
}

func inWorlds(t *testing.T, body func(w *world)) {
	t.Helper()
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := &world{T: t, ctx: t.Context(), d: d, clock: c}
		w.must(w.write(func(tx *db.Tx) (err error) {
			if w.Tree, err = orgtest.Plant(w.ctx, tx); err != nil {
				return err
			}
			w.campaign, err = campaign.Create(w.ctx, tx, orgtest.Staff(1, w.City, auth.Admin), w.City, 0, campaign.In{Name: "spring", FromDay: "2020-02-01"})
			return err
		}))
		var err error
		w.e, err = figure.Open(w.ctx, d)
		w.must(err)
		body(w)
	})
}

func (w *world) write(f func(tx *db.Tx) error) error { return w.d.Write(w.ctx, f) }

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// refused checks that an error is the refusal of that key, of the whole or at a field.
func (w *world) refused(key string, err error) {
	w.Helper()
	got := fail.Key(err)
	if fields := fail.Fields(err); got == "form.invalid" && len(fields) > 0 {
		got = fields[0].Key
	}
	if got != key {
		w.Errorf("refused as %v, want %s", err, key)
	}
}

func (w *world) follow() {
	w.Helper()
	_, err := ledger.Book().Seal(w.ctx, w.d, "test")
	w.must(err)
	w.must(w.e.Load(w.ctx))
}

// posts posts so many facts of today, of different persons where the kind has any; it answers
// their subjects.
func (w *world) posts(kind *ledger.Kind, at, unit id.ID, n int, qty int64) (subjects []id.ID) {
	w.Helper()
	w.must(w.write(func(tx *db.Tx) error {
		subjects = nil
		day := db.Day(tx.Now)
		from, err := org.PositionOn(w.ctx, tx, at, day)
		if err != nil {
			return err
		}
		of, err := org.PositionOn(w.ctx, tx, unit, day)
		if err != nil {
			return err
		}
		for range n {
			f := ledger.Fact{Kind: kind, Day: day, Org: from, Unit: of, Area: int64(orgtest.CenterArea), Campaign: w.campaign, Subject: tx.NewID("321281"),
				Qty: qty, Grade: ledger.Recorded, By: auth.SystemID}
			if kind.Per == ledger.PerPerson {
				f.Person = tx.NewID("321281")
			}
			if err := ledger.Post(tx, f); err != nil {
				return err
			}
			subjects = append(subjects, f.Subject)
		}
		return nil
	}))
	w.follow()
	return subjects
}

func (w *world) draft(text string, a Ask) Outline {
	w.Helper()
	t, err := ParseTemplate(text)
	w.must(err)
	o, err := Draft(w.ctx, w.d, w.e, t, a)
	w.must(err)
	return o
}

// What is not there is not said: with nothing in the ledger the standard template writes a
// title and a lead; an optional part goes where its slot is empty, an alternative comes where
// the sentence cannot be, and a section without points is none.
func TestNothingIsSaidOfWhatIsNotThere(t *testing.T) {
	inWorlds(t, func(w *world) {
		w.follow()
		o := w.draft(Standard(), Ask{Org: w.Station})
		if len(o.Title) != 2 || len(o.Lead) == 0 || len(o.Sections) != 0 || len(o.Figures()) != 0 {
			t.Errorf("of nothing: %+v", o)
		}
		const text = "# title\n= first\n* one: \n- {activities_held times}, held\n| none was held\n- {turns times}\n= second\n* two: \n- {turns times}\n* three: \n- {places places}[, {turns turns}]!"
		o = w.draft(text, Ask{Org: w.Center})
		if len(o.Sections) != 1 || o.Sections[0].Heading != "first" || plain(o.Sections[0].Points[0].Runs) != "none was held" {
			t.Errorf("alternatives: %+v", o)
		}
		w.posts(activity.HeldFact, w.Institute, w.Institute, 3, 1)
		w.posts(roster.Places, w.Institute, w.Institute, 2, 10)
		o = w.draft(text, Ask{Org: w.Center})
		if len(o.Sections) != 2 || plain(o.Sections[0].Points[0].Runs) != "3times, held" || len(o.Sections[1].Points) != 1 ||
			plain(o.Sections[1].Points[0].Runs) != "20places!" {
			t.Errorf("optional parts: %+v", o)
		}
		if o := w.draft(text, Ask{Org: w.Foreign}); len(o.Sections) != 1 {
			t.Errorf("another county: %+v", o)
		}
		if o := w.draft(text, Ask{Org: w.Center, To: "2020-01-01"}); len(o.Sections) != 1 || len(o.Figures()) != 0 {
			t.Errorf("days before: %+v", o)
		}
		_, err := Draft(w.ctx, w.d, w.e, Template{}, Ask{Org: w.Center, From: "2020-02-02", To: "2020-02-01"})
		w.refused("bulletin.days", err)
	})
}

// Every number is bound and holds; one record more, or one taken back, changes the next draft
// and not what was asked as of before.
func TestOneRecordChangesTheNextDraft(t *testing.T) {
	inWorlds(t, func(w *world) {
		w.posts(activity.HeldFact, w.Institute, w.Institute, 2, 1)
		subjects := w.posts(activity.HeldFact, w.Center, w.Center, 1, 1)
		w.posts(roster.Arrived, w.Institute, w.Team, 130, 1)
		w.posts(roster.Minutes, w.Institute, w.Team, 130, 95)
		ask := Ask{Org: w.City, Campaign: w.campaign, From: "2020-02-01", To: "2020-03-31"}
		before := w.draft(Standard(), ask)
		figures := before.Figures()
		if len(figures) < 6 {
			t.Fatalf("only %d figures:\n%s", len(figures), before.Text())
		}
		for _, f := range figures {
			q := f.Query
			if q.AsOf.Seq != before.Seq {
				t.Errorf("%s is as of %d, the draft as of %d", q.Indicator, q.AsOf.Seq, before.Seq)
			}
			a, err := w.e.At(w.ctx, q)
			if w.must(err); a.Value != f.Value || !f.Holds(a.Value) {
				t.Errorf("%s: %d, drafted as %d, said %s", q.Indicator, a.Value, f.Value, f.Text())
			}
		}
		held := func(o Outline) string {
			i := slices.IndexFunc(o.Figures(), func(f Figure) bool { return f.Query.Indicator == "activities_held" })
			if i < 0 {
				return ""
			}
			return o.Figures()[i].Text()
		}
		first := held(before)
		if !strings.HasPrefix(first, "3") {
			t.Errorf("held: %s", first)
		}
		w.must(w.write(func(tx *db.Tx) error {
			_, err := ledger.Reverse(tx, activity.HeldFact, subjects[0], "", db.Day(tx.Now), auth.SystemID)
			return err
		}))
		w.follow()
		if after := held(w.draft(Standard(), ask)); !strings.HasPrefix(after, "2") || strings.HasPrefix(after, "3") {
			t.Errorf("one was taken back, and the draft says %s", after)
		}
		ask.AsOf = figure.AsOf{Seq: before.Seq}
		if again := w.draft(Standard(), ask); again.Text() != before.Text() {
			t.Errorf("as of before:\n%s\nwas\n%s", again.Text(), before.Text())
		}
	})
}

// Of few persons nothing is said, neither as a whole nor in a list.
func TestDraftsNameNoFew(t *testing.T) {
	inWorlds(t, func(w *world) {
		w.posts(roster.Arrived, w.Institute, w.Team, figure.Few-1, 1)
		const text = "# title\n= first\n* one: \n- {volunteers_taking_part people}\n- {each:org turns turns 5}\n| nobody"
		if o := w.draft(text, Ask{Org: w.City}); len(o.Figures()) != 0 || plain(o.Sections[0].Points[0].Runs) != "nobody" {
			t.Errorf("of few: %s", o.Text())
		}
		w.posts(roster.Arrived, w.Foreign, w.ForeignTeam, 40, 1)
		o := w.draft(text, Ask{Org: w.City})
		for _, f := range o.Figures() {
			if f.Value < figure.Few {
				t.Errorf("says %s", f.Text())
			}
		}
		if len(o.Figures()) == 0 {
			t.Error("of many nothing is said")
		}
	})
}
