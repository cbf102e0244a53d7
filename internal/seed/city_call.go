package seed

import (
	"math/rand/v2"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/ledger"
	"tongxin/internal/work/area"
	"tongxin/internal/work/callup"
	"tongxin/internal/work/org"
)

// Clause T1: the appeal and the urgent call-up of 28 January, by the city's office.
const (
	appealed    minute = callDay*dayLong + 7*60 + 30
	issued      minute = callDay*dayLong + 7*60 + 35
	answersBy   minute = callDay*dayLong + 18*60
	weekOver    minute = (callDay + 7) * dayLong
	callLapses  minute = weekOver + 18*60
	callCloses  minute = weekOver + dayLong + 9*60 + 12
	reportsFrom minute = weekOver + dayLong + 8*60 + 2

	cityCalled    = 60_000 // places
	broughtShare  = 0.335  // of the sign-ups of the first week: a third
	instituteSays = 0.97   // of the institutes acknowledge; every centre does
	stationSays   = 0.91

	callReport = "已按名额组织到位，人员由所、站统一安排。"
	callReason = "首周报名已满足卡口和宣传需要，转入常态报名。"
)

// callPlan is what the receivers of the call-up do.
type callPlan struct{ posts []post }

// post is the call-up at one receiver.
type post struct {
	at          area.Code
	above       int // in the list; -1: from the city's office
	quota, able int64
	delivered   minute
	said        minute // 0: never
	forwarded   minute // 0: it has nobody below, or did not
	reported    minute
}

// brings says whether the call-up brought somebody who signs up at a moment.
func (p callPlan) brings(at minute, chance *rand.Rand) bool {
	return at > issued && at < weekOver && chance.Float64() < broughtShare
}

// planCall lets the call-up go down: every centre acknowledges and hands nine tenths on, of the
// institutes and stations nearly all do, some after they were reminded.
func (c *city) planCall() {
	chance := c.rand("call", 0)
	centres := codes(below(taizhou, area.County))
	members := map[area.Code]int64{}
	institutes, stations := map[area.Code][]area.Code{}, map[area.Code][]area.Code{}
	for _, at := range c.cells {
		if at.institute() {
			county := at.at.At(area.County)
			institutes[county] = append(institutes[county], at.at)
			stations[at.at] = codes(at.villages)
		}
	}
	for _, p := range c.pools {
		members[p.cell.at] += int64(p.members)
		members[p.cell.at.At(area.County)] += int64(p.members)
	}
	c.send(centres, -1, c.calledUp(), issued, members, 95, chance)
	for i := range centres {
		c.forward(i, institutes[c.call.posts[i].at], members, chance)
	}
	var first []int
	for i, p := range c.call.posts {
		if p.above >= 0 {
			first = append(first, i)
		}
	}
	c.hush(first, instituteSays, chance)
	for _, i := range first {
		c.forward(i, stations[c.call.posts[i].at], members, chance)
	}
	var last []int
	for i := len(centres) + len(first); i < len(c.call.posts); i++ {
		last = append(last, i)
	}
	c.hush(last, stationSays, chance)
	for i, p := range c.call.posts {
		if p.above < 0 {
			c.call.posts[i].reported = reportsFrom + minute(7*i)
		}
	}
}

// calledUp is how many the call-up is for.
func (c *city) calledUp() int64 { return int64(max(c.scaled(cityCalled), 20)) }

// forward hands what a receiver has on to others, once it has acknowledged.
func (c *city) forward(i int, to []area.Code, members map[area.Code]int64, chance *rand.Rand) {
	p := &c.call.posts[i]
	if p.said == 0 || len(to) == 0 {
		return
	}
	p.forwarded = p.said + 4 + minute(chance.IntN(32))
	c.send(to, i, p.quota*9/10, p.forwarded, members, 290, chance)
}

// send delivers the call-up to some, who acknowledge within so many minutes.
func (c *city) send(to []area.Code, above int, places int64, at minute, members map[area.Code]int64, within int, chance *rand.Rand) {
	supply := make([]int64, len(to))
	for i, one := range to {
		supply[i] = max(members[one], 1)
	}
	for i, q := range callup.Split(places, supply) {
		c.call.posts = append(c.call.posts, post{at: to[i], above: above, quota: q, able: q * int64(80+chance.IntN(50)) / 100, delivered: at,
			said: at + 9 + soon(within-9, chance)})
	}
}

// soon is some minutes: most answer soon, few late.
func soon(within int, chance *rand.Rand) minute {
	u := chance.Float64()
	return minute(u * u * u * float64(within))
}

// hush lets some of a tier say nothing, so that the given share of it does.
func (c *city) hush(tier []int, says float64, chance *rand.Rand) {
	silent := len(tier) - int(float64(len(tier))*says+0.5)
	for _, k := range chance.Perm(len(tier))[:silent] {
		p := &c.call.posts[tier[k]]
		p.said, p.able = 0, 0
	}
}

// speaker is who answers for a receiver: its administrator, of a station the institute's.
func (w *world) speaker(at area.Code) *worker {
	seat := w.tree.seat[at]
	if seat.tier == org.Station {
		seat = seat.parent
	}
	return w.staff.admin[seat.area]
}

// cityCall is what the city calls up for.
func (w *world) cityCall(c *city) callup.In {
	w.texts = epidemicTexts
	in := w.callText()
	in.AnswerBy, in.Until, in.Lines = answersBy.time(), callLapses.time(), []callup.Line{{Places: c.calledUp()}}
	return in
}

// tell enters the call-up when it is due, and writes what came of it since.
func (b *bulk) tell(tx *db.Tx, facts *ledger.Bulk, until minute) (err error) {
	if b.story == nil {
		return nil
	}
	if !b.appealed {
		b.appealed = true
		if err := b.appeal(tx); err != nil {
			return err
		}
	}
	if b.hundred > 0 {
		err, b.hundred = b.story.Hundred(tx, facts, b.hundred.ms()), 0
	}
	if err != nil {
		return err
	}
	return b.story.Write(tx, facts, until.ms())
}

// call enters the call-up before anybody signs up by it.
func (b *bulk) call(tx *db.Tx, _ *ledger.Bulk, until minute) (err error) {
	if b.story != nil || until < issued {
		return nil
	}
	w := b.w
	p := callup.Past{Org: w.tree.seat[taizhou].id, By: w.staff.admin[taizhou].id, Appeal: w.appealText(), Published: appealed.ms(), In: w.cityCall(b.c),
		Issued: issued.ms(), Closed: callCloses.ms(), Reason: callReason}
	for _, one := range b.c.call.posts {
		r := callup.PastReceipt{Org: w.tree.seat[one.at].id, Above: one.above, Quota: callup.Quotas{one.quota}, Able: callup.Quotas{one.able}, By: w.speaker(one.at).id}
		for into, m := range map[*int64]minute{&r.Said: one.said, &r.Forwarded: one.forwarded, &r.Reported: one.reported} {
			if m > 0 {
				*into = m.ms()
			}
		}
		if one.reported > 0 {
			r.Report = callReport
		}
		p.Receipts = append(p.Receipts, r)
	}
	b.story, err = callup.Load(w.ctx, tx, b.chart, auth.System, p)
	return err
}

// appeal tells of the appeal who had joined by then.
func (b *bulk) appeal(tx *db.Tx) error {
	var all []id.ID
	for i := range b.joined {
		if b.c.folk[i].joined < appealed {
			all = append(all, b.folk[i].ID)
		}
	}
	return b.story.Appeal(tx, all)
}

// bringing is the call-up that brings a sign-up, or none; the hundredth is noted.
func (b *bulk) bringing(d deed) id.ID {
	if !d.turn.called || b.story == nil {
		return ""
	}
	if d.shift.sheet.Taken < d.shift.sheet.Places {
		if b.brought++; b.brought == 100 {
			b.hundred = d.at
		}
	}
	return b.story.CallUp
}
