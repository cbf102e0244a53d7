package page_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/web/page"
)

// pacedSite serves one route to the other end of a line, over HTTP 1 or 2.
func pacedSite(t *testing.T, two bool, pace page.Pace, answer page.Handler) *httptest.Server {
	t.Helper()
	_, s, _ := site(t, page.Visitor{Actor: auth.Actor{Person: someone}})
	s.Pace = pace
	mux := http.NewServeMux()
	mux.Handle("/x", s.Handle(page.Route{Pattern: "/x", Access: page.Public, Handler: answer}))
	server := httptest.NewUnstartedServer(s.Chain(mux))
	server.EnableHTTP2 = two
	if two {
		server.StartTLS()
	} else {
		server.Start()
	}
	t.Cleanup(server.Close)
	return server
}

var short = page.Pace{Grace: time.Second, Rate: 1 << 20}

// TestAReaderWhoStopsIsCutOff: who asks for much and takes none of it holds nothing for long.
func TestAReaderWhoStopsIsCutOff(t *testing.T) {
	for name, two := range map[string]bool{"HTTP/1.1": false, "HTTP/2.0": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ended := make(chan error, 1)
			server := pacedSite(t, two, short, func(c *page.Ctx) error {
				var err error
				for n, piece := 0, make([]byte, 64<<10); n < 1<<12 && err == nil; n++ {
					_, err = c.W.Write(piece)
				}
				ended <- err
				return nil
			})
			res, err := server.Client().Get(server.URL + "/x")
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			if res.Proto != name {
				t.Errorf("it speaks %s", res.Proto)
			}
			if err := <-ended; err == nil {
				t.Error("a quarter of a gigabyte went to a reader who takes nothing")
			}
		})
	}
}

// TestAnAnswerMayTakeItsTime: only the wait for the other end counts, not what an answer takes to be made.
func TestAnAnswerMayTakeItsTime(t *testing.T) {
	for name, two := range map[string]bool{"HTTP/1.1": false, "HTTP/2.0": true} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			server := pacedSite(t, two, page.Pace{Grace: time.Second, Rate: 1 << 20}, func(c *page.Ctx) error {
				if err := c.Form(); err != nil {
					return err
				}
				for range 2 {
					select { // as long as something takes that is not the reader's fault
					case <-c.Done():
						return c.Err()
					case <-time.After(1200 * time.Millisecond):
					}
					io.WriteString(c.W, "done ")
					http.NewResponseController(c.W).Flush()
				}
				return nil
			})
			res, err := server.Client().Post(server.URL+"/x", "application/x-www-form-urlencoded", strings.NewReader("a=b"))
			if err != nil {
				t.Fatal(err)
			}
			defer res.Body.Close()
			if got := body(t, res); got != "done done " {
				t.Errorf("%s", got)
			}
		})
	}
}

// TestASlowBodyIsAnsweredInWords, over HTTP 2, too, where one line carries many requests.
func TestASlowBodyIsAnsweredInWords(t *testing.T) {
	server := pacedSite(t, true, short, func(c *page.Ctx) error { return c.Form() })
	sent, write := io.Pipe()
	defer write.Close()
	go io.WriteString(write, "a=")
	res, err := server.Client().Post(server.URL+"/x", "application/x-www-form-urlencoded", sent)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if text := body(t, res); res.StatusCode != http.StatusRequestTimeout || !strings.Contains(text, "传得太慢") {
		t.Errorf("%d %s", res.StatusCode, text)
	}
}
