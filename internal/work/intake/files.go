package intake

import (
	"context"
	"io"
	"slices"
	"strconv"
	"strings"

	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/sheet"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
)

// Say is the sentence of a fault, with what may have been meant.
func (f Fault) Say(lang string) string {
	text := i18n.T(lang, f.Key, said(f.Args)...)
	if f.Hint != "" {
		text += i18n.T(lang, "intake.did_you_mean", "name", f.Hint)
	}
	return text
}

// said makes whole numbers of those that were kept as JSON.
func said(args []any) []any {
	out := slices.Clone(args)
	for i, a := range out {
		if f, ok := a.(float64); ok {
			out[i] = int64(f)
		}
	}
	return out
}

// Template writes the form of a kind of list: the columns, an example, what each column
// takes; in a workbook the words to choose from too.
func Template(ctx context.Context, r db.Reader, w io.Writer, k Kind, f sheet.Format, lang string) error {
	l := lists[k]
	choices, err := choicesOf(ctx, r, l, lang)
	if err != nil {
		return err
	}
	layout := sheet.Layout{Name: i18n.T(lang, "intake.kind."+string(k)), Head: 1, Choices: choices}
	var heads, example []sheet.Cell
	for i, c := range l.columns {
		name := Heading(k, c.key, lang)
		if c.must {
			name = "*" + name
		}
		heads = append(heads, sheet.Text(name))
		text := i18n.T(lang, "intake.example."+string(k)+"."+c.key)
		if len(choices[i]) > 0 {
			text = choices[i][0]
		}
		example = append(example, sheet.Text(strings.TrimPrefix(text, "-")))
		layout.Widths = append(layout.Widths, max(12, 2*len([]rune(name))+4))
	}
	out, err := sheet.NewWriter(w, f, layout)
	if err == nil {
		err = out.Row(heads...)
	}
	if err == nil && f == sheet.CSV {
		return out.Close()
	}
	if err == nil {
		err = notes(out, l, k, lang, heads, example)
	}
	if err != nil {
		return err
	}
	return out.Close()
}

// notes are a second sheet: how the form is filled in.
func notes(out sheet.Writer, l list, k Kind, lang string, heads, example []sheet.Cell) error {
	if err := out.Next(sheet.Layout{Name: i18n.T(lang, "intake.notes"), Widths: []int{20, 24, 60}}); err != nil {
		return err
	}
	if err := out.Row(sheet.Text(i18n.T(lang, "intake.notes_column")), sheet.Text(i18n.T(lang, "intake.notes_example")), sheet.Text(i18n.T(lang, "intake.notes_how"))); err != nil {
		return err
	}
	for i, c := range l.columns {
		how := i18n.T(lang, "intake.as."+[]string{"line", "text", "name", "code", "citizen", "phone", "day", "clock", "whole"}[c.as])
		if c.must {
			how = i18n.T(lang, "intake.must") + how
		}
		if err := out.Row(heads[i], example[i], sheet.Text(how)); err != nil {
			return err
		}
	}
	return nil
}

// choicesOf are the words of the columns that take one of some words.
func choicesOf(ctx context.Context, r db.Reader, l list, lang string) (map[int][]string, error) {
	choices := map[int][]string{}
	for i, c := range l.columns {
		words, err := wordsOf(ctx, r, c.key, lang)
		if err != nil {
			return nil, err
		}
		if n := len(strings.Join(words, ",")); n > 0 && n < 255*3 {
			choices[i] = words
		}
	}
	return choices, nil
}

func wordsOf(ctx context.Context, r db.Reader, col, lang string) (words []string, err error) {
	switch col {
	case "type":
		for _, t := range org.Types() {
			words = append(words, i18n.T(lang, t.Label()))
		}
	case "contact_of":
		for _, of := range []people.ContactOf{people.OwnNumber, people.RelativeNumber, people.GuardianNumber} {
			words = append(words, i18n.T(lang, "intake.contact_of."+string(of)))
		}
	case "category":
		all, err := people.Categories(ctx, r)
		for _, c := range all {
			if c.Open {
				words = append(words, c.Name)
			}
		}
		return words, err
	case "service":
		all, err := activity.Services(ctx, r)
		for _, s := range all {
			words = append(words, s.Name)
		}
		return words, err
	}
	return words, nil
}

// Annotate writes a list back with what is said of each row beside it: the row's number,
// where it stands, and why. Rows that are the reader's to correct come as they were, so
// that the file can be corrected and brought again.
func Annotate(ctx context.Context, r db.Reader, keys *crypt.Keys, w io.Writer, b Batch, f sheet.Format, lang string) error {
	l := lists[b.Kind]
	heads := []sheet.Cell{sheet.Text(i18n.T(lang, "intake.row")), sheet.Text(i18n.T(lang, "intake.outcome")), sheet.Text(i18n.T(lang, "intake.why"))}
	for _, c := range l.columns {
		heads = append(heads, sheet.Text(Heading(b.Kind, c.key, lang)))
	}
	out, err := sheet.NewWriter(w, f, sheet.Layout{Name: i18n.T(lang, "intake.kind."+string(b.Kind)), Head: 1, Widths: []int{8, 10, 50}})
	if err != nil {
		return err
	}
	if err := out.Row(heads...); err != nil {
		return err
	}
	for after := int64(0); ; {
		rows, err := allRows(ctx, r, b.ID, after, 500)
		if err != nil {
			return err
		}
		for _, row := range rows {
			if err := row.open(keys); err != nil {
				return err
			}
			if err := out.Row(row.annotated(l, b.Kind, lang)...); err != nil {
				return err
			}
			after = row.N
		}
		if len(rows) == 0 {
			return out.Close()
		}
	}
}

func (r Row) annotated(l list, k Kind, lang string) []sheet.Cell {
	var why []string
	for _, f := range r.Faults {
		text := f.Say(lang)
		if f.Col != "" {
			text = i18n.T(lang, "intake.at", "column", Heading(k, f.Col, lang), "what", text)
		}
		why = append(why, text)
	}
	cells := []sheet.Cell{sheet.Text(strconv.FormatInt(r.Line, 10)), sheet.Text(i18n.T(lang, "intake.rowstate."+string(r.State))), sheet.Text(strings.Join(why, " "))}
	for _, c := range l.columns {
		cells = append(cells, sheet.Text(r.Cells[c.key]))
	}
	return cells
}
