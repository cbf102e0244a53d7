package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"strings"

	"tongxin/e2e/browser"
	"tongxin/internal/web"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if err := run(ctx, os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "pictures:", err)
		os.Exit(1)
	}
}

// run draws what the arguments ask for, and says what is wrong.
func run(ctx context.Context, args []string, out io.Writer) error {
	flags := flag.NewFlagSet("pictures", flag.ContinueOnError)
	g := gallery{}
	flags.StringVar(&g.base, "base", "", "a running server, as http://127.0.0.1:8080")
	flags.StringVar(&g.out, "out", "pictures", "the folder to draw into")
	flags.IntVar(&g.workers, "workers", 2, "pages drawn at a time")
	paths := flags.String("paths", "", "paths to draw, with commas between; without any, every page that links from / lead to")
	if err := flags.Parse(args); err != nil {
		return err
	}
	stops, err := g.stops(ctx, *paths, out)
	if err != nil {
		return err
	}
	b, err := browser.Start(ctx)
	if err != nil {
		return err
	}
	defer b.Close()
	g.browser = b
	findings, err := g.draw(ctx, stops)
	for _, f := range findings {
		fmt.Fprintf(out, "%s: %s\n", f.picture, f.says)
	}
	if err != nil {
		return err
	}
	if len(findings) > 0 {
		return fmt.Errorf("%d things are wrong", len(findings))
	}
	fmt.Fprintf(out, "%d pages in %d looks, in %s: axe finds nothing\n", len(stops), len(looks), g.out)
	return nil
}

// stops are the paths named, or one address of each page that a visitor's links lead to.
func (g *gallery) stops(ctx context.Context, paths string, out io.Writer) (stops []stop, err error) {
	if paths != "" {
		for path := range strings.SplitSeq(paths, ",") {
			stops = append(stops, stop{path: path})
		}
		return stops, nil
	}
	all, seen := newRoutes(web.Patterns()), map[string]bool{}
	visitor := walker{base: g.base, starts: []string{"/"}, client: http.DefaultClient}
	stops, err = visitor.walk(ctx, all, seen)
	for _, pattern := range all.unseen(seen) {
		fmt.Fprintf(out, "no link leads to %s\n", pattern)
	}
	return stops, err
}
