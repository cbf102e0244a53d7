package experiences

import (
	"slices"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/prose"
	"tongxin/internal/ledger"
	"tongxin/internal/report/experience"
	"tongxin/internal/report/figure"
	"tongxin/internal/web/editor"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
)

// sheet is an experience at the desk.
type sheet struct {
	experience.Experience
	OrgName, DeskName, AuthorName string
	Measure                       string // by what its effect is seen
	Body                          string // rendered
	Loose                         []prose.Loose
	Wrong                         []figure.Wrong
	Was                           []revision
	Since                         []prose.Change // since it was submitted before, or since one that was asked for
	SinceAt                       int64          // when that one was written
	Said                          []said
	Adopters                      []adopter
	Press                         []experience.Noted
	Adopts                        []ui.Option // the reader's organisations that may still adopt it
	Writes, Decides, Comments     bool
	Rises                         bool  // the reader may recommend it to the tier above
	Against                       error // why the reader may not decide although it lies on her desk
}

// said is what a tier said.
type said struct {
	experience.Said
	Who, OrgName string
}

// adopter is a unit that does likewise, with what came of it.
type adopter struct {
	experience.Adopter
	experience.Effect
	Followed bool   // days have passed since
	Opens    bool   // the reader may open the figure
	Unit     string // of the indicator
}

// Show is one at the desk: how it reads, where it stands, what can be done.
func Show(c *page.Ctx) error {
	s, err := sheetOf(c)
	if err != nil {
		return err
	}
	return c.Render(sheetPage(s))
}

// opened reads one for staff who may see it.
func opened(c *page.Ctx) (e experience.Experience, err error) {
	at, err := id.Parse(c.Path("experience"))
	if err != nil {
		return e, err
	}
	return experience.Seen(c, c.DB, c.Actor, at)
}

func sheetOf(c *page.Ctx) (s sheet, err error) {
	if s.Experience, err = opened(c); err != nil {
		return s, err
	}
	for _, step := range []func(*page.Ctx) error{s.readText, s.readRights, s.readNames, s.readSaid, s.readWas, s.readAdopters} {
		if err := step(c); err != nil {
			return s, err
		}
	}
	return s, nil
}

func (s *sheet) readText(c *page.Ctx) error {
	doc, err := s.Document()
	if err != nil {
		return err
	}
	s.Body = doc.HTML(prose.Page{Lang: c.Lang, NoTitle: true, Picture: func(p string) string { return "/pictures/" + p },
		Say: figure.Speaker(c.Lang, func(f prose.Figure) string { return editor.Href(f, true) })})
	if s.State == experience.Chosen {
		return nil
	}
	s.Loose = doc.Unbound()
	f, err := experience.Freeze(c, c.DB, c.Figures, s.ID)
	if err != nil && fail.KindOf(err) == fail.Internal {
		return err
	}
	s.Wrong = f.Wrong
	return nil
}

func (s *sheet) readRights(c *page.Ctx) (err error) {
	if s.Writes, err = org.Reaches(c, c.DB, c.Actor, s.Org, experience.Writing...); err != nil {
		return err
	}
	s.Decides, s.Against = experience.MayDecide(c, c.DB, c.Actor, s.Experience)
	if fail.KindOf(s.Against) == fail.Internal {
		return s.Against
	}
	if s.Open() {
		return nil
	}
	if s.Comments, err = org.Reaches(c, c.DB, c.Actor, s.Org, experience.Choosing...); err != nil {
		return err
	}
	if s.State == experience.Chosen && s.Decides && s.Against == nil {
		above, err := org.Above(c, c.DB, s.Desk)
		s.Rises = above != ""
		return err
	}
	return nil
}

func (s *sheet) readNames(c *page.Ctx) error {
	orgs, err := org.Names(c, c.DB, []id.ID{s.Org, s.Desk})
	if err != nil {
		return err
	}
	who, err := people.Names(c, c.DB, c.Keys, []id.ID{s.Author})
	if err != nil {
		return err
	}
	s.OrgName, s.DeskName, s.AuthorName = orgs[s.Org], orgs[s.Desk], who[s.Author]
	if i := ledger.IndicatorOf(s.Indicator); i != nil {
		s.Measure = figure.Name(c.Lang, i)
	}
	if s.Service == 0 || s.Measure == "" {
		return nil
	}
	all, err := activity.Services(c, c.DB)
	if n := slices.IndexFunc(all, func(k activity.Service) bool { return k.ID == s.Service }); n >= 0 {
		s.Measure = c.T("experiences.measure_of", "name", s.Measure, "service", all[n].Name)
	}
	return err
}

func (s *sheet) readSaid(c *page.Ctx) error {
	all, err := experience.Comments(c, c.DB, s.ID)
	if err != nil {
		return err
	}
	var who, at []id.ID
	for _, one := range all {
		who, at = append(who, one.Author), append(at, one.Org)
	}
	names, err := people.Names(c, c.DB, c.Keys, who)
	if err != nil {
		return err
	}
	orgs, err := org.Names(c, c.DB, at)
	for _, one := range all {
		s.Said = append(s.Said, said{one, names[one.Author], orgs[one.Org]})
	}
	return err
}

// revision is what it was, with the name of who wrote it.
type revision struct {
	experience.Revision
	Who string
}

// readWas lists what it was, and compares what it is with one that was asked for; what lies
// above, with what was submitted the time before.
func (s *sheet) readWas(c *page.Ctx) error {
	if ours, err := org.Reaches(c, c.DB, c.Actor, s.Org); err != nil || !ours {
		return err // what was not chosen is between the unit and those above it
	}
	all, err := experience.Revisions(c, c.DB, s.ID)
	if err != nil {
		return err
	}
	var who []id.ID
	for _, v := range all {
		who = append(who, v.By)
	}
	names, err := people.Names(c, c.DB, c.Keys, who)
	if err != nil {
		return err
	}
	asked, submitted := c.Query("was"), 0
	var before *experience.Revision
	for _, v := range all {
		s.Was = append(s.Was, revision{v, names[v.By]})
		if v.Submitted {
			submitted++
		}
		if number(v.N) == asked || asked == "" && s.State == experience.Submitted && v.Submitted && submitted == 2 {
			before = &v
		}
	}
	return s.compare(c, before)
}

func (s *sheet) compare(c *page.Ctx, before *experience.Revision) error {
	if before == nil {
		return nil
	}
	was, err := before.Document()
	if err != nil {
		return err
	}
	now, err := s.Document()
	s.Since, s.SinceAt = prose.Compare(c.Lang, was, now, editor.Plainly(c.Lang)), before.At
	return err
}

func (s *sheet) readAdopters(c *page.Ctx) error {
	if s.State != experience.Chosen {
		return nil
	}
	all, err := experience.Adoptions(c, c.DB, s.ID, listed)
	if err != nil {
		return err
	}
	has := map[string]bool{string(s.Org): true}
	for _, one := range all {
		a := adopter{Adopter: one}
		if a.Effect, a.Followed, err = experience.EffectOf(c, c.Figures, s.Experience, one.Adoption, c.Now); err != nil && fail.Key(err) != "figure.loading" {
			return err
		}
		if i := ledger.IndicatorOf(s.Indicator); i != nil {
			a.Unit = i.Unit
		}
		if a.Opens, err = org.Reaches(c, c.DB, c.Actor, one.Org); err != nil {
			return err
		}
		has[string(one.Org)] = true
		s.Adopters = append(s.Adopters, a)
	}
	if s.Press, err = experience.MentionsOf(c, c.DB, s.ID, listed); err != nil {
		return err
	}
	mine, err := from(c, experience.Adopting...)
	s.Adopts = slices.DeleteFunc(mine, func(o ui.Option) bool { return has[o.Value] })
	return err
}

// actIn is what is typed beside a button.
type actIn struct {
	Text   string `form:"text" max:"500"`
	Reason string `form:"reason" max:"500"`
	Note   string `form:"note" max:"500"`
	Org    id.ID  `form:"org"`
}

// did is what may be done with one.
var did = map[string]func(c *page.Ctx, s sheet, in actIn) error{
	"submit": func(c *page.Ctx, s sheet, _ actIn) error {
		return frozen(c, s, func(tx *db.Tx, f experience.Frozen) error { return experience.Submit(c, tx, c.Actor, s.ID, f) })
	},
	"choose": func(c *page.Ctx, s sheet, _ actIn) error {
		return frozen(c, s, func(tx *db.Tx, f experience.Frozen) error { return experience.Choose(c, tx, c.Actor, s.ID, f) })
	},
	"return": func(c *page.Ctx, s sheet, in actIn) error {
		return c.Write(s.ID.Home(), func(tx *db.Tx) error { return experience.Return(c, tx, c.Actor, s.ID, in.Reason) })
	},
	"recommend": func(c *page.Ctx, s sheet, _ actIn) error {
		return c.Write(s.ID.Home(), func(tx *db.Tx) error { return experience.Recommend(c, tx, c.Actor, s.ID) })
	},
	"comment": func(c *page.Ctx, s sheet, in actIn) error {
		return c.Write(s.ID.Home(), func(tx *db.Tx) error { return experience.Comment(c, tx, c.Actor, s.ID, in.Text) })
	},
	"adopt": func(c *page.Ctx, s sheet, in actIn) error {
		if in.Org == "" {
			return fail.Field("org", "web.form.choose")
		}
		return c.Write(in.Org.Home(), func(tx *db.Tx) error { return experience.Adopt(c, tx, c.Actor, s.ID, in.Org, in.Note) })
	},
}

// Act does one thing with an experience.
func Act(c *page.Ctx) error {
	s, err := sheetOf(c)
	if err != nil {
		return err
	}
	do := did[c.Path("did")]
	if do == nil {
		return fail.New(fail.NotFound, "web.no_such_page")
	}
	in, err := page.Bind[actIn](c)
	if err == nil {
		err = do(c, s, in)
	}
	if fail.KindOf(err) == fail.Conflict { // it stands elsewhere by now, where there is no such form
		c.FlashWarn(fail.Key(err), fail.Args(err)...)
		return c.Redirect(deskPath(s.ID))
	}
	if err != nil {
		return c.Retry(err, sheetPage(s))
	}
	c.Flash("experiences.did." + c.Path("did"))
	return c.Redirect(deskPath(s.ID))
}

// frozen answers the figures of the text, and runs a command with them.
func frozen(c *page.Ctx, s sheet, do func(tx *db.Tx, f experience.Frozen) error) error {
	f, err := experience.Freeze(c, c.DB, c.Figures, s.ID)
	if err != nil {
		return err
	}
	return c.Write(s.ID.Home(), func(tx *db.Tx) error { return do(tx, f) })
}

// ToSheet leads somebody who reloads the page after an act back to the text.
func ToSheet(c *page.Ctx) error {
	at, err := id.Parse(c.Path("experience"))
	if err != nil {
		return err
	}
	return c.Redirect(deskPath(at))
}

func deskPath(e id.ID) string { return "/desk/experiences/" + string(e) }

func stamp(lang string, ms int64) string { return i18n.DayTime(lang, db.Time(ms)) }
