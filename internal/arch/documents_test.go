package arch

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var documentLink = regexp.MustCompile(`\]\(([^)#]+?)(?:#[^)]*)?\)`)

// TestDocuments: the documents that a newcomer needs stand where the README leads, and every
// link and picture in them exists.
func TestDocuments(t *testing.T) {
	const root = "../.."
	files := []string{"README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/glossary.md", "docs/ledger.md", "docs/acceptance.md", "docs/security.md",
		"docs/operate/install.md", "docs/operate/backup.md"}
	for _, name := range files {
		text, err := os.ReadFile(filepath.Join(root, name))
		if err != nil {
			t.Error(err)
			continue
		}
		for _, m := range documentLink.FindAllStringSubmatch(string(text), -1) {
			if strings.Contains(m[1], "://") {
				continue
			}
			if _, err := os.Stat(filepath.Join(root, filepath.Dir(name), m[1])); err != nil {
				t.Errorf("%s leads to %s, which is not there", name, m[1])
			}
		}
	}
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	if err != nil {
		t.Fatal(err)
	}
	for _, must := range []string{"go run ./cmd/tongxin demo", "make test", "docs/pictures/", "internal/work"} {
		if !strings.Contains(string(readme), must) {
			t.Errorf("README.md does not say %q", must)
		}
	}
}

// TestDecisions: decisions are numbered without a gap, and each says why, what and what follows.
func TestDecisions(t *testing.T) {
	all, err := filepath.Glob("../../docs/adr/*.md")
	if err != nil || len(all) < 5 {
		t.Fatalf("%d decisions, %v", len(all), err)
	}
	for i, name := range all {
		if !strings.HasPrefix(filepath.Base(name), fmt.Sprintf("%04d-", i+1)) {
			t.Errorf("%s is not number %d", filepath.Base(name), i+1)
		}
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, part := range []string{"**Context.**", "**Decision.**", "**Consequences.**"} {
			if !strings.Contains(string(text), part) {
				t.Errorf("%s has no %s", filepath.Base(name), part)
			}
		}
	}
}
