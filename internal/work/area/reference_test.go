package area

import (
	"bytes"
	"os"
	"slices"
	"strings"
	"testing"
)

// The counts of the source: 31, 342, 2,978, 41,352 and, for Jiangsu, 21,958 rows, less three
// cities and a county that stand there twice.
func TestReferenceIsWhole(t *testing.T) {
	levels, total := map[Level]int{}, 0
	for _, p := range Reference(0) {
		rows := Reference(p.Code)
		if len(rows) == 0 || rows[0] != p {
			t.Errorf("%s: the province's sheet does not begin with it", p.Code)
		}
		last := Code(0)
		for _, a := range rows {
			if a.Code <= last || !a.Code.wellFormed() || a.Name == "" || strings.TrimSpace(a.Name) != a.Name {
				t.Errorf("row %s %q after %s", a.Code, a.Name, last)
			}
			if _, ok := Lookup(a.Code.Parent()); !ok && a.Code.Level() != Province {
				t.Errorf("%s: no parent", a.Code)
			}
			last = a.Code
			levels[a.Code.Level()]++
		}
		total += len(rows)
	}
	for l, want := range map[Level]int{Province: 31, City: 342, County: 2975, Township: 41351, Village: 21958} {
		if levels[l] != want {
			t.Errorf("level %d: %d divisions, want %d", l, levels[l], want)
		}
	}
	if total != 66657 {
		t.Errorf("%d divisions", total)
	}
	if n := len(Reference(320000000000)); n != 23563 {
		t.Errorf("Jiangsu has %d divisions", n)
	}
}

// Townships and villages of the three cities' counties, as STANDARDS counts them.
func TestThreeCities(t *testing.T) {
	for county, want := range map[Code][2]int{
		321202000000: {14, 156}, 321203000000: {15, 153}, 321204000000: {18, 285}, 321281000000: {28, 523}, 321282000000: {14, 257},
		321283000000: {20, 371}, 321102000000: {8, 61}, 321111000000: {8, 61}, 321112000000: {10, 95}, 321171000000: {5, 61},
		321181000000: {12, 229}, 321182000000: {6, 83}, 321183000000: {11, 179}, 320703000000: {13, 76}, 320706000000: {25, 251},
		320707000000: {18, 465}, 320722000000: {21, 373}, 320723000000: {17, 338}, 320724000000: {11, 238}, 320771000000: {4, 41},
	} {
		var got [2]int
		for _, a := range Reference(county)[1:] {
			got[a.Code.Level()-Township]++
		}
		if got != want {
			t.Errorf("%s: %v townships and villages, want %v", county, got, want)
		}
	}
}

func TestLookup(t *testing.T) {
	for c, want := range map[Code]string{
		321281000000: "兴化市", 320703008000: "海州湾街道", 320703005000: "板桥街道", 320703009000: "宿城街道", 441900003000: "东城街道", 110000000000: "北京市",
	} {
		if a, ok := Lookup(c); !ok || a.Name != want || a.Code != c {
			t.Errorf("Lookup(%s) = %v, %v", c, a, ok)
		}
	}
	for _, c := range []Code{0, 321299000000, 990000000000, 810000000000, 321281100999, -5} {
		if a, ok := Lookup(c); ok {
			t.Errorf("Lookup(%s) = %v", c, a)
		}
		if rows := Reference(c); c != 0 && len(rows) != 0 {
			t.Errorf("Reference(%s) has %d rows", c, len(rows))
		}
	}
}

// Whoever asks for one province does not wait for the others.
func TestSheetsAreReadApart(t *testing.T) {
	all := map[Code]*sheet{32: {}, 11: {}}
	all[32].read(32)
	if len(all[32].codes) == 0 || len(all[11].codes) != 0 {
		t.Error("reading one sheet read another")
	}
}

func TestLicenceIsKept(t *testing.T) {
	licence, err := os.ReadFile("data/LICENSE")
	if err != nil || !bytes.Contains(licence, []byte("PUBLIC LICENSE")) {
		t.Errorf("the licence of the data: %v", err)
	}
	source, err := os.ReadFile("data/SOURCE.md")
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"china-division", "2.7.0", "2023-06-30", "WTFPL"} {
		if !bytes.Contains(source, []byte(want)) {
			t.Errorf("SOURCE.md does not say %s", want)
		}
	}
}

func BenchmarkReadJiangsu(b *testing.B) {
	for b.Loop() {
		(&sheet{}).read(32)
	}
}

func BenchmarkReadAll(b *testing.B) {
	all := slices.Clone(provinces())
	for b.Loop() {
		for _, p := range all {
			(&sheet{}).read(p.Code / 1e10)
		}
	}
}
