package activities

import (
	"context"
	"strconv"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/sheet"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/org"
)

// typedCampaign is a campaign as the form sends it.
type typedCampaign struct {
	N       int64  `path:"n"`
	Org     id.ID  `form:"org"`
	Parent  int64  `form:"parent"`
	Rev     int64  `form:"rev"`
	Name    string `form:"name"`
	About   string `form:"about"`
	FromDay string `form:"from_day" max:"20"`
	ToDay   string `form:"to_day" max:"20"`
}

func (t typedCampaign) in() campaign.In {
	return campaign.In{Name: t.Name, About: t.About, FromDay: t.FromDay, ToDay: t.ToDay}
}

// tree is the campaigns that the reader sees.
type tree struct {
	All   []campaign.Campaign
	Names map[id.ID]string
	Runs  map[int64]bool // she may change it
	Opens bool           // she may open a programme
}

// Campaigns shows the tree of campaigns.
func Campaigns(c *page.Ctx) error {
	seats, err := org.Seats(c, c.DB, c.Actor)
	if err != nil {
		return err
	}
	t := tree{Runs: map[int64]bool{}, Opens: c.Actor.Has(auth.Admin)}
	if t.All, err = campaignsOf(c, seats); err != nil {
		return err
	}
	ids := make([]id.ID, len(t.All))
	for i, one := range t.All {
		ids[i] = one.Org
		if t.Runs[one.ID], err = org.Reaches(c, c.DB, c.Actor, one.Org, auth.Admin); err != nil {
			return err
		}
	}
	if t.Names, err = org.Names(c, c.DB, ids); err != nil {
		return err
	}
	if c.WantsFile() {
		return t.give(c)
	}
	return c.Render(campaignsPage(t))
}

// give answers the campaigns as a file.
func (t tree) give(c *page.Ctx) error {
	f := page.List{Kind: "campaigns", Name: c.T("campaigns.h1") + " " + db.Day(c.Now), Heads: c.Words("campaigns.name", "campaigns.file_level", "campaigns.org", "campaigns.from_day", "campaigns.to_day", "campaigns.state", "campaigns.about")}
	return c.Give(f, func(put page.Put) error {
		for _, one := range t.All {
			cells := append(sheet.Texts(one.Name, c.T("campaigns.level."+string(one.Level)), t.Names[one.Org]), sheet.Day(one.FromDay), sheet.Day(one.ToDay))
			if err := put(append(cells, sheet.Texts(c.T("campaigns.state."+string(one.State)), one.About)...)...); err != nil {
				return err
			}
		}
		return nil
	})
}

// campaignForm is what the form of a campaign needs.
type campaignForm struct {
	campaign.Campaign        // without a number: a new one
	Above             string // the name of its parent
	Orgs              []ui.Option
	OrgName           string
	Runs              bool
}

func (f campaignForm) action() string {
	if f.ID == 0 {
		return "/desk/campaigns"
	}
	return "/desk/campaigns/" + strconv.FormatInt(f.ID, 10)
}

func newCampaign(c *page.Ctx, in typedCampaign) (f campaignForm, err error) {
	f = campaignForm{Campaign: campaign.Campaign{Level: campaign.Programme, FromDay: db.Day(c.Now), Parent: in.Parent}, Runs: true}
	if in.Parent != 0 {
		above, err := campaign.Get(c, c.DB, in.Parent)
		if err != nil {
			return f, err
		}
		if f.Level = campaign.Action; above.Level == campaign.Action {
			f.Level = campaign.Project
		}
		f.Above = above.Name
	}
	mine := c.Actor.Orgs(auth.Admin)
	names, err := org.Names(c, c.DB, mine)
	for _, at := range mine {
		f.Orgs = append(f.Orgs, ui.Option{Value: string(at), Label: names[at]})
	}
	return f, err
}

func oldCampaign(c *page.Ctx, n int64) (f campaignForm, err error) {
	if f.Campaign, err = campaign.Get(c, c.DB, n); err != nil {
		return f, err
	}
	if f.Runs, err = org.Reaches(c, c.DB, c.Actor, f.Org, auth.Admin); err != nil {
		return f, err
	}
	names, err := org.Names(c, c.DB, []id.ID{f.Org})
	f.OrgName = names[f.Org]
	return f, err
}

// NewCampaign shows the form of a campaign that is not there yet.
func NewCampaign(c *page.Ctx) error {
	in, err := page.Bind[typedCampaign](c)
	if err != nil {
		return err
	}
	f, err := newCampaign(c, in)
	if err != nil {
		return err
	}
	return c.Render(campaignPage(f))
}

// CreateCampaign opens a campaign.
func CreateCampaign(c *page.Ctx) error {
	in, err := page.Bind[typedCampaign](c)
	if err == nil {
		err = c.Write(in.Org.Home(), func(tx *db.Tx) error {
			_, err := campaign.Create(c, tx, c.Actor, in.Org, in.Parent, in.in())
			return err
		})
	}
	if err != nil {
		f, broken := newCampaign(c, in)
		if broken != nil {
			return broken
		}
		return c.Retry(err, campaignPage(f))
	}
	c.Flash("campaigns.created", "name", in.Name)
	return c.Redirect("/desk/campaigns")
}

// ShowCampaign shows a campaign, as a form to whom may change it.
func ShowCampaign(c *page.Ctx) error {
	in, err := page.Bind[typedCampaign](c)
	if err != nil {
		return err
	}
	f, err := oldCampaign(c, in.N)
	if err != nil {
		return err
	}
	return c.Render(campaignPage(f))
}

// SaveCampaign keeps a changed campaign.
func SaveCampaign(c *page.Ctx) error {
	in, err := page.Bind[typedCampaign](c)
	if fail.KindOf(err) == fail.NotFound {
		return err
	}
	f, broken := oldCampaign(c, in.N)
	if broken != nil {
		return broken
	}
	if err == nil {
		err = c.Write(f.Org.Home(), func(tx *db.Tx) error { return campaign.Edit(c, tx, c.Actor, in.N, in.Rev, in.in()) })
	}
	if err != nil {
		return c.Retry(err, campaignPage(f))
	}
	c.Flash("campaigns.saved", "name", in.Name)
	return c.Redirect("/desk/campaigns")
}

// CloseCampaign ends a campaign; the message offers to open it again.
func CloseCampaign(c *page.Ctx) error { return turnCampaign(c, true) }

// ReopenCampaign takes an end back.
func ReopenCampaign(c *page.Ctx) error { return turnCampaign(c, false) }

func turnCampaign(c *page.Ctx, ends bool) error {
	in, err := page.Bind[typedCampaign](c)
	if err != nil {
		return err
	}
	f, err := oldCampaign(c, in.N)
	if err != nil {
		return err
	}
	err = c.Write(f.Org.Home(), func(tx *db.Tx) error {
		if ends {
			return campaign.Close(c, tx, c.Actor, in.N)
		}
		return campaign.Reopen(c, tx, c.Actor, in.N)
	})
	if err != nil {
		return err
	}
	if ends {
		c.FlashUndo(f.action()+"/reopen", "campaigns.ended", "name", f.Name)
	} else {
		c.Flash("campaigns.reopened", "name", f.Name)
	}
	return c.Redirect("/desk/campaigns")
}

// lasts is from when to when a campaign runs.
func lasts(ctx context.Context, one campaign.Campaign) string {
	if one.ToDay == "" {
		return ui.T(ctx, "campaigns.since", "day", i18n.DayOf(ui.Lang(ctx), one.FromDay))
	}
	return i18n.DayOf(ui.Lang(ctx), one.FromDay) + " – " + i18n.DayOf(ui.Lang(ctx), one.ToDay)
}

// belowHref is where one is opened under a campaign; nowhere under a project or a closed one.
func belowHref(one campaign.Campaign) string {
	if one.Level == campaign.Project || one.State != campaign.Open {
		return ""
	}
	return "/desk/campaigns/new?parent=" + strconv.FormatInt(one.ID, 10)
}

func below(l campaign.Level) string {
	if l == campaign.Programme {
		return "campaigns.add_action"
	}
	return "campaigns.add_project"
}

func campaignTitle(ctx context.Context, f campaignForm) string {
	if f.ID == 0 {
		return ui.T(ctx, "campaigns.new."+string(f.Level))
	}
	return f.Name
}

// deep is the class that sets a campaign in by its depth.
func deep(one campaign.Campaign) string { return "in" + strconv.Itoa(one.Depth()) }
