package seed

import (
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/report/figure"
	"tongxin/internal/work/org"
	"tongxin/internal/work/report"
)

// stillMissing is how many units have not reported at the world's moment.
const stillMissing = 3

// reporting sets a duty of the city's: its centres, institutes and stations report what they did
// in the days up to yesterday. Those of which the ledger knows no act tap that there was
// nothing, all but three; a village reports the banquets that it put off.
func (w *world) reporting() {
	last := w.day(-1)
	w.plan(w.day(-3).Add(9*time.Hour), "a reporting duty", func() error {
		p := w.tree.seat[taizhou]
		return w.write(func(tx *db.Tx) error {
			_, err := report.Begin(w.ctx, tx, w.adminOver(p).actor(), report.Duty{Org: p.id, Under: p.id, Name: "志愿服务情况报送", Campaign: w.camps["main"],
				Types: []org.Type{"center", "institute", "station"}, Every: report.Once, From: w.day(-7).Format(time.DateOnly), To: last.Format(time.DateOnly), Clock: "18:00", Grace: 1})
			return err
		})
	})
	w.planAlone(w.now, "reports", w.reportNothing)
	w.plan(last.Add(10*time.Hour), "banquets", w.banquets)
}

// reportNothing lets those tap that had nothing.
func (w *world) reportNothing() error {
	if err := w.app.Seal(w.ctx); err != nil {
		return err
	}
	if err := w.app.Figures.Load(w.ctx); err != nil {
		return err
	}
	done, err := w.app.Figures.CompletenessOf(w.ctx, w.app.DB, figure.Query{}, "")
	if err != nil {
		return err
	}
	by := map[id.ID]*place{}
	for _, p := range w.tree.all {
		by[p.id] = p
	}
	return w.write(func(tx *db.Tx) error {
		for _, m := range done.Missing[:max(0, len(done.Missing)-stillMissing)] {
			if err := report.Nothing(w.ctx, tx, w.adminOver(by[m.Org]).actor(), m.Due); err != nil {
				return err
			}
		}
		return nil
	})
}

// banquets are what two centres report that only they can know: one waits for the city, the
// other's was returned.
func (w *world) banquets() error {
	paper, err := report.NewFile("宴席登记汇总.pdf", []byte(paper))
	if err != nil {
		return err
	}
	return w.write(func(tx *db.Tx) error {
		in := report.In{Key: "banquets_cancelled", From: w.day(-7).Format(time.DateOnly), To: w.day(-1).Format(time.DateOnly), Number: "126",
			Note: "各社区劝导登记的喜宴、寿宴，由社区上报汇总", File: paper}
		if _, err := report.Submit(w.ctx, tx, w.adminOver(w.tree.seat[hailing]).actor(), w.tree.seat[hailing].id, in); err != nil {
			return err
		}
		in.Number, in.File = "2680", nil
		back, err := report.Submit(w.ctx, tx, w.adminOver(w.tree.seat[xinghua]).actor(), w.tree.seat[xinghua].id, in)
		if err != nil {
			return err
		}
		return report.Return(w.ctx, tx, w.adminOver(w.tree.seat[taizhou]).actor(), back, "比上周多出十倍，请逐个社区核对后重报")
	})
}

// paper is a page with nothing on it.
const paper = "%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n" +
	"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
