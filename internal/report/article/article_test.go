package article

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/jpeg"
	"reflect"
	"slices"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/picture"
	"tongxin/internal/base/prose"
	"tongxin/internal/base/search"
	"tongxin/internal/report/figure"
	"tongxin/internal/work/org"
)

func TestWrittenSubmittedApprovedRead(t *testing.T) {
	inWorlds(t, func(w *world) {
		a := w.create(w.text())
		if got := w.get(a); got.Title != "守好小区门 站好每班岗" || got.State != Draft || got.Live() {
			w.Fatalf("%+v", got)
		}
		w.must(w.submit(w.editor, a))
		w.refused("article.not_while.submitted", w.submit(w.editor, a))
		w.must(w.approve(w.reviewer, a))
		got := w.get(a)
		if got.State != Published || got.Version != 1 || !got.Live() || got.Shown.Summary != "本月开展活动7场，口罩齐备。" {
			w.Errorf("%+v", got)
		}
		v, err := VersionOf(w.ctx, w.d, a, 1)
		w.must(err)
		doc, err := v.Document()
		w.must(err)
		if f := doc.Figures()[0]; f.Frozen == nil || f.Frozen.Value != 7 || f.Frozen.Seq == 0 || f.Frozen.Version == 0 {
			w.Errorf("the figure was not frozen: %+v", f)
		}
		if n := w.value(ArticlesPublished); n != 1 {
			w.Errorf("%d articles published", n)
		}
		found, err := search.Find(w.ctx, w.d, search.Articles, "口罩", "", 10)
		w.must(err)
		if !slices.Equal(found.IDs, []id.ID{a}) {
			w.Errorf("found %v", found.IDs)
		}
		w.holds(3) // later acts change nothing of what was printed
	})
}

func TestWhoWritesAndWhoDecides(t *testing.T) {
	inWorlds(t, func(w *world) {
		w.refused("org.out_of_reach", w.write(func(tx *db.Tx) error { _, err := Create(w.ctx, tx, w.foreign, w.Station, w.text()); return err }))
		a := w.create(w.text())
		w.must(w.submit(w.editor, a))
		w.refused("org.out_of_reach", w.approve(w.admin, a))
		w.refused("org.out_of_reach", w.approve(w.foreign, a))
		w.refused("article.reason_missing", w.write(func(tx *db.Tx) error { return Return(w.ctx, tx, w.reviewer, a, " ") }))
		w.must(w.write(func(tx *db.Tx) error { return Return(w.ctx, tx, w.reviewer, a, "标题太长") }))
		if got := w.get(a); got.State != Returned || got.Reason != "标题太长" {
			w.Errorf("%+v", got)
		}
		mine := w.create(w.text())
		w.must(w.submit(w.center, mine)) // whoever submits is the author
		w.refused(fail.Key(org.SecondPerson(w.ctx, w.d, w.center, w.center.Person, w.Station)), w.approve(w.center, mine))
		w.must(w.approve(w.reviewer, mine))
	})
}

func TestATrustedUnitPublishesByItself(t *testing.T) {
	inWorlds(t, func(w *world) {
		institute := w.hire(9, w.Institute, auth.Admin)
		w.must(w.write(func(tx *db.Tx) error { return org.Trust(w.ctx, tx, institute, w.Station, true) }))
		a := w.create(w.text())
		w.must(w.submit(w.editor, a))
		if got := w.get(a); got.State != Published {
			w.Errorf("%+v", got)
		}
	})
}

func TestAFigureMustHoldAsItIsSpoken(t *testing.T) {
	inWorlds(t, func(w *world) {
		a := w.create(w.text(w.held(figure.Near, 100)))
		w.refused("article.figure_wrong", fieldOf(w.submit(w.editor, a)))
		b := w.create(w.text(w.held(figure.Over, 6)))
		w.must(w.submit(w.editor, b))
		c := w.create(w.text())
		w.must(w.submit(w.editor, c))
		w.holds(1) // now it is eight, and the text says seven
		w.refused("article.figure_wrong", fieldOf(w.approve(w.reviewer, c)))
		d := w.create(w.text(prose.F(prose.Figure{Key: "nothing_such", Form: "exact"})))
		_, err := Freeze(w.ctx, w.d, w.e, d)
		w.refused("figure.unknown", err)
	})
}

// fieldOf is a refusal of one field as a refusal.
func fieldOf(err error) error {
	if fields := fail.Fields(err); len(fields) > 0 {
		return fail.New(fail.Invalid, fields[0].Key)
	}
	return err
}

func TestWhatIsNotReadyIsNotSubmitted(t *testing.T) {
	inWorlds(t, func(w *world) {
		for want, doc := range map[string]prose.Node{
			"article.title_missing":  prose.New(prose.Doc, prose.P(prose.T("只有正文"))),
			"article.text_missing":   prose.New(prose.Doc, prose.TitleOf("只有标题")),
			"article.source_missing": prose.New(prose.Doc, prose.TitleOf("引语"), prose.New(prose.Quote, prose.P(prose.T("谁说的")))),
			"picture.unknown":        prose.New(prose.Doc, prose.TitleOf("图片"), prose.Node{Type: prose.Picture, Attrs: &prose.Attrs{Picture: "321281-1", Alt: "画面"}}),
			"article.alt_missing":    prose.New(prose.Doc, prose.TitleOf("图片"), prose.Node{Type: prose.Picture, Attrs: &prose.Attrs{Picture: "321281-1"}}),
		} {
			a := w.create(In{Kind: Story, Doc: doc})
			w.refused(want, fieldOf(w.submit(w.editor, a)))
		}
		for want, in := range map[string]In{
			"article.kind_unknown": {Kind: "poem", Doc: prose.New(prose.Doc)},
			"article.wanted_far":   {Kind: News, Doc: prose.New(prose.Doc), Wanted: w.d.Now().AddDate(2, 0, 0)},
			"article.title_long":   {Kind: News, Doc: prose.New(prose.Doc, prose.TitleOf(string(bytes.Repeat([]byte("长"), 81))))},
		} {
			w.refused(want, fieldOf(w.write(func(tx *db.Tx) error { _, err := Create(w.ctx, tx, w.editor, w.Station, in); return err })))
		}
	})
}

func TestScheduledIsPublishedAtItsHour(t *testing.T) {
	inWorlds(t, func(w *world) {
		in := w.text()
		in.Wanted = w.d.Now().Add(3 * time.Hour)
		a := w.create(in)
		w.must(w.submit(w.editor, a))
		w.must(w.approve(w.reviewer, a))
		w.must(w.jobs.RunDue(w.ctx))
		if got := w.get(a); got.State != Scheduled || got.Live() {
			w.Errorf("%+v", got)
		}
		w.clock.Add(4 * time.Hour)
		w.must(w.jobs.RunDue(w.ctx))
		if got := w.get(a); got.State != Published {
			w.Errorf("%+v", got)
		}
	})
}

func TestACorrectionSaysWhatItCorrects(t *testing.T) {
	inWorlds(t, func(w *world) {
		a := w.published()
		w.must(w.write(func(tx *db.Tx) error { return Correct(w.ctx, tx, w.editor, a) }))
		got := w.get(a)
		in := w.text(prose.T("补记一句。"))
		w.must(w.write(func(tx *db.Tx) error { _, err := Save(w.ctx, tx, w.editor, a, got.Rev, in); return err }))
		w.refused("article.note_missing", fieldOf(w.submit(w.editor, a)))
		in.Note, got = "补记一句", w.get(a)
		w.must(w.write(func(tx *db.Tx) error { _, err := Save(w.ctx, tx, w.editor, a, got.Rev, in); return err }))
		w.must(w.submit(w.editor, a))
		if got := w.get(a); !got.Live() || got.Version != 1 {
			w.Errorf("meanwhile everybody reads the first version: %+v", got)
		}
		w.must(w.approve(w.reviewer, a))
		said, err := Corrections(w.ctx, w.d, a)
		w.must(err)
		if len(said) != 1 || said[0].Note != "补记一句" || w.get(a).Version != 2 || w.value(ArticlesPublished) != 1 {
			w.Errorf("%+v", said)
		}
		w.must(w.write(func(tx *db.Tx) error { return Correct(w.ctx, tx, w.editor, a) }))
		w.must(w.write(func(tx *db.Tx) error { return Drop(w.ctx, tx, w.editor, a) }))
		if got := w.get(a); got.State != Published || got.Version != 2 {
			w.Errorf("%+v", got)
		}
	})
}

func TestWithdrawnWithAReason(t *testing.T) {
	inWorlds(t, func(w *world) {
		a := w.published()
		w.refused("article.reason_missing", w.write(func(tx *db.Tx) error { return Withdraw(w.ctx, tx, w.editor, a, "") }))
		w.must(w.write(func(tx *db.Tx) error { return Withdraw(w.ctx, tx, w.editor, a, "事实有误") }))
		if got := w.get(a); got.Live() || got.State != Withdrawn || w.value(ArticlesPublished) != 0 {
			w.Errorf("%+v", got)
		}
		found, err := search.Find(w.ctx, w.d, search.Articles, "口罩", "", 10)
		w.must(err)
		if len(found.IDs) > 0 {
			w.Error("it is still found")
		}
		w.refused("article.not_while.withdrawn", w.write(func(tx *db.Tx) error { return Correct(w.ctx, tx, w.editor, a) }))
	})
}

func TestTwoWhoWriteMeetOnTheRev(t *testing.T) {
	inWorlds(t, func(w *world) {
		a := w.create(w.text())
		first := w.get(a).Rev
		save := func(by auth.Actor, rev int64, words string) error {
			return w.write(func(tx *db.Tx) error { _, err := Save(w.ctx, tx, by, a, rev, w.text(prose.T(words))); return err })
		}
		w.must(save(w.editor, first, "甲"))
		w.refused("article.changed_meanwhile", save(w.admin, first, "乙"))
		w.must(save(w.admin, w.get(a).Rev, "乙"))
		w.must(save(w.admin, w.get(a).Rev, "丙")) // within ten minutes: the same revision
		w.clock.Add(11 * time.Minute)
		w.must(save(w.admin, w.get(a).Rev, "丁"))
		all, err := Revisions(w.ctx, w.d, a)
		w.must(err)
		var by []id.ID
		for _, r := range all {
			by = append(by, r.By)
		}
		if want := []id.ID{w.admin.Person, w.admin.Person, w.editor.Person, w.editor.Person}; !reflect.DeepEqual(by, want) {
			w.Errorf("%v", by)
		}
	})
}

func TestOverdueReviewsOfArticlesRise(t *testing.T) {
	inWorlds(t, func(w *world) {
		a := w.create(w.text())
		w.must(w.submit(w.editor, a))
		w.clock.Add(30 * 24 * time.Hour)
		w.must(w.jobs.RunDue(w.ctx))
		if got := w.get(a); got.ReviewerOrg == w.Institute || got.Raised < 1 {
			w.Errorf("%+v", got)
		}
	})
}

// TestMergedInReview: what an organisation wrote goes on after it was merged, whatever its state: with
// the reviewer, at its hour, with the successor's staff; and what lay on a desk lies on the successor's.
func TestMergedInReview(t *testing.T) {
	inWorlds(t, func(w *world) {
		heir := w.hire(6, w.Sibling, auth.Editor)
		out, draft, wrong, asked, timed := w.published(), w.create(w.text()), w.create(w.text()), w.create(w.text()), w.create(w.text())
		w.must(w.submit(w.editor, wrong))
		w.must(w.write(func(tx *db.Tx) error { return Return(w.ctx, tx, w.reviewer, wrong, "请补上时间") }))
		w.must(w.submit(w.editor, asked))
		in := w.text()
		in.Wanted = w.d.Now().Add(3 * time.Hour)
		w.must(w.write(func(tx *db.Tx) error { _, err := Save(w.ctx, tx, w.editor, timed, w.get(timed).Rev, in); return err }))
		w.must(w.submit(w.editor, timed))
		w.must(w.approve(w.reviewer, timed))
		w.must(w.write(func(tx *db.Tx) error {
			if err := org.Move(w.ctx, tx, auth.System, w.Team, w.Sibling); err != nil {
				return err
			}
			return org.Merge(w.ctx, tx, auth.System, w.Station, w.Sibling, "两站合并")
		}))

		seats, err := org.Seats(w.ctx, w.d, heir)
		w.must(err)
		if all, _, err := Desk(w.ctx, w.d, seats, Filter{}); err != nil || len(all) != 5 {
			w.Errorf("the successor's editor sees %d of 5 articles, %v", len(all), err)
		}
		for _, a := range []id.ID{draft, wrong} {
			w.must(w.submit(heir, a))
		}
		w.must(w.write(func(tx *db.Tx) error { return Correct(w.ctx, tx, heir, out) }))
		in = w.text()
		in.Note = "更正一处"
		w.must(w.write(func(tx *db.Tx) error { _, err := Save(w.ctx, tx, heir, out, w.get(out).Rev, in); return err }))
		w.must(w.submit(heir, out))
		w.clock.Add(4 * time.Hour)
		w.must(w.jobs.RunDue(w.ctx))

		// The institute is merged as well, once nothing hangs below it.
		next := w.hire(7, w.Next, auth.Reviewer)
		w.must(w.write(func(tx *db.Tx) error {
			if err := org.Move(w.ctx, tx, auth.System, w.Sibling, w.Next); err != nil {
				return err
			}
			return org.Merge(w.ctx, tx, auth.System, w.Institute, w.Next, "两所合并")
		}))
		waiting, err := Queue(w.ctx, w.d, []id.ID{w.Next})
		w.must(err)
		if n, err := CountQueue(w.ctx, w.d, []id.ID{w.Next}); err != nil || n != 4 || len(waiting) != 4 {
			w.Errorf("%d and %d of 4 lie on the desk of the successor, %v", n, len(waiting), err)
		}
		for _, a := range []id.ID{draft, wrong, asked, out} {
			w.must(w.approve(next, a))
		}
		for _, a := range []id.ID{draft, wrong, asked, out, timed} {
			if got := w.get(a); got.State != Published || !got.Live() {
				w.Errorf("%s is %s", got.Title, got.State)
			}
		}
		var c Counter
		c.Read(out, w.d.Now())
		w.must(c.Flush(w.ctx, w.d, true))
		w.must(w.write(func(tx *db.Tx) error { return Withdraw(w.ctx, tx, heir, timed, "内容有误") }))
		if p, r := w.value(ArticlesPublished), w.value(ArticleReads); p != 4 || r != 1 {
			w.Errorf("%d published, %d reads", p, r)
		}
	})
}

func TestReadsAreOneFactAnArticleAndHour(t *testing.T) {
	inWorlds(t, func(w *world) {
		a, b := w.published(), w.published()
		var c Counter
		for range 5 {
			c.Read(a, w.d.Now())
		}
		c.Read(b, w.d.Now())
		w.must(c.Flush(w.ctx, w.d, false))
		if n := w.value(ArticleReads); n != 0 {
			w.Errorf("%d reads of an hour that is not over", n)
		}
		w.clock.Add(time.Hour)
		c.Read(a, w.d.Now())
		w.must(c.Flush(w.ctx, w.d, false))
		if n := w.value(ArticleReads); n != 6 {
			w.Errorf("%d reads", n)
		}
		w.must(c.Flush(w.ctx, w.d, true))
		n, err := ReadsOf(w.ctx, w.d, a)
		w.must(err)
		var facts int
		w.must(w.d.QueryRow(w.ctx, "SELECT COUNT(*) FROM ledger_fact f JOIN ledger_kind k ON k.id = f.kind WHERE k.key = 'article.read'").Scan(&facts))
		if n != 6 || facts != 3 {
			w.Errorf("%d reads, %d facts", n, facts)
		}
	})
}

func TestPicturesBelongToTheirArticle(t *testing.T) {
	inWorlds(t, func(w *world) {
		var b bytes.Buffer
		w.must(jpeg.Encode(&b, image.NewRGBA(image.Rect(0, 0, 20, 10)), nil))
		p, err := picture.New(context.Background(), b.Bytes())
		w.must(err)
		a := w.create(w.text())
		var at id.ID
		w.must(w.write(func(tx *db.Tx) (err error) { at, err = AddPicture(w.ctx, tx, w.editor, a, p); return err }))
		w.refused("org.out_of_reach", w.write(func(tx *db.Tx) error { _, err := AddPicture(w.ctx, tx, w.foreign, a, p); return err }))
		in := w.text()
		in.Doc.Content = append(in.Doc.Content, prose.Node{Type: prose.Picture, Attrs: &prose.Attrs{Picture: string(at), Alt: "夜班"}})
		w.must(w.write(func(tx *db.Tx) error { _, err := Save(w.ctx, tx, w.editor, a, 1, in); return err }))
		w.must(w.submit(w.editor, a))
		w.must(w.approve(w.reviewer, a))
		if got := w.get(a); got.Shown.Cover != string(at) {
			w.Errorf("%+v", got.Shown)
		}
		small, err := picture.Get(w.ctx, w.d, at, true)
		w.must(err)
		if small.Kind != "image/jpeg" || small.Owner != a || small.Area != Area || len(small.Content) == 0 {
			w.Error(small.Kind, small.Owner)
		}
	})
}

func TestListsByUnitAndCampaign(t *testing.T) {
	inWorlds(t, func(w *world) {
		a, b := w.published(), w.published()
		for _, c := range []struct {
			f    Filter
			want int
		}{{Filter{}, 2}, {Filter{Org: w.Center}, 2}, {Filter{Org: w.Foreign}, 0}, {Filter{Campaign: 9}, 0}, {Filter{Kind: Story}, 0}, {Filter{Limit: 1}, 1}} {
			all, _, err := ShownTo(w.ctx, w.d, c.f)
			w.must(err)
			if len(all) != c.want {
				w.Errorf("%+v: %d", c.f, len(all))
			}
		}
		first, next, err := ShownTo(w.ctx, w.d, Filter{Limit: 1})
		w.must(err)
		second, end, err := ShownTo(w.ctx, w.d, Filter{Limit: 1, After: next})
		w.must(err)
		if got := []id.ID{second[0].ID, first[0].ID}; !slices.Equal(got, []id.ID{a, b}) || end != "" {
			w.Error(got, end)
		}
		draft := w.create(w.text())
		seats, err := org.Seats(w.ctx, w.d, w.center)
		w.must(err)
		desk, _, err := Desk(w.ctx, w.d, seats, Filter{State: Draft})
		w.must(err)
		if len(desk) != 1 || desk[0].ID != draft {
			w.Error(desk)
		}
		w.must(w.submit(w.editor, draft))
		if n, err := CountQueue(w.ctx, w.d, []id.ID{w.Institute}); n != 1 || err != nil {
			w.Error(n, err)
		}
	})
}

func TestVerifyFindsWhatWasTamperedWith(t *testing.T) {
	inWorlds(t, func(w *world) {
		a := w.published()
		var c Counter
		c.Read(a, w.d.Now())
		w.must(c.Flush(w.ctx, w.d, true))
		for _, p := range []struct{ check, do, undo string }{
			{"article.states", "UPDATE article_article SET version = 2", "UPDATE article_article SET version = 1"},
			{"article.references", "UPDATE article_article SET campaign = 99", "UPDATE article_article SET campaign = 0"},
			{"article.findable", "UPDATE search_term SET id = 'x' || id", "UPDATE search_term SET id = SUBSTR(id, 2)"},
			{"article.figures", `UPDATE article_revision SET doc = REPLACE(doc, '"value":7', '"value":8')`, `UPDATE article_revision SET doc = REPLACE(doc, '"value":8', '"value":7')`},
			{"article.pictures", `UPDATE article_revision SET doc = REPLACE(doc, '{"type":"title"', '{"type":"picture","attrs":{"picture":"321281-9"}},{"type":"title"')`,
				`UPDATE article_revision SET doc = REPLACE(doc, '{"type":"picture","attrs":{"picture":"321281-9"}},', '')`},
			{"recount.article.read", "UPDATE article_hour SET n = n + 1", "UPDATE article_hour SET n = n - 1"},
			{"recount.article.published", "UPDATE article_article SET published = published + 864000000", "UPDATE article_article SET published = published - 864000000"},
		} {
			w.must(w.write(func(tx *db.Tx) error { _, err := tx.Exec(p.do); return err }))
			if got := w.broken(); !slices.Contains(got, p.check) {
				w.Errorf("%s: %s was not seen, %v", fmt.Sprint(p.do), p.check, got)
			}
			w.must(w.write(func(tx *db.Tx) error { _, err := tx.Exec(p.undo); return err }))
		}
	})
}
