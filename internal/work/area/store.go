package area

import (
	"encoding/json"
	"slices"
	"strings"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
)

// Load copies the reference data at and under a code into the table, and the divisions above
// it, and says how many rows were new. A county takes a few milliseconds, three cities about
// thirty; beside other writers take it county by county, see [Parts].
func Load(tx *db.Tx, under Code) (added int64, err error) {
	rows := Reference(under)
	if under == 0 || len(rows) == 0 {
		return 0, unknown()
	}
	for _, c := range under.Line() {
		if a, ok := Lookup(c); ok && c != under {
			rows = append(rows, a)
		}
	}
	for len(rows) > 0 {
		n := chunk(len(rows))
		fresh, err := insert(tx, rows[:n])
		if err != nil {
			return 0, err
		}
		added, rows = added+fresh, rows[n:]
	}
	return added, nil
}

// Parts divides a code into what one [Load] in one write may take, so that others get their
// turn between: its counties, and the townships of a city without counties. A run that was
// cut short is taken up by running it again.
func Parts(under Code) []Code {
	if under.Level() >= County {
		return []Code{under}
	}
	var parts []Code
	for _, a := range Reference(under) {
		if a.Code.Level() == County || a.Code.Level() == Township && a.Code.At(County) == 0 {
			parts = append(parts, a.Code)
		}
	}
	return parts
}

func unknown() error { return fail.New(fail.NotFound, "area.unknown") }

// chunks are the sizes in which rows are inserted: few, so that their statements are cached.
var chunks = []int{256, 32, 4, 1}

var inserts = func() map[int]string {
	all := map[int]string{}
	for _, n := range chunks {
		values := make([]string, n)
		for i := range values {
			values[i] = "(" + db.In(4, 4*i+1) + ")"
		}
		all[n] = `INSERT INTO area_area (code, name, level, parent) VALUES ` + strings.Join(values, ",") + ` ON CONFLICT (code) DO NOTHING`
	}
	return all
}()

func chunk(n int) int {
	return chunks[slices.IndexFunc(chunks, func(size int) bool { return size <= n })]
}

func insert(tx *db.Tx, rows []Area) (int64, error) {
	args := make([]any, 0, 4*len(rows))
	for _, a := range rows {
		args = append(args, int64(a.Code), a.Name, int64(a.Code.Level()), int64(a.Code.Parent()))
	}
	return tx.Exec(inserts[len(rows)], args...)
}

func putShape(tx *db.Tx, s Shape, source string) error {
	rings, err := json.Marshal(s.Rings)
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO area_shape (area, rings, source, at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (area) DO UPDATE SET rings = excluded.rings, source = excluded.source, at = excluded.at`,
		int64(s.Area), string(rings), source, db.MS(tx.Now))
	return err
}

func dropShapes(tx *db.Tx) error {
	_, err := tx.Exec("DELETE FROM area_shape")
	return err
}
