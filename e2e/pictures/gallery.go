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

// looks are the six in which every page is drawn.
var looks = []look{
	{"390-light", browser.Phone, false},
	{"390-dark", dark(browser.Phone), false},
	{"390-elder", browser.Phone, true},
	{"1440-light", browser.Desk, false},
	{"1440-dark", dark(browser.Desk), false},
	{"1440-elder", browser.Desk, true},
}

func dark(v browser.View) browser.View {
	v.Dark = true
	return v
}

// stop is one page to draw: an address as somebody.
type stop struct {
	who     string // names the pictures; empty: a visitor
	path    string
	pattern string         // of its page, which names the pictures rather than the path, whose ids change
	cookies []*http.Cookie // of her session
}

var notInNames = regexp.MustCompile(`[^a-z0-9]+`)

// name is what the pictures of a stop are called.
func (s stop) name() string {
	path := strings.Trim(notInNames.ReplaceAllString(strings.ToLower(cmp.Or(strings.TrimPrefix(s.pattern, "GET "), s.path)), "-"), "-")
	if path == "" {
		path = "home"
	}
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
		stop stop
		look look
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
				found, err := g.drawOne(t.stop, t.look)
				mu.Lock()
				findings, failures = append(findings, found...), append(failures, err)
				mu.Unlock()
			}
		})
	}
	for _, s := range stops {
		for _, l := range looks {
			select {
			case tasks <- task{s, l}:
			case <-ctx.Done():
			}
		}
	}
	close(tasks)
	workers.Wait()
	slices.SortFunc(findings, func(a, b finding) int { return strings.Compare(a.picture+a.says, b.picture+b.says) })
	return findings, errors.Join(append(failures, ctx.Err(), g.index(stops))...)
}

// drawOne draws one picture and examines its page.
func (g *gallery) drawOne(s stop, l look) (found []finding, err error) {
	picture := s.name() + "-" + l.name + ".png"
	defer func() {
		if err != nil {
			err = fmt.Errorf("%s: %w", picture, err)
		}
	}()
	page, err := g.browser.Page(l.view)
	if err != nil {
		return nil, err
	}
	defer page.Close()
	cookies := s.cookies
	if l.elder {
		cookies = append(slices.Clone(cookies), &http.Cookie{Name: "elder", Value: "1"})
	}
	if err := page.Cookies(g.base, cookies...); err != nil {
		return nil, err
	}
	if err := page.Open(g.base + s.path); err != nil {
		return nil, err
	}
	png, err := page.Picture()
	if err != nil {
		return nil, err
	}
	for _, fault := range page.Faults() {
		found = append(found, finding{picture, fault})
	}
	violations, err := page.Axe()
	for _, v := range violations {
		found = append(found, finding{picture, v.String()})
	}
	return found, errors.Join(err, os.WriteFile(filepath.Join(g.out, picture), png, 0o644))
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
		data.Stops = append(data.Stops, entry{s.who, s.path, s.name()})
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
