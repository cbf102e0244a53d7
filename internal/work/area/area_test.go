package area

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/fail"
)

const (
	taizhou Code = 321200000000
	xinghua Code = 321281000000
)

func load(t *testing.T, d *db.DB, under Code) (added int64) {
	t.Helper()
	err := d.Write(t.Context(), func(tx *db.Tx) (err error) {
		added, err = Load(tx, under)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return added
}

func TestLoad(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		if n := load(t, d, xinghua); n != 1+28+523+2 {
			t.Errorf("the county and what is above it: %d rows", n)
		}
		if n := load(t, d, xinghua); n != 0 {
			t.Errorf("a second time: %d rows", n)
		}
		if n := load(t, d, taizhou); n != 1+6+109+1745-1-1-28-523 {
			t.Errorf("the rest of the city: %d rows", n)
		}
		var orphans, wrong int
		err := d.QueryRow(t.Context(), `SELECT COUNT(*) FROM area_area a WHERE parent <> 0 AND NOT EXISTS (SELECT 1 FROM area_area p WHERE p.code = a.parent AND p.level < a.level)`).Scan(&orphans)
		if err != nil || orphans != 0 {
			t.Errorf("%d rows without a parent above them, %v", orphans, err)
		}
		err = d.QueryRow(t.Context(), `SELECT COUNT(*) FROM area_area WHERE level NOT BETWEEN 1 AND 5`).Scan(&wrong)
		if err != nil || wrong != 0 {
			t.Errorf("%d rows of no level, %v", wrong, err)
		}
		for _, c := range []Code{0, 321299000000, 990000000000} {
			err := d.Write(t.Context(), func(tx *db.Tx) error { _, err := Load(tx, c); return err })
			if fail.Key(err) != "area.unknown" {
				t.Errorf("Load(%s): %v", c, err)
			}
		}
	})
}

func TestLoadInParts(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		began, total := time.Now(), int64(0)
		for _, city := range []Code{taizhou, 321100000000, 320700000000} {
			for _, part := range Parts(city) {
				total += load(t, d, part)
			}
		}
		if total != 4598 {
			t.Errorf("three cities and the province: %d rows", total)
		}
		t.Logf("%d rows in %v", total, time.Since(began))
		without := int64(0)
		for _, part := range Parts(441900000000) {
			without += load(t, d, part)
		}
		if want := int64(len(Reference(441900000000)) + 1); without != want {
			t.Errorf("a city without counties: %d rows of %d", without, want)
		}
		if got := Parts(xinghua); !slices.Equal(got, []Code{xinghua}) {
			t.Errorf("the parts of a county: %v", got)
		}
		if got := Parts(990000000000); len(got) != 0 {
			t.Errorf("the parts of nothing: %v", got)
		}
	})
}

func TestReads(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		ctx := t.Context()
		load(t, d, taizhou)
		if a, err := Get(ctx, d, xinghua); err != nil || a != (Area{xinghua, "兴化市"}) {
			t.Errorf("Get = %v, %v", a, err)
		}
		if _, err := Get(ctx, d, 321181000000); fail.Key(err) != "area.unknown" || fail.KindOf(err) != fail.NotFound {
			t.Errorf("one that is not loaded: %v", err)
		}
		children, err := Children(ctx, d, taizhou)
		if got := fmt.Sprint(children); err != nil || got != "[{321202000000 海陵区} {321203000000 高港区} {321204000000 姜堰区} {321281000000 兴化市} {321282000000 靖江市} {321283000000 泰兴市}]" {
			t.Errorf("Children = %s, %v", got, err)
		}
		if top, err := Children(ctx, d, 0); err != nil || fmt.Sprint(top) != "[{320000000000 江苏省}]" {
			t.Errorf("the provinces: %v, %v", top, err)
		}
		path, err := Path(ctx, d, xinghua)
		if got := fmt.Sprint(path); err != nil || got != "[{320000000000 江苏省} {321200000000 泰州市} {321281000000 兴化市}]" {
			t.Errorf("Path = %s, %v", got, err)
		}
		for _, c := range []Code{0, 321299000000} {
			if _, err := Path(ctx, d, c); fail.Key(err) != "area.unknown" {
				t.Errorf("Path(%s): %v", c, err)
			}
		}
	})
}

func TestNames(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		load(t, d, xinghua)
		want := map[Code]string{}
		var codes []Code
		for i, a := range Reference(xinghua) {
			if i%4 == 0 {
				want[a.Code] = a.Name
				codes = append(codes, a.Code, a.Code)
			}
		}
		asked := append(slices.Clone(codes), 321299000000)
		got, err := Names(t.Context(), d, asked)
		if err != nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%d names of %d, %v", len(got), len(want), err)
		}
		if !slices.Equal(asked[:len(codes)], codes) {
			t.Error("Names changed its argument")
		}
		if got, err := Names(t.Context(), d, nil); err != nil || len(got) != 0 {
			t.Errorf("no codes: %v, %v", got, err)
		}
	})
}

func TestSearch(t *testing.T) {
	dbtest.Run(t, func(t *testing.T, d *db.DB, _ *dbtest.Clock) {
		load(t, d, taizhou)
		for _, c := range []struct {
			under Code
			text  string
			limit int
			want  string
		}{
			{0, "兴化", 1, "[{321281000000 兴化市}]"},
			{taizhou, " 靖江市 ", 5, "[{321282000000 靖江市}]"},
			{xinghua, "靖江市", 5, "[]"},
			{taizhou, "%", 5, "[]"}, {taizhou, "_", 5, "[]"}, {taizhou, "!", 5, "[]"}, {taizhou, "兴_市", 5, "[]"},
			{taizhou, "'; DROP TABLE area_area", 5, "[]"}, {taizhou, "", 5, "[]"}, {taizhou, " ", 5, "[]"},
		} {
			got, err := Search(t.Context(), d, c.under, c.text, c.limit)
			if err != nil || fmt.Sprint(got) != c.want {
				t.Errorf("Search(%s, %q) = %v, %v", c.under, c.text, got, err)
			}
		}
		got, err := Search(t.Context(), d, taizhou, "村", 40)
		if err != nil || len(got) != 40 || !slices.IsSortedFunc(got, func(a, b Area) int { return int(a.Code.Level()) - int(b.Code.Level()) }) {
			t.Errorf("%d found, %v", len(got), err)
		}
	})
}
