package prose

import (
	"reflect"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"tongxin/internal/base/i18n"
)

// harmless reads rendered HTML as a browser does: it has only the elements and attributes
// that a document may become.
func harmless(t *testing.T, rendered string) {
	t.Helper()
	root, err := html.ParseFragment(strings.NewReader(rendered), &html.Node{Type: html.ElementNode, Data: "div", DataAtom: atom.Div})
	if err != nil {
		t.Fatal(err)
	}
	elements := " h1 h2 h3 h4 p br ol ul li table tbody tr th td div figure figcaption img blockquote footer strong em span a "
	attrs := " class start tabindex scope colspan rowspan src alt loading title href rel "
	var look func(n *html.Node)
	look = func(n *html.Node) {
		if n.Type == html.ElementNode {
			if !strings.Contains(elements, " "+n.Data+" ") {
				t.Errorf("an element %s in %s", n.Data, rendered)
			}
			for _, a := range n.Attr {
				if !strings.Contains(attrs, " "+a.Key+" ") {
					t.Errorf("an attribute %s in %s", a.Key, rendered)
				}
				if a.Key == "href" && !goodLink(a.Val) {
					t.Errorf("a link to %s", a.Val)
				}
			}
		}
		for c := n.FirstChild; c != nil; c = c.NextSibling {
			look(c)
		}
	}
	for _, n := range root {
		look(n)
	}
}

// held: a document that was let in keeps what the package promises.
func held(t *testing.T, doc Node) {
	t.Helper()
	again, err := Parse(doc.JSON())
	if err != nil || !reflect.DeepEqual(again, doc) {
		t.Fatalf("read again it is another: %v\n%s\n%s", err, doc.JSON(), again.JSON())
	}
	harmless(t, doc.HTML(Page{Lang: i18n.Chinese, Picture: func(id string) string { return "/pictures/" + id }}))
	doc.Plain(i18n.Chinese, nil)
	doc.Unbound()
	marks := doc.ToMarks()
	if _, err := FromMarks(marks, doc); err != nil {
		t.Fatalf("marks are not read again: %v\n%s", err, marks)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(sample().JSON())
	f.Add([]byte(`{"type":"doc","content":[{"type":"paragraph","attrs":{"numbered":true},"content":[{"type":"text","text":"- 。x"}]}]}`))
	f.Add([]byte(`{"type":"doc","content":[{"type":"table","content":[{"type":"table_row","content":[{"type":"table_cell","attrs":{"colspan":1,"rowspan":1,"colwidth":null},"content":[{"type":"paragraph"}]}]}]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		if doc, err := Parse(data); err == nil {
			held(t, doc)
		}
	})
}

func FuzzFromHTML(f *testing.F) {
	f.Add(fromWord)
	f.Add(fromWeChat)
	f.Add(`<table><tr><td><table><tr><td>a<td>b</table><tr><th colspan=999>x`)
	f.Fuzz(func(t *testing.T, text string) {
		if doc, err := FromHTML(text); err == nil {
			held(t, doc)
		}
	})
}

func FuzzFromMarks(f *testing.F) {
	f.Add(sample().ToMarks())
	f.Add("# a\n\n> b\n\n* c. d\n\n+ e\nf")
	before := sample()
	f.Fuzz(func(t *testing.T, text string) {
		if doc, err := FromMarks(text, before); err == nil {
			held(t, doc)
		}
	})
}
