package figure

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"slices"
	"strconv"
	"testing"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/work/area"
)

// brute is the ledger and the tree as plain lists, and answers by walking over all of it.
type brute struct {
	facts     []ledger.Entry
	parent    map[int64]int64
	org       map[int64]id.ID
	kind      map[id.ID]string
	successor map[id.ID]id.ID
	merged    map[id.ID]int64
	campaign  map[int64]int64 // its parent
	seals     []seal
	now       int64
}

func readBrute(t *testing.T, d *db.DB) *brute {
	t.Helper()
	b := &brute{parent: map[int64]int64{}, org: map[int64]id.ID{}, kind: map[id.ID]string{}, successor: map[id.ID]id.ID{},
		merged: map[id.ID]int64{}, campaign: map[int64]int64{}, now: db.MS(d.Now())}
	each := func(q string, scan func(r *sql.Rows) error) {
		t.Helper()
		rows, err := d.Query(context.Background(), q)
		if _, err = db.Collect(rows, err, func(r *sql.Rows) (struct{}, error) { return struct{}{}, scan(r) }); err != nil {
			t.Fatal(err)
		}
	}
	each(`SELECT f.seq, k.key, f.id, f.day, f.org, f.unit, f.area, f.campaign, f.service, f.category, f.subject, f.person, f.qty, f.grade, f.reverses, f.callup
		FROM ledger_fact f JOIN ledger_kind k ON k.id = f.kind WHERE f.seq IS NOT NULL ORDER BY f.seq`, func(r *sql.Rows) error {
		var e ledger.Entry
		err := r.Scan(&e.Seq, &e.Key, &e.ID, &e.Day, &e.Org, &e.Unit, &e.Area, &e.Campaign, &e.Service, &e.Category, &e.Subject, &e.Person, &e.Qty, &e.Grade, &e.Reverses, &e.Callup)
		b.facts = append(b.facts, e)
		return err
	})
	each("SELECT id, org, parent, kind FROM org_position", func(r *sql.Rows) error {
		var at, up int64
		var o id.ID
		var kind string
		err := r.Scan(&at, &o, &up, &kind)
		b.parent[at], b.org[at], b.kind[o] = up, o, kind
		return err
	})
	each("SELECT id, successor, merged FROM org_org WHERE merged > 0", func(r *sql.Rows) error {
		var o, s id.ID
		var at int64
		err := r.Scan(&o, &s, &at)
		b.successor[o], b.merged[o] = s, at
		return err
	})
	each("SELECT id, parent FROM campaign_campaign", func(r *sql.Rows) error {
		var n, up int64
		err := r.Scan(&n, &up)
		b.campaign[n] = up
		return err
	})
	each("SELECT last, at FROM ledger_seal ORDER BY first", func(r *sql.Rows) error {
		var s seal
		err := r.Scan(&s.last, &s.at)
		b.seals = append(b.seals, s)
		return err
	})
	return b
}

// asOf answers the number and the moment that a query stands at.
func (b *brute) asOf(at AsOf) (seq, moment int64) {
	last := b.seals[len(b.seals)-1]
	now := max(b.now, last.at)
	switch {
	case at.Seq > 0:
		for _, s := range b.seals {
			if s.last >= at.Seq {
				return at.Seq, s.at
			}
		}
	case !at.Time.IsZero() && db.MS(at.Time) < now:
		for _, s := range b.seals {
			if s.at <= db.MS(at.Time) {
				seq = s.last
			}
		}
		return seq, db.MS(at.Time)
	}
	return last.last, now
}

// isNow says whether an organisation is another or has been merged into it by then.
func (b *brute) isNow(o, of id.ID, moment int64) bool {
	for range len(b.merged) + 1 {
		if o == of {
			return true
		}
		if at := b.merged[o]; at == 0 || at > moment {
			return false
		}
		o = b.successor[o]
	}
	return false
}

// heir is what an organisation has become by then.
func (b *brute) heir(o id.ID, moment int64) id.ID {
	for range len(b.merged) + 1 {
		if at := b.merged[o]; at == 0 || at > moment {
			break
		}
		o = b.successor[o]
	}
	return o
}

// within says whether a position lies at or below an organisation's places.
func (b *brute) within(position int64, of id.ID, moment int64) bool {
	for ; position != 0; position = b.parent[position] {
		if b.isNow(b.org[position], of, moment) {
			return true
		}
	}
	return false
}

// child is the part into which a position falls below an organisation.
func (b *brute) child(position int64, of id.ID, moment int64) id.ID {
	own := func(p int64) bool {
		if of == "" {
			return p == 0
		}
		return p != 0 && b.isNow(b.org[p], of, moment)
	}
	if own(position) {
		return of
	}
	for !own(b.parent[position]) {
		position = b.parent[position]
	}
	part := b.org[position]
	heir := b.heir(part, moment)
	for p, up := range b.parent { // does the heir stand there too?
		if b.org[p] == heir && own(up) {
			return heir
		}
	}
	return part
}

func (b *brute) living(i *ledger.Indicator, q Query, seq, moment int64) (out []ledger.Entry) {
	gone := map[id.ID]bool{}
	for _, f := range b.facts {
		if f.Seq <= seq && f.Reverses != "" {
			gone[f.Reverses] = true
		}
	}
	lives := func(f ledger.Entry) bool { return f.Seq <= seq && f.Reverses == "" && !gone[f.ID] }
	for _, f := range b.facts {
		if lives(f) && b.counts(i, q, f, moment) && (i.Duty == "" || (i.Duty == ledger.Done) == (b.doneAt(f, lives, moment) > 0)) {
			out = append(out, f)
		}
	}
	return out
}

// doneAt is the number of the first living fact by which what fell due was done, 0: none.
func (b *brute) doneAt(due ledger.Entry, lives func(ledger.Entry) bool, moment int64) int64 {
	last, _ := time.Parse(time.DateOnly, due.Day)
	from := last.AddDate(0, 0, 1-int(due.Qty)).Format(time.DateOnly)
	who := b.heir(b.org[due.Org], moment)
	for _, f := range b.facts {
		switch {
		case !lives(f):
		case f.Key == "report.nil" && f.Subject == due.Subject:
			return f.Seq
		case slices.Contains([]string{"report.nil", "report.due", "org.registered", "people.registered"}, f.Key) || f.Day < from || f.Day > due.Day:
		case b.heir(b.org[f.Org], moment) == who || b.heir(b.org[f.Unit], moment) == who:
			return f.Seq
		}
	}
	return 0
}

func (b *brute) counts(i *ledger.Indicator, q Query, f ledger.Entry, moment int64) bool {
	ok := slices.ContainsFunc(i.Kinds, func(k *ledger.Kind) bool { return k.Key == f.Key })
	ok = ok && (len(i.Grades) == 0 || slices.Contains(i.Grades, f.Grade))
	ok = ok && (len(i.UnitKinds) == 0 || slices.Contains(i.UnitKinds, b.kind[b.org[f.Unit]]))
	ok = ok && (q.From == "" || f.Day >= q.From) && (q.To == "" || f.Day <= q.To)
	ok = ok && (q.Org == "" || b.within(f.Org, q.Org, moment)) && (q.Unit == "" || b.within(f.Unit, q.Unit, moment))
	ok = ok && (q.Area == 0 || q.Area.Contains(area.Code(f.Area)))
	ok = ok && (q.Service == 0 || q.Service == f.Service) && (q.Category == 0 || q.Category == f.Category)
	ok = ok && (q.Person == "" || q.Person == f.Person)
	ok = ok && (q.Callup == "" || q.Callup == f.Callup) && (!i.Called || f.Callup != "")
	if q.Campaign != 0 {
		at := f.Campaign
		for at != 0 && at != q.Campaign {
			at = b.campaign[at]
		}
		ok = ok && at == q.Campaign
	}
	return ok
}

func (b *brute) key(q Query, f ledger.Entry, moment int64) string {
	switch q.By {
	case ByOrg:
		return string(b.child(f.Org, q.Org, moment))
	case ByUnit:
		return string(b.org[f.Unit])
	case ByArea:
		above := q.Area
		if above == 0 && q.Org != "" {
			home, _ := strconv.ParseInt(q.Org.Home(), 10, 64)
			above = area.Code(home * 1e6)
		}
		at := area.Code(f.Area)
		for at.Level() > above.Level()+1 {
			at = at.Parent()
		}
		return at.String()
	case ByWeek:
		day, _ := time.Parse(time.DateOnly, f.Day)
		for day.Weekday() != time.Monday {
			day = day.AddDate(0, 0, -1)
		}
		return day.Format(time.DateOnly)
	case ByDay:
		return f.Day
	case ByCategory:
		return strconv.FormatInt(f.Category, 10)
	}
	return strconv.FormatInt(f.Service, 10)
}

// things are what an indicator counts in facts, with how many facts stand behind each.
func (b *brute) things(i *ledger.Indicator, facts []ledger.Entry) map[id.ID]int64 {
	set := map[id.ID]int64{}
	for _, f := range facts {
		switch i.Measure {
		case ledger.Persons:
			set[f.Person]++
		case ledger.Subjects:
			set[f.Subject]++
		case ledger.Orgs:
			set[b.org[f.Unit]]++
		default:
			set[f.ID]++
		}
	}
	delete(set, "")
	return set
}

func (b *brute) value(i *ledger.Indicator, facts []ledger.Entry) (n int64) {
	switch i.Measure {
	case ledger.Sum:
		for _, f := range facts {
			n += f.Qty
		}
		return n
	case ledger.Facts:
		return int64(len(facts))
	}
	return int64(len(b.things(i, facts)))
}

// answer is the figure, its parts by key, and how many entries it opens to.
func (b *brute) answer(q Query) Answer {
	i := ledger.IndicatorOf(q.Indicator)
	if i.Measure == ledger.Ratio {
		over, under := q, q
		over.Indicator, under.Indicator = i.Over.Key, i.Under.Key
		return b.ratio(i, b.answer(over), b.answer(under))
	}
	seq, moment := b.asOf(q.AsOf)
	facts := b.living(i, q, seq, moment)
	a := Answer{Value: b.value(i, facts), Seq: seq, Time: db.Time(moment), Entries: int64(len(b.things(i, facts)))}
	if q.By == Whole {
		return a
	}
	parts := map[string][]ledger.Entry{}
	for _, f := range facts {
		k := b.key(q, f, moment)
		parts[k] = append(parts[k], f)
	}
	for k, some := range parts {
		a.Splits = append(a.Splits, Split{Key: k, Value: b.value(i, some)})
		a.Overlap += a.Splits[len(a.Splits)-1].Value
	}
	a.Overlap -= a.Value
	return a
}

func (b *brute) ratio(i *ledger.Indicator, over, under Answer) Answer {
	share := func(a, b int64) int64 {
		if b == 0 {
			return 0
		}
		return a * i.Scale / b
	}
	a := Answer{Value: share(over.Value, under.Value), Seq: over.Seq, Time: over.Time, Entries: over.Entries + under.Entries}
	tops := map[string]int64{}
	for _, s := range over.Splits {
		tops[s.Key] = s.Value
	}
	for _, s := range under.Splits {
		a.Splits = append(a.Splits, Split{Key: s.Key, Value: share(tops[s.Key], s.Value)})
		delete(tops, s.Key)
	}
	for k := range tops {
		a.Splits = append(a.Splits, Split{Key: k})
	}
	return a
}

// told writes an answer down without what depends on the database's texts.
func told(a Answer) string {
	splits := slices.Clone(a.Splits)
	slices.SortFunc(splits, func(a, b Split) int { return cmp.Compare(a.Key, b.Key) })
	s := fmt.Sprintf("%d of %d, overlap %d, as of %d %d:", a.Value, a.Entries, a.Overlap, a.Seq, a.Time.UnixMilli())
	for _, p := range splits {
		s += fmt.Sprintf(" %s=%d", p.Key, p.Value)
	}
	return s
}
