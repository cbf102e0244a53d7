package seed

import (
	"encoding/json"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/report/bulletin"
	"tongxin/internal/work/area"
)

// press is the city's bulletin: an issue that was published, read and answered, one in review,
// and one that is being edited.
type press struct {
	w                        *world
	editor, signer, reviewer auth.Actor
	published                id.ID
}

// print plans the issues.
func (w *world) print() {
	p := &press{w: w, editor: w.staff.told[7].actor(), signer: w.staff.told[8].actor(), reviewer: w.staff.told[5].actor()}
	at := func(day, hour int) time.Time { return w.day(day).Add(time.Duration(hour) * time.Hour) }
	w.planAlone(at(-2, 17), "a bulletin", p.publish)
	w.plan(at(-1, 10), "a bulletin read", func() error { return p.read(hailing, "") })
	w.plan(at(-1, 11), "a bulletin answered", func() error {
		return p.read(gaogang, "已组织各镇街学习，下周起参照城东街道的做法安排夜间轮班。")
	})
	w.planAlone(w.now.Add(-80*time.Minute), "a bulletin in review", p.review)
	w.planAlone(w.now.Add(-50*time.Minute), "a bulletin being edited", p.edit)
}

// plan begins an issue with the texts of some places, drafted from the ledger and accepted.
func (p *press) plan(n int64, theme string, places ...area.Code) (issue id.ID, err error) {
	w := p.w
	if err := w.follow(); err != nil {
		return "", err
	}
	now := w.clock.Now()
	in := bulletin.In{Name: "志愿服务工作交流", Number: n, Total: n + 11, Day: db.Day(now), Theme: theme, Campaign: w.camps["main"], From: db.Day(w.day(-before)), To: db.Day(now),
		ReportTo: "省文明办\n市文明委主任、副主任、委员", CopyTo: "各市（区）文明办、新时代文明实践中心\n市各有关部门、单位"}
	city := w.tree.seat[taizhou].id
	if err := w.write(func(tx *db.Tx) (err error) { issue, err = bulletin.Plan(w.ctx, tx, p.editor, city, in); return err }); err != nil {
		return "", err
	}
	i, err := bulletin.Get(w.ctx, w.app.DB, issue)
	if err != nil {
		return "", err
	}
	for _, at := range places {
		unit := w.tree.seat[at].id
		doc, err := bulletin.Compose(w.ctx, w.app.DB, w.app.Figures, i, unit)
		if err != nil {
			return "", err
		}
		text, err := json.Marshal(doc)
		if err != nil {
			return "", err
		}
		err = w.write(func(tx *db.Tx) error {
			article, err := bulletin.Add(w.ctx, tx, p.editor, issue, bulletin.NewArticle{Org: unit, Doc: string(text)})
			if err != nil {
				return err
			}
			return bulletin.Accept(w.ctx, tx, p.editor, article)
		})
		if err != nil {
			return "", err
		}
	}
	return issue, nil
}

// submit puts an issue before its reviewers, of whom some agree.
func (p *press) submit(issue id.ID, agree ...auth.Actor) error {
	w := p.w
	take := func(do func(tx *db.Tx, ready bulletin.Prepared) error) error {
		ready, err := bulletin.Prepare(w.ctx, w.app.DB, w.app.Figures, issue)
		if err != nil {
			return err
		}
		return w.write(func(tx *db.Tx) error { return do(tx, ready) })
	}
	err := take(func(tx *db.Tx, ready bulletin.Prepared) error {
		return bulletin.Submit(w.ctx, tx, p.editor, issue, ready)
	})
	for _, by := range agree {
		if err == nil {
			err = take(func(tx *db.Tx, ready bulletin.Prepared) error {
				return bulletin.Agree(w.ctx, tx, by, issue, ready, "数字都能点开，同意。")
			})
		}
	}
	if err == nil && len(agree) == 2 {
		err = take(func(tx *db.Tx, ready bulletin.Prepared) error {
			return bulletin.Publish(w.ctx, tx, w.app.Keys, p.signer, issue, ready)
		})
	}
	return err
}

// publish makes the issue that went out.
func (p *press) publish() (err error) {
	w := p.w
	if p.published, err = p.plan(1, "志愿者在行动", taizhou, hailing, gaogang); err != nil {
		return err
	}
	groups := []bulletin.Group{bulletin.Above, "center", "department"}
	if err := w.write(func(tx *db.Tx) error { return bulletin.Send(w.ctx, tx, p.editor, p.published, groups, nil) }); err != nil {
		return err
	}
	return p.submit(p.published, p.reviewer, w.staff.told[3].actor())
}

// review makes the one that waits for its second reviewer.
func (p *press) review() error {
	issue, err := p.plan(2, "把服务送到家门口", hailing)
	if err != nil {
		return err
	}
	return p.submit(issue, p.reviewer)
}

// edit makes the one that waits for a unit's text.
func (p *press) edit() error {
	issue, err := p.plan(3, "夜间轮班的做法", taizhou)
	if err != nil {
		return err
	}
	return p.w.write(func(tx *db.Tx) error {
		_, err := bulletin.Add(p.w.ctx, tx, p.editor, issue, bulletin.NewArticle{Org: p.w.tree.seat[hailing].id, Due: tx.Now.Add(52 * time.Hour),
			Brief: "写一写夜间守卡怎么排班、怎么补位，哪些做法别处可以用。"})
		return err
	})
}

// read is a county's reading of the published issue, with its answer.
func (p *press) read(at area.Code, answer string) error {
	w := p.w
	by := w.adminOver(w.tree.seat[at]).actor()
	tray, err := bulletin.TrayOf(w.ctx, w.read(), w.tree.seat[at].id, 1)
	if err != nil || len(tray) == 0 {
		return err
	}
	return w.write(func(tx *db.Tx) error {
		if answer != "" {
			return bulletin.Reply(w.ctx, tx, by, tray[0].ID, answer)
		}
		return bulletin.Take(w.ctx, tx, by, tray[0].ID)
	})
}
