package seed

import (
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/work/report"
)

// reportZero sets the city's duty of the day before: everybody who serves in the campaign
// reports, and those of whom the ledger knows no act say that there was nothing, all but
// three (1,391 of 1,394).
func (w *world) reportZero(c *city, tx *db.Tx, of func(*team) id.ID) error {
	city, day := w.tree.seat[taizhou], reporting.time().AddDate(0, 0, -1).Format(time.DateOnly)
	duty, err := report.BeginNamed(w.ctx, tx, w.staff.admin[taizhou].actor(), report.Duty{Org: city.id, Under: city.id, Name: "疫情防控志愿服务零报告",
		Campaign: w.camps["main"], Every: report.Once, From: day, To: day, Clock: "12:00", Grace: 1})
	if err != nil {
		return err
	}
	var teams []*team
	var ids []id.ID
	for _, p := range c.pools {
		if p.team != nil {
			teams, ids = append(teams, p.team), append(ids, of(p.team))
		}
	}
	_, dues, err := report.ExpectAll(w.ctx, tx, w.app.Sealer(), duty, day, ids)
	if err != nil {
		return err
	}
	acted, err := actedOn(w.ctx, tx, day)
	if err != nil {
		return err
	}
	missing := 0
	for i, due := range dues {
		switch {
		case acted[due.Org]:
		case missing < stillMissing:
			missing++
		default:
			_, admin := w.clerks(c, teams[i])
			if err := report.Nothing(w.ctx, tx, admin.actor(), due.ID); err != nil {
				return err
			}
		}
	}
	return nil
}

// merging are two teams of which the first is merged into the second at the end.
func (c *city) merging() (from, into *team) {
	for _, p := range c.pools {
		switch {
		case p.team == nil || !p.cell.institute():
		case into == nil:
			into = p.team
		default:
			return p.team, into
		}
	}
	panic("seed: a city of one team")
}
