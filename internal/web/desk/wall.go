package desk

import (
	"strconv"

	"github.com/a-h/templ"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/report/live"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/org"
)

// Screen is the wall of an organisation that the reader reaches, at a browser where she has
// signed in.
func Screen(c *page.Ctx) error {
	e, err := staffEye(c)
	if err != nil {
		return err
	}
	return showWall(c, e.asWall(), "/screen/live?org="+string(e.org.ID)+"&campaign="+strconv.FormatInt(e.campaign.ID, 10))
}

// ScreenLive keeps it up to date.
func ScreenLive(c *page.Ctx) error {
	e, err := staffEye(c)
	if err != nil {
		return err
	}
	e = e.asWall()
	return c.Stream(e.key(), func() error { return stillStaff(c, e.org.ID) }, e.parts)
}

// Hung is a wall whose address is its key.
func Hung(c *page.Ctx) error {
	e, err := wallEye(c)
	if err != nil {
		return err
	}
	return showWall(c, e, c.R.URL.Path+"/live")
}

// HungLive keeps it up to date until it is taken down.
func HungLive(c *page.Ctx) error {
	e, err := wallEye(c)
	if err != nil {
		return err
	}
	return c.Stream(e.key(), func() error { _, err := enter(c); return err }, e.parts)
}

func enter(c *page.Ctx) (live.Wall, error) {
	wall, err := id.Parse(c.Path("wall"))
	if err != nil {
		return live.Wall{}, err
	}
	return live.Enter(c, c.DB, wall, c.Path("secret"))
}

func wallEye(c *page.Ctx) (*eye, error) {
	w, err := enter(c)
	if err != nil {
		return nil, err
	}
	return newEye(c, wall, w.Org, w.Campaign)
}

// asWall is the same view for a wall: masked, since whoever passes may read it.
func (e *eye) asWall() *eye {
	w := *e
	w.face, w.actor = wall, auth.Actor{}
	return &w
}

func showWall(c *page.Ctx, e *eye, stream string) error {
	b, err := e.look(c)
	if err != nil {
		return err
	}
	return c.Render(wallPage(b, stream))
}

func wallParts(b board) map[string]templ.Component {
	return map[string]templ.Component{"leads": leadFigures(b), "trend": trendChart(b), "map": areaMap(b), "rank": wallRank(b), "need": wallNeed(b), "news": wallNews(b)}
}

// walls is the page on which walls are hung and taken down.
type walls struct {
	Orgs, Campaigns []ui.Option
	All             []live.Wall
	Names           map[id.ID]string
	Address         string // of the new one, shown once
}

type newWall struct {
	Org      id.ID  `form:"org"`
	Campaign int64  `form:"campaign"`
	Label    string `form:"label" max:"60"`
}

// Walls lists the walls of the reader's organisations.
func Walls(c *page.Ctx) error {
	w, err := wallsOf(c)
	if err != nil {
		return err
	}
	return c.Render(wallsPage(w))
}

func wallsOf(c *page.Ctx) (w walls, err error) {
	seats, err := org.Seats(c, c.DB, c.Actor, auth.Admin)
	if err != nil {
		return w, err
	}
	var ids []id.ID
	for _, s := range seats {
		some, err := live.Walls(c, c.DB, s.Org)
		if err != nil {
			return w, err
		}
		w.All, ids = append(w.All, some...), append(ids, s.Org)
	}
	for _, one := range w.All {
		ids = append(ids, one.Org)
	}
	if w.Names, err = org.Names(c, c.DB, ids); err != nil {
		return w, err
	}
	all, err := campaign.Public(c, c.DB)
	w.Campaigns = []ui.Option{{Label: c.T("desk.any_campaign")}}
	for _, one := range all {
		w.Campaigns = append(w.Campaigns, ui.Option{Value: strconv.FormatInt(one.ID, 10), Label: one.Name})
	}
	for _, s := range seats {
		w.Orgs = append(w.Orgs, ui.Option{Value: string(s.Org), Label: w.Names[s.Org]})
	}
	return w, err
}

// HangWall makes a wall and shows its address, this once.
func HangWall(c *page.Ctx) error {
	in, err := page.Bind[newWall](c)
	var address string
	if err == nil {
		err = c.DB.Write(c, func(tx *db.Tx) error {
			wall, secret, err := live.Hang(c, tx, c.Actor, live.Wall{Org: in.Org, Campaign: in.Campaign, Label: in.Label})
			address = "/screen/" + string(wall) + "/" + secret
			return err
		})
	}
	w, readErr := wallsOf(c)
	if readErr != nil {
		return readErr
	}
	if err != nil {
		return c.Retry(err, wallsPage(w))
	}
	w.Address = address
	c.W.Header().Set("Cache-Control", "no-store")
	return c.Render(wallsPage(w))
}

// EndWall takes a wall down.
func EndWall(c *page.Ctx) error {
	wall, err := id.Parse(c.Path("wall"))
	if err == nil {
		err = c.Write(wall.Home(), func(tx *db.Tx) error { return live.TakeDown(c, tx, c.Actor, wall) })
	}
	if err != nil {
		return err
	}
	c.Flash("desk.wall_ended")
	return c.Redirect("/desk/walls")
}
