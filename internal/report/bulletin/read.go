package bulletin

import (
	"context"
	"database/sql"
	"strconv"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/prose"
	"tongxin/internal/work/org"
)

func plainNumber(n int64) string { return strconv.FormatInt(n, 10) }

const head = `i.id, i.org, i.name, i.year, i.number, i.total, i.day, i.theme, i.campaign, i.from_day, i.to_day, i.report_to, i.copy_to, i.receivers, i.corrects,
	i.state, i.round, i.reason, i.author, i.signer, i.created, i.submitted, i.approved, i.published, i.hash, i.signature, i.key, i.rev, i.answer_day`

// scan reads an issue, and more behind it.
func (i *Issue) scan(scan func(...any) error, more ...any) error {
	return scan(append([]any{&i.ID, &i.Org, &i.Name, &i.Year, &i.Number, &i.Total, &i.Day, &i.Theme, &i.Campaign, &i.From, &i.To, &i.ReportTo, &i.CopyTo,
		&i.Receivers, &i.Corrects, &i.State, &i.Round, &i.Reason, &i.Author, &i.Signer, &i.Created, &i.Submitted, &i.Approved, &i.Published, &i.Hash,
		&i.Signature, &i.Key, &i.Rev, &i.AnswerBy}, more...)...)
}

// Get reads an issue with its frozen body.
func Get(ctx context.Context, r db.Reader, issue id.ID) (i Issue, err error) {
	err = i.scan(r.QueryRow(ctx, "SELECT "+head+", i.body FROM bulletin_issue i WHERE i.home = $1 AND i.id = $2", issue.Home(), issue).Scan, &i.Body)
	if db.NoRows(err) {
		err = fail.New(fail.NotFound, "bulletin.unknown")
	}
	return i, err
}

// Open reads an issue for staff who reach its organisation.
func Open(ctx context.Context, r db.Reader, actor auth.Actor, issue id.ID) (Issue, error) {
	i, err := Get(ctx, r, issue)
	if err != nil {
		return i, err
	}
	ok, err := org.Reaches(ctx, r, actor, i.Org)
	if err == nil && !ok && i.State != Published {
		err = fail.New(fail.NotFound, "bulletin.unknown")
	}
	return i, err
}

// Listed is an issue as lists show it, without its body.
type Listed struct {
	Issue
	OrgName string
}

func scanListed(r *sql.Rows) (l Listed, err error) {
	err = l.scan(r.Scan, &l.OrgName)
	return l, err
}

// Public are the published issues, the latest first; of one organisation where it is named.
func Public(ctx context.Context, r db.Reader, of id.ID, limit int) ([]Listed, error) {
	rows, err := r.Query(ctx, "/* across homes: whoever publishes, for everybody */ SELECT "+head+`, o.name FROM bulletin_issue i JOIN org_org o ON o.id = i.org
		WHERE i.state = 'published' AND ($1 = '' OR i.org = $1) ORDER BY i.published DESC, i.id DESC LIMIT $2`, of, limit)
	return db.Collect(rows, err, scanListed)
}

// From are the issues of what lies at or below a seat, the latest first, but for dropped ones.
func From(ctx context.Context, r db.Reader, position int64, limit int) ([]Listed, error) {
	rows, err := r.Query(ctx, "/* across homes: a subtree may span homes */ SELECT "+head+`, o.name FROM org_under u JOIN org_org o ON o.position = u.position
		JOIN bulletin_issue i ON i.org = o.id WHERE u.ancestor = $1 AND i.state <> 'dropped' ORDER BY i.created DESC, i.id DESC LIMIT $2`, position, limit)
	return db.Collect(rows, err, scanListed)
}

// CorrectionsOf are the published issues that correct one.
func CorrectionsOf(ctx context.Context, r db.Reader, issue id.ID) ([]Listed, error) {
	rows, err := r.Query(ctx, "SELECT "+head+`, o.name FROM bulletin_issue i JOIN org_org o ON o.id = i.org
		WHERE i.home = $1 AND i.corrects = $2 AND i.state = 'published' ORDER BY i.published`, issue.Home(), issue)
	return db.Collect(rows, err, scanListed)
}

// Last is the latest issue of an organisation that was not dropped; false where there is none.
func Last(ctx context.Context, r db.Reader, of id.ID) (i Issue, found bool, err error) {
	err = i.scan(r.QueryRow(ctx, "SELECT "+head+` FROM bulletin_issue i WHERE i.home = $1 AND i.org = $2 AND i.state <> 'dropped'
		ORDER BY i.total DESC LIMIT 1`, of.Home(), of).Scan)
	if db.NoRows(err) {
		return i, false, nil
	}
	return i, err == nil, err
}

// LastText is what a unit had in the last issue that was published before one; false where there
// is none.
func LastText(ctx context.Context, r db.Reader, before Issue, unit id.ID) (i Issue, doc prose.Node, found bool, err error) {
	err = i.scan(r.QueryRow(ctx, "SELECT "+head+`, i.body FROM bulletin_issue i WHERE i.home = $1 AND i.org = $2 AND i.state = 'published' AND i.total < $3
		ORDER BY i.total DESC LIMIT 1`, before.Org.Home(), before.Org, before.Total).Scan, &i.Body)
	if db.NoRows(err) {
		return i, doc, false, nil
	}
	if err != nil {
		return i, doc, false, err
	}
	b, err := i.Read()
	for _, t := range b.Articles {
		if t.Org == unit && !found {
			doc, found = t.Doc, true
		}
	}
	return i, doc, found, err
}

// taken says whether another issue has the number of its year, or the number among all.
func taken(ctx context.Context, r db.Reader, i Issue) (number, total bool, err error) {
	var n, t int
	err = r.QueryRow(ctx, `SELECT COALESCE(SUM(CASE WHEN b.year = $4 AND b.number = $5 THEN 1 ELSE 0 END), 0), COALESCE(SUM(CASE WHEN b.total = $6 THEN 1 ELSE 0 END), 0)
		FROM bulletin_issue b WHERE b.home = $1 AND b.org = $2 AND b.id <> $3 AND b.state <> 'dropped'`,
		i.Org.Home(), i.Org, i.ID, i.Year, i.Number, i.Total).Scan(&n, &t)
	return n > 0, t > 0, err
}

const articleColumns = "a.id, a.issue, a.org, a.place, a.brief, a.doc, a.state, a.source, a.author, a.created, a.due, a.submitted, a.accepted, a.reason, a.rev, a.edited"

func (a *Article) scan(scan func(...any) error, more ...any) error {
	return scan(append([]any{&a.ID, &a.Issue, &a.Org, &a.Place, &a.Brief, &a.Doc, &a.State, &a.Source, &a.Author, &a.Created, &a.Due, &a.Submitted,
		&a.Accepted, &a.Reason, &a.Rev, &a.Edited}, more...)...)
}

// Articles are the texts of an issue in the order of its contents, but for removed ones.
func Articles(ctx context.Context, r db.Reader, issue id.ID) ([]Article, error) {
	rows, err := r.Query(ctx, "SELECT "+articleColumns+` FROM bulletin_article a WHERE a.home = $1 AND a.issue = $2 AND a.state <> 'removed'
		ORDER BY a.place, a.id`, issue.Home(), issue)
	return db.Collect(rows, err, func(r *sql.Rows) (a Article, err error) { return a, a.scan(r.Scan) })
}

// ArticleOf reads a text.
func ArticleOf(ctx context.Context, r db.Reader, article id.ID) (a Article, err error) {
	err = a.scan(r.QueryRow(ctx, "SELECT "+articleColumns+" FROM bulletin_article a WHERE a.home = $1 AND a.id = $2", article.Home(), article).Scan)
	if db.NoRows(err) {
		err = fail.New(fail.NotFound, "bulletin.article_unknown")
	}
	return a, err
}

// Asked is a text that a unit was asked for, with the issue that it is for.
type Asked struct {
	Article
	Theme, Name string
}

// AskedOf are the texts that are asked of an organisation, the nearest due first.
func AskedOf(ctx context.Context, r db.Reader, at id.ID) ([]Asked, error) {
	rows, err := r.Query(ctx, "/* across homes: a text lives with its issue */ SELECT "+articleColumns+`, i.theme, i.name FROM bulletin_article a
		JOIN bulletin_issue i ON i.home = a.home AND i.id = a.issue WHERE a.org = $1 AND i.org <> $1 AND a.state IN ('invited', 'draft', 'returned')
		AND i.state = 'draft' ORDER BY a.due, a.id LIMIT 50`, at)
	return db.Collect(rows, err, func(r *sql.Rows) (a Asked, err error) { return a, a.scan(r.Scan, &a.Theme, &a.Name) })
}

// Revision is what a text was.
type Revision struct {
	Rev    int64
	Doc    string
	Author id.ID
	At     int64
}

// Revisions are what a text was before, the latest first.
func Revisions(ctx context.Context, r db.Reader, article id.ID) ([]Revision, error) {
	rows, err := r.Query(ctx, `SELECT v.rev, v.doc, v.author, v.at FROM bulletin_revision v WHERE v.home = $1 AND v.article = $2 ORDER BY v.rev DESC LIMIT 100`,
		article.Home(), article)
	return db.Collect(rows, err, func(r *sql.Rows) (v Revision, err error) { return v, r.Scan(&v.Rev, &v.Doc, &v.Author, &v.At) })
}

// RevisionOf is what a text was in a revision.
func RevisionOf(ctx context.Context, r db.Reader, article id.ID, rev int64) (v Revision, err error) {
	err = r.QueryRow(ctx, "SELECT v.rev, v.doc, v.author, v.at FROM bulletin_revision v WHERE v.home = $1 AND v.article = $2 AND v.rev = $3", article.Home(), article, rev).
		Scan(&v.Rev, &v.Doc, &v.Author, &v.At)
	if db.NoRows(err) {
		err = fail.New(fail.NotFound, "bulletin.revision_unknown")
	}
	return v, err
}

// lastKept is when a revision of a text was kept last; 0: never.
func lastKept(ctx context.Context, r db.Reader, article id.ID) (at int64, err error) {
	err = r.QueryRow(ctx, "SELECT COALESCE(MAX(v.at), 0) FROM bulletin_revision v WHERE v.home = $1 AND v.article = $2", article.Home(), article).Scan(&at)
	return at, err
}

// writers are those who wrote any text of an issue, as it is or as it was.
func writers(ctx context.Context, r db.Reader, issue id.ID) ([]id.ID, error) {
	rows, err := r.Query(ctx, `SELECT a.author FROM bulletin_article a WHERE a.home = $1 AND a.issue = $2 AND a.state <> 'removed' AND a.doc <> ''
		UNION SELECT v.author FROM bulletin_revision v JOIN bulletin_article a ON a.home = v.home AND a.id = v.article
		WHERE a.home = $1 AND a.issue = $2 AND a.state <> 'removed'`, issue.Home(), issue)
	return db.Collect(rows, err, db.Value[id.ID])
}

// Reviews are what reviewers said of an issue, in order.
func Reviews(ctx context.Context, r db.Reader, issue id.ID) ([]Review, error) {
	rows, err := r.Query(ctx, `SELECT v.round, v.reviewer, v.agreed, v.comment, v.at FROM bulletin_review v WHERE v.home = $1 AND v.issue = $2
		ORDER BY v.round, v.at, v.reviewer`, issue.Home(), issue)
	return db.Collect(rows, err, func(r *sql.Rows) (v Review, err error) {
		return v, r.Scan(&v.Round, &v.Reviewer, &v.Agreed, &v.Comment, &v.At)
	})
}

// Kept is the template that an organisation keeps.
type Kept struct {
	Text   string
	Author id.ID
	At     int64
	Rev    int64 // 0: it keeps none
}

// OwnTemplate is the template that an organisation keeps itself.
func OwnTemplate(ctx context.Context, r db.Reader, of id.ID) (k Kept, err error) {
	err = r.QueryRow(ctx, "SELECT t.text, t.author, t.at, t.rev FROM bulletin_template t WHERE t.home = $1 AND t.org = $2", of.Home(), of).
		Scan(&k.Text, &k.Author, &k.At, &k.Rev)
	if db.NoRows(err) {
		err = nil
	}
	return k, err
}

// holders lists who holds one of some roles at an organisation itself.
func holders(ctx context.Context, r db.Reader, at id.ID, roles []auth.Role) ([]id.ID, error) {
	args := []any{at}
	for n := range 3 {
		args = append(args, string(roles[min(n, len(roles)-1)]))
	}
	rows, err := r.Query(ctx, `/* across homes: a person may work away from her home */
		SELECT DISTINCT p.person FROM people_role p WHERE p.org = $1 AND p.role IN ($2, $3, $4) ORDER BY p.person`, args...)
	return db.Collect(rows, err, db.Value[id.ID])
}

// mostUnits is how many units a choice lists.
const mostUnits = 500

// Units are the organisations right below one, those of the tree first.
func Units(ctx context.Context, r db.Reader, of id.ID) ([]org.Step, error) {
	rows, err := r.Query(ctx, `SELECT o.id, o.kind, o.tier, o.name FROM org_org o WHERE o.parent = $1 AND o.state = 'approved'
		ORDER BY CASE WHEN o.kind = 'practice' THEN 0 ELSE 1 END, o.area, o.name, o.id LIMIT $2`, of, mostUnits)
	return db.Collect(rows, err, func(r *sql.Rows) (s org.Step, err error) { return s, r.Scan(&s.ID, &s.Kind, &s.Tier, &s.Name) })
}
