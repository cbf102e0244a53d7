package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/signal"
	"regexp"
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
func run(ctx context.Context, args []string, out io.Writer) (err error) {
	flags := flag.NewFlagSet("pictures", flag.ContinueOnError)
	g := gallery{}
	flags.StringVar(&g.base, "base", "", "a running server, as http://127.0.0.1:8080; without one the small city is made and served")
	flags.StringVar(&g.out, "out", "pictures", "the folder to draw into")
	flags.IntVar(&g.workers, "workers", 2, "pages drawn at a time")
	list := flags.Bool("list", false, "only tell what would be drawn")
	paths := flags.String("paths", "", "paths to draw as a visitor, with commas between; without any, every page")
	only := flags.String("only", "", "draw only the pages whose pattern matches this expression")
	if err := flags.Parse(args); err != nil {
		return err
	}
	find, must := g.visit, false
	if g.base == "" {
		c, err := openCity(ctx)
		if err != nil {
			return err
		}
		defer func() { err = errors.Join(err, c.close()) }()
		g.base, find, must = c.url, c.everyPage, true
	}
	stops, unseen := named(*paths), []string(nil)
	if *paths == "" {
		if stops, unseen, err = find(ctx, newRoutes(web.Patterns())); err != nil {
			return err
		}
	}
	if stops, err = matching(stops, *only); err != nil {
		return err
	}
	for _, pattern := range unseen {
		fmt.Fprintf(out, "no link leads to %s\n", pattern)
	}
	if *list {
		for _, s := range stops {
			fmt.Fprintf(out, "%-40s %s\n", s.title(), s.path)
		}
	} else {
		err = g.drawAll(ctx, stops, out)
	}
	if must && len(unseen) > 0 {
		err = errors.Join(err, fmt.Errorf("%d pages are not reached: link to them, or say in e2e/pictures/sights.go where they are", len(unseen)))
	}
	return err
}

// named are the paths of a list, as a visitor.
func named(paths string) (stops []stop) {
	for path := range strings.SplitSeq(paths, ",") {
		stops = append(stops, stop{path: path})
	}
	return stops
}

// matching are the stops whose page's pattern, or path where it has none, matches.
func matching(stops []stop, only string) (some []stop, err error) {
	re, err := regexp.Compile(only)
	if err != nil {
		return nil, err
	}
	for _, s := range stops {
		if re.MatchString(cmp.Or(s.pattern, s.path)) {
			some = append(some, s)
		}
	}
	return some, nil
}

// visit finds one address of each page that a visitor's links lead to.
func (g *gallery) visit(ctx context.Context, r routes) (stops []stop, unseen []string, err error) {
	seen := map[string]bool{}
	stops, err = walker{base: g.base, start: "/", client: http.DefaultClient}.walk(ctx, r, seen)
	return stops, r.unseen(seen), err
}

// drawAll draws the stops and says what is wrong with them.
func (g *gallery) drawAll(ctx context.Context, stops []stop, out io.Writer) error {
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
