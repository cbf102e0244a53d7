package hook_test

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
	"time"

	"tongxin/internal/base/send"
	"tongxin/internal/base/send/hook"
)

const secret = "the-secret"

var noon = time.Date(2020, 2, 28, 12, 0, 0, 0, time.UTC)

// fake is a receiver with an answer of the test's choosing.
func fake(t *testing.T, answer http.HandlerFunc) *hook.Hook {
	t.Helper()
	s := httptest.NewTLSServer(answer)
	t.Cleanup(s.Close)
	trust := x509.NewCertPool()
	trust.AddCert(s.Certificate())
	names := map[string]string{"example.com": s.Listener.Addr().String(), "inside.example.com": "10.0.0.8:443"}
	return hook.Local(func() time.Time { return noon }, names, &tls.Config{RootCAs: trust, ServerName: "example.com"})
}

var message = send.Message{Key: "k.1", To: hook.Target("https://example.com/in", secret), Title: "班次", Text: "班次改时间了"}

func TestASignedMessageArrives(t *testing.T) {
	var got struct{ ID, Title, Text string }
	h := fake(t, func(w http.ResponseWriter, r *http.Request) {
		text, _ := io.ReadAll(r.Body)
		at := r.Header.Get("Webhook-Timestamp")
		if want := "v1," + hook.Sign(secret, "k.1", at, text); r.Header.Get("Webhook-Signature") != want || at != "1582891200" || r.Header.Get("Webhook-Id") != "k.1" {
			t.Errorf("headers %v", r.Header)
		}
		if err := json.Unmarshal(text, &got); err != nil {
			t.Error(err)
		}
		w.WriteHeader(http.StatusAccepted)
	})
	if err := h.Send(t.Context(), message); err != nil || got.ID != "k.1" || got.Text != message.Text {
		t.Errorf("%v, %+v", err, got)
	}
}

func TestWhatReceiversAnswer(t *testing.T) {
	for _, c := range []struct {
		status int
		after  string
		reason send.Reason
		never  bool
		wait   time.Duration
	}{
		{429, "120", send.Limited, false, 2 * time.Minute},
		{503, noon.Add(time.Hour).Format(http.TimeFormat), send.Busy, false, time.Hour},
		{500, "soon", send.Busy, false, 0},
		{503, "999999999", send.Busy, false, send.MostWait},
		{410, "", send.Address, true, 0},
		{401, "", send.Credentials, true, 0},
		{400, "", send.Refused, true, 0},
	} {
		h := fake(t, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Retry-After", c.after)
			w.WriteHeader(c.status)
		})
		f := send.Judge(h.Send(t.Context(), message))
		if f == nil || f.Reason != c.reason || f.Never != c.never || f.After != c.wait {
			t.Errorf("%d: %+v", c.status, f)
		}
	}
}

func TestAReceiverThatSaysNothing(t *testing.T) {
	stop := make(chan struct{})
	h := fake(t, func(http.ResponseWriter, *http.Request) { <-stop })
	defer close(stop)
	if f := send.Judge(h.Send(t.Context(), message)); f == nil || f.Reason != send.Silent || f.Never {
		t.Errorf("%+v", f)
	}
}

// Neither a name that leads inside nor a redirect to one is followed.
func TestNothingInsideIsReached(t *testing.T) {
	asked := 0
	h := fake(t, func(w http.ResponseWriter, r *http.Request) {
		asked++
		http.Redirect(w, r, "https://inside.example.com/", http.StatusTemporaryRedirect)
	})
	inside := message
	inside.To = hook.Target("https://inside.example.com/", secret)
	if f := send.Judge(h.Send(t.Context(), inside)); f == nil || f.Reason != send.Forbidden || asked != 0 {
		t.Errorf("by its name: %+v", f)
	}
	if f := send.Judge(h.Send(t.Context(), message)); f == nil || f.Reason != send.Forbidden || !f.Never || asked != 1 {
		t.Errorf("by a redirect: %+v, asked %d times", f, asked)
	}
	plain := fake(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "http://example.com/", http.StatusTemporaryRedirect)
	})
	if f := send.Judge(plain.Send(t.Context(), message)); f == nil || !f.Never {
		t.Errorf("to plain HTTP: %+v", f)
	}
}

func TestAddresses(t *testing.T) {
	for s, want := range map[string]bool{
		"https://example.com/x": true, "https://8.8.8.8/": true, "http://example.com/": false, "https://localhost/": false, "https://127.0.0.1/": false,
		"https://10.1.2.3/": false, "https://[::1]/": false, "https://[fe80::1]/": false, "https://[::ffff:192.168.1.1]/": false, "https://169.254.169.254/": false,
		"https://u:p@example.com/": false, "https://printer.local/": false, "https:///x": false, "ftp://example.com": false, "https://2130706433/": false,
	} {
		if hook.CheckURL(s) != want {
			t.Errorf("%s: %v", s, !want)
		}
	}
	for s, want := range map[string]bool{"1.2.3.4": true, "100.64.0.1": false, "0.1.2.3": false, "224.0.0.1": false, "fc00::1": false, "2400:3200::1": true,
		"64:ff9b::a00:1": false, "2002:a00:1::": false} {
		if hook.Public(netip.MustParseAddr(s)) != want {
			t.Errorf("%s: %v", s, !want)
		}
	}
}
