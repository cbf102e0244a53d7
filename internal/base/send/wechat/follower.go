package wechat

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"tongxin/internal/base/send"
)

// Authorize is where WeChat asks a follower who she is.
const Authorize = "https://open.weixin.qq.com/connect/oauth2/authorize"

// AskURL is where a follower's WeChat is sent to come back to an address of ours with a code and
// the state that it took along: letters and digits, 128 at most.
func AskURL(appID, back, state string) string {
	v := url.Values{"appid": {appID}, "redirect_uri": {back}, "response_type": {"code"}, "scope": {"snsapi_base"}, "state": {state}}
	return Authorize + "?" + v.Encode() + "#wechat_redirect"
}

// mostCode is how long a code may be.
const mostCode = 512

// OpenID gives the code that a follower brought for the name under which the account knows her. A
// code is good once, and for some minutes.
func (c *WeChat) OpenID(ctx context.Context, code string) (string, error) {
	if code == "" || len(code) > mostCode {
		return "", send.Never(send.Code, errors.New("wechat: no code"))
	}
	var a struct {
		said
		OpenID string `json:"openid"`
	}
	v := url.Values{"appid": {c.AppID}, "secret": {c.Secret}, "code": {code}, "grant_type": {"authorization_code"}}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, c.URL+"/sns/oauth2/access_token?"+v.Encode(), nil)
	if err != nil {
		return "", send.Never(send.Missing, errors.New("wechat: the address is none"))
	}
	if err := c.ask(r, &a); err != nil {
		return "", err
	}
	if err := judge(a.said); err != nil {
		return "", err
	}
	if a.OpenID == "" {
		return "", send.Later(send.Garbled, 0, errors.New("wechat: yes, but nobody"))
	}
	return a.OpenID, nil
}
