package roster

import (
	"context"
	"database/sql"
	"encoding/json"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

const templateColumns = `t.id, t.org, t.name, t.note, t.service, t.weekly, t.body, t.state, t.author, t.changed, t.rev`

func scanTemplate(r scanner) (t Template, err error) {
	var body, state string
	if err = r.Scan(&t.ID, &t.Org, &t.Name, &t.Note, &t.Service, &t.Weekly, &body, &state, &t.Author, &t.Changed, &t.Rev); err != nil {
		return t, err
	}
	t.Retired = state == "retired"
	return t, json.Unmarshal([]byte(body), &t.Content)
}

// TemplateOf reads a template. It permits nobody.
func TemplateOf(ctx context.Context, r db.Reader, template id.ID) (Template, error) {
	t, err := scanTemplate(r.QueryRow(ctx, `SELECT `+templateColumns+` FROM roster_template t WHERE t.home = $1 AND t.id = $2`, template.Home(), template))
	if db.NoRows(err) {
		err = fail.New(fail.NotFound, "roster.template_unknown")
	}
	return t, err
}

// TemplatesFor lists the templates in use that an organisation may make shifts by, its own and of
// those above it, by name.
func TemplatesFor(ctx context.Context, r db.Reader, org id.ID) ([]Template, error) {
	rows, err := r.Query(ctx, `/* across homes: those above it may be of another home */
		SELECT `+templateColumns+` FROM org_org me JOIN org_under u ON u.position = me.position JOIN org_org g ON g.position = u.ancestor
		JOIN roster_template t ON t.org = g.id WHERE me.id = $1 AND t.state = 'open' ORDER BY t.name, t.id`, org)
	return db.Collect(rows, err, func(r *sql.Rows) (Template, error) { return scanTemplate(r) })
}

// TemplatesBelow lists the templates of an organisation's subtree, retired ones too, by name.
func TemplatesBelow(ctx context.Context, r db.Reader, org id.ID, limit int) ([]Template, error) {
	rows, err := r.Query(ctx, `/* across homes: a subtree may span homes */
		SELECT `+templateColumns+` FROM org_org top JOIN org_under u ON u.ancestor = top.position JOIN org_org g ON g.position = u.position
		JOIN roster_template t ON t.org = g.id WHERE top.id = $1 ORDER BY t.state, t.name, t.id LIMIT $2`, org, limit)
	return db.Collect(rows, err, func(r *sql.Rows) (Template, error) { return scanTemplate(r) })
}

func templateNamed(ctx context.Context, r db.Reader, org id.ID, name string) (Template, error) {
	t, err := scanTemplate(r.QueryRow(ctx, `SELECT `+templateColumns+` FROM roster_template t
		WHERE t.home = $1 AND t.org = $2 AND t.name = $3 AND t.state = 'open'`, org.Home(), org, name))
	if db.NoRows(err) {
		err = fail.New(fail.NotFound, "roster.template_unknown")
	}
	return t, err
}

func insertTemplate(tx *db.Tx, t Template) error {
	body, err := json.Marshal(t.Content)
	if err != nil {
		return err
	}
	n, err := tx.Exec(`INSERT INTO roster_template (home, id, org, name, note, service, weekly, body, state, author, changed)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, $10) ON CONFLICT DO NOTHING`, t.ID.Home(), t.ID, t.Org, t.Name, t.Note, t.Service, t.Weekly, string(body), t.Author, t.Changed)
	if err == nil && n == 0 { // another of that name came first
		err = fail.Field("name", "roster.template_taken")
	}
	return err
}

func saveTemplate(tx *db.Tx, t *Template) error {
	body, err := json.Marshal(t.Content)
	if err != nil {
		return err
	}
	state := map[bool]string{true: "retired", false: "open"}[t.Retired]
	n, err := tx.Exec(`UPDATE roster_template SET name = $1, note = $2, service = $3, weekly = $4, body = $5, state = $6, author = $7, changed = $8, rev = rev + 1
		WHERE home = $9 AND id = $10 AND rev = $11`, t.Name, t.Note, t.Service, t.Weekly, string(body), state, t.Author, t.Changed, t.ID.Home(), t.ID, t.Rev)
	if err == nil && n == 0 {
		err = fail.New(fail.Conflict, "roster.template_changed")
	}
	t.Rev++
	return err
}
