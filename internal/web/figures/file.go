package figures

import (
	"cmp"

	"tongxin/internal/base/db"
	"tongxin/internal/base/sheet"
	"tongxin/internal/ledger"
	"tongxin/internal/report/figure"
	"tongxin/internal/web/page"
)

// fileAtATime is how many entries a file reads at a time.
const fileAtATime = 500

// give answers what a figure counts as a file, at the moment of the figure: names as masked as
// on the page.
func give(c *page.Ctx, q figure.Query) error {
	p, err := c.Figures.Entries(c, q, "", fileAtATime)
	if err != nil {
		return err
	}
	facts := len(p.Entries) == 0 || p.Entries[0].Of == ledger.Facts
	l := page.List{Kind: "figure:" + q.Indicator, Org: q.Org, Name: c.T("figure.name."+q.Indicator) + " " + db.Day(c.Now), Heads: c.Words("figures.thing", "figures.facts")}
	if facts {
		l.Heads = c.Words("figures.number", "figures.day", "figures.kind", "figures.person", "figures.where", "figures.for", "figures.qty", "figures.file_reversed")
	}
	return c.Give(l, func(put page.Put) error {
		for {
			shown, err := lines(c, p.Entries)
			if err != nil {
				return err
			}
			for _, l := range shown {
				if err := put(l.cells(c)...); err != nil {
					return err
				}
			}
			if p.Next == "" {
				return nil
			}
			if p, err = c.Figures.Entries(c, q, p.Next, fileAtATime); err != nil {
				return err
			}
		}
	})
}

func (l line) cells(c *page.Ctx) []sheet.Cell {
	if l.Fact == nil {
		return []sheet.Cell{sheet.Text(cmp.Or(l.Name, string(l.ID))), sheet.Whole(l.Facts)}
	}
	reversed := ""
	if l.Fact.Reversed {
		reversed = c.T("figures.reversed")
	}
	cells := append([]sheet.Cell{sheet.Whole(l.Fact.Seq), sheet.Day(l.Fact.Day)}, sheet.Texts(l.Name, l.Who, l.Where, l.Unit)...)
	return append(cells, sheet.Whole(l.Qty), sheet.Text(reversed))
}
