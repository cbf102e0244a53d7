package area

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"
	"strings"

	"tongxin/internal/base/db"
)

func scan(rows *sql.Rows) (a Area, err error) {
	err = rows.Scan(&a.Code, &a.Name)
	return a, err
}

// Get finds a division that the installation works with.
func Get(ctx context.Context, r db.Reader, c Code) (a Area, err error) {
	return db.Remember(r, "area", c, func() (a Area, err error) {
		err = r.QueryRow(ctx, `SELECT code, name FROM area_area WHERE code = $1`, int64(c)).Scan(&a.Code, &a.Name)
		if db.NoRows(err) {
			return Area{}, unknown()
		}
		return a, err
	})
}

// ByName lists the provinces, cities and counties that people call so: by the whole name, or
// without its last character, which says of what kind it is.
func ByName(ctx context.Context, r db.Reader, name string) ([]Area, error) {
	if name == "" || strings.ContainsAny(name, "%_\\") {
		return nil, nil
	}
	rows, err := r.Query(ctx, `SELECT code, name FROM area_area WHERE (name = $1 OR name LIKE $2) AND level <= $3 ORDER BY code`,
		name, name+"_", int(County))
	return db.Collect(rows, err, scan)
}

// Children lists the divisions right below a code; those of 0 are the provinces.
func Children(ctx context.Context, r db.Reader, c Code) ([]Area, error) {
	rows, err := r.Query(ctx, `SELECT code, name FROM area_area WHERE parent = $1 ORDER BY code`, int64(c))
	return db.Collect(rows, err, scan)
}

// namesAtOnce is how many names one statement reads.
const namesAtOnce = 32

var namesSQL = `SELECT code, name FROM area_area WHERE code IN (` + db.In(namesAtOnce, 1) + `)`

// Names gives the names of codes; those that are not in the table are left out.
func Names(ctx context.Context, r db.Reader, codes []Code) (map[Code]string, error) {
	distinct := slices.Clone(codes)
	slices.Sort(distinct)
	names := make(map[Code]string, len(distinct))
	for some := range slices.Chunk(slices.Compact(distinct), namesAtOnce) {
		args := make([]any, namesAtOnce)
		for i := range args {
			args[i] = int64(some[min(i, len(some)-1)])
		}
		rows, err := r.Query(ctx, namesSQL, args...)
		areas, err := db.Collect(rows, err, scan)
		if err != nil {
			return nil, err
		}
		for _, a := range areas {
			names[a.Code] = a.Name
		}
	}
	return names, nil
}

// Path is the way down from the province to a division, both included.
func Path(ctx context.Context, r db.Reader, c Code) ([]Area, error) {
	line := c.Line()
	names, err := Names(ctx, r, line)
	if err != nil {
		return nil, err
	}
	if names[c] == "" {
		return nil, unknown()
	}
	path := make([]Area, 0, len(line))
	for _, l := range line {
		path = append(path, Area{l, names[l]})
	}
	return path, nil
}

// Search lists divisions under a code whose name holds text, the higher ones first.
func Search(ctx context.Context, r db.Reader, under Code, text string, limit int) ([]Area, error) {
	if text = strings.TrimSpace(text); text == "" {
		return nil, nil
	}
	lo, hi := under.Range()
	pattern := "%" + strings.NewReplacer("!", "!!", "%", "!%", "_", "!_").Replace(text) + "%"
	rows, err := r.Query(ctx, `SELECT code, name FROM area_area WHERE code >= $1 AND code < $2 AND name LIKE $3 ESCAPE '!'
		ORDER BY level, code LIMIT $4`, int64(lo), int64(hi), pattern, limit)
	return db.Collect(rows, err, scan)
}

// ShapesBelow are the outlines of the divisions right below one, of those that were imported.
func ShapesBelow(ctx context.Context, r db.Reader, above Code) (map[Code][]Ring, error) {
	shapes := map[Code][]Ring{}
	rows, err := r.Query(ctx, "SELECT s.area, s.rings FROM area_shape s JOIN area_area a ON a.code = s.area WHERE a.parent = $1", int64(above))
	_, err = db.Collect(rows, err, func(rows *sql.Rows) (none struct{}, err error) {
		var c Code
		var text string
		var rings []Ring
		if err = rows.Scan(&c, &text); err == nil {
			err = json.Unmarshal([]byte(text), &rings)
		}
		shapes[c] = rings
		return none, err
	})
	return shapes, err
}

// Imported is a division whose outline was imported: from which file, and when.
type Imported struct {
	Area   Area
	Source string
	At     int64
}

// Shapes lists the divisions whose outlines were imported, by code.
func Shapes(ctx context.Context, r db.Reader) ([]Imported, error) {
	rows, err := r.Query(ctx, `SELECT s.area, COALESCE(a.name, ''), s.source, s.at FROM area_shape s
		LEFT JOIN area_area a ON a.code = s.area ORDER BY s.area`)
	return db.Collect(rows, err, func(rows *sql.Rows) (i Imported, err error) {
		err = rows.Scan(&i.Area.Code, &i.Area.Name, &i.Source, &i.At)
		return i, err
	})
}
