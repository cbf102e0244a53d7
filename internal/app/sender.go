package app

import (
	"context"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/send"
	"tongxin/internal/work/notice"
)

// sender delivers one-time codes: as text messages where that is set up; the demonstration shows
// them.
func (a *App) sender() func(context.Context, string, string) (string, error) {
	return func(ctx context.Context, phone, code string) (string, error) {
		sends, err := notice.SendsCodes(ctx, a.DB)
		switch {
		case err != nil:
			return "", err
		case sends:
			return "", a.sendCode(ctx, phone, code)
		case a.Demo:
			return code, nil
		}
		return "", fail.New(fail.Unavailable, "signin.no_sender")
	}
}

func (a *App) sendCode(ctx context.Context, phone, code string) error {
	if f := send.Judge(a.Courier.SendCode(ctx, a.DB, phone, code)); f != nil {
		return fail.Wrap(f, fail.Unavailable, "notice.code_not_sent")
	}
	return nil
}
