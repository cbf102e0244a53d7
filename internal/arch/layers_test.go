package arch

import (
	"fmt"
	"path"
	"slices"
	"strings"
)

// rung is one step of the ladder of packages. A package imports what stands on lower rungs. On its own rung it imports
// its peers if they are friends, and nobody if they are strangers.
type rung struct {
	says    string
	dirs    []string // folders; a trailing /* takes any one name
	friends bool
}

// workAreas are the areas of work, each of which may import those before it.
var workAreas = []string{"area", "org", "people", "notice", "campaign", "training", "activity", "roster", "intake", "callup", "report",
	"care", "request", "errand", "supply", "hotline", "checkpoint", "survey", "media", "honour"}

// reportAreas are the packages of report, each of which may import those before it.
var reportAreas = []string{"figure", "live", "progress", "guidance", "article", "experience", "bulletin"}

// ladder is the architecture, from the ground up. A new package gets its place here.
var ladder = slices.Concat(
	[]rung{
		{"base", inBase("archive", "db", "db/dbtest", "db/migrations", "id", "auth", "audit", "chain", "jobs", "idem", "crypt", "fail", "i18n", "ident", "config", "sheet", "search", "ical", "prose", "picture",
			"send", "send/mail", "send/sms", "send/wechat", "send/hook"), true},
		{"ledger", []string{"internal/ledger"}, false},
	},
	each1("work", workAreas),
	each1("report", reportAreas),
	[]rung{
		{"the pages' shell", []string{"internal/web/page", "internal/web/ui", "internal/web/assets"}, true},
		{"the editor of texts", []string{"internal/web/editor"}, false},
		{"web and api areas", []string{"internal/web/*", "internal/api"}, false},
		{"the pages' server", []string{"internal/web"}, false},
		{"app, seed and bench", []string{"internal/app", "internal/seed", "internal/bench"}, true},
		{"the command line", []string{"cmd/tongxin"}, false},
		{"tests of the whole", []string{"internal/arch", "e2e", "e2e/*"}, true},
	},
)

func inBase(names ...string) []string {
	for i, n := range names {
		names[i] = "internal/base/" + n
	}
	return names
}

func each1(layer string, names []string) []rung {
	rungs := make([]rung, len(names))
	for i, n := range names {
		rungs[i] = rung{says: layer + "/" + n, dirs: []string{"internal/" + layer + "/" + n}}
	}
	return rungs
}

// rungOf finds the place of a folder. A package of test helpers, roster/rostertest say, stands with its parent.
func rungOf(dir string) (int, bool) {
	if parent := path.Dir(dir); path.Base(dir) == path.Base(parent)+"test" {
		dir = parent
	}
	at := slices.IndexFunc(ladder, func(r rung) bool {
		return slices.ContainsFunc(r.dirs, func(d string) bool {
			ok, _ := path.Match(d, dir)
			return ok
		})
	})
	return at, at >= 0
}

// knownPackages: every package has its place on the ladder.
func knownPackages(t *tree) (found []breach) {
	for _, dir := range t.folders() {
		if _, ok := rungOf(dir); !ok {
			found = append(found, breach{dir, "is a package that the architecture does not know; give it its place in the ladder of internal/arch/layers_test.go"})
		}
	}
	return found
}

func (t *tree) folders() []string {
	dirs := make([]string, 0, len(t.packages))
	for dir := range t.packages {
		dirs = append(dirs, dir)
	}
	slices.Sort(dirs)
	return dirs
}

// downward: a package imports lower rungs, and of its own rung only friends.
func downward(t *tree) (found []breach) {
	for _, f := range t.files {
		from, ok := rungOf(f.dir)
		if !ok {
			continue
		}
		for _, spec := range f.ast.Imports {
			to, ours := strings.CutPrefix(strings.Trim(spec.Path.Value, `"`), modulePath+"/")
			target, known := rungOf(to)
			if !ours || !known || to == f.dir || path.Dir(to) == f.dir && path.Base(to) == path.Base(f.dir)+"test" {
				continue
			}
			if says := refusal(from, target, f.dir, to); says != "" {
				found = append(found, breach{t.at(spec), says})
			}
		}
	}
	return found
}

func refusal(from, to int, importer, imported string) string {
	switch {
	case to < from || to == from && (ladder[from].friends || path.Dir(importer) == imported):
		return ""
	case to == from:
		return fmt.Sprintf("%s imports %s: %s never import each other; what both need goes a layer down", importer, imported, ladder[from].says)
	}
	return fmt.Sprintf("%s imports %s, which stands above it (%s above %s): imports go downward only", importer, imported, ladder[to].says, ladder[from].says)
}

// testHelpers: what is made for tests is imported by tests.
func testHelpers(t *tree) (found []breach) {
	for _, f := range t.source() {
		if strings.HasSuffix(f.dir, "test") || under(f.dir, "e2e", "internal/bench") {
			continue
		}
		for _, spec := range f.ast.Imports {
			if p := strings.Trim(spec.Path.Value, `"`); p == "testing" || strings.HasPrefix(p, modulePath+"/") && strings.HasSuffix(p, "test") {
				found = append(found, breach{t.at(spec), "imports " + p + " into the product: it is for tests"})
			}
		}
	}
	return found
}
