package people

import (
	"strconv"
	"strings"

	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/web/page"
	"tongxin/internal/work/notice"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
	"tongxin/internal/work/roster"
)

// part is one table of what is kept about a person. Its words are the message keys own.part.KEY and
// own.col.COLUMN.
type part struct {
	Key  string
	Cols []string
	Rows [][]string
}

func (p *part) add(row ...string) { p.Rows = append(p.Rows, row) }

// everything is all that is kept about a person.
func (s subject) everything(c *page.Ctx) (all []part, err error) {
	for _, f := range []func(*page.Ctx) (part, error){s.record, s.consents, s.belongings, s.papers, s.served, s.told, s.counted,
		s.notices, s.ways, s.looks, s.sessions, s.family, s.merges, s.traces} {
		p, err := f(c)
		if err != nil {
			return nil, err
		}
		all = append(all, p)
	}
	return all, nil
}

// when spells a moment; nothing for none.
func when(ms int64) string {
	if ms == 0 {
		return ""
	}
	return i18n.Stamp(db.Time(ms))
}

func (s subject) record(c *page.Ctx) (part, error) {
	p := part{Key: "record", Cols: []string{"field", "value"}}
	sh, err := s.sheet(c)
	if err != nil {
		return p, err
	}
	p.add("no", s.No)
	p.add("name", s.FullName)
	p.add("contact", sh.Contact)
	p.add("contact_of", string(s.ContactOf))
	p.add("birth", sh.Birth)
	p.add("idno", sh.IDNo)
	p.add("sex", strconv.FormatInt(s.Sex, 10))
	p.add("place", sh.Place)
	p.add("station", sh.Station)
	p.add("category", sh.Category)
	for _, k := range sh.Skills {
		p.add("skill", k)
	}
	p.add("state", string(s.State))
	p.add("created", when(s.Created))
	return p, nil
}

func (s subject) consents(c *page.Ctx) (part, error) {
	p := part{Key: "consents", Cols: []string{"kind", "text", "channel", "at", "withdrawn"}}
	all, err := people.Consents(c, c.DB, s.ID)
	for _, k := range all {
		p.add(string(k.Kind), k.Kind.Text(c.Lang), string(k.Channel), when(k.At), when(k.Withdrawn))
	}
	return p, err
}

func (s subject) belongings(c *page.Ctx) (part, error) {
	p := part{Key: "orgs", Cols: []string{"org", "at"}}
	all, err := people.Memberships(c, c.DB, s.ID)
	for _, m := range all {
		p.add(m.Name, when(m.Since))
	}
	return p, err
}

func (s subject) papers(c *page.Ctx) (part, error) {
	p := part{Key: "certificates", Cols: []string{"kind", "number", "issued", "expires", "state", "at"}}
	all, _, err := certified(c, s.ID, true)
	for _, x := range all {
		p.add(x.Kind, x.No, x.Issued, x.Expires, string(x.State), when(x.Told))
	}
	return p, err
}

// servedAtOnce is how many turns one statement reads.
const servedAtOnce = 200

func (s subject) served(c *page.Ctx) (part, error) {
	p := part{Key: "turns", Cols: []string{"activity", "post", "starts", "ends", "place", "state", "arrived", "departed", "minutes", "grade", "unit"}}
	turns, err := roster.Coming(c, c.DB, s.ID, db.MS(c.Now))
	if err != nil {
		return p, err
	}
	for below := int64(0); ; {
		some, err := roster.Past(c, c.DB, s.ID, db.MS(c.Now), below, servedAtOnce)
		if err != nil {
			return p, err
		}
		if turns = append(turns, some...); len(some) < servedAtOnce {
			break
		}
		below = some[len(some)-1].At.Starts
	}
	var units []id.ID
	for _, t := range turns {
		units = append(units, t.Unit)
	}
	names, err := org.Names(c, c.DB, units)
	for _, t := range turns {
		p.add(t.At.Activity.Title, t.At.PostName, when(t.At.Starts), when(t.At.Ends), string(t.Place), string(t.State), when(t.Arrived), when(t.Departed),
			strconv.FormatInt(t.Minutes, 10), string(t.Grade), names[t.Unit])
	}
	return p, err
}

func (s subject) told(c *page.Ctx) (part, error) {
	p := part{Key: "told", Cols: []string{"arrived", "departed", "minutes", "reason", "state", "at"}}
	all, err := roster.ToldOf(c, c.DB, s.ID)
	for _, b := range all {
		p.add(when(b.Arrived), when(b.Departed), strconv.FormatInt(b.Minutes, 10), b.Reason, b.State, when(b.Created))
	}
	return p, err
}

func (s subject) counted(c *page.Ctx) (part, error) {
	p := part{Key: "facts", Cols: []string{"kind", "day", "quantity", "grade", "at", "reversed"}}
	for _, k := range ledger.Kinds() {
		if k.Per != ledger.PerPerson {
			continue
		}
		all, err := ledger.OfPerson(c, c.DB, k, s.ID, "", "9999")
		if err != nil {
			return p, err
		}
		for _, e := range all {
			p.add(e.Key, e.Day, strconv.FormatInt(e.Qty, 10), string(e.Grade), when(e.Posted), strconv.FormatBool(e.Reversed || e.Reverses != ""))
		}
	}
	return p, nil
}

func (s subject) notices(c *page.Ctx) (part, error) {
	p := part{Key: "notices", Cols: []string{"text", "at", "read"}}
	for after, more := "", true; more; {
		some, next, err := notice.Inbox(c, c.DB, c.Actor, s.ID, after)
		if err != nil {
			return p, err
		}
		for _, n := range some {
			p.add(n.Text(c.Lang), when(n.At), when(n.Read))
		}
		after, more = next, next != ""
	}
	return p, nil
}

// ways are how she wants to be told: where, of what by which channels, when not, in which language.
func (s subject) ways(c *page.Ctx) (part, error) {
	p := part{Key: "ways", Cols: []string{"field", "value"}}
	all, err := notice.AddressesOf(c, c.DB, c.Keys, c.Actor, s.ID)
	if err != nil {
		return p, err
	}
	for _, a := range all {
		p.add("address."+string(a.Channel), a.Shown)
	}
	w, err := notice.WishesOf(c, c.DB, c.Actor, s.ID)
	for _, t := range notice.Topics() {
		p.add("topic."+string(t), words(w.Chosen[t]))
	}
	p.add("quiet_from", clockOf(w.Quiet.Starts))
	p.add("quiet_to", clockOf(w.Quiet.Ends))
	p.add("lang", w.Lang)
	return p, err
}

func words(all []notice.Channel) string {
	var names []string
	for _, c := range all {
		names = append(names, string(c))
	}
	return strings.Join(names, " ")
}

func (s subject) looks(c *page.Ctx) (part, error) {
	p := part{Key: "looks", Cols: []string{"field", "purpose", "at"}}
	all, err := people.Looks(c, c.DB, s.ID)
	for _, l := range all {
		p.add(string(l.Field), c.T(l.Purpose.Label()), when(l.At))
	}
	return p, err
}

func (s subject) sessions(c *page.Ctx) (part, error) {
	p := part{Key: "sessions", Cols: []string{"device", "at", "seen", "until"}}
	if !s.Own {
		return p, nil
	}
	all, err := people.Sessions(c, c.DB, c.Actor, c.Now)
	for _, x := range all {
		p.add(x.Label, when(x.Created), when(x.Seen), when(x.Expires))
	}
	return p, err
}

func (s subject) family(c *page.Ctx) (part, error) {
	p := part{Key: "family", Cols: []string{"name", "part"}}
	wards, err := people.Dependants(c, c.DB, s.ID)
	if err != nil {
		return p, err
	}
	for _, w := range wards {
		name, err := w.Open(c.Keys, people.FieldName)
		if err != nil {
			return p, err
		}
		p.add(name, "ward")
	}
	if s.Guardian == "" {
		return p, nil
	}
	names, err := people.Names(c, c.DB, c.Keys, []id.ID{s.Guardian})
	p.add(people.Label(names[s.Guardian], false), "guardian")
	return p, err
}

func (s subject) merges(c *page.Ctx) (part, error) {
	p := part{Key: "merges", Cols: []string{"state", "at", "done"}}
	all, err := people.MergesOf(c, c.DB, s.ID)
	for _, m := range all {
		p.add(string(m.State), when(m.Proposed), when(m.Done))
	}
	return p, err
}

// tracesMost bounds what is shown of the audit trail.
const tracesMost = 2000

func (s subject) traces(c *page.Ctx) (part, error) {
	p := part{Key: "audit", Cols: []string{"action", "at", "via", "by_herself"}}
	all, err := people.Traces(c, c.DB, s.ID, tracesMost)
	for _, t := range all {
		p.add(t.Action, when(t.At), string(t.Via), strconv.FormatBool(t.Actor == s.ID))
	}
	return p, err
}
