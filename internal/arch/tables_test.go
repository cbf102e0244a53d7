package arch

import (
	"fmt"
	"slices"
	"strings"
)

// reference tables are small, change rarely and stand whole at every home; records may point to them.
var reference = []string{
	"activity_service",
	"area_area", "area_shape",
	"campaign_campaign", "campaign_under",
	"config_setting",
	"ledger_kind",
	"notice_channel", "notice_template",
	"org_org", "org_position", "org_under",
	"people_category", "people_skill", "people_certificate_kind",
	"roster_rest",
}

// national tables hold what there is once in the whole country, each with the reason. Nothing points to them.
var national = map[string]string{
	"audit_head":     "one chain of audit entries",
	"audit_seal":     "one chain of audit entries",
	"db_counter":     "one row a counter, whose numbers are given once in the country",
	"ledger_head":    "one chain of facts",
	"ledger_seal":    "one chain of facts",
	"people_ask":     "a number is asked to answer for somebody, by keyed hash, before its holder has a home",
	"people_code":    "one-time codes by keyed hash of the number, whoever has it",
	"people_idno":    "an ID number is one person's in the whole country, by keyed hash",
	"people_login":   "a login name is one person's in the whole country, by keyed hash",
	"people_phone":   "a sign-in number is one person's in the whole country, by keyed hash",
	"people_session": "a session is found by its secret's hash before anybody's home is known",
}

var columnTypes = []string{"bigint", "smallint", "text", "boolean", "bytea"}

func (s *schema) isRecord(name string) bool {
	return s.tables[name] != nil && national[name] == "" && !slices.Contains(reference, name)
}

func (s *schema) sorted() (all []*table) {
	for _, t := range s.tables {
		all = append(all, t)
	}
	slices.SortFunc(all, func(a, b *table) int { return strings.Compare(a.name, b.name) })
	return all
}

// homesFirst: every table of records has home, and each of its keys begins with it.
func homesFirst(t *tree) (found []breach) {
	for _, tb := range t.schema.sorted() {
		if !t.schema.isRecord(tb.name) {
			continue
		}
		const else_ = "; or, if it is no table of records, list it in internal/arch/tables_test.go"
		home, ok := tb.column("home")
		switch {
		case !ok:
			found = append(found, breach{tb.at, tb.name + " has no home: begin it with home TEXT NOT NULL" + else_})
			continue
		case home.kind != "text" || !strings.Contains(home.rest, "not null"):
			found = append(found, breach{tb.at, tb.name + ".home is not TEXT NOT NULL"})
		}
		if word(tb.primary, 0) != "home" {
			found = append(found, breach{tb.at, fmt.Sprintf("the primary key of %s is (%s); it begins with home: PRIMARY KEY (home, id)%s", tb.name, strings.Join(tb.primary, ", "), else_)})
		}
		for _, u := range tb.uniques {
			if u.columns[0] != "home" {
				found = append(found, breach{u.at, fmt.Sprintf("a unique key of %s is (%s); it begins with home, or it cannot be kept when homes live apart", tb.name, strings.Join(u.columns, ", "))})
			}
		}
	}
	return found
}

// keysOfOthers: a reference or national table has a primary key, and a listed table exists.
func keysOfOthers(t *tree) (found []breach) {
	for _, tb := range t.schema.sorted() {
		if !t.schema.isRecord(tb.name) && len(tb.primary) == 0 {
			found = append(found, breach{tb.at, tb.name + " has no primary key"})
		}
	}
	if len(t.schema.tables) == 0 {
		return found
	}
	for _, name := range slices.Sorted(slices.Values(listed())) {
		if t.schema.tables[name] == nil {
			found = append(found, breach{"internal/arch/tables_test.go", name + " is listed, but no migration makes it"})
		}
	}
	return found
}

func listed() []string {
	names := slices.Clone(reference)
	for name := range national {
		names = append(names, name)
	}
	return names
}

// foreignKeys stay within a home or point to reference tables.
func foreignKeys(t *tree) (found []breach) {
	for _, tb := range t.schema.sorted() {
		for _, f := range tb.foreigns {
			if says := strays(t.schema, tb, f); says != "" {
				found = append(found, breach{tb.at, fmt.Sprintf("%s (%s) references %s: %s", tb.name, strings.Join(f.columns, ", "), f.table, says)})
			}
		}
	}
	return found
}

func strays(s *schema, from *table, f foreign) string {
	target := s.tables[f.table]
	switch {
	case target == nil:
		return "no migration makes that table"
	case len(f.targets) != len(f.columns):
		return "name as many columns of it"
	case national[f.table] != "":
		return "nothing points to a table that there is once in the country; keep the plain id"
	case !s.isRecord(f.table):
		return ""
	case !s.isRecord(from.name):
		return "a reference table points to reference tables only; keep the plain id, which verify resolves"
	case f.columns[0] != "home" || f.targets[0] != "home":
		return "a reference between records stays within a home: FOREIGN KEY (home, x) REFERENCES t (home, id); across homes keep the plain id, which verify resolves"
	}
	return ""
}

// tableForm: names, types and files of migrations as all others.
func tableForm(t *tree) (found []breach) {
	found = append(found, t.schema.broken...)
	for _, tb := range t.schema.sorted() {
		if _, ok := rungOf(ownerOf(tb.name)); !ok {
			found = append(found, breach{tb.at, tb.name + " begins with the name of no package that could own it"})
		}
		for _, c := range tb.columns {
			if !slices.Contains(columnTypes, c.kind) {
				found = append(found, breach{tb.at, fmt.Sprintf("%s.%s is %s; columns are %s", tb.name, c.name, c.kind, strings.ToUpper(strings.Join(columnTypes, ", ")))})
			}
		}
	}
	return found
}
