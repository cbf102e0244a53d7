package sms

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"tongxin/internal/base/send"
)

// Gateway is where messages go, and how it knows us.
type Gateway struct {
	URL       string // of the gateway, https
	Access    string // the id of the access key
	Secret    string // the access key itself
	Signature string // what stands before each message in 【】
}

// SMS is the channel. It is safe for use by several goroutines.
type SMS struct {
	Gateway
	client *http.Client
	now    func() time.Time
}

// New makes the channel; now is the product's clock, by which requests are signed.
func New(g Gateway, now func() time.Time) *SMS {
	return &SMS{Gateway: g, now: now, client: &http.Client{Timeout: 10 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// Send sends one message; its To is a mobile number.
func (s *SMS) Send(ctx context.Context, m send.Message) error {
	params := map[string]string{}
	for _, f := range m.Fields {
		params[f.Name] = f.Value
	}
	text, err := json.Marshal(params)
	if err != nil {
		return err
	}
	r, err := s.request(ctx, url.Values{"PhoneNumbers": {m.To}, "SignName": {s.Signature}, "TemplateCode": {m.Template},
		"TemplateParam": {string(text)}, "OutId": {m.Key}})
	if err != nil {
		return send.Never(send.Missing, errors.New("sms: the gateway's address is none"))
	}
	answer, err := s.client.Do(r)
	if err != nil {
		return send.Judge(err)
	}
	defer answer.Body.Close()
	return s.judge(answer)
}

// request is a signed one. The fields travel in the body, so that no number stands in an address.
func (s *SMS) request(ctx context.Context, form url.Values) (*http.Request, error) {
	body := form.Encode()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.URL, strings.NewReader(body))
	if err != nil {
		return nil, err
	}
	if r.URL.Path == "" {
		r.URL.Path = "/"
	}
	sum := hash(body)
	for name, value := range map[string]string{
		"Content-Type": "application/x-www-form-urlencoded", "x-acs-action": "SendSms", "x-acs-version": "2017-05-25",
		"x-acs-signature-nonce": rand.Text(), "x-acs-date": s.now().UTC().Format(time.RFC3339), "x-acs-content-sha256": sum,
	} {
		r.Header.Set(name, value)
	}
	signed, signature := Sign(s.Secret, r, sum)
	r.Header.Set("Authorization", "ACS3-HMAC-SHA256 Credential="+s.Access+",SignedHeaders="+signed+",Signature="+signature)
	return r, nil
}

// Sign signs a request without a query whose body has that hash: the names of the headers that
// it covers, and the signature.
func Sign(secret string, r *http.Request, sum string) (signed, signature string) {
	host := r.Host
	if host == "" {
		host = r.URL.Host
	}
	values := map[string]string{"host": host}
	for name := range r.Header {
		if n := strings.ToLower(name); n == "content-type" || strings.HasPrefix(n, "x-acs-") {
			values[n] = strings.TrimSpace(r.Header.Get(name))
		}
	}
	names := make([]string, 0, len(values))
	for n := range values {
		names = append(names, n)
	}
	slices.Sort(names)
	signed = strings.Join(names, ";")
	var canonical strings.Builder
	canonical.WriteString(r.Method + "\n" + r.URL.Path + "\n\n")
	for _, n := range names {
		canonical.WriteString(n + ":" + values[n] + "\n")
	}
	canonical.WriteString("\n" + signed + "\n" + sum)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte("ACS3-HMAC-SHA256\n" + hash(canonical.String())))
	return signed, hex.EncodeToString(mac.Sum(nil))
}

func hash(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:])
}

// said is what the gateway answers, with whatever status.
type said struct {
	Code  string
	BizID string `json:"BizId"`
}

// judge reads an answer. A gateway that answers twice has answered: its first answer holds. One
// that says yes without a number of the message has not said anything.
func (s *SMS) judge(r *http.Response) error {
	status := send.Status(r, s.now())
	var a said
	err := json.NewDecoder(io.LimitReader(r.Body, 64<<10)).Decode(&a)
	switch {
	case err != nil && status != nil:
		return status
	case err != nil && ended(err):
		return send.Later(send.Silent, 0, errors.New("sms: the answer broke off"))
	case err != nil || a.Code == "" || a.Code == "OK" && (a.BizID == "" || status != nil):
		return send.Later(send.Garbled, 0, errors.New("sms: an answer that is none"))
	case a.Code == "OK":
		return nil
	}
	return refused(a.Code, r, s.now())
}

func ended(err error) bool { return errors.Is(err, io.ErrUnexpectedEOF) }

// Codes of the gateway that say what is wrong; they are ASCII words of the provider's and name
// nobody.
var codes = map[string]*send.Failure{
	"isv.BUSINESS_LIMIT_CONTROL":      {Reason: send.Limited, After: time.Hour}, // too many to that number
	"isv.DAY_LIMIT_CONTROL":           {Reason: send.Limited, After: 6 * time.Hour},
	"isv.AMOUNT_NOT_ENOUGH":           {Reason: send.Credentials, Never: true},
	"isv.OUT_OF_SERVICE":              {Reason: send.Credentials, Never: true},
	"isv.ACCOUNT_ABNORMAL":            {Reason: send.Credentials, Never: true},
	"isv.MOBILE_NUMBER_ILLEGAL":       {Reason: send.Address, Never: true},
	"isv.MOBILE_COUNT_OVER_LIMIT":     {Reason: send.Address, Never: true},
	"isv.SMS_TEMPLATE_ILLEGAL":        {Reason: send.Template, Never: true},
	"isv.SMS_SIGNATURE_ILLEGAL":       {Reason: send.Template, Never: true},
	"isv.TEMPLATE_MISSING_PARAMETERS": {Reason: send.Template, Never: true},
	"isv.TEMPLATE_PARAMS_ILLEGAL":     {Reason: send.Template, Never: true},
	"isv.INVALID_PARAMETERS":          {Reason: send.Template, Never: true},
	"isv.PARAM_LENGTH_LIMIT":          {Reason: send.Template, Never: true},
	"isv.BLACK_KEY_CONTROL_LIMIT":     {Reason: send.Template, Never: true},
	"SignatureDoesNotMatch":           {Reason: send.Credentials, Never: true},
	"InvalidAccessKeyId.NotFound":     {Reason: send.Credentials, Never: true},
	"isp.RAM_PERMISSION_DENY":         {Reason: send.Credentials, Never: true},
}

func refused(code string, r *http.Response, now time.Time) error {
	if f, ok := codes[code]; ok {
		return because(f, code)
	}
	switch {
	case strings.HasPrefix(code, "Throttling."):
		return send.Wide(max(time.Minute, send.RetryAfter(r.Header, now)), errors.New("sms: throttled"))
	case strings.HasPrefix(code, "isp."), strings.HasPrefix(code, "ServiceUnavailable"), strings.HasPrefix(code, "InternalError"):
		return send.Later(send.Busy, 0, errors.New("sms: the gateway has a fault of its own"))
	}
	return send.Never(send.Refused, errors.New("sms: a code that is not known"))
}

func because(f *send.Failure, code string) error {
	if f.Never {
		return send.Never(f.Reason, fmt.Errorf("sms: %s", code))
	}
	return send.Later(f.Reason, f.After, fmt.Errorf("sms: %s", code))
}
