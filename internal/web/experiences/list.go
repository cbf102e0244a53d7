package experiences

import (
	"context"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/id"
	"tongxin/internal/report/experience"
	"tongxin/internal/web/page"
	"tongxin/internal/work/org"
)

// listed is how many rows a list shows that has no pages.
const listed = 50

// library is the page of what was chosen.
type library struct {
	filterIn
	Rows    []experience.Listed
	Next    string
	Writes  bool
	Waiting int
}

// filterIn narrows it.
type filterIn struct {
	Theme     string   `form:"theme" max:"30"`
	Of        org.Type `form:"of" max:"20"`
	Indicator string   `form:"indicator" max:"60"`
	After     string   `form:"after" max:"60"`
}

// Library shows what was chosen, for everybody at a desk.
func Library(c *page.Ctx) error {
	in, err := page.Bind[filterIn](c)
	if err != nil {
		return err
	}
	l := library{filterIn: in, Writes: c.Actor.Has(experience.Writing...)}
	if l.Rows, l.Next, err = experience.Library(c, c.DB, experience.Filter{Theme: in.Theme, Of: in.Of, Indicator: in.Indicator, After: in.After}); err != nil {
		return err
	}
	if l.Waiting, err = Waiting(c, c.Site, c.Actor); err != nil {
		return err
	}
	return c.Render(libraryPage(l))
}

// Waiting counts what lies on somebody's desk.
func Waiting(ctx context.Context, s *page.Site, actor auth.Actor) (int, error) {
	return experience.CountQueue(ctx, s.DB, actor.Orgs(experience.Choosing...))
}

// pile is what is written and submitted.
type pile struct {
	Queue  []experience.Listed // for the reader's decision
	Rows   []experience.Listed // of the reader's organisations
	Writes bool
}

// Pile shows what lies on the reader's desk, and what her organisations are writing.
func Pile(c *page.Ctx) error {
	p, err := pileOf(c)
	if err != nil {
		return err
	}
	return c.Render(pilePage(p))
}

func pileOf(c *page.Ctx) (p pile, err error) {
	p.Writes = c.Actor.Has(experience.Writing...)
	if p.Queue, err = experience.Queue(c, c.DB, c.Actor.Orgs(experience.Choosing...), listed); err != nil {
		return p, err
	}
	seats, err := org.Seats(c, c.DB, c.Actor)
	if err != nil {
		return p, err
	}
	seen := map[id.ID]bool{}
	for _, s := range seats {
		some, err := experience.From(c, c.DB, s.Position, listed)
		if err != nil {
			return p, err
		}
		for _, l := range some {
			if !seen[l.ID] {
				p.Rows = append(p.Rows, l)
			}
			seen[l.ID] = true
		}
	}
	return p, nil
}
