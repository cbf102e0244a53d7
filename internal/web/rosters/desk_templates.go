package rosters

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

// mostTemplates is how many templates below a seat the list shows.
const mostTemplates = 200

// templateRow is a template as a line of the list.
type templateRow struct {
	roster.Template
	Org string
}

// Templates answers GET /desk/templates: those the visitor may make shifts by, and those below.
func Templates(c *page.Ctx) error {
	at, err := seats(c, deskRoles...)
	if err != nil {
		return err
	}
	var all []roster.Template
	for _, o := range at {
		above, err := roster.TemplatesFor(c, c.DB, o)
		if err != nil {
			return err
		}
		below, err := roster.TemplatesBelow(c, c.DB, o, mostTemplates)
		if err != nil {
			return err
		}
		all = append(append(all, above...), below...)
	}
	rows, err := templateRows(c, all)
	if err != nil {
		return err
	}
	return c.Render(templatesPage(rows))
}

// templateRows names whose the templates are: each once, those in use first, by name.
func templateRows(c *page.Ctx, all []roster.Template) ([]templateRow, error) {
	slices.SortFunc(all, func(a, b roster.Template) int {
		if a.Retired != b.Retired {
			return map[bool]int{true: 1, false: -1}[a.Retired]
		}
		return cmp.Or(strings.Compare(a.Name, b.Name), strings.Compare(string(a.ID), string(b.ID)))
	})
	all = slices.CompactFunc(all, func(a, b roster.Template) bool { return a.ID == b.ID })
	orgs := make([]id.ID, len(all))
	for i, t := range all {
		orgs[i] = t.Org
	}
	names, err := org.Names(c, c.DB, orgs)
	rows := make([]templateRow, len(all))
	for i, t := range all {
		rows[i] = templateRow{t, names[t.Org]}
	}
	return rows, err
}

// template is the page of one template.
type template struct {
	templateRow
	Service string
	Author  string
	Papers  map[int64]string // the names of certificates
	Edits   bool
	Orgs    []ui.Option // for whom an activity can be made by it
	Day     string      // from which day, unless another is chosen
}

// atTemplate is the address of a template.
type atTemplate struct {
	Template id.ID `path:"template"`
}

// Template answers GET /desk/templates/{template}.
func Template(c *page.Ctx) error {
	in, err := page.Bind[atTemplate](c)
	if err != nil {
		return err
	}
	t, err := templateOf(c, in.Template)
	if err != nil {
		return err
	}
	return c.Render(templatePage(t))
}

// templateOf reads a template for whoever may change it or make shifts by it.
func templateOf(c *page.Ctx, of id.ID) (t template, err error) {
	if t.Template, err = roster.TemplateOf(c, c.DB, of); err != nil {
		return t, err
	}
	if t.Edits, err = org.Reaches(c, c.DB, c.Actor, t.Template.Org, deskRoles...); err != nil {
		return t, err
	}
	if err = t.orgs(c); err != nil {
		return t, err
	}
	if !t.Edits && len(t.Orgs) == 0 {
		return t, fail.New(fail.Forbidden, "org.out_of_reach")
	}
	rows, err := templateRows(c, []roster.Template{t.Template})
	if err != nil {
		return t, err
	}
	t.templateRow = rows[0]
	service, err := activity.ServiceOf(c, c.DB, t.Template.Service)
	if err != nil {
		return t, err
	}
	names, err := people.Names(c, c.DB, c.Keys, []id.ID{t.Template.Author})
	if err != nil {
		return t, err
	}
	t.Service, t.Author, t.Day = service.Name, names[t.Template.Author], i18n.Midnight(c.Now).AddDate(0, 0, 7).Format(time.DateOnly)
	t.Papers, err = people.CertificateNames(c, c.DB)
	return t, err
}

// editable reads a template for whoever may change it.
func editable(c *page.Ctx, of id.ID) (template, error) {
	t, err := templateOf(c, of)
	if err == nil && !t.Edits {
		err = fail.New(fail.Forbidden, "org.out_of_reach")
	}
	return t, err
}

// orgs are the visitor's organisations, and those right below them, that may use the template.
func (t *template) orgs(c *page.Ctx) error {
	at, err := seats(c, deskRoles...)
	if err != nil {
		return err
	}
	all, err := orgChoices(c, at)
	for _, o := range all {
		if o.Value == "" {
			continue
		}
		under, err := org.Under(c, c.DB, t.Template.Org, id.ID(o.Value))
		if err != nil {
			return err
		}
		if under {
			t.Orgs = append(t.Orgs, o)
		}
	}
	return err
}

// rewriting is a template as its form says; the shifts are read by hand.
type rewriting struct {
	atTemplate
	Rev  int64  `form:"rev"`
	Name string `form:"name"`
	Note string `form:"note"`
}

// EditTemplate answers POST /desk/templates/{template}.
func EditTemplate(c *page.Ctx) error {
	in, err := page.Bind[rewriting](c)
	if fail.KindOf(err) == fail.NotFound {
		return err
	}
	t, broken := editable(c, in.Template)
	if broken != nil {
		return broken
	}
	slots, wrong := slotsOf(c, t.Slots)
	if err = fail.Join(err, wrong); err == nil {
		err = c.Write(in.Template.Home(), func(tx *db.Tx) error {
			return roster.EditTemplate(c, tx, c.Actor, in.Template, in.Rev, roster.Content{Name: in.Name, Note: in.Note, Posts: t.Posts, Slots: slots})
		})
	}
	if err != nil {
		return c.Retry(err, templatePage(t))
	}
	c.Flash("rosters.template.saved")
	return c.Redirect(templatePath(in.Template))
}

// slotField is the name of a field of the form's n-th shift.
func slotField(name string, n int) string { return fmt.Sprintf("%s_%d", name, n) }

// slotsOf reads the shifts of a template's form, one more than there were: a line without a
// beginning is none.
func slotsOf(c *page.Ctx, were []roster.Slot) (slots []roster.Slot, err error) {
	var errs []error
	for n := 1; n <= len(were)+1; n++ {
		f := slotForm{c, n, nil}
		if f.said("begins") == "" || f.said("drop") != "" {
			continue
		}
		slot := f.slot()
		if same := n <= len(were) && were[n-1].Begins == slot.Begins && were[n-1].Lasts == slot.Lasts; !same && slot.overnight() && slot.lasts() > longestNight {
			f.wrong("ends", "roster.ends_before_start")
		}
		slots, errs = append(slots, slot.Slot), append(errs, f.errs...)
	}
	return slots, fail.Join(errs...)
}

// slotForm is the n-th line of a template's form.
type slotForm struct {
	c    *page.Ctx
	n    int
	errs []error
}

func (f *slotForm) said(name string) string {
	return ident.Fold(f.c.R.PostForm.Get(slotField(name, f.n)))
}

func (f *slotForm) wrong(name, key string) {
	f.errs = append(f.errs, fail.Field(slotField(name, f.n), key))
}

func (f *slotForm) number(name string, empty int64) int64 {
	if f.said(name) == "" {
		return empty
	}
	v, err := strconv.ParseInt(f.said(name), 10, 32)
	if err != nil {
		f.wrong(name, "web.form.number")
	}
	return v
}

// minute is a time of day, in minutes after midnight.
func (f *slotForm) minute(name string) int64 {
	t, err := time.Parse("15:04", f.said(name))
	if err != nil {
		f.wrong(name, "web.form.clock")
	}
	return int64(t.Hour()*60 + t.Minute())
}

// slot is what the line says. An end that is not after the beginning is on the next day.
func (f *slotForm) slot() typedSlot {
	s := typedSlot{roster.Slot{Post: int(f.number("post", -1)), Day: f.number("day", 1) - 1, Begins: f.minute("begins"),
		Places: f.number("places", 0), StandbyPlaces: f.number("standbys", 0)}}
	if s.Lasts = f.minute("ends") - s.Begins; s.Lasts <= 0 {
		s.Lasts += day
	}
	return s
}

// day is a day in minutes.
const day = 24 * 60

// typedSlot is a shift of a template as it is typed and shown.
type typedSlot struct{ roster.Slot }

func (s typedSlot) overnight() bool      { return s.Begins+s.Lasts >= day }
func (s typedSlot) lasts() time.Duration { return time.Duration(s.Lasts) * time.Minute }
func (s typedSlot) ends() int64          { return (s.Begins + s.Lasts) % day }

// retiring takes a template out of use, or brings it back.
type retiring struct {
	atTemplate
	Retired bool `form:"retired"`
}

// RetireTemplate answers POST /desk/templates/{template}/retire.
func RetireTemplate(c *page.Ctx) error {
	in, err := page.Bind[retiring](c)
	if fail.KindOf(err) == fail.NotFound {
		return err
	}
	t, broken := editable(c, in.Template)
	if broken != nil {
		return broken
	}
	if err == nil {
		err = c.Write(in.Template.Home(), func(tx *db.Tx) error {
			return roster.RetireTemplate(c, tx, c.Actor, in.Template, in.Retired)
		})
	}
	if err != nil {
		return c.Retry(err, templatePage(t))
	}
	c.Flash(map[bool]string{true: "rosters.template.retired", false: "rosters.template.reopened"}[in.Retired])
	return c.Redirect(templatePath(in.Template))
}

// drafting begins an activity by a template.
type drafting struct {
	atTemplate
	Org   id.ID  `form:"org"`
	Title string `form:"title"`
	Start string `form:"start_day,day"`
}

// DraftByTemplate answers POST /desk/templates/{template}/activities.
func DraftByTemplate(c *page.Ctx) error {
	in, err := page.Bind[drafting](c)
	if fail.KindOf(err) == fail.NotFound {
		return err
	}
	t, broken := templateOf(c, in.Template)
	if broken != nil {
		return broken
	}
	if in.Org == "" {
		err = fail.Join(err, fail.Field("org", "web.form.choose"))
	}
	var made id.ID
	if err == nil {
		made, err = c.Create(in.Org.Home(), func(tx *db.Tx) (id.ID, error) {
			return roster.DraftFromTemplate(c, tx, c.Actor, in.Template, in.Org, activity.Edit{Title: in.Title}, in.Start)
		})
	}
	if err != nil {
		return c.Retry(err, templatePage(t))
	}
	c.Flash("rosters.template.drafted")
	return c.Redirect("/desk/activities/" + string(made))
}

// ToTemplate answers a GET of what is only posted to.
func ToTemplate(c *page.Ctx) error {
	in, err := page.Bind[atTemplate](c)
	if err != nil {
		return err
	}
	return c.Redirect(templatePath(in.Template))
}

func templatePath(t id.ID) string { return "/desk/templates/" + string(t) }

// keeping says what of an activity's plan is kept as a template.
type keeping struct {
	Activity id.ID  `path:"activity"`
	Org      id.ID  `form:"template_org"`
	Name     string `form:"name"`
	Note     string `form:"note"`
	Week     string `form:"week,day"`
	Replace  bool   `form:"replace"`
}

// SaveTemplate answers POST /desk/activities/{activity}/templates.
func SaveTemplate(c *page.Ctx) error {
	in, err := page.Bind[keeping](c)
	var kept roster.Template
	if err == nil {
		err = c.Write(in.Activity.Home(), func(tx *db.Tx) (err error) {
			kept, err = roster.SaveTemplate(c, tx, c.Actor, roster.Saving{Activity: in.Activity, Org: in.Org, Name: in.Name, Note: in.Note, Week: in.Week, Replace: in.Replace})
			return err
		})
	}
	return onPlan(c, slotsAsWeek(err), in.Activity, func() { c.Flash("rosters.template.kept", "name", kept.Name, "n", len(kept.Slots)) })
}

// slotsAsWeek ties what is wrong with the shifts that would be kept to the field that chooses them.
func slotsAsWeek(err error) error {
	var out []error
	for _, p := range fail.Fields(err) {
		out = append(out, fail.Field(map[bool]string{true: "week", false: p.Field}[p.Field == "slots"], p.Key, p.Args...))
	}
	if len(out) == 0 {
		return err
	}
	return fail.Join(out...)
}

// applying makes the shifts of a template in an activity.
type applying struct {
	Activity id.ID  `path:"activity"`
	Template id.ID  `form:"template"`
	Start    string `form:"start_day,day"`
}

// ApplyTemplate answers POST /desk/activities/{activity}/apply-template.
func ApplyTemplate(c *page.Ctx) error {
	in, err := page.Bind[applying](c)
	if err == nil && in.Template == "" {
		err = fail.Field("template", "web.form.choose")
	}
	var made roster.Made
	if err == nil {
		err = c.Write(in.Activity.Home(), func(tx *db.Tx) (err error) {
			made, err = roster.ApplyTemplate(c, tx, c.Actor, in.Template, in.Activity, in.Start)
			return err
		})
	}
	return onPlan(c, err, in.Activity, func() { c.Flash("rosters.plan.added", "n", made.Shifts) })
}

// templates fills in what the plan offers of templates, for who may keep and use them.
func (p *plan) templates(c *page.Ctx) (err error) {
	if p.Keeps, err = org.Reaches(c, c.DB, c.Actor, p.Activity.Org, deskRoles...); err != nil || !p.Keeps {
		return err
	}
	if p.Templates, err = roster.TemplatesFor(c, c.DB, p.Activity.Org); err != nil {
		return err
	}
	path, err := org.Path(c, c.DB, p.Activity.Org)
	for _, step := range slices.Backward(path) {
		ok, err := org.Reaches(c, c.DB, c.Actor, step.ID, deskRoles...)
		if err != nil {
			return err
		}
		if ok {
			p.Owners = append(p.Owners, ui.Option{Value: string(step.ID), Label: step.Name})
		}
	}
	return err
}
