package page_test

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"

	"tongxin/internal/web/page"
)

// FuzzAddress: whatever stands in an address, the page sees text or is not asked.
func FuzzAddress(f *testing.F) {
	for _, s := range []string{"q=x", "q=%00", "%ff=1", "q=%zz&a=%00", "q=\xff", "a;b", "q=%E5%8F%82", "=&&="} {
		f.Add("x", s)
	}
	f.Add("%00", "")
	f.Add("%2e%2e%2f", "")
	h, _, _ := site(f, page.Visitor{}, page.Route{Pattern: "GET /p/{name}", Access: page.Public, Handler: func(c *page.Ctx) error {
		for name, values := range c.R.URL.Query() {
			if seen := c.Path("name") + name + strings.Join(values, ""); strings.ToValidUTF8(seen, "") != seen || strings.Contains(seen, "\x00") {
				c.W.WriteHeader(http.StatusInternalServerError)
			}
		}
		return nil
	}})
	f.Fuzz(func(t *testing.T, path, query string) {
		r := httptest.NewRequest("GET", "/p/x", nil)
		u, err := url.ParseRequestURI("/p/" + path + "?" + query)
		if err != nil {
			return // net/http refuses it
		}
		r.URL = u
		if res := send(h, r); res.StatusCode >= 500 {
			t.Errorf("%q?%q: %d", path, query, res.StatusCode)
		}
	})
}

// FuzzCookies: whatever a browser keeps for us, nobody makes it say what we did not.
func FuzzCookies(f *testing.F) {
	for _, s := range []string{"flash=x.y; session=z", "flash=e30.; elder=1; theme=dark; lang=en", "session=\xff", "lang=" + strings.Repeat("x", 5000), "flash=eyJUZXh0Ijoib253bmVkIn0.AAAA"} {
		f.Add(s)
	}
	h, _, _ := site(f, page.Visitor{})
	f.Fuzz(func(t *testing.T, cookies string) {
		r := get("/nowhere")
		r.Header.Set("Cookie", cookies)
		r.Header.Set("Accept-Language", cookies)
		res := send(h, r)
		if text := body(t, res); res.StatusCode != http.StatusNotFound || strings.Contains(text, "onwned") {
			t.Errorf("%q: %d %s", cookies, res.StatusCode, text)
		}
	})
}

// FuzzSender: what a proxy tells of who asks is an address of the network, or nothing.
func FuzzSender(f *testing.F) {
	for _, s := range []string{"", "203.0.113.9", "1, 2001:db8::1", "fe80::1%eth0", "::ffff:203.0.113.9", ",,,", "127.0.0.1", "203.0.113.9:80", "x", strings.Repeat("9,", 9000)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, told string) {
		r := get("/")
		r.Header.Set("X-Forwarded-For", told)
		c := &page.Ctx{R: r, Site: &page.Site{Proxied: true}}
		sender := c.Sender()
		if at, err := netip.ParseAddr(sender); sender != "" && (err != nil || at.IsLoopback() || at.Zone() != "" || at.Is4In6()) {
			if _, err := netip.ParsePrefix(sender); err != nil {
				t.Errorf("%q is %q", told, sender)
			}
		}
	})
}
