package noticetest

import (
	"cmp"
	"slices"
	"testing"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/work/notice"
)

// Told is what somebody was told: a kind of notice.
type Told struct {
	Kind string
	Who  id.ID
}

// Listener hears what some people are told.
type Listener struct {
	d    *db.DB
	who  []auth.Actor
	seen map[heard]bool
}

type heard struct {
	notice id.ID
	at     int64
}

// Listen hears what people are told from now on.
func Listen(t testing.TB, d *db.DB, who ...auth.Actor) *Listener {
	t.Helper()
	l := &Listener{d, who, map[heard]bool{}}
	l.heard(t)
	return l
}

// heard is what was told since it was last asked; what was told anew counts again.
func (l *Listener) heard(t testing.TB) (all []Told) {
	t.Helper()
	for _, who := range l.who {
		inbox, _, err := notice.Inbox(t.Context(), l.d, who, who.Person, "")
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range inbox {
			if key := (heard{n.ID, n.At}); !l.seen[key] {
				l.seen[key] = true
				all = append(all, Told{n.Kind, n.Person})
			}
		}
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
