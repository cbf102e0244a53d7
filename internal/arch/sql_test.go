package arch

import (
	"fmt"
	"go/ast"
	"path"
	"slices"
	"strings"
)

// sqlHomes hold SQL in any file; elsewhere below the pages it stands in store.go and read.go, or store_x.go and read_x.go.
var sqlHomes = []string{"internal/ledger", "internal/report/figure", "internal/base"}

func mayHoldSQL(f *file) bool {
	name := strings.TrimSuffix(path.Base(f.path), ".go")
	named := name == "store" || name == "read" || strings.HasPrefix(name, "store_") || strings.HasPrefix(name, "read_")
	return under(f.dir, sqlHomes...) || named && !under(f.dir, "internal/web", "internal/api", "cmd")
}

// sqlPlaces: SQL stands where one looks for it.
func sqlPlaces(t *tree) (found []breach) {
	const where = "SQL belongs in store.go (what commands need) or read.go (queries for pages) of the package whose tables these are"
	for _, s := range t.sql {
		if !mayHoldSQL(s.file) {
			found = append(found, breach{t.at(s.node), "holds SQL (" + brief(s.text) + "): " + where})
		}
	}
	for _, f := range t.source() {
		if mayHoldSQL(f) {
			continue
		}
		each(f, func(lit *ast.BasicLit) {
			if text, ok := literal(lit); ok && sqlPiece.MatchString(text) {
				found = append(found, breach{t.at(lit), "holds a piece of SQL (" + brief(text) + "): " + where})
			}
		})
	}
	return found
}

func brief(text string) string {
	text = strings.Join(strings.Fields(text), " ")
	if runes := []rune(text); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return text
}

// prefixes of tables that a package writes beside its own name.
var writesToo = map[string][]string{
	"internal/base/db":        {"db_", "goose_"},
	"internal/base/db/dbtest": {"db_", "goose_"},
	"internal/base/chain":     {"ledger_", "audit_"},
}

func writesTable(dir, table string) bool {
	return strings.HasPrefix(table, path.Base(dir)+"_") ||
		slices.ContainsFunc(writesToo[dir], func(prefix string) bool { return strings.HasPrefix(table, prefix) })
}

// ownTables: a package writes only tables that begin with its own name.
func ownTables(t *tree) (found []breach) {
	for _, s := range t.sql {
		for _, use := range s.tables {
			switch {
			case !use.write || writesTable(s.file.dir, use.name):
			case strings.Contains(use.name, runtimePart):
				if !under(s.file.dir, "internal/base") {
					found = append(found, breach{t.at(s.node), "writes a table whose name is known only at run time: say it in the statement"})
				}
			default:
				found = append(found, breach{t.at(s.node), fmt.Sprintf("%s writes %s; it writes only tables that begin with %s_: call a command of the owner", s.file.dir, use.name, path.Base(s.file.dir))})
			}
		}
	}
	return found
}

// readsDownward: a package reads tables of packages that it may import, so that SQL is no way round the layers.
func readsDownward(t *tree) (found []breach) {
	for _, s := range t.sql {
		from, ok := rungOf(s.file.dir)
		for _, use := range s.tables {
			owner := ownerOf(use.name)
			to, known := rungOf(owner)
			if !ok || use.write || !known || owner == s.file.dir || to < from || ladder[to].friends && to == from {
				continue
			}
			found = append(found, breach{t.at(s.node), fmt.Sprintf("%s reads %s, a table of %s, which stands above it: SQL reads downward as imports do", s.file.dir, use.name, owner)})
		}
	}
	return found
}

// ownerOf is the folder of the package that a table belongs to by its name.
func ownerOf(table string) string {
	prefix, _, _ := strings.Cut(table, "_")
	switch {
	case prefix == "ledger":
		return "internal/ledger"
	case slices.Contains(workAreas, prefix):
		return "internal/work/" + prefix
	case slices.Contains(reportAreas, prefix):
		return "internal/report/" + prefix
	}
	return "internal/base/" + prefix
}
