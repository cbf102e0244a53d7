package browser

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

//go:embed find.js
var findJS string

// found is where find.js found something, or why not.
type found struct {
	X, Y   float64
	Kind   string // what a field is: text, select, check, set (a control whose value is set as a whole)
	Why    string // not there, or not to be reached
	Others string // what there is instead
}

// find looks until the thing is there and can be reached.
func (p *Page) find(what, call string) (f found, err error) {
	err = p.wait(func() (bool, error) {
		f, err = eval[found](p, "(()=>{"+findJS+"\nreturn "+call+"})()")
		return f.Why == "", err
	})
	if err != nil {
		return f, fmt.Errorf("%s: %s; there are: %s\n%w, %s", what, f.Why, f.Others, err, p.excerpt())
	}
	return f, nil
}

// Click clicks a button, link, tab or label by its words. Follow it with See: what it leads to is only known by that.
func (p *Page) Click(words string) error { return p.ClickIn("", words) }

// ClickIn clicks within the row, item or section that shows other words, as a name in a list.
func (p *Page) ClickIn(row, words string) error {
	f, err := p.find(fmt.Sprintf("click %q", words), "clickable("+quote(row)+","+quote(words)+")")
	if err != nil {
		return err
	}
	if err := p.call(chromedp.MouseClickXY(f.X, f.Y)); err != nil {
		return fmt.Errorf("click %q: %w", words, err)
	}
	p.settle()
	return nil
}

// Fill puts a value into the field with that label (or name): text is typed in the place of what was there, an option is
// chosen by its words, a date is set. A box is ticked with "yes" and cleared with "no".
func (p *Page) Fill(label, value string) error { return p.FillIn("", label, value) }

// FillIn fills a field within the row, item or section that shows other words.
func (p *Page) FillIn(row, label, value string) error {
	what := fmt.Sprintf("fill %q", label)
	f, err := p.find(what, "field("+quote(row)+","+quote(label)+","+quote(value)+")")
	if err != nil {
		return err
	}
	switch f.Kind {
	case "check":
		err = p.call(chromedp.MouseClickXY(f.X, f.Y))
	case "text":
		err = p.call(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
			_, err := cdp.Call(ctx, t, input.InsertText, input.InsertTextParams{Text: value})
			return chromedp.Void{}, err
		})
	}
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	p.settle()
	return nil
}

// Press presses a key, as chromedp's kb names it, where the focus is.
func (p *Page) Press(key string) error {
	if err := p.call(chromedp.KeyEvent(key)); err != nil {
		return err
	}
	p.settle()
	return nil
}

// Upload gives files to the field with that name attribute.
func (p *Page) Upload(name string, files ...string) error {
	if len(files) == 0 {
		return errors.New("upload: no files")
	}
	return p.call(chromedp.SetUploadFiles(chromedp.CSS(fmt.Sprintf("input[type=file][name=%q]", name)), files))
}

// quote writes a JavaScript string.
func quote(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}
