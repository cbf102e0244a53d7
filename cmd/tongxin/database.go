package main

import (
	"log/slog"
	"os"

	"tongxin/internal/app"
	"tongxin/internal/base/config"
)

// database are the flags of every command that opens one.
type database struct {
	DB string `required:"" placeholder:"DSN" help:"${db}"`
}

// keyed are those of a command that reads or writes personal fields.
type keyed struct {
	database
	Keys string `env:"TONGXIN_KEYS" placeholder:"FILE" help:"${keys}"`
}

// listening are those of a command that serves.
type listening struct {
	TLSCert  string `name:"tls-cert" placeholder:"FILE" help:"${tls_cert}"`
	TLSKey   string `name:"tls-key" placeholder:"FILE" help:"${tls_key}"`
	Insecure bool   `help:"${insecure}"`
	Proxied  bool   `help:"${proxied}"`
}

func (l listening) at(addr string) app.Listen {
	return app.Listen{Addr: addr, Cert: l.TLSCert, Key: l.TLSKey, Insecure: l.Insecure, Proxied: l.Proxied}
}

// logger writes to standard error: nothing personal, so it may be kept and sent elsewhere.
func logger(format string) *slog.Logger {
	var h slog.Handler = slog.DiscardHandler
	switch format {
	case "text":
		h = slog.NewTextHandler(os.Stderr, nil)
	case "json":
		h = slog.NewJSONHandler(os.Stderr, nil)
	}
	log := slog.New(h)
	slog.SetDefault(log)
	return log
}

// clocked is the flag of the product's clock.
type clocked struct {
	Clock string `placeholder:"RFC3339" help:"${clock}"`
}

func (c clocked) clock() (*config.Clock, error) { return config.ParseClock(c.Clock) }
