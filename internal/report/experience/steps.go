package experience

import (
	"context"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/base/picture"
	"tongxin/internal/base/prose"
	"tongxin/internal/base/search"
	"tongxin/internal/ledger"
	"tongxin/internal/report/figure"
	"tongxin/internal/work/notice"
	"tongxin/internal/work/org"
)

// together is how long the saves of one person are one revision, in ms.
const together = 10 * 60 * 1000

// Write begins an experience of a unit.
func Write(ctx context.Context, tx *db.Tx, actor auth.Actor, of id.ID, in In) (id.ID, error) {
	if err := org.Permit(ctx, tx, actor, of, Writing...); err != nil {
		return "", err
	}
	o, err := org.Get(ctx, tx, of)
	if err != nil {
		return "", err
	}
	if !o.Alive() {
		return "", fail.New(fail.Conflict, "experience.org_not_open")
	}
	if err := in.check(); err != nil {
		return "", err
	}
	now := db.MS(tx.Now)
	e := Experience{ID: tx.NewID(of.Home()), Org: of, State: Draft, Author: actor.Person, Created: now, Edited: now, Rev: 1}
	e.put(in)
	if err := insert(tx, e); err != nil {
		return "", err
	}
	return e.ID, record(tx, actor, "experience.written", e, map[string]any{"title": e.Title})
}

// Save keeps what was written on one that does not lie above. rev is the one that was read: if
// somebody else saved since, nothing is changed. It answers the new rev.
func Save(ctx context.Context, tx *db.Tx, actor auth.Actor, experience id.ID, rev int64, in In) (int64, error) {
	e, err := own(ctx, tx, actor, experience, rev)
	if err != nil {
		return 0, err
	}
	if err := fail.Join(e.refuse(Draft, Returned), in.check()); err != nil {
		return 0, err
	}
	before := e
	if e.put(in); e == before {
		return e.Rev, nil // nothing is new
	}
	e.Author, e.Edited = actor.Person, db.MS(tx.Now)
	if err := save(tx, &e); err != nil || before.Author == e.Author && before.Edited > e.Edited-together {
		return e.Rev, err
	}
	if err := keepRevision(tx, before, before.Edited, false); err != nil {
		return 0, err
	}
	return e.Rev, record(tx, actor, "experience.written", e, map[string]any{"title": e.Title})
}

// Area is what stored pictures call this area.
const Area = "experience"

// AddPicture stores a picture for an experience's text.
func AddPicture(ctx context.Context, tx *db.Tx, actor auth.Actor, experience id.ID, p *picture.Picture) (id.ID, error) {
	e, err := own(ctx, tx, actor, experience, 0)
	if err != nil {
		return "", err
	}
	if err := e.refuse(Draft, Returned); err != nil {
		return "", err
	}
	at, err := picture.Keep(ctx, tx, Area, e.ID, p, actor.Person)
	if err != nil {
		return "", err
	}
	return at, audit.Record(tx, actor, audit.Entry{Action: "experience.pictured", Subject: at, Org: e.Org, After: map[string]any{"experience": e.ID}})
}

// Frozen is a text as it would stand now: read outside of any transaction, it holds only for
// the rev that was read.
type Frozen struct {
	Rev   int64
	Doc   prose.Node
	Wrong []figure.Wrong
}

// Freeze answers the figures of an experience.
func Freeze(ctx context.Context, r db.Reader, e *figure.Engine, experience id.ID) (f Frozen, err error) {
	x, err := Get(ctx, r, experience)
	if err != nil {
		return f, err
	}
	doc, err := x.Document()
	if err != nil {
		return f, err
	}
	f.Rev = x.Rev
	f.Doc, f.Wrong, err = e.FreezeText(ctx, doc)
	return f, err
}

// fits refuses a frozen text that is not of the experience as it is, or does not hold.
func (f Frozen) fits(ctx context.Context, r db.Reader, e Experience) error {
	if f.Rev != e.Rev {
		return fail.New(fail.Conflict, "experience.changed_meanwhile")
	}
	if len(f.Wrong) > 0 {
		w := f.Wrong[0]
		if w.Few {
			return fail.Field("doc", "experience.figure_few", "at", w.At, "few", figure.Few)
		}
		return fail.Field("doc", "experience.figure_wrong", "at", w.At)
	}
	return fail.Join(complete(f.Doc), picture.Belong(ctx, r, e.ID, f.Doc.Pictures()))
}

// Submit puts one before the tier above.
func Submit(ctx context.Context, tx *db.Tx, actor auth.Actor, experience id.ID, f Frozen) error {
	e, err := own(ctx, tx, actor, experience, 0)
	if err != nil {
		return err
	}
	if err := e.refuse(Draft, Returned); err != nil {
		return err
	}
	if err := f.fits(ctx, tx, e); err != nil {
		return err
	}
	if e.Desk, err = org.Above(ctx, tx, e.Org); err != nil {
		return err
	}
	if e.Desk == "" {
		e.Desk = e.Org // at the top it is looked at beside
	}
	e.State, e.Submitted, e.Reason, e.Author = Submitted, db.MS(tx.Now), "", actor.Person
	if err := fail.Join(save(tx, &e), keepRevision(tx, e, e.Submitted, true)); err != nil {
		return err
	}
	if err := post(ctx, tx, actor, SubmittedFact, e.Org, e.ID); err != nil {
		return err
	}
	if err := record(tx, actor, "experience.submitted", e, map[string]any{"desk": e.Desk}); err != nil {
		return err
	}
	return tell(ctx, tx, e.Desk, Choosing, "experience.submitted", e)
}

// Return gives one back with the reason.
func Return(ctx context.Context, tx *db.Tx, actor auth.Actor, experience id.ID, reason string) error {
	e, err := looked(ctx, tx, actor, experience)
	if err != nil {
		return err
	}
	reason = ident.Lines(reason)
	if err := fail.Join(e.refuse(Submitted), length("reason", reason, 2, maxWord)); err != nil {
		return err
	}
	e.State, e.Reason = Returned, reason
	if err := save(tx, &e); err != nil {
		return err
	}
	if _, err := ledger.Reverse(tx, SubmittedFact, e.ID, "", "", actor.Person); err != nil {
		return err
	}
	if err := record(tx, actor, "experience.returned", e, map[string]any{"reason": reason}); err != nil {
		return err
	}
	return tell(ctx, tx, e.Org, Writing, "experience.returned", e)
}

// Choose takes one into the library, with its figures as they are now.
func Choose(ctx context.Context, tx *db.Tx, actor auth.Actor, experience id.ID, f Frozen) error {
	e, err := looked(ctx, tx, actor, experience)
	if err != nil {
		return err
	}
	if err := e.refuse(Submitted); err != nil {
		return err
	}
	if err := f.fits(ctx, tx, e); err != nil {
		return err
	}
	e.State, e.Chosen, e.Doc = Chosen, db.MS(tx.Now), string(f.Doc.JSON())
	if err := save(tx, &e); err != nil {
		return err
	}
	say := figure.Speaker(i18n.Chinese, func(prose.Figure) string { return "" })
	if err := search.Put(tx, search.Doc{ID: e.ID, Kind: search.Experiences, Rank: e.Chosen, Title: e.Title + " " + e.Theme, Text: []string{f.Doc.Words(say)}}); err != nil {
		return err
	}
	if err := post(ctx, tx, actor, ChosenFact, e.Org, e.ID); err != nil {
		return err
	}
	if err := record(tx, actor, "experience.chosen", e, nil); err != nil {
		return err
	}
	return tell(ctx, tx, e.Org, Writing, "experience.chosen", e)
}

// Recommend puts a chosen one on the desk of the next tier.
func Recommend(ctx context.Context, tx *db.Tx, actor auth.Actor, experience id.ID) error {
	e, err := looked(ctx, tx, actor, experience)
	if err != nil {
		return err
	}
	if err := e.refuse(Chosen); err != nil {
		return err
	}
	above, err := org.Above(ctx, tx, e.Desk)
	if err != nil {
		return err
	}
	if above == "" {
		return fail.New(fail.Conflict, "experience.at_the_top")
	}
	e.Desk, e.Raised = above, e.Raised+1
	if err := save(tx, &e); err != nil {
		return err
	}
	if err := record(tx, actor, "experience.recommended", e, map[string]any{"desk": above}); err != nil {
		return err
	}
	return tell(ctx, tx, above, Choosing, "experience.recommended", e)
}

// Comment says something of one that was submitted.
func Comment(ctx context.Context, tx *db.Tx, actor auth.Actor, experience id.ID, text string) error {
	e, err := Get(ctx, tx, experience)
	if err != nil {
		return err
	}
	if err := org.Permit(ctx, tx, actor, e.Org, Choosing...); err != nil {
		return err
	}
	text = ident.Lines(text)
	if err := fail.Join(e.refuse(Submitted, Chosen), length("text", text, 2, maxWord)); err != nil {
		return err
	}
	at, err := speaksFor(ctx, tx, actor, e)
	if err != nil {
		return err
	}
	if err := insertComment(tx, e, at, actor.Person, text); err != nil {
		return err
	}
	if err := record(tx, actor, "experience.commented", e, map[string]any{"text": text}); err != nil {
		return err
	}
	return tell(ctx, tx, e.Org, Writing, "experience.commented", e)
}

// speaksFor is the organisation for which somebody comments: hers, at or above the unit.
func speaksFor(ctx context.Context, r db.Reader, actor auth.Actor, e Experience) (id.ID, error) {
	for _, at := range actor.Orgs(Choosing...) {
		if ok, err := org.Under(ctx, r, at, e.Org); ok || err != nil {
			return at, err
		}
	}
	return e.Org, nil
}

// Adopt says that a unit does likewise, from today on.
func Adopt(ctx context.Context, tx *db.Tx, actor auth.Actor, experience, of id.ID, note string) error {
	e, err := Get(ctx, tx, experience)
	if err != nil {
		return err
	}
	if err := org.Permit(ctx, tx, actor, of, Adopting...); err != nil {
		return err
	}
	note = ident.Lines(note)
	if err := fail.Join(e.refuse(Chosen), length("note", note, 0, maxWord)); err != nil {
		return err
	}
	if of == e.Org {
		return fail.Field("org", "experience.own")
	}
	a := Adoption{ID: tx.NewID(of.Home()), Experience: experience, Org: of, Note: note, Author: actor.Person, Day: db.Day(tx.Now), At: db.MS(tx.Now)}
	if err := insertAdoption(tx, a); err != nil {
		return err
	}
	if err := post(ctx, tx, actor, AdoptedFact, of, a.ID); err != nil {
		return err
	}
	if err := record(tx, actor, "experience.adopted", e, map[string]any{"org": of}); err != nil {
		return err
	}
	return tell(ctx, tx, e.Org, Writing, "experience.adopted", e)
}

// Note records a mention in the media of what a unit did.
func Note(ctx context.Context, tx *db.Tx, actor auth.Actor, m Mention) (id.ID, error) {
	if err := org.Permit(ctx, tx, actor, m.Org, Adopting...); err != nil {
		return "", err
	}
	m.Title, m.Source, m.Link = ident.Line(m.Title), ident.Line(m.Source), ident.Line(m.Link)
	if err := fail.Join(m.check(db.Day(tx.Now)), m.tells(ctx, tx)); err != nil {
		return "", err
	}
	m.ID, m.Author, m.At = tx.NewID(m.Org.Home()), actor.Person, db.MS(tx.Now)
	if err := insertMention(tx, m); err != nil {
		return "", err
	}
	if err := postOn(ctx, tx, actor, MentionedFact, m.Org, m.ID, m.Day); err != nil {
		return "", err
	}
	return m.ID, audit.Record(tx, actor, audit.Entry{Action: "experience.mentioned", Subject: m.ID, Org: m.Org, After: m})
}

// tells refuses an experience that is not chosen, or of elsewhere.
func (m Mention) tells(ctx context.Context, r db.Reader) error {
	if m.Experience == "" {
		return nil
	}
	e, err := Get(ctx, r, m.Experience)
	if err != nil {
		return fail.At("experience", err)
	}
	under, err := org.Under(ctx, r, m.Org, e.Org)
	if err == nil && (!under || e.State != Chosen) {
		err = fail.Field("experience", "experience.mention_of")
	}
	return err
}

// TakeBack takes a mention back that was recorded by mistake.
func TakeBack(ctx context.Context, tx *db.Tx, actor auth.Actor, mention id.ID, reason string) error {
	m, err := MentionOf(ctx, tx, mention)
	if err != nil {
		return err
	}
	if err := org.Permit(ctx, tx, actor, m.Org, Adopting...); err != nil {
		return err
	}
	reason = ident.Lines(reason)
	if err := length("reason", reason, 2, maxWord); err != nil {
		return err
	}
	if err := withdrawMention(tx, mention, reason); err != nil {
		return err
	}
	if _, err := ledger.Reverse(tx, MentionedFact, mention, "", "", actor.Person); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "experience.unmentioned", Subject: mention, Org: m.Org, After: map[string]any{"reason": reason}})
}

// own reads one for somebody who writes it; rev 0 takes any.
func own(ctx context.Context, tx *db.Tx, actor auth.Actor, experience id.ID, rev int64) (Experience, error) {
	e, err := Get(ctx, tx, experience)
	if err != nil {
		return e, err
	}
	if err := org.Permit(ctx, tx, actor, e.Org, Writing...); err != nil {
		return e, err
	}
	if rev != 0 && rev != e.Rev {
		return e, fail.New(fail.Conflict, "experience.changed_meanwhile")
	}
	return e, nil
}

// looked reads one for somebody at the desk where it lies, who did not write it.
func looked(ctx context.Context, tx *db.Tx, actor auth.Actor, experience id.ID) (Experience, error) {
	e, err := Get(ctx, tx, experience)
	if err != nil {
		return e, err
	}
	if e.Desk == "" {
		return e, e.refuse(Submitted)
	}
	if err := org.Permit(ctx, tx, actor, e.Desk, Choosing...); err != nil {
		return e, err
	}
	return e, e.second(actor)
}

// second refuses whoever wrote it.
func (e Experience) second(actor auth.Actor) error {
	if e.Author == actor.Person {
		return fail.New(fail.Forbidden, "experience.own_work")
	}
	return nil
}

// MayDecide says why somebody may not decide on one that lies at a desk of hers; ok false where
// it does not.
func MayDecide(ctx context.Context, r db.Reader, actor auth.Actor, e Experience) (ok bool, why error) {
	if e.Desk == "" || e.Open() {
		return false, nil
	}
	ok, err := org.Reaches(ctx, r, actor, e.Desk, Choosing...)
	if err != nil || !ok {
		return false, err
	}
	return true, e.second(actor)
}

func record(tx *db.Tx, actor auth.Actor, action string, e Experience, after any) error {
	return audit.Record(tx, actor, audit.Entry{Action: action, Subject: e.ID, Org: e.Org, After: after})
}

// tell writes to those who hold one of some roles at an organisation.
func tell(ctx context.Context, tx *db.Tx, at id.ID, roles []auth.Role, kind string, e Experience) error {
	people, err := holders(ctx, tx, at, roles)
	if err != nil {
		return err
	}
	for _, person := range people {
		if err := notice.Tell(tx, person, kind, e.ID, kind+"/"+string(e.ID)+"/"+db.Stamp(tx.Now), "title", e.Title); err != nil {
			return err
		}
	}
	return nil
}
