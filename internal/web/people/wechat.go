package people

import (
	"crypto/hmac"
	"crypto/rand"
	"encoding/hex"
	"strconv"
	"strings"
	"time"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/web/page"
	"tongxin/internal/work/notice"
)

// A state goes with her to WeChat and comes back with the code. What it must be her browser keeps,
// hashed under our key with whose it is and until when: so nobody can have another's WeChat bound
// to her record, nor hers to another's, and it is good once.
const (
	stateCookie = "wechat"
	stateFor    = 10 * time.Minute
	cameBack    = "/my/notices/ways/wechat"
)

// stated is what the browser keeps of a state.
func stated(c *page.Ctx, s subject, state, until string) string {
	return until + "." + hex.EncodeToString(c.Keys.Hash("web.wechat", string(c.Actor.Person)+"/"+string(s.ID)+"/"+state+"/"+until))
}

// AskWeChat sends her to WeChat, to come back with a code.
func AskWeChat(c *page.Ctx) error {
	s, err := about(c)
	if err != nil {
		return err
	}
	state := strings.ToLower(rand.Text())
	to, err := notice.WeChatAsks(c, c.DB, cameBack+s.query(), state)
	if err != nil {
		return unbound(c, s, err)
	}
	c.Keep(stateCookie, stated(c, s, state, strconv.FormatInt(db.MS(c.Now.Add(stateFor)), 10)), stateFor)
	return c.Leave(to)
}

type fromWeChat struct {
	Code  string `form:"code" max:"600"`
	State string `form:"state" max:"200"`
}

// FromWeChat has her told by WeChat from now on, when she comes back from there.
func FromWeChat(c *page.Ctx) error {
	s, err := about(c)
	if err != nil {
		return err
	}
	in, err := page.Bind[fromWeChat](c)
	if err == nil {
		err = bind(c, s, in)
	}
	if err != nil {
		return unbound(c, s, err)
	}
	c.Flash("me.ways.bound")
	return c.Redirect("/my/notices/ways" + s.query())
}

// unbound says on the page of her ways why it did not come to that.
func unbound(c *page.Ctx, s subject, err error) error {
	if k := fail.KindOf(err); k != fail.Invalid && k != fail.Conflict {
		return err
	}
	c.FlashWarn(fail.Key(err))
	return c.Redirect("/my/notices/ways" + s.query())
}

func bind(c *page.Ctx, s subject, in fromWeChat) error {
	kept := c.Kept(stateCookie)
	c.Keep(stateCookie, "", -time.Second)
	until, _, _ := strings.Cut(kept, ".")
	ends, err := strconv.ParseInt(until, 10, 64)
	if err != nil || ends <= db.MS(c.Now) || !hmac.Equal([]byte(kept), []byte(stated(c, s, in.State, until))) {
		return fail.New(fail.Invalid, "notice.reason.code")
	}
	openid, err := c.Site.OpenID(c, in.Code)
	if err != nil {
		return err
	}
	return c.DB.Write(c, func(tx *db.Tx) error { return notice.BindWeChat(c, tx, c.Keys, c.Actor, s.ID, openid) })
}
