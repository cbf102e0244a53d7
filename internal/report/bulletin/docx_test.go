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
	"tongxin/internal/base/picture"
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

// parts are the files of a written issue; each is XML that ends, but for those of a folder.
func parts(t *testing.T, b Body, raw ...string) map[string]string {
	t.Helper()
	var out bytes.Buffer
	if err := b.Docx(&out, Print{Origin: "https://volunteers.example", Pictures: map[string]picture.Stored{"321281-photo": {Kind: "image/jpeg", Width: 1600, Height: 800, Content: []byte("dots")},
		"321281-small": {Kind: "image/png", Width: 100, Height: 50, Content: []byte("more dots")}}}); err != nil {
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
		if len(raw) > 0 && strings.HasPrefix(f.Name, raw[0]) {
			continue
		}
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

// Pictures stand as wide as the lines at most, above their captions; links lead where they
// did; cells span; what is quoted names its source.
func TestPicturesLinksAndTablesInTheDocument(t *testing.T) {
	shown := func(id, alt string, caption ...prose.Node) prose.Node {
		return prose.Node{Type: prose.Picture, Attrs: &prose.Attrs{Picture: id, Alt: alt}, Content: caption}
	}
	link := func(href, text string) prose.Node {
		return prose.Node{Type: prose.Text, Text: text, Marks: []prose.Mark{{Type: prose.Link, Attrs: &prose.MarkAttrs{Href: href}}}}
	}
	cell := func(kind, text string, wide, high int) prose.Node {
		return prose.Node{Type: kind, Attrs: &prose.Attrs{Colspan: wide, Rowspan: high}, Content: []prose.Node{prose.P(prose.T(text))}}
	}
	doc, err := prose.Checked(prose.New(prose.Doc, prose.TitleOf("title"), shown("321281-photo", "a <lamp>", prose.T("the lamp, "), link("/activities", "more")), shown("321281-small", "small"),
		shown("321281-gone", "what is gone"), prose.P(link("https://example.org/a?b=1&c=2", "elsewhere")),
		prose.New(prose.Table, prose.New(prose.TableRow, cell(prose.TableHeader, "wide", 2, 0), cell(prose.TableHeader, "high", 0, 2)),
			prose.New(prose.TableRow, cell(prose.TableCell, "left", 0, 0), cell(prose.TableCell, "right", 0, 0))),
		prose.Node{Type: prose.Quote, Attrs: &prose.Attrs{Source: "the daily"}, Content: []prose.Node{prose.P(prose.T("said"))}}))
	if err != nil {
		t.Fatal(err)
	}
	b := printed()
	b.Articles = []Text{{Doc: doc}}
	all := parts(t, b, "word/media/")
	text, related := all["word/document.xml"], all["word/_rels/document.xml.rels"]
	for where, wants := range map[string][]string{
		text: {
			`<wp:extent cx="5616575" cy="2808287"/>`, // as wide as the lines
			`<wp:extent cx="952500" cy="476250"/>`,   // as it is
			`descr="a &lt;lamp&gt;"`, `<a:blip r:embed="rId5"/>`, `[what is gone]`, "the lamp, ",
			`<w:hyperlink r:id="rId6">`, `<w:tblGrid><w:gridCol w:w="2948"/><w:gridCol w:w="2948"/><w:gridCol w:w="2948"/></w:tblGrid>`,
			`<w:tcPr><w:gridSpan w:val="2"/></w:tcPr>`, `<w:tcPr><w:vMerge w:val="restart"/></w:tcPr>`, `<w:tcPr><w:vMerge/></w:tcPr>`, "—— the daily",
		},
		related: {
			`Id="rId5" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="media/image1.jpeg"/>`,
			`Target="https://volunteers.example/activities" TargetMode="External"/>`, `Target="media/image2.png"/>`,
			`Target="https://example.org/a?b=1&amp;c=2" TargetMode="External"/>`,
		},
		all["[Content_Types].xml"]: {`Extension="jpeg" ContentType="image/jpeg"`, `Extension="png" ContentType="image/png"`},
	} {
		for _, want := range wants {
			if !strings.Contains(where, want) {
				t.Errorf("has no %s", want)
			}
		}
	}
	if all["word/media/image1.jpeg"] != "dots" || all["word/media/image2.png"] != "more dots" {
		t.Error("the pictures are not in the file")
	}
}

// A picture is as large as it is, as wide as the lines, or half a page high.
func TestPicturesFitThePage(t *testing.T) {
	for size, want := range map[[2]int][2]int{{100, 50}: {952500, 476250}, {1600, 800}: {mostWide, mostWide / 2}, {100, 5000}: {100 * emuDot * mostHigh / (5000 * emuDot), mostHigh}, {0, 0}: {emuDot, emuDot}} {
		if w, h := fitted(size[0], size[1]); w != want[0] || h != want[1] {
			t.Errorf("%v: %d by %d, want %v", size, w, h, want)
		}
	}
}
