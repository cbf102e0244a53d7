package org_test

import (
	"maps"
	"testing"

	"tongxin/internal/base/id"
	"tongxin/internal/work/org"
)

// What the book knows is what the records say, after a name is changed too.
func TestTheNameBookFollows(t *testing.T) {
	onSites(t, func(s *site) {
		book := org.NewNameBook(s.d, s.d.Watch)
		at := []id.ID{s.Station, s.Institute, "", "321281-01aaaaaaaaaaaaaa"}
		agrees := func() {
			t.Helper()
			want, err := org.Names(s.ctx, s.d, at)
			if err != nil {
				t.Fatal(err)
			}
			for range 2 { // read, and known
				if got, err := book.Get(s.ctx, at); err != nil || !maps.Equal(got, want) {
					t.Errorf("the book says %v, the records %v: %v", got, want, err)
				}
			}
		}
		agrees()
		o, err := org.Get(s.ctx, s.d, s.Station)
		s.must(err)
		s.must(s.rename(admin(s.Institute), s.Station, o.Rev, "水关社区实践站"))
		agrees()
	})
}
