package seed

import (
	"slices"
	"testing"

	"tongxin/internal/work/area"
)

// lived is what comes of a plan when everything in it is done.
type lived struct {
	turns, noShows, unclosed, late, anew int
	signups, coming                      int
	volunteers                           map[int32]bool
	teams                                map[*team]bool
	held                                 map[[2]int]bool
	county                               map[area.Code]int // turns
	daily                                [lastDay + 1]int
}

// live does all deeds of a plan on paper.
func live(c *city) lived {
	l := lived{volunteers: map[int32]bool{}, teams: map[*team]bool{}, held: map[[2]int]bool{}, county: map[area.Code]int{}}
	for _, a := range c.acts {
		for _, s := range a.shifts {
			if s.starts > cityEnds {
				l.coming++
			}
			l.add(s, c.life(s))
		}
	}
	return l
}

func (l *lived) add(s *shift, deeds []deed) {
	present := map[*turn]bool{}
	for _, d := range deeds {
		new := false
		switch d.what {
		case signsUp:
			l.signups++
		case staysAway:
			l.noShows++
		case arrives, walksUp:
			present[d.turn], new = true, true
		case departs, leavesEarly:
			delete(present, d.turn)
		case closes:
			l.unclosed += len(present)
		case decided:
			known := slices.ContainsFunc(deeds, func(o deed) bool { return o.turn == d.turn && (o.what == arrives || o.what == walksUp) })
			switch {
			case d.turn.confirm && known:
				l.anew++
			case d.turn.confirm:
				l.late++
				new = true
			}
		}
		if new {
			l.turns++
			l.volunteers[d.turn.who] = true
			if d.turn.team != nil {
				l.teams[d.turn.team] = true
			}
			l.held[[2]int{s.of.n, s.starts.day()}] = true
			l.county[s.of.at.At(area.County)]++
			l.daily[d.at.day()]++
		}
	}
}

// The whole city comes to what the bulletin says of it, and lives as a city does.
func TestThePlanComesToTheBulletin(t *testing.T) {
	c := planCity(1, 1)
	l := live(c)
	if len(l.teams) != cityTeams || len(l.held) != cityHeld {
		t.Errorf("%d organisations and teams served for, %d activities held", len(l.teams), len(l.held))
	}
	if n := len(l.volunteers); n < 475_000 || n > 499_999 {
		t.Errorf("%d volunteers came", n)
	}
	if l.turns <= 1_000_000 || len(c.folk) < 560_000 || l.coming < 2000 {
		t.Errorf("%d turns, %d registered, %d shifts to come", l.turns, len(c.folk), l.coming)
	}
	for what, share := range map[string]struct{ n, of, least, most int }{
		"did not come, in 1,000 of those expected": {l.noShows, l.turns - l.late + l.noShows, 25, 35},
		"did not check out, in 1,000 turns":        {l.unclosed, l.turns, 15, 25},
		"entered late, in 1,000 turns":             {l.late, l.turns, 45, 55},
		"posted anew, in 1,000 turns":              {l.anew, l.turns, 7, 13},
		"of a team, in 1,000 of the teams":         {len(c.teams) - len(l.teams), len(c.teams), 10, 30},
	} {
		if n := share.n * 1000 / share.of; n < share.least || n > share.most {
			t.Errorf("%s: %d", what, n)
		}
	}
	if early, late := l.daily[callDay+1], l.daily[callDay+16]; early*3 > late || early == 0 {
		t.Errorf("%d turns on the second day, %d two weeks later: it did not grow", early, late)
	}
	for county, n := range l.county {
		if county != jiangyan && county.Level() == area.County && n < l.county[jiangyan]*5/4 {
			t.Errorf("%v did %d turns, and Jiangyan, which is behind, %d", county, n, l.county[jiangyan])
		}
	}
}

// A fraction of the city has its share of everything, exactly where the whole is exact.
func TestEveryFractionIsExact(t *testing.T) {
	for _, fraction := range []float64{0.001, 0.004, 0.02, 0.3} {
		c := planCity(3, fraction)
		l := live(c)
		if want := max(c.scaled(cityTeams), len(c.cells)); len(l.teams) != want {
			t.Errorf("%v: %d teams served for, want %d", fraction, len(l.teams), want)
		}
		if want := c.scaled(cityHeld); len(l.held) != want {
			t.Errorf("%v: %d activities held, want %d", fraction, len(l.held), want)
		}
		if n, of := len(l.volunteers), c.scaled(cityRegistered); n < of*8/10 || n > of*885/1000 {
			t.Errorf("%v: %d of %d came", fraction, n, of)
		}
	}
}

// Nobody is in two places at once, signs up before she joined, or for a team before it stood.
func TestLivesFitTogether(t *testing.T) {
	c := planCity(2, 0.02)
	busy := map[int32]map[int]bool{}
	for _, a := range c.acts {
		for _, s := range a.shifts {
			on := map[*turn]bool{}
			for _, d := range c.life(s) {
				if d.turn == nil {
					continue
				}
				v := &c.folk[d.turn.who]
				if d.at <= v.joined || d.at <= a.published || d.at > cityEnds || v.idle {
					t.Fatalf("%v at %d: she joined at %d, it was published at %d", d.what, d.at, v.joined, a.published)
				}
				if d.turn.team != nil && d.at <= d.turn.team.approved {
					t.Fatalf("she serves for a team that does not stand yet")
				}
				if !on[d.turn] {
					on[d.turn] = true
					if busy[d.turn.who][s.day] {
						t.Fatalf("%d is expected twice on day %d", d.turn.who, s.day)
					}
					if busy[d.turn.who] == nil {
						busy[d.turn.who] = map[int]bool{}
					}
					busy[d.turn.who][s.day] = true
				}
			}
		}
	}
	if len(busy) < 8000 {
		t.Errorf("only %d people live", len(busy))
	}
}

// The same seed plans the same city, another one another.
func TestTheSeedDecides(t *testing.T) {
	a, b, other := planCity(5, 0.01), planCity(5, 0.01), planCity(6, 0.01)
	if !slices.Equal(a.folk, b.folk) || slices.Equal(a.folk, other.folk) {
		t.Error("the people do not follow from the seed alone")
	}
	name, birth := a.named(17)
	again, day := b.named(17)
	if name != again || birth != day || !cut(name) {
		t.Errorf("%s, %s and %s, %s", name, birth, again, day)
	}
	numbers := map[string]bool{}
	for i := range a.folk {
		if n := a.number(i); n != "" {
			numbers[n] = true
		}
	}
	with := 0
	for i := range a.folk {
		if a.folk[i].phone {
			with++
		}
	}
	if len(numbers) != with {
		t.Errorf("%d numbers of %d people", len(numbers), with)
	}
}
