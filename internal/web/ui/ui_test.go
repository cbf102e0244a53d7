package ui_test

import (
	"context"
	"io"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/a-h/templ"

	"tongxin/internal/web/ui"
)

func render(t *testing.T, v *ui.View, c templ.Component) string {
	t.Helper()
	var b strings.Builder
	if err := c.Render(ui.With(context.Background(), v), &b); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func has(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("no %q in\n%s", p, text)
		}
	}
}

func view(path string) *ui.View {
	u, _ := url.Parse(path)
	return &ui.View{Lang: "zh-CN", Path: u.Path, Query: u.Query()}
}

func TestHere(t *testing.T) {
	for _, c := range []struct {
		at    string
		pairs []string
		want  string
	}{
		{"/a", nil, "/a"},
		{"/a?q=x&after=9", nil, "/a?q=x"},
		{"/a?q=x", []string{"state", "open"}, "/a?q=x&state=open"},
		{"/a?q=x&state=open", []string{"state", ""}, "/a?q=x"},
		{"/a?q=x&after=9", []string{"after", "10"}, "/a?after=10&q=x"},
	} {
		if got := ui.Here(ui.With(context.Background(), view(c.at)), c.pairs...); got != c.want {
			t.Errorf("Here at %s with %v = %s, want %s", c.at, c.pairs, got, c.want)
		}
	}
}

// The place in the menu that a page belongs to is marked, and only that.
func TestCurrentPlace(t *testing.T) {
	mark := regexp.MustCompile(`href="([^"]*)"[^>]*aria-current="page"`)
	for at, want := range map[string]string{"/": "/", "/activities": "/activities", "/activities/3": "/activities", "/my": "/my", "/my/shifts/3": "/my/shifts", "/my/hours": "/my", "/nowhere": ""} {
		got := ""
		if m := mark.FindAllStringSubmatch(render(t, view(at), ui.Page(ui.Head{})), -1); len(m) == 1 {
			got = m[0][1]
		}
		if got != want {
			t.Errorf("at %s: %q is marked, want %q", at, got, want)
		}
	}
	v := view("/desk/activities/3")
	v.Nav = []ui.Entry{{Href: "/desk", Label: "a"}, {Href: "/desk/activities", Label: "b"}, {Href: "/desk/act", Label: "c"}}
	for _, m := range mark.FindAllStringSubmatch(render(t, v, ui.Desk(ui.Head{})), -1) {
		if m[1] != "/desk/activities" {
			t.Errorf("the desk marks %s", m[1])
		}
	}
}

func TestElderSwitchComesBackHere(t *testing.T) {
	v := view("/activities?q=x&after=9")
	text := render(t, v, ui.Page(ui.Head{}))
	has(t, text, `value="/activities?after=9&amp;q=x"`, `name="elder" value="1"`)
	v.Elder = true
	has(t, render(t, v, ui.Page(ui.Head{})), "data-elder", `name="elder" value="0"`)
}

func TestFieldsSayWhatTheyAre(t *testing.T) {
	v := view("/x")
	has(t, render(t, v, ui.Text(ui.F{Name: "a", Label: "L", Hint: "H", Value: "V", Max: 9})),
		`for="f-a"`, `id="f-a"`, `aria-describedby="hint-a"`, `id="hint-a"`, `maxlength="9"`, "required", `value="V"`)
	optional := render(t, v, ui.Text(ui.F{Name: "a", Label: "L", Optional: true}))
	has(t, optional, "选填")
	if strings.Contains(optional, "required") {
		t.Error("an optional field is required")
	}
	has(t, render(t, v, ui.Number(ui.F{Name: "n", Label: "N", Unit: "人"})), `inputmode="numeric"`, "人")
	has(t, render(t, v, ui.Code(ui.F{Name: "c", Label: "C", Auto: "one-time-code"})), `autocomplete="one-time-code"`)
}

func TestChoicesKeepWhatWasChosen(t *testing.T) {
	options := []ui.Option{{Value: "1", Label: "a"}, {Value: "2", Label: "b"}, {Value: "3", Label: "c", Off: true}}
	fresh := render(t, view("/x"), ui.Radios(ui.F{Name: "k", Label: "K", Value: "2", Options: options}))
	has(t, fresh, `value="2" checked`, `value="3" disabled`)
	v := view("/x")
	v.Refused = &ui.Refusal{Action: "/x", Text: "no", Typed: url.Values{"k": {"1"}, "m": {"1", "3"}}}
	form := templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		fields := templ.Join(ui.Radios(ui.F{Name: "k", Label: "K", Value: "2", Options: options}), ui.Checks(ui.F{Name: "m", Label: "M", Values: []string{"2"}, Options: options}),
			ui.Select(ui.F{Name: "k", Label: "K", Value: "2", Options: options}), ui.Check(ui.F{Name: "yes", Label: "Y", Value: "true"}))
		return ui.Form("/x", "").Render(templ.WithChildren(ctx, fields), w)
	})
	text := render(t, v, form)
	has(t, text, `type="radio" name="k" value="1" checked`, `type="checkbox" name="m" value="1" checked`, `<option value="1" selected>`)
	for _, wrong := range []string{`name="m" value="2" checked`, `value="2" selected`, `value="true" checked`} {
		if strings.Contains(text, wrong) {
			t.Errorf("%q though it was not chosen", wrong)
		}
	}
}

func TestEachFormHasItsOwnKey(t *testing.T) {
	key := regexp.MustCompile(`name="_key" value="([A-Z2-7]{26})"`)
	text := render(t, view("/x"), templ.Join(ui.Form("/a", ""), ui.Post("/b", "id", "7")))
	keys := key.FindAllStringSubmatch(text, -1)
	if len(keys) != 2 || keys[0][1] == keys[1][1] {
		t.Errorf("keys %v", keys)
	}
	has(t, text, `name="id" value="7"`)
}

func TestFigures(t *testing.T) {
	has(t, render(t, view("/x"), ui.Figure(8976, "/f", false)), `href="/f"`, "8,976")
	has(t, render(t, view("/x"), ui.Figure(8976, "/f", true)), "est")
	has(t, render(t, view("/x"), ui.Count(1162, "项")), "1,162")
}

func TestPaging(t *testing.T) {
	has(t, render(t, view("/a?q=x"), ui.Next("9")), `href="/a?after=9&amp;q=x"`, `rel="next"`)
	has(t, render(t, view("/a?q=x&after=9"), ui.Next("")), `href="/a?q=x"`, "回到第一页")
	if text := render(t, view("/a"), ui.Next("")); text != "" {
		t.Errorf("one page: %q", text)
	}
}

func TestHoursBarAddsUp(t *testing.T) {
	parts := []ui.HoursPart{{Name: "机录", Hours: "36", Minutes: 2160}, {Class: "g2", Name: "复核", Hours: "4", Minutes: 240}, {Class: "g3", Name: "申报", Hours: "1.5", Minutes: 90}}
	text := render(t, view("/x"), ui.HoursBar(parts...))
	has(t, text, `width="84.1%"`, `width="9.3%"`, `width="3.5%"`, `aria-label="机录 36, 复核 4, 申报 1.5"`)
	if empty := render(t, view("/x"), ui.HoursBar(ui.HoursPart{Name: "机录", Hours: "0"})); strings.Contains(empty, "<rect") {
		t.Errorf("nothing served, and a bar: %s", empty)
	}
}

func TestSignsAreNotAlone(t *testing.T) {
	for _, kind := range []string{"ok", "wait", "no", "left", "stop"} {
		text := render(t, view("/x"), ui.State(kind, "14:20", ""))
		has(t, text, `aria-hidden="true"`, "14:20", `viewBox="0 0 18 18"`)
	}
	has(t, render(t, view("/x"), ui.Conditions(ui.Condition{Name: "培训", Met: true}, ui.Condition{Name: "保险"})), "已具备", "还没有")
}
