package main

import "context"

// demo shows a small city.
type demo struct {
	listening
	clocked
	DB   string `default:"file:tongxin-demo.db" placeholder:"DSN" help:"${demo_db}"`
	Addr string `default:"127.0.0.1:8080" placeholder:"HOST:PORT" help:"${addr}"`
}

// Run makes the city where there is none, and serves it.
func (d demo) Run(ctx context.Context, p printer) error {
	return serve{keyed: keyed{database: database{d.DB}}, listening: d.listening, clocked: d.clocked, Addr: d.Addr}.Run(ctx, p)
}
