package arch

import (
	"go/ast"
	"regexp"
	"strings"
	"testing"
)

const securityFile = "docs/security.md"

var asvsRe = regexp.MustCompile(`^\| V\d+\.\d+\.\d+ `)

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
