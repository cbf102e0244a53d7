package sheet_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/unicode"
	"pgregory.net/rapid"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/sheet"
)

var headings = sheet.NewHeadings(map[string][]string{
	"name":  {"姓名", "志愿者姓名"},
	"id":    {"身份证号", "身份证号码"},
	"phone": {"手机号", "联系电话"},
	"day":   {"日期", "出生日期"},
	"start": {"开始时间"},
	"end":   {"结束时间"},
	"n":     {"人数"},
})

func open(t testing.TB, data []byte, name string) *sheet.Book {
	t.Helper()
	book, err := sheet.Open(bytes.NewReader(data), int64(len(data)), name)
	if err != nil {
		t.Fatal(err)
	}
	return book
}

// read gives the cells of the columns of keys, row by row, faults as their key.
func read(t testing.TB, book *sheet.Book, keys ...string) (rows [][]string, tables []*sheet.Table) {
	t.Helper()
	tables, err := book.Tables(headings, "name")
	if err != nil {
		t.Fatal(err)
	}
	for _, table := range tables {
		for r, err := range table.Rows() {
			if err != nil {
				t.Fatal(err)
			}
			row := []string{fmt.Sprint(r.N)}
			for _, k := range keys {
				c := r.Cell(k)
				if c.Fault != "" {
					row = append(row, "!"+c.Fault)
				} else {
					row = append(row, c.Text)
				}
			}
			rows = append(rows, row)
		}
	}
	return rows, tables
}

func same(t testing.TB, got [][]string, want ...string) {
	t.Helper()
	var lines []string
	for _, r := range got {
		lines = append(lines, strings.Join(r, "|"))
	}
	if a, b := strings.Join(lines, "\n"), strings.Join(want, "\n"); a != b {
		t.Errorf("got\n%s\nwant\n%s", a, b)
	}
}

func workbook(t testing.TB, f *excelize.File) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func must(t testing.TB, errs ...error) {
	t.Helper()
	for _, err := range errs {
		if err != nil {
			t.Fatal(err)
		}
	}
}

// A workbook as an office makes it: a merged title, a line of who fills it in, names of columns in two rows, hidden
// rows and columns, an identity number that a spreadsheet rounded, formulas, totals, a footer, another sheet.
func TestReadsAWorkbookAsOfficesMakeThem(t *testing.T) {
	f := excelize.NewFile()
	s := "Sheet1"
	put := func(cell string, v any) { must(t, f.SetCellValue(s, cell, v)) }
	put("A1", "靖江市志愿者服务情况登记表")
	must(t, f.MergeCell(s, "A1", "G1"))
	put("A2", "填报单位：靖江市新时代文明实践中心")
	put("D2", "填报日期：2020年3月1日")
	for cell, v := range map[string]string{"A3": "序号", "B3": "姓  名", "C3": "身份证号码\n（18位）", "D3": "服务", "F3": "*手机号", "G3": "备注", "H3": "旧手机", "D4": "开始时间", "E4": "结束时间"} {
		put(cell, v)
	}
	must(t, f.MergeCell(s, "D3", "E3"), f.MergeCell(s, "A3", "A4"), f.MergeCell(s, "B3", "B4"))
	put("A5", 1)
	put("B5", "张　三")
	put("C5", "32128119840229001X")
	put("D5", 0.3541666667)
	put("E5", "17：30")
	put("F5", 13800138000)
	put("B7", "李四") // row 6 is empty
	put("C7", 321281198402290000.0)
	must(t, f.SetCellFormula(s, "F7", `"138"&"00138001"`)) // no value is kept
	put("B8", "藏着")
	must(t, f.SetRowVisible(s, 8, false), f.SetColVisible(s, "H", false))
	put("B9", "王五")
	put("C9", "3.2E+17")
	put("A10", "合　计")
	put("F10", 3)
	put("A11", "填表人：赵六")
	_, err := f.NewSheet("第二张")
	must(t, err, f.SetCellValue("第二张", "A1", "志愿者姓名"), f.SetCellValue("第二张", "B1", "联系电话"),
		f.SetCellValue("第二张", "A2", "孙七"), f.SetCellValue("第二张", "B2", "１３８００１３８００２"))
	_, err = f.NewSheet("字典")
	must(t, err, f.SetCellValue("字典", "A1", "姓名"), f.SetCellValue("字典", "B1", "手机号"), f.SetCellValue("字典", "A2", "不该读"), f.SetSheetVisible("字典", false))

	rows, tables := read(t, open(t, workbook(t, f), "表.xlsx"), "name", "id", "start", "end", "phone")
	same(t, rows,
		"5|张　三|32128119840229001X|0.3541666667|17：30|13800138000",
		"7|李四|!sheet.lost_digits|||!sheet.formula_without_value",
		"9|王五|!sheet.lost_digits|||",
		"2|孙七||||１３８００１３８００２",
	)
	first := tables[0]
	if first.Passed != (sheet.Passed{HiddenRows: 1, HiddenColumns: 1, Totals: 1, Footers: 1}) {
		t.Errorf("passed over %+v", first.Passed)
	}
	if got := strings.Join(first.Unknown, ","); got != "序号,备注" {
		t.Errorf("unknown columns %s", got)
	}
	if first.Head != 3 || tables[1].Sheet != "第二张" {
		t.Errorf("head %d, sheet %s", first.Head, tables[1].Sheet)
	}
}

func TestFormulasGiveTheirLastValue(t *testing.T) {
	data := parts(map[string]string{"xl/worksheets/sheet1.xml": `<worksheet><sheetData>
		<row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c><c r="B1" t="inlineStr"><is><r><t>手机</t></r><r><t>号</t></r><rPh sb="0" eb="1"><t>shou</t></rPh></is></c><c r="C1" t="inlineStr"><is><t>人数</t></is></c></row>
		<row r="2"><c r="A2" t="str"><f>B9</f><v>张三</v></c><c r="B2" t="e"><f>1/0</f><v>#DIV/0!</v></c><c r="C2"><f>1+1</f><v>2</v></c></row>
		<row r="3"><c r="A3" t="str"><f>""</f><v></v></c><c r="B3" t="b"><v>1</v></c><c r="C3" t="s"><v>7</v></c></row>
		<row r="4"><c r="A4" t="inlineStr"><is><t>=_x0041_a_x000D_</t></is></c></row>
	</sheetData></worksheet>`})
	rows, _ := read(t, open(t, data, "a.xlsx"), "name", "phone", "n")
	same(t, rows, "2|张三|!sheet.error_value|2", "3||TRUE|!sheet.unreadable", "4|=Aa\r||")
}

// parts is a small workbook with these parts in place of the usual ones.
func parts(with map[string]string) []byte {
	all := map[string]string{
		"_rels/.rels":                `<Relationships><Relationship Id="a" Type="x/officeDocument" Target="/xl/workbook.xml"/></Relationships>`,
		"xl/workbook.xml":            `<workbook><sheets><sheet name="表" sheetId="1" id="r1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="r1" Type="x/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="r2" Type="x/sharedStrings" Target="sharedStrings.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   `<worksheet><sheetData/></worksheet>`,
	}
	for name, text := range with {
		all[name] = text
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for name, text := range all {
		w, _ := z.Create(name)
		w.Write([]byte(text))
	}
	z.Close()
	return b.Bytes()
}

func TestDaysInTheSpellingsOfOffices(t *testing.T) {
	for typed, want := range map[string]string{
		"2020-02-28": "2020-02-28", "2020/2/28": "2020-02-28", "2020.2.28": "2020-02-28", "2020年2月28日": "2020-02-28",
		"2020年2月28号": "2020-02-28", "20200228": "2020-02-28", "43889": "2020-02-28", "２０２０／２／２８": "2020-02-28",
		"2020-02-28 00:00:00": "2020-02-28", " 2020 年 2 月 28 日 ": "2020-02-28", "2020-2-28 0:00": "2020-02-28", "2020-02-28T00:00": "2020-02-28",
		"2020-02-30": "", "20.2.28": "", "2月28日": "", "2020-02-28 08:00": "", "2020.2": "", "": "", "今天": "", "20201328": "",
	} {
		if got, ok := sheet.Text(typed).Day(); ok != (want != "") || ok && got != want {
			t.Errorf("%q is read as %q, %v; want %q", typed, got, ok, want)
		}
	}
}

func TestTimesOfDay(t *testing.T) {
	number := func(f float64) sheet.Cell { return sheet.Decimal(f, 6) }
	for _, c := range []struct {
		cell sheet.Cell
		want int
	}{
		{sheet.Text("8:00"), 480}, {sheet.Text("08：30"), 510}, {sheet.Text("8时"), 480}, {sheet.Text("8点半"), 510}, {sheet.Text("8时05分"), 485},
		{sheet.Text("下午2:30"), 870}, {sheet.Text("上午 9点"), 540}, {sheet.Text("晚上12:00"), 720}, {sheet.Text("24:00"), 1440}, {sheet.Text("17:30:00"), 1050},
		{number(1.0 / 3), 480}, {number(0.75), 1080},
		{sheet.Text("25:00"), -1}, {sheet.Text("8"), -1}, {sheet.Text("8:75"), -1}, {sheet.Text(""), -1}, {sheet.Text("早上"), -1}, {number(3), -1},
	} {
		if got, ok := c.cell.Clock(); ok != (c.want >= 0) || ok && got != c.want {
			t.Errorf("%q is read as %d, %v; want %d", c.cell.Text, got, ok, c.want)
		}
	}
}

func TestNamesAndCodes(t *testing.T) {
	for typed, want := range map[string]string{"张 三": "张三", "张\u3000三\u200b": "张三", "John  Smith": "John Smith", "阿依古丽·买买提": "阿依古丽·买买提"} {
		if got := sheet.Text(typed).Name(); got != want {
			t.Errorf("%q is the name %q; want %q", typed, got, want)
		}
	}
	if got := sheet.Text("３２１２８１ １９８４").Code(); got != "3212811984" {
		t.Error(got)
	}
	if n, ok := sheet.Text("１，２００").Whole(); !ok || n != 1200 {
		t.Error(n, ok)
	}
}

// Whatever date a spreadsheet shows is read as that date, from either epoch.
func TestDatesOfSpreadsheets(t *testing.T) {
	for _, mac := range []bool{false, true} {
		f := excelize.NewFile()
		must(t, f.SetWorkbookProps(&excelize.WorkbookPropsOptions{Date1904: &mac}))
		must(t, f.SetSheetRow("Sheet1", "A1", &[]any{"姓名", "日期", "开始时间", "结束时间"}))
		at := time.Date(2020, 2, 28, 14, 30, 0, 0, time.UTC)
		day := time.Date(1984, 2, 29, 0, 0, 0, 0, time.UTC)
		must(t, f.SetCellValue("Sheet1", "A2", "张三"), f.SetCellValue("Sheet1", "B2", day), f.SetCellValue("Sheet1", "C2", at))
		chinese, clock := `yyyy"年"m"月"d"日";@`, "h:mm"
		a, err := f.NewStyle(&excelize.Style{CustomNumFmt: &chinese})
		b, err2 := f.NewStyle(&excelize.Style{CustomNumFmt: &clock})
		must(t, err, err2, f.SetCellStyle("Sheet1", "B2", "B2", a), f.SetCellValue("Sheet1", "D2", 0.75), f.SetCellStyle("Sheet1", "D2", "D2", b))
		rows, _ := read(t, open(t, workbook(t, f), "a.xlsx"), "day", "start", "end")
		same(t, rows, "2|1984-02-29|2020-02-28 14:30|18:00")
	}
}

func TestCSVInEveryCoding(t *testing.T) {
	text := "志愿者名单,,\r\n姓名,手机号,备注\r\n张三,13800138000,\"说 \"\"好\"\"\n第二行\"\r\n\r\n合计,1,\r\n李四,1.38E+10,\r\n"
	gb, err := simplifiedchinese.GB18030.NewEncoder().String(text)
	must(t, err)
	wide, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.ReplaceAll(text, ",", "\t"))
	must(t, err)
	for name, data := range map[string]string{
		"UTF-8": text, "UTF-8 with BOM": "\ufeff" + text, "GB18030": gb, "UTF-16, tabs": wide,
		"semicolons": strings.ReplaceAll(text, ",", ";"), "line feeds": strings.ReplaceAll(text, "\r\n", "\n"),
	} {
		t.Run(name, func(t *testing.T) {
			rows, tables := read(t, open(t, []byte(data), "名单.csv"), "name", "phone")
			same(t, rows, "3|张三|13800138000", "7|李四|!sheet.lost_digits")
			if tables[0].Passed.Totals != 1 {
				t.Errorf("passed over %+v", tables[0].Passed)
			}
		})
	}
}

func TestRefusesWhatIsNoList(t *testing.T) {
	long := strings.Repeat("长", 20_000)
	for name, c := range map[string]struct {
		data []byte
		key  string
	}{
		"empty.csv":      {nil, "sheet.empty"},
		"old.xls":        {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...."), "sheet.old_format"},
		"picture.csv":    {[]byte("\x89PNG\r\n\x1a\n\x00\x00"), "sheet.not_a_list"},
		"renamed.xlsx":   {[]byte("姓名,手机号"), "sheet.broken"},
		"cut.xlsx":       {parts(nil)[:200], "sheet.broken"},
		"noheads.csv":    {[]byte("a,b\r\nc,d\r\n"), "sheet.no_headings"},
		"lacks.csv":      {[]byte("手机号,人数\r\n1,2\r\n"), "sheet.heading_missing"},
		"twice.csv":      {[]byte("姓名,手机号,联系电话\r\na,b,c\r\n"), "sheet.heading_twice"},
		"long.csv":       {[]byte("姓名,手机号\r\n\"" + long + "\",1\r\n"), "sheet.too_long"},
		"wide.csv":       {[]byte("姓名,手机号\r\n" + strings.Repeat("x,", 600) + "\r\n"), "sheet.too_many_columns"},
		"tall.xlsx":      {parts(map[string]string{"xl/worksheets/sheet1.xml": `<worksheet><sheetData><row r="1048577"><c t="str"><v>x</v></c></row></sheetData></worksheet>`}), "sheet.too_many_rows"},
		"bomb.xlsx":      {parts(map[string]string{"xl/sharedStrings.xml": strings.Repeat(" ", 9<<20)}), "sheet.bomb"},
		"badxml.xlsx":    {parts(map[string]string{"xl/worksheets/sheet1.xml": "<worksheet><sheetData><row><c"}), "sheet.broken"},
		"longcell.xlsx":  {parts(map[string]string{"xl/worksheets/sheet1.xml": "<worksheet><sheetData><row><c t='str'><v>" + long + long + long + "</v>"}), "sheet.too_long"},
		"hidden.xlsx":    {parts(map[string]string{"xl/worksheets/sheet1.xml": `<worksheet><cols><col min="1" max="1" hidden="1"/></cols><sheetData><row><c t="str"><v>姓名</v></c><c t="str"><v>手机号</v></c></row></sheetData></worksheet>`}), "sheet.heading_hidden"},
		"nosheets.xlsx":  {parts(map[string]string{"xl/workbook.xml": "<workbook/>"}), "sheet.broken"},
		"document.xlsx":  {parts(map[string]string{"_rels/.rels": "<Relationships/>", "xl/workbook.xml": "<html>"}), "sheet.broken"},
		"farcolumn.xlsx": {parts(map[string]string{"xl/worksheets/sheet1.xml": `<worksheet><sheetData><row><c r="ZZZ1" t="str"><v>x</v></c></row></sheetData></worksheet>`}), "sheet.too_many_columns"},
	} {
		t.Run(name, func(t *testing.T) {
			if got := fail.Key(readAll(c.data, name)); got != c.key {
				t.Errorf("refused with %q; want %q", got, c.key)
			}
		})
	}
}

func readAll(data []byte, name string) error {
	book, err := sheet.Open(bytes.NewReader(data), int64(len(data)), name)
	if err != nil {
		return err
	}
	tables, err := book.Tables(headings, "name")
	if err != nil {
		return err
	}
	for _, table := range tables {
		for r, err := range table.Rows() {
			if err != nil {
				return err
			}
			for _, key := range []string{"name", "day", "start", "n"} {
				c := r.Cell(key)
				c.Day()
				c.Clock()
				c.Whole()
				c.Name()
			}
		}
	}
	return nil
}

// write puts a list into a file.
func write(t testing.TB, f sheet.Format, rows ...[]sheet.Cell) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := sheet.NewWriter(&b, f, sheet.Layout{Name: "名单[1]", Head: 1, Widths: []int{12, 20}, Choices: map[int][]string{1: {"男", "女"}}})
	must(t, err)
	for _, r := range rows {
		must(t, w.Row(r...))
	}
	must(t, w.Close())
	return b.Bytes()
}

// What we write another program reads: codes as text, dates as dates, formulas as text.
func TestAnotherProgramReadsWhatIsWritten(t *testing.T) {
	data := write(t, sheet.XLSX,
		[]sheet.Cell{sheet.Text("姓名"), sheet.Text("手机号"), sheet.Text("日期"), sheet.Text("人数"), sheet.Text("开始时间")},
		[]sheet.Cell{sheet.Text("=1+1"), sheet.Text("0013800138000"), sheet.Day("2020-02-28"), sheet.Whole(12), sheet.Moment(time.Date(2020, 2, 28, 8, 30, 0, 0, time.UTC))})
	f, err := excelize.OpenReader(bytes.NewReader(data))
	must(t, err)
	rows, err := f.GetRows("名单1")
	must(t, err)
	if got := strings.Join(rows[1], "|"); got != "'=1+1|0013800138000|2020-02-28|12|2020-02-28 08:30" {
		t.Error(got)
	}
	if formula, err := f.GetCellFormula("名单1", "A2"); formula != "" || err != nil {
		t.Error(formula, err)
	}
}

// Any list written, read and written again is the same: the same cells in a workbook, the same bytes in CSV.
func TestWritingAndReadingGiveTheSame(t *testing.T) {
	text := rapid.OneOf(rapid.String(), rapid.SampledFrom([]string{"=1", "'=1", "''-x", " +1", "-", "＝a", "@a,b", "a\"b", "x\ny", "_x0041_", "0123", "a\tb", "'", "it's"}))
	rapid.Check(t, func(rt *rapid.T) {
		rows := [][]sheet.Cell{{sheet.Text("姓名"), sheet.Text("手机号"), sheet.Text("日期"), sheet.Text("人数")}}
		for range rapid.IntRange(1, 4).Draw(rt, "rows") {
			name := clean(text.Draw(rt, "name"))
			day := time.Date(1950, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, rapid.IntRange(0, 40_000).Draw(rt, "day"))
			rows = append(rows, []sheet.Cell{sheet.Text("a" + name), sheet.Text(clean(text.Draw(rt, "phone"))), sheet.Day(day.Format(time.DateOnly)), sheet.Whole(rapid.IntRange(-9, 99999).Draw(rt, "n"))})
		}
		for _, f := range []sheet.Format{sheet.CSV, sheet.XLSX} {
			data := write(t, f, rows...)
			again := [][]sheet.Cell{rows[0]}
			tables, err := open(t, data, "a."+string(f)).Tables(headings, "name")
			must(t, err)
			for r, err := range tables[0].Rows() {
				must(t, err)
				day, _ := r.Cell("day").Day()
				n, _ := r.Cell("n").Whole()
				again = append(again, []sheet.Cell{sheet.Text(r.Cell("name").Text), sheet.Text(r.Cell("phone").Text), sheet.Day(day), sheet.Whole(n)})
			}
			if a, b := fmt.Sprint(rows), fmt.Sprint(again); a != b {
				rt.Fatalf("%s:\n%q\n%q", f, a, b)
			}
			if f == sheet.CSV && !bytes.Equal(data, write(t, f, again...)) {
				rt.Fatal("CSV differs")
			}
		}
	})
}

// clean takes out what no list of ours holds: what cannot be shown, and carriage returns, which CSV reading folds.
func clean(s string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(strings.ReplaceAll(s, "\ufffd", ""), ""), "\r", "")
}

func TestGuard(t *testing.T) {
	for _, s := range []string{"=1+1", "+86", "-1", "@sum", " =1", "\t=1", "＝1", "'=1", "''+", "\u3000-"} {
		if g := sheet.Guard(s); g != "'"+s || sheet.Unguard(g) != s {
			t.Errorf("%q is written %q and read %q", s, g, sheet.Unguard(g))
		}
	}
	for _, s := range []string{"", "'", "张三", "a=b", "'quoted'", "0=1"} {
		if sheet.Guard(s) != s || sheet.Unguard(s) != s {
			t.Errorf("%q is changed", s)
		}
	}
}

func FuzzOpen(f *testing.F) {
	gb, _ := simplifiedchinese.GB18030.NewEncoder().String("姓名,手机号\r\n张三,1\r\n")
	f.Add([]byte("姓名,手机号\r\n\"张\n三\",=1\r\n"))
	f.Add([]byte(gb))
	f.Add(parts(nil))
	f.Add(write(f, sheet.XLSX, []sheet.Cell{sheet.Text("姓名"), sheet.Text("日期")}, []sheet.Cell{sheet.Text("张三"), sheet.Day("2020-02-28")}))
	f.Add(parts(map[string]string{"xl/sharedStrings.xml": "<sst><si><t>姓名</t></si><si><r><t>日</t></r><r><t>期</t></r></si></sst>",
		"xl/worksheets/sheet1.xml": `<worksheet><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c></row><row r="2" hidden="1"><c><v>1e300</v></c></row></sheetData></worksheet>`}))
	f.Fuzz(func(t *testing.T, data []byte) { _ = readAll(data, "a.csv") })
}

// A sheet of a workbook, without the archive around it, which a fuzzer does not get through.
func FuzzSheet(f *testing.F) {
	f.Add(`<worksheet><cols><col min="1" max="3" hidden="1"/></cols><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>姓名</t></is></c><c t="str"><v>日期</v></c></row><row><c><f>A1</f></c><c s="3"><v>43889</v></c></row></sheetData></worksheet>`)
	f.Add(`<row r="-5"><c r="A99999999999" t="s"><v>-1</v></c></row>`)
	f.Fuzz(func(t *testing.T, xml string) {
		_ = readAll(parts(map[string]string{"xl/worksheets/sheet1.xml": xml}), "a.xlsx")
	})
}

// FuzzParseFormat: a format is one of ours.
func FuzzParseFormat(f *testing.F) {
	f.Add("xlsx")
	f.Add("csv")
	f.Add("XLSX")
	f.Fuzz(func(t *testing.T, s string) {
		if got, err := sheet.ParseFormat(s); err == nil && got != sheet.XLSX && got != sheet.CSV {
			t.Errorf("%q is %q", s, got)
		}
	})
}

func FuzzDay(f *testing.F) {
	for _, s := range []string{"2020-02-28", "2020年2月28日 8:00", "43889", "99999", "2020.2.30"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if day, ok := sheet.Text(s).Day(); ok {
			if _, err := time.Parse(time.DateOnly, day); err != nil {
				t.Errorf("%q gives %q", s, day)
			}
		}
		sheet.Text(s).Clock()
	})
}
