package callups

import (
	"slices"
	"strconv"
	"strings"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/report/figure"
	"tongxin/internal/web/page"
	"tongxin/internal/work/callup"
	"tongxin/internal/work/org"
)

// mostRows is how many units a table of receivers offers.
const mostRows = 80

// table is where receivers are chosen and quotas given: who may receive, and what there is to
// hand out, line by line.
type table struct {
	Action string
	Do     string // the button
	Lines  []callup.Line
	Whole  callup.Quotas
	Rows   []choice
}

// choice is a unit that may receive a call-up.
type choice struct {
	org.Org
	On    bool
	Has   bool // it was sent there: its quota only grows
	Quota callup.Quotas
}

// offerBelow lists the units right below an organisation that have not got a call-up yet, the
// practice organisations first; with quotas in proportion to how many volunteers they have.
func offerBelow(c *page.Ctx, at id.ID, have []callup.ReceivedBy, lines []callup.Line, whole callup.Quotas) ([]choice, error) {
	all, _, err := org.List(c, c.DB, org.Filter{Under: at, Direct: true, Limit: mostRows})
	if err != nil {
		return nil, err
	}
	var rows []choice
	for _, o := range all {
		got := slices.ContainsFunc(have, func(h callup.ReceivedBy) bool { return h.Org == o.ID })
		if !got && o.Kind != org.Team {
			rows = append(rows, choice{Org: o, Quota: make(callup.Quotas, len(lines))})
		}
	}
	slices.SortStableFunc(rows, func(a, b choice) int { return rank(a.Type()) - rank(b.Type()) })
	for n, l := range lines {
		supply, err := supplyOf(c, rows, l)
		if err != nil {
			return nil, err
		}
		for i, q := range callup.Split(whole[n], supply) {
			rows[i].Quota[n] = q
		}
	}
	return rows, nil
}

// handingOn is the table in which more is handed out by who has so many to give, of which some is left: who has it
// already stands first.
func handingOn(c *page.Ctx, at id.ID, have []callup.ReceivedBy, t table, left callup.Quotas) (table, error) {
	more, err := offerBelow(c, at, have, t.Lines, left)
	if err != nil {
		return t, err
	}
	for _, h := range have {
		o, err := org.Get(c, c.DB, h.Org)
		if err != nil {
			return t, err
		}
		t.Rows = append(t.Rows, choice{Org: o, On: true, Has: true, Quota: h.Quota})
	}
	t.Rows = append(t.Rows, more...)
	return t, nil
}

func rank(t org.Type) int { return slices.Index(org.Types(), t) }

// supplyOf is how many volunteers of a line's category each unit has; nothing is known while
// figures are being loaded.
func supplyOf(c *page.Ctx, rows []choice, l callup.Line) ([]int64, error) {
	supply := make([]int64, len(rows))
	qs := make([]figure.Query, len(rows))
	for i, r := range rows {
		qs[i] = figure.Query{Indicator: registered, Org: r.ID, Category: l.Category}
	}
	if len(qs) == 0 {
		return supply, nil
	}
	all, err := c.Figures.All(c, qs)
	if unknown(err) {
		return supply, nil
	}
	for i, a := range all {
		supply[i] = a.Value
	}
	return supply, err
}

// unknown says whether figures have nothing to say yet: they are being loaded, or do not know
// an organisation that is new.
func unknown(err error) bool {
	return fail.Key(err) == "figure.loading" || fail.Key(err) == "figure.org_unknown"
}

// receiversIn is the form of a table of receivers; quotas are read by hand.
type receiversIn struct {
	Chosen []id.ID `form:"receivers"`
	More   string  `form:"more"`
}

// chosen reads the receivers of a form, those named line by line below the table too.
func chosen(c *page.Ctx, lines int) ([]callup.Receiver, error) {
	in, err := page.Bind[receiversIn](c)
	if err != nil {
		return nil, err
	}
	var errs []error
	for n, name := range strings.Split(in.More, "\n") {
		if name = ident.Line(name); name == "" {
			continue
		}
		found, err := org.ByName(c, c.DB, name)
		if err != nil {
			return nil, err
		}
		if len(found) != 1 {
			errs = append(errs, fail.Field("more", "callups.name_unknown", "n", n+1))
		} else if !slices.Contains(in.Chosen, found[0].ID) {
			in.Chosen = append(in.Chosen, found[0].ID)
		}
	}
	all := make([]callup.Receiver, len(in.Chosen))
	for i, at := range in.Chosen {
		all[i] = callup.Receiver{Org: at, Quota: make(callup.Quotas, lines)}
		for n := range lines {
			field := callup.QuotaField(at, int64(n+1))
			text := strings.ReplaceAll(ident.Fold(c.R.PostForm.Get(field)), ",", "")
			if text == "" {
				continue
			}
			if all[i].Quota[n], err = strconv.ParseInt(text, 10, 64); err != nil {
				errs = append(errs, fail.Field(field, "web.form.number"))
			}
		}
	}
	return all, fail.Join(errs...)
}

// SetReceivers says who receives a draft, or hands out more of what was issued.
func SetReceivers(c *page.Ctx) error {
	v, err := view(c)
	if err != nil {
		return err
	}
	all, err := chosen(c, len(v.Lines))
	if err == nil {
		give := callup.SetReceivers
		if v.State != callup.Draft {
			give = callup.HandOut
		}
		err = c.Write(v.ID.Home(), func(tx *db.Tx) error { return give(c, tx, c.Actor, v.ID, all) })
	}
	if err != nil {
		return c.Retry(err, viewPage(v))
	}
	if v.State != callup.Draft {
		c.Flash("callups.handed")
		return c.Redirect(deskPath(v.ID))
	}
	return c.Redirect(deskPath(v.ID) + "#h-supply")
}
