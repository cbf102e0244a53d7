package seed

import (
	"math/rand/v2"
	"slices"

	"tongxin/internal/base/id"
	"tongxin/internal/work/roster"
)

// doing is what somebody does at a moment.
type doing uint8

// What there is to do, in the words of roster's commands.
const (
	signsUp doing = iota
	withdraws
	confirms // the place offered to her
	arrives
	departs
	leavesEarly
	staysAway // and is marked so
	walksUp
	closes // the shift's open check-ins, by the job
	minutesConfirmed
	isTold // of whom hours are told afterwards
	decided
	isOver // the shift is; nothing more is done
)

// deed is one thing done at a moment on a shift.
type deed struct {
	at    minute
	what  doing
	shift *shift
	turn  *turn // nil: of the whole shift
}

// turn is somebody's part in a shift, as far as it is told apart from the others'.
type turn struct {
	who    int32 // in the list of volunteers
	team   *team // whom she serves for; nil: her station
	byCode bool  // comes and goes by the code; else by the leader's list
	called bool  // brought by the call-up

	came, left minute // told afterwards
	confirm    bool   // and confirmed

	seat    *roster.Seat // while it is written in bulk
	telling *roster.Telling
	told    id.ID // the hours, where commands write them
}

// life plans what becomes of a shift, up to the city's moment: who signs up when, who comes,
// how they leave. It takes volunteers from the pools as they are now.
func (c *city) life(s *shift) []deed {
	l := &life{c: c, s: s, chance: c.rand("life", s.n), from: s.of.published}
	l.pools = c.choosePools(s, l.chance)
	l.signUps()
	l.others()
	l.add(s.ends+60, closes, nil)
	slices.SortStableFunc(l.deeds, func(a, b deed) int { return int(a.at - b.at) })
	last := l.deeds[len(l.deeds)-1].at
	l.add(last, isOver, nil)
	return slices.DeleteFunc(l.deeds, func(d deed) bool { return d.at > cityEnds })
}

// life is a shift's while it is planned.
type life struct {
	c      *city
	s      *shift
	chance *rand.Rand
	from   minute
	pools  []*pool
	deeds  []deed
}

func (l *life) add(at minute, what doing, t *turn) {
	l.deeds = append(l.deeds, deed{at, what, l.s, t})
}

// choosePools says who serves: the teams of the cell in turn, those first whose members have
// not come yet.
func (c *city) choosePools(s *shift, chance *rand.Rand) []*pool {
	cell := s.of.cell
	best, at := -1.0, 0
	for i, p := range cell.pools {
		p.join(c, s.of.published)
		waiting := float64(len(p.fresh)) / float64(p.members+1)
		if score := waiting + 0.3*chance.Float64(); score > best && len(p.fresh)+len(p.served) > 0 {
			best, at = score, i
		}
	}
	second := (at + 1 + s.n) % len(cell.pools)
	rest := slices.Clone(cell.pools)
	chance.Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
	return append([]*pool{cell.pools[at], cell.pools[second]}, rest...)
}

// join brings in who has joined by a moment.
func (p *pool) join(c *city, by minute) {
	for ; p.joined < len(p.order) && c.folk[p.order[p.joined]].joined < by; p.joined++ {
		if i := p.order[p.joined]; !c.folk[i].idle {
			p.fresh = append(p.fresh, i)
		}
	}
}

// take finds somebody of a pool who is expected nowhere on that day: in three of five cases,
// if there is, one who has not come yet, else the one who came the longest ago.
func (p *pool) take(c *city, day int, chance *rand.Rand) (int32, bool) {
	queues := []*[]int32{&p.served, &p.fresh}
	if chance.Float64() < 0.62 {
		slices.Reverse(queues)
	}
	for _, q := range queues {
		for k, i := range (*q)[:min(len(*q), 40)] {
			if c.folk[i].days&(1<<day) == 0 {
				copy((*q)[1:k+1], *q) // those before her move up
				*q = (*q)[1:]
				c.folk[i].days |= 1 << day
				if twin, ok := c.twin[i]; ok {
					c.folk[twin].days |= 1 << day
				}
				return i, true
			}
		}
	}
	return 0, false
}

// put gives somebody back: she came, or she did not.
func (p *pool) put(c *city, i int32, came bool) {
	v := &c.folk[i]
	if v.came = v.came || came; v.came {
		p.served = append(p.served, i)
	} else {
		p.fresh = append(p.fresh, i)
	}
}

// somebody takes a volunteer, four in five of the first pool.
func (l *life) somebody() (*turn, *pool) {
	from := l.pools
	if len(from) > 1 && l.chance.Float64() < 0.25 {
		from = from[1:]
	}
	for _, p := range from {
		if i, ok := p.take(l.c, l.s.day, l.chance); ok {
			return &turn{who: i, team: p.team, byCode: l.c.folk[i].phone && l.chance.Float64() < 0.75}, p
		}
	}
	return nil, nil
}

// applicant is somebody who signs up, and what becomes of it.
type applicant struct {
	*turn
	pool *pool
	at   minute
	came bool
}

// signUps plans the sign-ups in the order in which they come: places go to the first, the
// others wait; a few withdraw in time, and who waited is offered the place.
func (l *life) signUps() {
	s := l.s
	n := max(1, int(float64(s.places)*(0.74+0.36*l.chance.Float64())+0.5))
	until := s.starts - 180
	if until < l.from+60 {
		until = s.starts - 20
	}
	until = min(until, l.from+6*dayLong)
	moments := make([]minute, n)
	for i := range moments {
		moments[i] = awakeMinute(l.from+2+minute(float64(until-l.from-2)*l.chance.Float64()*l.chance.Float64()), l.from+1, until)
	}
	slices.Sort(moments)
	var on, waiting []*applicant
	brought := l.c.rand("called", s.n)
	for _, at := range moments {
		if at > cityEnds {
			break
		}
		t, p := l.somebody()
		if t == nil {
			break
		}
		t.called = l.c.call.brings(at, brought)
		a := &applicant{turn: t, pool: p, at: at}
		l.add(at, signsUp, t)
		if len(on) < s.places {
			on = append(on, a)
		} else {
			waiting = append(waiting, a)
		}
	}
	on, waiting = l.changes(on, waiting)
	for i, a := range on {
		l.attends(a, s.sure && i == 0)
	}
	for _, a := range append(on, waiting...) {
		a.pool.put(l.c, a.who, a.came)
	}
}

// changes lets one of fifty withdraw, after everybody has signed up and in time; the place is
// offered to who waits, who takes it. It answers who is on then, and who waits still.
func (l *life) changes(on, waiting []*applicant) (_, _ []*applicant) {
	if len(on) < 2 {
		return on, waiting
	}
	last := on[len(on)-1].at
	if len(waiting) > 0 {
		last = waiting[len(waiting)-1].at
	}
	from, to := last+5, l.s.starts-130
	kept := on[:1:1]
	var moved []*applicant
	for _, a := range on[1:] {
		if to <= from || !l.c.folk[a.who].phone || l.chance.Float64() > 0.022 {
			kept = append(kept, a)
			continue
		}
		from = awakeMinute(from+1+minute(l.chance.IntN(int(min(to-from, 600)))), from, to)
		if from >= to || from > cityEnds {
			kept = append(kept, a)
			continue
		}
		l.add(from, withdraws, a.turn)
		a.pool.put(l.c, a.who, false)
		if len(waiting) > 0 {
			w := waiting[0]
			waiting = waiting[1:]
			l.add(from+1+minute(l.chance.IntN(24)), confirms, w.turn)
			moved = append(moved, w)
			from += 26
		}
	}
	return append(kept, moved...), waiting
}

// attends plans whether somebody comes, and how she leaves.
func (l *life) attends(a *applicant, sure bool) {
	s, how := l.s, l.chance.Float64()
	if sure {
		how = 1
	}
	if how < 0.031 {
		l.add(s.starts+20+minute(l.chance.IntN(30)), staysAway, a.turn)
		return
	}
	l.comes(a.turn, s.starts-10+minute(l.chance.IntN(18)), how)
	a.came = s.starts+8 <= cityEnds
}

// comes plans an arrival and what follows.
func (l *life) comes(t *turn, at minute, how float64) {
	l.add(at, arrives, t)
	l.leaves(t, how)
}

func (l *life) leaves(t *turn, how float64) {
	s := l.s
	morning := ofDay(s.ends.day()+1, 8, 30)
	switch {
	case how < 0.052: // forgets; the leader confirms most of them
		if l.chance.Float64() < 0.65 {
			l.add(morning+minute(l.chance.IntN(150)), minutesConfirmed, t)
		}
	case how < 0.072:
		l.add(s.starts+(s.ends-s.starts)*2/3, leavesEarly, t)
	default:
		l.add(s.ends-2+minute(l.chance.IntN(22)), departs, t)
		if how < 0.0825 { // what was recorded is put right
			t.came, t.left = s.starts, s.ends
			l.tell(t)
		}
	}
}

// tell plans that hours are told on the next day, and that another decides.
func (l *life) tell(t *turn) {
	t.confirm = l.chance.Float64() < 0.97
	at := ofDay(l.s.ends.day()+1, 9, 0) + minute(l.chance.IntN(480))
	l.add(at, isTold, t)
	l.add(awakeMinute(at+60+minute(l.chance.IntN(1400)), at+30, at+3*dayLong), decided, t)
}

// others plans those who come without a sign-up, and those of whom it is told afterwards.
func (l *life) others() {
	s := l.s
	if s.starts > cityEnds {
		return
	}
	for range l.about(0.009) {
		if t, p := l.somebody(); t != nil {
			l.add(s.starts+3+minute(l.chance.IntN(36)), walksUp, t)
			l.leaves(t, max(0.032, l.chance.Float64()))
			p.put(l.c, t.who, true)
		}
	}
	if ofDay(s.ends.day()+1, 9, 0) > cityEnds {
		return
	}
	for range l.about(0.05) {
		if t, p := l.somebody(); t != nil {
			t.came, t.left = s.starts, s.ends
			l.tell(t)
			p.put(l.c, t.who, t.confirm)
		}
	}
}

// about is a share of the places, rounded by chance.
func (l *life) about(share float64) int {
	return int(float64(l.s.places)*share + l.chance.Float64())
}

// awakeMinute moves a moment of the night into waking hours between two moments.
func awakeMinute(at, from, to minute) minute {
	switch of := at % dayLong; {
	case of < 7*60:
		at += 7*60 - of + of%60
	case of > 22*60:
		at -= of - 21*60
	}
	return min(max(at, from), to)
}
