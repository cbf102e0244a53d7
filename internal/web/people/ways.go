package people

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/web/page"
	"tongxin/internal/work/notice"
)

// ways is how a person has herself told, beside the inbox.
type ways struct {
	subject
	notice.Wishes
	Working   []notice.Channel // that work and are hers to choose
	Addresses map[notice.Channel]notice.Address
	Desk      bool
	Secret    string // of a hook, shown once
}

// Ways shows how a person wants to be told.
func Ways(c *page.Ctx) error {
	w, err := waysOf(c)
	if err != nil {
		return err
	}
	return c.Render(waysPage(w))
}

func waysOf(c *page.Ctx) (w ways, err error) {
	if w.subject, err = about(c); err != nil {
		return w, err
	}
	w.Desk = c.Actor.Staff() && w.Own
	if w.Wishes, err = notice.WishesOf(c, c.DB, c.Actor, w.ID); err != nil {
		return w, err
	}
	setups, err := notice.Setups(c, c.DB)
	if err != nil {
		return w, err
	}
	binds, err := notice.Binds(c, c.DB)
	if err != nil {
		return w, err
	}
	for _, ch := range notice.Channels() {
		if setups[ch].Working && (ch != notice.Hook || w.Desk) && (ch != notice.WeChat || binds) {
			w.Working = append(w.Working, ch)
		}
	}
	all, err := notice.AddressesOf(c, c.DB, c.Keys, c.Actor, w.ID)
	w.Addresses = map[notice.Channel]notice.Address{}
	for _, a := range all {
		w.Addresses[a.Channel] = a
	}
	return w, err
}

// usable are the channels that she can choose now.
func (w ways) usable() (all []notice.Channel) {
	for _, c := range w.Working {
		if c == notice.SMS || w.Addresses[c].Verified {
			all = append(all, c)
		}
	}
	return all
}

// topics are those that concern her: what lies on a desk, staff alone.
func (w ways) topics() []notice.Topic {
	return slices.DeleteFunc(notice.Topics(), func(t notice.Topic) bool { return t == notice.Work && !w.Desk })
}

type wished struct {
	From string `form:"quiet_from,clock"`
	To   string `form:"quiet_to,clock"`
	Lang string `form:"lang" max:"10"`
}

// SaveWays keeps how a person wants to be told.
func SaveWays(c *page.Ctx) error {
	in, err := page.Bind[wished](c)
	w, readErr := waysOf(c)
	if readErr != nil {
		return readErr
	}
	if err == nil {
		w.take(c, in)
		err = c.Write(w.Home, func(tx *db.Tx) error { return notice.Wish(c, tx, c.Actor, w.ID, w.Wishes) })
	}
	if err != nil {
		return c.Retry(err, waysPage(w))
	}
	c.Flash("me.ways.saved")
	return c.Redirect("/my/notices/ways" + w.query())
}

// take reads what was ticked. What was not offered stays as it was.
func (w *ways) take(c *page.Ctx, in wished) {
	offered := w.usable()
	for _, t := range w.topics() {
		ticked := c.R.PostForm[string(t)]
		var now []notice.Channel
		for _, ch := range notice.Channels() {
			if slices.Contains(offered, ch) && slices.Contains(ticked, string(ch)) || !slices.Contains(offered, ch) && slices.Contains(w.Chosen[t], ch) {
				now = append(now, ch)
			}
		}
		w.Chosen[t] = now
	}
	w.Quiet = notice.Quiet{Starts: minuteOf(in.From), Ends: minuteOf(in.To)}
	w.Lang = in.Lang
}

// minuteOf reads 22:30; what was left empty is midnight.
func minuteOf(clock string) int64 {
	h, m, _ := strings.Cut(clock, ":")
	hour, _ := strconv.ParseInt(h, 10, 64)
	minute, _ := strconv.ParseInt(m, 10, 64)
	return hour*60 + minute
}

func clockOf(minute int64) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

type addressForm struct {
	Channel string `form:"channel" max:"10"`
}

// field is what was typed into a field of a channel's form; refused puts a refusal there.
func (in addressForm) field(c *page.Ctx, name string) string {
	return strings.TrimSpace(c.R.PostForm.Get(in.Channel + "." + name))
}

func (in addressForm) refused(err error) error {
	for _, p := range fail.Fields(err) {
		return fail.Field(in.Channel+"."+p.Field, p.Key, p.Args...)
	}
	return err
}

// NameAddress takes an address and sends the code that proves it.
func NameAddress(c *page.Ctx) error {
	in, err := page.Bind[addressForm](c)
	w, readErr := waysOf(c)
	if readErr != nil {
		return readErr
	}
	if ch := notice.Channel(in.Channel); err == nil && !slices.Contains(w.Working, ch) {
		err = fail.New(fail.Conflict, "notice.channel_off")
	}
	var p notice.Proof
	if err == nil {
		err = c.DB.Write(c, func(tx *db.Tx) (err error) {
			p, err = notice.NameAddress(c, tx, c.Keys, c.Actor, w.ID, notice.Channel(in.Channel), in.field(c, "address"))
			return err
		})
	}
	if err == nil {
		err = prove(c, w, p)
	}
	if err != nil {
		return c.Retry(in.refused(err), waysPage(w))
	}
	if w, err = waysOf(c); err != nil {
		return err
	}
	w.Secret = p.Secret
	c.W.Header().Set("Cache-Control", "no-store")
	return c.Render(waysPage(w))
}

// prove sends the code of an address; one that it cannot be sent to is forgotten.
func prove(c *page.Ctx, w ways, p notice.Proof) error {
	err := c.Site.Prove(c, p)
	if err == nil {
		return nil
	}
	return errors.Join(err, c.DB.Write(c, func(tx *db.Tx) error { return notice.DropAddress(c, tx, c.Actor, w.ID, p.Channel) }))
}

// ProveAddress takes the code back.
func ProveAddress(c *page.Ctx) error {
	in, err := page.Bind[addressForm](c)
	w, readErr := waysOf(c)
	if readErr != nil {
		return readErr
	}
	var refused error
	if err == nil {
		err = c.DB.Write(c, func(tx *db.Tx) (err error) {
			refused, err = notice.ProveAddress(c, tx, c.Keys, c.Actor, w.ID, notice.Channel(in.Channel), in.field(c, "code"))
			return err
		})
	}
	if err == nil {
		err = refused
	}
	if err != nil {
		return c.Retry(in.refused(err), waysPage(w))
	}
	c.Flash("me.ways.proved")
	return c.Redirect("/my/notices/ways" + w.query())
}

// DropAddress takes an address away.
func DropAddress(c *page.Ctx) error {
	in, err := page.Bind[addressForm](c)
	if err != nil {
		return err
	}
	s, err := about(c)
	if err != nil {
		return err
	}
	if err := c.Write(s.Home, func(tx *db.Tx) error { return notice.DropAddress(c, tx, c.Actor, s.ID, notice.Channel(in.Channel)) }); err != nil {
		return err
	}
	c.Flash("me.ways.dropped")
	return c.Redirect("/my/notices/ways" + s.query())
}
