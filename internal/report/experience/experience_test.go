package experience

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/prose"
	"tongxin/internal/base/search"
	"tongxin/internal/ledger"
	"tongxin/internal/report/figure"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org"
	"tongxin/internal/work/org/orgtest"
	"tongxin/internal/work/roster"
)

type world struct {
	*testing.T
	orgtest.Tree
	ctx               context.Context
	d                 *db.DB
	clock             *dbtest.Clock
	e                 *figure.Engine
	unit, above, next auth.Actor // of the institute, of its centre, of the city
}

func inWorlds(t *testing.T, body func(w *world)) {
	t.Helper()
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		w := &world{T: t, ctx: t.Context(), d: d, clock: c}
		w.must(w.write(func(tx *db.Tx) (err error) { w.Tree, err = orgtest.Plant(w.ctx, tx); return err }))
		var err error
		w.e, err = figure.Open(w.ctx, d)
		w.must(err)
		w.unit, w.above, w.next = w.hire(1, w.Institute, auth.Admin), w.hire(2, w.Center, auth.Admin), w.hire(3, w.City, auth.Reviewer)
		body(w)
		checks, err := Verify(w.ctx, w.d)
		w.must(err)
		for _, c := range checks {
			if c.Broken > 0 {
				t.Errorf("verify: %s: %v", c.Name, c.IDs)
			}
		}
	})
}

// hire gives somebody a role, in the table too, so that she is told things.
func (w *world) hire(number byte, at id.ID, role auth.Role) auth.Actor {
	w.Helper()
	a := orgtest.Staff(number, at, role)
	w.must(w.write(func(tx *db.Tx) error {
		if _, err := tx.Exec("INSERT INTO people_role (home, person, org, role, since, by) VALUES ($1, $2, $3, $4, 0, '')",
			a.Person.Home(), a.Person, at, string(role)); err != nil {
			return err
		}
		_, err := tx.Exec("INSERT INTO people_person (home, id, state, created) VALUES ($1, $2, 'active', 0)", a.Person.Home(), a.Person)
		return err
	}))
	return a
}

func (w *world) write(f func(tx *db.Tx) error) error { return w.d.Write(w.ctx, f) }

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) refused(key string, err error) {
	w.Helper()
	got := fail.Key(err)
	if fields := fail.Fields(err); got == fail.FormInvalid && len(fields) > 0 {
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

func (w *world) value(i *ledger.Indicator) int64 {
	w.Helper()
	w.follow()
	a, err := w.e.At(w.ctx, figure.Query{Indicator: i.Key, Org: w.City})
	w.must(err)
	return a.Value
}

// text is an experience with a figure: as many activities as the institute held.
func (w *world) text(held int64) prose.Node {
	return prose.New(prose.Doc, prose.TitleOf("night watch by turns"), prose.H(1, true, prose.T("what we did")),
		prose.P(prose.T("two on a turn, a third one at home, "), prose.F(prose.Figure{Key: "activities_held", Org: string(w.Institute), Form: "exact", D: held, Measure: "nights"})),
		prose.H(1, true, prose.T("what others can take over")), prose.P(prose.T("ask the third one first")))
}

func (w *world) told() In {
	return In{Theme: "night watch", Doc: w.text(0), Indicator: "activities_held"}
}

func (w *world) written() (e id.ID) {
	w.Helper()
	w.must(w.write(func(tx *db.Tx) (err error) { e, err = Write(w.ctx, tx, w.unit, w.Institute, w.told()); return err }))
	return e
}

func (w *world) do(f func(ctx context.Context, tx *db.Tx, by auth.Actor, e id.ID) error, by auth.Actor, e id.ID) error {
	return w.write(func(tx *db.Tx) error { return f(w.ctx, tx, by, e) })
}

// frozen runs a step that takes the text with its figures as they are now.
func (w *world) frozen(f func(ctx context.Context, tx *db.Tx, by auth.Actor, e id.ID, f Frozen) error, by auth.Actor, e id.ID) error {
	w.Helper()
	w.follow()
	now, err := Freeze(w.ctx, w.d, w.e, e)
	w.must(err)
	return w.write(func(tx *db.Tx) error { return f(w.ctx, tx, by, e, now) })
}

func (w *world) submit(e id.ID) error { w.Helper(); return w.frozen(Submit, w.unit, e) }
func (w *world) choose(e id.ID) error { w.Helper(); return w.frozen(Choose, w.above, e) }

// holds posts that an organisation held so many activities today.
func (w *world) holds(at id.ID, n int) {
	w.Helper()
	w.must(w.write(func(tx *db.Tx) error {
		day := db.Day(tx.Now)
		place, err := org.PositionOn(w.ctx, tx, at, day)
		for range n {
			if err == nil {
				err = ledger.Post(tx, ledger.Fact{Kind: activity.HeldFact, Day: day, Org: place, Unit: place, Area: int64(orgtest.CenterArea),
					Subject: tx.NewID("321281"), Qty: 1, Grade: ledger.Recorded, By: auth.SystemID})
			}
		}
		return err
	}))
}

// Written, submitted, returned, submitted again, commented, chosen, recommended up; each step
// by whom it is for, and counted.
func TestAnExperienceGoesUp(t *testing.T) {
	inWorlds(t, func(w *world) {
		w.refused("org.out_of_reach", w.write(func(tx *db.Tx) error { _, err := Write(w.ctx, tx, w.unit, w.Center, w.told()); return err }))
		e := w.written()
		back := func(ctx context.Context, tx *db.Tx, by auth.Actor, e id.ID) error {
			return Return(ctx, tx, by, e, "say what came of it")
		}
		w.refused("experience.not_while.draft", w.choose(e))
		w.must(w.submit(e))
		w.refused("experience.not_while.submitted", w.submit(e))
		w.refused("org.out_of_reach", w.frozen(Choose, w.unit, e))
		w.must(w.do(back, w.above, e))
		if n := w.value(ExperiencesSubmitted); n != 0 {
			t.Errorf("returned, and %d are submitted", n)
		}
		again := w.told()
		again.Doc.Content = append(again.Doc.Content, prose.P(prose.T("no night was empty")))
		x, err := Get(w.ctx, w.d, e)
		w.must(err)
		saves := func() error {
			return w.write(func(tx *db.Tx) error { _, err := Save(w.ctx, tx, w.unit, e, x.Rev, again); return err })
		}
		w.must(saves())
		w.refused("experience.changed_meanwhile", saves())
		colleague := w.hire(7, w.Institute, auth.Editor)
		w.must(w.write(func(tx *db.Tx) error {
			more := w.told()
			more.Doc.Content = append(more.Doc.Content, prose.P(prose.T("one night was empty")))
			_, err := Save(w.ctx, tx, colleague, e, 0, more)
			return err
		}))
		w.must(w.submit(e))
		all, err := Revisions(w.ctx, w.d, e)
		if w.must(err); len(all) != 3 || !all[0].Submitted || all[1].Submitted || !all[2].Submitted || !strings.Contains(all[1].Doc, "no night was empty") {
			t.Errorf("what it was: %+v", all)
		}
		w.must(w.write(func(tx *db.Tx) error { return Comment(w.ctx, tx, w.above, e, "we tried it too") }))
		own := w.above
		own.Person = w.unit.Person
		w.refused("experience.own_work", w.frozen(Choose, own, e))
		w.must(w.choose(e))
		w.must(w.do(Recommend, w.above, e))
		w.refused("org.out_of_reach", w.do(Recommend, w.above, e))
		w.must(w.do(Recommend, w.next, e))
		top := orgtest.Staff(9, w.Province, auth.Admin)
		w.refused("experience.at_the_top", w.do(Recommend, top, e))
		if said, err := Comments(w.ctx, w.d, e); err != nil || len(said) != 1 || said[0].Org != w.Center {
			t.Errorf("said: %v, %v", said, err)
		}
		if a, b := w.value(ExperiencesSubmitted), w.value(ExperiencesChosen); a != 1 || b != 1 {
			t.Errorf("%d submitted, %d chosen", a, b)
		}
	})
}

// What is chosen is found by theme, by the kind of unit, by effect, and by the words of its
// text; page by page.
func TestTheLibraryIsSearched(t *testing.T) {
	inWorlds(t, func(w *world) {
		e := w.written()
		found := func(text string) int {
			f, err := search.Find(w.ctx, w.d, search.Experiences, text, "", 10)
			w.must(err)
			return len(f.IDs)
		}
		if n := found("third"); n != 0 {
			t.Errorf("a draft is found")
		}
		w.must(w.submit(e))
		w.must(w.choose(e))
		for f, want := range map[Filter]int{{}: 1, {Theme: "night"}: 1, {Theme: "day"}: 0, {Theme: "%"}: 1, {Of: "institute"}: 1, {Of: "team"}: 0, {Indicator: "activities_held"}: 1, {Indicator: "turns"}: 0} {
			if all, _, err := Library(w.ctx, w.d, f); err != nil || len(all) != want {
				t.Errorf("%+v finds %d, %v", f, len(all), err)
			}
		}
		if a, b := found("third"), found("night watch"); a != 1 || b != 1 {
			t.Errorf("by its words %d are found, by its theme %d", a, b)
		}
		w.clock.Add(time.Minute)
		second := w.written()
		w.must(w.submit(second))
		w.must(w.choose(second))
		first, next, err := Library(w.ctx, w.d, Filter{Limit: 1})
		w.must(err)
		rest, end, err := Library(w.ctx, w.d, Filter{Limit: 1, After: next})
		if w.must(err); len(first) != 1 || len(rest) != 1 || first[0].ID != second || rest[0].ID != e || end != "" {
			t.Errorf("two pages: %v, then %v, then %q", first, rest, end)
		}
		_, _, err = Library(w.ctx, w.d, Filter{After: "nonsense"})
		w.refused("experience.page_unknown", err)
	})
}

// pictured is a text with a picture that was sent elsewhere.
func pictured(alt string) prose.Node {
	return prose.New(prose.Doc, prose.TitleOf("night watch"), prose.P(prose.T("two on a turn, a third one at home")),
		prose.Node{Type: prose.Picture, Attrs: &prose.Attrs{Picture: "321281-0000000000000001", Alt: alt}})
}

// Each mistake is refused in words, where it stands.
func TestWhatCannotBeSubmitted(t *testing.T) {
	inWorlds(t, func(w *world) {
		for key, spoil := range map[string]func(in *In){
			"experience.length":    func(in *In) { in.Theme = "" },
			"experience.title":     func(in *In) { in.Doc.Content[0] = prose.TitleOf(strings.Repeat("n", 61)) },
			"experience.indicator": func(in *In) { in.Indicator = "nothing" },
		} {
			in := w.told()
			spoil(&in)
			w.refused(key, w.write(func(tx *db.Tx) error { _, err := Write(w.ctx, tx, w.unit, w.Institute, in); return err }))
		}
		for key, doc := range map[string]prose.Node{
			"experience.text":         prose.New(prose.Doc, prose.TitleOf("night watch"), prose.H(1, true, prose.T("a heading that says nothing yet"))),
			"experience.title":        prose.New(prose.Doc, prose.P(prose.T("two on a turn, a third one at home"))),
			"experience.figure_wrong": w.text(7),
			"experience.alt_missing":  pictured(""),
			"picture.unknown":         pictured("a gate at night"),
		} {
			e := w.written()
			w.must(w.write(func(tx *db.Tx) error {
				_, err := Save(w.ctx, tx, w.unit, e, 0, In{Theme: "night watch", Doc: doc})
				return err
			}))
			w.refused(key, w.submit(e))
		}
		e := w.written()
		w.must(w.submit(e))
		w.holds(w.Institute, 2)
		w.refused("experience.figure_wrong", w.choose(e))
	})
}

// Who adopts says so once, and what came of it is the same indicator before and after.
func TestAnAdoptionIsFollowedByFigures(t *testing.T) {
	inWorlds(t, func(w *world) {
		e := w.written()
		other := orgtest.Staff(5, w.Foreign, auth.Admin)
		adopts := func(by auth.Actor, of id.ID) error {
			return w.write(func(tx *db.Tx) error { return Adopt(w.ctx, tx, by, e, of, "from Monday on") })
		}
		w.refused("experience.not_while.draft", adopts(other, w.Foreign))
		w.must(w.submit(e))
		w.must(w.choose(e))
		w.refused("experience.own", adopts(w.unit, w.Institute))
		w.refused("org.out_of_reach", adopts(w.unit, w.Foreign))
		w.holds(w.Foreign, 2)
		w.clock.Add(24 * time.Hour)
		w.must(adopts(other, w.Foreign))
		w.refused("experience.adopted_already", adopts(other, w.Foreign))
		x, err := Get(w.ctx, w.d, e)
		w.must(err)
		all, err := Adoptions(w.ctx, w.d, e, 5)
		if w.must(err); len(all) != 1 {
			t.Fatalf("adopted: %+v", all)
		}
		w.follow()
		if _, ok, err := EffectOf(w.ctx, w.e, x, all[0].Adoption, w.d.Now()); ok || err != nil {
			t.Errorf("an effect on the first day: %v", err)
		}
		w.holds(w.Foreign, 5)
		w.clock.Add(24 * time.Hour)
		w.follow()
		f, ok, err := EffectOf(w.ctx, w.e, x, all[0].Adoption, w.d.Now())
		if w.must(err); !ok || f.Days != 1 || f.Before != 2 || f.After != 5 {
			t.Errorf("effect: %+v", f)
		}
		w.must(w.write(func(tx *db.Tx) error { // one person came, behind whose turns the effect must not be told
			place, err := org.PositionOn(w.ctx, tx, w.Foreign, all[0].Day)
			if err != nil {
				return err
			}
			return ledger.Post(tx, ledger.Fact{Kind: roster.Arrived, Day: all[0].Day, Org: place, Unit: place, Area: int64(orgtest.CenterArea),
				Subject: tx.NewID("321281"), Person: w.unit.Person, Qty: 1, Grade: ledger.Recorded, By: auth.SystemID})
		}))
		w.follow()
		x.Indicator = "turns"
		if f, ok, err := EffectOf(w.ctx, w.e, x, all[0].Adoption, w.d.Now()); !ok || err != nil || !f.Few || f.After != 0 {
			t.Errorf("of one person: %+v, %v", f, err)
		}
		if n := w.value(ExperiencesAdopted); n != 1 {
			t.Errorf("%d adopted", n)
		}
	})
}

// A mention is recorded once, with source, day and link, and counts.
func TestMentionsAreRecorded(t *testing.T) {
	inWorlds(t, func(w *world) {
		draft, told := w.written(), w.written()
		w.must(w.submit(told))
		w.must(w.choose(told))
		m := Mention{Org: w.Institute, Experience: told, Title: "a night at the gate", Source: "Morning Paper", Day: "2020-02-20", Link: "https://example.com/a"}
		notes := func(by auth.Actor, m Mention) error {
			return w.write(func(tx *db.Tx) error { _, err := Note(w.ctx, tx, by, m); return err })
		}
		for key, spoil := range map[string]func(m *Mention){
			"experience.mention_day": func(m *Mention) { m.Day = "2031-01-01" },
			"experience.link":        func(m *Mention) { m.Link = "javascript:alert(1)" },
			"experience.length":      func(m *Mention) { m.Source = "" },
			"org.out_of_reach":       func(m *Mention) { m.Org = w.Foreign },
			"experience.mention_of":  func(m *Mention) { m.Experience = draft },
		} {
			bad := m
			spoil(&bad)
			w.refused(key, notes(w.unit, bad))
		}
		w.must(notes(w.unit, m))
		w.refused("experience.mentioned_already", notes(w.unit, m))
		if n := w.value(MediaMentions); n != 1 {
			t.Errorf("%d mentions", n)
		}
		seats, err := org.Seats(w.ctx, w.d, w.next)
		w.must(err)
		all, err := Mentions(w.ctx, w.d, seats[0].Position, 5)
		if w.must(err); len(all) != 1 || all[0].Source != m.Source || all[0].OrgName == "" {
			t.Fatalf("mentions: %+v", all)
		}
		if of, err := MentionsOf(w.ctx, w.d, told, 5); err != nil || len(of) != 1 {
			t.Errorf("of the experience: %+v, %v", of, err)
		}
		takes := func(by auth.Actor, reason string) error {
			return w.write(func(tx *db.Tx) error { return TakeBack(w.ctx, tx, by, all[0].ID, reason) })
		}
		w.refused("experience.length", takes(w.unit, ""))
		w.refused("org.out_of_reach", takes(orgtest.Staff(5, w.Foreign, auth.Admin), "not ours"))
		w.must(takes(w.unit, "another station's"))
		w.refused("experience.taken_back", takes(w.unit, "another station's"))
		if of, err := MentionsOf(w.ctx, w.d, told, 5); err != nil || len(of) != 0 {
			t.Errorf("of the experience, taken back: %+v, %v", of, err)
		}
		if n := w.value(MediaMentions); n != 0 {
			t.Errorf("%d mentions after it was taken back", n)
		}
		w.must(notes(w.unit, m))
	})
}

// Whatever is changed behind the product's back, the check that should finds it.
func TestVerifyFindsWhatWasTamperedWith(t *testing.T) {
	inWorlds(t, func(w *world) {
		e := w.written()
		w.must(w.submit(e))
		w.must(w.choose(e))
		w.must(w.write(func(tx *db.Tx) error {
			return Adopt(w.ctx, tx, orgtest.Staff(5, w.Foreign, auth.Admin), e, w.Foreign, "")
		}))
		const of = " WHERE id = $1"
		for _, f := range []struct{ check, do, undo string }{
			{"experience.references", "UPDATE experience_experience SET desk = 'x' || desk" + of, "UPDATE experience_experience SET desk = SUBSTR(desk, 2)" + of},
			{"experience.steps", "UPDATE experience_experience SET submitted = chosen + 1" + of, "UPDATE experience_experience SET submitted = chosen" + of},
			{"experience.findable", "UPDATE search_term SET id = 'x' || id" + of, "UPDATE search_term SET id = SUBSTR(id, 2) WHERE id = 'x' || $1"},
			{"experience.adoptions", "UPDATE experience_adoption SET org = 'x' || org WHERE experience = $1", "UPDATE experience_adoption SET org = SUBSTR(org, 2) WHERE experience = $1"},
			{"recount.experience.chosen", "UPDATE experience_experience SET state = 'submitted'" + of, "UPDATE experience_experience SET state = 'chosen'" + of},
		} {
			w.must(w.write(func(tx *db.Tx) error { _, err := tx.Exec(f.do, e); return err }))
			checks, err := Verify(w.ctx, w.d)
			w.must(err)
			if n := slices.IndexFunc(checks, func(c ledger.Check) bool { return c.Name == f.check }); n < 0 || checks[n].Broken == 0 {
				t.Errorf("%s does not find: %s", f.check, f.do)
			}
			w.must(w.write(func(tx *db.Tx) error { _, err := tx.Exec(f.undo, e); return err }))
		}
	})
}
