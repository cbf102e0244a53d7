package area

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
)

// square is a feature with a square of a tenth of a degree.
func square(code, more string) string {
	return fmt.Sprintf(`{"type":"Feature","properties":{"adcode":%s%s},"geometry":{"type":"Polygon","coordinates":[[[119.9,32.4],[120,32.4],[120,32.5],[119.9,32.5],[119.9,32.4]]]}}`, code, more)
}

func collection(features ...string) string {
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",") + `]}`
}

func TestShapesAreReadFromGeoJSON(t *testing.T) {
	got, err := ParseShapes([]byte("\xef\xbb\xbf" + collection(square("321202", ""), square(`"321203000000"`, ""),
		`{"type":"Feature","id":"321204","properties":{},"geometry":{"type":"MultiPolygon","coordinates":[[[[1,1],[2,1],[2,2],[1,1]]],[[[3,3],[4,3],[4,4],[3,3]]]]}}`)))
	if err != nil || len(got) != 3 || got[0].Area != 321202_000_000 || got[1].Area != 321203_000_000 || got[2].Area != 321204_000_000 {
		t.Fatalf("%v %v", got, err)
	}
	if len(got[2].Rings) != 2 || got[0].Rings[0][0] != [2]int32{11_990_000, 3_240_000} {
		t.Errorf("%v", got)
	}
}

func TestBadShapesAreRefusedInWords(t *testing.T) {
	ring := func(points string) string {
		return collection(strings.Replace(square("321202", ""), "[[119.9,32.4],[120,32.4],[120,32.5],[119.9,32.5],[119.9,32.4]]", points, 1))
	}
	many := strings.TrimSuffix(strings.Repeat(square("321202", "")+",", mostFeatures+1), ",")
	for _, c := range []struct{ name, file, key string }{
		{"no JSON", "not json", "area.shape_form"},
		{"empty", "", "area.shape_form"},
		{"a lone feature", square("321202", ""), "area.shape_form"},
		{"no features", collection(), "area.shape_empty"},
		{"too many features", collection(many), "area.shape_many"},
		{"too large", collection(square("321202", `,"x":"`+strings.Repeat("x", ShapeFileMost)+`"`)), "area.shape_large"},
		{"no code", collection(square("null", "")), "area.shape_no_code"},
		{"a strange code", collection(square(`"Hailing"`, "")), "area.shape_code"},
		{"twice", collection(square("321202", ""), square("321202", "")), "area.shape_twice"},
		{"a point", collection(`{"type":"Feature","properties":{"adcode":321202},"geometry":{"type":"Point","coordinates":[1,2]}}`), "area.shape_kind"},
		{"no geometry", collection(`{"type":"Feature","properties":{"adcode":321202},"geometry":null}`), "area.shape_kind"},
		{"text for numbers", ring(`[["a","b"],[2,1],[2,2],[1,1]]`), "area.shape_points_form"},
		{"three points", ring(`[[1,1],[2,2],[1,1]]`), "area.shape_ring"},
		{"no ring", strings.Replace(ring(`[]`), `[[]]`, `[]`, 1), "area.shape_ring"},
		{"not closed", ring(`[[1,1],[2,1],[2,2],[1,2]]`), "area.shape_open"},
		{"beyond the globe", ring(`[[181,1],[2,1],[2,2],[181,1]]`), "area.shape_globe"},
		{"metres for degrees", ring(`[[13358338.9,3503549.8],[2,1],[2,2],[13358338.9,3503549.8]]`), "area.shape_globe"},
		{"half a point", ring(`[[1],[2,1],[2,2],[1]]`), "area.shape_globe"},
	} {
		_, err := ParseShapes([]byte(c.file))
		if f := fail.Fields(err); len(f) != 1 || f[0].Field != "file" || f[0].Key != c.key {
			t.Errorf("%s: %v, want %s", c.name, err, c.key)
		}
	}
}

func TestShapesAreMadeSimple(t *testing.T) {
	var line []string
	for i := range 5000 { // a coast of many small steps around a square degree
		x := float64(i) / 5000
		line = append(line, fmt.Sprintf("[%.5f,%.5f]", 119+x, 32+0.0002*float64(i%2)))
	}
	line = append(line, "[120,33]", "[119,33]", line[0])
	got, err := ParseShapes([]byte(collection(strings.Replace(square("321202", ""),
		"[119.9,32.4],[120,32.4],[120,32.5],[119.9,32.5],[119.9,32.4]", strings.Join(line, ","), 1))))
	if err != nil {
		t.Fatal(err)
	}
	if n := len(got[0].Rings[0]); n > pointsKept || n < 4 {
		t.Errorf("%d points are kept", n)
	}
}

func TestShapesAreKept(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		write := func(f func(tx *db.Tx) error) error { return d.Write(t.Context(), f) }
		system := auth.Actor{Person: "320000-0000000000000001", Grants: []auth.Grant{{Role: auth.SystemAdmin}}}
		shapes, err := ParseShapes([]byte(collection(square("321202", ""), square("321203", ""))))
		if err != nil {
			t.Fatal(err)
		}
		for range 2 { // anew in the place of the old ones
			if err := write(func(tx *db.Tx) error {
				if _, err := Load(tx, 321202_000_000); err != nil {
					return err
				}
				if _, err := Load(tx, 321203_000_000); err != nil {
					return err
				}
				_, err := KeepShapes(tx, system, "counties.json", shapes)
				return err
			}); err != nil {
				t.Fatal(err)
			}
		}
		below, err := ShapesBelow(t.Context(), d, 321200_000_000)
		if err != nil || len(below) != 2 || fmt.Sprint(below[321202_000_000]) != fmt.Sprint(shapes[0].Rings) {
			t.Errorf("%v %v", below, err)
		}
		if all, err := Shapes(t.Context(), d); err != nil || len(all) != 2 || all[0].Source != "counties.json" {
			t.Errorf("%v %v", all, err)
		}
		admin := auth.Actor{Person: "320000-0000000000000002", Grants: []auth.Grant{{Role: auth.Admin}}}
		if err := write(func(tx *db.Tx) error { _, err := KeepShapes(tx, admin, "x", shapes); return err }); fail.Key(err) != "area.shape_whose" {
			t.Errorf("an administrator: %v", err)
		}
		strange := []Shape{{Area: 321299_000_000, Rings: shapes[0].Rings}}
		err = write(func(tx *db.Tx) error { _, err := KeepShapes(tx, system, "x", strange); return err })
		if f := fail.Fields(err); len(f) != 1 || f[0].Key != "area.shape_unknown" {
			t.Errorf("an unknown division: %v", err)
		}
		if err := write(func(tx *db.Tx) error { return DropShapes(tx, system) }); err != nil {
			t.Fatal(err)
		}
		if below, err := ShapesBelow(t.Context(), d, 321200_000_000); err != nil || len(below) != 0 {
			t.Errorf("%v %v", below, err)
		}
	})
}

// TestBombsOfShapesAreRefusedOrEndSoon: a file within the size that is made to be deep, many or tangled holds little and takes no hours.
func TestBombsOfShapesAreRefusedOrEndSoon(t *testing.T) {
	ring := func(points string) string {
		return collection(strings.Replace(square("321202", ""), "[[119.9,32.4],[120,32.4],[120,32.5],[119.9,32.5],[119.9,32.4]]", points, 1))
	}
	corner := strings.Repeat("[1,1],", mostPoints)
	var tangle strings.Builder // each point is farther out than all after it
	tangle.WriteString("[[0,0],")
	for n, i := 350_000, 0; i < n; i++ {
		fmt.Fprintf(&tangle, "[%d,%.4f],", i%2, 89*float64(n-i)/float64(n))
	}
	tangle.WriteString("[0,0]]")
	for _, c := range []struct{ name, file, key string }{
		{"deep lists", strings.Repeat("[", ShapeFileMost), "area.shape_points"},
		{"deep lists in a ring", ring(strings.Repeat("[", mostPoints) + strings.Repeat("]", mostPoints)), "area.shape_form"},
		{"deep objects", strings.Repeat(`{"a":`, ShapeFileMost/5), "area.shape_form"},
		{"deep properties", collection(square("321202", `,"x":`+strings.Repeat(`{"a":`, 20_000)+"1"+strings.Repeat("}", 20_000))), "area.shape_form"},
		{"empty features", collection(strings.TrimSuffix(strings.Repeat("{},", ShapeFileMost/3-100), ",")), "area.shape_form"},
		{"empty lists", ring(strings.TrimSuffix(strings.Repeat("[],", ShapeFileMost/3-100), ",")), "area.shape_points"},
		{"a list of one list", ring(strings.Repeat("[[[", 1000) + strings.Repeat("]]]", 1000)), "area.shape_points_form"},
		{"many points", ring("[" + corner + "[1,1]]"), "area.shape_points"},
		{"many rings", ring(strings.TrimSuffix(strings.Repeat("[],", 1000), ",")), "area.shape_ring"},
		{"no number", ring("[[NaN,1],[2,1],[2,2],[NaN,1]]"), "area.shape_form"},
		{"beyond all numbers", ring("[[1e999,1],[2,1],[2,2],[1e999,1]]"), "area.shape_points_form"},
		{"a long exponent", ring("[[1e" + strings.Repeat("9", 1<<20) + ",1],[2,1],[2,2],[1,1]]"), "area.shape_points_form"},
		{"next to nothing", ring("[[1e-999,1],[2,1],[2,2],[1e-999,1]]"), ""},
		{"a long number", ring("[[1." + strings.Repeat("1", 1<<20) + ",1],[2,1],[2,2],[1.1111111,1]]"), ""},
		{"a point of many numbers", ring("[[1,1" + strings.Repeat(",1", 1<<20) + "],[2,1],[2,2],[1,1]]"), "area.shape_globe"},
		{"a tangle", ring(tangle.String()), ""},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		got, err := ParseShapes([]byte(c.file))
		runtime.ReadMemStats(&after)
		if f := fail.Fields(err); c.key != "" && (len(f) != 1 || f[0].Key != c.key) || c.key == "" && (err != nil || len(got) != 1) {
			t.Errorf("%s: %.200v, want %q", c.name, err, c.key)
		}
		if took := (after.TotalAlloc - before.TotalAlloc) >> 20; took > 256 {
			t.Errorf("%s takes %d MB", c.name, took)
		} else {
			t.Log(c.name, took)
		}
	}
}

// FuzzParseShapes: whatever a file holds, it is refused in words or gives outlines that can be drawn.
func FuzzParseShapes(f *testing.F) {
	f.Add([]byte(collection(square("321202", ""))))
	f.Add([]byte(collection(`{"id":"321204","geometry":{"type":"MultiPolygon","coordinates":[[[[1,1],[2,1],[2,2],[1,1]]]]}}`)))
	f.Add([]byte(`{"type":"FeatureCollection","features":[{}]}`))
	f.Add([]byte(`{"type":"FeatureCollection","features":[{"id":32,"geometry":{"type":"Polygon","coordinates":[[[0,0],[0,0],[0,0],[0,0]]]}}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		shapes, err := ParseShapes(data)
		if err != nil {
			if p := fail.Fields(err); len(p) != 1 || p[0].Field != "file" {
				t.Errorf("refused without a word: %v", err)
			}
			return
		}
		for _, s := range shapes {
			if len(s.Rings) == 0 || s.Area == 0 {
				t.Errorf("%v cannot be drawn", s)
			}
			for _, r := range s.Rings {
				if len(r) < 2 || r[0] != r[len(r)-1] {
					t.Errorf("%v is not closed", r)
				}
			}
		}
	})
}
