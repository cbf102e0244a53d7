package area

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
)

// Shape is the outline of a division: rings of points, of one polygon or of several.
type Shape struct {
	Area  Code
	Rings []Ring
}

// Ring is a closed line of points in longitude and latitude, in hundred-thousandths of a
// degree: about a metre.
type Ring [][2]int32

const (
	degree        = 100_000
	mostFeatures  = 2_000
	mostPoints    = 400_000 // in a file
	pointsKept    = 400     // of a division: enough for a screen
	finest        = 50      // the tolerance with which lines are made simpler, at first
	ShapeFileMost = 8 << 20 // bytes
	mostObjects   = 25 * mostFeatures
	mostLists     = mostPoints + mostPoints/4
	stretch       = 128 // points of a line that are looked at together: tangles made for it would take hours whole
)

// feature is what is read of a feature of GeoJSON.
type feature struct {
	Type       string          `json:"type"`
	ID         json.RawMessage `json:"id"`
	Properties struct {
		Adcode json.RawMessage `json:"adcode"`
		Code   json.RawMessage `json:"code"`
	} `json:"properties"`
	Geometry *struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	} `json:"geometry"`
}

// ParseShapes reads outlines from GeoJSON (RFC 7946): a FeatureCollection of polygons, each
// with the code of its division in the property adcode or code, or as its id. What is wrong
// is said of the file as a field, with the number of the feature.
func ParseShapes(data []byte) ([]Shape, error) {
	if len(data) > ShapeFileMost {
		return nil, fail.Field("file", "area.shape_large", "mb", ShapeFileMost>>20)
	}
	// Empty lists and objects take a hundred times more room than their text: they are counted before they are held.
	switch {
	case bytes.Count(data, []byte("{")) > mostObjects:
		return nil, fail.Field("file", "area.shape_form")
	case bytes.Count(data, []byte("[")) > mostLists:
		return nil, fail.Field("file", "area.shape_points", "max", mostPoints)
	}
	var file struct {
		Type     string    `json:"type"`
		Features []feature `json:"features"`
	}
	if err := json.Unmarshal(bytes.TrimPrefix(data, []byte("\xef\xbb\xbf")), &file); err != nil || file.Type != "FeatureCollection" {
		return nil, fail.Field("file", "area.shape_form")
	}
	switch n := len(file.Features); {
	case n == 0:
		return nil, fail.Field("file", "area.shape_empty")
	case n > mostFeatures:
		return nil, fail.Field("file", "area.shape_many", "n", n, "max", mostFeatures)
	}
	seen, points := map[Code]bool{}, 0
	shapes := make([]Shape, 0, len(file.Features))
	for i, f := range file.Features {
		s, n, err := f.shape(i + 1)
		if err != nil {
			return nil, err
		}
		if points += n; points > mostPoints {
			return nil, fail.Field("file", "area.shape_points", "max", mostPoints)
		}
		if seen[s.Area] {
			return nil, fail.Field("file", "area.shape_twice", "n", i+1, "code", s.Area.String())
		}
		seen[s.Area] = true
		shapes = append(shapes, s.simpler())
	}
	return shapes, nil
}

// shape reads the nth feature, and tells how many points it has.
func (f feature) shape(n int) (s Shape, points int, err error) {
	if s.Area, err = f.code(n); err != nil {
		return s, 0, err
	}
	if f.Geometry == nil {
		return s, 0, fail.Field("file", "area.shape_kind", "n", n, "kind", "null")
	}
	var polygons [][][][]float64
	switch f.Geometry.Type {
	case "Polygon":
		polygons = make([][][][]float64, 1)
		err = json.Unmarshal(f.Geometry.Coordinates, &polygons[0])
	case "MultiPolygon":
		err = json.Unmarshal(f.Geometry.Coordinates, &polygons)
	default:
		return s, 0, fail.Field("file", "area.shape_kind", "n", n, "kind", short(f.Geometry.Type))
	}
	if err != nil {
		return s, 0, fail.Field("file", "area.shape_points_form", "n", n)
	}
	for _, polygon := range polygons {
		for _, line := range polygon {
			ring, err := ringOf(line, n)
			if err != nil {
				return s, 0, err
			}
			s.Rings, points = append(s.Rings, ring), points+len(line)
		}
	}
	if len(s.Rings) == 0 {
		return s, 0, fail.Field("file", "area.shape_ring", "n", n)
	}
	return s, points, nil
}

// code finds the division's code.
func (f feature) code(n int) (Code, error) {
	for _, raw := range []json.RawMessage{f.Properties.Adcode, f.Properties.Code, f.ID} {
		text := strings.Trim(strings.TrimSpace(string(raw)), `"`)
		if text == "" || text == "null" {
			continue
		}
		if c, err := Parse(text); err == nil {
			return c, nil
		}
		return 0, fail.Field("file", "area.shape_code", "n", n, "code", short(text))
	}
	return 0, fail.Field("file", "area.shape_no_code", "n", n)
}

// short keeps what is quoted from a file to a few characters.
func short(text string) string {
	if r := []rune(strings.ToValidUTF8(text, "")); len(r) > 20 {
		return string(r[:20]) + "…"
	}
	return text
}

// ringOf reads a ring: at least four points, the last the first again, all on the globe.
func ringOf(line [][]float64, n int) (Ring, error) {
	if len(line) < 4 {
		return nil, fail.Field("file", "area.shape_ring", "n", n)
	}
	ring := make(Ring, len(line))
	for i, p := range line {
		if len(p) < 2 || len(p) > 4 || !(math.Abs(p[0]) <= 180) || !(math.Abs(p[1]) <= 90) {
			return nil, fail.Field("file", "area.shape_globe", "n", n)
		}
		ring[i] = [2]int32{int32(math.Round(p[0] * degree)), int32(math.Round(p[1] * degree))}
	}
	if ring[0] != ring[len(ring)-1] {
		return nil, fail.Field("file", "area.shape_open", "n", n)
	}
	return ring, nil
}

// simpler leaves out what no screen shows: points near the line between their neighbours, and
// islands that would be dots.
func (s Shape) simpler() Shape {
	rings := s.Rings
	for tolerance := float64(finest); ; tolerance *= 2 {
		kept, points := []Ring{}, 0
		for _, r := range rings {
			if line := thin(r, tolerance); len(line) >= 4 {
				kept, points = append(kept, line), points+len(line)
			}
		}
		if len(kept) == 0 { // nothing but specks: the largest as it is
			return Shape{s.Area, []Ring{largest(s.Rings)}}
		}
		if points <= pointsKept || tolerance > 180*degree {
			return Shape{s.Area, kept}
		}
		rings = kept
	}
}

func largest(rings []Ring) Ring {
	best := rings[0]
	for _, r := range rings {
		if len(r) > len(best) {
			best = r
		}
	}
	if len(best) > pointsKept { // a tangle: its ends and some between
		step := len(best)/pointsKept + 1
		var some Ring
		for i := 0; i < len(best); i += step {
			some = append(some, best[i])
		}
		return append(some, best[0])
	}
	return best
}

// thin keeps the points of a line that lie farther from it than the tolerance
// (Douglas–Peucker, without recursion: files come from outside).
func thin(line Ring, tolerance float64) Ring {
	keep := make([]bool, len(line))
	keep[0], keep[len(line)-1] = true, true
	var spans [][2]int
	for at := 0; at < len(line)-1; at += stretch {
		keep[at] = true
		spans = append(spans, [2]int{at, min(at+stretch, len(line)-1)})
	}
	for len(spans) > 0 {
		s := spans[len(spans)-1]
		spans = spans[:len(spans)-1]
		at, far, between := -1, tolerance, through(line[s[0]], line[s[1]])
		for i := s[0] + 1; i < s[1]; i++ {
			if d := between.apart(line[i]); d > far {
				at, far = i, d
			}
		}
		if at >= 0 {
			keep[at] = true
			spans = append(spans, [2]int{s[0], at}, [2]int{at, s[1]})
		}
	}
	var kept Ring
	for i, p := range line {
		if keep[i] {
			kept = append(kept, p)
		}
	}
	return kept
}

// chord is the line through two points.
type chord struct{ x, y, dx, dy, length float64 }

func through(a, b [2]int32) chord {
	dx, dy := float64(b[0])-float64(a[0]), float64(b[1])-float64(a[1])
	return chord{float64(a[0]), float64(a[1]), dx, dy, math.Hypot(dx, dy)}
}

// apart is how far a point is from the line; from the two points where they are the same.
func (c chord) apart(p [2]int32) float64 {
	x, y := float64(p[0])-c.x, float64(p[1])-c.y
	if c.length == 0 {
		return math.Hypot(x, y)
	}
	return math.Abs(x*c.dy-y*c.dx) / c.length
}

// KeepShapes stores outlines in the place of older ones of the same divisions, and says how
// many. Only who runs the installation may; a division that is not known is refused.
func KeepShapes(tx *db.Tx, actor auth.Actor, source string, shapes []Shape) (int, error) {
	if !actor.IsSystem() && !actor.Has(auth.SystemAdmin) {
		return 0, fail.New(fail.Forbidden, "area.shape_whose")
	}
	for i, s := range shapes {
		if _, ok := Lookup(s.Area); !ok {
			return 0, fail.Field("file", "area.shape_unknown", "n", i+1, "code", s.Area.String())
		}
	}
	for _, s := range shapes {
		if err := putShape(tx, s, short(source)); err != nil {
			return 0, err
		}
	}
	return len(shapes), nil
}

// DropShapes forgets all outlines: maps are tiles again.
func DropShapes(tx *db.Tx, actor auth.Actor) error {
	if !actor.IsSystem() && !actor.Has(auth.SystemAdmin) {
		return fail.New(fail.Forbidden, "area.shape_whose")
	}
	return dropShapes(tx)
}
