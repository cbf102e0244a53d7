package db

import (
	"context"
	"database/sql"
	"slices"
)

// Shelve takes away the indexes of tables that a great deal is about to be written to, and
// answers what builds them anew: sorted once, an index takes a tenth of the time that it takes
// row by row. Those that belong to a constraint stay. For a database that is being made.
func (d *DB) Shelve(ctx context.Context, tables ...string) (restore func(context.Context) error, err error) {
	rows, err := d.pool.QueryContext(ctx, indexes[d.engine])
	type index struct{ table, name, text string }
	all, err := Collect(rows, err, func(r *sql.Rows) (i index, err error) {
		return i, r.Scan(&i.table, &i.name, &i.text)
	})
	all = slices.DeleteFunc(all, func(i index) bool { return !slices.Contains(tables, i.table) })
	if err != nil {
		return nil, d.explain(err)
	}
	err = d.Write(ctx, func(tx *Tx) error {
		for _, i := range all {
			if _, err := tx.Exec("DROP INDEX " + i.name); err != nil {
				return err
			}
		}
		return nil
	})
	return func(ctx context.Context) error {
		for _, i := range all {
			if err := d.Write(ctx, func(tx *Tx) error { _, err := tx.Exec(i.text); return err }); err != nil {
				return err
			}
		}
		return nil
	}, err
}

// indexes list table, name and statement of every index that no constraint made.
var indexes = map[Engine]string{
	SQLite: "SELECT tbl_name, name, sql FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL ORDER BY name",
	Postgres: `SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema()
		AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conname = indexname) ORDER BY indexname`,
}
