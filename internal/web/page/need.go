package page

import (
	"context"
	"time"

	"github.com/a-h/templ"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/id"
)

// Need is something that asks for a hand now, with what to do about it.
type Need struct {
	Hot   bool      // it must be done now
	At    time.Time // since when, or by when
	Title string    // what it is, in one line
	Text  string    // which ones
	Href  string    // where it is done
	Do    string    // what is done there, in two to four characters
}

// Asked is for whom needs are looked up: an organisation with all below it, and perhaps one
// campaign.
type Asked struct {
	Org      id.ID
	Campaign int64 // 0: any
	Actor    auth.Actor
	Lang     string
	Now      time.Time
}

// Needs looks up what an area of the site has to ask. Areas do not know one another: each
// gives one such function to the table in internal/web/needs.go.
type Needs func(ctx context.Context, s *Site, a Asked) ([]Need, error)

// Piece is a part of a first page that an area gives, which the page's own area does not know;
// nil where it has nothing to say.
type Piece func(c *Ctx) (templ.Component, error)

// Look says whether the reader may look at the pictures of a text, and whether everybody may;
// whoever may not is told that there is none.
type Look func(c *Ctx, owner id.ID) (open bool, err error)

// Pieces draws what areas have to say, in their order.
func (c *Ctx) Pieces(all []Piece) (drawn []templ.Component, err error) {
	for _, of := range all {
		p, err := of(c)
		if err != nil {
			return nil, err
		}
		if p != nil {
			drawn = append(drawn, p)
		}
	}
	return drawn, nil
}

// NeedsOf collects the needs of all areas, urgent ones first.
func (s *Site) NeedsOf(ctx context.Context, a Asked) ([]Need, error) {
	var hot, other []Need
	for _, of := range s.Needs {
		some, err := of(ctx, s, a)
		if err != nil {
			return nil, err
		}
		for _, n := range some {
			if n.Hot {
				hot = append(hot, n)
			} else {
				other = append(other, n)
			}
		}
	}
	return append(hot, other...), nil
}
