package bulletin

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"errors"
	"io"
	"strings"
	"testing"

	"tongxin/internal/base/i18n"
	"tongxin/internal/base/prose"
)

// printed is an issue with all that a page can hold.
func printed() Body {
	point := func(topic, text string) prose.Node {
		return prose.New(prose.ListItem, prose.P(prose.T(topic, prose.Topic), prose.T(text), prose.F(prose.Figure{Key: "turns", Form: "near", D: 500_000, Measure: "x"})))
	}
	doc := prose.New(prose.Doc, prose.TitleOf("first line", "second <line> & more"), prose.New(prose.Lead, prose.T("the lead\x01")),
		prose.H(1, true, prose.T("heading")), prose.New(prose.EnumList, point("topic. ", "said "), point("other. ", "said ")),
		prose.H(2, true, prose.T("below")), prose.P(prose.T("text")),
		prose.New(prose.Table, prose.New(prose.TableRow, prose.New(prose.TableHeader, prose.P(prose.T("head"))), prose.New(prose.TableCell, prose.P(prose.T("cell"))))))
	return Body{Name: "bulletin", OrgName: "office", Number: 3, Total: 41, Day: "2020-03-05", Articles: []Text{{Doc: doc}, {Doc: doc}},
		ReportTo: []string{"above"}, CopyTo: []string{"below", "beside"}, Head: Head{Seq: 7, Hash: "abc"}, Published: 1_583_000_000_000}
}

// parts are the files of a written issue; each is XML that ends.
func parts(t *testing.T, b Body) map[string]string {
	t.Helper()
	var out bytes.Buffer
	if err := b.Docx(&out); err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(out.Bytes()), int64(out.Len()))
	if err != nil {
		t.Fatal(err)
	}
	all := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		all[f.Name] = string(text)
		for d := xml.NewDecoder(bytes.NewReader(text)); ; {
			if _, err := d.Token(); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				t.Fatalf("%s is no XML: %v", f.Name, err)
			}
		}
	}
	return all
}

// The layout of official documents, as document.xml has it: page, margins, lines, rules,
// fonts by level, page numbers on the outer side.
func TestTheLayoutOfOfficialDocuments(t *testing.T) {
	all := parts(t, printed())
	font := func(key string) string { return `w:eastAsia="` + i18n.T(i18n.Chinese, "bulletin.font."+key) + `"` }
	for name, wants := range map[string][]string{
		"word/document.xml": {
			`<w:pgSz w:w="11906" w:h="16838"/>`,
			`w:top="2098" w:right="1474" w:bottom="1984" w:left="1587"`, // 37, 26, 35, 28 mm
			`<w:docGrid w:type="lines" w:linePitch="579"/>`,             // 22 lines on 225 mm
			`<w:bottom w:val="single" w:sz="12" w:space="1" w:color="FF0000"/>`,
			`<w:top w:val="single" w:sz="8" w:space="1" w:color="000000"/>`,    // 0.35 mm
			`<w:bottom w:val="single" w:sz="6" w:space="1" w:color="000000"/>`, // 0.25 mm
			`<w:bottom w:val="single" w:sz="8" w:space="1" w:color="000000"/>`,
			font("title") + `/><w:color w:val="FF0000"/>`,
			font("title") + `/><w:spacing w:val="-5"/><w:sz w:val="44"/>`,
			font("head") + `/><w:spacing w:val="-5"/><w:sz w:val="32"/>`,
			font("second") + `/><w:spacing w:val="-5"/><w:sz w:val="32"/>`,
			font("body") + `/><w:b/><w:spacing w:val="-5"/>`,
			font("body") + `/><w:spacing w:val="-5"/><w:sz w:val="28"/>`,
			`<w:ind w:firstLineChars="200" w:firstLine="640"/>`,
			"second &lt;line&gt; &amp; more", "the lead", Say(prose.Figure{Key: "turns", Form: "near", D: 500_000, Measure: "x"}).Text,
		},
		"word/styles.xml":   {`<w:spacing w:before="0" w:after="0" w:line="579" w:lineRule="exact"/>`, font("body")},
		"word/settings.xml": {"<w:evenAndOddHeaders/>"},
		"word/footer1.xml":  {`w:rightChars="100"`, `<w:jc w:val="right"/>`, " PAGE ", "— ", font("page"), `<w:sz w:val="28"/>`},
		"word/footer2.xml":  {`w:leftChars="100"`, `<w:jc w:val="left"/>`},
	} {
		for _, want := range wants {
			if !strings.Contains(all[name], want) {
				t.Errorf("%s has no %s", name, want)
			}
		}
	}
	if lines, chars := (16838-2098-1984)/579, (11906-1587-1474)/(16*20-5); lines != 22 || chars != 28 {
		t.Errorf("%d lines of %d characters", lines, chars)
	}
	if strings.Contains(all["word/document.xml"], "\x01") {
		t.Error("a control character went through")
	}
	if one := printed(); true {
		one.Articles = one.Articles[:1]
		if strings.Contains(parts(t, one)["word/document.xml"], i18n.T(i18n.Chinese, "bulletin.contents")) {
			t.Error("one text has contents")
		}
	}
}

// As plain text nothing is lost.
func TestAnIssueAsPlainText(t *testing.T) {
	text := printed().Plain()
	for _, want := range []string{"bulletin\n", "first line", "the lead", "heading", "topic.", "head\tcell", "above", "below", "abc", printed().NumberLine()} {
		if !strings.Contains(text, want) {
			t.Errorf("has no %q:\n%s", want, text)
		}
	}
}
