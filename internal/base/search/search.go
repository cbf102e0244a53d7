package search

import (
	"context"
	"strconv"
	"strings"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

// Kind is what sort of record was found.
type Kind string

// The kinds, in the order in which a page shows them.
const (
	Activities    Kind = "activity"
	Articles      Kind = "article"
	Organisations Kind = "org"
	Experiences   Kind = "experience" // found by staff only
)

// Kinds lists what everybody finds.
func Kinds() []Kind { return []Kind{Activities, Articles, Organisations} }

// Doc is the text of a record. Rank puts those of a kind in order, the highest first: a
// moment in unix ms, or a weight.
type Doc struct {
	ID    id.ID
	Kind  Kind
	Rank  int64
	Title string
	Text  []string
}

// titled is added to the rank of a term that stands in the title: more than any moment.
const titled = int64(1) << 42

// Put lets a record be found by its text as it is now.
func Put(tx *db.Tx, d Doc) error {
	if err := Drop(tx, d.ID); err != nil {
		return err
	}
	l := NewLoader(tx)
	if err := l.Add(d); err != nil {
		return err
	}
	return l.Flush()
}

// Drop lets a record be found no more.
func Drop(tx *db.Tx, record id.ID) error {
	_, err := tx.Exec("DELETE FROM search_term WHERE home = $1 AND id = $2", record.Home(), record)
	return err
}

// Loader lets many records be found that were not before.
type Loader struct{ rows *db.Many }

// NewLoader begins with none.
func NewLoader(tx *db.Tx) *Loader {
	return &Loader{tx.Many("INSERT INTO search_term (home, id, term, kind, rank) VALUES", 5)}
}

// Add takes one record.
func (l *Loader) Add(d Doc) error {
	seen := map[string]bool{}
	add := func(text string, rank int64) error {
		for _, t := range terms(text, true) {
			if seen[t] {
				continue
			}
			seen[t] = true
			if err := l.rows.Add(d.ID.Home(), d.ID, t, d.Kind, rank); err != nil {
				return err
			}
		}
		return nil
	}
	if err := add(d.Title, d.Rank+titled); err != nil {
		return err
	}
	return add(strings.Join(d.Text, "\n"), d.Rank)
}

// Flush writes what is left.
func (l *Loader) Flush() error { return l.rows.Flush() }

// Found is a page of records, the best first. Next is where the following one begins, "" on
// the last.
type Found struct {
	IDs  []id.ID
	Next string
}

// termsMost is how many terms of a question are looked for.
const termsMost = 8

// Find answers a page of the records of a kind that have all terms of a text; of a text
// without any, none.
func Find(ctx context.Context, r db.Reader, kind Kind, text, after string, limit int) (Found, error) {
	c, err := parseCursor(after)
	if err != nil {
		return Found{}, err
	}
	wanted := terms(text, false)
	if len(wanted) == 0 {
		return Found{}, nil
	}
	wanted = wanted[:min(len(wanted), termsMost)]
	if some, err := rarestFirst(ctx, r, kind, wanted); err != nil || !some {
		return Found{}, err
	}
	hits, err := have(ctx, r, kind, wanted, c, limit+1)
	if err != nil {
		return Found{}, err
	}
	var f Found
	for i, h := range hits {
		if i == limit {
			f.Next = hits[i-1].String()
			break
		}
		f.IDs = append(f.IDs, h.id)
	}
	return f, nil
}

// cursor is a record and its rank: where a page ended.
type cursor struct {
	rank int64
	id   id.ID
}

func (c cursor) String() string { return strconv.FormatInt(c.rank, 10) + "." + string(c.id) }

// parseCursor reads where a page begins: after "" comes what ranks highest.
func parseCursor(after string) (c cursor, err error) {
	if after == "" {
		return cursor{2 * titled, ""}, nil
	}
	rank, last, _ := strings.Cut(after, ".")
	if c.rank, err = strconv.ParseInt(rank, 10, 64); err == nil {
		c.id, err = id.Parse(last)
	}
	if err != nil {
		return c, fail.Field("after", "search.page_unknown")
	}
	return c, nil
}
