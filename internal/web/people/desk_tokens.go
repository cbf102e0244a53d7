package people

import (
	"strconv"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/org"
	"tongxin/internal/work/people"
)

// tokens is the page of machines' tokens.
type tokens struct {
	Org    id.ID
	Where  string
	Orgs   []ui.Option
	All    []people.Session
	Names  map[id.ID]string
	Secret string // new, shown once
}

type tokenForm struct {
	Org   id.ID  `form:"org"`
	Role  string `form:"role" max:"20"`
	Label string `form:"label" max:"60"`
	Days  int64  `form:"days"`
}

// Tokens lists the tokens of a subtree and makes new ones.
func Tokens(c *page.Ctx) error {
	in, err := page.Bind[tokenForm](c)
	if err != nil {
		return err
	}
	t, err := tokensOf(c, in.Org)
	if err != nil {
		return err
	}
	return c.Render(tokensPage(t))
}

func tokensOf(c *page.Ctx, at id.ID) (t tokens, err error) {
	if t.Org, t.Where, t.Orgs, err = guarded(c, at); err != nil {
		return t, err
	}
	if t.All, err = people.Tokens(c, c.DB, c.Actor, t.Org, c.Now); err != nil {
		return t, err
	}
	var ids []id.ID
	for _, s := range t.All {
		ids = append(ids, s.Org)
	}
	t.Names, err = org.Names(c, c.DB, ids)
	return t, err
}

// NewToken makes a token and shows its secret, this once.
func NewToken(c *page.Ctx) error {
	in, err := page.Bind[tokenForm](c)
	var secret string
	if err == nil {
		err = c.DB.Write(c, func(tx *db.Tx) (err error) {
			secret, _, err = people.NewToken(c, tx, c.Keys, c.Actor, people.Token{Org: in.Org, Role: auth.Role(in.Role), Label: in.Label,
				For: time.Duration(in.Days) * 24 * time.Hour})
			return err
		})
	}
	t, readErr := tokensOf(c, "")
	if readErr != nil {
		return readErr
	}
	if err != nil {
		return c.Retry(err, tokensPage(t))
	}
	t.Secret = secret
	c.W.Header().Set("Cache-Control", "no-store")
	return c.Render(tokensPage(t))
}

// EndToken makes a token useless.
func EndToken(c *page.Ctx) error {
	in, err := page.Bind[whom](c)
	if err == nil {
		err = c.Write(in.ID.Home(), func(tx *db.Tx) error { return people.EndToken(c, tx, c.Actor, in.ID) })
	}
	if err != nil {
		return err
	}
	c.Flash("tokens.ended")
	return c.Redirect("/desk/tokens")
}

// lifetimes are how many days a token may be valid.
func lifetimes(t func(string, ...any) string) (options []ui.Option) {
	for _, days := range []int{30, 90, 365} {
		options = append(options, ui.Option{Value: strconv.Itoa(days), Label: t("format.days", "n", days)})
	}
	return options
}
