package main

import (
	"context"
	"fmt"
	"slices"
)

// sight is an address that links do not lead to, or one more state of a page worth a picture.
type sight struct {
	who  string
	name string // of its pictures
	path func(ctx context.Context, c *city) (string, error)
}

// sights are all of them.
var sights = []sight{}

// visit makes sure that the sight is there, and that it is a page.
func (s sight) visit(ctx context.Context, c *city, r routes, walkers []walker, seen map[string]bool) (stop, error) {
	path, err := s.path(ctx, c)
	if err != nil {
		return stop{}, err
	}
	at := slices.IndexFunc(walkers, func(w walker) bool { return w.who == s.who })
	if at < 0 {
		return stop{}, fmt.Errorf("nobody is %s", s.who)
	}
	got, err := walkers[at].get(ctx, path)
	if err != nil {
		return stop{}, err
	}
	if got.is != aPage {
		return stop{}, fmt.Errorf("%s is no page", path)
	}
	seen[r.of(path)] = true
	return stop{who: s.who, name: s.name, path: path, pattern: r.of(path), cookies: walkers[at].cookies()}, nil
}
