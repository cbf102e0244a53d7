package wechat_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"tongxin/internal/base/send"
	"tongxin/internal/base/send/wechat"
)

// account is a fake of WeChat: one token at a time is good, and messages are told by their key.
type account struct {
	mu     sync.Mutex
	tokens int
	good   string
	keys   map[string]int
	last   map[string]any
	say    func(w http.ResponseWriter) bool // an answer of the test's to a message
	at     time.Time
}

func (a *account) now() time.Time { return a.at }

func (a *account) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	defer a.mu.Unlock()
	var in map[string]any
	_ = json.NewDecoder(r.Body).Decode(&in)
	if r.URL.Path == "/cgi-bin/stable_token" {
		if in["secret"] != "S" {
			fmt.Fprint(w, `{"errcode":40125,"errmsg":"invalid appsecret"}`)
			return
		}
		a.tokens++
		a.good = fmt.Sprint("T", a.tokens)
		fmt.Fprintf(w, `{"access_token":%q,"expires_in":7200}`, a.good)
		return
	}
	switch {
	case r.URL.Query().Get("access_token") != a.good:
		fmt.Fprint(w, `{"errcode":40001,"errmsg":"invalid credential"}`)
		return
	case a.say != nil && a.say(w):
		return
	}
	key := in["client_msg_id"].(string)
	if a.keys[key]++; a.keys[key] > 1 {
		fmt.Fprint(w, `{"errcode":43116,"errmsg":"client_msg_id exist"}`)
		return
	}
	a.last = in
	fmt.Fprint(w, `{"errcode":0,"errmsg":"ok","msgid":200163836}`)
}

func open(t *testing.T, secret string) (*wechat.WeChat, *account) {
	t.Helper()
	a := &account{keys: map[string]int{}, at: time.Date(2020, 2, 28, 6, 0, 0, 0, time.UTC)}
	s := httptest.NewServer(a)
	t.Cleanup(s.Close)
	return wechat.New(wechat.Account{URL: s.URL, AppID: "wx1", Secret: secret}, a.now), a
}

func message(key string) send.Message {
	return send.Message{Key: key, To: "oOPENID", Template: "TPL", Link: "https://example.com/my/notices", Fields: []send.Field{{Name: "keyword1", Value: "体温检测"}}}
}

func TestATokenIsFetchedOnceAndKept(t *testing.T) {
	c, a := open(t, "S")
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			if err := c.Send(t.Context(), message(fmt.Sprint(i))); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if a.tokens != 1 || len(a.keys) != 8 {
		t.Errorf("%d tokens for %d messages", a.tokens, len(a.keys))
	}
	data := a.last["data"].(map[string]any)["keyword1"].(map[string]any)["value"]
	if a.last["touser"] != "oOPENID" || a.last["template_id"] != "TPL" || data != "体温检测" || a.last["url"] == "" {
		t.Errorf("%v", a.last)
	}
	a.at = a.at.Add(2 * time.Hour)
	if err := c.Send(t.Context(), message("later")); err != nil || a.tokens != 2 {
		t.Errorf("%v, %d tokens when the first had ended", err, a.tokens)
	}
}

// Somebody else fetched a token for the account, and ours is no longer good: one of those who
// find out fetches another, and all go on.
func TestAStaleTokenIsFetchedAnewOneAtATime(t *testing.T) {
	c, a := open(t, "S")
	if err := c.Send(t.Context(), message("first")); err != nil {
		t.Fatal(err)
	}
	a.good = "another's"
	var all sync.WaitGroup
	for i := range 8 {
		all.Go(func() {
			if err := c.Send(t.Context(), message(fmt.Sprint(i))); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if a.tokens != 2 {
		t.Errorf("%d tokens", a.tokens)
	}
	a.say = func(w http.ResponseWriter) bool { fmt.Fprint(w, `{"errcode":42001}`); return true }
	if f := send.Judge(c.Send(t.Context(), message("x"))); f == nil || f.Reason != send.Credentials || f.Never || a.tokens != 3 {
		t.Errorf("never good: %+v after %d tokens", f, a.tokens)
	}
}

func TestASecondTryIsTheSameMessage(t *testing.T) {
	c, a := open(t, "S")
	if err := c.Send(t.Context(), message("k")); err != nil {
		t.Fatal(err)
	}
	if err := c.Send(t.Context(), message("k")); err != nil || a.keys["k"] != 2 {
		t.Errorf("%v", err)
	}
}

func TestWhatWeChatAnswers(t *testing.T) {
	for _, want := range []struct {
		status int
		body   string
		reason send.Reason
		never  bool
		after  time.Duration
	}{
		{200, `{"errcode":43004,"errmsg":"require subscribe oOPENID"}`, send.Address, true, 0},
		{200, `{"errcode":40003}`, send.Address, true, 0},
		{200, `{"errcode":40037}`, send.Template, true, 0},
		{200, `{"errcode":47003}`, send.Template, true, 0},
		{200, `{"errcode":45009}`, send.Limited, false, time.Hour},
		{200, `{"errcode":-1}`, send.Busy, false, 0},
		{200, `{"errcode":99999}`, send.Refused, true, 0},
		{200, `{"errcode":0}`, send.Garbled, false, 0},
		{200, `{"errcode":`, send.Silent, false, 0},
		{200, `<html>`, send.Garbled, false, 0},
		{429, ``, send.Limited, false, 30 * time.Second},
		{502, ``, send.Busy, false, 30 * time.Second},
	} {
		c, a := open(t, "S")
		a.say = func(w http.ResponseWriter) bool {
			w.Header().Set("Retry-After", "30")
			w.WriteHeader(want.status)
			fmt.Fprint(w, want.body)
			return true
		}
		err := c.Send(t.Context(), message("k"))
		f := send.Judge(err)
		if f == nil || f.Reason != want.reason || f.Never != want.never || f.After != want.after {
			t.Errorf("%s: %+v", want.body, f)
		}
		if err != nil && strings.Contains(err.Error(), "OPENID") {
			t.Errorf("the error names a follower: %v", err)
		}
	}
	c, _ := open(t, "wrong")
	if f := send.Judge(c.Send(t.Context(), message("k"))); f == nil || f.Reason != send.Credentials || !f.Never {
		t.Errorf("a wrong secret: %+v", f)
	}
}

func TestNobodyAnswers(t *testing.T) {
	c := wechat.New(wechat.Account{URL: "http://127.0.0.1:1", AppID: "wx1", Secret: "SECRET"}, time.Now)
	err := c.Send(t.Context(), message("k"))
	if f := send.Judge(err); f == nil || f.Reason != send.Unreachable || strings.Contains(err.Error(), "SECRET") || strings.Contains(err.Error(), "127.0") {
		t.Errorf("%v", err)
	}
}
