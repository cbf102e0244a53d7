package page

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"github.com/a-h/templ"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/report/live"
	"tongxin/internal/web/ui"
)

const (
	pulse    = 5 * time.Second // a stream says at least so often that it is there
	checkup  = 3               // pulses after which the reader's rights are looked at again
	comeBack = time.Second     // how soon a browser tries again that lost the connection
)

// told is one event of a stream.
type told struct {
	Parts live.Parts `json:"parts,omitempty"`
	Clock string     `json:"clock"` // of the product, when it was sent
}

// Stream keeps a page up to date by server-sent events, until the reader goes, the hub closes,
// or may says that she may not see it any more. A browser that lost the connection comes back
// with the number of the last event, and gets what it missed.
func (c *Ctx) Stream(key string, may func() error, s live.Source) error {
	if c.Live == nil {
		return fail.New(fail.Unavailable, "live.full")
	}
	seen := c.R.Header.Get("Last-Event-ID")
	if seen == "" {
		seen = c.Query("seen")
	}
	w, err := c.Live.Watch(key, seen, s)
	if err != nil {
		return err
	}
	defer w.Close()
	h := c.W.Header()
	h.Set("Content-Type", "text/event-stream")
	h.Set("Cache-Control", "no-store")
	h.Set("X-Accel-Buffering", "no") // a proxy passes events on as they come
	c.W.WriteHeader(http.StatusOK)
	for n := 1; ; n++ {
		u, err := c.await(w)
		switch {
		case c.Err() != nil:
			return nil // the reader has gone, or her time is over
		case errors.Is(err, context.DeadlineExceeded) && n%checkup == 0 && may() != nil:
			return nil
		case err != nil && !errors.Is(err, context.DeadlineExceeded):
			return nil
		}
		if err := c.tell(u); err != nil {
			return nil // the reader has gone
		}
	}
}

// await waits for news for at most a pulse.
func (c *Ctx) await(w *live.Watch) (live.Update, error) {
	ctx, cancel := context.WithTimeout(c, pulse)
	defer cancel()
	u, err := w.Next(ctx)
	if c.Err() != nil {
		return u, c.Err()
	}
	return u, err
}

// tell sends one event, at once.
func (c *Ctx) tell(u live.Update) error {
	data, err := json.Marshal(told{u.Parts, i18n.ClockSeconds(c.DB.Now())})
	if err != nil {
		return err
	}
	if _, err := fmt.Fprintf(c.W, "retry: %d\nid: %s\ndata: %s\n\n", comeBack.Milliseconds(), u.Round, data); err != nil {
		return err
	}
	return http.NewResponseController(c.W).Flush()
}

// Part renders a part of a page outside of any request: only the language, and the moment,
// are known.
func Part(ctx context.Context, lang string, now time.Time, t templ.Component) (string, error) {
	var b bytes.Buffer
	err := t.Render(ui.With(ctx, &ui.View{Lang: lang, Now: now}), &b)
	return b.String(), err
}
