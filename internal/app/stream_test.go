package app_test

import (
	"bufio"
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"tongxin/internal/app"
	"tongxin/internal/base/db/dbtest"
)

// TestStoppingEndsStreams: a page that is kept up to date does not hold up the end of the server, and nothing is left of it.
func TestStoppingEndsStreams(t *testing.T) {
	for _, engine := range dbtest.Engines {
		t.Run(string(engine), func(t *testing.T) {
			a := open(t, dbtest.DSN(t, engine), dbtest.NewClock())
			plant(t, a.DB)
			at, err := app.Listen{Addr: "127.0.0.1:0"}.Bind()
			if err != nil {
				t.Fatal(err)
			}
			ctx, stop := context.WithCancel(t.Context())
			served := make(chan error, 1)
			go func() { served <- a.Serve(ctx, at) }()
			stream, err := http.Get(strings.TrimSuffix(at.URL(), "/") + "/overview/live")
			if err != nil {
				t.Fatal(err)
			}
			defer stream.Body.Close()
			lines := bufio.NewScanner(stream.Body)
			lines.Buffer(nil, 1<<20)
			if !lines.Scan() || stream.StatusCode != http.StatusOK {
				t.Fatalf("%d %v", stream.StatusCode, lines.Err())
			}
			if n := a.Live.Watches(); n != 1 {
				t.Errorf("%d pages are watched", n)
			}
			stop()
			select {
			case err := <-served:
				if err != nil {
					t.Error(err)
				}
			case <-time.After(10 * time.Second): // half of what running requests are given
				t.Fatal("the stream holds up the end")
			}
			for lines.Scan() { // what was still on its way
			}
			if n := a.Live.Watches(); n != 0 {
				t.Errorf("%d pages are still watched", n)
			}
		})
	}
}
