package experience

import (
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

func insert(tx *db.Tx, e Experience) error {
	_, err := tx.Exec(`INSERT INTO experience_experience (home, id, org, title, theme, doc, indicator, service, state, author, created, edited, rev)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
		e.ID.Home(), e.ID, e.Org, e.Title, e.Theme, e.Doc, e.Indicator, e.Service, string(e.State), e.Author, e.Created, e.Edited, e.Rev)
	return err
}

// save writes what may change, if nobody saved since e.Rev was read.
func save(tx *db.Tx, e *Experience) error {
	n, err := tx.Exec(`UPDATE experience_experience SET title = $4, theme = $5, doc = $6, indicator = $7, service = $8, desk = $9, state = $10,
			author = $11, edited = $12, submitted = $13, chosen = $14, raised = $15, reason = $16, rev = rev + 1
		WHERE home = $1 AND id = $2 AND rev = $3`,
		e.ID.Home(), e.ID, e.Rev, e.Title, e.Theme, e.Doc, e.Indicator, e.Service, e.Desk, string(e.State),
		e.Author, e.Edited, e.Submitted, e.Chosen, e.Raised, e.Reason)
	if err == nil && n == 0 {
		return fail.New(fail.Conflict, "experience.changed_meanwhile")
	}
	e.Rev++
	return err
}

// keepRevision keeps the text as it is.
func keepRevision(tx *db.Tx, e Experience, at int64, submitted bool) error {
	_, err := tx.Exec(`INSERT INTO experience_revision (home, experience, n, at, by, submitted, doc)
		SELECT $1, $2, COUNT(*) + 1, $3, $4, $5, $6 FROM experience_revision v WHERE v.home = $1 AND v.experience = $2`,
		e.ID.Home(), e.ID, at, e.Author, submitted, e.Doc)
	return err
}

func setAuthor(tx *db.Tx, experience, person id.ID) error {
	_, err := tx.Exec("UPDATE experience_experience SET author = $3 WHERE home = $1 AND id = $2", experience.Home(), experience, person)
	return err
}

func insertComment(tx *db.Tx, e Experience, at, author id.ID, text string) error {
	_, err := tx.Exec("INSERT INTO experience_comment (home, id, experience, org, author, text, at) VALUES ($1, $2, $3, $4, $5, $6, $7)",
		e.ID.Home(), tx.NewID(e.ID.Home()), e.ID, at, author, text, db.MS(tx.Now))
	return err
}

func insertAdoption(tx *db.Tx, a Adoption) error {
	n, err := tx.Exec(`INSERT INTO experience_adoption (home, id, experience, org, note, author, day, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
		ON CONFLICT DO NOTHING`, a.ID.Home(), a.ID, a.Experience, a.Org, a.Note, a.Author, a.Day, a.At)
	if err == nil && n == 0 {
		err = fail.New(fail.Conflict, "experience.adopted_already")
	}
	return err
}

func insertMention(tx *db.Tx, m Mention) error {
	n, err := tx.Exec(`INSERT INTO experience_mention (home, id, org, experience, title, source, day, link, author, at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`,
		m.ID.Home(), m.ID, m.Org, m.Experience, m.Title, m.Source, m.Day, m.Link, m.Author, m.At)
	if err == nil && n == 0 {
		err = fail.Field("title", "experience.mentioned_already")
	}
	return err
}

func withdrawMention(tx *db.Tx, mention id.ID, reason string) error {
	n, err := tx.Exec("UPDATE experience_mention SET withdrawn = $3, reason = $4 WHERE home = $1 AND id = $2 AND withdrawn = 0", mention.Home(), mention, db.MS(tx.Now), reason)
	if err == nil && n == 0 {
		err = fail.New(fail.Conflict, "experience.taken_back")
	}
	return err
}
