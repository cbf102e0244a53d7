package people

import (
	"net/url"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/people"
)

// twins are two records that may be one person's, masked.
type twins struct {
	people.Duplicate
	A, B row
}

// union is a merge with both records, masked.
type union struct {
	people.Merge
	Gone, Stays row
	By, Judge   string
	Mine        bool // the reader proposed it
}

// doubles is the page of duplicates: those found, those that wait for a second person, and
// those merged.
type doubles struct {
	register
	Pairs  []twins
	Waits  []union
	Merged []union
}

// finding is what the page asks for.
type finding struct {
	Org   id.ID  `form:"org"`
	After string `form:"after" max:"40"`
}

// pairsMost are on the page; filedMost are all that the reads give.
const (
	pairsMost = 50
	filedMost = 500
)

// Duplicates lists records that may be one person's.
func Duplicates(c *page.Ctx) error {
	in, err := page.Bind[finding](c)
	if err != nil {
		return err
	}
	d, err := doublesOf(c, in)
	if err != nil {
		return err
	}
	if c.WantsFile() {
		return d.give(c)
	}
	return c.Render(doublesPage(d))
}

func doublesOf(c *page.Ctx, in finding) (d doubles, err error) {
	d.Org, d.After = in.Org, in.After
	if err = d.scope(c); err != nil {
		return d, err
	}
	most := pairsMost
	if c.WantsFile() {
		most = filedMost
	}
	pairs, err := people.Duplicates(c, c.DB, c.Actor, d.Org, most)
	if err != nil {
		return d, err
	}
	for _, p := range pairs {
		t := twins{Duplicate: p}
		if t.A, t.B, err = sideBySide(c, p.First, p.Other); err != nil {
			return d, err
		}
		d.Pairs = append(d.Pairs, t)
	}
	if d.Waits, err = unions(c, d.Org, people.MergeProposed); err != nil {
		return d, err
	}
	d.Merged, err = unions(c, d.Org, people.Merging, people.MergeDone, people.Undoing)
	return d, err
}

// sideBySide are two records, masked, for one who reaches both.
func sideBySide(c *page.Ctx, a, b id.ID) (one, two row, err error) {
	first, other, err := people.Pair(c, c.DB, c.Actor, a, b)
	if err != nil {
		return one, two, err
	}
	ch, err := chooseFrom(c)
	if err != nil {
		return one, two, err
	}
	both, err := rows(c, []people.Person{first, other}, ch)
	if err != nil {
		return one, two, err
	}
	return both[0], both[1], nil
}

func unions(c *page.Ctx, at id.ID, states ...people.MergeState) (all []union, err error) {
	merges, err := people.Merges(c, c.DB, c.Actor, at, pairsMost, states...)
	if err != nil {
		return nil, err
	}
	for _, m := range merges {
		u := union{Merge: m, Mine: m.ProposedBy == c.Actor.Person}
		u.Gone, u.Stays, err = sideBySide(c, m.Duplicate, m.Survivor)
		if fail.KindOf(err) == fail.Forbidden {
			continue
		}
		if err != nil {
			return nil, err
		}
		names, err := people.Names(c, c.DB, c.Keys, []id.ID{m.ProposedBy, m.DecidedBy})
		if err != nil {
			return nil, err
		}
		u.By, u.Judge = names[m.ProposedBy], names[m.DecidedBy]
		all = append(all, u)
	}
	return all, nil
}

// LookThrough compares some more records of the subtree with all others.
func LookThrough(c *page.Ctx) error {
	in, err := page.Bind[finding](c)
	if err != nil {
		return err
	}
	var next id.ID
	err = c.DB.Write(c, func(tx *db.Tx) (err error) {
		next, err = people.CompareSome(c, tx, c.Keys, c.Actor, in.Org, id.ID(in.After))
		return err
	})
	if err != nil {
		return err
	}
	at := "/desk/duplicates?org=" + url.QueryEscape(string(in.Org))
	if next == "" {
		c.Flash("doubles.through")
		return c.Redirect(at)
	}
	c.Flash("doubles.some")
	return c.Redirect(at + "&after=" + url.QueryEscape(string(next)))
}

// comparing names two records in a path.
type comparing struct {
	First id.ID `path:"first"`
	Other id.ID `path:"other"`
	Stays id.ID `form:"stays"`
}

// facing is the page on which two records stand side by side.
type facing struct {
	A, B    side
	Choices []ui.Option
}

// side is one of the two.
type side struct {
	record
	Account bool
}

// Compare shows two records side by side, masked.
func Compare(c *page.Ctx) error {
	in, err := page.Bind[comparing](c)
	if err != nil {
		return err
	}
	f, err := face(c, in)
	if err != nil {
		return err
	}
	return c.Render(comparePage(f))
}

func face(c *page.Ctx, in comparing) (f facing, err error) {
	a, b, err := people.Pair(c, c.DB, c.Actor, in.First, in.Other)
	if err != nil {
		return f, err
	}
	for p, to := range map[*people.Person]*side{&a: &f.A, &b: &f.B} {
		if to.record, err = recordFor(c, *p, true); err != nil {
			return f, err
		}
		roles, err := people.GrantsOf(c, c.DB, p.ID)
		if err != nil {
			return f, err
		}
		to.Account = len(roles) > 0
	}
	for _, s := range []side{f.A, f.B} {
		f.Choices = append(f.Choices, ui.Option{Value: string(s.ID), Label: s.Shown.Text[people.FieldName], Note: c.T("me.no") + " " + s.No})
	}
	return f, nil
}

// Propose says that the two are one person, and which record stays.
func Propose(c *page.Ctx) error {
	in, err := page.Bind[comparing](c)
	f, wrong := face(c, in)
	if wrong != nil {
		return wrong
	}
	gone := in.First
	if in.Stays == in.First {
		gone = in.Other
	}
	if err == nil && in.Stays != in.First && in.Stays != in.Other {
		err = fail.Field("stays", "doubles.stays_missing")
	}
	if err == nil {
		err = c.Write(gone.Home(), func(tx *db.Tx) error {
			_, err := people.ProposeMerge(c, tx, c.Keys, c.Actor, gone, in.Stays)
			return err
		})
	}
	if err != nil {
		return c.Retry(err, comparePage(f))
	}
	c.Flash("doubles.proposed")
	return c.Redirect("/desk/duplicates")
}

// NotTheSame says that the two are two persons, for good.
func NotTheSame(c *page.Ctx) error {
	in, err := page.Bind[comparing](c)
	if err != nil {
		return err
	}
	if err := c.Write(in.First.Home(), func(tx *db.Tx) error { return people.Distinct(c, tx, c.Actor, in.First, in.Other) }); err != nil {
		return err
	}
	c.Flash("doubles.distinct")
	return c.Redirect("/desk/duplicates")
}

type merging struct {
	Merge id.ID `path:"merge"`
}

// AgreeMerge is the second person's yes.
func AgreeMerge(c *page.Ctx) error {
	return judge(c, "doubles.begun", func(tx *db.Tx, m id.ID) error {
		_, err := people.DecideMerge(c, tx, c.Keys, c.Actor, m, true)
		return err
	})
}

// RefuseMerge is the second person's no.
func RefuseMerge(c *page.Ctx) error {
	return judge(c, "doubles.refused", func(tx *db.Tx, m id.ID) error {
		_, err := people.DecideMerge(c, tx, c.Keys, c.Actor, m, false)
		return err
	})
}

// Unmerge parts two records that were merged.
func Unmerge(c *page.Ctx) error {
	return judge(c, "doubles.parting", func(tx *db.Tx, m id.ID) error {
		_, err := people.Unmerge(c, tx, c.Actor, m)
		return err
	})
}

func judge(c *page.Ctx, said string, f func(*db.Tx, id.ID) error) error {
	in, err := page.Bind[merging](c)
	if err != nil {
		return err
	}
	if err := c.Write(in.Merge.Home(), func(tx *db.Tx) error { return f(tx, in.Merge) }); err != nil {
		return err
	}
	c.Flash(said)
	return c.Redirect("/desk/duplicates")
}
