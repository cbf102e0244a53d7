package activities

import (
	"context"
	"slices"

	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/sheet"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/activity"
)

// asked is what the queue's URL says.
type asked struct {
	Desk  activity.Desk `form:"view"`
	After string        `form:"after"`
}

// queue is what waits for a reviewer.
type queue struct {
	asked
	Counts map[activity.Desk]int
	Found  []activity.Listed
	Next   string
}

// Reviews shows what was submitted to the reader's organisations.
func Reviews(c *page.Ctx) error {
	in, err := page.Bind[asked](c)
	if err != nil {
		return err
	}
	q := queue{asked: in, Counts: map[activity.Desk]int{}}
	if !slices.Contains(activity.Desks(), q.Desk) {
		q.Desk = activity.Mine
	}
	orgs := c.Actor.Orgs(reviewers...)
	if c.WantsFile() {
		return q.give(c, orgs)
	}
	for _, d := range activity.Desks() {
		if q.Counts[d], err = activity.CountQueue(c, c.DB, c.Now, orgs, d); err != nil {
			return err
		}
	}
	if q.Found, q.Next, err = activity.Queue(c, c.DB, c.Now, orgs, q.Desk, q.After); err != nil {
		return err
	}
	return c.Render(queuePage(q))
}

// give answers what waits as a file, all its pages.
func (q queue) give(c *page.Ctx, orgs []id.ID) error {
	f := page.List{Kind: "reviews", Name: c.T("activities.reviews") + " " + db.Day(c.Now), Heads: c.Words("activities.title", "activities.org", "activities.service", "activities.place", "activities.file_submitted", "activities.file_due", "activities.file_desk")}
	return c.Give(f, func(put page.Put) error {
		for after := ""; ; {
			some, next, err := activity.Queue(c, c.DB, c.Now, orgs, q.Desk, after)
			if err != nil {
				return err
			}
			for _, a := range some {
				cells := append(sheet.Texts(a.Title, a.OrgName, a.ServiceName, a.Place), moment(a.Submitted), moment(a.Due), sheet.Text(a.ReviewerName))
				if err := put(cells...); err != nil {
					return err
				}
			}
			if after = next; next == "" {
				return nil
			}
		}
	})
}

func moment(ms int64) sheet.Cell {
	if ms == 0 {
		return sheet.Cell{}
	}
	return sheet.Moment(db.Time(ms).In(i18n.Zone()))
}

func (q queue) tabs(ctx context.Context) (links []ui.Link) {
	for _, d := range activity.Desks() {
		links = append(links, ui.Link{Href: ui.Here(ctx, "view", string(d)), Label: ui.T(ctx, "activities.desk."+string(d)),
			Sub: number(int64(q.Counts[d])), On: d == q.Desk})
	}
	return links
}

// deskNote says on whose desk a submission is, where that is not plain, and that it has risen.
func deskNote(ctx context.Context, q queue, a activity.Listed) string {
	var desk, risen string
	if q.Desk == activity.Overdue {
		desk = ui.T(ctx, "activities.on_desk", "org", a.ReviewerName)
	}
	if a.Raised > 0 {
		risen = ui.T(ctx, "activities.raised_n", "n", a.Raised)
	}
	return joined(desk, risen)
}
