package area

import (
	"bytes"
	"compress/gzip"
	"embed"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"sync"
)

//go:embed data/provinces.tsv data/*.tsv.gz
var data embed.FS

// sheet is the divisions of one province in the order of their codes.
type sheet struct {
	once  sync.Once
	codes []Code
	names []string
}

// sheets holds one per province, by its two digits; each is filled when first asked for.
var sheets = sync.OnceValue(func() map[Code]*sheet {
	all := map[Code]*sheet{}
	for _, p := range provinces() {
		all[p.Code/1e10] = &sheet{}
	}
	return all
})

var provinces = sync.OnceValue(func() []Area {
	b, err := data.ReadFile("data/provinces.tsv")
	if err != nil {
		panic(err) // part of the binary
	}
	var s sheet
	s.parse(string(b))
	return s.rows(0, len(s.codes))
})

// Lookup finds a division in the reference data.
func Lookup(c Code) (Area, bool) {
	s, ok := sheetOf(c)
	if !ok {
		return Area{}, false
	}
	i, found := slices.BinarySearch(s.codes, c)
	if !found {
		return Area{}, false
	}
	return Area{c, s.names[i]}, true
}

// Reference lists the reference data at and under a code, in the order of codes: 0 gives the
// provinces alone, for the whole country is read province by province.
func Reference(under Code) []Area {
	if under == 0 {
		return slices.Clone(provinces())
	}
	s, ok := sheetOf(under)
	if !ok {
		return nil
	}
	lo, hi := under.Range()
	from, _ := slices.BinarySearch(s.codes, lo)
	to, _ := slices.BinarySearch(s.codes, hi)
	return s.rows(from, to)
}

func sheetOf(c Code) (*sheet, bool) {
	s, ok := sheets()[c/1e10]
	if ok {
		s.once.Do(func() { s.read(c / 1e10) })
	}
	return s, ok
}

func (s *sheet) read(province Code) {
	b, err := data.ReadFile(fmt.Sprintf("data/%d.tsv.gz", province))
	if err != nil {
		panic(err) // part of the binary
	}
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		panic(err)
	}
	text, err := io.ReadAll(z)
	if err != nil {
		panic(err)
	}
	s.parse(string(text))
}

// parse reads lines of code, tab, name; the names stay parts of text.
func (s *sheet) parse(text string) {
	n := strings.Count(text, "\n")
	s.codes, s.names = make([]Code, 0, n), make([]string, 0, n)
	for line := range strings.Lines(text) {
		code, name, ok := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		c, err := strconv.ParseInt(code, 10, 64)
		if err != nil || !ok {
			panic("area: reference data: " + line)
		}
		s.codes, s.names = append(s.codes, Code(c)), append(s.names, name)
	}
}

func (s *sheet) rows(from, to int) []Area {
	rows := make([]Area, 0, to-from)
	for i := from; i < to; i++ {
		rows = append(rows, Area{s.codes[i], s.names[i]})
	}
	return rows
}
