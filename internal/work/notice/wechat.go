package notice

import (
	"context"
	"strings"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/send"
	"tongxin/internal/base/send/wechat"
)

// Binds says whether people can have themselves told by WeChat: the channel works, and it is known
// where WeChat is to send them back.
func Binds(ctx context.Context, r db.Reader) (bool, error) {
	s, err := SetupOf(ctx, r, WeChat)
	if err != nil || !s.Working {
		return false, err
	}
	set, err := config.Load(ctx, r)
	return err == nil && set.NoticeSite != "", err
}

// WeChatAsks is where a person's WeChat is sent to come back to a path of ours with a code that says
// who she is there.
func WeChatAsks(ctx context.Context, r db.Reader, path, state string) (string, error) {
	binds, err := Binds(ctx, r)
	if err == nil && !binds {
		err = fail.New(fail.Conflict, "notice.channel_off")
	}
	if err != nil {
		return "", err
	}
	s, err := SetupOf(ctx, r, WeChat)
	if err != nil {
		return "", err
	}
	set, err := config.Load(ctx, r)
	return wechat.AskURL(s.Fields["appid"], strings.TrimSuffix(set.NoticeSite, "/")+path, state), err
}

// follower is a channel that knows people by what they bring from it.
type follower interface {
	OpenID(ctx context.Context, code string) (string, error)
}

// OpenID gives the code that somebody brought from WeChat for the name by which it knows her.
func (c *Courier) OpenID(ctx context.Context, r db.Reader, code string) (string, error) {
	s, err := SetupOf(ctx, r, WeChat)
	if err != nil {
		return "", err
	}
	if !s.Working {
		return "", fail.New(fail.Conflict, "notice.channel_off")
	}
	channel, err := c.channel(s)
	if err != nil {
		return "", err
	}
	f, ok := channel.(follower)
	if !ok {
		return "", fail.New(fail.Conflict, "notice.channel_off")
	}
	ctx, cancel := context.WithTimeout(ctx, patient)
	defer cancel()
	openid, err := f.OpenID(ctx, code)
	if why := send.Judge(err); why != nil {
		return "", fail.Wrap(why, fail.Invalid, "notice.reason."+string(why.Reason))
	}
	return openid, nil
}

// BindWeChat notes under which name WeChat knows a person who came from there.
func BindWeChat(ctx context.Context, tx *db.Tx, keys *crypt.Keys, actor auth.Actor, person id.ID, openid string) error {
	if err := permit(ctx, tx, actor, person); err != nil {
		return err
	}
	if _, err := putAddress(tx, person, WeChat, keys.Seal("notice_address", sealedAs(WeChat, "address"), person, openid), nil, nil, tx.Now, tx.Now); err != nil {
		return err
	}
	if err := proveAddress(tx, person, WeChat); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "notice.address_proved", Subject: person, After: map[string]any{"channel": WeChat}})
}
