package main

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/base/i18n"
)

// Wrong usage ends with 2 and says where to look; help ends with 0.
func TestUsage(t *testing.T) {
	for _, c := range []struct {
		args []string
		code int
		says string
	}{
		{nil, 2, i18n.T(i18n.Chinese, "cmd.about")},
		{[]string{"--help"}, 0, i18n.T(i18n.Chinese, "cmd.help.verify")},
		{[]string{"help"}, 0, i18n.T(i18n.Chinese, "cmd.help.demo")},
		{[]string{"serve", "--help"}, 0, i18n.T(i18n.Chinese, "cmd.help.clock")},
		{[]string{"fly"}, 2, i18n.T(i18n.Chinese, "cmd.see_help")},
		{[]string{"serve"}, 2, i18n.T(i18n.Chinese, "cmd.see_help")},
		{[]string{"verify", "--db"}, 2, i18n.T(i18n.Chinese, "cmd.see_help")},
		{[]string{"serve", "--db", "file:x", "--log", "loud"}, 2, i18n.T(i18n.Chinese, "cmd.see_help")},
		{[]string{"version"}, 0, "tongxin "},
	} {
		got := tongxin(t, c.args...)
		if got.code != c.code || !strings.Contains(got.out+got.err, c.says) {
			t.Errorf("%v: exit %d, said:\n%s%s", c.args, got.code, got.out, got.err)
		}
	}
}

// What cannot be done is said in a sentence, before anything is written.
func TestRefusals(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return "file:" + filepath.Join(dir, name) }
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	busy := taken.Addr().String()
	write(t, filepath.Join(dir, "text.db"), "this is no database, however long it may be")
	write(t, filepath.Join(dir, "cert.pem"), "no certificate")
	for _, c := range []struct {
		args []string
		key  string
		with []any
	}{
		{[]string{"verify", "--db", at("none.db")}, "db.missing", []any{"file", filepath.Join(dir, "none.db")}},
		{[]string{"verify", "--db", "mysql://x"}, "db.dsn", nil},
		{[]string{"serve", "--db", "postgres://127.0.0.1:1/x"}, "crypt.keys_path", nil},
		{[]string{"serve", "--db", "postgres://127.0.0.1:1/x", "--keys", filepath.Join(dir, "k"), "--addr", "127.0.0.1:0"}, "db.unreachable", nil},
		{[]string{"serve", "--db", at("text.db"), "--addr", "127.0.0.1:0"}, "db.not_database", nil},
		{[]string{"serve", "--db", at("a.db"), "--addr", "8080"}, "app.addr_form", []any{"addr", "8080"}},
		{[]string{"serve", "--db", at("a.db"), "--addr", "127.0.0.1:99999"}, "app.addr_form", []any{"addr", "127.0.0.1:99999"}},
		{[]string{"serve", "--db", at("a.db"), "--addr", busy}, "app.addr_in_use", []any{"addr", busy}},
		{[]string{"serve", "--db", at("a.db"), "--addr", "0.0.0.0:0"}, "app.insecure", []any{"addr", "0.0.0.0:0"}},
		{[]string{"serve", "--db", at("a.db"), "--addr", ":0"}, "app.insecure", []any{"addr", ":0"}},
		{[]string{"demo", "--db", at("a.db"), "--addr", "[::]:0"}, "app.insecure", []any{"addr", "[::]:0"}},
		{[]string{"serve", "--db", at("a.db"), "--addr", "127.0.0.1:0", "--tls-cert", "x"}, "app.tls_both", nil},
		{[]string{"serve", "--db", at("a.db"), "--addr", "127.0.0.1:0", "--tls-cert", "x", "--tls-key", "y"}, "app.tls_unreadable", []any{"cert", "x", "key", "y"}},
		{[]string{"serve", "--db", at("a.db"), "--addr", "127.0.0.1:0", "--tls-cert", filepath.Join(dir, "cert.pem"), "--tls-key", filepath.Join(dir, "cert.pem")},
			"app.tls_damaged", []any{"cert", filepath.Join(dir, "cert.pem"), "key", filepath.Join(dir, "cert.pem")}},
		{[]string{"serve", "--db", at("a.db"), "--addr", "127.0.0.1:0", "--clock", "yesterday"}, "config.clock", nil},
		{[]string{"seed", "--db", at("a.db"), "--scale", "vast"}, "seed.scale", nil},
		{[]string{"token", "--db", at("b.db"), "--org", "321202", "--role", "king"}, "auth.role_unknown", nil},
		{[]string{"token", "--db", at("b.db"), "--org", "321202", "--role", "admin"}, "app.org_unknown", nil},
		{[]string{"password", "--db", at("b.db"), "--login", "nobody"}, "app.login_unknown", nil},
	} {
		tongxin(t, c.args...).refused(t, c.key, c.with...)
	}
	if _, err := os.Stat(filepath.Join(dir, "a.db")); err == nil {
		t.Error("a refused command made a database")
	}
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

// Plain HTTP off loopback is served where it was asked for.
func TestInsecure(t *testing.T) {
	s := start(t, "serve", "--db", "file:"+filepath.Join(t.TempDir(), "a.db"), "--addr", "0.0.0.0:0", "--insecure")
	if code, _ := s.get("/readyz"); code != http.StatusOK {
		t.Errorf("readyz answers %d", code)
	}
	s.end()
}

// Behind a proxy that speaks HTTPS it speaks plain HTTP, and tells browsers of HTTPS; without
// one it must not.
func TestProxied(t *testing.T) {
	for _, flags := range [][]string{nil, {"--proxied"}} {
		args := append([]string{"serve", "--db", "file:" + filepath.Join(t.TempDir(), "a.db"), "--addr", "127.0.0.1:0"}, flags...)
		s := start(t, args...)
		r, err := s.client.Get(s.url + "/sign-in")
		if err != nil {
			t.Fatal(err)
		}
		r.Body.Close()
		if told := r.Header.Get("Strict-Transport-Security") != ""; !strings.HasPrefix(s.url, "http://") || told != (flags != nil) {
			t.Errorf("%v: at %s, told of HTTPS: %v", flags, s.url, told)
		}
		s.end()
	}
}

func TestTLS(t *testing.T) {
	dir := t.TempDir()
	cert, key := selfSigned(t, dir)
	s := start(t, "serve", "--db", "file:"+filepath.Join(dir, "a.db"), "--addr", "0.0.0.0:0", "--tls-cert", cert, "--tls-key", key)
	if !strings.HasPrefix(s.url, "https://") {
		t.Fatalf("it serves at %s", s.url)
	}
	pool := x509.NewCertPool()
	pem, err := os.ReadFile(cert)
	if err != nil || !pool.AppendCertsFromPEM(pem) {
		t.Fatal("no certificate", err)
	}
	s.client.Transport = &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool}, ForceAttemptHTTP2: true}
	r, err := s.client.Get(s.url + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	r.Body.Close()
	if r.StatusCode != http.StatusOK || r.ProtoMajor != 2 || r.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("status %d over %s, headers %v", r.StatusCode, r.Proto, r.Header)
	}
	s.end()
}

// selfSigned writes a certificate for this machine and its key.
func selfSigned(t *testing.T, dir string) (cert, key string) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	write(t, cert, string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
	write(t, key, string(pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret})))
	return cert, key
}

// An installation begins with an office and the accounts that run it, once.
func TestFound(t *testing.T) {
	dbtest.RunDSN(t, func(t *testing.T, dsn string) {
		flags := []string{"--db", dsn, "--keys", filepath.Join(t.TempDir(), "keys")}
		found := func(area string) said {
			return tongxin(t, append([]string{"found", "--area", area, "--name", "泰州市文明办"}, flags...)...)
		}
		found("321202").refused(t, "app.office_area")
		found("9999").refused(t, "area.code_form")
		got := found("3212").done(t)
		for _, login := range []string{"security", "system", "auditor", "admin"} {
			if !strings.Contains(got.out, login+" ") {
				t.Errorf("no account %s: %s", login, got.out)
			}
		}
		found("3212").refused(t, "app.office_there")
		tongxin(t, append([]string{"token", "--org", "泰州市文明办", "--role", "admin"}, flags...)...).done(t)
		tongxin(t, "verify", "--db", dsn).done(t)
		s := start(t, append([]string{"serve", "--addr", "127.0.0.1:0"}, flags...)...)
		b := s.browser(t)
		b.visit("/desk/sign-in")
		password := regexp.MustCompile(`admin\s+\S+ (\S+)`).FindStringSubmatch(got.out)
		if page := b.submit("/desk/sign-in", "login", "admin", "password", password[1]); !strings.Contains(page, `name="password"`) {
			t.Errorf("the first sign-in does not ask for another password:\n%s", page)
		}
		s.end()
	})
}

// A SQLite file has one writing process; a second one is told so and changes nothing.
func TestLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a.db")
	s := start(t, "serve", "--db", "file:"+path, "--addr", "127.0.0.1:0")
	tongxin(t, "serve", "--db", "file:"+path, "--addr", "127.0.0.1:0").refused(t, "db.locked", "file", path)
	tongxin(t, "token", "--db", "file:"+path, "--org", "321202", "--role", "admin").refused(t, "cmd.beside")
	tongxin(t, "verify", "--db", "file:"+path).done(t)
	s.end()
	tongxin(t, "verify", "--db", "file:"+path).done(t)
}

// Ctrl+C stops it as the signal of a service manager does.
func TestInterrupt(t *testing.T) {
	s := start(t, "serve", "--db", "file:"+filepath.Join(t.TempDir(), "a.db"), "--addr", "127.0.0.1:0")
	s.stop(syscall.SIGINT).done(t)
}
