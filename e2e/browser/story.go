package browser

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// Launch starts a browser for one test.
func Launch(t testing.TB) *Browser {
	t.Helper()
	b, err := Start(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	return b
}

// Person is somebody in a story, at a window of her own. Each thing she does fails the test where it cannot be done, or
// where something went wrong behind the page, and leaves a picture of that moment.
type Person struct {
	Page *Page
	t    testing.TB
	name string
	base string
}

// Person opens a window on the product at base, as http://127.0.0.1:8080.
func (b *Browser) Person(t testing.TB, name, base string, v View) *Person {
	t.Helper()
	page, err := b.Page(v)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(page.Close)
	return &Person{Page: page, t: t, name: name, base: strings.TrimSuffix(base, "/")}
}

// Open goes to a path.
func (p *Person) Open(path string) { p.t.Helper(); p.must(p.Page.Open(p.base + path)) }

// Fill fills the field with that label; see [Page.Fill].
func (p *Person) Fill(label, value string) { p.t.Helper(); p.must(p.Page.Fill(label, value)) }

// FillIn fills a field in the row that shows other words.
func (p *Person) FillIn(row, label, value string) {
	p.t.Helper()
	p.must(p.Page.FillIn(row, label, value))
}

// Click clicks a button or link by its words.
func (p *Person) Click(words string) { p.t.Helper(); p.must(p.Page.Click(words)) }

// ClickIn clicks a button or link in the row that shows other words.
func (p *Person) ClickIn(row, words string) { p.t.Helper(); p.must(p.Page.ClickIn(row, words)) }

// Cookies gives her the cookies of a session made elsewhere.
func (p *Person) Cookies(cookies ...*http.Cookie) {
	p.t.Helper()
	p.must(p.Page.Cookies(p.base, cookies...))
}

// See waits until her page shows all of the texts.
func (p *Person) See(texts ...string) {
	p.t.Helper()
	for _, text := range texts {
		p.must(p.Page.See(text))
	}
}

// DontSee fails where her page shows the text now; See first what the page must show.
func (p *Person) DontSee(text string) {
	p.t.Helper()
	shown := p.Text()
	if strings.Contains(shown, text) {
		p.fail("sees " + text + " on:\n" + shown)
	}
}

// Text is what her page shows.
func (p *Person) Text() string {
	p.t.Helper()
	text, err := p.Page.Text()
	p.must(err)
	return text
}

// Find is what the pattern's first group, or the whole of it, is on her page: a code, a number.
func (p *Person) Find(pattern string) string {
	p.t.Helper()
	text := p.Text()
	m := regexp.MustCompile(pattern).FindStringSubmatch(text)
	if m == nil {
		p.fail("does not find " + pattern + " on:\n" + text)
	}
	return m[len(m)-1]
}

// Path is where she is, without the host.
func (p *Person) Path() string {
	p.t.Helper()
	address, err := p.Page.Address()
	p.must(err)
	return strings.TrimPrefix(address, p.base)
}

// Accessible fails where axe finds something on her page.
func (p *Person) Accessible() {
	p.t.Helper()
	found, err := p.Page.Axe()
	p.must(err)
	for _, v := range found {
		p.t.Errorf("%s at %s: %s", p.name, p.Path(), v)
	}
}

func (p *Person) must(err error) {
	p.t.Helper()
	if err != nil {
		p.fail(err.Error())
	}
	if faults := p.Page.Faults(); len(faults) > 0 {
		p.fail("has behind the page:\n" + strings.Join(faults, "\n"))
	}
}

// fail ends the test, with a picture of her page in the folder for temporary files.
func (p *Person) fail(says string) {
	p.t.Helper()
	if png, err := p.Page.Picture(); err == nil {
		file := filepath.Join(os.TempDir(), "tongxin-"+strings.NewReplacer("/", "-", " ", "_").Replace(p.t.Name())+"-"+p.name+".png")
		if os.WriteFile(file, png, 0o600) == nil {
			says += "\npicture: " + file
		}
	}
	p.t.Fatalf("%s %s", p.name, says)
}

// Press presses the keys of a text where the focus is, one after the other.
func (p *Person) Press(keys string) {
	p.t.Helper()
	for _, k := range keys {
		p.must(p.Page.Press(string(k)))
	}
}
