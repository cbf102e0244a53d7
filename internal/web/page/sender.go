package page

import (
	"net"
	"net/netip"
	"strings"
)

// Sender is the address of the network that a request comes from, as far as it tells one sender
// from another: of IPv6 the half that names a network. Behind a proxy it is the one that the proxy
// added last. "" when it is not known, or is this machine, where a proxy that was not told of may stand.
func (c *Ctx) Sender() string {
	text, _, _ := net.SplitHostPort(c.R.RemoteAddr)
	if c.Proxied {
		all := strings.Split(strings.Join(c.R.Header.Values("X-Forwarded-For"), ","), ",")
		text = strings.TrimSpace(all[len(all)-1])
	}
	at, err := netip.ParseAddr(text)
	if at = at.Unmap().WithZone(""); err != nil || at.IsLoopback() {
		return ""
	}
	if at.Is6() {
		return netip.PrefixFrom(at, 64).Masked().String()
	}
	return at.String()
}
