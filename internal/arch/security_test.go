package arch

import (
	"go/ast"
	"regexp"
	"slices"
	"strings"
	"testing"
)

const securityFile = "docs/security.md"

var asvsRe = regexp.MustCompile(`^\| V\d+\.\d+\.\d+ `)

var gosecRe = regexp.MustCompile(`(?m)^\| G\d+ [^|]*\| ([^|]+) \| [^|]{5,} \|$`)

// TestGosecIsExplained: what docs/security.md says of gosec's findings is said of files that there are, each with why.
func TestGosecIsExplained(t *testing.T) {
	m, rows := source(t), 0
	rules := gosecRe.FindAllStringSubmatch(m.texts[securityFile], -1)
	for _, row := range rules {
		for i, path := range strings.Split(row[1], "`") {
			if i%2 == 0 {
				continue
			}
			rows++
			if !slices.ContainsFunc(m.files, func(f *file) bool { return strings.HasPrefix(f.path, path) }) {
				t.Errorf("%s: %s is not there", securityFile, path)
			}
		}
	}
	if n := strings.Count(m.texts[securityFile], "\n| G"); n != len(rules) || rows < 20 {
		t.Errorf("%s: %d of %d rows of gosec's findings say where and why", securityFile, len(rules), n)
	}
}

const parsersHead = "## What is read from outside"

// TestParsers: every function that is named for parsing text stands in the list of what is read from outside, itself
// or one of its package that calls it.
func TestParsers(t *testing.T) {
	m := source(t)
	_, list, _ := strings.Cut(m.texts[securityFile], parsersHead)
	list, _, _ = strings.Cut(list, "\n## ")
	for line := range strings.SplitSeq(list, "\n") {
		if strings.HasPrefix(line, "| ") && !strings.HasPrefix(line, "| what ") && !strings.Contains(line, ".Fuzz") && !strings.Contains(line, ".TestFuzz") {
			t.Errorf("%s: nothing tries this with whatever comes: %s", securityFile, line)
		}
	}
	parsers := map[string]map[string]*ast.FuncDecl{} // by folder and name
	for _, f := range m.source() {
		if strings.HasPrefix(f.dir, "internal/arch") || strings.HasPrefix(f.dir, "internal/seed") || strings.HasPrefix(f.dir, "internal/bench") {
			continue
		}
		each(f, func(fn *ast.FuncDecl) {
			if fn.Recv == nil && strings.HasPrefix(strings.ToLower(fn.Name.Name), "parse") && fn.Body != nil {
				if parsers[f.dir] == nil {
					parsers[f.dir] = map[string]*ast.FuncDecl{}
				}
				parsers[f.dir][fn.Name.Name] = fn
			}
		})
	}
	n := 0
	for dir, own := range parsers {
		listed := map[string]bool{}
		for again := true; again; {
			again = false
			for name := range own {
				short := "`" + dir[strings.LastIndex(dir, "/")+1:] + "." + name + "`"
				if !listed[name] && (strings.Contains(list, short) || calledBy(own, listed, name)) {
					listed[name], again = true, true
				}
			}
		}
		for name, fn := range own {
			if n++; !listed[name] {
				t.Errorf("%s: %s.%s reads text and is not in the list of %s", m.at(fn), dir, name, securityFile)
			}
		}
	}
	if n < 25 {
		t.Errorf("only %d parsers were found", n)
	}
}

// calledBy says whether one of the listed functions mentions another.
func calledBy(own map[string]*ast.FuncDecl, listed map[string]bool, name string) (found bool) {
	for caller := range listed {
		ast.Inspect(own[caller].Body, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			found = found || ok && id.Name == name
			return !found
		})
	}
	return found
}

// TestSecurity: every test that docs/security.md names exists, every requirement of the standard in it names
// one, and every fuzz target of the module stands in its list of what is read from outside.
func TestSecurity(t *testing.T) {
	m := source(t)
	text, requirements := m.texts[securityFile], 0
	for i, line := range strings.Split(text, "\n") {
		named := 0
		for _, s := range shownRe.FindAllStringSubmatch(line, -1) {
			if !testRe.MatchString(s[1]) {
				continue
			}
			named++
			if says, _ := m.shows(s[1]); says != "" {
				t.Errorf("%s:%d: names %s, %s", securityFile, i+1, s[1], says)
			}
		}
		if asvsRe.MatchString(line) {
			if requirements++; named == 0 {
				t.Errorf("%s:%d: a requirement that no test shows", securityFile, i+1)
			}
		}
	}
	if requirements < 30 {
		t.Errorf("%s has only %d requirements of the standard", securityFile, requirements)
	}
	for _, f := range m.tests() {
		each(f, func(fn *ast.FuncDecl) {
			short := f.dir[strings.LastIndex(f.dir, "/")+1:] + "." + fn.Name.Name
			if strings.HasPrefix(fn.Name.Name, "Fuzz") && !strings.Contains(text, short+"`") {
				t.Errorf("%s is not in the list of parsers of %s", short, securityFile)
			}
		})
	}
}
