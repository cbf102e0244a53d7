package mail_test

import (
	"bufio"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"fmt"
	"io"
	"math/big"
	"mime"
	"mime/quotedprintable"
	"net"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"tongxin/internal/base/send"
	"tongxin/internal/base/send/mail"
)

// server is a mail server as RFC 5321, 3207 and 4954 describe it, on this machine.
type server struct {
	t         *testing.T
	listener  net.Listener
	tls       *tls.Config
	immediate bool
	noTLS     bool
	say       map[string]string // what it answers to a command in place of yes; "-": it hangs up

	mu    sync.Mutex
	mails map[string]string // by Message-ID
	plain bool              // something but EHLO and STARTTLS came in the clear
}

func open(t *testing.T, s *server) (*server, mail.Server) {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	about := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "mail"}, DNSNames: []string{"mail.example.com"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, about, about, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	trusted, _ := x509.ParseCertificate(der)
	pool := x509.NewCertPool()
	pool.AddCert(trusted)
	s.t, s.mails = t, map[string]string{}
	s.tls = &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{der}, PrivateKey: key}}}
	if s.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.listener.Close() })
	go func() {
		for {
			c, err := s.listener.Accept()
			if err != nil {
				return
			}
			go s.serve(c)
		}
	}()
	at := s.listener.Addr().(*net.TCPAddr)
	return s, mail.Server{Host: "127.0.0.1", Port: at.Port, Immediate: s.immediate, User: "u", Password: "p", From: "notice@example.com", Name: "同心",
		Trust: &tls.Config{RootCAs: pool, ServerName: "mail.example.com"}}
}

func (s *server) serve(c net.Conn) {
	defer func() { c.Close() }()
	secret := s.immediate
	if secret {
		c = tls.Server(c, s.tls)
	}
	r := bufio.NewReader(c)
	fmt.Fprint(c, "220 mail.example.com ESMTP\r\n")
	for {
		line, err := r.ReadString('\n')
		if err != nil {
			return
		}
		verb := strings.ToUpper(strings.Fields(line + " x")[0])
		if !secret && verb != "EHLO" && verb != "STARTTLS" && verb != "QUIT" {
			s.mu.Lock()
			s.plain = true
			s.mu.Unlock()
		}
		if odd := s.say[verb]; odd != "" {
			if odd == "-" {
				return
			}
			fmt.Fprint(c, odd+"\r\n")
			continue
		}
		switch verb {
		case "EHLO":
			fmt.Fprint(c, "250-mail.example.com\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n")
			if secret {
				fmt.Fprint(c, "250 AUTH PLAIN LOGIN\r\n")
			} else if s.noTLS {
				fmt.Fprint(c, "250 HELP\r\n")
			} else {
				fmt.Fprint(c, "250 STARTTLS\r\n")
			}
		case "STARTTLS":
			fmt.Fprint(c, "220 2.0.0 go on\r\n")
			c, secret = tls.Server(c, s.tls), true
			r = bufio.NewReader(c)
		case "AUTH":
			words := strings.Fields(line)
			got, _ := base64.StdEncoding.DecodeString(words[len(words)-1])
			if string(got) != "\x00u\x00p" {
				fmt.Fprint(c, "535 5.7.8 no: u\r\n")
				continue
			}
			fmt.Fprint(c, "235 2.7.0 welcome\r\n")
		case "DATA":
			fmt.Fprint(c, "354 go on\r\n")
			s.take(r)
			if s.say["."] == "-" {
				return // taken, and then silence
			}
			fmt.Fprint(c, "250 2.0.0 taken\r\n")
		case "QUIT":
			fmt.Fprint(c, "221 bye\r\n")
			return
		default:
			fmt.Fprint(c, "250 2.0.0 yes\r\n")
		}
	}
}

func (s *server) take(r *bufio.Reader) {
	var all strings.Builder
	for {
		line, err := r.ReadString('\n')
		if err != nil || line == ".\r\n" {
			break
		}
		all.WriteString(line)
	}
	m, err := netmail.ReadMessage(strings.NewReader(all.String()))
	if err != nil {
		s.t.Error(err)
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails[m.Header.Get("Message-Id")] = all.String()
}

var message = send.Message{Key: "d.1", To: "zhang@example.org", Title: "班次通知", Text: "“体温检测”改时间了", Link: "https://example.com/my/notices"}

func TestAMailArrivesOverTLS(t *testing.T) {
	for _, immediate := range []bool{false, true} {
		s, at := open(t, &server{immediate: immediate})
		if err := mail.New(at).Send(t.Context(), message); err != nil {
			t.Fatal(err)
		}
		m, err := netmail.ReadMessage(strings.NewReader(s.mails["<d.1@example.com>"]))
		if err != nil {
			t.Fatalf("%v: %v", err, s.mails)
		}
		subject, _ := new(mime.WordDecoder).DecodeHeader(m.Header.Get("Subject"))
		text, _ := io.ReadAll(quotedprintable.NewReader(m.Body))
		if subject != message.Title || !strings.Contains(string(text), message.Text) || !strings.Contains(string(text), message.Link) ||
			!strings.Contains(m.Header.Get("To"), message.To) || m.Header.Get("Auto-Submitted") != "auto-generated" {
			t.Errorf("%v\n%s", m.Header, text)
		}
		if s.plain && !immediate {
			t.Error("something came in the clear")
		}
	}
}

func TestWhatServersAnswer(t *testing.T) {
	for _, c := range []struct {
		say    map[string]string
		reason send.Reason
		never  bool
	}{
		{map[string]string{"RCPT": "550 5.1.1 zhang@example.org unknown"}, send.Address, true},
		{map[string]string{"RCPT": "450 4.2.0 greylisted"}, send.Limited, false},
		{map[string]string{"RCPT": "452 4.5.3 too many"}, send.Busy, false},
		{map[string]string{"MAIL": "421 4.3.0 busy"}, send.Busy, false},
		{map[string]string{"MAIL": "550 5.7.1 not you"}, send.Refused, true},
		{map[string]string{"DATA": "554 5.6.0 spam"}, send.Refused, true},
		{map[string]string{"AUTH": "535 5.7.8 no: u"}, send.Credentials, true},
		{map[string]string{"AUTH": "454 4.7.0 later"}, send.Busy, false},
		{map[string]string{"EHLO": "-"}, send.Unreachable, false},
		{map[string]string{"DATA": "-"}, send.Silent, false},
		{map[string]string{"QUIT": "-"}, "", false}, // it has the mail
	} {
		s, at := open(t, &server{say: c.say})
		err := mail.New(at).Send(t.Context(), message)
		f := send.Judge(err)
		if c.reason == "" {
			if f != nil || len(s.mails) != 1 {
				t.Errorf("%v: %v", c.say, err)
			}
			continue
		}
		if f == nil || f.Reason != c.reason || f.Never != c.never {
			t.Errorf("%v: %+v", c.say, f)
		}
		if err != nil && (strings.Contains(err.Error(), "zhang") || strings.Contains(err.Error(), "no: u")) {
			t.Errorf("%v: the error says what it should not: %v", c.say, err)
		}
	}
}

// A server that takes a mail and falls silent is given it again: it is the same mail.
func TestASecondTryIsTheSameMail(t *testing.T) {
	s, at := open(t, &server{say: map[string]string{".": "-"}})
	for range 2 {
		if f := send.Judge(mail.New(at).Send(t.Context(), message)); f == nil || f.Reason != send.Silent || f.Never {
			t.Errorf("%+v", f)
		}
	}
	if len(s.mails) != 1 {
		t.Errorf("%d mails", len(s.mails))
	}
}

// No password and no mail go over an open line, or to a server that cannot prove who it is.
func TestNothingWithoutTrustedTLS(t *testing.T) {
	s, at := open(t, &server{noTLS: true})
	if f := send.Judge(mail.New(at).Send(t.Context(), message)); f == nil || f.Reason != send.Credentials || !f.Never || s.plain {
		t.Errorf("without TLS: %+v", f)
	}
	s, at = open(t, &server{})
	at.Trust = nil
	if f := send.Judge(mail.New(at).Send(t.Context(), message)); f == nil || f.Reason != send.Credentials || s.plain || len(s.mails) > 0 {
		t.Errorf("an unknown certificate: %+v", f)
	}
	at.Port = 1
	if f := send.Judge(mail.New(at).Send(t.Context(), message)); f == nil || f.Reason != send.Unreachable || f.Never {
		t.Errorf("nobody there: %+v", f)
	}
}

func TestAddresses(t *testing.T) {
	for s, want := range map[string]bool{
		"a@example.com": true, " a@example.com ": true, "张三 <a@example.com>": false, "a@localhost": false, "a": false, "a@b@c.com": false,
		"a@example.com, b@example.com": false, "a@[10.0.0.1]": false, "a@example.com\r\nBcc: x@y.z": false, "\"a b\"@example.com": false,
		strings.Repeat("a", 250) + "@example.com": false,
	} {
		if _, ok := mail.CheckAddress(s); ok != want {
			t.Errorf("%q: %v", s, ok)
		}
	}
}
