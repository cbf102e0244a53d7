package db_test

import (
	"testing"

	"tongxin/internal/base/db"
)

func TestPlaceholdersForSQLite(t *testing.T) {
	for in, want := range map[string]string{
		"SELECT 1":                         "SELECT 1",
		"SELECT $1, $2 + $3, $4":           "SELECT ?, ? + ?, ?",
		"SELECT $1, $2, $1":                "SELECT ?1, ?2, ?1",
		"SELECT $2, $1":                    "SELECT ?2, ?1",
		"SELECT $1, $12 + $1":              "SELECT ?1, ?12 + ?1",
		"SELECT '$1', \"$2\", $3":          "SELECT '$1', \"$2\", ?3",
		"SELECT 'it''s $1' || $2":          "SELECT 'it''s $1' || ?2",
		"SELECT $1 -- is $2\n, $3":         "SELECT ?1 -- is $2\n, ?3",
		"SELECT /* $1; */ $2":              "SELECT /* $1; */ ?2",
		"SELECT '义剪 $1' WHERE x = $1;  \n": "SELECT '义剪 $1' WHERE x = ?;  \n",
		"SELECT 'open $1":                  "SELECT 'open $1",
		"UPDATE t SET a = a-$1":            "UPDATE t SET a = a-?",
		"SELECT $x, $":                     "SELECT $x, $",
		"SELECT ';' ; -- end":              "SELECT ';' ; -- end",
		"":                                 "",
	} {
		got, err := db.Translate(in)
		if err != nil || got != want {
			t.Errorf("%q: %q, %v; want %q", in, got, err, want)
		}
	}
}

func TestClosuresControlNoTransactions(t *testing.T) {
	for _, q := range []string{
		"COMMIT", "commit;", "  Rollback", "ROLLBACK TO s", "SAVEPOINT x", "release s", "BEGIN IMMEDIATE", "END",
		"-- a remark\nCOMMIT", "/* a remark */ COMMIT", "; COMMIT", "SELECT 1; COMMIT", "SELECT 1; SELECT 2",
	} {
		if got, err := db.Translate(q); err == nil {
			t.Errorf("%q became %q", q, got)
		}
	}
}

func TestIn(t *testing.T) {
	for _, c := range []struct {
		n, from int
		want    string
	}{{1, 1, "$1"}, {3, 3, "$3,$4,$5"}, {0, 1, ""}} {
		if got := db.In(c.n, c.from); got != c.want {
			t.Errorf("In(%d, %d) = %q", c.n, c.from, got)
		}
	}
}
