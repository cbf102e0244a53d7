package db

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strings"
)

// Type is what a column holds, on either engine.
type Type byte

// The types of the schema.
const (
	Int   Type = 'i'
	Text  Type = 't'
	Bytes Type = 'b'
	Bool  Type = '?'
)

// Column is one of a table.
type Column struct {
	Name string
	Type Type
}

// Table is one of the schema, as both engines know it.
type Table struct {
	Name    string
	Columns []Column
}

// Names are those of the columns, as a statement lists them.
func (t Table) Names() string {
	names := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		names[i] = quote(c.Name)
	}
	return strings.Join(names, ", ")
}

func quote(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// types are the words with which migrations declare columns.
var types = map[string]Type{
	"bigint": Int, "integer": Int, "smallint": Int, "text": Text, "bytea": Bytes, "boolean": Bool,
}

// Tables are all tables of records, each after those it refers to; goose keeps its own.
func (d *DB) Tables(ctx context.Context) ([]Table, error) {
	columns, refs := sqliteColumns, sqliteRefs
	if d.engine == Postgres {
		columns, refs = postgresColumns, postgresRefs
	}
	tables := map[string]*Table{}
	rows, err := d.Query(ctx, columns)
	_, err = Collect(rows, err, func(rows *sql.Rows) (none struct{}, err error) {
		var table, column, word string
		if err := rows.Scan(&table, &column, &word); err != nil {
			return none, err
		}
		kind, ok := types[strings.ToLower(word)]
		if !ok {
			return none, fmt.Errorf("db: %s.%s is of a type that both engines do not share: %s", table, column, word)
		}
		if tables[table] == nil {
			tables[table] = &Table{Name: table}
		}
		tables[table].Columns = append(tables[table].Columns, Column{column, kind})
		return none, nil
	})
	if err != nil {
		return nil, err
	}
	after := map[string][]string{}
	rows, err = d.Query(ctx, refs)
	_, err = Collect(rows, err, func(rows *sql.Rows) (none struct{}, err error) {
		var from, to string
		err = rows.Scan(&from, &to)
		after[from] = append(after[from], to)
		return none, err
	})
	return inOrder(tables, after), err
}

const (
	sqliteColumns = `SELECT t.name, c.name, c.type FROM sqlite_schema t, pragma_table_info(t.name) c
		WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name <> 'goose_db_version' ORDER BY t.name, c.cid`
	sqliteRefs = `SELECT DISTINCT t.name, r."table" FROM sqlite_schema t, pragma_foreign_key_list(t.name) r WHERE t.type = 'table'`

	postgresColumns = `SELECT table_name::text, column_name::text, data_type::text FROM information_schema.columns
		WHERE table_schema = current_schema() AND table_name <> 'goose_db_version' ORDER BY table_name COLLATE "C", ordinal_position`
	postgresRefs = `SELECT DISTINCT f.relname::text, t.relname::text FROM pg_constraint c JOIN pg_class f ON f.oid = c.conrelid
		JOIN pg_class t ON t.oid = c.confrelid JOIN pg_namespace n ON n.oid = f.relnamespace
		WHERE c.contype = 'f' AND n.nspname = current_schema()`
)

// inOrder puts each table after those that it refers to, and by name where that leaves a
// choice. A table may refer to itself.
func inOrder(tables map[string]*Table, after map[string][]string) (all []Table) {
	var names []string
	for name := range tables {
		names = append(names, name)
	}
	slices.Sort(names)
	placed := map[string]bool{}
	var place func(name string)
	place = func(name string) {
		if placed[name] || tables[name] == nil {
			return
		}
		placed[name] = true
		before := after[name]
		slices.Sort(before)
		for _, b := range before {
			place(b)
		}
		all = append(all, *tables[name])
	}
	for _, name := range names {
		place(name)
	}
	return all
}
