package org_test

import (
	"database/sql"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/work/area"
	"tongxin/internal/work/org"
	"tongxin/internal/work/org/orgtest"
)

func (s *site) foundMany(actor auth.Actor, ins []org.In) (ids []id.ID, err error) {
	err = s.write(func(tx *db.Tx) (err error) {
		ids, err = org.FoundMany(s.ctx, tx, actor, ins)
		return err
	})
	return ids, err
}

// villages are stations for every village of the institute that has none yet.
func (s *site) villages() (ins []org.In) {
	for _, a := range area.Reference(orgtest.InstituteArea) {
		if a.Code.Level() == area.Village && a.Code != orgtest.StationArea && a.Code != orgtest.SiblingArea {
			ins = append(ins, org.In{Kind: org.Practice, Tier: org.Station, Name: a.Name + "实践站", Area: a.Code, Parent: s.Institute})
		}
	}
	return append(ins, org.In{Kind: org.Unit, Name: "供电公司", Parent: s.Station, CreditCode: "91350100M000100Y43", Address: "一路", About: "二"},
		team("供电志愿队", s.Next))
}

func TestManyAreFoundedAsOneByOne(t *testing.T) {
	single, many := map[db.Engine][]string{}, map[db.Engine][]string{}
	t.Run("one by one", func(t *testing.T) {
		onSites(t, func(s *site) {
			for _, in := range s.villages() {
				_, err := s.found(auth.System, in)
				s.must(err)
			}
			single[s.d.Engine()] = s.rows()
		})
	})
	t.Run("many", func(t *testing.T) {
		onSites(t, func(s *site) {
			ids, err := s.foundMany(auth.System, s.villages())
			s.must(err)
			if len(ids) != len(s.villages()) || s.get(ids[0]).Name != s.villages()[0].Name {
				s.Errorf("%d ids", len(ids))
			}
			many[s.d.Engine()] = s.rows()
			if n := s.count("SELECT COUNT(*) FROM audit_entry WHERE action = 'org.founded_many'"); n != 1 {
				s.Errorf("%d entries in the audit trail for the batch", n)
			}
		})
	})
	for engine, rows := range single {
		if len(rows) < 40 || !reflect.DeepEqual(rows, many[engine]) {
			t.Errorf("%s: one by one:\n%s\nmany:\n%s", engine, strings.Join(rows, "\n"), strings.Join(many[engine], "\n"))
		}
	}
	if len(single) != 2 || len(many) != 2 {
		t.Errorf("ran on %d and %d engines", len(single), len(many))
	}
}

// rows spells every row that founding writes, ids replaced by names.
func (s *site) rows() (all []string) {
	for _, q := range []string{
		`SELECT 'org', o.name, o.home, o.kind, o.tier, o.area, o.position, COALESCE(p.name, ''), o.credit_code, o.address, o.about, o.state,
			o.created, o.due, o.approved, o.rev FROM org_org o LEFT JOIN org_org p ON p.id = o.parent ORDER BY o.position`,
		`SELECT 'position', p.id, o.name, p.parent, p.kind, p.tier, p.name, p.area, p.from_day, p.to_day, 0, 0, 0, 0, 0, 0
			FROM org_position p JOIN org_org o ON o.id = p.org ORDER BY p.id`,
		`SELECT 'under', ancestor, position, depth, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 FROM org_under ORDER BY ancestor, position`,
		`SELECT 'fact', f.day, f.org, f.unit, f.area, o.name, f.person, f.qty, f.grade, f.posted, f.by, f.reverses, 0, 0, 0, 0
			FROM ledger_fact f JOIN org_org o ON o.id = f.subject ORDER BY f.org`,
	} {
		rows, err := s.d.Query(s.ctx, q)
		some, err := db.Collect(rows, err, func(r *sql.Rows) (string, error) {
			cells, to := make([]any, 16), make([]any, 16)
			for i := range cells {
				to[i] = &cells[i]
			}
			err := r.Scan(to...)
			return fmt.Sprint(cells...), err
		})
		s.must(err)
		all = append(all, some...)
	}
	return all
}

func TestOneRefusedRefusesAll(t *testing.T) {
	onSites(t, func(s *site) {
		before := s.count("SELECT COUNT(*) FROM org_org")
		try := func(what, key string, actor auth.Actor, change func(ins []org.In)) {
			ins := s.villages()
			change(ins)
			_, err := s.foundMany(actor, ins)
			if !isKey(err, key) {
				s.Errorf("%s: %v, want %s", what, err, key)
			}
			if key != "" && strings.Contains(err.Error(), "组") {
				s.Errorf("%s: the error repeats what was given: %v", what, err)
			}
		}
		try("a name twice", "org.name_taken", auth.System, func(ins []org.In) { ins[3].Name = ins[2].Name })
		try("a place twice", "org.seat_taken.station", auth.System, func(ins []org.In) { ins[3].Area = ins[2].Area })
		try("a name that stands", "org.name_taken", auth.System, func(ins []org.In) { ins[1].Name = "station" })
		try("a credit code twice", "org.credit_taken", auth.System, func(ins []org.In) { ins[1].CreditCode = "91350100M000100Y43" })
		try("a short name", "org.name_short", auth.System, func(ins []org.In) { ins[1].Name = "站" })
		try("one out of reach", "org.out_of_reach", admin(s.Institute), func(ins []org.In) {})
		if _, err := s.foundMany(auth.System, make([]org.In, org.Batch+1)); !isKey(err, "org.batch_large") {
			s.Errorf("a large batch: %v", err)
		}
		if ids, err := s.foundMany(auth.System, nil); len(ids) != 0 || err != nil {
			s.Errorf("none: %v, %v", ids, err)
		}
		if n := s.count("SELECT COUNT(*) FROM org_org"); n != before {
			s.Errorf("%d were founded", n-before)
		}
	})
}
