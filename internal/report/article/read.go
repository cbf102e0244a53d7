package article

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/prose"
)

const columns = `a.id, a.org, a.kind, a.campaign, a.title, a.doc, a.note, a.wanted, a.state, a.reason, a.author, a.editor, a.edited, a.submitted,
	a.due, a.reviewer_org, a.raised, a.published, a.version, a.changed, a.withdrawn, a.shown_title, a.shown_summary, a.shown_cover, a.created, a.rev`

func (a *Article) fields() []any {
	return []any{&a.ID, &a.Org, &a.Kind, &a.Campaign, &a.Title, &a.Doc, &a.Note, &a.Wanted, &a.State, &a.Reason, &a.Author, &a.Editor, &a.Edited, &a.Submitted,
		&a.Due, &a.ReviewerOrg, &a.Raised, &a.Published, &a.Version, &a.Changed, &a.Withdrawn, &a.Shown.Title, &a.Shown.Summary, &a.Shown.Cover, &a.Created, &a.Rev}
}

// Get reads an article.
func Get(ctx context.Context, r db.Reader, article id.ID) (a Article, err error) {
	err = r.QueryRow(ctx, "SELECT "+columns+" FROM article_article a WHERE a.home = $1 AND a.id = $2", article.Home(), article).Scan(a.fields()...)
	if db.NoRows(err) {
		err = fail.New(fail.NotFound, "article.unknown")
	}
	return a, err
}

// Document is the working text.
func (a Article) Document() (prose.Node, error) { return document(a.ID, a.Doc) }

// document reads what this package wrote.
func document(of id.ID, text string) (doc prose.Node, err error) {
	if err = json.Unmarshal([]byte(text), &doc); err != nil {
		err = fmt.Errorf("article %s: %w", of, err)
	}
	return doc, err
}

// Revision is what an article was.
type Revision struct {
	N, At   int64
	By      id.ID
	Version int64 // of what was published; 0: it was not
	Note    string
	Title   string
	Doc     string
}

// Document is its text.
func (r Revision) Document() (prose.Node, error) { return document("", r.Doc) }

const revisionColumns = "v.n, v.at, v.by, v.version, v.note, v.title, v.doc"

func (r *Revision) fields() []any {
	return []any{&r.N, &r.At, &r.By, &r.Version, &r.Note, &r.Title, &r.Doc}
}

// VersionOf reads what was published as a version.
func VersionOf(ctx context.Context, r db.Reader, article id.ID, version int64) (v Revision, err error) {
	return oneRevision(ctx, r, "v.version = $3 AND v.version > 0", article, version)
}

// RevisionOf reads a revision by its number.
func RevisionOf(ctx context.Context, r db.Reader, article id.ID, n int64) (Revision, error) {
	return oneRevision(ctx, r, "v.n = $3", article, n)
}

func oneRevision(ctx context.Context, r db.Reader, which string, article id.ID, n int64) (v Revision, err error) {
	err = r.QueryRow(ctx, "SELECT "+revisionColumns+" FROM article_revision v WHERE v.home = $1 AND v.article = $2 AND "+which, article.Home(), article, n).Scan(v.fields()...)
	if db.NoRows(err) {
		err = fail.New(fail.NotFound, "article.revision_unknown")
	}
	return v, err
}

func lastRevision(ctx context.Context, r db.Reader, article id.ID) (v Revision, err error) {
	err = r.QueryRow(ctx, "SELECT "+revisionColumns+" FROM article_revision v WHERE v.home = $1 AND v.article = $2 ORDER BY v.n DESC LIMIT 1",
		article.Home(), article).Scan(v.fields()...)
	return v, err
}

// Revisions lists what an article was, the last first, without the texts.
func Revisions(ctx context.Context, r db.Reader, article id.ID) ([]Revision, error) {
	rows, err := r.Query(ctx, `SELECT v.n, v.at, v.by, v.version, v.note, v.title, '' FROM article_revision v WHERE v.home = $1 AND v.article = $2
		ORDER BY v.n DESC LIMIT 100`, article.Home(), article)
	return db.Collect(rows, err, func(r *sql.Rows) (v Revision, err error) { return v, r.Scan(v.fields()...) })
}

// Corrections lists the versions after the first, the last first.
func Corrections(ctx context.Context, r db.Reader, article id.ID) ([]Revision, error) {
	rows, err := r.Query(ctx, `SELECT v.n, v.at, v.by, v.version, v.note, v.title, '' FROM article_revision v WHERE v.home = $1 AND v.article = $2
		AND v.version > 1 ORDER BY v.version DESC`, article.Home(), article)
	return db.Collect(rows, err, func(r *sql.Rows) (v Revision, err error) { return v, r.Scan(v.fields()...) })
}

// ReadsOf is how often an article was read, as far as it was posted.
func ReadsOf(ctx context.Context, r db.Reader, article id.ID) (n int64, err error) {
	err = r.QueryRow(ctx, "SELECT CAST(COALESCE(SUM(h.n), 0) AS BIGINT) FROM article_hour h WHERE h.home = $1 AND h.article = $2", article.Home(), article).Scan(&n)
	return n, err
}

// ReadIn is the article that was read in an hour.
func ReadIn(ctx context.Context, r db.Reader, hour id.ID) (article id.ID, err error) {
	err = r.QueryRow(ctx, "SELECT h.article FROM article_hour h WHERE h.home = $1 AND h.id = $2", hour.Home(), hour).Scan(&article)
	return article, err
}

// holders lists who may decide at an organisation itself.
func holders(ctx context.Context, r db.Reader, at id.ID) ([]id.ID, error) {
	rows, err := r.Query(ctx, `/* across homes: a person may work away from her home */
		SELECT DISTINCT p.person FROM people_role p WHERE p.org = $1 AND p.role IN ('reviewer', 'admin') ORDER BY p.person`, at)
	return db.Collect(rows, err, func(r *sql.Rows) (person id.ID, err error) { return person, r.Scan(&person) })
}

func writtenBy(ctx context.Context, r db.Reader, person id.ID, limit int) ([]id.ID, error) {
	rows, err := r.Query(ctx, `/* across homes: what a person wrote */ SELECT a.id FROM article_article a WHERE a.author = $1 ORDER BY a.id LIMIT $2`, person, limit)
	return db.Collect(rows, err, func(r *sql.Rows) (a id.ID, err error) { return a, r.Scan(&a) })
}
