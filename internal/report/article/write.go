package article

import (
	"context"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/picture"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/org"
)

// together is how long the saves of one person are one revision, in ms.
const together = 10 * 60 * 1000

// Create begins a text of an organisation.
func Create(ctx context.Context, tx *db.Tx, actor auth.Actor, of id.ID, in In) (id.ID, error) {
	if err := org.Permit(ctx, tx, actor, of, Writing...); err != nil {
		return "", err
	}
	o, err := org.Get(ctx, tx, of)
	if err != nil {
		return "", err
	}
	if !o.Alive() {
		return "", fail.New(fail.Conflict, "article.org_not_open")
	}
	if err := prepare(ctx, tx, of, Article{}, &in); err != nil {
		return "", err
	}
	now := db.MS(tx.Now)
	a := Article{ID: tx.NewID(of.Home()), Org: of, State: Draft, Author: actor.Person, Editor: actor.Person, Edited: now, Created: now, Rev: 1}
	a.take(in)
	if err := insert(tx, a); err != nil {
		return "", err
	}
	if err := insertRevision(tx, a, Revision{N: 1, At: now, By: actor.Person}); err != nil {
		return "", err
	}
	return a.ID, record(tx, actor, "article.drafted", a, nil, map[string]any{"kind": a.Kind, "title": a.Title})
}

// prepare checks what was written; what was right when it was chosen is not asked again.
func prepare(ctx context.Context, tx *db.Tx, of id.ID, before Article, in *In) error {
	var err error
	switch {
	case in.Campaign == before.Campaign:
	case before.Version > 0:
		err = fail.Field("campaign", "article.fixed")
	case in.Campaign != 0:
		err = fail.At("campaign", campaign.Takes(ctx, tx, in.Campaign, of))
	}
	return fail.Join(in.check(tx.Now), err)
}

func (a *Article) take(in In) {
	a.Kind, a.Campaign, a.Note, a.Wanted = in.Kind, in.Campaign, in.Note, 0
	if !in.Wanted.IsZero() {
		a.Wanted = db.MS(in.Wanted)
	}
	a.Title, a.Doc = titleOf(in.Doc), string(in.Doc.JSON())
}

// Save keeps what was written. rev is the one that was read: if somebody else saved since,
// nothing is changed. It answers the new rev.
func Save(ctx context.Context, tx *db.Tx, actor auth.Actor, article id.ID, rev int64, in In) (int64, error) {
	a, err := own(ctx, tx, actor, article, rev)
	if err != nil {
		return 0, err
	}
	if !a.State.editable() {
		return 0, refuse(a)
	}
	if err := prepare(ctx, tx, a.Org, a, &in); err != nil {
		return 0, err
	}
	before := a
	if a.take(in); a == before {
		return a.Rev, nil // nothing is new
	}
	a.Editor, a.Edited = actor.Person, db.MS(tx.Now)
	if err := save(tx, &a); err != nil {
		return 0, err
	}
	last, err := lastRevision(ctx, tx, a.ID)
	if err != nil {
		return 0, err
	}
	if last.By == actor.Person && last.Version == 0 && last.At > db.MS(tx.Now)-together && last.N > 1 {
		return a.Rev, saveRevision(tx, a, last.N)
	}
	if err := insertRevision(tx, a, Revision{N: last.N + 1, At: db.MS(tx.Now), By: actor.Person}); err != nil {
		return 0, err
	}
	return a.Rev, record(tx, actor, "article.edited", a, nil, map[string]any{"title": a.Title})
}

// Restore makes the working text again what it was in an earlier revision; what it was before
// that is a revision too.
func Restore(ctx context.Context, tx *db.Tx, actor auth.Actor, article id.ID, rev, n int64) error {
	a, err := own(ctx, tx, actor, article, rev)
	if err != nil {
		return err
	}
	if !a.State.editable() {
		return refuse(a)
	}
	was, err := RevisionOf(ctx, tx, article, n)
	if err != nil {
		return err
	}
	last, err := lastRevision(ctx, tx, a.ID)
	if err != nil {
		return err
	}
	a.Title, a.Doc, a.Editor, a.Edited = was.Title, was.Doc, actor.Person, db.MS(tx.Now)
	if err := save(tx, &a); err != nil {
		return err
	}
	if err := insertRevision(tx, a, Revision{N: last.N + 1, At: db.MS(tx.Now), By: actor.Person}); err != nil {
		return err
	}
	return record(tx, actor, "article.restored", a, nil, map[string]any{"revision": n})
}

// own reads an article for who writes there. A rev of 0 asks for none.
func own(ctx context.Context, tx *db.Tx, actor auth.Actor, article id.ID, rev int64) (Article, error) {
	a, err := Get(ctx, tx, article)
	if err != nil {
		return a, err
	}
	if err := org.Permit(ctx, tx, actor, a.Org, Writing...); err != nil {
		return a, err
	}
	if rev != 0 && rev != a.Rev {
		return a, fail.New(fail.Conflict, "article.changed_meanwhile")
	}
	return a, nil
}

// Correct begins a correction of what is published.
func Correct(ctx context.Context, tx *db.Tx, actor auth.Actor, article id.ID) error {
	a, err := own(ctx, tx, actor, article, 0)
	if err != nil {
		return err
	}
	if a.State != Published {
		return refuse(a)
	}
	a.State, a.Note, a.Wanted, a.Reason, a.Editor, a.Edited = Draft, "", 0, "", actor.Person, db.MS(tx.Now)
	if err := save(tx, &a); err != nil {
		return err
	}
	return record(tx, actor, "article.correcting", a, nil, map[string]any{"version": a.Version})
}

// Drop gives a correction up: the working text is again what everybody reads.
func Drop(ctx context.Context, tx *db.Tx, actor auth.Actor, article id.ID) error {
	a, err := own(ctx, tx, actor, article, 0)
	if err != nil {
		return err
	}
	if !a.Correcting() || !a.State.editable() {
		return refuse(a)
	}
	r, err := VersionOf(ctx, tx, a.ID, a.Version)
	if err != nil {
		return err
	}
	a.State, a.Title, a.Doc, a.Note, a.Reason, a.Wanted = Published, r.Title, r.Doc, r.Note, "", 0
	a.Editor, a.Edited = actor.Person, db.MS(tx.Now)
	if err := save(tx, &a); err != nil {
		return err
	}
	last, err := lastRevision(ctx, tx, a.ID)
	if err != nil {
		return err
	}
	if err := insertRevision(tx, a, Revision{N: last.N + 1, At: db.MS(tx.Now), By: actor.Person}); err != nil {
		return err
	}
	return record(tx, actor, "article.correction_dropped", a, nil, nil)
}

// Area is what stored pictures call this area.
const Area = "article"

// AddPicture stores a picture for an article's text.
func AddPicture(ctx context.Context, tx *db.Tx, actor auth.Actor, article id.ID, p *picture.Picture) (id.ID, error) {
	a, err := own(ctx, tx, actor, article, 0)
	if err != nil {
		return "", err
	}
	if !a.State.editable() {
		return "", refuse(a)
	}
	at, err := picture.Keep(ctx, tx, Area, a.ID, p, actor.Person)
	if err != nil {
		return "", err
	}
	return at, audit.Record(tx, actor, audit.Entry{Action: "article.pictured", Subject: at, Org: a.Org, After: map[string]any{"article": a.ID, "width": p.Width, "height": p.Height}})
}

// record audits under the article.
func record(tx *db.Tx, actor auth.Actor, action string, a Article, before, after any) error {
	return audit.Record(tx, actor, audit.Entry{Action: action, Subject: a.ID, Org: a.Org, Before: before, After: after})
}
