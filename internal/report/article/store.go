package article

import (
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

func insert(tx *db.Tx, a Article) error {
	_, err := tx.Exec(`INSERT INTO article_article (home, id, org, kind, campaign, title, doc, note, wanted, state, author, editor, edited, created, rev)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
		a.ID.Home(), a.ID, a.Org, string(a.Kind), a.Campaign, a.Title, a.Doc, a.Note, a.Wanted, string(a.State), a.Author, a.Editor, a.Edited, a.Created, a.Rev)
	return err
}

// save writes all that may change, if nobody saved since a.Rev was read.
func save(tx *db.Tx, a *Article) error {
	n, err := tx.Exec(`UPDATE article_article SET kind = $4, campaign = $5, title = $6, doc = $7, note = $8, wanted = $9, state = $10, reason = $11,
			author = $12, editor = $13, edited = $14, submitted = $15, due = $16, reviewer_org = $17, raised = $18, published = $19, version = $20,
			changed = $21, withdrawn = $22, shown_title = $23, shown_summary = $24, shown_cover = $25, rev = rev + 1
		WHERE home = $1 AND id = $2 AND rev = $3`,
		a.ID.Home(), a.ID, a.Rev, string(a.Kind), a.Campaign, a.Title, a.Doc, a.Note, a.Wanted, string(a.State), a.Reason,
		a.Author, a.Editor, a.Edited, a.Submitted, a.Due, a.ReviewerOrg, a.Raised, a.Published, a.Version,
		a.Changed, a.Withdrawn, a.Shown.Title, a.Shown.Summary, a.Shown.Cover)
	if err == nil && n == 0 {
		return fail.New(fail.Conflict, "article.changed_meanwhile")
	}
	a.Rev++
	return err
}

func insertRevision(tx *db.Tx, a Article, r Revision) error {
	_, err := tx.Exec(`INSERT INTO article_revision (home, article, n, at, by, version, note, title, doc) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
		a.ID.Home(), a.ID, r.N, r.At, r.By, r.Version, r.Note, a.Title, a.Doc)
	return err
}

// saveRevision lets the last revision be what is written now.
func saveRevision(tx *db.Tx, a Article, n int64) error {
	_, err := tx.Exec("UPDATE article_revision SET title = $4, doc = $5 WHERE home = $1 AND article = $2 AND n = $3", a.ID.Home(), a.ID, n, a.Title, a.Doc)
	return err
}

func insertHour(tx *db.Tx, at id.ID, key hourly, n int64) error {
	_, err := tx.Exec("INSERT INTO article_hour (home, id, article, hour, n) VALUES ($1, $2, $3, $4, $5)", at.Home(), at, key.article, key.hour, n)
	return err
}

func setAuthor(tx *db.Tx, article, person id.ID) error {
	_, err := tx.Exec("UPDATE article_article SET author = $3 WHERE home = $1 AND id = $2", article.Home(), article, person)
	return err
}
