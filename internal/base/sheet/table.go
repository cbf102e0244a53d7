package sheet

import (
	"iter"
	"slices"
	"strings"
	"unicode"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/ident"
)

// Headings know the columns of a kind of list: their keys, by every name they may have.
type Headings struct {
	keys  map[string]string // by heading
	first map[string]string // name of each key, as a sentence says it
}

// NewHeadings makes headings of each key's names, the usual one first.
func NewHeadings(names map[string][]string) Headings {
	h := Headings{map[string]string{}, map[string]string{}}
	for key, list := range names {
		h.first[key] = list[0]
		for _, n := range list {
			h.keys[heading(n)] = key
		}
	}
	return h
}

// of is the key of the column with that name; empty: nobody's.
func (h Headings) of(c Cell) string { return h.keys[heading(c.Text)] }

// heading is a column's name without spaces, stars and remarks in brackets.
func heading(s string) string {
	s = strings.ToLower(ident.Fold(s))
	s, _, _ = strings.Cut(s, "(")
	return strings.Map(func(r rune) rune {
		if r == '*' || unicode.IsSpace(r) || r == ':' {
			return -1
		}
		return r
	}, s)
}

// Words of offices, divided by "|": what a row of totals begins with, and a row of footers.
func words(key string) []string { return strings.Split(i18n.T(i18n.Chinese, key), "|") }

// Passed counts what a table has beside its rows.
type Passed struct {
	HiddenRows, HiddenColumns int
	Totals                    int // 合计 and 小计
	Footers                   int
}

// Table is a list in a sheet.
type Table struct {
	Sheet   string // its name; CSV has none
	Head    int    // number of the row that names the columns
	Keys    []string
	Names   []string // of the columns, as they stand there
	Unknown []string // names of columns that are nobody's
	Passed  Passed

	source   source
	headings Headings
	two      bool // the names take two rows
}

// Record is a row of a table.
type Record struct {
	N     int
	table *Table
	cells []Cell
}

// Cell is the row's cell in the column of that key; empty where there is none.
func (r Record) Cell(key string) Cell {
	if i := slices.Index(r.table.Keys, key); i >= 0 && i < len(r.cells) {
		return r.cells[i]
	}
	return Cell{}
}

const deepest = 40 // rows in which the names of the columns must have come

// Tables finds the lists of a book: in each visible sheet the rows below the one that names
// the columns, which is the first with all of must or, failing that, with two known names. A
// sheet without a list is passed over; a book without any is refused, and so is a list that
// lacks a column of must.
func (b *Book) Tables(h Headings, must ...string) ([]*Table, error) {
	var found []*Table
	var lacking error
	for _, s := range b.sheets {
		t, err := s.table(h)
		if err != nil {
			return nil, err
		}
		if t == nil {
			continue
		}
		if err := t.check(must); err != nil {
			lacking = err
			continue
		}
		found = append(found, t)
	}
	switch {
	case len(found) > 0:
		return found, nil
	case lacking != nil:
		return nil, lacking
	}
	return nil, fail.New(fail.Invalid, "sheet.no_headings")
}

func (s source) table(h Headings) (*Table, error) {
	var t *Table
	var head []Cell
	for row, err := range s.rows() {
		if err != nil {
			return nil, err
		}
		if t == nil && row.N <= deepest && h.known(row.Cells) >= 2 {
			t = &Table{Sheet: s.name, Head: row.N, headings: h, source: s}
			head = slices.Clone(row.Cells)
			continue
		}
		if t != nil {
			t.two = below(h, head, row.Cells)
			if t.two {
				head = merged(head, row.Cells)
			}
			break
		}
		if row.N > deepest {
			break
		}
	}
	if t != nil {
		t.name(head)
	}
	return t, nil
}

func (h Headings) known(cells []Cell) int {
	n := 0
	for _, c := range cells {
		if h.of(c) != "" {
			n++
		}
	}
	return n
}

// below reports whether a row goes on naming columns: it names some that the row above it
// leaves open, and stands empty where that one names one.
func below(h Headings, head, cells []Cell) bool {
	more := false
	for i, c := range cells {
		above := i < len(head) && h.of(head[i]) != ""
		switch {
		case c.Empty():
		case above:
			return false
		case h.of(c) != "":
			more = true
		}
	}
	return more
}

func merged(head, cells []Cell) []Cell {
	for i, c := range cells {
		if i >= len(head) {
			head = append(head, Cell{})
		}
		if !c.Empty() {
			head[i] = c
		}
	}
	return head
}

func (t *Table) name(head []Cell) {
	hidden := t.source.hidden()
	for i, c := range head {
		key := t.headings.of(c)
		t.Names = append(t.Names, c.Line())
		if hidden[i] {
			t.Passed.HiddenColumns++
			key = ""
		} else if key == "" && !c.Empty() {
			t.Unknown = append(t.Unknown, c.Line())
		}
		t.Keys = append(t.Keys, key)
	}
}

func (t *Table) check(must []string) error {
	for i, key := range t.Keys {
		if key != "" && slices.Index(t.Keys, key) != i {
			return fail.New(fail.Invalid, "sheet.heading_twice", "name", t.Names[i])
		}
	}
	for _, key := range must {
		if slices.Contains(t.Keys, key) {
			continue
		}
		for i, name := range t.Names {
			if t.headings.of(Text(name)) == key && t.source.hidden()[i] {
				return fail.New(fail.Invalid, "sheet.heading_hidden", "name", name)
			}
		}
		return fail.New(fail.Invalid, "sheet.heading_missing", "name", t.headings.first[key])
	}
	return nil
}

// Rows are the rows of the list. A record is valid until the next.
func (t *Table) Rows() iter.Seq2[Record, error] {
	return func(yield func(Record, error) bool) {
		t.Passed = Passed{HiddenColumns: t.Passed.HiddenColumns}
		totals, footers := words("sheet.totals"), words("sheet.footers")
		first := t.Head + 1
		if t.two {
			first++
		}
		for row, err := range t.source.rows() {
			if err != nil {
				yield(Record{}, err)
				return
			}
			if row.N < first {
				continue
			}
			switch begins := opening(row.Cells); {
			case slices.Contains(totals, begins):
				t.Passed.Totals++
			case isFooter(begins, footers):
				t.Passed.Footers++
			case t.blank(row.Cells) || t.repeatsHead(row.Cells):
			case row.Hidden:
				t.Passed.HiddenRows++
			default:
				if !yield(Record{row.N, t, row.Cells}, nil) {
					return
				}
			}
		}
	}
}

// blank reports whether a row has nothing in the columns that are read.
func (t *Table) blank(cells []Cell) bool {
	for i, c := range cells {
		if i < len(t.Keys) && t.Keys[i] != "" && !c.Empty() {
			return false
		}
	}
	return true
}

// opening is the first text of a row, without spaces.
func opening(cells []Cell) string {
	for _, c := range cells {
		if !c.Empty() {
			return strings.TrimRight(c.Code(), ":")
		}
	}
	return ""
}

func isFooter(begins string, footers []string) bool {
	return slices.ContainsFunc(footers, func(w string) bool {
		return begins == w || strings.HasPrefix(begins, w+":")
	})
}

func (t *Table) repeatsHead(cells []Cell) bool {
	named, same := 0, 0
	for i, c := range cells {
		if i < len(t.Keys) && t.Keys[i] != "" {
			named++
			if t.headings.of(c) == t.Keys[i] {
				same++
			}
		}
	}
	return same >= 2 && same == named
}
