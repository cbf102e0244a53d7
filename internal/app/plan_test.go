package app_test

import (
	"database/sql"
	"fmt"
	"maps"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"tongxin/internal/base/db"
	"tongxin/internal/web/page"
)

// large are the tables that grow with what people do, and their aliases in a statement.
var large = regexp.MustCompile(`(?i)\b(people_person|people_certificate|people_membership|roster_signup|roster_shift|roster_agenda|ledger_fact|notice_notice|notice_delivery|audit_entry|callup_ask|search_term|article_hour)\b(?:\s+(?:AS\s+)?([a-z]\w*))?`)

// throughout says of a step of a plan that it reads all of what it names.
var throughout = regexp.MustCompile(`^SCAN (\w+)(?: USING .*)?$|^SEARCH (\w+) USING .*\(home=\?\)$`)

// inherent are what statements have that go through all there are, and rightly.
var inherent = []string{
	"FROM notice_delivery WHERE state = 'waiting' GROUP BY channel", // counts all that waits, from the index of what waits
	"AS asked FROM people_person p",                                 // who of a county is to be asked: nearest first, then who was asked longest ago
}

// TestNoPageReadsAWholeTable: every statement that pages read by finds its rows among people, turns and facts by an index, not by going
// through all there are, in the country or in a county.
func TestNoPageReadsAWholeTable(t *testing.T) {
	city := newSmallCity(t)
	var mu sync.Mutex
	heard := map[string]string{} // by which page
	at := "before any"
	s := rehearse(t, city, db.Options{Dry: true, Heard: func(q string) {
		mu.Lock()
		defer mu.Unlock()
		heard[q] = at
	}})
	s.downloads = true
	s.walk(2, nil, func(_ page.Visitor, pattern, path string, _ *httptest.ResponseRecorder) {
		mu.Lock()
		at = pattern
		mu.Unlock()
	})
	said := maps.Clone(heard) // and no more: plans are statements as well
	if len(said) < 150 {
		t.Errorf("only %d statements were heard", len(said))
	}
	for q, page := range said {
		for _, step := range s.plan(q) {
			m := throughout.FindStringSubmatch(step)
			if m == nil || slices.ContainsFunc(inherent, func(x string) bool { return strings.Contains(q, x) }) {
				continue
			}
			for _, is := range large.FindAllStringSubmatch(q, -1) {
				if name := m[1] + m[2]; name == is[1] || name == is[2] {
					t.Errorf("%s of %s, read for what follows %s:\n%s", step, is[1], page, q)
					break
				}
			}
		}
	}
}

// plan is how SQLite goes about a statement.
func (s *hostile) plan(q string) []string {
	s.Helper()
	n := 0
	for _, m := range regexp.MustCompile(`\$(\d+)`).FindAllStringSubmatch(q, -1) {
		var i int
		fmt.Sscan(m[1], &i)
		n = max(n, i)
	}
	rows, err := s.d.Query(s.Context(), "EXPLAIN QUERY PLAN "+q, make([]any, n)...)
	steps, err := db.Collect(rows, err, func(r *sql.Rows) (step string, err error) {
		var none any
		return step, r.Scan(&none, &none, &none, &step)
	})
	if err != nil {
		s.Errorf("%v\n%s", err, q)
	}
	slices.Sort(steps)
	return slices.Compact(steps)
}
