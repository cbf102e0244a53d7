package page

import (
	"crypto/hmac"
	"encoding/base64"
	"encoding/json"
	"strings"
	"time"

	"tongxin/internal/web/ui"
)

// A flash travels in a signed cookie: nothing of it is in a URL, and nobody can make one.
const flashCookie = "flash"

// Flash shows a message once, on the next page.
func (c *Ctx) Flash(key string, args ...any) {
	c.setFlash(ui.Flash{Kind: "ok", Text: c.T(key, args...)})
}

// FlashWarn is [Ctx.Flash] for what went otherwise than expected.
func (c *Ctx) FlashWarn(key string, args ...any) {
	c.setFlash(ui.Flash{Kind: "warn", Text: c.T(key, args...)})
}

// FlashUndo is [Ctx.Flash] with a button that posts to undo.
func (c *Ctx) FlashUndo(undo, key string, args ...any) {
	c.setFlash(ui.Flash{Kind: "ok", Text: c.T(key, args...), Undo: undo})
}

func (c *Ctx) setFlash(f ui.Flash) {
	b, _ := json.Marshal(f)
	text := base64.RawURLEncoding.EncodeToString(b)
	c.setCookie(flashCookie, text+"."+c.sign(text), 5*time.Minute)
}

// takeFlash is the message that waits for this page, which is then gone.
func (c *Ctx) takeFlash() *ui.Flash {
	value := cookie(c.R, flashCookie)
	if value == "" || c.Htmx() {
		return nil
	}
	c.setCookie(flashCookie, "", -time.Second)
	text, mac, _ := strings.Cut(value, ".")
	b, err := base64.RawURLEncoding.DecodeString(text)
	var f ui.Flash
	if err != nil || !hmac.Equal([]byte(mac), []byte(c.sign(text))) || json.Unmarshal(b, &f) != nil {
		return nil
	}
	return &f
}

func (c *Ctx) sign(text string) string {
	return base64.RawURLEncoding.EncodeToString(c.Keys.Hash("web.flash", text))
}
