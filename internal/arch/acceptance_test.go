package arch

import (
	"fmt"
	"go/ast"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const acceptanceFile = "docs/acceptance.md"

// requirements is how many lines each section has, so that none is lost.
var requirements = map[string]int{
	"N2": 14, // notices
	"C1": 17, "P4": 5,
	"S1": 4, "S2": 5, "S3": 9, "S4": 11, "S5": 10, "S6": 9, "S7": 6, "S8": 2,
	"B1": 4, "B2": 2, "B3": 4, "B4": 7, "B5": 11, "B6": 3, "B7": 3,
	"F1": 12, "N1": 19, "D1": 4,
	"R4": 10, // people
	"X1": 9, "X2": 5, "X3": 13,
	"T1": 10, // Taizhou, whole
	"P2": 5,  // calendars and events
	"H1": 12, // rosters
	"H2": 3,  // honest hours
	"R1": 15, // live overview and wall
	"R2": 19, // progress and guidance
	"A1": 15, // articles and the editor
	"L1": 9,  // lists from offices
	"R5": 8,  // declared totals and duties
	"W1": 16, // the bulletin
	"W2": 9,  // experiences
}

// requirement is one line of docs/acceptance.md.
type requirement struct {
	at, id  string
	both    bool
	shownBy []string // tests and commands; empty where it is open
}

var (
	requirementRe = regexp.MustCompile(`^\| ([A-Z]\d+\.\d+) \| (.+) \| (both|–) \| (.+) \|$`)
	shownRe       = regexp.MustCompile("`([^`]+)`")
	testRe        = regexp.MustCompile(`^([a-z0-9/]+)\.((?:Test|Fuzz)\w+)(?:/(.+))?$`)
	targetRe      = regexp.MustCompile(`(?m)^([a-z0-9-]+):`)
)

// readAcceptance reads the lines, and complains of those that look like one but are not.
func readAcceptance(t *tree) (rows []requirement, found []breach) {
	for i, line := range strings.Split(t.texts[acceptanceFile], "\n") {
		at := fmt.Sprintf("%s:%d", acceptanceFile, i+1)
		m := requirementRe.FindStringSubmatch(line)
		switch {
		case m == nil && strings.HasPrefix(line, "|") && !strings.HasPrefix(line, "| id ") && !strings.HasPrefix(line, "|--"):
			found = append(found, breach{at, "is no line of the form | id | requirement | both or – | shown by |"})
			continue
		case m == nil:
			continue
		}
		r := requirement{at: at, id: m[1], both: m[3] == "both"}
		for _, s := range shownRe.FindAllStringSubmatch(m[4], -1) {
			r.shownBy = append(r.shownBy, s[1])
		}
		if len(r.shownBy) == 0 && m[4] != "open" {
			found = append(found, breach{at, r.id + " is shown by nothing: name a test, a command, or say open"})
		}
		rows = append(rows, r)
	}
	return rows, found
}

// acceptance: what docs/acceptance.md names exists, and runs on both engines where that is asked.
func acceptance(t *tree) (found []breach) {
	rows, found := readAcceptance(t)
	ids := map[string]bool{}
	for _, r := range rows {
		if ids[r.id] {
			found = append(found, breach{r.at, r.id + " stands twice"})
		}
		ids[r.id] = true
		onBoth := false
		for _, shown := range r.shownBy {
			says, engines := t.shows(shown)
			onBoth = onBoth || engines
			if says != "" {
				found = append(found, breach{r.at, r.id + " names " + shown + ", " + says})
			}
		}
		if r.both && len(r.shownBy) > 0 && !onBoth {
			found = append(found, breach{r.at, r.id + " asks for both engines, but no test of it runs through dbtest.Run"})
		}
	}
	return found
}

// shows says what is wrong with the name of a test or command, and whether the test runs on both engines.
func (t *tree) shows(name string) (says string, both bool) {
	if target, ok := strings.CutPrefix(name, "make "); ok {
		if !slices.ContainsFunc(targetRe.FindAllStringSubmatch(t.texts["Makefile"], -1), func(m []string) bool { return m[1] == target }) {
			return "which the Makefile does not have", false
		}
		return "", false
	}
	if strings.HasPrefix(name, "tongxin ") {
		if t.packages["cmd/tongxin"] == nil {
			return "but there is no cmd/tongxin", false
		}
		return "", false
	}
	m := testRe.FindStringSubmatch(name)
	if m == nil {
		return "which is neither a test (roster.TestSignUp) nor a command (make x, tongxin x)", false
	}
	tests := t.findTests(m[1], m[2])
	switch {
	case len(tests) == 0:
		return "which does not exist", false
	case len(tests) > 1:
		return "which is in several packages: write more of the folder", false
	case m[3] != "" && !mentions(tests[0].file.pkg, m[3]):
		return "a subtest that no table of its package names", false
	}
	return "", t.runsOnBoth(tests[0], map[*ast.FuncDecl]bool{})
}

type function struct {
	file *file
	decl *ast.FuncDecl
}

func (t *tree) findTests(folder, name string) (hits []function) {
	for _, f := range t.tests() {
		if f.dir != folder && !strings.HasSuffix(f.dir, "/"+folder) {
			continue
		}
		for _, decl := range f.ast.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Name.Name == name {
				hits = append(hits, function{f, fn})
			}
		}
	}
	return hits
}

// mentions: some test file of the package has the text as a string of its own.
func mentions(p *pkg, text string) (found bool) {
	for _, f := range p.files {
		each(f, func(lit *ast.BasicLit) {
			s, ok := literal(lit)
			found = found || ok && f.test && s == text
		})
	}
	return found
}

// runsOnBoth follows the calls of a test within its package, and into packages of test helpers, as far as dbtest.Run or a
// loop over dbtest.Engines.
func (t *tree) runsOnBoth(fn function, seen map[*ast.FuncDecl]bool) (both bool) {
	if seen[fn.decl] {
		return false
	}
	seen[fn.decl] = true
	ast.Inspect(fn.decl, func(n ast.Node) bool {
		if loop, ok := n.(*ast.RangeStmt); ok {
			if p, selected := fn.file.selected(loop.X); p == modulePath+"/internal/base/db/dbtest" && selected == "Engines" {
				both = true
			}
		}
		call, ok := n.(*ast.CallExpr)
		if !ok || both {
			return !both
		}
		dir, name := fn.file.dir, ""
		if id, ok := call.Fun.(*ast.Ident); ok {
			name = id.Name
		} else if p, selected := fn.file.selected(call.Fun); p != "" {
			rel, ours := strings.CutPrefix(p, modulePath+"/")
			if rel == "internal/base/db/dbtest" && strings.HasPrefix(selected, "Run") {
				both = true
			}
			if !ours || !strings.HasSuffix(rel, "test") {
				return true
			}
			dir, name = rel, selected
		} else {
			name = selected
		}
		for _, next := range t.functions(dir, name) {
			both = both || t.runsOnBoth(next, seen)
		}
		return !both
	})
	return both
}

// functions finds the functions and methods of a name in a folder.
func (t *tree) functions(dir, name string) (hits []function) {
	p := t.packages[dir]
	if p == nil {
		return nil
	}
	for _, f := range p.files {
		for _, decl := range f.ast.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Name.Name == name && fn.Body != nil {
				hits = append(hits, function{f, fn})
			}
		}
	}
	return hits
}

// TestAcceptance: every requirement has its line, and none is open.
func TestAcceptance(t *testing.T) {
	rows, _ := readAcceptance(source(t))
	count, open := map[string]int{}, []string{}
	for _, r := range rows {
		section, _, _ := strings.Cut(r.id, ".")
		count[section]++
		if len(r.shownBy) == 0 {
			open = append(open, r.id)
		}
	}
	for section, n := range requirements {
		if count[section] != n {
			t.Errorf("section %s of %s has %d requirements, not %d", section, acceptanceFile, count[section], n)
		}
	}
	for section := range count {
		if requirements[section] == 0 {
			t.Errorf("section %s of %s is not counted in acceptance_test.go", section, acceptanceFile)
		}
	}
	if len(open) > 0 {
		t.Errorf("%d of %d requirements are open: %s", len(open), len(rows), strings.Join(open, " "))
	}
}

// TestCI: .ci/run runs all tests the way a developer does.
func TestCI(t *testing.T) {
	script, err := os.ReadFile("../../.ci/run")
	if err != nil {
		t.Fatal(err)
	}
	for _, must := range []string{"make test", "make check"} {
		if !strings.Contains(string(script), must) {
			t.Errorf(".ci/run does not call %s", must)
		}
	}
}
