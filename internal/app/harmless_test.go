package app_test

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"encoding/json"
	"encoding/xml"
	"errors"
	"io"
	"net/http/httptest"
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// harmless looks at an answer as what reads it does: a browser, a spreadsheet.
func (x *vandal) harmless(at string, w *httptest.ResponseRecorder) {
	x.Helper()
	if w.Header().Get("X-Content-Type-Options") != "nosniff" {
		x.Errorf("%s: a browser may guess what it is", at)
	}
	kind, _, _ := strings.Cut(w.Header().Get("Content-Type"), ";")
	body := w.Body.Bytes()
	switch {
	case w.Body.Len() == 0, strings.HasPrefix(kind, "image/") && kind != "image/svg+xml", kind == "font/woff2", kind == "application/pdf":
	case kind == "text/html":
		x.page(at, body)
	case kind == "application/json", kind == "application/problem+json", kind == "application/manifest+json":
		if !json.Valid(body) {
			x.Errorf("%s: no JSON", at)
		}
	case kind == "application/atom+xml":
		x.feed(at, body)
	case kind == "image/svg+xml":
		x.drawing(at, body)
	case kind == "text/csv":
		x.list(at, body)
	case strings.HasSuffix(kind, "spreadsheetml.sheet"), strings.HasSuffix(kind, "wordprocessingml.document"):
		x.workbook(at, body)
	case kind == "text/css", kind == "text/javascript", kind == "text/plain":
		if strings.Contains(w.Body.String(), "onxss") {
			x.Errorf("%s: what was typed stands in %s", at, kind)
		}
	default:
		x.Errorf("%s is %q, at which this test does not know how to look", at, kind)
	}
}

// feed holds a feed against what it may have: elements of Atom alone, and links to this site.
func (x *vandal) feed(at string, body []byte) {
	x.Helper()
	for d := xml.NewDecoder(bytes.NewReader(body)); ; {
		token, err := d.Token()
		if err != nil {
			if err != io.EOF {
				x.Errorf("%s: %v", at, err)
			}
			return
		}
		e, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if e.Name.Space != "http://www.w3.org/2005/Atom" {
			x.Errorf("%s: an element %s of %q", at, e.Name.Local, e.Name.Space)
		}
		for _, a := range e.Attr {
			if a.Name.Local == "href" && !strings.HasPrefix(a.Value, "http://example.com/") {
				x.Errorf("%s: leads to %s", at, a.Value)
			}
		}
	}
}

// urls are attributes that a browser follows, or loads.
var urls = regexp.MustCompile(`^(href|src|action|formaction|data|poster|srcset|hx-get|hx-post)$`)

// page holds a page, or a part of one, against what pages of ours may have.
func (x *vandal) page(at string, body []byte) {
	x.Helper()
	doc, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		x.Errorf("%s: %v", at, err)
		return
	}
	if bytes.Contains(body, []byte("onxss")) {
		x.shown++
	}
	for n := range doc.Descendants() {
		if n.Type == html.CommentNode {
			x.Errorf("%s has a comment: %.200s", at, n.Data)
		}
		if n.Type != html.ElementNode {
			continue
		}
		inline := n.Data == "script" && attribute(n, "src") == "" && attribute(n, "type") != "application/json"
		if inline || n.Data == "xss-probe" || n.Data == "style" || n.Data == "iframe" || n.Data == "object" || n.Data == "base" {
			x.Errorf("%s has an element %s", at, n.Data)
		}
		for _, a := range n.Attr {
			scheme, _, has := strings.Cut(strings.ToLower(strings.TrimSpace(a.Val)), ":")
			foreign := has && !strings.ContainsAny(scheme, "/?#") && scheme != "tel" && scheme != "data" && !known(n, a.Val)
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" || a.Key == "srcdoc" || urls.MatchString(a.Key) && foreign {
				x.Errorf("%s: %s has %s=%.100q", at, n.Data, a.Key, a.Val)
			}
		}
	}
}

// known are whole addresses that pages of ours have: of this site's calendars, what says to
// machines what an activity is, and where else something was told of, which learns nothing of us.
func known(n *html.Node, address string) bool {
	if n.Data == "a" && attribute(n, "rel") == "noopener nofollow" {
		return strings.HasPrefix(address, "https://") || strings.HasPrefix(address, "http://")
	}
	if n.Data == "link" && attribute(n, "itemprop") != "" {
		return strings.HasPrefix(address, "https://schema.org/") || strings.HasPrefix(address, "http://example.com/")
	}
	return strings.HasPrefix(address, "webcal://example.com/")
}

// drawing holds XML against what drawings and workbooks of ours have.
func (x *vandal) drawing(at string, body []byte) {
	x.Helper()
	for d := xml.NewDecoder(bytes.NewReader(body)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			x.Errorf("%s: %v", at, err)
			return
		}
		start, ok := token.(xml.StartElement)
		if !ok {
			continue
		}
		if start.Name.Local == "xss-probe" || start.Name.Local == "script" || start.Name.Local == "f" || start.Name.Local == "foreignObject" {
			x.Errorf("%s has an element %s", at, start.Name.Local)
		}
		for _, a := range start.Attr {
			if strings.HasPrefix(a.Name.Local, "on") {
				x.Errorf("%s: %s has %s", at, start.Name.Local, a.Name.Local)
			}
		}
	}
}

// figures are cells that begin with a sign and are numbers.
var figures = regexp.MustCompile(`^[-+]?[0-9.,]+%?$`)

// list holds a CSV against what a spreadsheet would take for a formula.
func (x *vandal) list(at string, body []byte) {
	x.Helper()
	r := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(body, []byte("\ufeff"))))
	r.FieldsPerRecord = -1
	rows, err := r.ReadAll()
	if err != nil {
		x.Errorf("%s: %v", at, err)
	}
	for _, row := range rows {
		for _, cell := range row {
			if trimmed := strings.TrimSpace(cell); strings.IndexAny(trimmed, "=+-@") == 0 && !figures.MatchString(trimmed) {
				x.Errorf("%s: a formula in a cell: %.100q", at, cell)
			}
			if strings.Contains(cell, "onxss") {
				x.shown++
			}
		}
	}
}

// workbook holds each part of a workbook or a Word file against what ours have.
func (x *vandal) workbook(at string, body []byte) {
	x.Helper()
	z, err := zip.NewReader(bytes.NewReader(body), int64(len(body)))
	if err != nil {
		x.Errorf("%s: %v", at, err)
		return
	}
	for _, part := range z.File {
		f, err := part.Open()
		if err != nil {
			x.Errorf("%s: %v", at, err)
			return
		}
		text, err := io.ReadAll(f)
		if err != nil {
			x.Errorf("%s: %v", at, err)
		}
		if bytes.Contains(text, []byte("onxss")) {
			x.shown++
		}
		x.drawing(at+" "+part.Name, text)
	}
}
