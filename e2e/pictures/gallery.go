package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"html/template"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"

	"tongxin/e2e/browser"
)

// look is one way to see a page.
type look struct {
	name  string
	view  browser.View
	elder bool
}

// looks are the six in which every page is drawn, by the window that shows them.
var looks = slices.Concat(windows[0], windows[1])

// windows show a page in three looks each, the elder one last, since only it needs another answer of the server.
var windows = [][]look{
	{{"390-light", browser.Phone, false}, {"390-dark", dark(browser.Phone), false}, {"390-elder", browser.Phone, true}},
	{{"1440-light", browser.Desk, false}, {"1440-dark", dark(browser.Desk), false}, {"1440-elder", browser.Desk, true}},
}

func dark(v browser.View) browser.View {
	v.Dark = true
	return v
}

// stop is one page to draw: an address as somebody.
type stop struct {
	who     string // names the pictures; empty: a visitor
	name    string // names them too, where it is not the page
	path    string
	pattern string         // of its page, which names the pictures rather than the path, whose ids change
	cookies []*http.Cookie // of her session
}

var notInNames = regexp.MustCompile(`[^a-z0-9]+`)

// title is what the pictures of a stop are called.
func (s stop) title() string {
	path := cmp.Or(s.name, strings.Trim(notInNames.ReplaceAllString(strings.ToLower(cmp.Or(strings.TrimPrefix(s.pattern, "GET "), s.path)), "-"), "-"), "home")
	if s.who == "" {
		return path
	}
	return s.who + "-" + path
}

// finding is what is wrong with a page in one look.
type finding struct{ picture, says string }

// gallery draws stops of the server at base into the folder out.
type gallery struct {
	browser *browser.Browser
	base    string
	out     string
	workers int
}

// draw draws every stop in every look and returns what is wrong, by picture.
func (g *gallery) draw(ctx context.Context, stops []stop) ([]finding, error) {
	if err := os.MkdirAll(g.out, 0o755); err != nil {
		return nil, err
	}
	type task struct {
		stop  stop
		looks []look
	}
	tasks := make(chan task)
	var (
		workers  sync.WaitGroup
		mu       sync.Mutex
		findings []finding
		failures []error
	)
	for range max(g.workers, 1) {
		workers.Go(func() {
			for t := range tasks {
				found, err := g.drawIn(t.looks, t.stop)
				mu.Lock()
				findings, failures = append(findings, found...), append(failures, err)
				mu.Unlock()
			}
		})
	}
	for _, s := range stops {
		for _, w := range windows {
			select {
			case tasks <- task{s, w}:
			case <-ctx.Done():
			}
		}
	}
	close(tasks)
	workers.Wait()
	slices.SortFunc(findings, func(a, b finding) int { return strings.Compare(a.picture+a.says, b.picture+b.says) })
	return findings, errors.Join(append(failures, ctx.Err(), g.index(stops))...)
}

// drawIn draws a stop in some looks, one after the other in one window.
func (g *gallery) drawIn(looks []look, s stop) (found []finding, err error) {
	page, err := g.browser.Page(looks[0].view)
	if err != nil {
		return nil, err
	}
	defer page.Close()
	if err := page.Cookies(g.base, s.cookies...); err != nil {
		return nil, err
	}
	for i, l := range looks {
		picture := s.title() + "-" + l.name + ".png"
		says, err := g.drawOne(page, s, l, i == 0)
		if err == nil {
			err = g.keep(page, picture)
		}
		if err != nil {
			return found, fmt.Errorf("%s: %w", picture, err)
		}
		for _, fault := range says {
			found = append(found, finding{picture, fault})
		}
	}
	return found, nil
}

// drawOne brings the page into a look and answers what is wrong with it there.
func (g *gallery) drawOne(page *browser.Page, s stop, l look, first bool) (says []string, err error) {
	err = page.Emulate(l.view)
	if l.elder && err == nil {
		err = page.Cookies(g.base, &http.Cookie{Name: "elder", Value: "1"})
	}
	if (first || l.elder) && err == nil {
		err = page.Open(g.base + s.path)
	}
	if err != nil {
		return nil, err
	}
	violations, err := page.Axe()
	says = page.Faults()
	for _, v := range violations {
		says = append(says, v.String())
	}
	return says, err
}

// keep writes the picture of a page as it stands.
func (g *gallery) keep(page *browser.Page, picture string) error {
	png, err := page.Picture()
	if err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(g.out, picture), png, 0o644)
}

var sheet = template.Must(template.New("sheet").Parse(`<!doctype html>
<html lang="zh-CN"><meta charset="utf-8"><title>Pictures</title>
<style>body { font: 14px sans-serif } figure { display: inline-block; margin: 4px; vertical-align: top }
img { max-height: 480px; border: 1px solid #999 }</style>
{{range .Stops}}{{$stop := .}}<h2>{{.Path}}{{with .Who}} ({{.}}){{end}}</h2>
{{range $.Looks}}<figure><a href="{{$stop.Name}}-{{.}}.png"><img loading="lazy" src="{{$stop.Name}}-{{.}}.png" alt=""></a><figcaption>{{.}}</figcaption></figure>
{{end}}{{end}}</html>
`))

// index writes the sheet that shows all pictures side by side.
func (g *gallery) index(stops []stop) error {
	type entry struct{ Who, Path, Name string }
	var data struct {
		Stops []entry
		Looks []string
	}
	for _, s := range stops {
		data.Stops = append(data.Stops, entry{s.who, s.path, s.title()})
	}
	for _, l := range looks {
		data.Looks = append(data.Looks, l.name)
	}
	file, err := os.Create(filepath.Join(g.out, "index.html"))
	if err != nil {
		return err
	}
	return errors.Join(sheet.Execute(file, data), file.Close())
}
