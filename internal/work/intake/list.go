package intake

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/base/sheet"
)

// list is what is particular to a kind of list.
type list struct {
	columns []column
	fields  map[string]string // columns of the fields that commands name, where they differ

	check func(context.Context, *checker, *Body) error         // what cannot be seen in one cell
	mark  func(Batch, Body) []string                           // what makes a row the row that it is
	known func(context.Context, *checker, Body) (id.ID, error) // the record that is there already
	enter func(context.Context, *db.Tx, *entering, Body) (id.ID, error)
	undo  func(context.Context, *db.Tx, *entering, id.ID) error
}

// lists are all kinds of lists.
var lists map[Kind]list

func init() {
	lists = map[Kind]list{Orgs: orgList, Volunteers: volunteerList, Activities: activityList, Attendance: attendanceList}
}

// as is how a cell is read.
type as int

const (
	asLine as = iota
	asText
	asName
	asCode
	asCitizen
	asPhone
	asDay
	asClock
	asWhole
)

// column is one column of a list.
type column struct {
	key  string
	as   as
	must bool
}

// column is which column a command's field stands in.
func (l list) column(field string) string {
	if col, ok := l.fields[field]; ok {
		return col
	}
	if slices.ContainsFunc(l.columns, func(c column) bool { return c.key == field }) {
		return field
	}
	return ""
}

func (l list) must() []string {
	var keys []string
	for _, c := range l.columns {
		if c.must {
			keys = append(keys, c.key)
		}
	}
	return keys
}

// names are what a column may be called, in a language, the usual name first.
func names(k Kind, col, lang string) []string {
	return strings.Split(i18n.T(lang, "intake.col."+string(k)+"."+col), "|")
}

// Heading is the usual name of a column.
func Heading(k Kind, col, lang string) string { return names(k, col, lang)[0] }

func (l list) headings(k Kind) sheet.Headings {
	all := map[string][]string{}
	for _, c := range l.columns {
		for _, lang := range i18n.Languages() {
			all[c.key] = append(all[c.key], names(k, c.key, lang)...)
		}
	}
	return sheet.NewHeadings(all)
}

// Columns are the columns of a kind of list, in the order of its template.
func Columns(k Kind) []string {
	var keys []string
	for _, c := range lists[k].columns {
		keys = append(keys, c.key)
	}
	return keys
}

// parse reads the cells of a row one by one.
func (l list) parse(b *Body, rec sheet.Record, today string) {
	for _, c := range l.columns {
		cell := rec.Cell(c.key)
		if cell.Text != "" {
			b.Cells[c.key] = cell.Text
		}
		switch {
		case cell.Fault != "":
			b.fault(c.key, cell.Fault)
		case cell.Empty():
			if c.must {
				b.fault(c.key, "intake.missing")
			}
		default:
			b.read(c, cell, today)
		}
	}
}

func (b *Body) fault(col, key string, args ...any) {
	b.Faults = append(b.Faults, Fault{Col: col, Key: key, Args: args})
}

func (b *Body) suggest(col, key, hint string) {
	b.Faults = append(b.Faults, Fault{Col: col, Key: key, Hint: hint})
}

func (b *Body) set(col, value string) {
	if b.Cells[col] != value {
		b.Values[col] = value
	}
}

func (b *Body) read(c column, cell sheet.Cell, today string) {
	switch c.as {
	case asLine:
		b.set(c.key, cell.Line())
	case asText:
		b.set(c.key, ident.Lines(cell.Text))
	case asName:
		b.set(c.key, cell.Name())
	case asCode:
		b.set(c.key, cell.Code())
	case asCitizen:
		b.citizen(c.key, cell.Code(), today)
	case asPhone:
		phone, err := ident.Phone(cell.Text)
		if err != nil {
			b.fault(c.key, fail.Key(err))
		}
		b.set(c.key, phone)
	case asDay:
		day, ok := cell.Day()
		if !ok {
			b.fault(c.key, "intake.day")
		}
		b.set(c.key, day)
	case asClock:
		minutes, ok := cell.Clock()
		if !ok {
			b.fault(c.key, "intake.clock")
		}
		b.set(c.key, strconv.Itoa(minutes))
	case asWhole:
		n, ok := cell.Whole()
		if !ok || n < 0 {
			b.fault(c.key, "intake.whole")
		}
		b.set(c.key, strconv.FormatInt(n, 10))
	}
}

// citizen checks an identity number. One whose last three digits are noughts was rounded by a
// spreadsheet: no such number is given.
func (b *Body) citizen(col, code, today string) {
	if ident.Digits(code, 18) && strings.HasSuffix(code, "000") {
		b.fault(col, "sheet.lost_digits")
		return
	}
	c, err := ident.ParseCitizen(code, today)
	if err != nil {
		b.fault(col, fail.Key(err))
	}
	b.set(col, string(c))
}

func (b Body) number(col string) int64 {
	n, _ := strconv.ParseInt(b.value(col), 10, 64)
	return n
}

// has reports whether something is wrong with a cell of the column.
func (b Body) has(col string) bool {
	return slices.ContainsFunc(b.Faults, func(f Fault) bool { return f.Col == col })
}

// nearest is the name that shares most pairs of characters with what was written; "" when
// none shares half of them.
func nearest(written string, among []string) string {
	best, most := "", 0.45
	for _, name := range among {
		if s := alike(written, name); s > most {
			best, most = name, s
		}
	}
	return best
}

func alike(a, b string) float64 {
	pa, pb := pairs(a), pairs(b)
	if len(pa)+len(pb) == 0 {
		return 0
	}
	shared := 0
	for p, n := range pa {
		shared += min(n, pb[p])
	}
	return 2 * float64(shared) / float64(count(pa)+count(pb))
}

func pairs(s string) map[string]int {
	r, m := []rune(s), map[string]int{}
	for i := range len(r) - 1 {
		m[string(r[i:i+2])]++
	}
	return m
}

func count(m map[string]int) (n int) {
	for _, v := range m {
		n += v
	}
	return n
}
