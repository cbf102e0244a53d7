package arch

import (
	"go/ast"
	"os"
	"path"
	"slices"
	"testing"
)

// rules are all that this package enforces.
var rules = []struct {
	name  string
	check func(*tree) []breach
}{
	{"known packages", knownPackages},
	{"imports go downward", downward},
	{"test helpers stay in tests", testHelpers},
	{"chosen modules", chosenModules},
	{"places of SQL", sqlPlaces},
	{"own tables", ownTables},
	{"SQL reads downward", readsDownward},
	{"both engines", bothEngines},
	{"homes named", homesNamed},
	{"homes first", homesFirst},
	{"keys of reference and national tables", keysOfOthers},
	{"foreign keys", foreignKeys},
	{"form of tables", tableForm},
	{"kinds of facts", factKinds},
	{"own facts", ownFacts},
	{"roster's commands", rosterRules},
	{"blind to the engine", engineBlind},
	{"inside transactions", insideTransactions},
	{"no Han in code", hanFree},
	{"documented", documented},
	{"plain names", plainNames},
	{"one clock", oneClock},
	{"no sleep", sleepless},
	{"no skip", skipless},
	{"sizes", sizes},
	{"finished", finished},
	{"acceptance", acceptance},
}

func source(t *testing.T) *tree {
	t.Helper()
	m, err := load(os.DirFS("../.."))
	if err != nil {
		t.Fatal(err)
	}
	if len(m.packages) < 3 || len(m.schema.tables) < 3 {
		t.Fatalf("read only %d packages and %d tables: the source was not found", len(m.packages), len(m.schema.tables))
	}
	return m
}

func TestRules(t *testing.T) {
	m := source(t)
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) {
			for _, b := range r.check(m) {
				t.Error(b)
			}
		})
	}
}

// TestAcrossHomes prints the named set of queries that read across homes, for whoever reviews it.
func TestAcrossHomes(t *testing.T) {
	m := source(t)
	for _, s := range m.sql {
		if s.across != "" && len(unnamed(s, m.schema)) > 0 {
			t.Logf("%s: %s", s.file.path, s.across)
		}
	}
}

// TestMeasures prints how the code stands against the measures of good code bases: median function ≤ 12 lines, nine in ten
// ≤ 45; median file ≤ 150, nine in ten ≤ 400; 85 % of exported names documented; as many lines of tests as of code.
func TestMeasures(t *testing.T) {
	m := source(t)
	var functions, files []int
	var exported, told, code, tests int
	for _, f := range m.files {
		switch {
		case f.generated:
			continue
		case f.test:
			tests += f.lines
			continue
		}
		code += f.lines
		files = append(files, f.lines)
		each(f, func(fn *ast.FuncDecl) { functions = append(functions, m.linesOf(fn)) })
		for _, documented := range exportedOf(f) {
			exported++
			if documented {
				told++
			}
		}
	}
	t.Logf("functions: median %d lines, nine in ten ≤ %d", share(functions, 50), share(functions, 90))
	t.Logf("files: median %d lines, nine in ten ≤ %d", share(files, 50), share(files, 90))
	t.Logf("exported names documented: %d of %d", told, exported)
	t.Logf("lines: %d of code, %d of tests", code, tests)
}

func share(sizes []int, percent int) int {
	if len(sizes) == 0 {
		return 0
	}
	slices.Sort(sizes)
	return sizes[(len(sizes)-1)*percent/100]
}

// exportedOf tells of each exported name at the top of a file whether it is documented.
func exportedOf(f *file) (documented []bool) {
	for _, decl := range f.ast.Decls {
		switch d := decl.(type) {
		case *ast.FuncDecl:
			if d.Name.IsExported() {
				documented = append(documented, d.Doc != nil)
			}
		case *ast.GenDecl:
			for _, spec := range d.Specs {
				switch s := spec.(type) {
				case *ast.TypeSpec:
					if s.Name.IsExported() {
						documented = append(documented, d.Doc != nil || s.Doc != nil || s.Comment != nil)
					}
				case *ast.ValueSpec:
					if s.Names[0].IsExported() {
						documented = append(documented, d.Doc != nil || s.Doc != nil || s.Comment != nil)
					}
				}
			}
		}
	}
	if path.Base(f.path) == "doc.go" {
		return nil
	}
	return documented
}
