package editor

import (
	"context"
	"net/url"
	"strconv"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/prose"
	"tongxin/internal/ledger"
	"tongxin/internal/report/figure"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/org"
)

// way is a way to say a figure.
type way struct {
	Form string `json:"form"`
	D    int64  `json:"d"`
	Text string `json:"text"`
}

// part is one of a figure's split.
type part struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// told is a figure that is to be put into a text.
type told struct {
	Value  string       `json:"value"`
	Unit   string       `json:"unit"`
	Basis  string       `json:"basis"`
	At     string       `json:"at"`
	Scope  string       `json:"scope"` // the organisation's name
	Splits []part       `json:"splits"`
	Ways   []way        `json:"ways"`
	Href   string       `json:"href"`
	Attrs  prose.Figure `json:"attrs"`
}

// mostParts is how many parts of a figure the panel shows.
const mostParts = 6

// Figure answers a figure that is to be put into a text: its value, its basis, its parts, and
// how it can be spoken.
func Figure(c *page.Ctx) error {
	v, err := asked(c)
	return Answer(c, v, err)
}

func asked(c *page.Ctx) (t told, err error) {
	q, err := question(c)
	if err != nil {
		return t, err
	}
	a, err := c.Figures.At(c, q)
	if err != nil {
		return t, err
	}
	unit, measure := a.Indicator.Unit, c.Query("measure")
	for _, s := range figure.ProposeOf(unit, a.Value) {
		t.Ways = append(t.Ways, way{string(s.Form), s.D, s.Say(c.Lang, unit, measure)})
	}
	t.Splits = []part{}
	for _, s := range a.Splits[:min(len(a.Splits), mostParts)] {
		n, _ := figure.Screen(c.Lang, unit, s.Value)
		t.Splits = append(t.Splits, part{s.Name, n})
	}
	t.Value, t.Unit = figure.Screen(c.Lang, unit, a.Value)
	t.Basis, t.At = figure.Basis(c.Lang, a.Indicator), c.T("editor.as_of", "at", i18n.DayTime(c.Lang, a.Time))
	t.Attrs = prose.Figure{Key: q.Indicator, Org: string(q.Org), Unit: string(q.Unit), Area: int64(q.Area), Campaign: q.Campaign, Category: q.Category,
		Service: q.Service, Callup: string(q.Callup), Subject: string(q.Subject), From: q.From, To: q.To}
	t.Href = Href(t.Attrs, true)
	names, err := org.Names(c, c.DB, []id.ID{q.Org})
	t.Scope = names[q.Org]
	return t, err
}

// question is what the panel asks about.
func question(c *page.Ctx) (figure.Query, error) {
	q, err := figure.Parse(c, c.DB, c.Query("key"), figure.Words{Org: c.Query("org"), Unit: c.Query("unit"), Area: c.Query("area"), Campaign: c.Query("campaign"),
		Service: c.Query("service"), Category: c.Query("category"), From: c.Query("from"), To: c.Query("to"), By: string(figure.ByOrg)})
	if err != nil {
		return q, err
	}
	for name, to := range map[string]*id.ID{"callup": &q.Callup, "subject": &q.Subject} {
		if text := c.Query(name); text != "" {
			if *to, err = id.Parse(text); err != nil {
				return q, fail.Field(name, "prose.figure_wrong")
			}
		}
	}
	return q, figure.Permit(c, c.DB, c.Actor, &q)
}

// Href opens a figure of a text, at the desk as of when it was frozen.
func Href(f prose.Figure, atDesk bool) string {
	q := url.Values{}
	for name, value := range map[string]string{"org": f.Org, "unit": f.Unit, "area": number(f.Area), "campaign": number(f.Campaign),
		"category": number(f.Category), "service": number(f.Service), "from": f.From, "to": f.To} {
		if value != "" {
			q.Set(name, value)
		}
	}
	path := "/figures/" + f.Key
	if atDesk {
		path = "/desk" + path
		if f.Frozen != nil {
			q.Set("as_of", number(f.Frozen.Seq))
		}
	}
	if len(q) == 0 {
		return path
	}
	return path + "?" + q.Encode()
}

func number(n int64) string {
	if n == 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// indicator is one that can be put into a text.
type indicator struct {
	Key     string `json:"key"`
	Name    string `json:"name"`
	Basis   string `json:"basis"`
	Measure string `json:"measure"`
}

// indicators are all that a text can say.
func indicators(ctx context.Context) string {
	var all []indicator
	lang := ui.Lang(ctx)
	for _, i := range ledger.Indicators() {
		_, word := figure.Screen(lang, i.Unit, 1)
		all = append(all, indicator{i.Key, figure.Name(lang, i), figure.Basis(lang, i), word})
	}
	return inJSON(all)
}

// WrongLine says what is wrong with a figure of a text.
func WrongLine(lang string, w figure.Wrong) string {
	name := i18n.T(lang, "figure.name."+w.Figure.Key)
	if w.Few {
		return i18n.T(lang, "editor.few", "at", w.At, "name", name, "few", figure.Few)
	}
	unit := ""
	if i := ledger.IndicatorOf(w.Figure.Key); i != nil {
		unit = i.Unit
	}
	value, word := figure.Screen(lang, unit, w.Value)
	return i18n.T(lang, "editor.wrong", "at", w.At, "name", name, "said", Plainly(lang)(w.Figure).Text, "value", value+word)
}
