package arch

import (
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

// planted is a tiny source and the rule it breaks, with words that the breach must say; or one that breaks nothing, where
// says is empty.
type planted struct {
	rule, says string
	file, text string
}

const (
	work   = "package x\n"
	rosted = "internal/work/roster/store.go"
	made   = migrations + "/20261125000000_made.sql"
)

// store is a store file of roster with one statement.
func store(sql string) string { return work + "const q = `" + sql + "`\n" }

var plants = []planted{
	{"known packages", "does not know", "internal/work/parades/doc.go", work},
	{"known packages", "does not know", "internal/base/cache/cache.go", work},
	{"known packages", "", "internal/work/roster/rostertest/doc.go", work},
	{"known packages", "", "internal/web/rosters/doc.go", work},

	{"imports go downward", "stands above it", "internal/work/area/area.go", work + `import _ "tongxin/internal/work/org"`},
	{"imports go downward", "stands above it", "internal/work/area/area_test.go", work + `import _ "tongxin/internal/work/org"`},
	{"imports go downward", "stands above it", "internal/work/org/org.go", work + `import _ "tongxin/internal/report/figure"`},
	{"imports go downward", "stands above it", "internal/ledger/l.go", work + `import _ "tongxin/internal/work/area"`},
	{"imports go downward", "stands above it", "internal/base/db/l.go", work + `import _ "tongxin/internal/ledger"`},
	{"imports go downward", "stands above it", "internal/web/page/l.go", work + `import _ "tongxin/internal/web/people"`},
	{"imports go downward", "never import each other", "internal/web/rosters/l.go", work + `import _ "tongxin/internal/web/people"`},
	{"imports go downward", "never import each other", "internal/api/l.go", work + `import _ "tongxin/internal/web/people"`},
	{"imports go downward", "", "internal/work/roster/l.go", work + `import _ "tongxin/internal/work/activity"`},
	{"imports go downward", "", "internal/app/l.go", work + `import _ "tongxin/internal/seed"`},

	{"test helpers stay in tests", "it is for tests", "internal/work/area/area.go", work + `import _ "tongxin/internal/base/db/dbtest"`},
	{"test helpers stay in tests", "it is for tests", "internal/work/area/area.go", work + `import _ "testing"`},
	{"test helpers stay in tests", "", "internal/work/area/area_test.go", work + `import _ "tongxin/internal/base/db/dbtest"`},

	{"chosen modules", "not among the libraries chosen", "internal/work/area/area.go", work + `import _ "github.com/stretchr/testify/assert"`},
	{"chosen modules", "belongs to internal/base/db", "internal/work/area/area.go", work + `import _ "modernc.org/sqlite"`},
	{"chosen modules", "", "internal/base/db/open.go", work + `import _ "github.com/jackc/pgx/v5/stdlib"`},

	{"places of SQL", "holds SQL", "internal/work/roster/signup.go", store("SELECT id FROM roster_shift WHERE home = $1")},
	{"places of SQL", "holds SQL", "internal/work/roster/signup.go", store("select id from roster_shift where home = $1")},
	{"places of SQL", "holds SQL", "internal/work/roster/signup.go", work + `func f() { g("UPDATE roster_shift " + "SET x = 1") }`},
	{"places of SQL", "holds SQL", "internal/work/roster/signup.go", store("/* why */ WITH a AS (SELECT 1) SELECT * FROM a")},
	{"places of SQL", "holds SQL", "internal/web/rosters/read.go", store("SELECT id FROM roster_shift WHERE home = $1")},
	{"places of SQL", "a piece of SQL", "internal/work/roster/signup.go", store(" WHERE home = $1")},
	{"places of SQL", "", "internal/work/roster/read_lists.go", store("SELECT id FROM roster_shift WHERE home = $1")},
	{"places of SQL", "", "internal/work/roster/words.go", store("Select a shift from the list")},
	{"places of SQL", "", "internal/work/roster/roster_test.go", store("SELECT id FROM roster_shift")},

	{"own tables", "writes only tables that begin with roster_", rosted, store("UPDATE people_person SET rev = rev + 1 WHERE home = $1")},
	{"own tables", "writes only tables that begin with roster_", rosted, store("INSERT INTO ledger_fact (home) VALUES ($1)")},
	{"own tables", "writes only tables that begin with roster_", rosted, store("WITH gone AS (DELETE FROM people_member WHERE home = $1 RETURNING org) SELECT org FROM gone")},
	{"own tables", "only at run time", rosted, work + `func f(t string) { g("DELETE FROM " + t + " WHERE home = $1") }`},
	{"own tables", "", rosted, store("INSERT INTO roster_agenda (home, person, rev) SELECT home, id, 0 FROM people_person WHERE home = $1 ON CONFLICT (home, person) DO UPDATE SET rev = 1")},
	{"own tables", "", "internal/base/chain/seal.go", store("UPDATE ledger_head SET seq = $1 WHERE seq = $2")},

	{"SQL reads downward", "stands above it", "internal/work/people/read.go", store("SELECT 1 FROM people_person p, roster_signup s WHERE p.home = $1 AND s.home = p.home")},
	{"SQL reads downward", "stands above it", "internal/ledger/read.go", store("SELECT 1 FROM ledger_fact f JOIN org_org o ON o.id = f.org WHERE f.home = $1")},
	{"SQL reads downward", "", rosted, store("SELECT 1 FROM roster_shift s JOIN activity_activity a ON a.home = s.home AND a.id = s.activity WHERE s.home = $1")},

	{"homes named", "does not say in which home it reads", rosted, store("SELECT id FROM roster_shift WHERE id = $1")},
	{"homes named", "does not say in which home it reads activity_activity", rosted, store("SELECT 1 FROM roster_shift s JOIN activity_activity a ON a.id = s.activity WHERE s.home = $1")},
	{"homes named", "does not say in which home it reads", rosted, store("UPDATE roster_shift SET taken = taken + 1 WHERE id = $1")},
	{"homes named", "does not say in which home it reads", rosted, store("SELECT id FROM roster_shift WHERE (home, id) > ($1, $2) ORDER BY home, id")},
	{"homes named", "does not say in which home it reads", rosted, store("INSERT INTO roster_agenda (person, rev) VALUES ($1, 0)")},
	{"homes named", "does not say in which home it reads", rosted, work + "const cols = `id, day`\nfunc f() { g(`SELECT ` + cols + ` FROM roster_shift`) }"},
	{"homes named", "does not say in which home it reads people_person", rosted, store("SELECT 1 FROM roster_signup s JOIN people_person p ON p.home = SUBSTR(s.person, 1, 6) AND p.id = s.person WHERE s.home = $1")},
	{"homes named", "does not say in which home it reads roster_signup, people_person", rosted, store("SELECT 1 FROM roster_signup s JOIN people_person p ON p.home = s.home WHERE s.person = $1")},
	{"homes named", "does not say in which home it reads roster_signup", rosted, store("SELECT 1 FROM roster_shift s WHERE s.home = $1 AND EXISTS (SELECT 1 FROM roster_signup u WHERE u.shift = s.id)")},
	{"homes named", "does not say in which home it reads roster_signup", rosted, store("SELECT 1 FROM org_org o JOIN roster_signup s ON s.home = o.home WHERE o.id = $1")},
	{"homes named", "does not say in which home it reads roster_signup", rosted, store("DELETE FROM roster_signup WHERE home IN (SELECT home FROM org_org)")},
	{"homes named", "without saying why", rosted, store("/* across homes: */ SELECT id FROM roster_shift WHERE id = $1")},
	{"homes named", "drop the remark", rosted, store("/* across homes: her shifts anywhere */ SELECT id FROM roster_shift WHERE home = $1")},
	{"homes named", "a home never changes", rosted, store("UPDATE roster_shift SET rev = 2, home = $2 WHERE home = $1")},
	{"homes named", "", rosted, store("/* across homes: her shifts in any county */ SELECT id FROM roster_signup WHERE person = $1")},
	{"homes named", "", rosted, store("SELECT 1 FROM roster_shift s JOIN activity_activity a ON a.home = s.home AND a.id = s.activity WHERE s.home = $1")},
	{"homes named", "", rosted, store("SELECT 1 FROM roster_shift JOIN roster_signup USING (home) WHERE $1 = roster_shift.home")},
	{"homes named", "", rosted, store("SELECT id FROM roster_shift WHERE (home, id) IN (($1, $2), ($3, $4))")},
	{"homes named", "", rosted, store("SELECT name FROM area_area WHERE code = $1")},
	{"homes named", "", rosted, store("SELECT EXISTS (SELECT 1 FROM roster_signup u WHERE u.home = s.home AND u.shift = s.id) FROM roster_shift s WHERE s.home = $1")},
	{"homes named", "", rosted, store("UPDATE roster_shift SET taken = taken - 1 WHERE home = $1 AND id IN (SELECT shift FROM roster_signup WHERE home = $1) AND rev = $2")},
	{"homes named", "", rosted, store("WITH a AS (SELECT home, id FROM roster_shift WHERE home = $1) UPDATE roster_signup SET rev = 2 WHERE (home, shift) IN (SELECT home, id FROM a)")},
	{"homes named", "", rosted, store("INSERT INTO roster_agenda AS a (home, person, rev) SELECT home, id, 0 FROM people_person WHERE home = $1 ON CONFLICT (home, person) DO UPDATE SET rev = a.rev + 1")},
	{"homes named", "", rosted, work + "func f() { g(`SELECT id FROM roster_shift WHERE home IN (` + db.In(3, 1) + `)`) }"},
	{"homes named", "", rosted, work + "const from = `SELECT id FROM roster_shift`\nfunc f() { g(from + ` WHERE home = $1`) }"},
	{"homes named", "", rosted, store("WITH held AS (SELECT id FROM roster_shift WHERE home = $1) SELECT COUNT(*) FROM held")},

	{"homes first", "has no home", made, "CREATE TABLE roster_x (id TEXT NOT NULL PRIMARY KEY);"},
	{"homes first", "begins with home", made, "CREATE TABLE roster_x (home TEXT NOT NULL, id TEXT NOT NULL PRIMARY KEY);"},
	{"homes first", "begins with home", made, "CREATE TABLE roster_x (home TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (id, home));"},
	{"homes first", "begins with home", made, "CREATE TABLE roster_x (home TEXT NOT NULL, id TEXT NOT NULL);"},
	{"homes first", "is not TEXT NOT NULL", made, "CREATE TABLE roster_x (home TEXT, id TEXT NOT NULL, PRIMARY KEY (home, id));"},
	{"homes first", "a unique key of roster_x is (no)", made, "CREATE TABLE roster_x (home TEXT NOT NULL, id TEXT NOT NULL, no TEXT UNIQUE, PRIMARY KEY (home, id));"},
	{"homes first", "a unique key of roster_x is (no, home)", made, "CREATE TABLE roster_x (home TEXT NOT NULL, id TEXT NOT NULL, no TEXT, PRIMARY KEY (home, id), UNIQUE (no, home));"},
	{"homes first", "a unique key of roster_x is (no)", made, "CREATE TABLE roster_x (home TEXT NOT NULL, no TEXT, PRIMARY KEY (home, no));\nCREATE UNIQUE INDEX roster_x_no ON roster_x (no) WHERE no <> '';"},
	{"homes first", "a unique key of roster_x is (no)", made, "CREATE TABLE roster_x (home TEXT NOT NULL, PRIMARY KEY (home));\nALTER TABLE roster_x ADD COLUMN no TEXT UNIQUE;"},
	{"homes first", "", made, "CREATE TABLE roster_x (home TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (home, id), UNIQUE (home, id, day));\nDROP TABLE roster_x;"},

	{"keys of reference and national tables", "no primary key", made, "CREATE TABLE area_area (code BIGINT NOT NULL);"},
	{"keys of reference and national tables", "no migration makes it", made, "CREATE TABLE roster_x (home TEXT NOT NULL PRIMARY KEY);"},

	{"foreign keys", "stays within a home", made, "CREATE TABLE roster_x (home TEXT NOT NULL, id TEXT, PRIMARY KEY (home, id));\nCREATE TABLE roster_y (home TEXT NOT NULL, x TEXT REFERENCES roster_x (id), PRIMARY KEY (home, x));"},
	{"foreign keys", "stays within a home", made, "CREATE TABLE roster_x (home TEXT NOT NULL, id TEXT, PRIMARY KEY (home, id), FOREIGN KEY (id, home) REFERENCES roster_x (home, id));"},
	{"foreign keys", "name as many columns", made, "CREATE TABLE roster_x (home TEXT NOT NULL, id TEXT REFERENCES roster_x, PRIMARY KEY (home, id));"},
	{"foreign keys", "points to reference tables only", made, "CREATE TABLE roster_x (home TEXT NOT NULL PRIMARY KEY);\nCREATE TABLE org_org (id TEXT PRIMARY KEY REFERENCES roster_x (home));"},
	{"foreign keys", "once in the country", made, "CREATE TABLE people_phone (hash BYTEA PRIMARY KEY);\nCREATE TABLE roster_x (home TEXT NOT NULL PRIMARY KEY, p BYTEA REFERENCES people_phone (hash));"},
	{"foreign keys", "no migration makes", made, "CREATE TABLE roster_x (home TEXT NOT NULL PRIMARY KEY, p BYTEA REFERENCES people_gone (hash));"},
	{"foreign keys", "", made, "CREATE TABLE org_org (id TEXT PRIMARY KEY);\nCREATE TABLE roster_x (home TEXT NOT NULL, id TEXT REFERENCES org_org (id), PRIMARY KEY (home, id));\nCREATE TABLE roster_y (home TEXT NOT NULL, x TEXT, PRIMARY KEY (home, x), CONSTRAINT kept FOREIGN KEY (home, x) REFERENCES roster_x (home, id));"},

	{"form of tables", "no package that could own it", made, "CREATE TABLE parade_x (home TEXT NOT NULL PRIMARY KEY);"},
	{"form of tables", "roster_x.at is date", made, "CREATE TABLE roster_x (home TEXT NOT NULL PRIMARY KEY, at DATE);"},
	{"form of tables", "cannot read", made, "GRANT ALL ON roster_x TO public;"},
	{"form of tables", "is not named", migrations + "/made.sql", "CREATE TABLE roster_x (home TEXT NOT NULL PRIMARY KEY);"},
	{"form of tables", "no function or trigger", made, "-- +goose StatementBegin\nSELECT 1;\n-- +goose StatementEnd"},
	{"form of tables", "", made, "CREATE TABLE roster_x (home TEXT NOT NULL PRIMARY KEY, n BIGINT DEFAULT 0 CHECK (n >= 0)); -- a remark; with a semicolon"},

	{"kinds of facts", "outside the facts.go", "internal/work/area/area.go", work + "import \"tongxin/internal/ledger\"\nvar k = ledger.Define(\"area.named\", \"area\", 0)"},
	{"kinds of facts", "begins with area.", "internal/work/area/facts.go", work + "import \"tongxin/internal/ledger\"\nvar k = ledger.Define(\"org.named\", \"area\", 0)"},
	{"kinds of facts", "begins with area.", "internal/work/area/facts.go", work + "import \"tongxin/internal/ledger\"\nvar k = ledger.Define(name, \"area\", 0)"},
	{"kinds of facts", "", "internal/report/progress/facts.go", work + "import \"tongxin/internal/ledger\"\nvar k = ledger.Define(\"report.due\", \"organisation\", 0)"},

	{"own facts", "facts come from the commands", "internal/web/rosters/l.go", work + "import \"tongxin/internal/ledger\"\nfunc f() { ledger.Post(tx, fact) }"},
	{"own facts", "posts or reverses activity.Held", rosted, work + "import (\n\"tongxin/internal/ledger\"\n\"tongxin/internal/work/activity\"\n)\nfunc f() { ledger.Post(tx, ledger.Fact{Kind: activity.Held, Subject: activity.ID}) }"},
	{"own facts", "a kind of another", rosted, work + "import \"tongxin/internal/ledger\"\nfunc f() { ledger.Reverse(tx, \"activity.held\", s, p, d, b) }"},
	{"own facts", "", rosted, work + "import (\n\"tongxin/internal/ledger\"\n\"tongxin/internal/work/activity\"\n)\nfunc f() { ledger.Post(tx, ledger.Fact{Kind: Arrived, Subject: activity.ID}); ledger.Reverse(tx, \"roster.arrived\", activity.ID, p, d, b) }"},

	{"roster's commands", "call the command of roster", "internal/web/activities/l.go", work + "import \"tongxin/internal/work/activity\"\nvar f = activity.Cancel"},
	{"roster's commands", "has no RemovePost", "internal/work/activity/l.go", work},
	{"roster's commands", "", "internal/work/roster/l.go", work + "import \"tongxin/internal/work/activity\"\nvar f = activity.Cancel"},

	{"blind to the engine", "asks for the engine", "internal/work/roster/l.go", work + "func f() { if tx.Engine() == e {} }"},
	{"blind to the engine", "asks for the engine", "internal/app/l.go", work + "import \"tongxin/internal/base/db\"\nvar e = db.Postgres"},
	{"blind to the engine", "", "internal/base/jobs/l.go", work + "func f() { if tx.Engine() == e {} }"},

	{"inside transactions", "holds db.DB", "internal/work/roster/l.go", work + "import \"tongxin/internal/base/db\"\ntype T struct { d *db.DB }"},
	{"inside transactions", "", "internal/app/l.go", work + "import \"tongxin/internal/base/db\"\ntype T struct { d *db.DB }"},

	{"no Han in code", "报名", "internal/work/roster/l.go", work + "var s = \"x报名\""},
	{"no Han in code", "，", "internal/work/roster/l.go", work + "var r = '，'"},
	{"no Han in code", "identifier", "internal/work/roster/l.go", work + "var 班次 = 1"},
	{"no Han in code", "报名", "internal/web/rosters/l.templ", "package x\ntempl a() {\n<p>报名</p>\n}"},
	{"no Han in code", "报名", "internal/web/ui/l.js", "a.b = 'http://x/报名'"},
	{"no Han in code", "报名", made, "INSERT INTO activity_service (name) VALUES (/* sic */ 报名);"},
	{"no Han in code", "", "internal/web/rosters/l.templ", "package x\n// 报名\ntempl a() {\n<p><!-- 报名 --></p>\n}"},
	{"no Han in code", "", "internal/work/roster/l.go", work + "// 报名\nvar r = '\\uff10'"},
	{"no Han in code", "", "internal/work/roster/l_test.go", work + "var s = \"报名\""},
	{"no Han in code", "", "internal/seed/l.go", work + "var s = \"报名\""},

	{"documented", "has no doc.go", "internal/work/area/area.go", "// Package x is.\n" + work},
	{"documented", "does not begin with a comment", "internal/work/area/doc.go", "// This is x.\n" + work},
	{"documented", "", "cmd/tongxin/doc.go", "// Command tongxin is.\npackage main"},

	{"plain names", "says nothing", "internal/base/util/l.go", work},
	{"plain names", "says nothing", "internal/web/helpers/l.go", work},

	{"one clock", "time.Now", "internal/work/roster/l.go", work + "import \"time\"\nvar f = time.Now"},
	{"one clock", "time.Since", "internal/ledger/l.go", work + "import stamp \"time\"\nvar f = stamp.Since(x)"},
	{"one clock", "", "internal/base/config/l.go", work + "import \"time\"\nvar f = time.Now"},

	{"no sleep", "sleeps", "internal/work/roster/l_test.go", work + "import \"time\"\nfunc f() { time.Sleep(1) }"},
	{"no sleep", "sleeps", "internal/base/db/dbtest/l.go", work + "import \"time\"\nfunc f() { time.Sleep(1) }"},
	{"no sleep", "sleeps", "e2e/browser/l.go", work + "import \"github.com/chromedp/chromedp\"\nvar f = chromedp.Sleep(1)"},

	{"no skip", "skips a test", "internal/work/roster/l_test.go", work + "import \"testing\"\nfunc TestX(tt *testing.T) { tt.Skip() }"},
	{"no skip", "skips a test", "internal/work/roster/l_test.go", work + "import \"testing\"\nfunc f(tb testing.TB) { tb.Skipf(\"\") }"},
	{"no skip", "shortens a test", "internal/work/roster/l_test.go", work + "import \"testing\"\nvar f = testing.Short()"},
	{"no skip", "leaves a test out", "internal/work/roster/l_test.go", "//go:build integration\n\n" + work},
	{"no skip", "", "internal/work/roster/l_test.go", "//go:build unix\n\n" + work},
	{"no skip", "", "internal/work/roster/l_test.go", work + "func f(d decoder) { d.Skip() }"},

	{"sizes", "f has 82 lines", "internal/work/roster/l.go", work + "func f() {" + strings.Repeat("\n", 81) + "}"},
	{"sizes", "has 602 lines", "internal/work/roster/l.go", work + strings.Repeat("\n", 601)},
	{"sizes", "has 601 lines", "internal/web/ui/l.templ", strings.Repeat("\n", 601)},
	{"sizes", "", "internal/work/roster/l_test.go", work + strings.Repeat("\n", 700)},

	{"acceptance", "stands twice", acceptanceFile, row("–", "open") + row("–", "open")},
	{"acceptance", "is no line of the form", acceptanceFile, "| S1.1 | x | open |\n"},
	{"acceptance", "is no line of the form", acceptanceFile, row("one", "open")},
	{"acceptance", "is shown by nothing", acceptanceFile, row("–", "yes")},
	{"acceptance", "the Makefile does not have", acceptanceFile, row("–", "`make sense`")},
	{"acceptance", "no cmd/tongxin", acceptanceFile, row("–", "`tongxin sing`")},
	{"acceptance", "neither a test", acceptanceFile, row("–", "`roster.SignUp`")},
	{"acceptance", "does not exist", acceptanceFile, row("–", "`roster.TestSignUp`")},
	{"acceptance", "in several packages", acceptanceFile, row("–", "`people.TestTwo`")},
	{"acceptance", "no table of its package names", acceptanceFile, row("–", "`web/people.TestTwo/gone`")},
	{"acceptance", "asks for both engines", acceptanceFile, row("both", "`web/people.TestTwo`")},
	{"acceptance", "asks for both engines", acceptanceFile, row("both", "`make test`")},
	{"acceptance", "", acceptanceFile, row("–", "`web/people.TestTwo/here`, `make test`")},
	{"acceptance", "", acceptanceFile, row("both", "`work/people.TestTwo`, `web/people.TestTwo`")},

	{"finished", "has a TODO", "internal/work/roster/l.go", work + "// TODO: the rest"},
}

// row is a line of the acceptance table.
func row(engines, shownBy string) string {
	return "| S1.1 | something | " + engines + " | " + shownBy + " |\n"
}

// besides is what stands around a planted line of the acceptance table: a Makefile, and two tests of one name, of which
// one runs on both engines, through a function of its own.
var besides = map[string]string{
	"Makefile":                         "test:\n\ttrue\n",
	"internal/web/people/p_test.go":    work + "import \"testing\"\nfunc TestTwo(t *testing.T) { t.Run(\"here\", nil) }",
	"internal/work/people/p_test.go":   work + "import \"testing\"\nfunc TestTwo(t *testing.T) { run(t) }",
	"internal/work/people/run_test.go": work + "import \"tongxin/internal/base/db/dbtest\"\nfunc run(t T) { dbtest.Run(t, nil) }",
}

// forbiddenSQL has a statement for every construct in forbidden, in its order.
var forbiddenSQL = []string{
	"CREATE TRIGGER a BEFORE UPDATE ON roster_x", "CREATE TABLE roster_x (id BIGSERIAL)", "CREATE TABLE roster_x (id INTEGER PRIMARY KEY)",
	"SELECT nextval('a') FROM roster_x", "LISTEN roster_x", "SELECT pg_advisory_lock(1) FROM roster_x", "LOCK TABLE roster_x",
	"CREATE TABLE roster_x (id TEXT DEFERRABLE)", "SELECT a->>'b' FROM roster_x", "SELECT a FROM roster_x WHERE a ILIKE $1",
	"SELECT date_trunc('day', a) FROM roster_x", "SELECT a FROM roster_x WHERE a = ANY($1)", "CREATE EXTENSION a",
	"UPDATE roster_x SET at = now()", "SELECT strftime('%Y', at) FROM roster_x", "SELECT a::text FROM roster_x",
	"SELECT DISTINCT ON (a) a FROM roster_x", "SELECT a FROM roster_x, LATERAL (SELECT 1) b", "INSERT OR IGNORE INTO roster_x (a) VALUES (1)",
	"SELECT a FROM roster_x WHERE a GLOB 'x*'", "SELECT rowid FROM roster_x", "SELECT a FROM roster_x FOR UPDATE",
	"CREATE TABLE roster_x (a REAL)", "CREATE TABLE roster_x (a TIMESTAMPTZ)", "SELECT pg_relation_size('a') FROM roster_x",
	"PRAGMA journal_mode", "SELECT a FROM roster_x WHERE a = ?1",
}

func TestPlantedBreaches(t *testing.T) {
	shown := map[string]bool{"both engines": true} // TestForbiddenConstructs
	for _, p := range plants {
		t.Run(p.rule+"/"+p.says, func(t *testing.T) {
			found := checkOne(t, p)
			if p.says == "" {
				if len(found) > 0 {
					t.Errorf("takes this for a breach: %s\n%s", found[0], p.text)
				}
				return
			}
			shown[p.rule] = true
			for _, b := range found {
				if strings.Contains(b.says, p.says) && b.at != "" {
					return
				}
			}
			t.Errorf("lets this pass (found %v):\n%s", found, p.text)
		})
	}
	for _, r := range rules {
		if !shown[r.name] {
			t.Errorf("nothing shows that the rule “%s” can fail", r.name)
		}
	}
}

// checkOne runs the planted rule on the planted source. Statements in Go code meet the tables of the real migrations.
func checkOne(t *testing.T, p planted) []breach {
	t.Helper()
	fsys := fstest.MapFS{p.file: {Data: []byte(p.text)}}
	for name, text := range besides {
		if p.rule == "acceptance" {
			fsys[name] = &fstest.MapFile{Data: []byte(text)}
		}
	}
	if p.rule == "homes named" {
		entries, err := os.ReadDir("../../" + migrations)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			text, err := os.ReadFile("../../" + migrations + "/" + e.Name())
			if err != nil {
				t.Fatal(err)
			}
			fsys[migrations+"/"+e.Name()] = &fstest.MapFile{Data: text}
		}
	}
	m, err := load(fsys)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rules {
		if r.name == p.rule {
			return r.check(m)
		}
	}
	t.Fatalf("there is no rule “%s”", p.rule)
	return nil
}

// TestForbiddenConstructs: each construct is found, in a migration and in Go code, and common SQL is not taken for one.
func TestForbiddenConstructs(t *testing.T) {
	if len(forbiddenSQL) != len(forbidden) {
		t.Fatalf("%d constructs are forbidden, %d are shown", len(forbidden), len(forbiddenSQL))
	}
	for i, sql := range forbiddenSQL {
		for _, p := range []planted{{rule: "both engines", file: made, text: sql + ";"}, {rule: "both engines", file: rosted, text: store(sql)}} {
			hit := false
			for _, b := range checkOne(t, p) {
				hit = hit || strings.Contains(b.says, forbidden[i].what)
			}
			if !hit {
				t.Errorf("%s lets %q pass in %s", forbidden[i].what, sql, p.file)
			}
		}
	}
	for _, sql := range []string{
		"SELECT CAST(COALESCE(SUM(minutes), 0) AS BIGINT) FROM roster_signup WHERE home = $1 AND day >= '2020-02-28?' -- now()",
		"INSERT INTO roster_agenda (home, person, rev) VALUES ($1, $2, 0) ON CONFLICT (home, person) DO UPDATE SET rev = roster_agenda.rev + 1 RETURNING rev",
		"UPDATE roster_shift SET taken = taken + 1 WHERE home = $1 AND id = $2 AND taken < places",
		"SELECT a || b, COUNT(*) FILTER (WHERE c) OVER (ORDER BY d) FROM roster_shift WHERE home = $1 AND name LIKE $2 || '%'",
	} {
		if hits := uses(sql); len(hits) > 0 {
			t.Errorf("takes %s for %s", sql, hits[0].what)
		}
	}
}
