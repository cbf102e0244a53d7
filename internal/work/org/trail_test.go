package org_test

import (
	"testing"
	"time"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/id"
	"tongxin/internal/work/org"
	"tongxin/internal/work/org/orgtest"
)

// Whoever audits sees the entries of her subtree and no others.
func TestTheTrailReachesDownTheSubtree(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		var tree orgtest.Tree
		write := func(f func(tx *db.Tx) error) {
			t.Helper()
			if err := d.Write(t.Context(), f); err != nil {
				t.Fatal(err)
			}
		}
		write(func(tx *db.Tx) (err error) { tree, err = orgtest.Plant(t.Context(), tx); return err })
		c.Add(time.Hour)
		start := c.Now()
		who := orgtest.Person(1)
		var subjects []id.ID
		for i, e := range []audit.Entry{
			{Action: "roster.signed_up", Org: tree.Team},
			{Action: "roster.withdrawn", Org: tree.Sibling},
			{Action: "people.joined"}, // names no organisation: her county's
			{Action: "roster.no_show", Org: tree.ForeignTeam},
		} {
			write(func(tx *db.Tx) error {
				e.Subject = tx.NewID([]string{"321281", "321281", "321281", "321282"}[i])
				subjects = append(subjects[:i], e.Subject)
				return audit.Record(tx, who, e)
			})
			c.Add(time.Minute)
		}
		if _, err := audit.Book().Seal(t.Context(), d, "test"); err != nil {
			t.Fatal(err)
		}
		all := org.TrailFilter{From: db.MS(start)}
		for name, tt := range map[string]struct {
			at     id.ID
			change func(*org.TrailFilter)
			want   []string
		}{
			"the city":            {tree.City, nil, []string{"roster.no_show", "people.joined", "roster.withdrawn", "roster.signed_up"}},
			"a centre":            {tree.Center, nil, []string{"people.joined", "roster.withdrawn", "roster.signed_up"}},
			"another county's":    {tree.Foreign, nil, []string{"roster.no_show"}},
			"a station":           {tree.Station, nil, []string{"roster.signed_up"}},
			"its sibling":         {tree.Sibling, nil, []string{"roster.withdrawn"}},
			"one area":            {tree.City, func(f *org.TrailFilter) { f.Action = "roster." }, []string{"roster.no_show", "roster.withdrawn", "roster.signed_up"}},
			"one action":          {tree.City, func(f *org.TrailFilter) { f.Action = "people.joined" }, []string{"people.joined"}},
			"one subject":         {tree.City, func(f *org.TrailFilter) { f.Subject = subjects[1] }, []string{"roster.withdrawn"}},
			"somebody else's":     {tree.City, func(f *org.TrailFilter) { f.Actor = subjects[1] }, nil},
			"the first minute":    {tree.City, func(f *org.TrailFilter) { f.To = db.MS(start.Add(time.Second)) }, []string{"roster.signed_up"}},
			"after three minutes": {tree.City, func(f *org.TrailFilter) { f.From = db.MS(start.Add(3 * time.Minute)) }, []string{"roster.no_show"}},
		} {
			f := all
			if tt.change != nil {
				tt.change(&f)
			}
			at, err := org.Get(t.Context(), d, tt.at)
			if err != nil {
				t.Fatal(err)
			}
			rows, err := org.SearchTrail(t.Context(), d, at, f, 0, 10)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, r := range rows {
				got = append(got, r.Action)
			}
			if len(got) != len(tt.want) {
				t.Errorf("%s: %v, want %v", name, got, tt.want)
				continue
			}
			for i := range got {
				if got[i] != tt.want[i] {
					t.Errorf("%s: %v, want %v", name, got, tt.want)
				}
			}
		}
		city, err := org.Get(t.Context(), d, tree.City)
		if err != nil {
			t.Fatal(err)
		}
		first, err := org.SearchTrail(t.Context(), d, city, all, 0, 2)
		if err != nil || len(first) != 2 {
			t.Fatal(len(first), err)
		}
		next, err := org.SearchTrail(t.Context(), d, city, all, first[1].Seq, 2)
		if err != nil || len(next) != 2 || next[0].Action != "roster.withdrawn" {
			t.Errorf("%+v %v", next, err)
		}
	})
}
