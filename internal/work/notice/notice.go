package notice

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/work/people"
)

// Notice is one thing that a person was told.
type Notice struct {
	ID      id.ID
	Person  id.ID
	Kind    string
	Subject id.ID // what it is about, which the inbox opens
	At      int64
	Read    int64 // 0 while it is unread

	args []any // name, value pairs
}

// Tell tells a person something. args are name, value pairs of strings, whole numbers and
// ids for the sentence notice.KIND: nothing personal.
func Tell(tx *db.Tx, person id.ID, kind string, subject id.ID, once string, args ...any) error {
	if len(args)%2 != 0 {
		return fmt.Errorf("notice: %s has a name without a value", kind)
	}
	text, err := json.Marshal(args)
	if err != nil {
		return fmt.Errorf("notice: arguments of %s: %w", kind, err)
	}
	return put(tx, person, kind, subject, once, string(text))
}

// Text is the sentence in a language.
func (n Notice) Text(lang string) string {
	return i18n.T(lang, "notice."+n.Kind, n.shown(lang)...)
}

// shown are the arguments as they are written: a due moment as a day and a time, a start
// with its end as a span, under the name "when".
func (n Notice) shown(lang string) (out []any) {
	for name, v := range n.values(lang) {
		out = append(out, name, v)
	}
	return out
}

// values are the arguments by the names of the sentence's placeholders.
func (n Notice) values(lang string) map[string]string {
	values := map[string]any{}
	for i := 0; i+1 < len(n.args); i += 2 {
		values[fmt.Sprint(n.args[i])] = plain(n.args[i+1])
	}
	out := map[string]string{}
	for name, v := range values {
		ms, whole := v.(int64)
		prefix, starts := strings.CutSuffix(name, "starts")
		end, ends := values[prefix+"ends"].(int64)
		switch {
		case whole && (name == "due" || strings.HasSuffix(name, "_at")):
			v = i18n.DayTime(lang, db.Time(ms))
		case whole && starts && ends:
			name, v = prefix+"when", i18n.DaySpan(lang, db.Time(ms), db.Time(end))
		}
		out[name] = fmt.Sprint(v)
		if whole, ok := v.(int64); ok {
			out[name] = i18n.Number(whole)
		}
	}
	return out
}

// plain is a stored argument: text, or a whole number.
func plain(v any) any {
	number, ok := v.(json.Number)
	if !ok {
		return fmt.Sprint(v)
	}
	if whole, err := number.Int64(); err == nil {
		return whole
	}
	return number.String()
}

// Read marks a notice as read, by the person or by who acts for her.
func Read(ctx context.Context, tx *db.Tx, actor auth.Actor, notice id.ID) error {
	n, err := get(ctx, tx, notice)
	if err != nil {
		return err
	}
	if err := permit(ctx, tx, actor, n.Person); err != nil {
		return err
	}
	return markRead(tx, notice)
}

// ReadAll marks all notices of a person as read.
func ReadAll(ctx context.Context, tx *db.Tx, actor auth.Actor, person id.ID) error {
	if err := permit(ctx, tx, actor, person); err != nil {
		return err
	}
	return markAllRead(tx, person)
}

// permit lets a person and her guardian into an inbox, and nobody of the staff.
func permit(ctx context.Context, r db.Reader, actor auth.Actor, person id.ID) error {
	how, err := people.MayActFor(ctx, r, actor, person)
	if err != nil || how == people.AsStaff {
		return fail.New(fail.NotFound, "notice.unknown")
	}
	return nil
}
