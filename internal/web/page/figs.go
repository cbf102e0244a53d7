package page

import (
	"net/url"

	"tongxin/internal/base/fail"
	"tongxin/internal/ledger"
	"tongxin/internal/report/figure"
	"tongxin/internal/web/ui"
)

// Figs answers figures of one scope as large numbers, each a door: at the desk, or, masked,
// for everybody. While the ledger is being read there is one place that says so.
func (c *Ctx) Figs(q figure.Query, atDesk bool, keys ...string) ([]ui.Fig, error) {
	var figs []ui.Fig
	for _, key := range keys {
		q.Indicator = key
		p, err := c.fig(q, atDesk)
		if fail.Key(err) == "figure.loading" {
			return []ui.Fig{{Label: figure.Name(c.Lang, ledger.IndicatorOf(key)), Value: c.T("web.figures_loading")}}, nil
		}
		if err != nil {
			return nil, err
		}
		f := ui.Fig{Label: figure.Name(c.Lang, p.Indicator)}
		f.Value, f.Unit = figure.Screen(c.Lang, p.Indicator.Unit, p.Value)
		if f.Href = figHref(q, atDesk); p.Hidden {
			f.Value, f.Unit = c.T("web.figures_few", "n", figure.Few), ""
		}
		figs = append(figs, f)
	}
	return figs, nil
}

func (c *Ctx) fig(q figure.Query, atDesk bool) (figure.Public, error) {
	if !atDesk {
		return c.Figures.Public(c, q)
	}
	a, err := c.Figures.At(c, q)
	return figure.Public{Answer: a}, err
}

func figHref(q figure.Query, atDesk bool) string {
	v := url.Values{}
	if q.Org != "" {
		v.Set("org", string(q.Org))
	}
	if q.Subject != "" {
		v.Set("subject", string(q.Subject))
	}
	path := "/figures/" + q.Indicator
	if atDesk {
		path = "/desk" + path
	}
	if len(v) == 0 {
		return path
	}
	return path + "?" + v.Encode()
}
