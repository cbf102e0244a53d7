package notice

import (
	"context"
	"database/sql"
	"encoding/json"

	"tongxin/internal/base/db"
)

func putChannel(tx *db.Tx, s Setup, fields string) error {
	_, err := tx.Exec(`INSERT INTO notice_channel (id, working, fields, secret, since) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (id) DO UPDATE SET working = excluded.working, fields = excluded.fields, secret = excluded.secret, since = excluded.since, rev = notice_channel.rev + 1`,
		string(s.Channel), s.Working, fields, s.secret, s.Since)
	return err
}

// Setups are how the channels are set up that somebody has touched.
func Setups(ctx context.Context, r db.Reader) (map[Channel]Setup, error) {
	rows, err := r.Query(ctx, "SELECT id, working, fields, secret, since, rev FROM notice_channel ORDER BY id")
	all, err := db.Collect(rows, err, func(rows *sql.Rows) (s Setup, err error) {
		var fields string
		if err = rows.Scan(&s.Channel, &s.Working, &fields, &s.secret, &s.Since, &s.Rev); err == nil {
			err = json.Unmarshal([]byte(fields), &s.Fields)
		}
		s.HasSecret = len(s.secret) > 0
		return s, err
	})
	byName := map[Channel]Setup{}
	for _, s := range all {
		byName[s.Channel] = s
	}
	return byName, err
}

// SetupOf is how one channel is set up: not at all, where nobody touched it.
func SetupOf(ctx context.Context, r db.Reader, c Channel) (Setup, error) {
	all, err := Setups(ctx, r)
	s := all[c]
	s.Channel = c
	return s, err
}

func putTemplate(tx *db.Tx, t Template) error {
	_, err := tx.Exec(`INSERT INTO notice_template (id, channel, kind, code, text) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (id) DO UPDATE SET code = excluded.code, text = excluded.text, rev = notice_template.rev + 1`,
		string(t.Channel)+"/"+t.Kind, string(t.Channel), t.Kind, t.Code, t.Text)
	return err
}

func dropTemplate(tx *db.Tx, t Template) error {
	_, err := tx.Exec("DELETE FROM notice_template WHERE id = $1", string(t.Channel)+"/"+t.Kind)
	return err
}

// Templates are all that providers have agreed to.
func Templates(ctx context.Context, r db.Reader) ([]Template, error) {
	rows, err := r.Query(ctx, "SELECT channel, kind, code, text FROM notice_template ORDER BY channel, kind")
	return db.Collect(rows, err, func(rows *sql.Rows) (t Template, err error) {
		err = rows.Scan(&t.Channel, &t.Kind, &t.Code, &t.Text)
		return t, err
	})
}
