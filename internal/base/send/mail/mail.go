package mail

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	netmail "net/mail"
	"net/textproto"
	"strings"
	"time"

	gomail "github.com/wneessen/go-mail"

	"tongxin/internal/base/send"
)

// Server is where mail is given in, and as whom.
type Server struct {
	Host           string
	Port           int
	Immediate      bool // TLS from the start; else STARTTLS
	User, Password string
	From           string // an address
	Name           string // that it is shown with

	Trust *tls.Config // in place of the system's certificates; nil: those
}

// Mail is the channel. It is safe for use by several goroutines.
type Mail struct{ Server }

// New makes the channel.
func New(s Server) *Mail { return &Mail{s} }

// timeout bounds each step of giving in one mail.
const timeout = 15 * time.Second

// Send sends one message; its To is an address.
func (c *Mail) Send(ctx context.Context, m send.Message) error {
	msg := gomail.NewMsg()
	if err := msg.FromFormat(c.Name, c.From); err != nil {
		return send.Never(send.Missing, errors.New("mail: the sender's address is none"))
	}
	if err := msg.To(m.To); err != nil {
		return send.Never(send.Address, errors.New("mail: an address that is none"))
	}
	_, domain, _ := strings.Cut(c.From, "@")
	msg.SetMessageIDWithValue(m.Key + "@" + domain)
	msg.SetDate()
	msg.Subject(m.Title)
	msg.SetBodyString(gomail.TypeTextPlain, body(m))
	msg.SetGenHeader("Auto-Submitted", "auto-generated")
	client, err := c.client()
	if err != nil {
		return send.Never(send.Missing, errors.New("mail: the server's settings cannot be"))
	}
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	if err := client.DialWithContext(ctx); err != nil {
		return judgeArrival(ctx, err)
	}
	defer client.Close() // what the server says to a goodbye does not matter: it has taken the mail, or not
	return judge(client.Send(msg))
}

// body is the text with what it leads to.
func body(m send.Message) string {
	if m.Link == "" {
		return m.Text + "\r\n"
	}
	return m.Text + "\r\n\r\n" + m.Link + "\r\n"
}

func (c *Mail) client() (*gomail.Client, error) {
	trust := c.Trust
	if trust == nil {
		trust = &tls.Config{ServerName: c.Host, MinVersion: tls.VersionTLS12}
	}
	options := []gomail.Option{gomail.WithPort(c.Port), gomail.WithTimeout(timeout), gomail.WithTLSConfig(trust), gomail.WithoutNoop(), gomail.WithTLSPolicy(gomail.TLSMandatory)}
	if c.Immediate {
		options = append(options, gomail.WithSSL())
	}
	if c.User != "" {
		options = append(options, gomail.WithSMTPAuth(gomail.SMTPAuthAutoDiscover), gomail.WithUsername(c.User), gomail.WithPassword(c.Password))
	}
	return gomail.NewClient(c.Host, options...)
}

// judgeArrival says why a connection did not come about, without what the server wrote: that may
// name whom the mail is from.
func judgeArrival(ctx context.Context, err error) error {
	if refused, ok := errors.AsType[*textproto.Error](err); ok {
		cause := fmt.Errorf("mail: code %d", refused.Code)
		if refused.Code < 500 {
			return send.Later(send.Busy, 0, cause)
		}
		return send.Never(send.Credentials, cause)
	}
	_, untrusted := errors.AsType[*tls.CertificateVerificationError](err)
	_, odd := errors.AsType[tls.RecordHeaderError](err)
	_, broken := errors.AsType[net.Error](err)
	switch {
	case untrusted || odd:
		return send.Never(send.Credentials, errors.New("mail: no trusted TLS"))
	case broken || ctx.Err() != nil || errors.Is(err, io.EOF):
		return send.Judge(err)
	}
	return send.Never(send.Credentials, errors.New("mail: the server offers no TLS, or no way to sign in"))
}

// judge says why a mail was not taken.
func judge(err error) error {
	if refused, ok := errors.AsType[*gomail.SendError](err); ok {
		return judgeSending(refused)
	}
	if err == nil {
		return nil
	}
	return send.Later(send.Silent, 0, errors.New("mail: the server broke off"))
}

func judgeSending(e *gomail.SendError) error {
	cause := fmt.Errorf("mail: code %d %s", e.ErrorCode(), e.EnhancedStatusCode())
	code := e.ErrorCode()
	switch {
	case code == 0:
		return send.Later(send.Silent, 0, errors.New("mail: the server broke off"))
	case code == 450 || code == 451 && strings.HasPrefix(e.EnhancedStatusCode(), "4.7"):
		return send.Later(send.Limited, 5*time.Minute, cause) // greylisting wants some minutes
	case code >= 400 && code < 500:
		return send.Later(send.Busy, 0, cause)
	case e.Reason == gomail.ErrSMTPRcptTo:
		return send.Never(send.Address, cause)
	}
	return send.Never(send.Refused, cause)
}

// CheckAddress reads an e-mail address: one alone, without a name, at a domain.
func CheckAddress(s string) (string, bool) {
	s = strings.TrimSpace(s)
	a, err := netmail.ParseAddress(s)
	if err != nil || a.Name != "" || a.Address != s || len(s) > 200 {
		return "", false
	}
	domain := s[strings.LastIndex(s, "@")+1:]
	if !strings.Contains(domain, ".") || strings.ContainsAny(s, " \"\\\r\n") || strings.HasPrefix(domain, "[") || strings.HasSuffix(domain, ".") {
		return "", false
	}
	return s, true
}
