// Package noticetest is for tests of who is told of what.
package noticetest

import (
	"cmp"
	"slices"
	"testing"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// Told is what somebody was told: a kind of notice.
type Told struct {
	Kind string
	Who  id.ID
}

// Listener hears what people are told.
type Listener struct {
	d    *db.DB
	seen map[string]bool
}

// Listen hears what is told from now on.
func Listen(t testing.TB, d *db.DB) *Listener {
	t.Helper()
	l := &Listener{d, map[string]bool{}}
	l.heard(t)
	return l
}

// heard is what was told since it was last asked; what was told anew counts again.
func (l *Listener) heard(t testing.TB) (all []Told) {
	t.Helper()
	rows, err := l.d.Query(t.Context(), "SELECT person, kind, id, at FROM notice_notice")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	for rows.Next() {
		var one Told
		var notice string
		var at int64
		if err := rows.Scan(&one.Who, &one.Kind, &notice, &at); err != nil {
			t.Fatal(err)
		}
		if key := notice + "/" + db.Stamp(db.Time(at)); !l.seen[key] {
			l.seen[key] = true
			all = append(all, one)
		}
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// Hears checks that since it was last asked exactly these were told, each once.
func (l *Listener) Hears(t testing.TB, when string, want ...Told) {
	t.Helper()
	got := l.heard(t)
	order := func(a, b Told) int { return cmp.Or(cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Who, b.Who)) }
	slices.SortFunc(got, order)
	slices.SortFunc(want, order)
	if !slices.Equal(got, want) {
		t.Errorf("%s: told were\n%v, want\n%v", when, got, want)
	}
}

// All are several people who are told the same.
func All(kind string, who ...id.ID) (all []Told) {
	for _, one := range who {
		all = append(all, Told{kind, one})
	}
	return all
}
