package org_test

import (
	"fmt"
	"slices"
	"testing"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/id"
	"tongxin/internal/work/org"
	"tongxin/internal/work/org/orgtest"
)

func (s *site) list(f org.Filter) (names []string) {
	s.Helper()
	for pages := 0; ; pages++ {
		orgs, next, err := org.List(s.ctx, s.d, f)
		s.must(err)
		for _, o := range orgs {
			names = append(names, o.Name)
		}
		if f.After = next; f.After == "" {
			return names
		}
		if pages > 100 {
			s.Fatal("a list without end")
		}
	}
}

func TestLists(t *testing.T) {
	onSites(t, func(s *site) {
		unit, err := s.found(auth.System, org.In{Kind: org.Unit, Name: "100%供电_Power公司", Parent: s.Station, CreditCode: "91350100M000100Y43"})
		s.must(err)
		_, err = s.register(orgtest.Person(5), team("待审志愿队", s.Station))
		s.must(err)
		for _, parent := range []id.ID{s.Sibling, s.Institute, s.Center} { // one name, one place
			_, err := s.found(auth.System, org.In{Kind: org.Team, Name: "zz", Area: orgtest.SiblingArea, Parent: parent})
			s.must(err)
		}
		s.must(s.close(admin(s.Foreign), s.ForeignTeam, "已解散"))
		for _, c := range []struct {
			what string
			f    org.Filter
			want []string
		}{
			{"the top", org.Filter{Direct: true}, []string{"province office"}},
			{"right under the center", org.Filter{Under: s.Center, Direct: true}, []string{"institute", "zz", "next institute"}},
			{"all under the center", org.Filter{Under: s.Center}, []string{"institute", "100%供电_Power公司", "station", "team", "sibling station", "zz", "zz", "zz", "next institute"}},
			{"by kind", org.Filter{Under: s.Center, Kind: org.Team}, []string{"team", "zz", "zz", "zz"}},
			{"by tier", org.Filter{Under: s.City, Tier: org.Center}, []string{"center", "foreign center"}},
			{"by a part of the name", org.Filter{Under: s.City, Text: " STATION "}, []string{"station", "sibling station"}},
			{"by two characters", org.Filter{Under: s.City, Text: "供电"}, []string{"100%供电_Power公司"}},
			{"a percent sign is itself", org.Filter{Under: s.City, Text: "0%供"}, []string{"100%供电_Power公司"}},
			{"an underline is itself", org.Filter{Under: s.City, Text: "电_p"}, []string{"100%供电_Power公司"}},
			{"an underline is nothing else", org.Filter{Under: s.City, Text: "s_ation"}, nil},
			{"by area", org.Filter{Under: s.City, Text: "３２１２８１００１"}, []string{"institute", "100%供电_Power公司", "station", "team", "sibling station", "zz", "zz", "zz"}},
			{"by credit code", org.Filter{Under: s.City, Text: "91350100m000100y43"}, []string{"100%供电_Power公司"}},
			{"below a leaf", org.Filter{Under: unit}, nil},
			{"within a township", org.Filter{Within: orgtest.OtherInstitute}, []string{"next institute"}},
			{"within a township, below another", org.Filter{Under: s.Institute, Within: orgtest.OtherInstitute}, nil},
			{"everywhere", org.Filter{Text: "center"}, []string{"center", "foreign center"}},
			{"outside", org.Filter{Under: s.Foreign, Text: "station"}, nil},
			{"below one that is closed", org.Filter{Under: s.ForeignTeam}, nil},
		} {
			for _, limit := range []int{0, 1, 2} {
				c.f.Limit = limit
				if got := s.list(c.f); !slices.Equal(got, c.want) {
					s.Errorf("%s, %d a page: %q, want %q", c.what, limit, got, c.want)
				}
			}
		}
		_, _, err = org.List(s.ctx, s.d, org.Filter{After: "nonsense"})
		s.refused(err, "org.page_unknown")
	})
}

func TestCounts(t *testing.T) {
	onSites(t, func(s *site) {
		spell := func(f org.Filter) string {
			tallies, err := org.Count(s.ctx, s.d, f)
			s.must(err)
			var all []string
			for _, n := range tallies {
				all = append(all, fmt.Sprintf("%s %s %d", n.Kind, n.Tier, n.N))
			}
			slices.Sort(all)
			return fmt.Sprint(all)
		}
		if got := spell(org.Filter{Under: s.Center, Kind: org.Team}); got != "[practice institute 2 practice station 2 team  1]" {
			s.Errorf("below: %s", got)
		}
		if got := spell(org.Filter{Under: s.Center, Direct: true, Text: "next"}); got != "[practice institute 1]" {
			s.Errorf("right under: %s", got)
		}
		sizes, err := org.Sizes(s.ctx, s.d, []org.Org{s.get(s.Province), s.get(s.Institute), s.get(s.Team)})
		s.must(err)
		if len(sizes) != 2 || sizes[s.Province] != 9 || sizes[s.Institute] != 3 {
			s.Errorf("sizes %v", sizes)
		}
	})
}

func TestFindingByPlaceAndName(t *testing.T) {
	onSites(t, func(s *site) {
		at, err := org.ByArea(s.ctx, s.d, orgtest.StationArea)
		s.must(err)
		if len(at) != 1 || at[0].ID != s.Station {
			s.Errorf("by area %+v", at)
		}
		named, err := org.ByName(s.ctx, s.d, "team")
		s.must(err)
		if len(named) != 1 || named[0].ID != s.Team {
			s.Errorf("by name %+v", named)
		}
		ids := []id.ID{s.Station, "321281-0000000000000000"}
		for range 60 {
			ids = append(ids, s.Team)
		}
		names, err := org.Names(s.ctx, s.d, append(ids, s.City))
		s.must(err)
		if len(names) != 3 || names[s.Station] != "station" || names[s.City] != "city office" {
			s.Errorf("names %v", names)
		}
		if _, err := org.PositionOn(s.ctx, s.d, "321281-0000000000000000", "2020-01-01"); !isKey(err, "org.unknown") {
			s.Errorf("the position of nobody: %v", err)
		}
	})
}
