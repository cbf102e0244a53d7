package browser

import (
	"encoding/json"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
)

// watch listens to what happens behind a page.
type watch struct {
	weight atomic.Int64
	accept func() // answers a dialog that the page opened

	mu      sync.Mutex
	faults  []string
	urls    map[network.RequestID]string
	pending map[network.RequestID]bool // documents and requests of scripts under way
	leaving bool                       // a navigation was asked for and has not arrived
}

func newWatch() *watch {
	return &watch{urls: map[network.RequestID]string{}, pending: map[network.RequestID]bool{}}
}

func (w *watch) fault(format string, args ...any) {
	w.faults = append(w.faults, fmt.Sprintf(format, args...))
}

func (w *watch) take() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	taken := w.faults
	w.faults = nil
	return taken
}

func (w *watch) busy() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.leaving || len(w.pending) > 0
}

// hear takes in one event of the browser, in order.
func (w *watch) hear(event any) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		w.fault("exception: %s", exception(e.ExceptionDetails))
	case *runtime.EventConsoleAPICalled:
		if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeAssert {
			w.fault("console: %s", words(e.Args))
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError && e.Entry.Source != log.EntrySourceNetwork {
			w.fault("console: %s %s", e.Entry.Text, e.Entry.URL)
		}
	case *page.EventJavascriptDialogOpening:
		w.accept()
	case *page.EventFrameRequestedNavigation:
		w.leaving = true
	case *page.EventFrameNavigated, *page.EventFrameStoppedLoading:
		w.leaving = false
	default:
		w.hearNetwork(event)
	}
}

func (w *watch) hearNetwork(event any) {
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		w.urls[e.RequestID] = e.Request.URL
		if byItself(e.Type) {
			w.pending[e.RequestID] = true
		}
	case *network.EventResponseReceived:
		if s := e.Response.Status; s >= 500 || s >= 400 && !byItself(e.Type) {
			w.fault("%d for %s %s", s, e.Type, e.Response.URL)
		}
		if e.Response.MimeType == "text/event-stream" {
			delete(w.pending, e.RequestID)
		}
	case *network.EventLoadingFinished:
		w.weight.Add(int64(e.EncodedDataLength))
		delete(w.pending, e.RequestID)
	case *network.EventLoadingFailed:
		delete(w.pending, e.RequestID)
		if !e.Canceled && e.ErrorText != "net::ERR_ABORTED" && e.BlockedReason != network.BlockedReasonCsp {
			w.fault("%s for %s %s", e.ErrorText, e.Type, w.urls[e.RequestID])
		}
	}
}

// byItself: a person or a script asked for it and shows the answer, a refusal included. The rest belongs to the page.
func byItself(t network.ResourceType) bool {
	return t == network.ResourceTypeDocument || t == network.ResourceTypeXHR || t == network.ResourceTypeFetch
}

func exception(d *runtime.ExceptionDetails) string {
	text := d.Text
	if d.Exception != nil && d.Exception.Description != "" {
		text += " " + d.Exception.Description
	}
	return fmt.Sprintf("%s (%s:%d)", text, d.URL, d.LineNumber+1)
}

func words(args []*runtime.RemoteObject) string {
	var said []string
	for _, a := range args {
		var text string
		switch {
		case a.Description != "":
			said = append(said, a.Description)
		case json.Unmarshal(a.Value, &text) == nil:
			said = append(said, text)
		default:
			said = append(said, string(a.Value))
		}
	}
	return strings.Join(said, " ")
}
