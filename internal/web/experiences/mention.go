package experiences

import (
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/report/experience"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/org"
)

// press is the page of mentions.
type press struct {
	Rows  []experience.Noted
	Orgs  []ui.Option // for which the reader may record
	Told  []ui.Option // chosen experiences that one may tell of
	Today string
}

// Mentions shows what media said of the reader's organisations and those below.
func Mentions(c *page.Ctx) error {
	p, err := pressOf(c)
	if err != nil {
		return err
	}
	return c.Render(mentionsPage(p))
}

func pressOf(c *page.Ctx) (p press, err error) {
	p.Today = db.Day(c.Now)
	if p.Orgs, err = from(c, experience.Adopting...); err != nil {
		return p, err
	}
	seats, err := org.Seats(c, c.DB, c.Actor)
	if err != nil {
		return p, err
	}
	if err := p.tellable(c); err != nil {
		return p, err
	}
	seen := map[id.ID]bool{}
	for _, s := range seats {
		some, err := experience.Mentions(c, c.DB, s.Position, listed)
		if err != nil {
			return p, err
		}
		for _, m := range some {
			if !seen[m.ID] {
				p.Rows = append(p.Rows, m)
			}
			seen[m.ID] = true
		}
	}
	return p, nil
}

// tellable lists the chosen experiences of the reader's organisations and those below.
func (p *press) tellable(c *page.Ctx) error {
	p.Told = []ui.Option{{Value: "", Label: c.T("experiences.mention_none")}}
	for _, o := range p.Orgs {
		all, err := experience.Below(c, c.DB, id.ID(o.Value), listed)
		if err != nil {
			return err
		}
		for _, e := range all {
			p.Told = append(p.Told, ui.Option{Value: string(e.ID), Label: e.Title})
		}
	}
	return nil
}

// mentionIn is the form of a mention.
type mentionIn struct {
	Org        id.ID  `form:"org"`
	Experience id.ID  `form:"experience"`
	Title      string `form:"title" max:"100"`
	Source     string `form:"source" max:"40"`
	Day        string `form:"day,day"`
	Link       string `form:"link" max:"500"`
}

// Mention records one.
func Mention(c *page.Ctx) error {
	p, err := pressOf(c)
	if err != nil {
		return err
	}
	in, err := page.Bind[mentionIn](c)
	if err == nil {
		_, err = c.Create(in.Org.Home(), func(tx *db.Tx) (id.ID, error) {
			return experience.Note(c, tx, c.Actor, experience.Mention{Org: in.Org, Experience: in.Experience, Title: in.Title, Source: in.Source, Day: in.Day, Link: in.Link})
		})
	}
	if err != nil {
		return c.Retry(err, mentionsPage(p))
	}
	c.Flash("experiences.mentioned")
	return c.Redirect("/desk/mentions")
}

// taken is a mention that is to be taken back.
type taken struct {
	experience.Noted
	Told   string // the title of the experience
	Writes bool
}

func takenOf(c *page.Ctx) (t taken, err error) {
	at, err := id.Parse(c.Path("mention"))
	if err != nil {
		return t, err
	}
	if t.Noted, err = experience.MentionOf(c, c.DB, at); err != nil {
		return t, err
	}
	reaches, err := org.Reaches(c, c.DB, c.Actor, t.Org)
	if err == nil && !reaches {
		err = fail.New(fail.NotFound, "experience.mention_unknown")
	}
	if err != nil {
		return t, err
	}
	if t.Experience != "" {
		e, err := experience.Get(c, c.DB, t.Experience)
		if err != nil {
			return t, err
		}
		t.Told = e.Title
	}
	t.Writes, err = org.Reaches(c, c.DB, c.Actor, t.Org, experience.Adopting...)
	return t, err
}

// OneMention shows a mention.
func OneMention(c *page.Ctx) error {
	t, err := takenOf(c)
	if err != nil {
		return err
	}
	return c.Render(mentionPage(t))
}

// TakeBack takes one back that was recorded by mistake.
func TakeBack(c *page.Ctx) error {
	t, err := takenOf(c)
	if err != nil {
		return err
	}
	in, err := page.Bind[struct {
		Reason string `form:"reason" max:"500"`
	}](c)
	if err == nil {
		err = c.Write(t.ID.Home(), func(tx *db.Tx) error { return experience.TakeBack(c, tx, c.Actor, t.ID, in.Reason) })
	}
	if err != nil {
		return c.Retry(err, mentionPage(t))
	}
	c.Flash("experiences.taken_back")
	return c.Redirect("/desk/mentions")
}
