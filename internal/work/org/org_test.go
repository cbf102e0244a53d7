package org_test

import (
	"context"
	"path/filepath"
	"testing"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/work/area"
	"tongxin/internal/work/org"
	"tongxin/internal/work/org/orgtest"
)

// site is a database with a planted tree.
type site struct {
	*testing.T
	orgtest.Tree
	ctx   context.Context
	d     *db.DB
	clock *dbtest.Clock
	keys  *crypt.Keys
}

// onSites runs the body on each engine with a planted tree, and verifies what it leaves.
func onSites(t *testing.T, body func(s *site)) {
	t.Helper()
	keys := keysOf(t)
	dbtest.Run(t, func(t *testing.T, d *db.DB, c *dbtest.Clock) {
		s := &site{T: t, ctx: t.Context(), d: d, clock: c, keys: keys}
		s.must(s.write(func(tx *db.Tx) (err error) {
			s.Tree, err = orgtest.Plant(s.ctx, tx)
			return err
		}))
		body(s)
		s.verify()
	})
}

func keysOf(t *testing.T) *crypt.Keys {
	t.Helper()
	keys, err := crypt.Open(filepath.Join(t.TempDir(), "keys"), true)
	if err != nil {
		t.Fatal(err)
	}
	return keys
}

func (s *site) write(f func(tx *db.Tx) error) error { return s.d.Write(s.ctx, f) }

func (s *site) must(err error) {
	s.Helper()
	if err != nil {
		s.Fatal(err)
	}
}

// refused checks that err is the refusal with that key.
func (s *site) refused(err error, key string) {
	s.Helper()
	if !isKey(err, key) {
		s.Errorf("got %v, want %q", err, key)
	}
}

func (s *site) get(at id.ID) org.Org {
	s.Helper()
	o, err := org.Get(s.ctx, s.d, at)
	s.must(err)
	return o
}

func (s *site) verify() {
	s.Helper()
	for name, ids := range s.broken() {
		s.Errorf("verify: %s is broken: %v", name, ids)
	}
}

// broken answers the checks that fail, and fails the test where one looked at nothing.
func (s *site) broken() map[string][]string {
	s.Helper()
	checks, err := org.Verify(s.ctx, s.d)
	s.must(err)
	broken := map[string][]string{}
	for _, c := range checks {
		if c.Checked == 0 {
			s.Errorf("verify: %s looked at nothing", c.Name)
		}
		if c.Broken > 0 {
			broken[c.Name] = c.IDs
		}
	}
	return broken
}

func (s *site) found(actor auth.Actor, in org.In) (at id.ID, err error) {
	err = s.write(func(tx *db.Tx) (err error) {
		at, err = org.Found(s.ctx, tx, actor, in)
		return err
	})
	return at, err
}

func (s *site) register(actor auth.Actor, in org.In) (at id.ID, err error) {
	err = s.write(func(tx *db.Tx) (err error) {
		at, err = org.Register(s.ctx, tx, s.keys, actor, in)
		return err
	})
	return at, err
}

func (s *site) approve(actor auth.Actor, at id.ID) error {
	return s.write(func(tx *db.Tx) error { return org.Approve(s.ctx, tx, actor, at) })
}

func (s *site) sendBack(actor auth.Actor, at id.ID, reason string) error {
	return s.write(func(tx *db.Tx) error { return org.Return(s.ctx, tx, actor, at, reason) })
}

func (s *site) move(actor auth.Actor, at, to id.ID) error {
	return s.write(func(tx *db.Tx) error { return org.Move(s.ctx, tx, actor, at, to) })
}

func (s *site) rename(actor auth.Actor, at id.ID, rev int64, name string) error {
	return s.write(func(tx *db.Tx) error { return org.Rename(s.ctx, tx, actor, at, rev, name) })
}

func (s *site) close(actor auth.Actor, at id.ID, reason string) error {
	return s.write(func(tx *db.Tx) error { return org.Close(s.ctx, tx, actor, at, reason) })
}

// count answers one number.
func (s *site) count(q string, args ...any) (n int64) {
	s.Helper()
	s.must(s.d.QueryRow(s.ctx, q, args...).Scan(&n))
	return n
}

func team(name string, under id.ID) org.In {
	return org.In{Kind: org.Team, Name: name, Parent: under, Phone: "0523-86991234"}
}

// admin administers one organisation.
func admin(at id.ID) auth.Actor { return orgtest.Staff(1, at, auth.Admin) }

func TestFoundingCountsAndIsWrittenDown(t *testing.T) {
	onSites(t, func(s *site) {
		at, err := s.found(admin(s.Institute), org.In{
			Kind: org.Practice, Tier: org.Station, Name: "  长安社区　实践站", Area: 321281_001_003, Parent: s.Institute, Address: "长安路１号",
		})
		s.must(err)
		o := s.get(at)
		if o.Name != "长安社区 实践站" || o.Address != "长安路1号" || o.Home != "321281" || at.Home() != "321281" || o.State != org.Approved || o.Approved != db.MS(dbtest.Start) {
			s.Errorf("founded %+v", o)
		}
		facts, err := ledger.Of(s.ctx, s.d, at)
		s.must(err)
		if len(facts) != 1 || facts[0].Key != "org.registered" || facts[0].Org != o.Position || facts[0].Unit != o.Position ||
			facts[0].Area != 321281_001_003 || facts[0].Qty != 1 || facts[0].Day != "2020-02-28" || facts[0].Person != "" || facts[0].By != admin("").Person {
			s.Errorf("facts %+v", facts)
		}
		if n := s.count("SELECT COUNT(*) FROM audit_entry WHERE home = $1 AND subject = $2 AND action = 'org.founded'", at.Home(), at); n != 1 {
			s.Errorf("%d entries in the audit trail", n)
		}
		path, err := org.Path(s.ctx, s.d, at)
		s.must(err)
		var names []string
		for _, p := range path {
			names = append(names, p.Name)
		}
		if got := join(names); got != "province office/city office/center/institute/长安社区 实践站" {
			s.Errorf("path %s", got)
		}
		if home := s.get(s.City).Home; home != "321200" {
			s.Errorf("the city's home is %s", home)
		}
	})
}

func join(names []string) (s string) {
	for i, n := range names {
		if i > 0 {
			s += "/"
		}
		s += n
	}
	return s
}

func TestFoundingIsRefusedInWords(t *testing.T) {
	onSites(t, func(s *site) {
		station := func(name string, at area.Code, parent id.ID) org.In {
			return org.In{Kind: org.Practice, Tier: org.Station, Name: name, Area: at, Parent: parent}
		}
		for _, c := range []struct {
			what  string
			actor auth.Actor
			in    org.In
			key   string
		}{
			{"below the sibling institute", admin(s.Next), station("实践站", 321281_001_003, s.Institute), "org.out_of_reach"},
			{"as reviewer", orgtest.Staff(1, s.Institute, auth.Reviewer), station("实践站", 321281_001_003, s.Institute), "org.out_of_reach"},
			{"at the top", admin(s.Province), org.In{Kind: org.Practice, Tier: org.Office, Name: "另一个文明办", Area: 320000_000_000}, "org.out_of_reach"},
			{"under nobody known", admin(s.City), station("实践站", 321281_001_003, "321281-0000000000000000"), "org.unknown"},
			{"a station under the center", admin(s.City), station("实践站", 321281_001_003, s.Center), "org.parent_wrong_tier"},
			{"a place of another township", admin(s.City), station("实践站", 321281_002_201, s.Institute), "org.area_outside"},
			{"a place that is not loaded", admin(s.City), station("实践站", 321281_001_999, s.Institute), "org.area_unknown"},
			{"without a place", admin(s.City), station("实践站", 0, s.Institute), "org.area_missing"},
			{"in a taken place", admin(s.City), station("实践站", orgtest.StationArea, s.Institute), "org.seat_taken.station"},
			{"a sibling's name", admin(s.City), station("station", 321281_001_003, s.Institute), "org.name_taken"},
			{"a name of one character", admin(s.City), station("站", 321281_001_003, s.Institute), "org.name_short"},
			{"a wrong credit code", admin(s.City), org.In{Kind: org.Unit, Name: "供电公司", Parent: s.Institute, CreditCode: "91350100M000100Y44"}, "ident.credit_check"},
		} {
			before := s.count("SELECT COUNT(*) FROM org_org")
			_, err := s.found(c.actor, c.in)
			if fail.Key(err) != c.key {
				s.Errorf("%s: got %v, want %s", c.what, err, c.key)
			}
			if s.count("SELECT COUNT(*) FROM org_org") != before {
				s.Errorf("%s: something was founded", c.what)
			}
		}
	})
}

func TestACreditCodeStandsForOne(t *testing.T) {
	onSites(t, func(s *site) {
		unit := org.In{Kind: org.Unit, Name: "供电公司", Parent: s.Institute, CreditCode: "91350100m000100y43"}
		at, err := s.found(admin(s.City), unit)
		s.must(err)
		unit.Parent, unit.Name = s.Foreign, "另一家公司"
		_, err = s.found(admin(s.City), unit)
		s.refused(err, "org.credit_taken")
		s.must(s.close(admin(s.City), at, "已并入他处"))
		_, err = s.found(admin(s.City), unit)
		s.must(err)
	})
}

func isKey(err error, key string) bool { return fail.Key(err) == key && (err == nil) == (key == "") }
