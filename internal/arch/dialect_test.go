package arch

import (
	"regexp"
	"strings"
)

// construct is what the SQL of this house does without, and what it does instead.
type construct struct {
	re      *regexp.Regexp
	what    string
	instead string
}

func not(pattern, what, instead string) construct {
	return construct{regexp.MustCompile(`(?i)` + pattern), what, instead}
}

// forbidden is matched against SQL without remarks and with quoted strings emptied, in migrations and in Go code.
var forbidden = []construct{
	not(`\bTRIGGER\b`, "a trigger", "write it in the command that causes it"),
	not(`\b(SMALL|BIG)?SERIAL\b|\bGENERATED\s+(ALWAYS|BY\s+DEFAULT)\s+AS\s+IDENTITY\b|\bAUTOINCREMENT\b`, "a number that the database gives", "tx.NewID, or tx.Next for small integers"),
	not(`\bINTEGER\s+PRIMARY\s+KEY\b`, "INTEGER PRIMARY KEY, which numbers itself on SQLite", "BIGINT and tx.Next"),
	not(`\bSEQUENCE\b|\b(nextval|setval|currval)\s*\(`, "a sequence", "tx.Next"),
	not(`\b(LISTEN|NOTIFY|UNLISTEN)\b`, "LISTEN or NOTIFY", "a job"),
	not(`\bpg_(try_)?advisory`, "an advisory lock", "a guarded write on a row"),
	not(`\bLOCK\s+TABLE\b`, "a table lock", "a guarded write on a row"),
	not(`\bDEFERRABLE\b|\bINITIALLY\s+DEFERRED\b`, "a deferred constraint", "write in the order that the constraint asks for"),
	not(`->|#>|@>|<@|\bjsonb?\w*\s*\(|\bJSONB?\b|\bIS\s+JSON\b`, "a query into JSON", "a column, or decode it in Go"),
	not(`\bILIKE\b`, "ILIKE", "a folded column, or LOWER on both sides"),
	not(`\bdate_(trunc|part|bin)\b|\bEXTRACT\s*\(|\bto_(char|date|timestamp)\s*\(|\bINTERVAL\b|\bage\s*\(`, "arithmetic on dates", "days as text and times as milliseconds, reckoned in Go"),
	not(`\[\]|\bARRAY\b|\b(ANY|ALL)\s*\(\s*\$|\b(unnest|array_\w+|string_to_array)\s*\(`, "an array", "db.In for bounded lists, or a table"),
	not(`\bEXTENSION\b`, "an extension", "what both engines have"),
	not(`\b(now|random|gen_random_\w+|uuid_\w+|clock_timestamp|statement_timestamp|transaction_timestamp|randomblob|changes|last_insert_rowid|txid_current)\s*\(|\bCURRENT_(TIMESTAMP|DATE|TIME)\b|\bLOCALTIME(STAMP)?\b`, "a value that differs from run to run", "tx.Now, tx.NewID, or a parameter"),
	not(`\b(datetime|strftime|julianday|unixepoch|date|time)\s*\(`, "SQLite's own dates", "days as text and times as milliseconds, reckoned in Go"),
	not(`::`, "a cast with ::", "CAST(x AS BIGINT)"),
	not(`\bDISTINCT\s+ON\b`, "DISTINCT ON, which SQLite lacks", "a window function or GROUP BY"),
	not(`\bLATERAL\b`, "LATERAL, which SQLite lacks", "a join or a second query"),
	not(`\bINSERT\s+OR\b|\bREPLACE\s+INTO\b|\bUPDATE\s+OR\b`, "SQLite's own INSERT OR", "ON CONFLICT … DO"),
	not(`\b(GLOB|REGEXP|MATCH|SIMILAR\s+TO)\b|!?~\*?\s*(\$|'')`, "a pattern that one engine lacks", "LIKE, or decide in Go"),
	not(`\browid\b|\bctid\b|\boid\b|\bWITHOUT\s+ROWID\b|\bSTRICT\b`, "an engine's own row number or table option", "the primary key"),
	not(`\bFOR\s+(NO\s+KEY\s+)?(UPDATE|SHARE)\b|\bSKIP\s+LOCKED\b`, "a row lock by SELECT", "a guarded UPDATE"),
	not(`\b(DOUBLE\s+PRECISION|REAL|FLOAT\d*|NUMERIC|DECIMAL)\b`, "a fraction", "whole minutes, fen, counts"),
	not(`\bTIMESTAMPTZ?\b|\bTIMESTAMP\b|\bDATETIME\b`, "a column of time", "BIGINT milliseconds (db.MS), or a day as TEXT"),
	not(`\bpg_\w+\s*\(|\bsqlite_\w+`, "an engine's own function or table", "what both engines have"),
	not(`\bPRAGMA\b|\bVACUUM\b|\bATTACH\b`, "an engine's own command", "internal/base/db"),
	not(`\?\d*`, "a ? placeholder", "$1"),
}

// dialectDirs may branch on the engine, and so write what one engine alone understands.
var dialectDirs = []string{"internal/base/db", "internal/base/jobs", "internal/base/chain"}

// bothEngines: SQL keeps to what both engines mean alike.
func bothEngines(t *tree) (found []breach) {
	for _, s := range t.sql {
		if under(s.file.dir, dialectDirs...) {
			continue
		}
		for _, c := range uses(s.text) {
			found = append(found, breach{t.at(s.node), "uses " + c.what + ": use " + c.instead})
		}
	}
	for _, m := range t.schema.statements {
		for _, c := range uses(m.text) {
			found = append(found, breach{m.at, "uses " + c.what + ": use " + c.instead})
		}
	}
	return found
}

func uses(sql string) (hits []construct) {
	sql = strings.ReplaceAll(plain(sql), runtimePart, "x")
	for _, c := range forbidden {
		if c.re.MatchString(sql) {
			hits = append(hits, c)
		}
	}
	return hits
}
