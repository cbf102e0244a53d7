package page_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/web/ui"
)

type everything struct {
	ID     id.ID     `path:"id"`
	Title  string    `form:"title" max:"6"`
	Phone  string    `form:"phone,digits"`
	Places int       `form:"places"`
	Age    *int      `form:"age"`
	Day    string    `form:"day,day"`
	Opens  string    `form:"opens,clock"`
	Starts time.Time `form:"starts"`
	Minor  bool      `form:"minor"`
	Org    id.ID     `form:"org"`
	Skills []string  `form:"skill"`
	Posts  []int     `form:"post"`
	inner
}

type inner struct {
	Note string `form:"note"`
}

// bind runs Bind on a POST and gives what came out.
func bind(t *testing.T, path string, values url.Values) (out everything, err error) {
	t.Helper()
	h, _, _ := site(t, page.Visitor{}, page.Route{Pattern: "POST /x/{id}", Access: page.Public, Handler: func(c *page.Ctx) error {
		out, err = page.Bind[everything](c)
		return nil
	}})
	send(h, post(path, values))
	return out, err
}

func TestBind(t *testing.T) {
	seven := 7
	for name, c := range map[string]struct {
		typed string
		want  everything
	}{
		"nothing":         {"", everything{}},
		"trimmed":         {"title=+%E3%80%80春天%0A+", everything{Title: "春天"}},
		"control chars":   {"title=a%00b%08%EF%BB%BFc", everything{Title: "abc"}},
		"beyond the BMP":  {"title=𠮷𠮷𠮷𠮷𠮷𠮷", everything{Title: "𠮷𠮷𠮷𠮷𠮷𠮷"}},
		"broken bytes":    {"title=a%ff%feb", everything{Title: "ab"}},
		"lines":           {"note=a%0D%0Ab", everything{inner: inner{Note: "a\nb"}}},
		"full-width":      {"places=１２&phone=１３８　0000-1234&day=２０２０-02-29&opens=０8：30", everything{Places: 12, Phone: "13800001234", Day: "2020-02-29", Opens: "08:30"}},
		"negative":        {"places=-1", everything{Places: -1}},
		"thousands":       {"places=1,234", everything{Places: 1234}},
		"optional number": {"age=7", everything{Age: &seven}},
		"moment":          {"starts=2020-02-29T08:30", everything{Starts: time.Date(2020, 2, 29, 8, 30, 0, 0, i18n.Zone())}},
		"checkbox":        {"minor=true", everything{Minor: true}},
		"several":         {"skill=a&skill=&skill=b&post=1&post=２", everything{Skills: []string{"a", "b"}, Posts: []int{1, 2}}},
		"an id":           {"org=" + someone, everything{Org: someone}},
	} {
		t.Run(name, func(t *testing.T) {
			values, _ := url.ParseQuery(c.typed)
			got, err := bind(t, "/x/"+someone, values)
			c.want.ID = someone
			if c.want.Skills == nil {
				c.want.Skills, c.want.Posts = []string{}, []int{}
			}
			if err != nil || !reflect.DeepEqual(got, c.want) {
				t.Errorf("%+v, %v; want %+v", got, err, c.want)
			}
		})
	}
}

func TestBindSaysWhatCannotBeRead(t *testing.T) {
	for typed, want := range map[string]string{
		"title=一二三四五六七":              "title web.form.too_long",
		"places=三":                   "places web.form.number",
		"places=9999999999999999999": "places web.form.number",
		"day=2020-02-30":             "day web.form.day",
		"opens=25:00":                "opens web.form.clock",
		"starts=tomorrow":            "starts web.form.moment",
		"org=321281":                 "org web.form.choose",
		"post=1&post=x":              "post web.form.number",
	} {
		values, _ := url.ParseQuery(typed)
		_, err := bind(t, "/x/"+someone, values)
		f := fail.Fields(err)
		if len(f) != 1 || f[0].Field+" "+f[0].Key != want {
			t.Errorf("%s: %v", typed, err)
		}
		if err != nil && strings.Contains(err.Error(), "tomorrow") {
			t.Errorf("the error repeats what was sent: %v", err)
		}
	}
	values, _ := url.ParseQuery("day=x&opens=y")
	if _, err := bind(t, "/x/"+someone, values); len(fail.Fields(err)) != 2 {
		t.Errorf("both fields: %v", err)
	}
	if _, err := bind(t, "/x/321281-UPPER", nil); fail.KindOf(err) != fail.NotFound {
		t.Errorf("an id that is none: %v", err)
	}
}

// draftForm is a form as a web area has it.
func draftForm() templ.Component {
	return ui.Form("/drafts", "")
}

func field(f ui.F) templ.Component { return ui.Text(f) }

func TestARefusedFormKeepsWhatWasTyped(t *testing.T) {
	form := formWith(draftForm(), field(ui.F{Name: "title", Label: "标题", Value: "旧"}), field(ui.F{Name: "day", Label: "日期"}), ui.Secret(ui.F{Name: "pw", Label: "密码"}))
	h, _, _ := site(t, page.Visitor{}, page.Route{Pattern: "/drafts", Access: page.Public, Handler: func(c *page.Ctx) error {
		if c.R.Method == "GET" {
			return c.Render(form)
		}
		_, err := page.Bind[struct {
			Day string `form:"day,day"`
		}](c)
		return c.Retry(err, form)
	}})
	fresh := body(t, send(h, get("/drafts")))
	has(t, fresh, `value="旧"`, `name="_key"`)
	hasNot(t, fresh, `role="alert"`)

	res := send(h, post("/drafts", url.Values{"title": {`<b>新"`}, "day": {"2月30日"}, "pw": {"geheim"}}))
	text := body(t, res)
	if res.StatusCode != 422 {
		t.Errorf("status %d", res.StatusCode)
	}
	has(t, text, `value="&lt;b&gt;新&#34;"`, `value="2月30日"`, `role="alert"`, `aria-invalid="true"`, `aria-describedby="e-day"`, `id="e-day"`, "请填日期", "有 1 处需要改正", `href="#f-day"`)
	hasNot(t, text, "geheim", `value="旧"`)
}

func TestOnlyTheFormThatWasSentShowsTheRefusal(t *testing.T) {
	form := formWith(ui.Form("/other", ""), field(ui.F{Name: "day", Label: "日期", Value: "旧"}))
	h, _, _ := site(t, page.Visitor{}, page.Route{Pattern: "POST /drafts", Access: page.Public, Handler: func(c *page.Ctx) error {
		return c.Retry(errors.Join(c.Form(), fail.Field("day", "web.form.day")), form)
	}})
	text := body(t, send(h, post("/drafts", url.Values{"day": {"新"}})))
	has(t, text, `value="旧"`)
	hasNot(t, text, `value="新"`, `role="alert"`)
}

func formWith(form templ.Component, fields ...templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		return form.Render(templ.WithChildren(ctx, templ.Join(fields...)), w)
	})
}

func TestABodyTooLargeIsAnsweredInWords(t *testing.T) {
	reached := false
	route := page.Route{Pattern: "POST /x", Access: page.Public, Handler: func(c *page.Ctx) error {
		err := c.Form()
		reached = err == nil
		return err
	}}
	h, _, _ := site(t, page.Visitor{}, route)
	server := httptest.NewServer(h)
	defer server.Close()
	for _, size := range []int{2 << 20, 50 << 20} {
		res, err := http.Post(server.URL+"/x", "application/x-www-form-urlencoded", strings.NewReader("a="+strings.Repeat("b", size)))
		if err != nil {
			t.Fatalf("%d bytes: %v", size, err)
		}
		text := body(t, res)
		res.Body.Close()
		if res.StatusCode != 413 || reached {
			t.Errorf("%d bytes: %d", size, res.StatusCode)
		}
		has(t, text, "内容太大", "一次最多提交 1 MB", "没有保存")
	}
}

func TestARouteMayTakeMore(t *testing.T) {
	var got int64
	h, _, _ := site(t, page.Visitor{}, page.Route{Pattern: "POST /x", Access: page.Public, Body: 4 << 20, Handler: func(c *page.Ctx) error {
		in, err := page.Bind[struct {
			File *multipart.FileHeader `form:"file"`
		}](c)
		if err == nil {
			got = in.File.Size
		}
		return err
	}})
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	part, _ := m.CreateFormFile("file", "a.xlsx")
	part.Write(make([]byte, 3<<20))
	m.Close()
	r := httptest.NewRequest("POST", "/x", &b)
	r.Header.Set("Content-Type", m.FormDataContentType())
	if send(h, r); got != 3<<20 {
		t.Errorf("a file of %d bytes", got)
	}
}

func TestAFormCutOffIsRefused(t *testing.T) {
	h, _, _ := site(t, page.Visitor{}, page.Route{Pattern: "POST /x", Access: page.Public, Handler: func(c *page.Ctx) error { return c.Form() }})
	r := httptest.NewRequest("POST", "/x", strings.NewReader("--b\r\nContent-Dis"))
	r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	res := send(h, r)
	if res.StatusCode != 422 {
		t.Errorf("status %d", res.StatusCode)
	}
	has(t, body(t, res), "表单没有传完整")
}

func TestNamed(t *testing.T) {
	for typed, ok := range map[string]bool{"凤凰路社区": true, " 凤凰路社区 ": true, "凤凰路": false, "": false} {
		var err error
		h, _, _ := site(t, page.Visitor{}, page.Route{Pattern: "POST /x", Access: page.Public, Handler: func(c *page.Ctx) error {
			err = c.Named("凤凰路社区")
			return nil
		}})
		send(h, post("/x", url.Values{"confirm": {typed}}))
		if (err == nil) != ok {
			t.Errorf("%q: %v", typed, err)
		}
	}
}

func TestAFormSentTwiceCountsOnce(t *testing.T) {
	ran := 0
	h, _, _ := site(t, page.Visitor{Actor: auth.Actor{Person: someone}}, page.Route{Pattern: "POST /x", Access: page.Public, Handler: func(c *page.Ctx) error {
		made, err := c.Create("321281", func(tx *db.Tx) (id.ID, error) {
			ran++
			return tx.NewID("321281"), nil
		})
		if err != nil {
			return err
		}
		return c.Redirect("/drafts/" + string(made))
	}})
	once := url.Values{"_key": {"ABC"}, "title": {"春"}}
	first, again := send(h, post("/x", once)), send(h, post("/x", once))
	if ran != 1 || first.StatusCode != 303 || first.Header.Get("Location") != again.Header.Get("Location") {
		t.Errorf("ran %d times: %v, %v", ran, first.Header, again.Header)
	}
	other := send(h, post("/x", url.Values{"_key": {"ABC"}, "title": {"夏"}}))
	if ran != 1 || other.StatusCode != 422 {
		t.Errorf("the same key with another form: %d, ran %d times", other.StatusCode, ran)
	}
	if send(h, post("/x", url.Values{"_key": {"DEF"}, "title": {"春"}})); ran != 2 {
		t.Errorf("a new form did not run: %d", ran)
	}
}
