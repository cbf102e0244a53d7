package org_test

import (
	"testing"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/work/org"
	"tongxin/internal/work/org/orgtest"
)

func TestRolesReachDownAndNowhereElse(t *testing.T) {
	onSites(t, func(s *site) {
		everywhere := []id.ID{s.Province, s.City, s.Center, s.Foreign, s.Institute, s.Next, s.Station, s.Sibling, s.Team, s.ForeignTeam}
		for at, reach := range map[id.ID][]id.ID{
			s.Province:  everywhere,
			s.City:      everywhere[1:],
			s.Center:    {s.Center, s.Institute, s.Next, s.Station, s.Sibling, s.Team},
			s.Institute: {s.Institute, s.Station, s.Sibling, s.Team},
			s.Next:      {s.Next},
			s.Station:   {s.Station, s.Team},
			s.Team:      {s.Team},
			s.Foreign:   {s.Foreign, s.ForeignTeam},
		} {
			for _, target := range everywhere {
				want := ""
				if !has(reach, target) {
					want = "org.out_of_reach"
				}
				s.refused(org.Permit(s.ctx, s.d, admin(at), target, auth.Admin), want)
				s.refused(org.Permit(s.ctx, s.d, admin(at), target, auth.Reviewer, auth.Leader), "org.out_of_reach")
				s.refused(org.Permit(s.ctx, s.d, admin(at), target), want)
				s.refused(org.Permit(s.ctx, s.d, orgtest.Staff(1, at, auth.Volunteer), target), "org.out_of_reach")
			}
		}
		s.refused(org.Permit(s.ctx, s.d, auth.System, s.Team), "")
		s.refused(org.Permit(s.ctx, s.d, auth.System, "321281-0000000000000000"), "org.unknown")
		s.refused(org.Permit(s.ctx, s.d, admin(s.City), "nonsense"), "org.unknown")
		s.refused(org.Permit(s.ctx, s.d, auth.Actor{}, s.Team), "org.out_of_reach")
	})
}

func has(all []id.ID, at id.ID) bool {
	for _, a := range all {
		if a == at {
			return true
		}
	}
	return false
}

func TestAClosedOrganisationGivesNoReach(t *testing.T) {
	onSites(t, func(s *site) {
		s.must(s.close(admin(s.Institute), s.Team, "队伍解散"))
		s.refused(org.Permit(s.ctx, s.d, admin(s.Team), s.Team), "org.out_of_reach")
		s.refused(org.Permit(s.ctx, s.d, admin(s.Station), s.Team), "")
	})
}

func TestSecondPerson(t *testing.T) {
	onSites(t, func(s *site) {
		author := orgtest.Person(9).Person
		for _, c := range []struct {
			what   string
			actor  auth.Actor
			target id.ID
			key    string
		}{
			{"the author in a higher tier", orgtest.Staff(9, s.City, auth.Admin), s.Station, "org.own_work"},
			{"another of the same station", admin(s.Station), s.Station, "org.second_person"},
			{"the institute above", admin(s.Institute), s.Station, ""},
			{"a reviewer of the city", orgtest.Staff(1, s.City, auth.Reviewer), s.Station, ""},
			{"a leader of the institute", orgtest.Staff(1, s.Institute, auth.Leader), s.Station, "org.second_person"},
			{"the sibling", admin(s.Sibling), s.Station, "org.second_person"},
			{"a station for its team", admin(s.Station), s.Team, ""},
			{"another in the city office", orgtest.Staff(1, s.City, auth.Reviewer), s.City, ""},
			{"the author in the city office", orgtest.Staff(9, s.City, auth.Reviewer), s.City, "org.own_work"},
			{"another at the top", admin(s.Province), s.Province, ""},
			{"the city for the province", admin(s.City), s.Province, "org.second_person"},
			{"the product itself", auth.System, s.Station, "org.second_person"},
			{"nobody", auth.Actor{}, s.Station, "org.second_person"},
			{"for nobody known", admin(s.City), "321281-0000000000000000", "org.unknown"},
		} {
			if err := org.SecondPerson(s.ctx, s.d, c.actor, author, c.target); !isKey(err, c.key) {
				s.Errorf("%s: %v, want %q", c.what, err, c.key)
			}
		}
	})
}

func TestAbove(t *testing.T) {
	onSites(t, func(s *site) {
		point, err := s.found(admin(s.Station), org.In{Kind: org.Practice, Tier: org.Point, Name: "广场实践点", Area: orgtest.StationArea, Parent: s.Station})
		s.must(err)
		unit, err := s.found(admin(s.Station), org.In{Kind: org.Unit, Name: "供电公司", Parent: point})
		s.must(err)
		ofUnit, err := s.found(admin(s.Station), team("供电志愿队", unit))
		s.must(err)
		waiting, err := s.register(orgtest.Person(5), team("新志愿队", unit))
		s.must(err)
		for at, want := range map[id.ID]id.ID{
			s.Province: "", s.City: s.Province, s.Station: s.Institute, s.Team: s.Station,
			point: s.Station, unit: s.Station, ofUnit: s.Station, waiting: s.Station,
		} {
			got, err := org.Above(s.ctx, s.d, at)
			if got != want || err != nil {
				s.Errorf("above %s: %s, %v; want %s", s.get(at).Name, got, err, want)
			}
		}
	})
}

func TestSeatsAreTheHighestOnly(t *testing.T) {
	onSites(t, func(s *site) {
		a := auth.Actor{Person: orgtest.Person(1).Person, Grants: []auth.Grant{
			{Org: s.Station, Role: auth.Admin}, {Org: s.Institute, Role: auth.Reviewer}, {Org: s.Foreign, Role: auth.Admin},
			{Org: s.Foreign, Role: auth.Reviewer}, {Org: s.Province, Role: auth.Volunteer}, {Org: "321281-0000000000000000", Role: auth.Admin},
		}}
		for _, c := range []struct {
			roles []auth.Role
			want  []id.ID
		}{
			{nil, []id.ID{s.Institute, s.Foreign}},
			{[]auth.Role{auth.Admin}, []id.ID{s.Station, s.Foreign}},
			{[]auth.Role{auth.Auditor}, nil},
		} {
			seats, err := org.Seats(s.ctx, s.d, a, c.roles...)
			s.must(err)
			if len(seats) != len(c.want) {
				s.Errorf("%v: %v", c.roles, seats)
				continue
			}
			for i, seat := range seats {
				if seat.Org != c.want[i] || seat.Position != s.get(seat.Org).Position {
					s.Errorf("%v: %v", c.roles, seats)
				}
			}
		}
		s.must(s.write(func(tx *db.Tx) error { return org.Close(s.ctx, tx, admin(s.City), s.ForeignTeam, "已解散") }))
		seats, err := org.Seats(s.ctx, s.d, admin(s.ForeignTeam))
		if len(seats) > 0 || err != nil {
			s.Errorf("a closed organisation is a seat: %v, %v", seats, err)
		}
	})
}
