package figure

import (
	"slices"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/work/area"
)

// plan is a query in the model's own numbers: which rows of which blocks count.
type plan struct {
	seq    uint32
	latest bool // seq is where the model stands
	moment int64
	merges int // that stood at the moment

	blocks    []*block
	from, to  int32  // days
	spans     []span // nil: everywhere
	units     []bool // by rank; nil: any
	areas     []bool // by number; nil: any
	campaigns map[uint32]bool
	service   uint16 // 0: any
	category  uint16
	grades    uint8 // one bit each; 0: any
	person    uint32
	subject   uint32
	callup    uint32
	called    bool // only what some call-up brought
	duty      ledger.Duty
	acts      *acts // by which it is known what was done; nil: no duty is asked for
	enough    int   // rows that are worth to keep what they add up to
	empty     bool  // it names what no fact knows
}

// plan prepares a query over one indicator that counts facts. The caller holds the lock.
func (e *Engine) plan(q Query, i *ledger.Indicator) (*plan, error) {
	p := &plan{service: uint16(q.Service), category: uint16(q.Category), enough: e.enough}
	p.empty = int64(p.service) != q.Service || int64(p.category) != q.Category
	var err error
	if p.from, p.to, err = q.days(); err != nil {
		return nil, err
	}
	if err := e.asOf(p, q.AsOf); err != nil {
		return nil, err
	}
	if q.Org != "" {
		if p.spans, err = e.scopeOf(q.Org, p, "org"); err != nil {
			return nil, err
		}
	}
	if p.units, err = e.unitsOf(q, i, p); err != nil {
		return nil, err
	}
	if q.Area != 0 {
		p.areas = e.m.areasIn(q.Area)
	}
	if q.Campaign != 0 {
		if p.campaigns = e.m.campaignsUnder(q.Campaign); p.campaigns == nil {
			return nil, fail.Field("campaign", "figure.campaign_unknown")
		}
	}
	p.called = i.Called
	for _, g := range i.Grades {
		p.grades |= 1 << gradeNumber(string(g))
	}
	e.one(p, q)
	for _, k := range i.Kinds {
		for _, b := range e.m.kinds[k.Key] {
			if first := firstOf(b.month); first <= p.to && firstOf(b.month+1) > p.from {
				p.blocks = append(p.blocks, b)
			}
		}
	}
	if p.duty = i.Duty; p.duty != "" {
		p.acts = e.actsFor(p)
	}
	return p, nil
}

// one keeps a plan to the facts of one person, subject or call-up.
func (e *Engine) one(p *plan, q Query) {
	known := true
	if q.Person != "" {
		p.person, known = e.m.persons.known(q.Person)
		p.empty = p.empty || !known
	}
	if q.Subject != "" {
		p.subject, known = e.m.subjects.known(q.Subject)
		p.empty = p.empty || !known
	}
	if q.Callup != "" {
		p.callup, known = e.m.callups.known(q.Callup)
		p.empty = p.empty || !known
	}
}

// asOf settles up to which fact a plan counts, and at which moment it stands.
func (e *Engine) asOf(p *plan, at AsOf) error {
	seq, now := e.m.at, max(db.MS(e.d.Now()), e.m.momentOf(e.m.at))
	p.moment = now
	switch {
	case at.Seq > e.m.at || at.Seq < 0:
		return fail.Field("as_of", "figure.seq_future", "seq", at.Seq, "last", e.m.at)
	case at.Seq > 0:
		seq, p.moment = at.Seq, e.m.momentOf(at.Seq)
	case !at.Time.IsZero():
		if p.moment = min(now, db.MS(at.Time)); p.moment < now {
			seq = e.m.sealedBy(p.moment)
		}
	}
	p.seq, p.latest = uint32(seq), seq == e.m.at
	p.merges = e.m.tree.merged(p.moment)
	return nil
}

// scopeOf are the spans of an organisation.
func (e *Engine) scopeOf(org id.ID, p *plan, field string) ([]span, error) {
	n, ok := e.m.tree.numOf[org]
	if !ok {
		return nil, fail.Field(field, "figure.org_unknown")
	}
	e.scopes.Lock()
	defer e.scopes.Unlock()
	return e.m.tree.scope(n, p.merges), nil
}

// unitsOf are the positions of the units that count.
func (e *Engine) unitsOf(q Query, i *ledger.Indicator, p *plan) ([]bool, error) {
	if q.Unit == "" && len(i.UnitKinds) == 0 {
		return nil, nil
	}
	t := e.m.tree
	all := []span{{0, uint32(len(t.posOrg))}}
	if q.Unit != "" {
		var err error
		if all, err = e.scopeOf(q.Unit, p, "unit"); err != nil {
			return nil, err
		}
	}
	ok := make([]bool, len(t.posOrg))
	for _, s := range all {
		for r := s.lo; r < s.hi; r++ {
			ok[r] = len(i.UnitKinds) == 0 || slices.Contains(i.UnitKinds, t.kinds[t.posOrg[r]])
		}
	}
	return ok, nil
}

func (m *model) areasIn(at area.Code) []bool {
	ok := make([]bool, len(m.areaCodes))
	for i, c := range m.areaCodes {
		ok[i] = at.Contains(area.Code(c))
	}
	return ok
}

func (m *model) campaignsUnder(campaign int64) map[uint32]bool {
	below, ok := m.campaigns[campaign]
	if !ok {
		return nil
	}
	set := make(map[uint32]bool, len(below))
	for _, c := range below {
		set[uint32(c)] = true
	}
	return set
}
