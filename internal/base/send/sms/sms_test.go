package sms_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"tongxin/internal/base/send"
	"tongxin/internal/base/send/sms"
)

const secret = "s3cr3t"

var now = func() time.Time { return time.Date(2020, 2, 28, 6, 0, 0, 0, time.UTC) }

// gateway is a fake that checks signatures as the real one does, and tells by OutId what it had before.
type gateway struct {
	t      *testing.T
	mu     sync.Mutex
	sent   map[string]url.Values
	before func(w http.ResponseWriter, n int) (done bool) // an answer of the test's, to the nth request
	n      int
}

func (g *gateway) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.n++
	body, _ := io.ReadAll(r.Body)
	form, _ := url.ParseQuery(string(body))
	authorization := r.Header.Get("Authorization")
	signed, signature := sms.Sign(secret, r, r.Header.Get("X-Acs-Content-Sha256"))
	if want := "ACS3-HMAC-SHA256 Credential=AK,SignedHeaders=" + signed + ",Signature=" + signature; authorization != want {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"Code":"SignatureDoesNotMatch","Message":"no"}`)
		return
	}
	if r.URL.RawQuery != "" {
		g.t.Error("a number stands in an address")
	}
	if g.before != nil && g.before(w, g.n) {
		return
	}
	g.sent[form.Get("OutId")] = form // taken once, however often it comes
	fmt.Fprint(w, `{"Code":"OK","Message":"OK","BizId":"90","RequestId":"R"}`)
}

func open(t *testing.T, before func(http.ResponseWriter, int) bool) (*sms.SMS, *gateway) {
	t.Helper()
	g := &gateway{t: t, sent: map[string]url.Values{}, before: before}
	s := httptest.NewServer(g)
	t.Cleanup(s.Close)
	return sms.New(sms.Gateway{URL: s.URL, Access: "AK", Secret: secret, Signature: "同心"}, now), g
}

var message = send.Message{Key: "d.1", To: "13800000001", Template: "SMS_1", Fields: []send.Field{{Name: "title", Value: "体温检测"}}}

func TestASignedMessageArrives(t *testing.T) {
	c, g := open(t, nil)
	if err := c.Send(t.Context(), message); err != nil {
		t.Fatal(err)
	}
	got := g.sent["d.1"]
	var params map[string]string
	if err := json.Unmarshal([]byte(got.Get("TemplateParam")), &params); err != nil || params["title"] != "体温检测" ||
		got.Get("PhoneNumbers") != "13800000001" || got.Get("SignName") != "同心" || got.Get("TemplateCode") != "SMS_1" {
		t.Errorf("%v, %v", got, err)
	}
	c.Secret = "another"
	if f := send.Judge(c.Send(t.Context(), message)); f == nil || f.Reason != send.Credentials || !f.Never {
		t.Errorf("a wrong key: %+v", f)
	}
}

// The signature is the one of a request reckoned by hand.
func TestSignature(t *testing.T) {
	r, _ := http.NewRequest(http.MethodPost, "https://sms.example.com/", nil)
	r.Header.Set("x-acs-action", "SendSms")
	r.Header.Set("Accept", "*/*")
	signed, signature := sms.Sign("k", r, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
	if signed != "host;x-acs-action" || signature != "749f0b10b0c727031ddadec81771d29c44b17a520cec68fdab1e81ce6a844a3f" {
		t.Error(signed, signature)
	}
}

func TestWhatTheGatewayAnswers(t *testing.T) {
	for _, c := range []struct {
		status int
		body   string
		reason send.Reason
		never  bool
		after  time.Duration
	}{
		{200, `{"Code":"isv.BUSINESS_LIMIT_CONTROL"}`, send.Limited, false, time.Hour},
		{429, `{"Code":"Throttling.User"}`, send.Limited, false, 2 * time.Minute},
		{503, `<html>`, send.Busy, false, 2 * time.Minute},
		{200, `{"Code":"isv.MOBILE_NUMBER_ILLEGAL","Message":"13800000001 is wrong"}`, send.Address, true, 0},
		{200, `{"Code":"isv.TEMPLATE_MISSING_PARAMETERS"}`, send.Template, true, 0},
		{200, `{"Code":"isp.SYSTEM_ERROR"}`, send.Busy, false, 0},
		{200, `{"Code":"isv.AMOUNT_NOT_ENOUGH"}`, send.Credentials, true, 0},
		{200, `{"Code":"13800000001"}`, send.Refused, true, 0},
		{200, `{"Code":"OK"}`, send.Garbled, false, 0},                // yes, but nothing was sent
		{500, `{"Code":"OK","BizId":"1"}`, send.Garbled, false, 0},    // yes and no
		{200, `ok`, send.Garbled, false, 0},                           // another's page
		{200, `{"Code":"OK","Biz`, send.Silent, false, 0},             // broke off: it may have arrived
		{302, `{}`, send.Garbled, false, 0},                           // a portal in between
		{200, `{"Code":"OK","BizId":"1"}{"Code":"OK"}`, "", false, 0}, // twice: the first holds
	} {
		s, _ := open(t, func(w http.ResponseWriter, _ int) bool {
			w.Header().Set("Retry-After", "120")
			w.WriteHeader(c.status)
			fmt.Fprint(w, c.body)
			return true
		})
		err := s.Send(t.Context(), message)
		f := send.Judge(err)
		if c.reason == "" {
			if f != nil {
				t.Errorf("%s: %v", c.body, err)
			}
			continue
		}
		if f == nil || f.Reason != c.reason || f.Never != c.never || f.After != c.after {
			t.Errorf("%d %s: %+v", c.status, c.body, f)
		}
		if err != nil && strings.Contains(err.Error(), "138") {
			t.Errorf("%s: the error names a number: %v", c.body, err)
		}
	}
}

// A connection that dies after the gateway took the message: the second try is the same message.
func TestASecondTryIsTheSameMessage(t *testing.T) {
	var g *gateway
	s, g := open(t, func(w http.ResponseWriter, n int) bool {
		if n == 1 {
			g.sent["d.1"] = url.Values{}
			panic(http.ErrAbortHandler)
		}
		return false
	})
	if f := send.Judge(s.Send(t.Context(), message)); f == nil || f.Never {
		t.Errorf("%+v", f)
	}
	if err := s.Send(t.Context(), message); err != nil || len(g.sent) != 1 {
		t.Errorf("%v, %d messages", err, len(g.sent))
	}
}
