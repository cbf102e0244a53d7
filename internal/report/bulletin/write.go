package bulletin

import (
	"context"
	"encoding/json"
	"time"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/picture"
	"tongxin/internal/base/prose"
	"tongxin/internal/work/org"
)

// Area is what stored pictures call this area.
const Area = "bulletin"

// sitting is how long the saves of one person are one: while somebody writes, her text is
// saved every few seconds, and what it was before she sat down is kept.
const sitting = 10 * time.Minute

// Write saves the text of an article; what it was is kept, but for what the same person saved
// a while ago. Who comes second with an earlier revision is refused and keeps what was typed.
// The answer is the revision that the text has now.
func Write(ctx context.Context, tx *db.Tx, actor auth.Actor, article id.ID, rev int64, doc prose.Node) (int64, error) {
	return write(ctx, tx, actor, article, rev, doc, false)
}

// Rewrite is [Write] for what a program did to the text at once: what it was is kept in any
// case.
func Rewrite(ctx context.Context, tx *db.Tx, actor auth.Actor, article id.ID, rev int64, doc prose.Node) error {
	_, err := write(ctx, tx, actor, article, rev, doc, true)
	return err
}

// Restore makes the text again what it was in an earlier revision.
func Restore(ctx context.Context, tx *db.Tx, actor auth.Actor, article id.ID, rev, was int64) error {
	v, err := RevisionOf(ctx, tx, article, was)
	if err != nil {
		return err
	}
	doc, err := prose.Parse([]byte(v.Doc))
	if err != nil {
		return err
	}
	return Rewrite(ctx, tx, actor, article, rev, doc)
}

func write(ctx context.Context, tx *db.Tx, actor auth.Actor, article id.ID, rev int64, doc prose.Node, keep bool) (int64, error) {
	i, a, err := mine(ctx, tx, actor, article, rev)
	if err != nil {
		return 0, err
	}
	if err := writable(ctx, tx, actor, i, a); err != nil {
		return 0, err
	}
	text, err := json.Marshal(doc)
	if err != nil {
		return 0, err
	}
	if _, err := prose.Parse(text); err != nil {
		return 0, err
	}
	if err := picture.Belong(ctx, tx, a.ID, doc.Pictures()); err != nil {
		return 0, err
	}
	before := a
	if a.Doc, a.Author, a.Edited = string(text), actor.Person, db.MS(tx.Now); a.State == Invited {
		a.State = Drafted
	}
	if a.State == Accepted { // it is not what was accepted any more
		a.State, a.Accepted = Submitted, 0
	}
	if keep = keep || before.Author != a.Author || before.State == Submitted || before.State == Accepted; !keep {
		last, err := lastKept(ctx, tx, a.ID)
		if err != nil {
			return 0, err
		}
		keep = a.Edited-last >= sitting.Milliseconds()
	}
	if keep && before.Doc != "" && before.Doc != a.Doc {
		if err := keepRevision(tx, before, a.Edited); err != nil {
			return 0, err
		}
	}
	if err := saveArticle(tx, &a); err != nil {
		return 0, err
	}
	return a.Rev, record(tx, actor, "bulletin.article_written", i, nil, map[string]any{"article": a.ID, "rev": a.Rev})
}

// writable refuses a text that the actor may not write as it stands: whoever edits the issue
// also writes what was handed in.
func writable(ctx context.Context, tx *db.Tx, actor auth.Actor, i Issue, a Article) error {
	edits, err := org.Reaches(ctx, tx, actor, i.Org, Writing...)
	if err != nil {
		return err
	}
	may := []ArticleState{Invited, Drafted, Returned}
	if edits {
		may = append(may, Submitted, Accepted)
	}
	return a.refuse(may...)
}

// AddPicture stores a picture for a text.
func AddPicture(ctx context.Context, tx *db.Tx, actor auth.Actor, article id.ID, p *picture.Picture) (id.ID, error) {
	i, a, err := mine(ctx, tx, actor, article, 0)
	if err != nil {
		return "", err
	}
	if err := writable(ctx, tx, actor, i, a); err != nil {
		return "", err
	}
	at, err := picture.Keep(ctx, tx, Area, a.ID, p, actor.Person)
	if err != nil {
		return "", err
	}
	return at, audit.Record(tx, actor, audit.Entry{Action: "bulletin.pictured", Subject: at, Org: i.Org, After: map[string]any{"article": a.ID, "width": p.Width, "height": p.Height}})
}

// adopt stores with a text the pictures of the one that it is taken from.
func adopt(tx *db.Tx, a *Article) error {
	if a.Doc == "" {
		return nil
	}
	doc, err := prose.Parse([]byte(a.Doc))
	if err != nil || len(doc.Pictures()) == 0 {
		return err
	}
	doc = doc.WithPictures(func(from string) string {
		at, wrong := picture.Copy(tx, id.ID(from), Area, a.ID, a.Author)
		if wrong != nil && err == nil {
			err = fail.At("doc", wrong)
		}
		return string(at)
	})
	if err != nil {
		return err
	}
	a.Doc = string(doc.JSON())
	return nil
}
