package experience

import (
	"context"
	"database/sql"
	"strconv"
	"strings"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/prose"
	"tongxin/internal/work/org"
)

const columns = `e.id, e.org, e.title, e.theme, e.doc, e.indicator, e.service, e.desk, e.state, e.author, e.created, e.edited, e.submitted,
	e.chosen, e.raised, e.reason, e.rev`

func (e *Experience) scan(scan func(...any) error, more ...any) error {
	return scan(append([]any{&e.ID, &e.Org, &e.Title, &e.Theme, &e.Doc, &e.Indicator, &e.Service, &e.Desk, &e.State, &e.Author,
		&e.Created, &e.Edited, &e.Submitted, &e.Chosen, &e.Raised, &e.Reason, &e.Rev}, more...)...)
}

// Get reads an experience.
func Get(ctx context.Context, r db.Reader, experience id.ID) (e Experience, err error) {
	err = e.scan(r.QueryRow(ctx, "SELECT "+columns+" FROM experience_experience e WHERE e.home = $1 AND e.id = $2", experience.Home(), experience).Scan)
	if db.NoRows(err) {
		err = fail.New(fail.NotFound, "experience.unknown")
	}
	return e, err
}

// Seen reads one for staff: what is chosen for all, the rest for those who reach its unit.
func Seen(ctx context.Context, r db.Reader, actor auth.Actor, experience id.ID) (Experience, error) {
	e, err := Get(ctx, r, experience)
	if err != nil || e.State == Chosen {
		return e, err
	}
	ok, err := org.Reaches(ctx, r, actor, e.Org)
	if err == nil && !ok {
		err = fail.New(fail.NotFound, "experience.unknown")
	}
	return e, err
}

// Listed is an experience with its unit and how many adopted it.
type Listed struct {
	Experience
	OrgName string
	Adopted int64
}

func scanListed(r *sql.Rows) (l Listed, err error) {
	err = l.scan(r.Scan, &l.OrgName, &l.Adopted)
	return l, err
}

const listed = columns + ", o.name, (SELECT COUNT(*) FROM experience_adoption a WHERE a.experience = e.id)"

// Filter narrows the library.
type Filter struct {
	Theme     string   // in its theme or title
	Of        org.Type // the kind of unit
	Indicator string   // by which its effect is seen
	After     string   // where the page begins
	Limit     int
}

// pageSize is how many rows a page of the library has at most.
const pageSize = 20

// Library is a page of the chosen ones, the last chosen first, and where the next page begins.
func Library(ctx context.Context, r db.Reader, f Filter) ([]Listed, string, error) {
	at, last, err := parseCursor(f.After)
	if err != nil {
		return nil, "", err
	}
	limit := f.Limit
	if limit <= 0 || limit > pageSize {
		limit = pageSize
	}
	theme := strings.NewReplacer("%", "", "_", "").Replace(f.Theme)
	rows, err := r.Query(ctx, "/* across homes: a library is for all */ SELECT "+listed+` FROM experience_experience e JOIN org_org o ON o.id = e.org
		WHERE e.state = 'chosen' AND (e.chosen, e.id) < ($1, $2) AND ($3 = '' OR e.theme LIKE $4 OR e.title LIKE $4)
		AND ($5 = '' OR CASE WHEN o.kind = 'practice' THEN o.tier ELSE o.kind END = $5) AND ($6 = '' OR e.indicator = $6)
		ORDER BY e.chosen DESC, e.id DESC LIMIT $7`, at, last, theme, "%"+theme+"%", string(f.Of), f.Indicator, limit+1)
	all, err := db.Collect(rows, err, scanListed)
	if err != nil || len(all) <= limit {
		return all, "", err
	}
	end := all[limit-1]
	return all[:limit], strconv.FormatInt(end.Chosen, 10) + "." + string(end.ID), nil
}

func parseCursor(text string) (at int64, last id.ID, err error) {
	if text == "" {
		return 1 << 62, "", nil
	}
	moment, rest, _ := strings.Cut(text, ".")
	if at, err = strconv.ParseInt(moment, 10, 64); err == nil {
		last, err = id.Parse(rest)
	}
	if err != nil {
		err = fail.Field("after", "experience.page_unknown")
	}
	return at, last, err
}

// From are those of what lies at or below a seat that are not chosen yet, the last edited first.
func From(ctx context.Context, r db.Reader, position int64, limit int) ([]Listed, error) {
	rows, err := r.Query(ctx, "/* across homes: a subtree may span homes */ SELECT "+listed+` FROM org_under u JOIN org_org o ON o.position = u.position
		JOIN experience_experience e ON e.org = o.id WHERE u.ancestor = $1 AND e.state <> 'chosen' ORDER BY e.edited DESC, e.id LIMIT $2`, position, limit)
	return db.Collect(rows, err, scanListed)
}

// Below are the chosen ones of what lies at or below an organisation, the last chosen first.
func Below(ctx context.Context, r db.Reader, at id.ID, limit int) ([]Listed, error) {
	rows, err := r.Query(ctx, "/* across homes: a subtree may span homes */ SELECT "+listed+` FROM org_org s JOIN org_under u ON u.ancestor = s.position
		JOIN org_org o ON o.position = u.position JOIN experience_experience e ON e.org = o.id
		WHERE s.id = $1 AND e.state = 'chosen' ORDER BY e.chosen DESC, e.id LIMIT $2`, at, limit)
	return db.Collect(rows, err, scanListed)
}

// Queue are those that lie on desks and wait for a decision, the first submitted first.
func Queue(ctx context.Context, r db.Reader, desks []id.ID, limit int) ([]Listed, error) {
	if len(desks) == 0 {
		return nil, nil
	}
	args := desksOf(desks)
	rows, err := r.Query(ctx, "/* across homes: what lies on a desk */ SELECT "+listed+` FROM experience_experience e JOIN org_org o ON o.id = e.org
		WHERE e.state = 'submitted' AND e.desk IN (`+db.In(len(args), 1)+") ORDER BY e.submitted, e.id LIMIT "+strconv.Itoa(limit), args...)
	return db.Collect(rows, err, scanListed)
}

// CountQueue counts them.
func CountQueue(ctx context.Context, r db.Reader, desks []id.ID) (n int, err error) {
	if len(desks) == 0 {
		return 0, nil
	}
	args := desksOf(desks)
	err = r.QueryRow(ctx, `/* across homes: what lies on a desk */ SELECT COUNT(*) FROM experience_experience e
		WHERE e.state = 'submitted' AND e.desk IN (`+db.In(len(args), 1)+")", args...).Scan(&n)
	return n, err
}

func desksOf(desks []id.ID) []any {
	args := make([]any, len(desks))
	for n, d := range desks {
		args[n] = d
	}
	return args
}

// Revision is what a text was.
type Revision struct {
	N, At     int64
	By        id.ID
	Submitted bool // so it was submitted
	Doc       string
}

// Document is its text.
func (v Revision) Document() (prose.Node, error) { return document(v.Doc) }

// Revisions are what a text was, the latest first.
func Revisions(ctx context.Context, r db.Reader, experience id.ID) ([]Revision, error) {
	rows, err := r.Query(ctx, "SELECT v.n, v.at, v.by, v.submitted, v.doc FROM experience_revision v WHERE v.home = $1 AND v.experience = $2 ORDER BY v.n DESC",
		experience.Home(), experience)
	return db.Collect(rows, err, func(r *sql.Rows) (v Revision, err error) { return v, r.Scan(&v.N, &v.At, &v.By, &v.Submitted, &v.Doc) })
}

// writtenBy are the experiences that a person wrote last.
func writtenBy(ctx context.Context, r db.Reader, person id.ID, limit int) ([]id.ID, error) {
	rows, err := r.Query(ctx, "/* across homes: what a person wrote */ SELECT e.id FROM experience_experience e WHERE e.author = $1 ORDER BY e.id LIMIT $2", person, limit)
	return db.Collect(rows, err, db.Value[id.ID])
}

// Said is what a tier said of one.
type Said struct {
	Org, Author id.ID
	Text        string
	At          int64
}

// Comments are what was said of one, in order.
func Comments(ctx context.Context, r db.Reader, experience id.ID) ([]Said, error) {
	rows, err := r.Query(ctx, "SELECT c.org, c.author, c.text, c.at FROM experience_comment c WHERE c.home = $1 AND c.experience = $2 ORDER BY c.at, c.id",
		experience.Home(), experience)
	return db.Collect(rows, err, func(r *sql.Rows) (s Said, err error) { return s, r.Scan(&s.Org, &s.Author, &s.Text, &s.At) })
}

// Adopter is an adoption with the name of who adopted.
type Adopter struct {
	Adoption
	OrgName string
}

// Adoptions are those of an experience, the latest first.
func Adoptions(ctx context.Context, r db.Reader, experience id.ID, limit int) ([]Adopter, error) {
	rows, err := r.Query(ctx, `/* across homes: an adoption lives with its unit */ SELECT a.id, a.experience, a.org, a.note, a.author, a.day, a.at, o.name
		FROM experience_adoption a JOIN org_org o ON o.id = a.org WHERE a.experience = $1 ORDER BY a.at DESC, a.id LIMIT $2`, experience, limit)
	return db.Collect(rows, err, func(r *sql.Rows) (a Adopter, err error) {
		return a, r.Scan(&a.ID, &a.Experience, &a.Org, &a.Note, &a.Author, &a.Day, &a.At, &a.OrgName)
	})
}

// AdoptedBy is the experience of an adoption.
func AdoptedBy(ctx context.Context, r db.Reader, adoption id.ID) (e id.ID, err error) {
	err = r.QueryRow(ctx, "SELECT a.experience FROM experience_adoption a WHERE a.home = $1 AND a.id = $2", adoption.Home(), adoption).Scan(&e)
	if db.NoRows(err) {
		err = fail.New(fail.NotFound, "experience.unknown")
	}
	return e, err
}

// Noted is a mention with the name of whom it praises.
type Noted struct {
	Mention
	OrgName string
}

const noted = "m.id, m.org, m.experience, m.title, m.source, m.day, m.link, m.author, m.at, m.withdrawn, m.reason, o.name"

func (n *Noted) scan(scan func(...any) error) error {
	return scan(&n.ID, &n.Org, &n.Experience, &n.Title, &n.Source, &n.Day, &n.Link, &n.Author, &n.At, &n.Withdrawn, &n.Reason, &n.OrgName)
}

// Mentions are those of what lies at or below a seat, the latest first.
func Mentions(ctx context.Context, r db.Reader, position int64, limit int) ([]Noted, error) {
	rows, err := r.Query(ctx, "/* across homes: a subtree may span homes */ SELECT "+noted+` FROM org_under u JOIN org_org o ON o.position = u.position
		JOIN experience_mention m ON m.org = o.id WHERE u.ancestor = $1 ORDER BY m.day DESC, m.id LIMIT $2`, position, limit)
	return db.Collect(rows, err, func(r *sql.Rows) (n Noted, err error) { return n, n.scan(r.Scan) })
}

// MentionsOf are those that tell of an experience, the latest first.
func MentionsOf(ctx context.Context, r db.Reader, experience id.ID, limit int) ([]Noted, error) {
	rows, err := r.Query(ctx, "/* across homes: a tier above may record what a paper said */ SELECT "+noted+` FROM experience_mention m JOIN org_org o ON o.id = m.org
		WHERE m.experience = $1 AND m.experience <> '' AND m.withdrawn = 0 ORDER BY m.day DESC, m.id LIMIT $2`, experience, limit)
	return db.Collect(rows, err, func(r *sql.Rows) (n Noted, err error) { return n, n.scan(r.Scan) })
}

// MentionOf reads one.
func MentionOf(ctx context.Context, r db.Reader, mention id.ID) (n Noted, err error) {
	err = n.scan(r.QueryRow(ctx, "SELECT "+noted+" FROM experience_mention m JOIN org_org o ON o.id = m.org WHERE m.home = $1 AND m.id = $2", mention.Home(), mention).Scan)
	if db.NoRows(err) {
		err = fail.New(fail.NotFound, "experience.mention_unknown")
	}
	return n, err
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
