package callup

import (
	"context"
	"errors"
	"slices"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/work/notice"
	"tongxin/internal/work/org"
)

// Past is an appeal and the call-up that goes with it, whose whole way is past. Moments are unix
// ms.
type Past struct {
	Org       id.ID
	By        id.ID // who wrote, published, issued and closed
	Appeal    AppealIn
	Published int64
	In        In
	Issued    int64
	Receipts  []PastReceipt // each behind the one from which it was forwarded
	Closed    int64
	Reason    string
}

// PastReceipt is what a receiver did with it; what is 0 it did not do.
type PastReceipt struct {
	Org       id.ID
	Above     int // in the list; -1: from the issuer
	Quota     Quotas
	Able      Quotas
	By        id.ID // who answered for it
	Delivered int64 // 0: as soon as it was forwarded there, or issued
	Said      int64 // read and acknowledged
	Forwarded int64
	Reported  int64
	Report    string
}

// Story is what a call-up made countable and what was told of it, in the order in which it
// happened, to be written stretch by stretch.
type Story struct {
	CallUp id.ID
	c      CallUp
	appeal Appeal
	facts  []event
	told   []notice.Line
	chart  *org.Chart
	names  map[id.ID]string
	desks  map[id.ID][]id.ID // who is told of silence there
	every  int64             // ms between reminders
}

// event is a fact at a moment.
type event struct {
	at          int64
	kind        *ledger.Kind
	org, of, by id.ID
	qty         int64
}

// Load enters an appeal and a call-up as the commands and jobs leave them, with one entry in the
// audit trail. Its facts and notices are written by [Story.Write].
func Load(ctx context.Context, tx *db.Tx, chart *org.Chart, actor auth.Actor, p Past) (*Story, error) {
	if !actor.IsSystem() {
		return nil, fail.New(fail.Forbidden, "org.out_of_reach")
	}
	set, err := config.Load(ctx, tx)
	if err != nil {
		return nil, err
	}
	s := &Story{chart: chart, desks: map[id.ID][]id.ID{}, every: set.CallRemind.Milliseconds()}
	if err := s.paper(ctx, tx, p); err != nil {
		return nil, err
	}
	made := make([]Receipt, len(p.Receipts))
	for i, r := range p.Receipts {
		if made[i], err = s.receipt(ctx, tx, p, r, made[:i]); err != nil {
			return nil, err
		}
	}
	if err := insertReceipts(tx, made); err != nil {
		return nil, err
	}
	slices.SortStableFunc(s.facts, func(a, b event) int { return int(min(max(a.at-b.at, -1), 1)) })
	slices.SortStableFunc(s.told, func(a, b notice.Line) int { return int(min(max(a.At-b.At, -1), 1)) })
	return s, audit.Record(tx, actor, audit.Entry{Action: "callup.loaded", Subject: s.CallUp, Org: p.Org, After: map[string]any{"receipts": len(made)}})
}

// paper enters the appeal and the call-up themselves.
func (s *Story) paper(ctx context.Context, tx *db.Tx, p Past) error {
	home := p.Org.Home()
	a := Appeal{ID: tx.NewID(home), Org: p.Org, State: Published, Author: p.By, Signer: p.By, Created: p.Published, Published: p.Published, Rev: 2}
	err := p.Appeal.tidy()
	a.Title, a.Text, a.Signed = p.Appeal.Title, p.Appeal.Text, p.Appeal.Signed
	p.In.Appeal = a.ID
	p.In.tidy()
	if err := fail.Join(err, p.In.check(db.Time(p.Issued))); err != nil {
		return err
	}
	c := CallUp{ID: tx.NewID(home), Org: p.Org, State: Issued, Author: p.By, Signer: p.By, Created: p.Issued, Issued: p.Issued, Version: 1, Rev: 2}
	c.put(p.In)
	if p.Closed > 0 {
		c.State, c.Ended, c.Reason, c.Rev = Closed, p.Closed, p.Reason, c.Rev+1
	}
	ids := []id.ID{p.Org}
	for _, r := range p.Receipts {
		ids = append(ids, r.Org)
	}
	if s.names, err = org.Names(ctx, tx, ids); err != nil {
		return err
	}
	s.c, s.CallUp, s.appeal = c, c.ID, a
	s.add(p.Published, AppealedFact, a.Org, a.ID, p.By, 1)
	s.add(p.Issued, stepIssued.of(c), c.Org, c.ID, p.By, 1)
	return putPast(tx, a, c)
}

// Appeal tells volunteers of the appeal, all whom it reached.
func (s *Story) Appeal(tx *db.Tx, volunteers []id.ID) error {
	all := make([]notice.Line, len(volunteers))
	for i, who := range volunteers {
		all[i] = notice.Announced(who, "callup.appealed", s.appeal.ID, db.Time(s.appeal.Published), s.appeal.told()...)
	}
	return notice.Load(tx, all)
}

func (s *Story) add(at int64, k *ledger.Kind, where, of, by id.ID, qty int64) {
	s.facts = append(s.facts, event{at, k, where, of, by, qty})
}

// receipt enters what one receiver did.
func (s *Story) receipt(ctx context.Context, tx *db.Tx, p Past, r PastReceipt, above []Receipt) (Receipt, error) {
	t := Receipt{ID: tx.NewID(r.Org.Home()), CallUp: s.c.ID, Org: r.Org, Sender: s.c.Org, Delivered: s.c.Issued, Read: r.Said, Acknowledged: r.Said,
		Forwarded: r.Forwarded, Reported: r.Reported, Report: r.Report, Seen: 1, Rev: 2, Quota: r.Quota, Able: r.Able}
	if r.Above >= 0 {
		up := above[r.Above]
		t.Above, t.Sender, t.Delivered = up.ID, up.Org, up.Forwarded
	}
	t.Desk = t.Sender
	if t.Delivered == 0 || !t.orderly() || len(t.Quota) != len(s.c.Lines) {
		return t, errors.New("callup: a receipt that cannot be")
	}
	who, err := answers(ctx, tx, t)
	if err != nil {
		return t, err
	}
	s.tell(t, who, "callup.delivered", t.Delivered, t.Quota.Sum())
	if err := s.silence(ctx, tx, p, &t, who); err != nil {
		return t, err
	}
	if p.Closed > 0 {
		s.tell(t, who, "callup.closed", p.Closed, t.Quota.Sum())
	}
	s.steps(&t, r.By)
	return t, nil
}

// steps posts what a receiver did, and counts how often its row was written.
func (s *Story) steps(t *Receipt, by id.ID) {
	s.add(t.Delivered, stepDelivered.of(s.c), t.Org, t.ID, auth.SystemID, 1)
	if t.Acknowledged == 0 {
		t.Able = make(Quotas, len(t.Quota))
		return
	}
	s.add(t.Read, stepRead.of(s.c), t.Org, t.ID, by, 1)
	s.add(t.Acknowledged, stepAcknowledged.of(s.c), t.Org, t.ID, by, t.Able.Sum())
	t.Rev++
	if t.Forwarded > 0 {
		s.add(t.Forwarded, stepForwarded.of(s.c), t.Org, t.ID, by, 1)
		t.Rev++
	}
	if t.Reported > 0 {
		s.add(t.Reported, stepReported.of(s.c), t.Org, t.ID, by, 1)
		t.Rev++
	}
}

// silence reminds a receiver until it has said something, or has been reminded often enough.
func (s *Story) silence(ctx context.Context, tx *db.Tx, p Past, t *Receipt, who []id.ID) error {
	for at := t.Delivered + s.every; t.Reminders < mostReminders; at += s.every {
		if t.Acknowledged > 0 && at >= t.Acknowledged || p.Closed > 0 && at >= p.Closed {
			return nil
		}
		if err := t.rise(ctx, tx, s.c, at); err != nil {
			return err
		}
		t.Rev++
		s.tell(*t, who, "callup.reminded", at, t.Quota.Sum())
		if t.Reminders < rises {
			continue
		}
		desk, known := s.desks[t.Desk]
		if !known {
			var err error
			if desk, err = holders(ctx, tx, t.Desk, string(auth.Admin), string(auth.Signer)); err != nil {
				return err
			}
			s.desks[t.Desk] = desk
		}
		s.tell(*t, desk, "callup.silent", at, t.Reminders)
	}
	return nil
}

func (s *Story) tell(t Receipt, who []id.ID, kind string, at, n int64) {
	s.told = append(s.told, t.lines(s.c, s.names, who, kind, at, "answer_at", s.c.AnswerBy, "n", n)...)
}

// Write writes what happened up to a moment and was not written yet.
func (s *Story) Write(tx *db.Tx, facts *ledger.Bulk, until int64) error {
	n := 0
	for ; n < len(s.facts) && s.facts[n].at <= until; n++ {
		e := s.facts[n]
		day := db.Day(db.Time(e.at))
		position, err := s.chart.On(e.org, day)
		if err != nil {
			return err
		}
		_, at := s.chart.Now(e.org)
		f := ledger.Fact{Kind: e.kind, Day: day, Org: position, Unit: position, Area: int64(at), Campaign: s.c.Campaign, Service: s.c.Service,
			Callup: s.c.ID, Subject: e.of, Qty: e.qty, Grade: ledger.Recorded, By: e.by}
		if e.kind == AppealedFact {
			f.Campaign, f.Service, f.Callup = 0, 0, ""
		}
		if _, err := facts.Post(f, e.at, 1); err != nil {
			return err
		}
	}
	s.facts = s.facts[n:]
	n = 0
	for n < len(s.told) && s.told[n].At <= until {
		n++
	}
	err := notice.Load(tx, s.told[:n])
	s.told = s.told[n:]
	return err
}

// Hundred notes when the hundredth person came to be on a shift through it.
func (s *Story) Hundred(tx *db.Tx, facts *ledger.Bulk, at int64) error {
	s.facts = append([]event{{at, HundredFact, s.c.Org, s.c.ID, auth.SystemID, (at - s.c.Issued) / 60_000}}, s.facts...)
	return errors.Join(setHundred(tx, s.c.ID, at), s.Write(tx, facts, at))
}

// Redraw has a story go by a chart that was read anew.
func (s *Story) Redraw(chart *org.Chart) { s.chart = chart }
