package browser

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// View is how a person looks at the product.
type View struct {
	Width, Height int64
	Dark          bool
	Phone         bool // touch, and the viewport of a phone
}

// The two views that every page is drawn for.
var (
	Phone = View{Width: 390, Height: 844, Phone: true}
	Desk  = View{Width: 1440, Height: 900}
)

// Page is one person's window: cookies of her own, and what went wrong in it.
type Page struct {
	Patience time.Duration // how long to wait for what is to be shown; 0 looks once

	ctx   context.Context
	close func()
	watch *watch
}

// Page opens an empty window.
func (b *Browser) Page(v View) (*Page, error) {
	w := newWatch()
	ctx, cancel := chromedp.NewContext(b.ctx, chromedp.WithNewBrowserContext(), chromedp.WithListener(w.hear))
	p := &Page{Patience: 15 * time.Second, ctx: ctx, close: cancel, watch: w}
	w.accept = func() { go func() { _ = p.call(acceptDialog) }() }
	if err := chromedp.Do(ctx, tellBreaches, v.set); err != nil {
		cancel()
		return nil, err
	}
	return p, nil
}

// Close closes the window and forgets its cookies.
func (p *Page) Close() { p.close() }

// Emulate looks at the page in another way from now on, as it stands: what it loaded stays.
func (p *Page) Emulate(v View) error { return p.call(v.set) }

// set emulates the view. Movement is off, so that a picture shows the end of it.
func (v View) set(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
	scheme := "light"
	if v.Dark {
		scheme = "dark"
	}
	_, err := cdp.Call(ctx, t, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: v.Width, Height: v.Height, DeviceScaleFactor: 1, Mobile: v.Phone})
	if err != nil {
		return chromedp.Void{}, err
	}
	_, err = cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{
		{Name: "prefers-color-scheme", Value: scheme}, {Name: "prefers-reduced-motion", Value: "reduce"}}})
	return chromedp.Void{}, err
}

// tellBreaches has every document say on the console what its security policy stopped.
func tellBreaches(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
	_, err := cdp.Call(ctx, t, page.AddScriptToEvaluateOnNewDocument, page.AddScriptToEvaluateOnNewDocumentParams{
		Source: `document.addEventListener('securitypolicyviolation', e =>
			console.error('content security policy: ' + e.effectiveDirective + ' stops ' + (e.blockedURI || e.sample)))`})
	return chromedp.Void{}, err
}

func acceptDialog(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
	_, err := cdp.Call(ctx, t, page.HandleJavaScriptDialog, page.HandleJavaScriptDialogParams{Accept: true})
	return chromedp.Void{}, err
}

// longest is how long one call to the browser may take on a busy machine.
const longest = time.Minute

// call runs one action.
func (p *Page) call(a chromedp.Action[chromedp.Void]) error {
	ctx, cancel := context.WithTimeout(p.ctx, longest)
	defer cancel()
	return chromedp.Do(ctx, a)
}

// eval evaluates an expression, a promise included.
func eval[T any](p *Page, js string) (T, error) {
	ctx, cancel := context.WithTimeout(p.ctx, longest)
	defer cancel()
	return chromedp.Run(ctx, chromedp.Evaluate[T](js, func(e *runtime.EvaluateParams) {
		yes := true
		e.AwaitPromise, e.UserGesture = &yes, &yes
	}))
}

// Open goes to an address and waits until it has loaded.
func (p *Page) Open(url string) error {
	p.watch.weight.Store(0)
	if err := p.call(chromedp.Navigate(url)); err != nil {
		return fmt.Errorf("open %s: %w", url, err)
	}
	p.settle()
	return nil
}

// Cookies gives the window the cookies of a session made elsewhere, or a setting kept in one.
func (p *Page) Cookies(url string, cookies ...*http.Cookie) error {
	return p.call(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		for _, c := range cookies {
			_, err := cdp.Call(ctx, t, network.SetCookie, network.SetCookieParams{Name: c.Name, Value: c.Value, URL: url, Path: "/"})
			if err != nil {
				return chromedp.Void{}, err
			}
		}
		return chromedp.Void{}, nil
	})
}

// Address is where the window is.
func (p *Page) Address() (string, error) { return eval[string](p, "location.href") }

// Text is what the page shows.
func (p *Page) Text() (string, error) { return eval[string](p, "document.body.innerText") }

// Weight is how many bytes came over the wire since Open: everything the page loaded, headers included.
func (p *Page) Weight() int { return int(p.watch.weight.Load()) }

// Picture is a PNG of the whole page.
func (p *Page) Picture() ([]byte, error) {
	ctx, cancel := context.WithTimeout(p.ctx, longest)
	defer cancel()
	return chromedp.Run(ctx, chromedp.FullScreenshot(100))
}

// Paper is the page as it is printed: a PDF, on the paper that its styles ask for.
func (p *Page) Paper() ([]byte, error) {
	ctx, cancel := context.WithTimeout(p.ctx, longest)
	defer cancel()
	return chromedp.Run(ctx, chromedp.PrintToPDF(chromedp.PDFPreferCSSPageSize()))
}

// Fetch sends an empty form to a path of the site, as the page itself would, and answers what comes: a file.
func (p *Page) Fetch(path string) (kind string, content []byte, err error) {
	text, err := eval[string](p, `fetch(`+quote(path)+`, {method: "POST", body: new URLSearchParams()}).then(async (r) => {
		const bytes = new Uint8Array(await r.arrayBuffer());
		let all = "";
		for (let i = 0; i < bytes.length; i += 4096) all += String.fromCharCode(...bytes.subarray(i, i + 4096));
		return r.headers.get("Content-Type") + "\n" + btoa(all);
	})`)
	if err != nil {
		return "", nil, err
	}
	kind, encoded, _ := strings.Cut(text, "\n")
	content, err = base64.StdEncoding.DecodeString(encoded)
	return kind, content, err
}

// Faults is what went wrong behind the page since it was last asked.
func (p *Page) Faults() []string { return p.watch.take() }

// See waits until the page shows the text.
func (p *Page) See(text string) error {
	err := p.until("(document.body ? document.body.innerText : '').includes(" + quote(text) + ")")
	if err != nil {
		return fmt.Errorf("waiting to see %q: %w\n%s", text, err, p.excerpt())
	}
	return nil
}

func (p *Page) excerpt() string {
	text, err := p.Text()
	if err != nil {
		return ""
	}
	address, _ := p.Address()
	return "the page " + address + " shows:\n" + strings.TrimSpace(text)
}

var errPatience = errors.New("it did not come")

// until waits for an expression to be true. A page that changes meanwhile is asked again.
func (p *Page) until(js string) error {
	return p.wait(func() (bool, error) { return eval[bool](p, js) })
}

// wait asks again and again, at least once, until the answer is yes or the page's patience has ended. An error counts as
// no: a page that is being left cannot answer.
func (p *Page) wait(ask func() (bool, error)) error {
	deadline := time.After(p.Patience)
	for {
		yes, err := ask()
		if err == nil && yes {
			return nil
		}
		select {
		case <-p.ctx.Done():
			return p.ctx.Err()
		case <-deadline:
			return errors.Join(errPatience, err)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// settle waits until what was set going has ended: a navigation, a request. It gives up silently, since a page may load
// for ever on purpose.
func (p *Page) settle() {
	_, _ = eval[bool](p, `new Promise(done => requestAnimationFrame(() => setTimeout(() => done(true), 0)))`)
	deadline := time.After(5 * time.Second)
	for p.watch.busy() {
		select {
		case <-p.ctx.Done():
			return
		case <-deadline:
			return
		case <-time.After(5 * time.Millisecond):
		}
	}
	_ = p.until(`document.readyState === 'complete'`)
}
