package activities

import (
	"context"
	"slices"

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
