package org_test

import (
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/work/org"
	"tongxin/internal/work/org/orgtest"
)

func (s *site) held(at id.ID, day string) int64 {
	s.Helper()
	p, err := org.PositionOn(s.ctx, s.d, at, day)
	s.must(err)
	return p
}

func TestAMoveGivesTheWholeBranchNewPositions(t *testing.T) {
	onSites(t, func(s *site) {
		unit, err := s.found(admin(s.Station), org.In{Kind: org.Unit, Name: "供电公司", Parent: s.Station})
		s.must(err)
		crew, err := s.found(admin(s.Station), team("供电志愿队", unit))
		s.must(err)
		old := map[id.ID]org.Org{unit: s.get(unit), crew: s.get(crew)}
		s.clock.Set(time.Date(2020, 3, 10, 9, 0, 0, 0, dbtestZone))
		s.must(s.move(admin(s.Institute), unit, s.Sibling))

		for at, before := range old {
			now := s.get(at)
			if now.Position == before.Position || now.Area != orgtest.SiblingArea {
				s.Errorf("%s moved: %+v", now.Name, now)
			}
			if s.held(at, "2020-03-09") != before.Position || s.held(at, "2020-03-10") != now.Position || s.held(at, "2020-01-01") != before.Position {
				s.Errorf("%s stands wrongly before and after", now.Name)
			}
			places, err := org.Positions(s.ctx, s.d, at)
			s.must(err)
			if len(places) != 2 || places[0].To != "2020-03-10" || places[1].From != "2020-03-10" || places[1].To != "" || places[0].Area != orgtest.StationArea {
				s.Errorf("%s held %+v", now.Name, places)
			}
		}
		s.refused(org.Permit(s.ctx, s.d, admin(s.Station), crew), "org.out_of_reach")
		s.refused(org.Permit(s.ctx, s.d, admin(s.Sibling), crew), "")
		facts, err := ledger.Of(s.ctx, s.d, crew)
		s.must(err)
		if len(facts) != 1 || facts[0].Org != old[crew].Position {
			s.Errorf("the registration moved along: %+v", facts)
		}
		// Twice a day: what is done later that day is done at the last place.
		s.must(s.move(admin(s.Institute), unit, s.Institute))
		if p := s.get(crew).Position; s.held(crew, "2020-03-10") != p {
			s.Errorf("on the day of two moves it stands at %d", s.held(crew, "2020-03-10"))
		}
		if a := s.get(crew).Area; a != orgtest.SiblingArea {
			s.Errorf("its place changed to %v, though the new parent's holds it", a)
		}
	})
}

var dbtestZone = time.FixedZone("", 8*3600)

func TestMovesAreRefusedInWords(t *testing.T) {
	onSites(t, func(s *site) {
		unit, err := s.found(admin(s.Station), org.In{Kind: org.Unit, Name: "供电公司", Parent: s.Station})
		s.must(err)
		crew, err := s.found(admin(s.Station), team("供电志愿队", unit))
		s.must(err)
		double, err := s.found(admin(s.Sibling), team("team", s.Sibling))
		s.must(err)
		waiting, err := s.register(orgtest.Person(5), team("待审志愿队", s.Station))
		s.must(err)
		for _, c := range []struct {
			what   string
			actor  auth.Actor
			at, to id.ID
			key    string
		}{
			{"by its own station", admin(s.Station), unit, s.Sibling, "org.out_of_reach"},
			{"by the unit itself", admin(unit), unit, s.Institute, "org.out_of_reach"},
			{"out of the county by its center", admin(s.Center), unit, s.Foreign, "org.out_of_reach"},
			{"as reviewer", orgtest.Staff(1, s.City, auth.Reviewer), unit, s.Sibling, "org.out_of_reach"},
			{"into itself", admin(s.City), unit, unit, "org.move_into_itself"},
			{"below itself", admin(s.City), unit, crew, "org.move_into_itself"},
			{"an institute below its station", admin(s.City), s.Institute, s.Station, "org.move_into_itself"},
			{"where it is", admin(s.City), unit, s.Station, "org.move_nowhere"},
			{"a station under the center", admin(s.City), s.Station, s.Center, "org.parent_wrong_tier"},
			{"a unit under a team", admin(s.City), unit, s.Team, "org.parent_wrong_kind"},
			{"beside one of its name", admin(s.City), double, s.Station, "org.name_taken"},
			{"one that waits", admin(s.City), waiting, s.Sibling, "org.not_open"},
			{"under one that waits", admin(s.City), unit, waiting, "org.parent_not_open"},
			{"an unknown one", admin(s.City), "321281-0000000000000000", s.Sibling, "org.unknown"},
			{"under an unknown one", admin(s.City), unit, "321281-0000000000000000", "org.unknown"},
			{"the top", admin(s.Province), s.Province, s.City, "org.move_into_itself"},
		} {
			if err := s.move(c.actor, c.at, c.to); !isKey(err, c.key) {
				s.Errorf("%s: %v, want %s", c.what, err, c.key)
			}
		}
		if s.get(unit).Parent != s.Station {
			s.Error("it moved")
		}
		s.must(s.move(admin(s.City), unit, s.Foreign))
		if o := s.get(crew); o.Home != "321281" || o.Area != orgtest.OtherCenter {
			s.Errorf("out of the county: %+v", o)
		}
	})
}

// A village that comes to another township keeps its code, and its station what it did.
func TestAStationMovesToAnotherTownship(t *testing.T) {
	onSites(t, func(s *site) {
		was := s.get(s.Station)
		s.must(s.move(admin(s.Center), s.Station, s.Next))
		o := s.get(s.Station)
		if o.Parent != s.Next || o.Area != was.Area || o.Position == was.Position {
			s.Errorf("it stands at %+v, it was %+v", o, was)
		}
		for under, there := range map[id.ID]bool{s.Next: true, s.Institute: false, s.Center: true} {
			for _, direct := range []bool{false, true} {
				all, _, err := org.List(s.ctx, s.d, org.Filter{Under: under, Direct: direct})
				s.must(err)
				tally, err := org.Count(s.ctx, s.d, org.Filter{Under: under, Direct: direct})
				s.must(err)
				n, listed := int64(0), false
				for _, t := range tally {
					n += t.N
				}
				for _, one := range all {
					listed = listed || one.ID == s.Station
				}
				if want := there && (!direct || under == s.Next); listed != want || n != int64(len(all)) {
					s.Errorf("below %s, directly %v: listed %v, %d of %d", under, direct, listed, len(all), n)
				}
			}
		}
		checks, err := org.Verify(s.ctx, s.d)
		s.must(err)
		for _, c := range checks {
			if c.Broken > 0 {
				s.Errorf("%s: %v", c.Name, c.IDs)
			}
		}
	})
}

func TestARenamedOrganisationKeepsItsPosition(t *testing.T) {
	onSites(t, func(s *site) {
		o := s.get(s.Station)
		s.refused(s.rename(admin(s.Station), s.Station, o.Rev, "水关社区实践站"), "org.out_of_reach")
		s.refused(s.rename(admin(s.Institute), s.Station, o.Rev, "站"), "org.name_short")
		s.refused(s.rename(admin(s.Institute), s.Station, o.Rev, "sibling station"), "org.name_taken")
		s.refused(s.rename(admin(s.Institute), s.Station, o.Rev, " station "), "org.name_same")
		s.refused(s.rename(admin(s.Institute), s.Station, o.Rev+1, "水关社区实践站"), "org.changed_meanwhile")
		s.must(s.rename(admin(s.Institute), s.Station, o.Rev, "水关社区实践站"))
		now := s.get(s.Station)
		if now.Name != "水关社区实践站" || now.Position != o.Position || now.Rev == o.Rev {
			s.Errorf("renamed %+v", now)
		}
		places, err := org.Positions(s.ctx, s.d, s.Station)
		s.must(err)
		if len(places) != 1 || places[0].Name != "水关社区实践站" {
			s.Errorf("positions %+v", places)
		}
		var before, after string
		s.must(s.d.QueryRow(s.ctx, "SELECT before, after FROM audit_entry WHERE home = $1 AND subject = $2 AND action = 'org.renamed'",
			s.Station.Home(), s.Station).Scan(&before, &after))
		if !strings.Contains(before, `"station"`) || !strings.Contains(after, "水关社区实践站") {
			s.Errorf("the trail keeps %s and %s", before, after)
		}
		s.must(s.rename(admin(s.Province), s.Province, s.get(s.Province).Rev, "省文明办")) // nobody is above the top
	})
}

func TestClosing(t *testing.T) {
	onSites(t, func(s *site) {
		o := s.get(s.Team)
		s.refused(s.close(admin(s.Station), s.Team, ""), "org.reason_missing")
		s.refused(s.close(admin(s.Team), s.Team, "解散"), "org.out_of_reach")
		s.refused(s.close(admin(s.Institute), s.Station, "撤并"), "org.has_children")
		s.clock.Add(24 * time.Hour)
		s.must(s.close(admin(s.Station), s.Team, "队员不足"))
		s.refused(s.close(admin(s.Station), s.Team, "队员不足"), "org.not_open")
		now := s.get(s.Team)
		if now.State != org.Closed || now.Reason != "队员不足" || now.Position != o.Position {
			s.Errorf("closed %+v", now)
		}
		if s.held(s.Team, "2030-01-01") != o.Position || s.held(s.Team, "2010-01-01") != o.Position {
			s.Error("a closed organisation has lost its place")
		}
		facts, err := ledger.Of(s.ctx, s.d, s.Team)
		s.must(err)
		if len(facts) != 1 || facts[0].Reversed {
			s.Errorf("the registration no longer counts: %+v", facts)
		}
		_, err = s.found(admin(s.Station), team("team", s.Station)) // the name is free again
		s.must(err)
		s.must(s.close(admin(s.Institute), s.Sibling, "村居合并"))
		_, err = s.found(admin(s.Institute), org.In{Kind: org.Practice, Tier: org.Station, Name: "迎丰实践站", Area: orgtest.SiblingArea, Parent: s.Institute})
		s.must(err)
	})
}

func TestTrustIsGivenByTheTierAbove(t *testing.T) {
	onSites(t, func(s *site) {
		trust := func(actor auth.Actor, at id.ID, yes bool) error {
			return s.write(func(tx *db.Tx) error { return org.Trust(s.ctx, tx, actor, at, yes) })
		}
		s.refused(trust(admin(s.Station), s.Station, true), "org.out_of_reach")
		s.refused(trust(orgtest.Staff(1, s.Institute, auth.Reviewer), s.Station, true), "org.out_of_reach")
		s.must(trust(admin(s.Institute), s.Station, true))
		s.must(trust(admin(s.Institute), s.Station, true))
		if !s.get(s.Station).Trusted {
			s.Error("not trusted")
		}
		if n := s.count("SELECT COUNT(*) FROM audit_entry WHERE action = 'org.trusted'"); n != 1 {
			s.Errorf("%d entries in the audit trail", n)
		}
		s.must(trust(admin(s.City), s.Station, false))
		if s.get(s.Station).Trusted {
			s.Error("still trusted")
		}
	})
}

func TestDescribing(t *testing.T) {
	onSites(t, func(s *site) {
		describe := func(actor auth.Actor, rev int64, d org.Details) error {
			return s.write(func(tx *db.Tx) error { return org.Describe(s.ctx, tx, s.keys, actor, s.Station, rev, d) })
		}
		rev := s.get(s.Station).Rev
		full := org.Details{CreditCode: "91350100M000100Y43", Address: "水关路 1 号", About: "每天开放", Phone: "0523-86991234"}
		s.refused(describe(admin(s.Sibling), rev, full), "org.out_of_reach")
		s.refused(describe(admin(s.Station), rev+1, full), "org.changed_meanwhile")
		s.refused(describe(admin(s.Station), rev, org.Details{CreditCode: "1", Phone: "2", Address: strings.Repeat("路", 101)}), "form.invalid")
		s.must(describe(admin(s.Station), rev, full))
		sealed := s.get(s.Station).Contact
		s.must(describe(admin(s.Station), rev+1, org.Details{Address: "水关路 2 号"}))
		if o := s.get(s.Station); o.Address != "水关路 2 号" || o.CreditCode != "" || string(o.Contact) != string(sealed) || len(sealed) == 0 {
			s.Errorf("described %+v", o)
		}
	})
}
