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
	mostFunctionLines = 80
	mostFileLines     = 600
)

// documented: every package has a doc.go that says what it is.
func documented(t *tree) (found []breach) {
	for _, dir := range t.folders() {
		p := t.packages[dir]
		at := slices.IndexFunc(p.files, func(f *file) bool { return path.Base(f.path) == "doc.go" })
		if at < 0 {
			found = append(found, breach{dir, "has no doc.go: say what it keeps, its rules and its states"})
			continue
		}
		f := p.files[at]
		begins := "Package " + f.ast.Name.Name + " "
		if f.ast.Name.Name == "main" {
			begins = "Command " + path.Base(dir) + " "
		}
		if !strings.HasPrefix(f.ast.Doc.Text(), begins) {
			found = append(found, breach{f.path, "does not begin with a comment “" + begins + "…”"})
		}
	}
	return found
}

// plainNames: a package is named for what it keeps.
func plainNames(t *tree) (found []breach) {
	refused := []string{"util", "utils", "common", "helper", "helpers", "model", "models", "service", "services", "manager", "core", "misc", "shared", "types", "lib"}
	for _, dir := range t.folders() {
		for _, name := range strings.Split(dir, "/") {
			if slices.Contains(refused, name) {
				found = append(found, breach{dir, "is named " + name + ", which says nothing: name it for what it keeps"})
			}
		}
	}
	return found
}

// oneClock: work and ledger take the time from their transaction.
func oneClock(t *tree) (found []breach) {
	for _, f := range t.source() {
		if !under(f.dir, "internal/work", "internal/ledger") {
			continue
		}
		each(f, func(sel *ast.SelectorExpr) {
			if p, name := f.selected(sel); p == "time" && slices.Contains([]string{"Now", "Since", "Until", "After", "Sleep", "Tick", "NewTimer", "NewTicker"}, name) {
				found = append(found, breach{t.at(sel), "uses time." + name + "; tx.Now is the only clock here"})
			}
		})
	}
	return found
}

// sleepless: a test waits for what it tests, not for a time.
func sleepless(t *tree) (found []breach) {
	for _, f := range t.files {
		if !f.test && !strings.HasSuffix(f.dir, "test") && !under(f.dir, "e2e") {
			continue
		}
		each(f, func(sel *ast.SelectorExpr) {
			if p, name := f.selected(sel); p == "time" && name == "Sleep" {
				found = append(found, breach{t.at(sel), "sleeps: set the clock, or wait for what is to happen"})
			}
			if p, name := f.selected(sel); p == "github.com/chromedp/chromedp" && name == "Sleep" {
				found = append(found, breach{t.at(sel), "sleeps: wait for what the page is to show"})
			}
		})
	}
	return found
}

// conditions are those under which a test may stand: CI is a unix, and what needs to alter the
// system's answers beneath a running program is `make faults`'s.
var conditions = []string{"//go:build unix", "//go:build faults && linux"}

// skipless: every test runs wherever tests run.
func skipless(t *tree) (found []breach) {
	for _, f := range t.files {
		if !f.test && !strings.HasSuffix(f.dir, "test") && !under(f.dir, "e2e") {
			continue
		}
		for _, group := range f.ast.Comments {
			for _, c := range group.List {
				if strings.HasPrefix(c.Text, "//go:build") && !slices.Contains(conditions, c.Text) {
					found = append(found, breach{t.at(c), "leaves a test out under some conditions (" + c.Text + ")"})
				}
			}
		}
		testers := testersOf(f)
		each(f, func(sel *ast.SelectorExpr) {
			x, ok := sel.X.(*ast.Ident)
			if ok && testers[x.Name] && slices.Contains([]string{"Skip", "Skipf", "SkipNow"}, sel.Sel.Name) {
				found = append(found, breach{t.at(sel), "skips a test: make what it needs, or fail and say what is missing"})
			}
			if p, name := f.selected(sel); p == "testing" && name == "Short" {
				found = append(found, breach{t.at(sel), "shortens a test: it must show the same wherever it runs"})
			}
		})
	}
	return found
}

// testersOf names the parameters of type *testing.T and the like.
func testersOf(f *file) map[string]bool {
	names := map[string]bool{}
	each(f, func(field *ast.Field) {
		kind := field.Type
		if star, ok := kind.(*ast.StarExpr); ok {
			kind = star.X
		}
		if p, name := f.selected(kind); (p == "testing" || p == "pgregory.net/rapid") && slices.Contains([]string{"T", "B", "F", "TB"}, name) {
			for _, n := range field.Names {
				names[n.Name] = true
			}
		}
	})
	return names
}

// sizes: a function fits on a screen and a half, a file can be read at a sitting.
func sizes(t *tree) (found []breach) {
	for _, f := range t.source() {
		if f.lines > mostFileLines {
			found = append(found, breach{f.path, fmt.Sprintf("has %d lines; %d is the most", f.lines, mostFileLines)})
		}
		each(f, func(fn *ast.FuncDecl) {
			if n := t.linesOf(fn); n > mostFunctionLines {
				found = append(found, breach{t.at(fn), fmt.Sprintf("%s has %d lines; %d is the most", fn.Name.Name, n, mostFunctionLines)})
			}
		})
	}
	for _, name := range sortedKeys(t.texts) {
		if n := strings.Count(t.texts[name], "\n"); path.Ext(name) == ".templ" && n > mostFileLines {
			found = append(found, breach{name, fmt.Sprintf("has %d lines; %d is the most", n, mostFileLines)})
		}
	}
	return found
}

func (t *tree) linesOf(n ast.Node) int {
	return t.fset.Position(n.End()).Line - t.fset.Position(n.Pos()).Line + 1
}

func sortedKeys(texts map[string]string) []string {
	names := make([]string, 0, len(texts))
	for name := range texts {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

var unfinished = regexp.MustCompile(`\b(TODO|FIXME|XXX|HACK)\b`)

// finished: what is missing is an issue, not a remark.
func finished(t *tree) (found []breach) {
	for _, f := range t.files {
		for _, group := range f.ast.Comments {
			for _, c := range group.List {
				if m := unfinished.FindString(c.Text); m != "" {
					found = append(found, breach{t.at(c), "has a " + m + ": finish it, or file it"})
				}
			}
		}
	}
	return found
}
