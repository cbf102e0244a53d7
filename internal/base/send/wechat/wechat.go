package wechat

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"sync"
	"time"

	"tongxin/internal/base/send"
)

// API is where WeChat answers.
const API = "https://api.weixin.qq.com"

// Account is an official account.
type Account struct {
	URL    string // of the API; "" is [API]
	AppID  string
	Secret string
}

// WeChat is the channel. It is safe for use by several goroutines.
type WeChat struct {
	Account
	client *http.Client
	now    func() time.Time

	mu    sync.Mutex // held while a token is fetched: one at a time
	token string
	until time.Time
}

// New makes the channel; now is the clock by which a token ends.
func New(a Account, now func() time.Time) *WeChat {
	if a.URL == "" {
		a.URL = API
	}
	return &WeChat{Account: a, now: now, client: &http.Client{Timeout: 10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// value is a variable of a template.
type value struct {
	Value string `json:"value"`
}

// Send sends one message; its To is the follower's openid.
func (c *WeChat) Send(ctx context.Context, m send.Message) error {
	data := map[string]value{}
	for _, f := range m.Fields {
		data[f.Name] = value{f.Value}
	}
	body := map[string]any{"touser": m.To, "template_id": m.Template, "data": data, "client_msg_id": m.Key}
	if m.Link != "" {
		body["url"] = m.Link
	}
	token, err := c.valid(ctx, "")
	if err != nil {
		return err
	}
	err = c.template(ctx, token, body)
	if !stale(err) {
		return err
	}
	if token, err = c.valid(ctx, token); err != nil {
		return err
	}
	return c.template(ctx, token, body)
}

// template asks for one message.
func (c *WeChat) template(ctx context.Context, token string, body any) error {
	var a struct {
		said
		MsgID int64 `json:"msgid"`
	}
	if err := c.post(ctx, "/cgi-bin/message/template/send?access_token="+url.QueryEscape(token), body, &a); err != nil {
		return err
	}
	if err := judge(a.said); err != nil {
		return err
	}
	if a.MsgID == 0 && !a.again() {
		return send.Later(send.Garbled, 0, errors.New("wechat: yes, but no message"))
	}
	return nil
}

// valid is a token other than one that was found stale. Who comes while it is fetched waits and
// takes what the other got.
func (c *WeChat) valid(ctx context.Context, not string) (string, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.token != "" && c.token != not && c.now().Before(c.until) {
		return c.token, nil
	}
	var a struct {
		said
		Token   string `json:"access_token"`
		Expires int64  `json:"expires_in"`
	}
	err := c.post(ctx, "/cgi-bin/stable_token", map[string]any{
		"grant_type": "client_credential", "appid": c.AppID, "secret": c.Secret, "force_refresh": not != ""}, &a)
	if err == nil {
		err = judge(a.said)
	}
	if err != nil {
		return "", err
	}
	if a.Token == "" || a.Expires <= 0 {
		return "", send.Later(send.Garbled, 0, errors.New("wechat: a token that is none"))
	}
	c.token, c.until = a.Token, c.now().Add(time.Duration(a.Expires)*time.Second-early)
	return c.token, nil
}

// early is how long before its end a token is fetched anew.
const early = 5 * time.Minute

// post sends JSON.
func (c *WeChat) post(ctx context.Context, path string, in, out any) error {
	text, err := json.Marshal(in)
	if err != nil {
		return err
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, c.URL+path, bytes.NewReader(text))
	if err != nil {
		return send.Never(send.Missing, errors.New("wechat: the address is none"))
	}
	r.Header.Set("Content-Type", "application/json; charset=utf-8")
	return c.ask(r, out)
}

// ask sends a request, and reads the answer. Errors of the net do not name its address, which may
// hold the secret.
func (c *WeChat) ask(r *http.Request, out any) error {
	answer, err := c.client.Do(r)
	if err != nil {
		return send.Judge(err)
	}
	defer answer.Body.Close()
	if err := send.Status(answer, c.now()); err != nil {
		return err
	}
	if err := json.NewDecoder(io.LimitReader(answer.Body, 64<<10)).Decode(out); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return send.Later(send.Silent, 0, errors.New("wechat: the answer broke off"))
		}
		return send.Later(send.Garbled, 0, errors.New("wechat: an answer that is none"))
	}
	return nil
}

// said is the verdict in each answer; 0 is yes.
type said struct {
	Code int `json:"errcode"`
}

// again says that WeChat has the message already, by its client_msg_id.
func (s said) again() bool { return s.Code == 43116 }

var errStale = errors.New("wechat: the token is no longer good")

func stale(err error) bool { return errors.Is(err, errStale) }

// judge reads a verdict.
func judge(s said) error {
	cause := fmt.Errorf("wechat: code %d", s.Code)
	switch s.Code {
	case 0, 43116:
		return nil
	case 40001, 40014, 42001: // the second time in a row it is said again, and counts
		return send.Later(send.Credentials, time.Minute, errors.Join(errStale, cause))
	case 40125, 40013, 40164, 40243, 48001, 50005:
		return send.Never(send.Credentials, cause)
	case 40029, 40163, 41008, 42003:
		return send.Never(send.Code, cause)
	case 40003, 43004, 43019, 43101:
		return send.Never(send.Address, cause)
	case 40037, 41028, 41029, 41030, 47001, 47003:
		return send.Never(send.Template, cause)
	case 45009, 45011, 45047:
		return send.Wide(time.Hour, cause)
	case -1, 50001, 50002:
		return send.Later(send.Busy, 0, cause)
	}
	return send.Never(send.Refused, cause)
}
