package wechat_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/send"
	"tongxin/internal/base/send/wechat"
)

// codes is a fake of WeChat's exchange of codes: each is good once.
type codes struct {
	used   map[string]bool
	status int
	body   string // an answer of the test's
}

func (f *codes) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	code := q.Get("code")
	switch {
	case f.status != 0:
		w.WriteHeader(f.status)
		fmt.Fprint(w, f.body)
	case f.body != "":
		fmt.Fprint(w, f.body)
	case r.Method != http.MethodGet || r.URL.Path != "/sns/oauth2/access_token" || q.Get("grant_type") != "authorization_code" || q.Get("appid") != "wx1":
		http.NotFound(w, r)
	case q.Get("secret") != "S":
		fmt.Fprint(w, `{"errcode":40125,"errmsg":"invalid appsecret"}`)
	case !strings.HasPrefix(code, "CODE"):
		fmt.Fprint(w, `{"errcode":40029,"errmsg":"invalid code"}`)
	case f.used[code]:
		fmt.Fprint(w, `{"errcode":40163,"errmsg":"code been used"}`)
	default:
		f.used[code] = true
		fmt.Fprint(w, `{"access_token":"T","expires_in":7200,"refresh_token":"R","openid":"oOPENID","scope":"snsapi_base"}`)
	}
}

func exchange(t *testing.T, secret string) (*wechat.WeChat, *codes) {
	t.Helper()
	f := &codes{used: map[string]bool{}}
	s := httptest.NewServer(f)
	t.Cleanup(s.Close)
	return wechat.New(wechat.Account{URL: s.URL, AppID: "wx1", Secret: secret}, time.Now), f
}

// TestACodeIsExchangedOnce: a code tells who she is, once.
func TestACodeIsExchangedOnce(t *testing.T) {
	c, _ := exchange(t, "S")
	if openid, err := c.OpenID(t.Context(), "CODE 1&x=y"); err != nil || openid != "oOPENID" {
		t.Errorf("%q, %v", openid, err)
	}
	for _, code := range []string{"CODE 1&x=y", "wrong", "", strings.Repeat("C", 600)} {
		if f := send.Judge(err(c.OpenID(t.Context(), code))); f == nil || f.Reason != send.Code || !f.Never {
			t.Errorf("%.9s: %+v", code, f)
		}
	}
	other, _ := exchange(t, "wrong")
	if f := send.Judge(err(other.OpenID(t.Context(), "CODE"))); f == nil || f.Reason != send.Credentials {
		t.Errorf("a wrong secret: %+v", f)
	}
}

func err(_ string, e error) error { return e }

// TestWhatTheExchangeAnswers: an answer that is none, a fault and silence are told apart, and no error
// tells the secret or the code.
func TestWhatTheExchangeAnswers(t *testing.T) {
	for _, want := range []struct {
		status int
		body   string
		reason send.Reason
	}{
		{0, `{}`, send.Garbled}, {0, `<html>`, send.Garbled}, {0, `{"openid":`, send.Silent}, {0, `{"errcode":-1}`, send.Busy},
		{0, `{"errcode":45011}`, send.Limited}, {0, `{"errcode":99999}`, send.Refused}, {502, ``, send.Busy}, {429, ``, send.Limited},
	} {
		c, f := exchange(t, "SECRET")
		f.status, f.body = want.status, want.body
		openid, e := c.OpenID(t.Context(), "CODE1")
		if f := send.Judge(e); f == nil || f.Reason != want.reason || openid != "" {
			t.Errorf("%d %s: %q, %+v", want.status, want.body, openid, f)
		}
	}
	c := wechat.New(wechat.Account{URL: "http://127.0.0.1:1", AppID: "wx1", Secret: "SECRET"}, time.Now)
	_, e := c.OpenID(t.Context(), "CODE1")
	if f := send.Judge(e); f == nil || f.Reason != send.Unreachable || strings.Contains(e.Error(), "SECRET") || strings.Contains(e.Error(), "CODE1") {
		t.Errorf("%v", e)
	}
}

// TestWhereAFollowerIsSent: WeChat takes the parameters in one order only, and the fragment.
func TestWhereAFollowerIsSent(t *testing.T) {
	got := wechat.AskURL("wx1", "https://example.com/my/notices/ways/wechat?for=1", "abc")
	want := "https://open.weixin.qq.com/connect/oauth2/authorize?appid=wx1&redirect_uri=" + url.QueryEscape("https://example.com/my/notices/ways/wechat?for=1") +
		"&response_type=code&scope=snsapi_base&state=abc#wechat_redirect"
	if got != want {
		t.Errorf("%s", got)
	}
}
