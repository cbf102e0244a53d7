package arch

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// schema is what the migrations make, in order.
type schema struct {
	tables     map[string]*table
	statements []ddl
	broken     []breach // what the reader of migrations does not understand
}

type ddl struct{ at, text string }

type table struct {
	at, name string
	columns  []column
	primary  []string
	uniques  []unique
	foreigns []foreign
}

type column struct{ name, kind, rest string }

type unique struct {
	at      string
	columns []string
}

type foreign struct {
	columns []string
	table   string
	targets []string
}

const migrations = "internal/base/db/migrations"

var (
	migrationName = regexp.MustCompile(`^\d{14}_[a-z0-9_]+\.sql$`)
	ddlRe         = regexp.MustCompile(`(?is)^\s*(create\s+table|create\s+unique\s+index|create\s+index|alter\s+table|drop\s+table|drop\s+index|insert\s+into|update|delete\s+from)\s+(?:if\s+(?:not\s+)?exists\s+)?([a-z_0-9]+)\s*(.*)$`)
	indexRe       = regexp.MustCompile(`(?is)^on\s+([a-z_0-9]+)\s*\((.*?)\)\s*(where\s.*)?$`)
	referencesRe  = regexp.MustCompile(`(?is)\breferences\s+([a-z_0-9]+)\s*\(([^)]*)\)`)
	foreignRe     = regexp.MustCompile(`(?is)^foreign\s+key\s*\(([^)]*)\)`)
	keyRe         = regexp.MustCompile(`(?is)^(primary\s+key|unique)\s*\(([^)]*)\)`)
	alterRe       = regexp.MustCompile(`(?is)^(add|drop|rename)\s+(?:column\s+)?(.*)$`)
)

// readSchema runs the migrations on paper.
func readSchema(texts map[string]string) *schema {
	s := &schema{tables: map[string]*table{}}
	var names []string
	for name := range texts {
		if path.Dir(name) == migrations && strings.HasSuffix(name, ".sql") {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	for _, name := range names {
		if !migrationName.MatchString(path.Base(name)) {
			s.broken = append(s.broken, breach{name, "is not named 20260102030405_what_it_does.sql, by which migrations are ordered"})
		}
		up, _, _ := strings.Cut(texts[name], "-- +goose Down")
		if strings.Contains(up, "-- +goose StatementBegin") {
			s.broken = append(s.broken, breach{name, "has a statement of several (StatementBegin): no function or trigger is needed here"})
		}
		s.readFile(name, up)
	}
	return s
}

// readFile cuts a file into statements at the semicolons outside remarks and quotes.
func (s *schema) readFile(name, text string) {
	blank := func(m string) string { return strings.Repeat("\n", strings.Count(m, "\n")) }
	text = remarkRe.ReplaceAllStringFunc(text, blank)
	line := 1
	for _, piece := range strings.Split(quotedRe.ReplaceAllString(text, "''"), ";") {
		lead := len(piece) - len(strings.TrimLeft(piece, " \t\r\n"))
		at := fmt.Sprintf("%s:%d", name, line+strings.Count(piece[:lead], "\n"))
		line += strings.Count(piece, "\n")
		if strings.TrimSpace(piece) != "" {
			s.apply(ddl{at, strings.TrimSpace(piece)})
		}
	}
}

func (s *schema) apply(d ddl) {
	s.statements = append(s.statements, d)
	m := ddlRe.FindStringSubmatch(d.text)
	if m == nil {
		s.broken = append(s.broken, breach{d.at, "is a statement that the linter cannot read (" + brief(d.text) + "); teach it in internal/arch/schema_test.go"})
		return
	}
	verb, name, rest := strings.ToLower(strings.Join(strings.Fields(m[1]), " ")), strings.ToLower(m[2]), strings.TrimSpace(m[3])
	switch verb {
	case "create table":
		s.tables[name] = readTable(d.at, name, rest)
	case "create unique index":
		s.uniqueIndex(d, rest)
	case "alter table":
		s.alter(d, name, rest)
	case "drop table":
		delete(s.tables, name)
	}
}

func (s *schema) uniqueIndex(d ddl, rest string) {
	m := indexRe.FindStringSubmatch(rest)
	if m == nil || s.tables[strings.ToLower(m[1])] == nil {
		s.broken = append(s.broken, breach{d.at, "is an index on a table that no earlier migration makes"})
		return
	}
	t := s.tables[strings.ToLower(m[1])]
	t.uniques = append(t.uniques, unique{d.at, list(m[2])})
}

func (s *schema) alter(d ddl, name, rest string) {
	t, m := s.tables[name], alterRe.FindStringSubmatch(rest)
	if t == nil || m == nil {
		s.broken = append(s.broken, breach{d.at, "alters a table that no earlier migration makes, or in a way the linter cannot read"})
		return
	}
	words := strings.Fields(m[2])
	switch strings.ToLower(m[1]) {
	case "add":
		t.item(d.at, m[2])
	case "drop":
		t.columns = slices.DeleteFunc(t.columns, func(c column) bool { return c.name == strings.ToLower(words[0]) })
	case "rename":
		if strings.EqualFold(words[0], "to") {
			delete(s.tables, name)
			t.name = strings.ToLower(words[1])
			s.tables[t.name] = t
			return
		}
		for i, c := range t.columns {
			if c.name == strings.ToLower(words[0]) {
				t.columns[i].name = strings.ToLower(words[2])
			}
		}
	}
}

func readTable(at, name, body string) *table {
	t := &table{at: at, name: name}
	body = strings.TrimSpace(body)
	body = strings.TrimSuffix(strings.TrimPrefix(body, "("), ")")
	for _, item := range splitTop(body) {
		t.item(at, item)
	}
	return t
}

// item takes in one line of CREATE TABLE: a column or a constraint.
func (t *table) item(at, text string) {
	text = strings.TrimSpace(text)
	if after, ok := strings.CutPrefix(strings.ToLower(text), "constraint "); ok {
		_, text, _ = strings.Cut(strings.TrimSpace(after), " ")
	}
	lower := strings.ToLower(text)
	if m := foreignRe.FindStringSubmatch(lower); m != nil {
		t.reference(list(m[1]), lower)
		return
	}
	if m := keyRe.FindStringSubmatch(lower); m != nil {
		if strings.HasPrefix(m[1], "primary") {
			t.primary = list(m[2])
		} else {
			t.uniques = append(t.uniques, unique{at, list(m[2])})
		}
		return
	}
	if strings.HasPrefix(lower, "check") {
		return
	}
	words := strings.Fields(lower)
	c := column{name: words[0], rest: lower}
	if len(words) > 1 {
		c.kind = words[1]
	}
	t.columns = append(t.columns, c)
	switch {
	case strings.Contains(lower, "primary key"):
		t.primary = []string{c.name}
	case slices.Contains(words, "unique"):
		t.uniques = append(t.uniques, unique{at, []string{c.name}})
	}
	t.reference([]string{c.name}, lower)
}

func (t *table) reference(columns []string, text string) {
	if m := referencesRe.FindStringSubmatch(text); m != nil {
		t.foreigns = append(t.foreigns, foreign{columns, m[1], list(m[2])})
	} else if strings.Contains(text, "references ") {
		t.foreigns = append(t.foreigns, foreign{columns, strings.Fields(text[strings.Index(text, "references ")+len("references "):])[0], nil})
	}
}

// splitTop cuts at the commas outside parentheses.
func splitTop(text string) (items []string) {
	depth, from := 0, 0
	for i, r := range text {
		switch r {
		case '(':
			depth++
		case ')':
			depth--
		case ',':
			if depth == 0 {
				items, from = append(items, text[from:i]), i+1
			}
		}
	}
	return append(items, text[from:])
}

func list(columns string) (names []string) {
	for _, c := range splitTop(columns) {
		names = append(names, strings.ToLower(strings.Fields(c + " ?")[0]))
	}
	return names
}

func (t *table) column(name string) (column, bool) {
	at := slices.IndexFunc(t.columns, func(c column) bool { return c.name == name })
	if at < 0 {
		return column{}, false
	}
	return t.columns[at], true
}
