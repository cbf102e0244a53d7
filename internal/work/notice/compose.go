package notice

import (
	"context"
	"strconv"
	"strings"

	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/send"
	"tongxin/internal/base/send/hook"
	"tongxin/internal/work/people"
)

// compose writes the message of a delivery as things stand now, or says why there is none to
// send: what was read in the meantime, or is not wanted any more, is needless; what is not urgent
// waits for the end of the quiet hours.
func (c *Courier) compose(ctx context.Context, r db.Reader, set config.Settings, d Delivery) (m send.Message, v Verdict, err error) {
	needless := func(why string) (send.Message, Verdict, error) {
		return m, Verdict{delivery: d, state: Needless, reason: why}, nil
	}
	n, err := get(ctx, r, d.Notice)
	switch {
	case fail.KindOf(err) == fail.NotFound:
		return needless("gone")
	case err != nil:
		return m, v, err
	case n.Read > 0:
		return needless("read")
	}
	p, err := people.Get(ctx, r, n.Person)
	if err != nil {
		return m, v, err
	}
	all, err := wishesOf(ctx, r, n.Person.Home(), []id.ID{n.Person})
	if err != nil {
		return m, v, err
	}
	w, k := all[n.Person], kindOf(n.Kind)
	if !w.active {
		return needless("gone")
	}
	if !w.wants(k, d.Channel) {
		return needless("unwanted")
	}
	if end := w.hours(set).End(c.now()); !k.urgent && end.After(c.now()) {
		return m, Verdict{delivery: d, state: Waiting, at: end, free: true}, nil
	}
	m = n.message(set, d, w.language())
	if d.Channel == SMS {
		m.To, err = p.Open(c.keys, people.FieldContact)
	} else {
		m.To, err = c.address(ctx, r, n.Person, d.Channel)
	}
	if err == nil && d.Channel.Templated() {
		m, v, err = templated(ctx, r, m, n, d)
	}
	return m, v, err
}

// message is a notice in words. What goes into a template of a provider's, which is Chinese, is too.
func (n Notice) message(set config.Settings, d Delivery, lang string) send.Message {
	if d.Channel.Templated() {
		lang = i18n.Chinese
	}
	m := send.Message{Key: string(d.ID) + "." + strconv.Itoa(d.Round), Title: i18n.T(lang, "web.brand") + i18n.T(lang, "notice.topic."+string(TopicOf(n.Kind))), Text: n.Text(lang)}
	if set.NoticeSite != "" {
		m.Link = strings.TrimSuffix(set.NoticeSite, "/") + "/my/notices"
	}
	return m
}

// templated puts a notice into what the provider has agreed to.
func templated(ctx context.Context, r db.Reader, m send.Message, n Notice, d Delivery) (send.Message, Verdict, error) {
	t, ok, err := templateOf(ctx, r, d.Channel, n.Kind)
	if err != nil {
		return m, Verdict{}, err
	}
	if !ok {
		return m, Verdict{delivery: d, state: Dead, reason: string(send.Template)}, nil
	}
	values := n.values(i18n.Chinese)
	values[Whole] = m.Text
	m.Template, m.Fields = t.Code, t.fill(values)
	return m, Verdict{}, nil
}

// templateOf is what a provider has agreed to for a kind, or for any.
func templateOf(ctx context.Context, r db.Reader, c Channel, kind string) (t Template, ok bool, err error) {
	all, err := Templates(ctx, r)
	for _, one := range all {
		if one.Channel == c && (one.Kind == kind || one.Kind == Any && t.Kind == "") {
			t, ok = one, true
		}
	}
	return t, ok, err
}

// to spells an address as its channel wants it.
func to(c Channel, address, secret string) string {
	if c == Hook {
		return hook.Target(address, secret)
	}
	return address
}
