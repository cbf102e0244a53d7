package rosters

import (
	"net/url"
	"slices"
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/work/roster"
)

// scan is what a code comes with: from the address of a QR code, or typed.
type scan struct {
	Shift id.ID  `form:"shift"`
	Code  string `form:"code,digits" max:"12"`
	Who   id.ID  `form:"who"`
	Do    string `form:"do" max:"3"` // "out" is check-out
}

func (in scan) out() bool { return in.Do == "out" }

// checkin is the page on which a code is given.
type checkin struct {
	scan
	Family []member
	Who    member
	Now    []turn // the shifts whose code could be meant
	Next   *turn  // the first that comes, when there is none now
}

// CheckIn answers GET /checkin, which a QR code opens with the code filled in.
func CheckIn(c *page.Ctx) error {
	in, err := page.Bind[scan](c)
	if err != nil {
		in = scan{Do: in.Do} // an address typed by hand
	}
	p, err := checkinOf(c, in)
	if err != nil {
		return err
	}
	return c.Render(checkinPage(p))
}

func checkinOf(c *page.Ctx, in scan) (p checkin, err error) {
	p.scan = in
	if p.Family, err = family(c); err != nil {
		return p, err
	}
	var ok bool
	if p.Who, ok = choose(p.Family, in.Who); !ok {
		return p, fail.New(fail.Forbidden, "web.not_volunteer")
	}
	set, err := c.Settings()
	if err != nil {
		return p, err
	}
	turns, err := coming(c, p.Family)
	for _, t := range turns {
		if codeNow(c, set, t) && (in.Shift == "" || t.Shift == in.Shift) {
			p.Now = append(p.Now, t)
		}
	}
	p.Next = comingNext(turns)
	p.person(in.Who)
	return p, err
}

// query is the address of this page for arriving or leaving: who and which shift stay, the code
// does not.
func (p checkin) query(do string) string {
	q := url.Values{}
	for name, value := range map[string]string{"do": do, "shift": string(p.Shift), "who": string(p.scan.Who)} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return q.Encode()
}

// comingNext is the first shift that somebody of the family is on for sure.
func comingNext(turns []turn) *turn {
	if i := slices.IndexFunc(turns, func(t turn) bool { return t.State == roster.Accepted }); i >= 0 {
		return &turns[i]
	}
	return nil
}

// person takes whoever has a shift now, where nobody was chosen.
func (p *checkin) person(asked id.ID) {
	if asked == "" && len(p.Now) > 0 && !slices.ContainsFunc(p.Now, func(t turn) bool { return t.Who == p.Who }) {
		p.Who = p.Now[0].Who
	}
}

// SendCode answers POST /checkin.
func SendCode(c *page.Ctx) error {
	in, err := page.Bind[scan](c)
	if in.Who == "" {
		in.Who = c.Actor.Person
	}
	var got roster.Scanned
	if err == nil {
		got, err = in.send(c)
	}
	if err != nil {
		p, broken := checkinOf(c, in)
		if broken != nil {
			return broken
		}
		return c.Retry(err, checkinPage(p))
	}
	return scanned(c, in, got)
}

// send runs the command. A code that does not hold is refused after the write: the try counts.
func (in scan) send(c *page.Ctx) (got roster.Scanned, err error) {
	if in.Code == "" {
		return got, fail.Field("code", "rosters.code_missing")
	}
	device := deviceOf(c)
	run := roster.CheckInByCode
	if in.out() {
		run = roster.CheckOutByCode
	}
	shift, err := c.Create(in.Who.Home(), func(tx *db.Tx) (id.ID, error) {
		got, err = run(c, tx, c.Keys, c.Actor, roster.Scan{Person: in.Who, Shift: in.Shift, Code: in.Code, Device: device})
		return got.Signup.Shift, err
	})
	if err == nil && shift == "" {
		err = got.Refused
		if err == nil { // sent twice, and refused the first time
			err = fail.New(fail.Invalid, "roster.code_wrong")
		}
	}
	got.Signup.Shift = shift
	return got, fail.At("code", err)
}

// The cookie that tells one browser from another when codes are given, and how long it stays.
const (
	deviceCookie = "device"
	deviceFor    = 400 * 24 * time.Hour
)

// deviceOf is the hash of this browser for today. A browser without one is given a secret that
// stands for nothing else.
func deviceOf(c *page.Ctx) string {
	secret := c.Kept(deviceCookie)
	if secret == "" {
		secret, _ = auth.NewSecret()
	}
	c.Keep(deviceCookie, secret, deviceFor)
	return roster.DeviceOf(c.Keys, db.Day(c.Now), secret)
}

// scanned says what was written down, and that the first time stands.
func scanned(c *page.Ctx, in scan, got roster.Scanned) error {
	u, err := roster.SignupOf(c, c.DB, got.Signup.Shift, in.Who)
	if err != nil {
		return err
	}
	switch {
	case got.Again && in.out():
		c.FlashWarn("rosters.out_again", "at", clock(u.Departed))
	case got.Again:
		c.FlashWarn("rosters.in_again", "at", clock(u.Arrived))
	case in.out():
		c.Flash("rosters.out_done", "at", clock(u.Departed))
	default:
		c.Flash("rosters.in_done", "at", clock(u.Arrived))
	}
	return c.Redirect(placePath(u.Shift, in.Who))
}
