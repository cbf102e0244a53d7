package org_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/org"
	"tongxin/internal/work/org/orgtest"
)

// Each fault is written past the commands, found by the check that is there for it, and
// undone again.
func TestVerifyFindsEveryFault(t *testing.T) {
	onSites(t, func(s *site) {
		s.must(s.close(admin(s.Foreign), s.ForeignTeam, "已解散"))
		_, err := s.register(orgtest.Person(5), team("红马甲志愿队", s.Station))
		s.must(err)
		for what, c := range map[string]struct {
			check string
			do    string
			args  []any
		}{
			"a name on the position":         {"org.positions", "UPDATE org_position SET name = 'x' WHERE id = $1", []any{s.get(s.Station).Position}},
			"a place on the position":        {"org.positions", "UPDATE org_position SET area = 321281000000 WHERE id = $1", []any{s.get(s.Station).Position}},
			"an open position ended":         {"org.positions", "UPDATE org_position SET to_day = '2020-02-28' WHERE id = $1", []any{s.get(s.Station).Position}},
			"a closed position open":         {"org.positions", "UPDATE org_position SET to_day = '' WHERE id = $1", []any{s.get(s.ForeignTeam).Position}},
			"a position of another":          {"org.positions", "UPDATE org_org SET position = $2 WHERE id = $1", []any{s.Station, s.get(s.Sibling).Position}},
			"a second position with a gap":   {"org.positions", "INSERT INTO org_position (id, org, parent, kind, tier, name, area, from_day) SELECT 999, org, parent, kind, tier, name, area, '2021-01-01' FROM org_position WHERE id = $1", []any{s.get(s.Station).Position}},
			"a position of one that waits":   {"org.positions", "UPDATE org_org SET position = 3 WHERE state = 'pending'", nil},
			"an approval that never was":     {"org.positions", "UPDATE org_org SET state = 'approved' WHERE state = 'pending'", nil},
			"another parent in the record":   {"org.positions", "UPDATE org_org SET parent = $2 WHERE id = $1", []any{s.Team, s.Sibling}},
			"another parent in the position": {"org.positions", "UPDATE org_position SET parent = $2 WHERE id = $1", []any{s.get(s.Team).Position, s.get(s.Sibling).Position}},
			"a parent that is not there":     {"org.places", "UPDATE org_org SET parent = 'x' WHERE id = $1", []any{s.Team}},
			"a station under a center":       {"org.places", "UPDATE org_org SET parent = $2 WHERE id = $1", []any{s.Station, s.Center}},
			"a place outside the parent's":   {"org.places", "UPDATE org_org SET area = 321282000000 WHERE id = $1", []any{s.Team}},
			"a home that is not its id's":    {"org.places", "UPDATE org_org SET home = '321282' WHERE id = $1", []any{s.Team}},
			"a row of org_under missing":     {"org.under", "DELETE FROM org_under WHERE depth = 4", nil},
			"a row of org_under too many":    {"org.under", "INSERT INTO org_under (ancestor, position, depth) VALUES ($1, $2, 1)", []any{s.get(s.Foreign).Position, s.get(s.Team).Position}},
			"a depth in org_under":           {"org.under", "UPDATE org_under SET depth = 7 WHERE depth = 4", nil},
			"a fact missing":                 {"recount.org.registered", "DELETE FROM ledger_fact WHERE subject = $1", []any{s.Team}},
			"a fact's place":                 {"recount.org.registered", "UPDATE ledger_fact SET org = 1 WHERE subject = $1", []any{s.Team}},
			"an approval too many":           {"recount.org.registered", "UPDATE org_org SET approved = 1 WHERE state = 'pending'", nil},
		} {
			var broken map[string][]string
			undone := fmt.Errorf("undone")
			err := s.write(func(tx *db.Tx) error {
				if n, err := tx.Exec(c.do, c.args...); err != nil || n == 0 {
					return fmt.Errorf("%d rows, %w", n, err)
				}
				checks, err := org.Verify(s.ctx, tx)
				if err != nil {
					return err
				}
				broken = map[string][]string{}
				for _, check := range checks {
					if check.Broken > 0 {
						broken[check.Name] = check.IDs
					}
				}
				return undone
			})
			if err != undone || broken[c.check] == nil {
				s.Errorf("%s: %v, broken %v; want %s", what, err, broken, c.check)
			}
		}
	})
}

// Many at once move, found, register and approve around one another: they take turns, and
// the tree holds.
func TestChangesOfTheTreeTakeTurns(t *testing.T) {
	onSites(t, func(s *site) {
		units := make([]id.ID, 6)
		for i := range units {
			var err error
			units[i], err = s.found(auth.System, org.In{Kind: org.Unit, Name: fmt.Sprintf("单位 %d", i), Parent: s.Station})
			s.must(err)
		}
		allowed := []string{"", "org.move_nowhere", "org.name_taken", "org.parent_not_open", "org.not_pending"}
		var wg sync.WaitGroup
		var mu sync.Mutex
		outcomes := map[string]int{}
		for i, unit := range units {
			for _, act := range []func() error{
				func() error { return s.move(auth.System, unit, s.Sibling) },
				func() error { return s.move(auth.System, unit, s.Institute) },
				func() error { _, err := s.found(auth.System, team(fmt.Sprintf("队 %d", i), unit)); return err },
				func() error { _, err := s.found(auth.System, team("同名队", s.Sibling)); return err },
				func() error {
					at, err := s.register(orgtest.Person(byte(5+i)), team("争名队", unit))
					if err != nil {
						return err
					}
					return s.approve(admin(s.City), at)
				},
			} {
				wg.Go(func() {
					err := act()
					mu.Lock()
					defer mu.Unlock()
					outcomes[fail.Key(err)]++
					if err != nil && !slices.Contains(allowed, fail.Key(err)) || err != nil && fail.Key(err) == "" {
						s.Errorf("%v", err)
					}
				})
			}
		}
		wg.Wait()
		if outcomes["org.name_taken"] != len(units)-1 {
			s.Errorf("of one name under one organisation one is founded: %v", outcomes)
		}
	})
}
