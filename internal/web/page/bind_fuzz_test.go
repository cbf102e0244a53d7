package page_test

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
)

// Whatever a form sends is read or refused in words, never by a panic; and a way back leads nowhere else.
func FuzzBind(f *testing.F) {
	for _, s := range []string{"id=321281-01jd3k8zq4w7c2xv&n=１２&day=2020-02-28&at=2020-02-28T14:26&clock=14:30&list=a&list=&on=true", "n=99999999999999999999&day=2020-02-30", "%zz=1&a=%00", "n=-1;n=2", "id=" + strings.Repeat("1", 9000),
		"back=//elsewhere.example", "back=/\\elsewhere.example", "back=javascript:alert(1)", "\xff\xfe=\u202e", "day=%00&%00=%ff"} {
		f.Add(s)
	}
	h, _, _ := site(f, page.Visitor{}, page.Route{Pattern: "POST /x", Access: page.Public, Handler: func(c *page.Ctx) error {
		in, err := page.Bind[struct {
			ID    id.ID     `form:"id"`
			N     int       `form:"n"`
			Many  *int64    `form:"many"`
			Day   string    `form:"day,day"`
			At    time.Time `form:"at"`
			Clock string    `form:"clock,clock"`
			Phone string    `form:"phone,digits" max:"40"`
			List  []string  `form:"list"`
			On    bool      `form:"on"`
			Back  string    `form:"back"`
		}](c)
		if err != nil {
			return err
		}
		return c.Redirect(in.Back)
	}})
	f.Fuzz(func(t *testing.T, body string) {
		r := httptest.NewRequest("POST", "/x", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		res := send(h, r)
		to := res.Header.Get("Location")
		if res.StatusCode >= 500 || to != "" && (!strings.HasPrefix(to, "/") || strings.HasPrefix(to, "//") || strings.Contains(to, "\\")) {
			t.Errorf("%q: %d to %q", body, res.StatusCode, to)
		}
	})
}
