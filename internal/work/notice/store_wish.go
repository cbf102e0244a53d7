package notice

import (
	"context"
	"database/sql"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

func putQuiet(tx *db.Tx, person id.ID, q Quiet, lang string) error {
	_, err := tx.Exec(`INSERT INTO notice_quiet (home, person, starts, ends, lang) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (home, person) DO UPDATE SET starts = excluded.starts, ends = excluded.ends, lang = excluded.lang`, person.Home(), person, q.Starts, q.Ends, lang)
	return err
}

func putChoice(tx *db.Tx, person id.ID, t Topic, channels string) error {
	_, err := tx.Exec(`INSERT INTO notice_choice (home, person, topic, channels) VALUES ($1, $2, $3, $4)
		ON CONFLICT (home, person, topic) DO UPDATE SET channels = excluded.channels`, person.Home(), person, string(t), channels)
	return err
}

// listSizes are how many ids a statement asks for: few sizes, so that each is prepared once.
var listSizes = [...]int{1, 16, Chunk}

// list fills ids up to one of the sizes, after a home: the arguments, and their placeholders.
func list(home string, ids []id.ID) (args []any, in string) {
	n := Chunk
	for _, size := range listSizes {
		if len(ids) <= size {
			n = size
			break
		}
	}
	args = make([]any, 0, n+1)
	args = append(args, home)
	for i := range n {
		args = append(args, ids[min(i, len(ids)-1)])
	}
	return args, db.In(n, 2)
}

// wishesOf are the wishes of up to [Chunk] people of a home. Who is not there, or was merged or
// closed, is not active.
func wishesOf(ctx context.Context, r db.Reader, home string, people []id.ID) (map[id.ID]wish, error) {
	all := make(map[id.ID]wish, len(people))
	args, in := list(home, people)
	rows, err := r.Query(ctx, "SELECT id, state = 'active' OR state = 'pending', contact IS NOT NULL FROM people_person WHERE home = $1 AND id IN ("+in+")", args...)
	_, err = db.Collect(rows, err, func(rows *sql.Rows) (none struct{}, err error) {
		var person id.ID
		var w wish
		err = rows.Scan(&person, &w.active, &w.phone)
		all[person] = w
		return none, err
	})
	if err != nil {
		return nil, err
	}
	three := []struct {
		query string
		take  func(w *wish, a, b string, x, y int64)
	}{
		{"SELECT person, channel, '', 0, 0 FROM notice_address WHERE verified > 0 AND home = $1 AND person IN (" + in + ") ORDER BY channel",
			func(w *wish, a, _ string, _, _ int64) { w.verified = append(w.verified, Channel(a)) }},
		{"SELECT person, topic, channels, 0, 0 FROM notice_choice WHERE home = $1 AND person IN (" + in + ")",
			func(w *wish, a, b string, _, _ int64) {
				if w.chosen == nil {
					w.chosen = map[Topic][]Channel{}
				}
				w.chosen[Topic(a)] = channelsOf(b)
			}},
		{"SELECT person, lang, '', starts, ends FROM notice_quiet WHERE home = $1 AND person IN (" + in + ")",
			func(w *wish, a, _ string, x, y int64) { w.quiet, w.lang = &Quiet{x, y}, a }},
	}
	for _, one := range three {
		rows, err := r.Query(ctx, one.query, args...)
		_, err = db.Collect(rows, err, func(rows *sql.Rows) (none struct{}, err error) {
			var person id.ID
			var a, b string
			var x, y int64
			if err = rows.Scan(&person, &a, &b, &x, &y); err == nil {
				w := all[person]
				one.take(&w, a, b, x, y)
				all[person] = w
			}
			return none, err
		})
		if err != nil {
			return nil, err
		}
	}
	return all, nil
}
