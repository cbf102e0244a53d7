package rosters

import (
	"slices"
	"strconv"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/work/roster"
)

// mine is the page of one's own shifts.
type mine struct {
	Family []member
	Past   bool
	Who    member // of past ones
	Offers []offer
	Turns  []turn
	Next   string
}

// Mine answers GET /my/shifts: what is coming to the whole family, or with past=1 what one of
// it did.
func Mine(c *page.Ctx) error {
	all, err := family(c)
	if err != nil {
		return err
	}
	m, ok := choose(all, id.ID(c.Query("who")))
	if !ok {
		return fail.New(fail.Forbidden, "web.not_volunteer")
	}
	p := mine{Family: all, Who: m, Past: c.Query("past") != ""}
	if p.Past {
		err = p.past(c)
	} else {
		err = p.coming(c)
	}
	if err != nil {
		return err
	}
	return c.Render(minePage(p))
}

func (p *mine) coming(c *page.Ctx) error {
	turns, err := coming(c, p.Family)
	for _, t := range turns {
		if t.State == roster.Offered {
			p.Offers = append(p.Offers, offerOf(c, t))
		}
	}
	p.Turns = slices.DeleteFunc(turns, func(t turn) bool { return t.State == roster.Offered })
	return err
}

// past is one page of what is over, the latest first; the cursor is a start.
func (p *mine) past(c *page.Ctx) error {
	below, _ := strconv.ParseInt(c.Query("after"), 10, 64) // what is no number begins anew
	turns, err := roster.Past(c, c.DB, p.Who.ID, db.MS(c.Now), max(below, 0), perPage+1)
	if err != nil {
		return err
	}
	turns, p.Next = upTo(turns, perPage)
	for _, t := range turns {
		p.Turns = append(p.Turns, turn{t, p.Who})
	}
	return nil
}

// upTo cuts a page off turns that go back in time. What starts at one moment stays on one page,
// for the cursor is a start.
func upTo(turns []roster.Turn, most int) ([]roster.Turn, string) {
	if len(turns) <= most {
		return turns, ""
	}
	n := most
	for n > 1 && turns[n-1].At.Starts == turns[most].At.Starts {
		n--
	}
	return turns[:n], strconv.FormatInt(turns[n-1].At.Starts, 10)
}
