package page_test

import (
	"net/http"
	"testing"

	"tongxin/internal/web/page"
)

func TestWhoSendsIsTheNetworkOnly(t *testing.T) {
	for _, c := range []struct {
		proxied           bool
		remote, forwarded string
		want              string
	}{
		{false, "192.0.2.7:1234", "", "192.0.2.7"},
		{false, "192.0.2.7:1234", "203.0.113.9", "192.0.2.7"}, // whoever is not behind a proxy says what she likes
		{false, "[2001:db8:1:2:3:4:5:6]:1", "", "2001:db8:1:2::/64"},
		{false, "[::ffff:192.0.2.7]:1", "", "192.0.2.7"},
		{false, "127.0.0.1:1", "203.0.113.9", ""},
		{false, "nowhere", "", ""},
		{true, "127.0.0.1:1", "10.9.9.9, 203.0.113.9", "203.0.113.9"}, // the proxy adds the last
		{true, "127.0.0.1:1", "203.0.113.9, somebody", ""},
		{true, "127.0.0.1:1", "", ""},
	} {
		got := "unasked"
		h, s, _ := site(t, page.Visitor{}, page.Route{Pattern: "GET /x", Access: page.Public, Handler: func(c *page.Ctx) error {
			got = c.Sender()
			return nil
		}})
		s.Proxied = c.proxied
		r := get("/x")
		r.RemoteAddr, r.Header = c.remote, http.Header{"X-Forwarded-For": {c.forwarded}}
		send(h, r)
		if got != c.want {
			t.Errorf("%+v: %q", c, got)
		}
	}
}
