package app_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"testing"
	"time"

	"tongxin/internal/app"
	"tongxin/internal/base/db/dbtest"
	"tongxin/internal/web/page"
)

// hurried is a server without much patience: tests need not wait.
func hurried(t *testing.T) (addr, secret string) {
	t.Helper()
	city := newSmallCity(t)
	a, err := app.Open(t.Context(), app.Config{DSN: city.dsn, Keys: city.keys, Now: dbtest.NewClock().Now, Demo: true,
		Patience: app.Patience{Header: time.Second, Idle: time.Second, Pace: page.Pace{Grace: time.Second, Rate: 4 << 10}}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close() })
	if secret, err = a.Token(t.Context(), "320000", "admin", "test"); err != nil {
		t.Fatal(err)
	}
	at, err := app.Listen{Addr: "127.0.0.1:0"}.Bind()
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	served := make(chan error, 1)
	go func() { served <- a.Serve(ctx, at) }()
	t.Cleanup(func() {
		stop()
		if err := <-served; err != nil {
			t.Error(err)
		}
	})
	return at.Addr().String(), secret
}

// slowly sends a head at once and then one byte after the other until the server has had enough,
// and gives what it said.
func slowly(t *testing.T, addr, head string, more func() byte) string {
	t.Helper()
	c, err := net.Dial("tcp", addr)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if _, err := io.WriteString(c, head); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	for end := time.Now().Add(10 * time.Second); time.Now().Before(end); {
		c.SetReadDeadline(time.Now().Add(20 * time.Millisecond))
		_, err := io.Copy(&said, c)
		if timeout, ok := err.(net.Error); err == nil || !ok || !timeout.Timeout() {
			return said.String() // it closed
		}
		if more != nil {
			c.Write([]byte{more()})
		}
	}
	t.Errorf("%.60q… is still waited for; it was answered %q", head, said.String())
	return ""
}

// TestSlowSendersAreCutOff: whoever sends a head or a body slowly, or not to its end, is told so, or cut
// off, and holds up nobody meanwhile.
func TestSlowSendersAreCutOff(t *testing.T) {
	addr, secret := hurried(t)
	x := func() byte { return 'x' }
	form := "POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
	machine := "POST /api/v1/shifts/320000-0000000000000001/signups HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
	for _, c := range []struct {
		name, head string
		more       func() byte
		want       string // of the answer; "": none
	}{
		{"nothing", "", nil, ""},
		{"half a head", "GET / HTTP/1.1\r\nHost: x\r\nX-", nil, "HTTP/1.1 400"},
		{"a head by and by", "GET / HTTP/1.1\r\nHost: x\r\nX-", x, "HTTP/1.1 400"},
		{"no second request", "GET /readyz HTTP/1.1\r\nHost: x\r\n\r\n", nil, "HTTP/1.1 200"},
		{"half a form", form + "Content-Length: 9\r\n\r\nphone", nil, "传得太慢"},
		{"a form by and by", form + "Content-Length: 900000\r\n\r\nphone=", x, "传得太慢"},
		{"a form in pieces", form + "Transfer-Encoding: chunked\r\n\r\n5\r\nphone\r\n", nil, "传得太慢"},
		{"a file by and by", strings.Replace(form, "application/x-www-form-urlencoded", "multipart/form-data; boundary=b", 1) +
			"Content-Length: 900000\r\n\r\n--b\r\nContent-Disposition: form-data; name=a\r\n\r\n", x, "传得太慢"},
		{"a request of a machine", machine + "Authorization: Bearer " + secret + "\r\nContent-Length: 900000\r\n\r\n{", x, `"code":"api.too_slow"`},
		{"a request of anybody's machine", machine + "Content-Length: 900000\r\n\r\n{", x, "HTTP/1.1 401"},
		{"a body for nobody", "POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n", x, "HTTP/1.1 404"},
		{"a body with a look", "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n", x, "HTTP/1.1 200"},
		{"more than anybody takes", form + "Content-Length: 99999999999\r\n\r\n", x, "内容太大"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if said := slowly(t, addr, c.head, c.more); !strings.HasPrefix(said, "HTTP/1.1 ") && c.want != "" || !strings.Contains(said, c.want) || c.want == "" && said != "" {
				t.Errorf("it was answered %.400q", said)
			}
		})
	}
}

// TestASlowSenderHoldsNoWriter: while somebody's form is on its way, others write.
func TestASlowSenderHoldsNoWriter(t *testing.T) {
	addr, _ := hurried(t)
	sent := 0
	slowly(t, addr, "POST /join HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 900000\r\n\r\nname=", func() byte {
		res, err := http.PostForm("http://"+addr+"/sign-in", map[string][]string{"phone": {fmt.Sprintf("138000000%02d", sent)}})
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode >= 500 {
			t.Errorf("status %d", res.StatusCode)
		}
		sent++
		return 'x'
	})
	if sent == 0 {
		t.Error("nobody wrote meanwhile")
	}
}

// TestBombsForTheServer: what is too large, too deep or of too many parts is refused in words, and not held.
func TestBombsForTheServer(t *testing.T) {
	addr, _ := hurried(t)
	send := func(head map[string]string, body string) string {
		text := "POST /sign-in HTTP/1.1\r\nHost: x\r\nConnection: close\r\n"
		for k, v := range head {
			text += k + ": " + v + "\r\n"
		}
		c, err := net.Dial("tcp", addr)
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		go io.WriteString(c, text+fmt.Sprintf("Content-Length: %d\r\n\r\n", len(body))+body) // it may be cut off
		said, _ := io.ReadAll(c)
		return string(said)
	}
	form := map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
	parts := map[string]string{"Content-Type": "multipart/form-data; boundary=b"}
	part := func(head string) string {
		return "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n" + head + "\r\nx\r\n"
	}
	const mb = 1 << 20
	for _, c := range []struct {
		name string
		head map[string]string
		body string
		want []string // any of them
	}{
		{"a long header", map[string]string{"X-Long": strings.Repeat("x", mb)}, "", []string{"HTTP/1.1 431"}},
		{"many headers", map[string]string{"X": "y\r\n" + strings.Repeat("X-Many: y\r\n", 20_000) + "Z: z"}, "", []string{"HTTP/1.1 431"}},
		{"many cookies", map[string]string{"Cookie": strings.Repeat("a=b; ", 10_000)}, "phone=1", []string{"HTTP/1.1 4"}},
		{"two lengths", map[string]string{"Content-Length": "7"}, "phone=13800000000", []string{"HTTP/1.1 400"}},
		{"two codings", map[string]string{"Transfer-Encoding": "chunked, chunked"}, "0\r\n\r\n", []string{"HTTP/1.1 501", "HTTP/1.1 400"}},
		{"a large body", form, strings.Repeat("x", 8*mb), []string{"内容太大"}},
		{"many values", form, strings.Repeat("a&", mb/2), []string{"表单没有传完整"}},
		{"broken escapes", form, strings.Repeat("%zz", 1000), []string{"表单没有传完整"}},
		{"many parts", parts, strings.Repeat(part(""), 10_000) + "--b--", []string{"表单没有传完整"}},
		{"a part of many headers", parts, part(strings.Repeat("X: y\r\n", 100_000)) + "--b--", []string{"表单没有传完整"}},
		{"many parts of many headers", parts, strings.Repeat(part(strings.Repeat("X: y\r\n", 100)), 900) + "--b--", []string{"HTTP/1.1 422"}},
		{"a field with a huge name", parts, strings.ReplaceAll(part(""), `"a"`, `"`+strings.Repeat("a", mb/2)+`"`) + "--b--", []string{"表单没有传完整", "HTTP/1.1 422"}},
		{"a truncated boundary", parts, part("") + "--", []string{"表单没有传完整"}},
		{"no boundary", map[string]string{"Content-Type": "multipart/form-data"}, part(""), []string{"表单没有传完整"}},
		{"a huge boundary", map[string]string{"Content-Type": "multipart/form-data; boundary=" + strings.Repeat("b", 30_000)}, part(""), []string{"表单没有传完整"}},
		{"boundaries in boundaries", parts, strings.Repeat("--b\r\n--b\r\n", 50_000), []string{"表单没有传完整"}},
		{"parts within parts", parts, strings.Repeat("--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n", 10_000), []string{"表单没有传完整"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			said := send(c.head, c.body)
			runtime.ReadMemStats(&after)
			ok := false
			for _, w := range c.want {
				ok = ok || strings.HasPrefix(said, "HTTP/1.1 ") && strings.Contains(said, w)
			}
			if !ok {
				t.Errorf("it was answered %.2000s", said)
			}
			if took := (after.TotalAlloc - before.TotalAlloc) >> 20; took > 64 {
				t.Errorf("it took %d MB", took)
			} else {
				t.Logf("%d MB", took)
			}
		})
	}
}
