package design

import (
	_ "embed"
	"encoding/json"
	"time"

	"github.com/a-h/templ"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
)

//go:embed sample.json
var sampleJSON []byte

// sample is the invented text by name.
var sample = func() map[string]string {
	var m map[string]string
	if err := json.Unmarshal(sampleJSON, &m); err != nil {
		panic(err) // part of the binary, and tested
	}
	return m
}()

// x is one invented text.
func x(name string) string {
	if s, ok := sample[name]; ok {
		return s
	}
	panic("design: no sample " + name)
}

// at is a moment of the invented day.
func at(clock string) time.Time {
	t, err := time.ParseInLocation("2006-01-02 15:04", "2020-02-28 "+clock, i18n.Zone())
	if err != nil {
		panic(err)
	}
	return t
}

// Routes are the gallery's URLs.
func Routes() []page.Route {
	show := func(pattern string, t templ.Component) page.Route {
		return page.Route{Pattern: pattern, Access: page.Public, Handler: func(c *page.Ctx) error { return c.Render(t) }}
	}
	return []page.Route{
		show("GET /design", gallery()),
		show("GET /design/home", home()),
		show("GET /design/activity", activity()),
		show("GET /design/checkin", checkin()),
		show("GET /design/desk", desk()),
		show("GET /design/form", formPage()),
		{Pattern: "POST /design/form", Access: page.Public, Handler: refuse},
		{Pattern: "GET /design/broken", Access: page.Public, Handler: func(*page.Ctx) error { panic("as asked") }},
	}
}

// typed is the gallery's form.
type typed struct {
	Title  string `form:"title" max:"30"`
	Places int    `form:"places"`
	Day    string `form:"day,day"`
}

// refuse answers every sending of the gallery's form with what could be wrong.
func refuse(c *page.Ctx) error {
	in, err := page.Bind[typed](c)
	if err == nil {
		err = fail.Join(fail.Field("title", "web.form.too_long", "max", 30), fail.Field("places", "web.form.number"), fail.Field("kind", "web.form.choose"))
	}
	_ = in
	return c.Retry(err, formPage())
}

// menu is the desk's, for the gallery.
func kinds() []ui.Option {
	return []ui.Option{
		{Value: "1", Label: x("kind.1"), Side: x("left.3"), Note: x("kind.1.note")},
		{Value: "2", Label: x("kind.2"), Side: x("left.4"), Note: x("kind.2.note")},
		{Value: "3", Label: x("kind.3"), Side: x("full"), Note: x("kind.3.note"), Off: true},
	}
}
