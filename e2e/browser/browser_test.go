package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// site serves small pages, each with its own trouble.
func site(t *testing.T) string {
	t.Helper()
	pages := map[string]string{
		"/": `<form method=post action=/joined><label for=n>姓名</label><input id=n name=name value=old>
			<label>县区 <select name=county><option value=1>海陵区</option><option value=2>姜堰区</option></select></label>
			<label>日期 <input type=date name=day></label><label><input type=checkbox name=agree> 同意</label>
			<button>报名参加</button></form><a href=/list>名单</a>`,
		"/list": `<ul><li>张三 <button data-who=a>签到</button></li><li>李四 <button data-who=b>签到</button></li></ul><p id=out></p>
			<script src=/list.js></script>`,
		"/slow":     `<p id=out></p><script src=/slow.js></script>`,
		"/covered":  `<button>报名</button><div style="position:fixed;inset:0"></div>`,
		"/console":  `<p>好</p><script src=/console.js></script>`,
		"/throws":   `<p>好</p><script src=/throws.js></script>`,
		"/inline":   `<p>好</p><script>document.title = 'x'</script>`,
		"/missing":  `<p>好</p><script src=/gone.js></script>`,
		"/breaks":   `<p>好</p>`,
		"/dialog":   `<button>删除</button><p id=out></p><script src=/dialog.js></script>`,
		"/scheme":   `<link rel=stylesheet href=/scheme.css><p class=light>浅色</p><p class=dark>深色</p>`,
		"/fine":     `<main><h1>一页</h1><p>可读</p></main>`,
		"/twins":    `<main><h1>一页</h1><p id=a>一</p><p id=a>二</p></main>`,
		"/pale":     `<link rel=stylesheet href=/pale.css><main><h1>一页</h1><p class=pale>看不清</p><input name=x></main>`,
		"/refusing": `<p>班次已满</p>`,
	}
	assets := map[string]string{
		"/list.js": `document.querySelectorAll('button').forEach(b => b.onclick = async () => {
			document.getElementById('out').textContent = '已签到 ' + await (await fetch('/say?who=' + b.dataset.who)).text() })`,
		"/slow.js":    `let n = 0; const step = () => { if (++n < 20) return requestAnimationFrame(step); document.getElementById('out').textContent = '到了' }; step()`,
		"/console.js": `console.error('坏了', 1)`,
		"/throws.js":  `null.x`,
		"/dialog.js":  `document.querySelector('button').onclick = () => { document.getElementById('out').textContent = confirm('真的?') ? '删了' : '没删' }`,
		"/scheme.css": `.dark { display: none } @media (prefers-color-scheme: dark) { .dark { display: block } .light { display: none } }`,
		"/pale.css":   `.pale { color: #ccc; background: #fff }`,
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		if a, ok := assets[r.URL.Path]; ok {
			w.Header().Set("Content-Type", map[bool]string{true: "text/css", false: "text/javascript"}[strings.HasSuffix(r.URL.Path, "css")])
			fmt.Fprint(w, a)
			return
		}
		body, ok := pages[r.URL.Path]
		if !ok {
			http.NotFound(w, r)
			return
		}
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; connect-src 'self'; img-src data:; form-action 'self'")
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		if status := map[string]int{"/breaks": 500, "/refusing": 409}[r.URL.Path]; status != 0 {
			w.WriteHeader(status)
		}
		fmt.Fprintf(w, `<!doctype html><html lang=zh-CN><meta name=viewport content="width=device-width"><title>页</title><link rel=icon href="data:,">%s</html>`, body)
	})
	mux.HandleFunc("POST /joined", func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `<!doctype html><link rel=icon href="data:,"><p>%s|%s|%s|%s</p>`, r.PostFormValue("name"), r.PostFormValue("county"), r.PostFormValue("day"), r.PostFormValue("agree"))
	})
	mux.HandleFunc("/say", func(w http.ResponseWriter, r *http.Request) { fmt.Fprint(w, r.FormValue("who")) })
	mux.HandleFunc("/elder", func(w http.ResponseWriter, r *http.Request) {
		c, err := r.Cookie("elder")
		fmt.Fprintf(w, `<!doctype html><link rel=icon href="data:,"><p>%v %v</p>`, c, err)
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL
}

// TestPerson: a person fills, chooses, ticks and clicks, and what she did arrives.
func TestPerson(t *testing.T) {
	base := site(t)
	p := Launch(t).Person(t, "li", base, Phone)
	p.Open("/")
	p.Fill("姓名", "李小龙")
	p.Fill("县区", "姜堰区")
	p.Fill("日期", "2020-02-28")
	p.Fill("同意", "yes")
	p.Fill("同意", "yes") // ticked already: nothing to do
	p.Click("报名参加")
	p.See("李小龙|2|2020-02-28|on")
	p.DontSee("old")
	if p.Path() != "/joined" {
		t.Errorf("is at %s", p.Path())
	}
	p.Open("/list")
	p.ClickIn("李四", "签到")
	p.See("已签到 b")
	if got := p.Find(`已签到 (\w)`); got != "b" {
		t.Errorf("finds %q", got)
	}
	p.Open("/slow")
	p.See("到了")
	p.Open("/dialog")
	p.Click("删除")
	p.See("删了")
	p.Open("/refusing") // a refusal is an answer, not a fault
	p.See("班次已满")
}

// TestFaults: what goes wrong behind a page is told.
func TestFaults(t *testing.T) {
	base, b := site(t), Launch(t)
	for path, want := range map[string]string{
		"/console": "坏了", "/throws": "TypeError", "/inline": "content security policy: script-src-elem stops inline",
		"/missing": "404 for Script", "/breaks": "500 for Document", "/fine": "", "/refusing": "",
	} {
		page, err := b.Page(Desk)
		if err != nil {
			t.Fatal(err)
		}
		if err := page.Open(base + path); err != nil {
			t.Fatal(err)
		}
		got := strings.Join(page.Faults(), "\n")
		if want == "" && got != "" || !strings.Contains(got, want) {
			t.Errorf("%s: faults %q, want %q", path, got, want)
		}
		page.Close()
	}
}

// TestNotThere: what cannot be done is refused, and the refusal says what there is.
func TestNotThere(t *testing.T) {
	base := site(t)
	page, err := Launch(t).Page(Phone)
	if err != nil {
		t.Fatal(err)
	}
	page.Patience = 0
	open := func(path string) {
		t.Helper()
		if err := page.Open(base + path); err != nil {
			t.Fatal(err)
		}
	}
	refused := func(err error, words ...string) {
		t.Helper()
		for _, w := range words {
			if err == nil || !strings.Contains(err.Error(), w) {
				t.Errorf("says %v, not %s", err, w)
			}
		}
	}
	open("/")
	refused(page.Click("取消"), "no such button or link", "报名参加 | 名单")
	refused(page.Fill("电话", "1"), "no such field", "姓名")
	refused(page.Fill("县区", "高港区"), "no such option", "海陵区")
	refused(page.Fill("日期", "昨天"), "does not take")
	refused(page.See("没有的字"), "waiting to see", "报名参加")
	open("/covered")
	refused(page.Click("报名"), "something lies over it")
}

// TestViews: a page is seen light and dark, at its width, with the person's cookies and nobody else's.
func TestViews(t *testing.T) {
	base, b := site(t), Launch(t)
	dark := Desk
	dark.Dark = true
	b.Person(t, "light", base, Desk).seesOnly("/scheme", "浅色", "深色")
	p := b.Person(t, "dark", base, dark)
	p.seesOnly("/scheme", "深色", "浅色")
	p.Cookies(&http.Cookie{Name: "elder", Value: "on"})
	p.Open("/elder")
	p.See("elder=on")
	other := b.Person(t, "other", base, Phone)
	other.Open("/elder")
	other.See("not present")
	other.Open("/fine")
	if width, err := eval[int](other.Page, "innerWidth"); err != nil || width != 390 {
		t.Errorf("a phone is %d wide (%v)", width, err)
	}
	png, err := other.Page.Picture()
	if err != nil || !strings.HasPrefix(string(png), "\x89PNG") {
		t.Errorf("the picture is %d bytes, %v", len(png), err)
	}
	if w := other.Page.Weight(); w < 200 || w > 3000 {
		t.Errorf("a page of two hundred bytes weighs %d", w)
	}
}

func (p *Person) seesOnly(path, text, not string) {
	p.t.Helper()
	p.Open(path)
	p.See(text)
	p.DontSee(not)
}

// TestAxe: a readable page has no violation; a pale one without a label has two; an id that stands twice is one.
func TestAxe(t *testing.T) {
	base := site(t)
	page, err := Launch(t).Page(Desk)
	if err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{"/fine": "", "/pale": "color-contrast label", "/twins": "duplicate-id"} {
		if err := page.Open(base + path); err != nil {
			t.Fatal(err)
		}
		found, err := page.Axe()
		if err != nil {
			t.Fatal(err)
		}
		var ids []string
		for _, v := range found {
			ids = append(ids, v.ID)
			if len(v.Nodes) == 0 || v.Help == "" {
				t.Errorf("%s: %v says nothing", path, v)
			}
		}
		if got := strings.Join(ids, " "); got != want {
			t.Errorf("%s: axe finds %q, want %q", path, got, want)
		}
	}
	if faults := page.Faults(); len(faults) > 0 {
		t.Errorf("axe itself makes faults: %v", faults)
	}
}
