package audits

import (
	"bytes"
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/sheet"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
)

// perPage is how many entries one page shows.
const perPage = 50

// areas are the beginnings of actions that the filter offers.
var areas = []string{"people", "org", "campaign", "activity", "roster", "intake", "list", "config"}

// query is what the filter of the page asks for.
type query struct {
	From    string `form:"from,day"`
	To      string `form:"to,day"`
	Area    string `form:"area" max:"20"`
	Actor   string `form:"actor" max:"60"`   // an id or a volunteer number
	Subject string `form:"subject" max:"60"` // an id or a volunteer number
	After   string `form:"after" max:"20"`
}

// line is one entry as it is shown.
type line struct {
	org.Trail
	Who, Whom, Where string
	Changes          []change
}

// change is one field before and after.
type change struct{ Field, Before, After string }

type found struct {
	Lines []line
	Next  string
	In    query
	Where string // the organisation whose trail it is
}

// Search shows the trail of the auditor's organisation and below.
func Search(c *page.Ctx) error {
	in, err := page.Bind[query](c)
	if err != nil {
		return err
	}
	seat, where, err := auditedBy(c)
	if err != nil {
		return err
	}
	f, err := in.filter(c)
	if err != nil {
		return err
	}
	if c.WantsFile() {
		return give(c, seat, f)
	}
	below, _ := strconv.ParseInt(in.After, 10, 64)
	rows, err := org.SearchTrail(c, c.DB, seat, f, below, perPage+1)
	if err != nil {
		return err
	}
	out := found{In: in, Where: where}
	if len(rows) > perPage {
		rows = rows[:perPage]
		out.Next = strconv.FormatInt(rows[perPage-1].Seq, 10)
	}
	if out.Lines, err = lines(c, rows); err != nil {
		return err
	}
	return c.Render(searchPage(out))
}

// auditedBy is the organisation that the auditor answers for; of several the
// one that the URL names.
func auditedBy(c *page.Ctx) (org.Org, string, error) {
	seats, err := org.Seats(c, c.DB, c.Actor, auth.Auditor)
	if err != nil {
		return org.Org{}, "", err
	}
	if len(seats) == 0 {
		return org.Org{}, "", fail.New(fail.Forbidden, "org.out_of_reach")
	}
	i := max(0, slices.IndexFunc(seats, func(s org.Seat) bool { return string(s.Org) == c.Query("org") }))
	o, err := org.Get(c, c.DB, seats[i].Org)
	return o, o.Name, err
}

// filter turns what was asked into what is looked up.
func (in query) filter(c *page.Ctx) (org.TrailFilter, error) {
	var f org.TrailFilter
	if slices.Contains(areas, in.Area) {
		f.Action = in.Area + "."
	}
	from, err := day(in.From)
	if err != nil {
		return f, err
	}
	to, err := day(in.To)
	if err != nil {
		return f, err
	}
	if !from.IsZero() {
		f.From = db.MS(from)
	}
	if !to.IsZero() {
		f.To = db.MS(to.AddDate(0, 0, 1))
	}
	f.Actor, f.Subject = resolve(c, in.Actor), resolve(c, in.Subject)
	return f, nil
}

func day(s string) (time.Time, error) {
	if s == "" {
		return time.Time{}, nil
	}
	t, err := time.ParseInLocation(time.DateOnly, s, i18n.Zone())
	if err != nil {
		return t, fail.Field("from", "web.form.day")
	}
	return t, nil
}

// resolve takes an id as it is and a volunteer number as its person's id; what
// is neither finds nothing.
func resolve(c *page.Ctx, s string) id.ID {
	if s == "" {
		return ""
	}
	if person, err := people.ByNo(c, c.DB, s); err == nil {
		return person
	}
	if known, err := id.Parse(s); err == nil {
		return known
	}
	return "unknown"
}

// lines puts names, masked, to the ids of entries.
func lines(c *page.Ctx, rows []org.Trail) ([]line, error) {
	var persons, orgs []id.ID
	for _, r := range rows {
		persons = append(persons, r.Actor, r.Subject)
		orgs = append(orgs, r.Org, r.Subject)
	}
	names, err := people.Names(c, c.DB, c.Keys, known(persons))
	if err != nil {
		return nil, err
	}
	places, err := org.Names(c, c.DB, known(orgs))
	if err != nil {
		return nil, err
	}
	out := make([]line, len(rows))
	for i, r := range rows {
		out[i] = line{Trail: r, Who: actor(c, r.Actor, names), Whom: places[r.Subject], Where: places[r.Org], Changes: changes(r.Before, r.After)}
		if n := names[r.Subject]; n != "" {
			out[i].Whom = people.Label(n, false)
		}
	}
	return out, nil
}

func actor(c *page.Ctx, who id.ID, names map[id.ID]string) string {
	switch n := names[who]; {
	case who == auth.SystemID:
		return c.T("audits.system")
	case who == "":
		return c.T("audits.nobody")
	case n != "":
		return people.Label(n, false)
	}
	return string(who)
}

// known are the ids that name something, each once.
func known(ids []id.ID) []id.ID {
	slices.Sort(ids)
	return slices.DeleteFunc(slices.Compact(ids), func(i id.ID) bool { return i == "" || i == auth.SystemID })
}

// changes lays two JSON objects beside each other, field by field.
func changes(before, after string) []change {
	b, a := fields(before), fields(after)
	var names []string
	for n := range b {
		names = append(names, n)
	}
	for n := range a {
		if _, both := b[n]; !both {
			names = append(names, n)
		}
	}
	slices.Sort(names)
	var out []change
	for _, n := range names {
		if b[n] != a[n] {
			out = append(out, change{n, b[n], a[n]})
		}
	}
	return out
}

func fields(text string) map[string]string {
	out := map[string]string{}
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	var all map[string]json.RawMessage
	if d.Decode(&all) != nil {
		if text != "" {
			out["="] = text
		}
		return out
	}
	for n, v := range all {
		out[n] = strings.Trim(string(v), `"`)
	}
	return out
}

// options are the choices of the area filter.
func options(c func(string, ...any) string) []ui.Option {
	out := []ui.Option{{Value: "", Label: c("audits.area.all")}}
	for _, a := range areas {
		out = append(out, ui.Option{Value: a, Label: c("audits.area." + a)})
	}
	return out
}

// give answers the trail as a file, the newest first, as the page has it.
func give(c *page.Ctx, seat org.Org, f org.TrailFilter) error {
	l := page.List{Kind: "audits", Org: seat.ID, Name: c.T("audits.title") + " " + db.Day(c.Now),
		Heads: c.Words("audits.seq", "audits.at", "audits.who", "audits.via", "audits.what", "audits.whom", "audits.where", "audits.change")}
	return c.Give(l, func(put page.Put) error {
		for below := int64(0); ; {
			some, err := org.SearchTrail(c, c.DB, seat, f, below, fileAtATime)
			if err != nil || len(some) == 0 {
				return err
			}
			below = some[len(some)-1].Seq
			shown, err := lines(c, some)
			if err != nil {
				return err
			}
			for _, l := range shown {
				cells := append([]sheet.Cell{sheet.Whole(l.Seq), sheet.Text(i18n.Stamp(db.Time(l.At)))},
					sheet.Texts(l.Who, c.T("audits.via."+string(l.Via)), c.T("audit.action."+l.Action), cmp.Or(l.Whom, string(l.Subject)), l.Where, l.changed())...)
				if err := put(cells...); err != nil {
					return err
				}
			}
		}
	})
}

// fileAtATime is how many entries a file reads at a time.
const fileAtATime = 500

// changed writes what changed in one line.
func (l line) changed() string {
	var all []string
	for _, ch := range l.Changes {
		all = append(all, ch.Field+": "+strings.TrimPrefix(ch.Before+" → "+ch.After, " → "))
	}
	return strings.Join(all, "; ")
}
