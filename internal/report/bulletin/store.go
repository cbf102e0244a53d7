package bulletin

import (
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

func insert(tx *db.Tx, i Issue) error {
	_, err := tx.Exec(`INSERT INTO bulletin_issue (home, id, org, name, year, number, total, day, theme, campaign, from_day, to_day, report_to, copy_to,
		corrects, state, author, created, rev, answer_day) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)`,
		i.ID.Home(), i.ID, i.Org, i.Name, i.Year, i.Number, i.Total, i.Day, i.Theme, i.Campaign, i.From, i.To, i.ReportTo, i.CopyTo,
		i.Corrects, string(i.State), i.Author, i.Created, i.Rev, i.AnswerBy)
	return err
}

// save writes what may change, if nobody saved since i.Rev was read, and never what is
// published.
func save(tx *db.Tx, i *Issue) error {
	n, err := tx.Exec(`UPDATE bulletin_issue SET name = $4, year = $5, number = $6, total = $7, day = $8, theme = $9, campaign = $10, from_day = $11,
		to_day = $12, report_to = $13, copy_to = $14, state = $15, round = $16, reason = $17, signer = $18, submitted = $19, approved = $20, published = $21,
		body = $22, hash = $23, signature = $24, key = $25, answer_day = $26, rev = rev + 1
		WHERE home = $1 AND id = $2 AND rev = $3 AND state NOT IN ('published', 'dropped')`,
		i.ID.Home(), i.ID, i.Rev, i.Name, i.Year, i.Number, i.Total, i.Day, i.Theme, i.Campaign, i.From, i.To, i.ReportTo, i.CopyTo,
		string(i.State), i.Round, i.Reason, i.Signer, i.Submitted, i.Approved, i.Published, i.Body, i.Hash, i.Signature, i.Key, i.AnswerBy)
	if err == nil && n == 0 {
		return fail.New(fail.Conflict, "bulletin.changed_meanwhile")
	}
	i.Rev++
	return err
}

func saveReceivers(tx *db.Tx, i Issue, receivers string) error {
	_, err := tx.Exec("UPDATE bulletin_issue SET receivers = $3 WHERE home = $1 AND id = $2", i.ID.Home(), i.ID, receivers)
	return err
}

func insertArticle(tx *db.Tx, a Article) error {
	_, err := tx.Exec(`INSERT INTO bulletin_article (home, id, issue, org, place, brief, doc, state, source, author, created, due, rev, edited)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)`,
		a.ID.Home(), a.ID, a.Issue, a.Org, a.Place, a.Brief, a.Doc, string(a.State), a.Source, a.Author, a.Created, a.Due, a.Rev, a.Edited)
	return err
}

func saveArticle(tx *db.Tx, a *Article) error {
	n, err := tx.Exec(`UPDATE bulletin_article SET place = $4, doc = $5, state = $6, author = $7, submitted = $8, accepted = $9, reason = $10, edited = $11, rev = rev + 1
		WHERE home = $1 AND id = $2 AND rev = $3`, a.ID.Home(), a.ID, a.Rev, a.Place, a.Doc, string(a.State), a.Author, a.Submitted, a.Accepted, a.Reason, a.Edited)
	if err == nil && n == 0 {
		return fail.New(fail.Conflict, "bulletin.changed_meanwhile")
	}
	a.Rev++
	return err
}

func keepRevision(tx *db.Tx, a Article, at int64) error {
	_, err := tx.Exec(`INSERT INTO bulletin_revision (home, article, rev, doc, author, at) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING`,
		a.ID.Home(), a.ID, a.Rev, a.Doc, a.Author, at)
	return err
}

func insertReview(tx *db.Tx, i Issue, v Review) error {
	n, err := tx.Exec(`INSERT INTO bulletin_review (home, issue, round, reviewer, agreed, comment, at) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT DO NOTHING`,
		i.ID.Home(), i.ID, v.Round, v.Reviewer, v.Agreed, v.Comment, v.At)
	if err == nil && n == 0 {
		return fail.New(fail.Conflict, "bulletin.reviewed_already")
	}
	return err
}

func insertDelivery(tx *db.Tx, d Delivery) error {
	_, err := tx.Exec(`INSERT INTO bulletin_delivery (home, id, issue, org, kind, delivered, rev) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		d.ID.Home(), d.ID, d.Issue, d.Org, d.Kind, d.Delivered, d.Rev)
	return err
}

func saveDelivery(tx *db.Tx, d *Delivery) error {
	n, err := tx.Exec(`UPDATE bulletin_delivery SET read = $4, reader = $5, reminded = $6, reminders = $7, answer = $8, answered = $9, answerer = $10, rev = rev + 1
		WHERE home = $1 AND id = $2 AND rev = $3`, d.ID.Home(), d.ID, d.Rev, d.Read, d.Reader, d.Reminded, d.Reminders, d.Answer, d.Answered, d.Answerer)
	if err == nil && n == 0 {
		return fail.New(fail.Conflict, "bulletin.changed_meanwhile")
	}
	d.Rev++
	return err
}

// putTemplate writes the template of an organisation; rev is the one that was read, 0: none.
func putTemplate(tx *db.Tx, of id.ID, text string, author id.ID, rev int64) error {
	q := "UPDATE bulletin_template SET text = $3, author = $4, at = $5, rev = rev + 1 WHERE home = $1 AND org = $2 AND rev = $6"
	if rev == 0 {
		q = "INSERT INTO bulletin_template (home, org, text, author, at, rev) VALUES ($1, $2, $3, $4, $5, $6 + 1) ON CONFLICT DO NOTHING"
	}
	n, err := tx.Exec(q, of.Home(), of, text, author, db.MS(tx.Now), rev)
	if err == nil && n == 0 {
		return fail.New(fail.Conflict, "bulletin.changed_meanwhile")
	}
	return err
}
