package rosters

import (
	"strings"
	"time"

	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
	"tongxin/internal/work/roster"
)

// shownCode is the code that the desk shows now.
type shownCode struct {
	ui.Spoken
	URL   string // what the picture says
	Until int64  // unix ms: when the next comes
	Out   bool
}

// codeOf is a shift's code of now, as picture, as digits, and as one reads it out.
func codeOf(c *page.Ctx, shift id.ID, out bool) (s shownCode, err error) {
	digits, next, err := roster.DeskCode(c, c.DB, c.Keys, c.Actor, shift, c.Now)
	if err != nil {
		return s, err
	}
	set, err := c.Settings()
	if err != nil {
		return s, err
	}
	left := max(1, int(next.Sub(c.Now).Round(time.Second)/time.Second))
	return shownCode{URL: codeURL(c, shift, digits, out), Until: next.UnixMilli(), Out: out, Spoken: ui.Spoken{First: digits[:3], Second: digits[3:], Say: spoken(c, digits),
		Seconds: left, Of: int(set.CheckInCode / time.Second), Next: c.T("rosters.desk.next", "n", left)}}, nil
}

// codeURL is what the picture says: the page of check-in with the code filled in.
func codeURL(c *page.Ctx, shift id.ID, digits string, out bool) string {
	url := c.Origin() + "/checkin?shift=" + string(shift) + "&code=" + digits
	if out {
		url += "&do=out"
	}
	return url
}

// spoken is how digits are read out, three and three: in Chinese a one is read so that nobody
// takes it for a seven.
func spoken(c *page.Ctx, digits string) string {
	var b strings.Builder
	for i, d := range digits {
		if i == 3 {
			b.WriteString(" ")
		}
		b.WriteString(c.T("rosters.digit." + string(d)))
	}
	return c.T("rosters.desk.say", "digits", strings.TrimSpace(b.String()))
}
