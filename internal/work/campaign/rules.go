package campaign

import (
	"fmt"
	"time"
	"unicode/utf8"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/ident"
	"tongxin/internal/ledger"
)

const (
	minName  = 2
	maxName  = 40
	maxAbout = 1000
)

// normal is the input as it is kept: trimmed, full-width digits of days folded.
func (in In) normal() In {
	return In{
		Name:    ident.Line(in.Name),
		About:   ident.Lines(in.About),
		FromDay: ident.Fold(in.FromDay),
		ToDay:   ident.Fold(in.ToDay),
	}
}

func (in In) check() error {
	return fail.Join(checkName(in.Name), checkAbout(in.About), checkDays(in.FromDay, in.ToDay))
}

func checkName(name string) error {
	if n := utf8.RuneCountInString(name); n < minName || n > maxName {
		return fail.Field("name", "campaign.name_length", "min", minName, "max", maxName)
	}
	return nil
}

func checkAbout(about string) error {
	if utf8.RuneCountInString(about) > maxAbout {
		return fail.Field("about", "campaign.about_length", "max", maxAbout)
	}
	return nil
}

func checkDays(from, to string) error {
	first, err := time.Parse(time.DateOnly, from)
	if err != nil {
		return fail.Field("from_day", "campaign.from_day")
	}
	if to == "" {
		return nil
	}
	last, err := time.Parse(time.DateOnly, to)
	if err != nil {
		return fail.Field("to_day", "campaign.to_day")
	}
	if last.Before(first) {
		return fail.Field("to_day", "campaign.ends_before_start")
	}
	return nil
}

func (c *Campaign) put(in In) {
	c.Name, c.About, c.FromDay, c.ToDay = in.Name, in.About, in.FromDay, in.ToDay
}

// Depth is 0 for a programme, 1 for an action, 2 for a project.
func (c Campaign) Depth() int {
	for i, l := range levels {
		if l == c.Level {
			return i
		}
	}
	return 0
}

// Tree puts each campaign after its parent. One whose parent is not listed
// stands at the top.
func Tree(all []Campaign) []Campaign {
	under := map[int64][]Campaign{}
	listed := map[int64]bool{}
	for _, c := range all {
		listed[c.ID] = true
	}
	for _, c := range all {
		parent := c.Parent
		if !listed[parent] {
			parent = 0
		}
		under[parent] = append(under[parent], c)
	}
	out := make([]Campaign, 0, len(all))
	var walk func(parent int64)
	walk = func(parent int64) {
		for _, c := range under[parent] {
			out = append(out, c)
			walk(c.ID)
		}
	}
	walk(0)
	return out
}

// line is a row of the closure table.
type line struct {
	ancestor, campaign, depth int64
}

// checkTree compares the closure table with the tree that the parents draw.
func checkTree(all []Campaign, lines []line) ledger.Check {
	c := ledger.Check{Name: "campaign.tree"}
	parents := map[int64]int64{}
	for _, one := range all {
		parents[one.ID] = one.Parent
	}
	want := map[line]bool{}
	for _, one := range all {
		for at, depth := one.ID, int64(0); at != 0 && depth < int64(len(levels)); at, depth = parents[at], depth+1 {
			want[line{at, one.ID, depth}] = true
		}
		if one.Depth() > 0 && parents[one.ID] == 0 || one.Depth() == 0 && one.Parent != 0 {
			c.Break(fmt.Sprint(one.ID))
		}
	}
	for _, l := range lines {
		c.Checked++
		if !want[l] {
			c.Break(fmt.Sprint(l.campaign))
		}
		delete(want, l)
	}
	for l := range want {
		c.Checked++
		c.Break(fmt.Sprint(l.campaign))
	}
	return c
}
