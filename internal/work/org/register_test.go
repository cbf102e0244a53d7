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

func TestARegistrationIsReturnedResubmittedAndApproved(t *testing.T) {
	onSites(t, func(s *site) {
		her, reviewer := orgtest.Person(5), orgtest.Staff(2, s.Station, auth.Reviewer)
		at, err := s.register(her, org.In{Kind: org.Team, Name: "红马甲志愿队", Parent: s.Station, Phone: "１３８ 0000 1234", About: "帮老人买菜"})
		s.must(err)
		o := s.get(at)
		if o.State != org.Pending || o.Position != 0 || o.Approved != 0 || o.Registrant != her.Person || o.Area != orgtest.StationArea {
			s.Errorf("registered %+v", o)
		}
		if due := db.Time(o.Due); !due.Equal(s.clock.Now().Add(24 * time.Hour)) {
			s.Errorf("due %s", due)
		}
		if strings.Contains(string(o.Contact), "1380000") || len(o.Contact) == 0 {
			s.Error("the number of the person to ask is not sealed")
		}
		if facts, _ := ledger.Of(s.ctx, s.d, at); len(facts) != 0 {
			s.Errorf("a pending organisation counts: %v", facts)
		}

		s.refused(s.sendBack(reviewer, at, " "), "org.reason_missing")
		s.must(s.sendBack(reviewer, at, "请写明队长和人数"))
		if o = s.get(at); o.State != org.Returned || o.Reason != "请写明队长和人数" || o.Due != 0 {
			s.Errorf("returned %+v", o)
		}
		s.refused(s.approve(reviewer, at), "org.not_pending")

		in := org.In{Kind: org.Team, Name: "红马甲志愿队", Parent: s.Station, Phone: "13800001234", About: "帮老人买菜，12 人"}
		again := func(actor auth.Actor, rev int64) error {
			return s.write(func(tx *db.Tx) error { return org.Resubmit(s.ctx, tx, s.keys, actor, at, rev, in) })
		}
		s.refused(again(orgtest.Person(6), o.Rev), "org.unknown")
		s.refused(again(her, o.Rev-1), "org.changed_meanwhile")
		s.clock.Add(48 * time.Hour)
		s.must(again(her, o.Rev))
		s.refused(again(her, o.Rev), "org.not_returned")
		if o = s.get(at); o.State != org.Pending || o.Reason != "" || !db.Time(o.Due).Equal(s.clock.Now().Add(24*time.Hour)) {
			s.Errorf("resubmitted %+v", o)
		}

		s.must(s.approve(reviewer, at))
		s.refused(s.approve(reviewer, at), "org.not_pending")
		o = s.get(at)
		facts, err := ledger.Of(s.ctx, s.d, at)
		s.must(err)
		if !o.Alive() || o.Position == 0 || len(facts) != 1 || facts[0].Org != o.Position || facts[0].Day != "2020-03-01" || facts[0].By != reviewer.Person {
			s.Errorf("approved %+v, facts %+v", o, facts)
		}
		s.refused(org.Permit(s.ctx, s.d, admin(s.Institute), at, auth.Admin), "")
		if n := s.count("SELECT COUNT(*) FROM audit_entry WHERE home = $1 AND subject = $2", at.Home(), at); n != 4 {
			s.Errorf("%d entries in the audit trail", n)
		}
	})
}

func TestWhoDecidesOnARegistration(t *testing.T) {
	onSites(t, func(s *site) {
		unit, err := s.found(admin(s.Station), org.In{Kind: org.Unit, Name: "供电公司", Parent: s.Station})
		s.must(err)
		her := orgtest.Person(5)
		at, err := s.register(her, team("供电志愿队", unit))
		s.must(err)
		for what, c := range map[string]struct {
			actor auth.Actor
			key   string
		}{
			"the unit itself":      {admin(unit), "org.out_of_reach"},
			"the sibling station":  {admin(s.Sibling), "org.out_of_reach"},
			"a leader":             {orgtest.Staff(1, s.Station, auth.Leader), "org.out_of_reach"},
			"somebody":             {orgtest.Person(7), "org.out_of_reach"},
			"herself as reviewer":  {orgtest.Staff(5, s.Station, auth.Reviewer), "org.own_work"},
			"herself in the city":  {orgtest.Staff(5, s.City, auth.Admin), "org.own_work"},
			"the foreign center":   {admin(s.Foreign), "org.out_of_reach"},
			"nobody":               {auth.Actor{}, "org.out_of_reach"},
			"the sibling reviewer": {orgtest.Staff(1, s.Sibling, auth.Reviewer), "org.out_of_reach"},
		} {
			if err := s.approve(c.actor, at); !isKey(err, c.key) {
				s.Errorf("%s approves: %v", what, err)
			}
			if err := s.sendBack(c.actor, at, "不同意"); !isKey(err, c.key) {
				s.Errorf("%s returns: %v", what, err)
			}
		}
		s.refused(s.approve(admin(s.City), "321281-0000000000000000"), "org.unknown")
		s.must(s.approve(admin(s.City), at))
	})
}

func TestRegistrationsAreRefusedInWords(t *testing.T) {
	onSites(t, func(s *site) {
		her := orgtest.Person(5)
		for _, c := range []struct {
			what  string
			actor auth.Actor
			in    org.In
			key   string
		}{
			{"nobody", auth.Actor{}, team("志愿队", s.Station), "org.register_signed_in"},
			{"a station", her, org.In{Kind: org.Practice, Tier: org.Point, Name: "实践点", Area: orgtest.StationArea, Parent: s.Station, Phone: "96111"}, "org.register_practice"},
			{"without a number", her, org.In{Kind: org.Team, Name: "志愿队", Parent: s.Station}, "ident.phone"},
			{"at the top", her, org.In{Kind: org.Team, Name: "志愿队", Phone: "96111", Area: orgtest.StationArea}, "org.parent_missing"},
			{"under nobody known", her, team("志愿队", "321281-0000000000000000"), "org.unknown"},
			{"under a team", her, team("志愿队", s.Team), "org.parent_wrong_kind"},
			{"a name that is taken", her, team("team", s.Station), "org.name_taken"},
			{"a name of one character", her, team("队", s.Station), "org.name_short"},
			{"two wrong fields", her, org.In{Kind: org.Team, Name: "队", Parent: s.Station, Phone: "1"}, "form.invalid"},
		} {
			if _, err := s.register(c.actor, c.in); !isKey(err, c.key) {
				s.Errorf("%s: %v, want %s", c.what, err, c.key)
			}
		}
		if n := s.count("SELECT COUNT(*) FROM org_org WHERE state = 'pending'"); n != 0 {
			s.Errorf("%d registrations", n)
		}
	})
}

func TestASecondPostIsTheFirst(t *testing.T) {
	onSites(t, func(s *site) {
		first, err := s.register(orgtest.Person(5), team("红马甲志愿队", s.Station))
		s.must(err)
		second, err := s.register(orgtest.Person(5), team(" 红马甲志愿队", s.Station))
		s.must(err)
		if first != second || s.count("SELECT COUNT(*) FROM org_org WHERE state = 'pending'") != 1 {
			s.Errorf("%s and %s", first, second)
		}
		_, err = s.register(orgtest.Person(6), team("红马甲志愿队", s.Station))
		s.refused(err, "org.name_taken")
		for i := range 9 {
			_, err := s.register(orgtest.Person(5), team(strings.Repeat("队", i+3), s.Station))
			s.must(err)
		}
		_, err = s.register(orgtest.Person(5), team("再来一支", s.Station))
		s.refused(err, "org.too_many_pending")
		mine, err := org.Mine(s.ctx, s.d, orgtest.Person(5).Person)
		s.must(err)
		if len(mine) != 10 || mine[9].ID != first {
			s.Errorf("%d registrations of hers", len(mine))
		}
	})
}

func TestWithdrawing(t *testing.T) {
	onSites(t, func(s *site) {
		her := orgtest.Person(5)
		at, err := s.register(her, team("红马甲志愿队", s.Station))
		s.must(err)
		withdraw := func(actor auth.Actor, at id.ID) error {
			return s.write(func(tx *db.Tx) error { return org.Withdraw(s.ctx, tx, actor, at) })
		}
		s.refused(withdraw(orgtest.Person(6), at), "org.unknown")
		s.refused(withdraw(orgtest.Person(6), s.Team), "org.unknown")
		s.refused(withdraw(auth.Actor{}, s.Team), "org.unknown")
		s.must(withdraw(her, at))
		s.refused(withdraw(her, at), "org.not_pending")
		s.refused(s.approve(admin(s.Station), at), "org.not_pending")
		at, err = s.register(her, team("红马甲志愿队", s.Station))
		s.must(err)
		s.must(s.approve(admin(s.Station), at))
		s.refused(withdraw(her, at), "org.not_pending")
	})
}

func TestTheParentClosesWhileARegistrationWaits(t *testing.T) {
	onSites(t, func(s *site) {
		unit, err := s.found(admin(s.Station), org.In{Kind: org.Unit, Name: "供电公司", Parent: s.Station})
		s.must(err)
		at, err := s.register(orgtest.Person(5), team("供电志愿队", unit))
		s.must(err)
		s.refused(s.close(admin(s.Station), unit, "已搬迁"), "org.has_children")
		s.must(s.sendBack(admin(s.Station), at, "单位即将撤销"))
		s.must(s.close(admin(s.Station), unit, "已搬迁"))
		o := s.get(at)
		s.refused(s.write(func(tx *db.Tx) error {
			return org.Resubmit(s.ctx, tx, s.keys, orgtest.Person(5), at, o.Rev, team("供电志愿队", unit))
		}), "org.parent_not_open")
		s.must(s.write(func(tx *db.Tx) error {
			return org.Resubmit(s.ctx, tx, s.keys, orgtest.Person(5), at, o.Rev, team("供电志愿队", s.Station))
		}))
		s.must(s.approve(admin(s.Station), at))
	})
}

func TestTheQueueRisesWhenTimeIsOver(t *testing.T) {
	onSites(t, func(s *site) {
		at, err := s.register(orgtest.Person(5), team("红马甲志愿队", s.Station))
		s.must(err)
		s.clock.Add(time.Hour)
		later, err := s.register(orgtest.Person(5), team("蓝马甲志愿队", s.Institute))
		s.must(err)
		queue := func(actor auth.Actor, limit int) (names string) {
			after := ""
			for {
				some, next, err := org.Queue(s.ctx, s.d, actor, db.MS(s.clock.Now()), after, limit)
				s.must(err)
				for _, w := range some {
					names += w.Name + "@" + w.Desk.Name + "<" + w.Under.Name + " "
				}
				if after = next; after == "" {
					return names
				}
			}
		}
		const first, second = "红马甲志愿队@station<station ", "蓝马甲志愿队@institute<institute "
		expect := func(what, got, want string) {
			s.Helper()
			if got != want {
				s.Errorf("%s: %q, want %q", what, got, want)
			}
		}
		expect("the station", queue(admin(s.Station), 10), first)
		expect("the institute", queue(admin(s.Institute), 10), second)
		expect("the center", queue(admin(s.Center), 10), "")
		expect("the sibling", queue(admin(s.Sibling), 10), "")
		both := auth.Actor{Person: orgtest.Person(1).Person, Grants: []auth.Grant{{Org: s.Station, Role: auth.Reviewer}, {Org: s.Foreign, Role: auth.Reviewer}}}
		expect("two seats", queue(both, 10), first)
		expect("a leader", queue(orgtest.Staff(1, s.Station, auth.Leader), 10), "")
		s.clock.Add(23*time.Hour + time.Minute)
		expect("the institute, a day later", queue(admin(s.Institute), 1), first+second)
		expect("the center, a day later", queue(admin(s.Center), 10), first)
		expect("the foreign center, a day later", queue(admin(s.Foreign), 10), "")
		s.must(s.approve(orgtest.Staff(3, s.Center, auth.Reviewer), at))
		expect("the station, decided above", queue(admin(s.Station), 10), "")
		s.must(s.sendBack(admin(s.City), later, "重名"))
		expect("the institute, decided above", queue(admin(s.Institute), 10), "")
	})
}

func TestTheContactIsReadForAPurposeAndThatIsWrittenDown(t *testing.T) {
	onSites(t, func(s *site) {
		at, err := s.register(orgtest.Person(5), team("红马甲志愿队", s.Station))
		s.must(err)
		read := func(actor auth.Actor, purpose string) (phone string, err error) {
			err = s.write(func(tx *db.Tx) (err error) {
				phone, err = org.Contact(s.ctx, tx, s.keys, actor, at, purpose)
				return err
			})
			return phone, err
		}
		_, err = read(admin(s.Sibling), "核实登记信息")
		s.refused(err, "org.out_of_reach")
		_, err = read(admin(s.Station), " ")
		s.refused(err, "org.purpose_missing")
		phone, err := read(admin(s.Station), "核实登记信息")
		if phone != "052386991234" || err != nil {
			s.Errorf("%q, %v", phone, err)
		}
		if n := s.count("SELECT COUNT(*) FROM audit_entry WHERE home = $1 AND subject = $2 AND action = 'org.contact_read'", at.Home(), at); n != 1 {
			s.Errorf("%d entries in the audit trail", n)
		}
		if n := s.count("SELECT COUNT(*) FROM audit_entry WHERE after LIKE '%86991234%' OR before LIKE '%86991234%'"); n != 0 {
			s.Error("the number stands in the audit trail")
		}
	})
}

func TestARegistrationFollowsAParentThatMoved(t *testing.T) {
	onSites(t, func(s *site) {
		unit, err := s.found(admin(s.Station), org.In{Kind: org.Unit, Name: "供电公司", Parent: s.Station})
		s.must(err)
		at, err := s.register(orgtest.Person(5), team("供电志愿队", unit))
		s.must(err)
		s.must(s.move(admin(s.Institute), unit, s.Sibling))
		s.must(s.approve(admin(s.Sibling), at))
		if o := s.get(at); o.Area != orgtest.SiblingArea {
			s.Errorf("approved at %v, its parent moved to %v", o.Area, orgtest.SiblingArea)
		}
	})
}
