package bulletins

import (
	"strings"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/base/prose"
	"tongxin/internal/report/bulletin"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/campaign"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
)

// entry is a text of an issue as its contents show it.
type entry struct {
	bulletin.Article
	OrgName string
	Title   string
	Moved   []bulletin.Trouble
	Loose   int // numbers that nothing stands behind
}

// shown is an issue at the desk.
type shown struct {
	bulletin.Issue
	OrgName, CampaignName string
	Entries               []entry
	Reviews               []said
	Reach                 bulletin.Reach
	Receivers             []bulletin.Receiver
	Corrections           []bulletin.Listed
	Units                 []ui.Option
	Experiences           []ui.Option // chosen ones that may come into it
	Single                string      // the organisations to which it goes singly, a line each
	Writes, Signs         bool
	Review                error // why the reader may not review; nil: she may
	Against               error // why it cannot be submitted or published as it stands
	SignsHere             bool
}

// said is what a reviewer said, with her name.
type said struct {
	bulletin.Review
	Name string
}

// receiversShown is how many receivers a page lists.
const receiversShown = 200

func read(c *page.Ctx) (s shown, err error) {
	at, err := id.Parse(c.Path("issue"))
	if err != nil {
		return s, err
	}
	if s.Issue, err = bulletin.Open(c, c.DB, c.Actor, at); err != nil {
		return s, err
	}
	names, err := org.Names(c, c.DB, []id.ID{s.Org})
	if err != nil {
		return s, err
	}
	s.OrgName = names[s.Org]
	if s.Campaign != 0 {
		one, err := campaign.Get(c, c.DB, s.Campaign)
		if err != nil {
			return s, err
		}
		s.CampaignName = one.Name
	}
	for _, step := range []func(*page.Ctx) error{s.readRights, s.readEntries, s.readReviews, s.readReach, s.readUnits, s.readExperiences, s.readSingle} {
		if err := step(c); err != nil {
			return s, err
		}
	}
	return s, nil
}

func (s *shown) readRights(c *page.Ctx) (err error) {
	if s.Writes, err = org.Reaches(c, c.DB, c.Actor, s.Org, bulletin.Writing...); err != nil {
		return err
	}
	if s.Signs, err = org.Reaches(c, c.DB, c.Actor, s.Org, bulletin.Signing...); err != nil {
		return err
	}
	s.Review, s.SignsHere = bulletin.MayReview(c, c.DB, c.Actor, s.Issue), c.Keys.Signs()
	return nil
}

func (s *shown) readEntries(c *page.Ctx) error {
	all, err := bulletin.Articles(c, c.DB, s.ID)
	if err != nil {
		return err
	}
	units := make([]id.ID, len(all))
	for n, a := range all {
		units[n] = a.Org
	}
	names, err := org.Names(c, c.DB, units)
	if err != nil {
		return err
	}
	for _, a := range all {
		e := entry{Article: a, OrgName: names[a.Org]}
		if a.Doc != "" {
			doc, err := prose.Parse([]byte(a.Doc))
			if err != nil {
				return err
			}
			e.Title, e.Loose = bulletin.Text{Doc: doc}.Headline(), len(doc.Unbound())
			if s.State != bulletin.Published {
				if e.Moved, err = bulletin.Look(c, c.Figures, a.ID, doc); err != nil && !loading(err) {
					return err
				}
			}
		}
		s.Entries = append(s.Entries, e)
	}
	if s.State == bulletin.Published || s.State == bulletin.Dropped {
		return nil
	}
	p, err := bulletin.Prepare(c, c.DB, c.Figures, s.ID)
	if loading(err) {
		s.Against = err
		return nil
	}
	s.Against = p.Err()
	return err
}

func (s *shown) readReviews(c *page.Ctx) error {
	all, err := bulletin.Reviews(c, c.DB, s.ID)
	if err != nil {
		return err
	}
	who := make([]id.ID, len(all))
	for n, v := range all {
		who[n] = v.Reviewer
	}
	names, err := people.Names(c, c.DB, c.Keys, who)
	for _, v := range all {
		s.Reviews = append(s.Reviews, said{v, names[v.Reviewer]})
	}
	return err
}

func (s *shown) readReach(c *page.Ctx) (err error) {
	if s.State != bulletin.Published {
		return nil
	}
	if s.Reach, err = bulletin.ReachOf(c, c.DB, s.ID); err != nil {
		return err
	}
	if s.Receivers, err = bulletin.ReceiversOf(c, c.DB, s.ID, receiversShown); err != nil {
		return err
	}
	s.Corrections, err = bulletin.CorrectionsOf(c, c.DB, s.ID)
	return err
}

// readSingle names the organisations to which it goes singly.
func (s *shown) readSingle(c *page.Ctx) error {
	names, err := org.Names(c, c.DB, s.Singly())
	for _, at := range s.Singly() {
		s.Single += names[at] + "\n"
	}
	return err
}

// readUnits lists whose texts may come into the issue: the organisation and those right below.
func (s *shown) readUnits(c *page.Ctx) error {
	if !s.Writes || s.State != bulletin.Planned {
		return nil
	}
	s.Units = []ui.Option{{Value: string(s.Org), Label: s.OrgName}}
	all, err := bulletin.Units(c, c.DB, s.Org)
	for _, o := range all {
		s.Units = append(s.Units, ui.Option{Value: string(o.ID), Label: o.Name})
	}
	return err
}

// Show shows an issue with its contents, and what is to be done about it.
func Show(c *page.Ctx) error {
	s, err := read(c)
	if err != nil {
		return err
	}
	return c.Render(issuePage(s))
}

// PlanForm asks for the plan of an issue anew.
func PlanForm(c *page.Ctx) error {
	s, err := read(c)
	if err != nil {
		return err
	}
	p, err := prepare(c, planning{planned: formOf(s.Issue), Action: deskPath(s.ID) + "/edit", Title: c.T("bulletins.edit")})
	if err != nil {
		return err
	}
	return c.Render(planPage(p))
}

// CorrectForm asks for the issue that corrects a published one.
func CorrectForm(c *page.Ctx) error {
	s, err := read(c)
	if err != nil {
		return err
	}
	f, err := following(c, s.Org)
	if err != nil {
		return err
	}
	f.Theme, f.Campaign, f.From, f.To = c.T("bulletins.correction_of", "theme", s.Theme), s.Campaign, s.From, s.To
	p, err := prepare(c, planning{planned: f, Action: deskPath(s.ID) + "/correct", Title: c.T("bulletins.correct")})
	if err != nil {
		return err
	}
	return c.Render(planPage(p))
}

// Replan saves the plan. Correct begins the issue that corrects.
func Replan(c *page.Ctx) error {
	return replan(c, "edit", func(tx *db.Tx, s shown, f planned) (id.ID, error) {
		return s.ID, bulletin.Edit(c, tx, c.Actor, s.ID, f.Rev, f.in())
	})
}

// Correct begins the issue that corrects a published one.
func Correct(c *page.Ctx) error {
	return replan(c, "correct", func(tx *db.Tx, s shown, f planned) (id.ID, error) {
		return bulletin.Correct(c, tx, c.Actor, s.ID, f.in())
	})
}

func replan(c *page.Ctx, what string, do func(tx *db.Tx, s shown, f planned) (id.ID, error)) error {
	s, err := read(c)
	if err != nil {
		return err
	}
	f, err := page.Bind[planned](c)
	made := s.ID
	if err == nil {
		made, err = c.Create(s.ID.Home(), func(tx *db.Tx) (id.ID, error) { return do(tx, s, f) })
	}
	if err != nil {
		p, wrong := prepare(c, planning{planned: f, Action: deskPath(s.ID) + "/" + what, Title: c.T("bulletins." + what)})
		if wrong != nil {
			return wrong
		}
		return c.Retry(err, planPage(p))
	}
	c.Flash("bulletins.saved")
	return c.Redirect(deskPath(made))
}

// words is what is typed beside a button.
type words struct {
	Text   string   `form:"text" max:"1000"`
	Groups []string `form:"group"`
	Single string   `form:"single" max:"4000"` // names, a line each
}

// act runs a command on the issue and comes back to it.
func act(c *page.Ctx, flash string, do func(tx *db.Tx, s shown, w words) error) error {
	s, err := read(c)
	if err != nil {
		return err
	}
	w, err := page.Bind[words](c)
	if err == nil {
		err = c.Write(s.ID.Home(), func(tx *db.Tx) error { return do(tx, s, w) })
	}
	if err != nil {
		return c.Retry(err, issuePage(s))
	}
	c.Flash(flash)
	return c.Redirect(deskPath(s.ID))
}

// weighed is [act] for a command that takes the issue with its figures as they are now.
func weighed(c *page.Ctx, flash string, do func(tx *db.Tx, s shown, p bulletin.Prepared, w words) error) error {
	at, err := id.Parse(c.Path("issue"))
	if err != nil {
		return err
	}
	p, err := bulletin.Prepare(c, c.DB, c.Figures, at)
	if err != nil {
		return err
	}
	return act(c, flash, func(tx *db.Tx, s shown, w words) error { return do(tx, s, p, w) })
}

// Submit puts the issue before its reviewers.
func Submit(c *page.Ctx) error {
	return weighed(c, "bulletins.submitted", func(tx *db.Tx, s shown, p bulletin.Prepared, _ words) error {
		return bulletin.Submit(c, tx, c.Actor, s.ID, p)
	})
}

// Agree is a reviewer's yes.
func Agree(c *page.Ctx) error {
	return weighed(c, "bulletins.agreed", func(tx *db.Tx, s shown, p bulletin.Prepared, w words) error {
		return bulletin.Agree(c, tx, c.Actor, s.ID, p, w.Text)
	})
}

// Publish freezes and signs it, once its theme was typed.
func Publish(c *page.Ctx) error {
	return weighed(c, "bulletins.published", func(tx *db.Tx, s shown, p bulletin.Prepared, _ words) error {
		if err := c.Named(s.Theme); err != nil {
			return err
		}
		return bulletin.Publish(c, tx, c.Keys, c.Actor, s.ID, p)
	})
}

// Object returns it with the reason.
func Object(c *page.Ctx) error {
	return act(c, "bulletins.returned", func(tx *db.Tx, s shown, w words) error { return bulletin.Object(c, tx, c.Actor, s.ID, w.Text) })
}

// Recall takes it back from review.
func Recall(c *page.Ctx) error {
	return act(c, "bulletins.recalled", func(tx *db.Tx, s shown, _ words) error { return bulletin.Recall(c, tx, c.Actor, s.ID) })
}

// Drop gives it up.
func Drop(c *page.Ctx) error {
	return act(c, "bulletins.dropped", func(tx *db.Tx, s shown, _ words) error { return bulletin.Drop(c, tx, c.Actor, s.ID) })
}

// Send chooses who receives it.
func Send(c *page.Ctx) error {
	return act(c, "bulletins.sent", func(tx *db.Tx, s shown, w words) error {
		groups := make([]bulletin.Group, len(w.Groups))
		for n, g := range w.Groups {
			groups[n] = bulletin.Group(g)
		}
		single, err := named(c, w.Single)
		if err != nil {
			return err
		}
		return bulletin.Send(c, tx, c.Actor, s.ID, groups, single)
	})
}

// named finds organisations by their names, a line each, or by their ids.
func named(c *page.Ctx, lines string) (all []id.ID, err error) {
	for _, name := range bulletin.Lines(ident.Lines(lines)) {
		if at, err := id.Parse(name); err == nil {
			all = append(all, at)
			continue
		}
		some, err := org.ByName(c, c.DB, name)
		switch {
		case err != nil:
			return nil, err
		case len(some) == 0:
			return nil, fail.Field("single", "bulletins.single_unknown", "name", name)
		case len(some) > 1:
			return nil, fail.Field("single", "bulletins.single_ambiguous", "name", name, "ids", ids(some))
		}
		all = append(all, some[0].ID)
	}
	return all, nil
}

func ids(all []org.Org) string {
	words := make([]string, len(all))
	for n, o := range all {
		words[n] = string(o.ID)
	}
	return strings.Join(words, " ")
}

// Remind reminds those who have not read it.
func Remind(c *page.Ctx) error {
	return act(c, "bulletins.reminded", func(tx *db.Tx, s shown, _ words) error { return bulletin.Remind(c, tx, c.Actor, s.ID) })
}

// adding is what is asked about a new text.
type adding struct {
	Unit  id.ID     `form:"unit"`
	Brief string    `form:"brief" max:"500"`
	Due   time.Time `form:"due"`
	How   string    `form:"how"`
}

// Add asks a unit for a text, or has the program draft one.
func Add(c *page.Ctx) error {
	s, err := read(c)
	if err != nil {
		return err
	}
	f, err := page.Bind[adding](c)
	in := bulletin.NewArticle{Org: f.Unit, Brief: f.Brief, Due: f.Due}
	if err == nil && f.How == "draft" {
		in.Doc, err = composed(c, s.Issue, f.Unit)
	}
	var made id.ID
	if err == nil {
		made, err = c.Create(s.ID.Home(), func(tx *db.Tx) (id.ID, error) { return bulletin.Add(c, tx, c.Actor, s.ID, in) })
	}
	if err != nil {
		return c.Retry(err, issuePage(s))
	}
	if c.Flash("bulletins.added"); f.How == "draft" {
		return c.Redirect(textPath(made))
	}
	return c.Redirect(deskPath(s.ID))
}
