package progress

import (
	"cmp"
	"context"
	"io"
	"slices"
	"strconv"
	"strings"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/sheet"
	"tongxin/internal/ledger"
	"tongxin/internal/report/figure"
)

// MostListed is how many rows a list may have.
const MostListed = 1000

// columns are those of a list, in the order of the template. Each has its name in every
// language, and the key under which what is wrong with it is told.
var columns = []string{"unit", "item", "indicator", "from", "due", "target", "curve"}

// wants are the columns without which a list is none.
var wants = []string{"unit", "item", "due"}

// headings know the columns by their names.
func headings() sheet.Headings {
	names := map[string][]string{}
	for _, key := range columns {
		for _, lang := range i18n.Languages() {
			names[key] = append(names[key], i18n.T(lang, "progress.col."+key))
		}
	}
	return sheet.NewHeadings(names)
}

// Listed is a row of a list as it was read: what stands in it, what it means, what is wrong.
type Listed struct {
	Sheet string
	N     int // as a spreadsheet counts
	Text  map[string]string
	In    RowIn
	Wrong []fail.Problem // by column
}

// Problem is what is wrong in a column; false where nothing is.
func (l Listed) Problem(column string) (fail.Problem, bool) {
	at := slices.IndexFunc(l.Wrong, func(p fail.Problem) bool { return p.Field == column })
	if at < 0 {
		return fail.Problem{}, false
	}
	return l.Wrong[at], true
}

// Columns are the columns of a list, for a page that shows it.
func Columns() []string { return slices.Clone(columns) }

// ReadList reads a list of rows for a schedule, each checked as far as it can be without
// writing it. A first day that is left out is today.
func (s Schedule) ReadList(ctx context.Context, r db.Reader, book *sheet.Book, today string) ([]Listed, error) {
	tables, err := book.Tables(headings(), wants...)
	if err != nil {
		return nil, err
	}
	var all []Listed
	units := map[string]unitFound{}
	for _, t := range tables {
		for rec, err := range t.Rows() {
			if err != nil {
				return nil, err
			}
			if len(all) == MostListed {
				return nil, fail.New(fail.Invalid, "progress.list_long", "max", MostListed)
			}
			l := readLine(rec, today)
			l.Sheet = t.Sheet
			if err := l.find(ctx, r, s, units); err != nil {
				return nil, err
			}
			all = append(all, l)
		}
	}
	if len(all) == 0 {
		return nil, fail.New(fail.Invalid, "progress.list_empty")
	}
	agree(all)
	return all, nil
}

// readLine reads what stands in a row.
func readLine(rec sheet.Record, today string) Listed {
	l := Listed{N: rec.N, Text: map[string]string{}}
	for _, key := range columns {
		c := rec.Cell(key)
		if l.Text[key] = c.Line(); c.Fault != "" {
			l.wrong(key, fail.Problem{Key: c.Fault})
		}
	}
	l.In.Item, l.In.Curve = l.Text["item"], rec.Cell("curve").Text
	l.In.From = l.day(rec, "from", today)
	l.In.Due = l.day(rec, "due", "")
	l.In.Indicator = l.indicator()
	if n, ok := whole(rec.Cell("target")); ok {
		l.In.Target = Typed(l.In.Indicator, n)
	} else if l.In.Indicator != "" {
		l.wrong("target", fail.Problem{Key: "progress.target", Args: []any{"max", int64(maxTarget)}})
	}
	return l
}

func (l *Listed) wrong(column string, p fail.Problem) {
	if _, told := l.Problem(column); !told {
		p.Field = column
		l.Wrong = append(l.Wrong, p)
	}
}

func (l *Listed) day(rec sheet.Record, key, none string) string {
	c := rec.Cell(key)
	if c.Empty() && none != "" {
		return none
	}
	day, ok := c.Day()
	if !ok {
		l.wrong(key, fail.Problem{Key: map[string]string{"from": "progress.from_day", "due": "progress.due_day"}[key]})
	}
	return day
}

// indicator finds one by its name in any language, or its key; none for a milestone.
func (l *Listed) indicator() string {
	text := l.Text["indicator"]
	if text == "" {
		return ""
	}
	for _, i := range ledger.Indicators() {
		if text == i.Key || slices.ContainsFunc(i18n.Languages(), func(lang string) bool { return text == figure.Name(lang, i) }) {
			return i.Key
		}
	}
	l.wrong("indicator", fail.Problem{Key: "figure.unknown"})
	return ""
}

// whole is a target as it stands in a cell; a percentage may have its sign.
func whole(c sheet.Cell) (int64, bool) {
	if n, ok := c.Whole(); ok {
		return n, true
	}
	n, err := strconv.ParseInt(strings.TrimSuffix(c.Code(), "%"), 10, 64)
	return n, err == nil && c.Fault == ""
}

// unitFound is what a text was found to mean.
type unitFound struct {
	at  id.ID
	err error
}

// find looks for the unit, and checks the row as its form is checked.
func (l *Listed) find(ctx context.Context, r db.Reader, s Schedule, known map[string]unitFound) error {
	text := l.Text["unit"]
	u, ok := known[text]
	if !ok {
		u.at, u.err = s.Unit(ctx, r, text)
		known[text] = u
	}
	if u.err != nil && len(fail.Fields(u.err)) == 0 {
		return u.err
	}
	for _, p := range fail.Fields(u.err) {
		l.wrong("unit", p)
	}
	l.In.Org = cmp.Or(u.at, s.Org)
	_, err := l.In.normal().check()
	for _, p := range fail.Fields(err) {
		l.wrong(p.Field, p)
	}
	return nil
}

// agree finds rows that say the same item differently, or the same unit twice.
func agree(all []Listed) {
	items, rows := map[string]RowIn{}, map[[2]string]int{}
	for n := range all {
		l := &all[n]
		first, ok := items[l.In.Item]
		if ok && first.Indicator != l.In.Indicator {
			l.wrong("indicator", fail.Problem{Key: "progress.item_differs", Args: []any{"name", l.In.Item}})
		}
		if !ok {
			items[l.In.Item] = l.In
		}
		key := [2]string{string(l.In.Org), l.In.Item}
		if was, ok := rows[key]; ok && len(l.Wrong) == 0 {
			l.wrong("item", fail.Problem{Key: "progress.listed_twice", Args: []any{"row", was}})
		}
		rows[key] = l.N
	}
}

// Template writes an empty list, with a sheet that says what may stand in it.
func Template(w io.Writer, lang string, units []string) error {
	var names []string
	for _, i := range ledger.Indicators() {
		names = append(names, figure.Name(lang, i))
	}
	out, err := sheet.NewWriter(w, sheet.XLSX, sheet.Layout{Name: i18n.T(lang, "progress.title"), Widths: []int{30, 16, 18, 12, 12, 10, 40}, Head: 1})
	if err != nil {
		return err
	}
	var head []sheet.Cell
	for _, key := range columns {
		head = append(head, sheet.Text(i18n.T(lang, "progress.col."+key)))
	}
	if err := out.Row(head...); err != nil {
		return err
	}
	if err := out.Next(sheet.Layout{Name: i18n.T(lang, "progress.template_help"), Widths: []int{40, 40}}); err != nil {
		return err
	}
	for n := range max(len(names), len(units)) {
		row := []sheet.Cell{{}, {}}
		if n < len(units) {
			row[0] = sheet.Text(units[n])
		}
		if n < len(names) {
			row[1] = sheet.Text(names[n])
		}
		if err := out.Row(row...); err != nil {
			return err
		}
	}
	return out.Close()
}
