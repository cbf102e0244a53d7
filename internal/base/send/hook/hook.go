package hook

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/tls"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strconv"
	"strings"
	"syscall"
	"time"

	"tongxin/internal/base/send"
)

// Hook is the channel. It is safe for use by several goroutines.
type Hook struct {
	client *http.Client
	now    func() time.Time
}

// timeout bounds one request, its redirects included.
const timeout = 10 * time.Second

// New makes the channel; now is the product's clock.
func New(now func() time.Time) *Hook { return build(now, Public, nil) }

// build makes one that reaches what may lets it.
func build(now func() time.Time, may func(netip.Addr) bool, trust *tls.Config) *Hook {
	return &Hook{now: now, client: &http.Client{
		Timeout: timeout,
		Transport: &http.Transport{DialContext: guarded(may).DialContext, TLSClientConfig: trust,
			TLSHandshakeTimeout: timeout / 2, DisableKeepAlives: true},
		CheckRedirect: func(r *http.Request, via []*http.Request) error {
			if len(via) > 3 || r.URL.Scheme != "https" {
				return http.ErrUseLastResponse
			}
			return nil
		},
	}}
}

// guarded looks at each address that a name led to before it connects.
func guarded(may func(netip.Addr) bool) *net.Dialer {
	return &net.Dialer{Timeout: timeout / 2, Control: func(_, address string, _ syscall.RawConn) error {
		at, err := netip.ParseAddrPort(address)
		if err != nil || !may(at.Addr().Unmap()) {
			return errInside
		}
		return nil
	}}
}

// errInside says that an address leads where this installation must not reach.
var errInside = errors.New("hook: the address is not of the public net")

// notPublic are nets that IsGlobalUnicast and IsPrivate let through and that nobody should reach.
var notPublic = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"), netip.MustParsePrefix("100.64.0.0/10"), netip.MustParsePrefix("192.0.0.0/24"), netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"), netip.MustParsePrefix("198.51.100.0/24"), netip.MustParsePrefix("203.0.113.0/24"), netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"), netip.MustParsePrefix("64:ff9b:1::/48"), netip.MustParsePrefix("2001:db8::/32"), netip.MustParsePrefix("2002::/16"), netip.MustParsePrefix("2001::/23"),
}

// Public says whether an address is of the public net.
func Public(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return false
	}
	for _, p := range notPublic {
		if p.Contains(a) {
			return false
		}
	}
	return true
}

// CheckURL says whether an address can be one of a hook, as far as that shows without asking the
// net: https, a name or a public number, no sign-in in it.
func CheckURL(s string) bool {
	u, err := url.Parse(s)
	if err != nil || u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.Fragment != "" {
		return false
	}
	host := u.Hostname()
	if a, err := netip.ParseAddr(host); err == nil {
		return Public(a)
	}
	return strings.Contains(host, ".") && !strings.HasSuffix(host, ".local") && !strings.HasSuffix(host, ".localhost") && !strings.HasSuffix(host, ".internal")
}

// NewSecret makes the secret with which a receiver can tell our messages from others'.
func NewSecret() string { return rand.Text() + rand.Text() }

// Target spells the address of a hook with its secret, for Message.To.
func Target(url, secret string) string { return secret + " " + url }

// body is what a receiver gets.
type body struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Text  string `json:"text"`
	Link  string `json:"link,omitempty"`
}

// Send sends one message; its To is a [Target].
func (h *Hook) Send(ctx context.Context, m send.Message) error {
	secret, to, _ := strings.Cut(m.To, " ")
	if !CheckURL(to) {
		return send.Never(send.Forbidden, nil)
	}
	text, err := json.Marshal(body{ID: m.Key, Title: m.Title, Text: m.Text, Link: m.Link})
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, to, bytes.NewReader(text))
	if err != nil {
		return send.Never(send.Address, nil)
	}
	at := strconv.FormatInt(h.now().Unix(), 10)
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	r.Header.Set("Webhook-Id", m.Key)
	r.Header.Set("Webhook-Timestamp", at)
	r.Header.Set("Webhook-Signature", "v1,"+Sign(secret, m.Key, at, text))
	answer, err := h.client.Do(r)
	if errors.Is(err, errInside) {
		return send.Never(send.Forbidden, nil)
	}
	if err != nil {
		return send.Judge(err)
	}
	defer answer.Body.Close()
	_, _ = io.CopyN(io.Discard, answer.Body, 4<<10)
	return send.Status(answer, h.now())
}

// Sign is the signature of a message.
func Sign(secret, key, at string, body []byte) string {
	mac := hmac.New(sha256.New, []byte(secret))
	for _, part := range [][]byte{[]byte(key), []byte("."), []byte(at), []byte("."), body} {
		mac.Write(part)
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
