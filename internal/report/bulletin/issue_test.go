package bulletin

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/base/jobs"
	"tongxin/internal/base/prose"
	"tongxin/internal/ledger"
	"tongxin/internal/report/figure"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org/orgtest"
	"tongxin/internal/work/roster"
)

// office are the people who make an issue of the city.
type office struct {
	*world
	keys                        *crypt.Keys
	jobs                        *jobs.Runner
	editor, signer, second, top auth.Actor // top reviews from above
	unit                        auth.Actor // of the centre
	held                        []id.ID
}

func inOffices(t *testing.T, body func(o *office)) {
	t.Helper()
	inWorlds(t, func(w *world) {
		o := &office{world: w, jobs: jobs.NewRunner(w.d), editor: orgtest.Staff(11, w.City, auth.Editor), signer: orgtest.Staff(12, w.City, auth.Signer),
			second: orgtest.Staff(13, w.City, auth.Reviewer), top: orgtest.Staff(14, w.Province, auth.Reviewer), unit: orgtest.Staff(15, w.Center, auth.Admin)}
		Handle(o.jobs)
		var err error
		o.keys, err = crypt.Open(filepath.Join(w.TempDir(), "keys"), true)
		w.must(err)
		o.held = w.posts(activity.HeldFact, w.Institute, w.Institute, 12, 1)
		w.posts(roster.Arrived, w.Institute, w.Team, 130, 1)
		body(o)
		o.verified()
	})
}

func (o *office) verified() {
	o.Helper()
	o.follow()
	checks, err := Verify(o.ctx, o.d)
	o.must(err)
	c, err := VerifyFigures(o.ctx, o.d)
	o.must(err)
	for _, c := range append(checks, c) {
		if c.Broken > 0 {
			o.Errorf("verify: %s: %v", c.Name, c.IDs)
		}
	}
}

func (o *office) in(n int64) In {
	return In{Name: "work bulletin", Number: n, Total: n + 30, Day: "2020-02-28", Theme: "spring at work", Campaign: o.campaign, From: "2020-02-01",
		To: "2020-03-31", ReportTo: "the province", CopyTo: "all counties\nall departments"}
}

func (o *office) planned(n int64) (made id.ID) {
	o.Helper()
	o.must(o.write(func(tx *db.Tx) (err error) { made, err = Plan(o.ctx, tx, o.editor, o.City, o.in(n)); return err }))
	return made
}

func (o *office) get(issue id.ID) Issue {
	o.Helper()
	i, err := Get(o.ctx, o.d, issue)
	o.must(err)
	return i
}

// added is a text that the program drafted of the centre, taken into the issue.
func (o *office) added(issue id.ID) (article id.ID) {
	o.Helper()
	doc, err := Compose(o.ctx, o.d, o.e, o.get(issue), o.Center)
	o.must(err)
	text, err := json.Marshal(doc)
	o.must(err)
	o.must(o.write(func(tx *db.Tx) (err error) {
		if article, err = Add(o.ctx, tx, o.editor, issue, NewArticle{Org: o.Center, Doc: string(text)}); err != nil {
			return err
		}
		return Accept(o.ctx, tx, o.editor, article)
	}))
	return article
}

func (o *office) prepared(issue id.ID) Prepared {
	o.Helper()
	o.follow()
	p, err := Prepare(o.ctx, o.d, o.e, issue)
	o.must(err)
	return p
}

func (o *office) submit(issue id.ID) error {
	p := o.prepared(issue)
	return o.write(func(tx *db.Tx) error { return Submit(o.ctx, tx, o.editor, issue, p) })
}

func (o *office) agree(by auth.Actor, issue id.ID) error {
	p := o.prepared(issue)
	return o.write(func(tx *db.Tx) error { return Agree(o.ctx, tx, by, issue, p, "well written") })
}

func (o *office) publish(by auth.Actor, issue id.ID) error {
	p := o.prepared(issue)
	return o.write(func(tx *db.Tx) error { return Publish(o.ctx, tx, o.keys, by, issue, p) })
}

// published is an issue of one text with all that it takes.
func (o *office) published(n int64) id.ID {
	o.Helper()
	issue := o.planned(n)
	o.added(issue)
	o.must(o.submit(issue))
	o.must(o.agree(o.second, issue))
	o.must(o.agree(o.top, issue))
	o.must(o.publish(o.signer, issue))
	return issue
}

func (o *office) article(article id.ID) Article {
	o.Helper()
	a, err := ArticleOf(o.ctx, o.d, article)
	o.must(err)
	return a
}

// From a plan to a published issue: its text is frozen and signed, each figure comes out of
// the ledger again, a correction of the records changes the next draft and not the issue, and
// only a correction issue can follow.
func TestAnIssueIsPublishedAndProved(t *testing.T) {
	inOffices(t, func(o *office) {
		issue := o.published(1)
		o.follow()
		i := o.get(issue)
		b, err := i.Read()
		o.must(err)
		if len(b.Articles) != 1 || len(b.Figures) < 4 || b.Head.Seq == 0 || b.Articles[0].OrgName != "center" || len(b.CopyTo) != 2 {
			t.Fatalf("published: %+v", b)
		}
		for _, s := range b.Figures {
			if f := s.Figure.Frozen; f == nil || f.Version != 1 || f.Seq != b.Figures[0].Figure.Frozen.Seq || f.Tree == 0 || s.Basis == "" {
				t.Errorf("frozen as %+v", s)
			}
		}
		o.must(o.write(func(tx *db.Tx) error {
			_, err := ledger.Reverse(tx, activity.HeldFact, o.held[0], "", db.Day(tx.Now), auth.SystemID)
			return err
		}))
		o.follow()
		p, err := Prove(o.ctx, o.d, o.e, i)
		if o.must(err); !p.Holds() || len(p.Figures) != len(b.Figures) {
			t.Errorf("proved: %+v", p)
		}
		for _, f := range []func(tx *db.Tx) error{
			func(tx *db.Tx) error { return Edit(o.ctx, tx, o.editor, issue, 0, o.in(9)) },
			func(tx *db.Tx) error { return Recall(o.ctx, tx, o.editor, issue) },
			func(tx *db.Tx) error { return Drop(o.ctx, tx, o.editor, issue) },
			func(tx *db.Tx) error {
				_, err := Add(o.ctx, tx, o.editor, issue, NewArticle{Org: o.Center, Due: o.d.Now().Add(time.Hour)})
				return err
			},
		} {
			o.refused("bulletin.not_while.published", o.write(f))
		}
		o.refused("bulletin.not_while.published", o.publish(o.signer, issue))

		var next id.ID
		o.must(o.write(func(tx *db.Tx) (err error) { next, err = Correct(o.ctx, tx, o.editor, issue, o.in(2)); return err }))
		all, err := Articles(o.ctx, o.d, next)
		if o.must(err); len(all) != 1 || all[0].State != Drafted || all[0].Doc == "" {
			t.Fatalf("the correction begins with %+v", all)
		}
		doc, err := prose.Parse([]byte(all[0].Doc))
		o.must(err)
		moved, err := Look(o.ctx, o.e, all[0].ID, doc)
		if o.must(err); len(moved) == 0 || moved[0].Holds || !strings.HasPrefix(moved[0].Would, "11") {
			t.Errorf("moved: %+v", moved)
		}
		said, err := Respeak(o.ctx, o.e, doc)
		o.must(err)
		o.must(o.write(func(tx *db.Tx) error {
			if _, err := Write(o.ctx, tx, o.editor, all[0].ID, all[0].Rev, said); err != nil {
				return err
			}
			return Accept(o.ctx, tx, o.editor, all[0].ID)
		}))
		o.must(o.submit(next))
		o.must(o.agree(o.second, next))
		o.must(o.agree(o.top, next))
		o.must(o.publish(o.signer, next))
		follow, err := CorrectionsOf(o.ctx, o.d, issue)
		if o.must(err); len(follow) != 1 || follow[0].ID != next {
			t.Errorf("corrections: %+v", follow)
		}
		if again := o.get(issue); again.Body != i.Body || again.Signature != i.Signature {
			t.Error("what was published changed")
		}
	})
}

// Whoever changes a letter of what was published, its signature, or the number that the ledger
// had, is found.
func TestWhatIsChangedAfterwardsIsFound(t *testing.T) {
	inOffices(t, func(o *office) {
		i := o.get(o.published(1))
		o.follow()
		for name, spoil := range map[string]func(i *Issue){
			"a word":   func(i *Issue) { i.Body = strings.Replace(i.Body, "spring at work", "summer at work", 1) },
			"a figure": func(i *Issue) { i.Body = strings.Replace(i.Body, `"value":12`, `"value":13`, 1) },
			"both": func(i *Issue) {
				i.Body = strings.Replace(i.Body, "spring at work", "summer at work", 1)
				i.Hash = digest([]byte(i.Body))
			},
			"the signature": func(i *Issue) { i.Signature = "02" + i.Signature[2:] },
			"no signature":  func(i *Issue) { i.Signature = "" },
		} {
			spoilt := i
			spoil(&spoilt)
			if spoilt.Body == i.Body && spoilt.Signature == i.Signature {
				t.Errorf("%s: nothing is spoilt", name)
			}
			if p, err := Prove(o.ctx, o.d, o.e, spoilt); err != nil || p.Holds() {
				t.Errorf("%s: %+v, %v", name, p, err)
			}
		}
		other, err := crypt.Open(filepath.Join(t.TempDir(), "keys"), true)
		o.must(err)
		b, err := i.Read()
		o.must(err)
		b.Figures[0].Figure.Frozen.Value++
		b.Figures[0], err = b.Figures[0].hashed()
		o.must(err)
		text, err := json.Marshal(b)
		o.must(err)
		signature, err := other.Sign(text)
		o.must(err)
		forged := i
		forged.Body, forged.Hash, forged.Signature, forged.Key = string(text), digest(text), hexOf(signature), hexOf(other.Verifier())
		if p, err := Prove(o.ctx, o.d, o.e, forged); err != nil || p.Holds() || !p.Signature || !p.Hash || slices.Index(p.Figures, false) != 0 {
			t.Errorf("signed anew with another value: %+v, %v", p, err)
		}
	})
}

func hexOf(b []byte) string {
	const digits = "0123456789abcdef"
	var s strings.Builder
	for _, c := range b {
		s.WriteByte(digits[c>>4])
		s.WriteByte(digits[c&15])
	}
	return s.String()
}

// Two review, neither wrote any of it, each once; whoever may not is told why.
func TestWhoReviewsAndWhoPublishes(t *testing.T) {
	inOffices(t, func(o *office) {
		issue := o.planned(1)
		o.refused("bulletin.no_texts", o.submit(issue))
		o.added(issue)
		var asked id.ID
		o.must(o.write(func(tx *db.Tx) (err error) {
			asked, err = Add(o.ctx, tx, o.editor, issue, NewArticle{Org: o.Foreign, Brief: "what you did", Due: tx.Now.Add(48 * time.Hour)})
			return err
		}))
		o.refused("bulletin.texts_open", o.submit(issue))
		o.must(o.write(func(tx *db.Tx) error { return Remove(o.ctx, tx, o.editor, asked) }))
		p := o.prepared(issue)
		o.refused("org.out_of_reach", o.write(func(tx *db.Tx) error { return Submit(o.ctx, tx, o.unit, issue, p) }))
		o.refused("bulletin.not_while.draft", o.agree(o.second, issue))
		o.must(o.submit(issue))
		author := o.editor
		author.Grants = append(author.Grants, auth.Grant{Org: o.City, Role: auth.Reviewer})
		o.refused("bulletin.own_work", o.agree(author, issue))
		o.refused("org.out_of_reach", o.agree(o.unit, issue))
		o.refused("bulletin.not_while.review", o.publish(o.signer, issue))
		o.must(o.agree(o.second, issue))
		o.refused("bulletin.reviewed_already", o.agree(o.second, issue))
		o.refused("bulletin.not_while.review", o.publish(o.signer, issue))
		o.must(o.write(func(tx *db.Tx) error { return Object(o.ctx, tx, o.top, issue, "the title says too much") }))
		if i := o.get(issue); i.State != Planned || i.Reason == "" {
			t.Errorf("returned: %+v", i)
		}
		o.must(o.submit(issue))
		o.must(o.agree(o.second, issue)) // of the first round nothing counts any more
		o.refused("bulletin.not_while.review", o.publish(o.signer, issue))
		o.must(o.agree(o.top, issue))
		o.refused("org.out_of_reach", o.publish(o.unit, issue))
		keys := o.keys
		o.keys = nil
		o.refused("crypt.no_signing_key", o.publish(o.signer, issue))
		o.keys = keys
		o.must(o.publish(o.signer, issue))
	})
}

// A number is used once while its issue stands.
func TestANumberIsUsedOnce(t *testing.T) {
	inOffices(t, func(o *office) {
		first := o.planned(1)
		plan := func(in In) error {
			return o.write(func(tx *db.Tx) error { _, err := Plan(o.ctx, tx, o.editor, o.City, in); return err })
		}
		o.refused("bulletin.number_taken", plan(o.in(1)))
		other := o.in(2)
		other.Total = 31
		o.refused("bulletin.total_taken", plan(other))
		other = o.in(1)
		other.Day, other.Total = "2021-01-05", 77
		o.must(plan(other))
		for key, spoil := range map[string]func(in *In){
			"bulletin.number":  func(in *In) { in.Number = 0 },
			"bulletin.day":     func(in *In) { in.Day = "tomorrow" },
			"bulletin.length":  func(in *In) { in.Theme = " " },
			"bulletin.days":    func(in *In) { in.To = "2019-01-01" },
			"campaign.unknown": func(in *In) { in.Campaign = 999 },
		} {
			in := o.in(5)
			spoil(&in)
			o.refused(key, plan(in))
		}
		o.must(o.write(func(tx *db.Tx) error { return Drop(o.ctx, tx, o.editor, first) }))
		o.must(plan(o.in(1)))
	})
}

// What is said has to hold: at submission, when a reviewer agrees, and at publication.
func TestWordsThatDoNotHoldAreRefused(t *testing.T) {
	inOffices(t, func(o *office) {
		issue := o.planned(1)
		article := o.added(issue)
		o.must(o.submit(issue))
		o.must(o.agree(o.second, issue))
		o.must(o.write(func(tx *db.Tx) error {
			_, err := ledger.Reverse(tx, activity.HeldFact, o.held[0], "", db.Day(tx.Now), auth.SystemID)
			return err
		}))
		o.refused("bulletin.figure_broken", o.agree(o.top, issue))
		o.must(o.write(func(tx *db.Tx) error { return Recall(o.ctx, tx, o.editor, issue) }))
		o.refused("bulletin.figure_broken", o.submit(issue))
		a := o.article(article)
		doc, err := prose.Parse([]byte(a.Doc))
		o.must(err)
		said, err := Respeak(o.ctx, o.e, doc)
		o.must(err)
		o.must(o.write(func(tx *db.Tx) error {
			if _, err := Write(o.ctx, tx, o.editor, article, a.Rev, said); err != nil {
				return err
			}
			return Accept(o.ctx, tx, o.editor, article)
		}))
		if left, err := Look(o.ctx, o.e, article, said); err != nil || len(left) > 0 {
			t.Errorf("said anew, and still %+v, %v", left, err)
		}
		before := o.prepared(issue)
		o.must(o.submit(issue))
		o.refused("bulletin.not_while.review", o.write(func(tx *db.Tx) error { return Submit(o.ctx, tx, o.editor, issue, before) }))
		o.refused("bulletin.changed_meanwhile", o.write(func(tx *db.Tx) error { return Agree(o.ctx, tx, o.second, issue, before, "") }))

		few := o.planned(2)
		o.posts(roster.Arrived, o.Foreign, o.ForeignTeam, figure.Few-1, 1)
		text := prose.New(prose.Doc, prose.P(prose.F(prose.Figure{Key: "volunteers_taking_part", Org: string(o.Foreign), Form: "exact", D: figure.Few - 1, Measure: "x"})))
		raw, err := json.Marshal(text)
		o.must(err)
		o.must(o.write(func(tx *db.Tx) error {
			article, err := Add(o.ctx, tx, o.editor, few, NewArticle{Org: o.City, Doc: string(raw)})
			if err != nil {
				return err
			}
			return Accept(o.ctx, tx, o.editor, article)
		}))
		o.refused("bulletin.figure_few", o.submit(few))
	})
}

// A unit is asked, writes, hands in, is returned, hands in again; who writes second with an
// old revision loses nothing and is told.
func TestATextComesFromAUnit(t *testing.T) {
	inOffices(t, func(o *office) {
		issue := o.planned(1)
		var article id.ID
		add := func(in NewArticle) error {
			return o.write(func(tx *db.Tx) (err error) { article, err = Add(o.ctx, tx, o.editor, issue, in); return err })
		}
		o.refused("bulletin.not_below", add(NewArticle{Org: o.Province, Due: o.d.Now().Add(time.Hour)}))
		o.refused("bulletin.due_past", add(NewArticle{Org: o.Center, Due: o.d.Now().Add(-time.Hour)}))
		o.must(add(NewArticle{Org: o.Center, Brief: "what you did", Due: o.d.Now().Add(time.Hour)}))
		if asked, err := AskedOf(o.ctx, o.d, o.Center); err != nil || len(asked) != 1 || asked[0].Theme != "spring at work" {
			t.Errorf("asked: %+v, %v", asked, err)
		}
		first, second := prose.New(prose.Doc, prose.P(prose.T("first"))), prose.New(prose.Doc, prose.P(prose.T("second")))
		writes := func(by auth.Actor, rev int64, doc prose.Node) error {
			return o.write(func(tx *db.Tx) error { _, err := Write(o.ctx, tx, by, article, rev, doc); return err })
		}
		stranger := orgtest.Staff(40, o.Foreign, auth.Admin)
		o.refused("bulletin.not_yours", writes(stranger, 1, first))
		o.must(writes(o.unit, 1, first))
		o.refused("bulletin.changed_meanwhile", writes(o.editor, 1, second))
		o.must(writes(o.editor, 2, second))
		if all, err := Revisions(o.ctx, o.d, article); err != nil || len(all) != 1 || !strings.Contains(all[0].Doc, "first") {
			t.Errorf("kept: %+v, %v", all, err)
		}
		act := func(by auth.Actor, f func(tx *db.Tx, by auth.Actor) error) error {
			return o.write(func(tx *db.Tx) error { return f(tx, by) })
		}
		hand := func(tx *db.Tx, by auth.Actor) error { return HandIn(o.ctx, tx, by, article) }
		back := func(tx *db.Tx, by auth.Actor) error { return SendBack(o.ctx, tx, by, article, "say what came of it") }
		take := func(tx *db.Tx, by auth.Actor) error { return Accept(o.ctx, tx, by, article) }
		o.refused("bulletin.article_not_while.draft", act(o.editor, back))
		o.must(act(o.unit, hand))
		o.refused("bulletin.article_not_while.submitted", writes(o.unit, 0, first))
		o.refused("org.out_of_reach", act(o.unit, take))
		o.must(act(o.editor, back))
		o.refused("bulletin.article_not_while.returned", act(o.editor, take))
		o.must(writes(o.unit, 0, first))
		o.must(act(o.unit, hand))
		o.must(act(o.editor, take))
		o.must(writes(o.editor, 0, second))
		if a := o.article(article); a.State != Submitted {
			t.Errorf("changed after it was accepted, and is %s", a.State)
		}
	})
}

// An issue reaches those above, below and beside; each reads and answers once, those who have
// not are reminded, and all of it is figures.
func TestAnIssueReachesItsReceivers(t *testing.T) {
	inOffices(t, func(o *office) {
		issue := o.planned(1)
		o.must(o.write(func(tx *db.Tx) error { return Send(o.ctx, tx, o.editor, issue, []Group{Above, "center"}, nil) }))
		o.added(issue)
		o.must(o.submit(issue))
		o.must(o.agree(o.second, issue))
		o.must(o.agree(o.top, issue))
		o.must(o.publish(o.signer, issue))
		run := func() {
			for range 6 {
				o.must(o.jobs.RunDue(o.ctx))
			}
		}
		run()
		reach := func(want Reach) {
			o.Helper()
			if got, err := ReachOf(o.ctx, o.d, issue); err != nil || got != want {
				t.Errorf("reached %+v, %v, want %+v", got, err, want)
			}
		}
		reach(Reach{Delivered: 3})
		tray, err := TrayOf(o.ctx, o.d, o.Center, 10)
		if o.must(err); len(tray) != 1 || tray[0].Kind != "copy" || tray[0].Number != 1 {
			t.Fatalf("received: %+v", tray)
		}
		take := func(by auth.Actor) error {
			return o.write(func(tx *db.Tx) error { return Take(o.ctx, tx, by, tray[0].ID) })
		}
		o.refused("bulletin.not_yours", take(o.editor))
		o.must(take(o.unit))
		o.must(take(o.unit))
		reach(Reach{Delivered: 3, Read: 1})
		o.must(o.write(func(tx *db.Tx) error { return Reply(o.ctx, tx, o.unit, tray[0].ID, "we shall do likewise") }))
		o.must(o.write(func(tx *db.Tx) error { return Reply(o.ctx, tx, o.unit, tray[0].ID, "we have done likewise") }))
		reach(Reach{Delivered: 3, Read: 1, Answered: 1})
		o.must(o.write(func(tx *db.Tx) error { return Send(o.ctx, tx, o.editor, issue, []Group{"institute"}, nil) }))
		run()
		reach(Reach{Delivered: 5, Read: 1, Answered: 1})
		o.clock.Add(remindAfter + time.Minute)
		run()
		left, err := ReceiversOf(o.ctx, o.d, issue, 10)
		if o.must(err); len(left) != 5 || left[0].Reminders != 1 || left[4].Answer == "" && left[4].Read > 0 {
			t.Errorf("receivers: %+v", left)
		}
		o.follow()
		for i, want := range map[*ledger.Indicator]int64{BulletinsPublished: 1, BulletinsDelivered: 5, BulletinsRead: 1, BulletinsAnswered: 1, BulletinReadRate: 2000} {
			a, err := o.e.At(o.ctx, figure.Query{Indicator: i.Key, Org: o.Province})
			if o.must(err); a.Value != want {
				t.Errorf("%s: %d, want %d", i.Key, a.Value, want)
			}
		}
	})
}

// A template of one's own, else the nearest above, else the standard one; what is wrong is
// refused, and who comes second is told.
func TestTemplatesComeFromAbove(t *testing.T) {
	inOffices(t, func(o *office) {
		saves := func(by auth.Actor, at id.ID, rev int64, text string) error {
			return o.write(func(tx *db.Tx) error { return SaveTemplate(o.ctx, tx, by, at, rev, text) })
		}
		const own = "# ours\n= heading\n* topic\n- {activities_held times}"
		o.refused("bulletin.template.no_title", saves(o.editor, o.City, 0, "= x"))
		o.refused("org.out_of_reach", saves(o.unit, o.City, 0, own))
		o.must(saves(o.editor, o.City, 0, own))
		o.refused("bulletin.changed_meanwhile", saves(o.editor, o.City, 0, own))
		for at, want := range map[id.ID]string{o.Province: standard, o.City: own, o.Station: own} {
			if text, err := InForce(o.ctx, o.d, at); err != nil || text != want {
				t.Errorf("%s drafts with %.20q, %v", at, text, err)
			}
		}
		doc, err := Compose(o.ctx, o.d, o.e, o.get(o.planned(1)), o.Center)
		if o.must(err); !strings.Contains(PlainText(doc), "12times") {
			t.Errorf("drafted: %s", PlainText(doc))
		}
		o.must(saves(o.editor, o.City, 1, ""))
		if text, err := InForce(o.ctx, o.d, o.City); err != nil || text != standard {
			t.Errorf("given up, and it is %.20q, %v", text, err)
		}
	})
}

// Whatever is changed behind the product's back, the check that should finds it.
func TestVerifyFindsWhatWasTamperedWith(t *testing.T) {
	inOffices(t, func(o *office) {
		issue := o.planned(1)
		o.must(o.write(func(tx *db.Tx) error { return Send(o.ctx, tx, o.editor, issue, []Group{"center"}, nil) }))
		o.added(issue)
		o.must(o.submit(issue))
		o.must(o.agree(o.second, issue))
		o.must(o.agree(o.top, issue))
		o.must(o.publish(o.signer, issue))
		o.must(o.jobs.RunDue(o.ctx))
		for _, f := range []struct{ check, do, undo string }{
			{"bulletin.references", "UPDATE bulletin_issue SET campaign = campaign + 900 WHERE id = $1", "UPDATE bulletin_issue SET campaign = campaign - 900 WHERE id = $1"},
			{"bulletin.steps", "UPDATE bulletin_review SET agreed = FALSE WHERE issue = $1 AND reviewer = (SELECT MIN(v.reviewer) FROM bulletin_review v)", "UPDATE bulletin_review SET agreed = TRUE WHERE issue = $1"},
			{"bulletin.steps", "UPDATE bulletin_issue SET approved = 0 WHERE id = $1", "UPDATE bulletin_issue SET approved = published WHERE id = $1"},
			{"bulletin.seals", "UPDATE bulletin_issue SET number = number + 1 WHERE id = $1", "UPDATE bulletin_issue SET number = number - 1 WHERE id = $1"},
			{"bulletin.seals", "UPDATE bulletin_issue SET body = REPLACE(body, 'spring', 'summer') WHERE id = $1", "UPDATE bulletin_issue SET body = REPLACE(body, 'summer', 'spring') WHERE id = $1"},
			{"bulletin.deliveries", "UPDATE bulletin_delivery SET answered = 5 WHERE issue = $1", "UPDATE bulletin_delivery SET answered = 0 WHERE issue = $1"},
			{"recount.bulletin.read", "UPDATE bulletin_delivery SET read = delivered, reader = 'x' WHERE issue = $1", "UPDATE bulletin_delivery SET read = 0, reader = '' WHERE issue = $1"},
			{"recount.bulletin.published", "UPDATE bulletin_issue SET published = published + 864000000 WHERE id = $1", "UPDATE bulletin_issue SET published = published - 864000000 WHERE id = $1"},
		} {
			o.must(o.write(func(tx *db.Tx) error { _, err := tx.Exec(f.do, issue); return err }))
			checks, err := Verify(o.ctx, o.d)
			o.must(err)
			if n := slices.IndexFunc(checks, func(c ledger.Check) bool { return c.Name == f.check }); n < 0 || checks[n].Broken == 0 {
				t.Errorf("%s does not find: %s", f.check, f.do)
			}
			o.must(o.write(func(tx *db.Tx) error { _, err := tx.Exec(f.undo, issue); return err }))
		}
		o.must(o.write(func(tx *db.Tx) error {
			_, err := tx.Exec("UPDATE bulletin_issue SET body = REPLACE(body, '\"value\":12,', '\"value\":13,') WHERE id = $1", issue)
			return err
		}))
		if c, err := VerifyFigures(o.ctx, o.d); err != nil || c.Broken != 1 {
			t.Errorf("a figure changed: %+v, %v", c, err)
		}
		o.must(o.write(func(tx *db.Tx) error {
			_, err := tx.Exec("UPDATE bulletin_issue SET body = REPLACE(body, '\"value\":13,', '\"value\":12,') WHERE id = $1", issue)
			return err
		}))
	})
}
