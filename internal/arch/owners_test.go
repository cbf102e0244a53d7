package arch

import (
	"fmt"
	"go/ast"
	"path"
	"regexp"
	"slices"
	"strings"
)

const (
	ledgerPath   = modulePath + "/internal/ledger"
	dbPath       = modulePath + "/internal/base/db"
	activityPath = modulePath + "/internal/work/activity"
)

var factKey = regexp.MustCompile(`^([a-z]+)\.[a-z_]+$`)

// factKinds: a kind of fact is defined in its owner's facts.go, and its key begins with the owner's name.
func factKinds(t *tree) (found []breach) {
	for _, f := range t.source() {
		each(f, func(call *ast.CallExpr) {
			if p, name := f.selected(call.Fun); p != ledgerPath || name != "Define" || len(call.Args) == 0 {
				return
			}
			if path.Base(f.path) != "facts.go" || !postsFacts(f.dir) {
				found = append(found, breach{t.at(call), "defines a kind of fact outside the facts.go of an area"})
			}
			key, _ := literal(call.Args[0])
			if m := factKey.FindStringSubmatch(key); m == nil || !ownsKind(f.dir, m[1]) {
				found = append(found, breach{t.at(call), fmt.Sprintf("defines %q; a kind of %s is a literal that begins with %s.", key, f.dir, path.Base(f.dir))})
			}
		})
	}
	return found
}

func postsFacts(dir string) bool { return under(dir, "internal/work", "internal/report") }

func ownsKind(dir, prefix string) bool {
	return prefix == path.Base(dir) || prefix == "report" && under(dir, "internal/report")
}

// ownFacts: facts are posted and reversed by the owner of their kind, which is an area of work or report.
func ownFacts(t *tree) (found []breach) {
	for _, f := range t.source() {
		if f.dir == "internal/ledger" {
			continue
		}
		each(f, func(call *ast.CallExpr) {
			p, name := f.selected(call.Fun)
			if p != ledgerPath || name != "Post" && name != "Reverse" {
				return
			}
			if !postsFacts(f.dir) {
				found = append(found, breach{t.at(call), fmt.Sprintf("%s calls ledger.%s; facts come from the commands of an area", f.dir, name)})
			}
			if name == "Reverse" && len(call.Args) > 1 {
				found = append(found, othersKind(t, f, call.Args[1])...)
			}
		})
		each(f, func(lit *ast.CompositeLit) {
			if p, name := f.selected(lit.Type); p != ledgerPath || name != "Fact" {
				return
			}
			for _, field := range lit.Elts {
				if kv, ok := field.(*ast.KeyValueExpr); ok && fmt.Sprint(kv.Key) == "Kind" {
					found = append(found, othersKind(t, f, kv.Value)...)
				}
			}
		})
	}
	return found
}

// othersKind: a kind written in f that is not its package's own.
func othersKind(t *tree, f *file, kind ast.Expr) []breach {
	name, _ := literal(kind)
	m := factKey.FindStringSubmatch(name)
	other := m != nil && !ownsKind(f.dir, m[1])
	if p, selected := f.selected(kind); p != "" {
		name = path.Base(p) + "." + selected
		other = postsFacts(strings.TrimPrefix(p, modulePath+"/"))
	}
	if !other {
		return nil
	}
	return []breach{{t.at(kind), fmt.Sprintf("%s posts or reverses %s, a kind of another: call a command of its owner", f.dir, name)}}
}

// rosterOnly are the steps of activity that change who is on a shift, or tell of it; roster wraps them in commands.
var rosterOnly = []string{"Submit", "Approve", "Return", "Change", "Cancel", "RemovePost", "Respan", "MarkHeld", "Unheld"}

// rosterRules: what changes who is on a shift is a command of roster.
func rosterRules(t *tree) (found []breach) {
	const dir = "internal/work/activity"
	for _, name := range rosterOnly {
		if t.packages[dir] != nil && len(t.functions(dir, name)) == 0 {
			found = append(found, breach{dir, "has no " + name + "; mend the list of steps in internal/arch/owners_test.go"})
		}
	}
	for _, f := range t.source() {
		if f.dir == "internal/work/roster" {
			continue
		}
		each(f, func(sel *ast.SelectorExpr) {
			if p, name := f.selected(sel); p == activityPath && slices.Contains(rosterOnly, name) {
				found = append(found, breach{t.at(sel), fmt.Sprintf("%s uses activity.%s, which changes who is on a shift: call the command of roster", f.dir, name)})
			}
		})
	}
	return found
}

// engineBlind: only these may ask which engine they run on.
func engineBlind(t *tree) (found []breach) {
	for _, f := range t.source() {
		if under(f.dir, append([]string{"internal/bench", "e2e"}, dialectDirs...)...) {
			continue
		}
		each(f, func(sel *ast.SelectorExpr) {
			p, name := f.selected(sel)
			if name == "Engine" && p == "" || p == dbPath && slices.Contains([]string{"Engine", "SQLite", "Postgres"}, name) {
				found = append(found, breach{t.at(sel), "asks for the engine (" + name + "); branches on the engine stand in " + strings.Join(dialectDirs, ", ") + " only"})
			}
		})
	}
	return found
}

// insideTransactions: an area of work is handed its transaction or reader and opens none of its own; but for the intake of
// lists, whose passes give each row a transaction.
func insideTransactions(t *tree) (found []breach) {
	for _, f := range t.source() {
		if !under(f.dir, "internal/work") || under(f.dir, "internal/work/intake") || strings.HasSuffix(f.dir, "test") {
			continue
		}
		each(f, func(sel *ast.SelectorExpr) {
			if p, name := f.selected(sel); p == dbPath && (name == "DB" || name == "Open") {
				found = append(found, breach{t.at(sel), "holds db." + name + "; commands take *db.Tx and queries db.Reader, so that a write never hides inside another"})
			}
		})
	}
	return found
}
