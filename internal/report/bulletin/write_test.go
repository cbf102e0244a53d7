package bulletin

import (
	"bytes"
	"image"
	"image/jpeg"
	"slices"
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/base/picture"
	"tongxin/internal/base/prose"
)

func (o *office) writes(by auth.Actor, article id.ID, text string, more ...prose.Node) (rev int64) {
	o.Helper()
	doc := prose.New(prose.Doc, append([]prose.Node{prose.P(prose.T(text))}, more...)...)
	o.must(o.write(func(tx *db.Tx) (err error) {
		rev, err = Write(o.ctx, tx, by, article, o.article(article).Rev, doc)
		return err
	}))
	return rev
}

func (o *office) kept(article id.ID) (texts []string) {
	o.Helper()
	all, err := Revisions(o.ctx, o.d, article)
	o.must(err)
	for _, v := range all {
		doc, err := prose.Parse([]byte(v.Doc))
		o.must(err)
		texts = append(texts, strings.TrimSpace(PlainText(doc)))
	}
	return texts
}

// While one writes, her text is saved every few seconds; what is kept is what stood before she
// sat down, before somebody else wrote, and what was handed in. It is restored.
func TestWhatATextWasIsKept(t *testing.T) {
	inOffices(t, func(o *office) {
		issue := o.planned(1)
		article := o.added(issue) // drafted by the program, accepted
		draft := strings.TrimSpace(PlainText(must(prose.Parse([]byte(o.article(article).Doc)))))
		o.writes(o.editor, article, "one")
		o.clock.Add(time.Minute)
		o.writes(o.editor, article, "one two")
		o.clock.Add(time.Minute)
		o.writes(o.unit2(), article, "hers")
		o.clock.Add(time.Minute)
		o.writes(o.unit2(), article, "hers too")
		o.clock.Add(11 * time.Minute)
		o.writes(o.unit2(), article, "hers at last")
		got := o.kept(article)
		slices.Reverse(got)
		if want := []string{draft, "one", "one two", "hers", "hers too"}; !slices.Equal(got, want) {
			t.Errorf("kept %q, want %q", got, want)
		}
		first, err := Revisions(o.ctx, o.d, article)
		o.must(err)
		was := first[len(first)-1].Rev
		restore := func(rev int64, n int64) error {
			return o.write(func(tx *db.Tx) error { return Restore(o.ctx, tx, o.editor, article, rev, n) })
		}
		o.refused("bulletin.changed_meanwhile", restore(1, was))
		o.refused("bulletin.revision_unknown", restore(o.article(article).Rev, 999))
		o.must(restore(o.article(article).Rev, was))
		if now := strings.TrimSpace(PlainText(must(prose.Parse([]byte(o.article(article).Doc))))); now != draft {
			t.Errorf("restored: %q", now)
		}
		if got := o.kept(article); got[0] != "hers at last" {
			t.Errorf("what stood before it was restored is lost: %q", got)
		}
	})
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// unit2 also edits the issue.
func (o *office) unit2() auth.Actor { return o.signer }

// Pictures belong to their text, go with it into a correction, and are frozen with the issue:
// one that is changed afterwards is found.
func TestPicturesAreFrozenWithTheIssue(t *testing.T) {
	inOffices(t, func(o *office) {
		var b bytes.Buffer
		o.must(jpeg.Encode(&b, image.NewRGBA(image.Rect(0, 0, 30, 20)), nil))
		p, err := picture.New(o.ctx, b.Bytes())
		o.must(err)
		issue := o.planned(1)
		article, other := o.added(issue), o.added(issue)
		var at id.ID
		add := func(by auth.Actor) error {
			return o.write(func(tx *db.Tx) (err error) { at, err = AddPicture(o.ctx, tx, by, article, p); return err })
		}
		o.refused("bulletin.article_not_while.accepted", add(o.unit))
		o.must(add(o.editor))
		shown := prose.Node{Type: prose.Picture, Attrs: &prose.Attrs{Picture: string(at), Alt: "a lamp"}}
		o.refused("picture.unknown", o.write(func(tx *db.Tx) error {
			_, err := Write(o.ctx, tx, o.editor, other, 0, prose.New(prose.Doc, shown))
			return err
		}))
		o.writes(o.editor, article, "with a picture", shown)
		o.must(o.write(func(tx *db.Tx) error { return Accept(o.ctx, tx, o.editor, article) }))
		o.must(o.submit(issue))
		o.must(o.agree(o.second, issue))
		o.must(o.agree(o.top, issue))
		o.must(o.publish(o.signer, issue))
		o.follow()
		i := o.get(issue)
		body, err := i.Read()
		if o.must(err); len(body.Pictures) != 1 || body.Pictures[0].ID != string(at) || body.Pictures[0].Hash != digest(p.Large) {
			t.Fatalf("frozen: %+v", body.Pictures)
		}
		holds := func(want bool) {
			o.Helper()
			if p, err := Prove(o.ctx, o.d, o.e, i); err != nil || p.Holds() != want || p.Pictures != want {
				t.Errorf("proved: %+v, %v", p, err)
			}
		}
		holds(true)
		var next id.ID
		o.must(o.write(func(tx *db.Tx) (err error) { next, err = Correct(o.ctx, tx, o.editor, issue, o.in(2)); return err }))
		all, err := Articles(o.ctx, o.d, next)
		o.must(err)
		took := must(prose.Parse([]byte(all[0].Doc))).Pictures()
		if len(took) != 1 || took[0] == string(at) {
			t.Errorf("the correction has %v", took)
		}
		o.writes(o.editor, all[0].ID, "put right", prose.Node{Type: prose.Picture, Attrs: &prose.Attrs{Picture: took[0], Alt: "a lamp"}})
		change := func(sql string) {
			o.must(o.write(func(tx *db.Tx) error { _, err := tx.Exec(sql, at); return err }))
		}
		change("UPDATE picture_picture SET large = small, small = large WHERE id = $1")
		holds(bytes.Equal(p.Large, p.Small))
		change("UPDATE picture_picture SET id = id || 'x' WHERE id = $1")
		holds(false)
		at += "x"
		change("UPDATE picture_picture SET id = '" + body.Pictures[0].ID + "', large = small, small = large WHERE id = $1")
		holds(true)
	})
}

// An issue goes to single organisations beside the groups, to each once; who is asked to
// answer and has not is among what needs a hand, on both sides.
func TestSingleReceiversAndWhatNeedsAHand(t *testing.T) {
	inOffices(t, func(o *office) {
		issue := o.planned(1)
		send := func(singly ...id.ID) error {
			return o.write(func(tx *db.Tx) error { return Send(o.ctx, tx, o.editor, issue, []Group{"center"}, singly) })
		}
		o.refused("bulletin.receiver_unknown", send("321281-nobody"))
		o.refused("bulletin.receiver_unknown", send(o.City))
		o.must(send(o.Team, o.Center, o.Center, o.Province))
		if i := o.get(issue); len(i.groups()) != 1 || !slices.Equal(i.Singly(), []id.ID{o.Team, o.Center, o.Province}) {
			t.Errorf("goes to %s", i.Receivers)
		}
		in := o.in(1)
		in.AnswerBy = "2020-02-27"
		o.refused("bulletin.answer_by", o.write(func(tx *db.Tx) error { return Edit(o.ctx, tx, o.editor, issue, 0, in) }))
		in.AnswerBy = "2020-03-02"
		o.must(o.write(func(tx *db.Tx) error { return Edit(o.ctx, tx, o.editor, issue, 0, in) }))
		o.added(issue)
		o.must(o.submit(issue))
		o.must(o.agree(o.second, issue))
		o.must(o.agree(o.top, issue))
		o.must(o.publish(o.signer, issue))
		for range 6 {
			o.must(o.jobs.RunDue(o.ctx))
		}
		if n := must(ReachOf(o.ctx, o.d, issue)); n.Delivered != 4 { // both centres, the team, the province
			t.Errorf("reached %+v", n)
		}
		o.must(send()) // what went out stays
		if i := o.get(issue); len(i.Singly()) != 3 {
			t.Errorf("after it was published, goes to %s", i.Receivers)
		}
		needs := func(at id.ID, now time.Time) NeedsAHand { return must(NeedsOf(o.ctx, o.d, at, now)) }
		now := o.d.Now()
		if n := needs(o.Center, now); n.Read.N != 1 || n.Read.At == 0 || n.Answer.N != 0 {
			t.Errorf("received: %+v", n)
		}
		tray := must(TrayOf(o.ctx, o.d, o.Center, 5))
		o.must(o.write(func(tx *db.Tx) error { return Take(o.ctx, tx, o.unit, tray[0].ID) }))
		if n := needs(o.Center, now); n.Read.N != 0 || n.Answer.N != 1 || db.Day(db.Time(n.Answer.At)) != "2020-03-02" {
			t.Errorf("read: %+v", n)
		}
		if n := needs(o.City, now); n.Unread.N != 0 || n.Unanswered.N != 0 {
			t.Errorf("just sent: %+v", n)
		}
		late := time.Date(2020, 3, 3, 12, 0, 0, 0, time.UTC)
		if n := needs(o.City, late.Add(remindAfter)); n.Unread.N != 3 || n.Unread.Issue != issue || n.Unanswered.N != 4 || n.Unanswered.Issue != issue {
			t.Errorf("late: %+v", n)
		}
		o.must(o.write(func(tx *db.Tx) error { return Reply(o.ctx, tx, o.unit, tray[0].ID, "we do likewise") }))
		if n, all := needs(o.Center, late), needs(o.City, late); n.Answer.N != 0 || all.Unanswered.N != 3 {
			t.Errorf("answered: %+v, %+v", n, all)
		}
	})
}
