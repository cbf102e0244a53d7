package app

import (
	"crypto/tls"
	"errors"
	"io/fs"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"syscall"

	"tongxin/internal/base/fail"
)

// Listen says where to serve and how.
type Listen struct {
	Addr      string // HOST:PORT; port 0 is any free one
	Cert, Key string // PEM files; both or neither
	Insecure  bool   // plain HTTP where others can listen in, too
	Proxied   bool   // a proxy in front speaks HTTPS with the browsers
}

// Bound is an address that is ours from now on.
type Bound struct {
	net.Listener
	tls     *tls.Config // nil: plain HTTP
	proxied bool
}

// Bind takes the address, or says in words why it cannot be had. Passwords and names go over
// it, so plain HTTP that leaves the machine is refused unless it was asked for.
func (l Listen) Bind() (*Bound, error) {
	host, port, err := net.SplitHostPort(l.Addr)
	if err == nil {
		_, err = strconv.ParseUint(port, 10, 16)
	}
	if err != nil {
		return nil, fail.New(fail.Invalid, "app.addr_form", "addr", l.Addr)
	}
	b := &Bound{proxied: l.Proxied}
	switch {
	case (l.Cert == "") != (l.Key == ""):
		return nil, fail.New(fail.Invalid, "app.tls_both")
	case l.Cert != "":
		if b.tls, err = certificate(l.Cert, l.Key); err != nil {
			return nil, err
		}
	case !loopback(host) && !l.Insecure:
		return nil, fail.New(fail.Forbidden, "app.insecure", "addr", l.Addr)
	}
	if b.Listener, err = net.Listen("tcp", l.Addr); err != nil {
		return nil, addrError(err, l.Addr)
	}
	return b, nil
}

// certificate reads the pair that answers for this host.
func certificate(cert, key string) (*tls.Config, error) {
	pair, err := tls.LoadX509KeyPair(cert, key)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return nil, fail.Wrap(err, fail.Invalid, "app.tls_unreadable", "cert", cert, "key", key)
	}
	if err != nil {
		return nil, fail.Wrap(err, fail.Invalid, "app.tls_damaged", "cert", cert, "key", key)
	}
	return &tls.Config{Certificates: []tls.Certificate{pair}, MinVersion: tls.VersionTLS12}, nil
}

// loopback reports whether only this machine reaches the host. No host is every address.
func loopback(host string) bool {
	ip, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && ip.IsLoopback()
}

func addrError(err error, addr string) error {
	key := "app.addr_refused"
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		key = "app.addr_in_use"
	case errors.Is(err, syscall.EACCES):
		key = "app.addr_privileged"
	}
	return fail.Wrap(err, fail.Unavailable, key, "addr", addr)
}

// Secure reports whether browsers reach it by HTTPS: cookies and the addresses in QR codes
// say so.
func (b *Bound) Secure() bool { return b.tls != nil || b.proxied }

// URL is where a browser finds the first page, with the real port.
func (b *Bound) URL() string {
	scheme := "http://"
	if b.tls != nil {
		scheme = "https://"
	}
	host, port, err := net.SplitHostPort(b.Addr().String())
	if err != nil {
		return scheme + b.Addr().String()
	}
	if ip, err := netip.ParseAddr(host); err == nil && ip.IsUnspecified() {
		host = "localhost"
	}
	return scheme + net.JoinHostPort(host, port) + "/"
}

func (b *Bound) serve(s *http.Server) error {
	if b.tls != nil {
		s.TLSConfig = b.tls
		return s.ServeTLS(b.Listener, "", "")
	}
	return s.Serve(b.Listener)
}
