package settings

import (
	"slices"
	"strings"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/work/notice"
)

// channel is one way to people as it is set up.
type channel struct {
	notice.Setup
	Templates int
}

// Channels shows how the ways to people are set up.
func Channels(c *page.Ctx) error {
	all, err := channels(c)
	if err != nil {
		return err
	}
	return c.Render(channelsPage(all))
}

func channels(c *page.Ctx) (all []channel, err error) {
	setups, err := notice.Setups(c, c.DB)
	if err != nil {
		return nil, err
	}
	templates, err := notice.Templates(c, c.DB)
	for _, name := range notice.Channels() {
		s := setups[name]
		s.Channel = name
		one := channel{Setup: s}
		for _, t := range templates {
			if t.Channel == name {
				one.Templates++
			}
		}
		all = append(all, one)
	}
	return all, err
}

type channelForm struct {
	Channel string `path:"channel"`
}

// SaveChannel changes how a way to people is set up. The fields are named channel.field, so
// that a refusal stands at the one that was refused.
func SaveChannel(c *page.Ctx) error {
	in, err := page.Bind[channelForm](c)
	if err != nil {
		return err
	}
	name, fields := notice.Channel(in.Channel), map[string]string{}
	for _, f := range name.Settings() {
		fields[f.Name] = c.R.PostForm.Get(in.Channel + "." + f.Name)
	}
	err = c.Write(id.Operator, func(tx *db.Tx) error {
		return notice.SetUp(c, tx, c.Keys, c.Actor, name, c.R.PostForm.Get(in.Channel+".working") == "true", fields)
	})
	if err != nil {
		all, readErr := channels(c)
		if readErr != nil {
			return readErr
		}
		return c.Retry(at(in.Channel, err), channelsPage(all))
	}
	c.Flash("channels.saved")
	return c.Redirect("/desk/channels")
}

// at puts what is wrong with a channel's fields at their names on the page.
func at(channel string, err error) error {
	if fail.KindOf(err) != fail.Invalid {
		return err
	}
	var all []error
	for _, p := range fail.Fields(err) {
		all = append(all, fail.Field(channel+"."+p.Field, p.Key, p.Args...))
	}
	if len(all) == 0 {
		return err
	}
	return fail.Join(all...)
}

// templates are what a provider has agreed to, kind by kind.
type templates struct {
	Channel notice.Channel
	Rows    []notice.Template // of every kind that may have one
}

// Templates shows what a provider has agreed to.
func Templates(c *page.Ctx) error {
	t, err := templatesOf(c)
	if err != nil {
		return err
	}
	return c.Render(templatesPage(t))
}

func templatesOf(c *page.Ctx) (t templates, err error) {
	t.Channel = notice.Channel(c.Path("channel"))
	if !t.Channel.Templated() {
		return t, fail.New(fail.NotFound, "notice.channel_unknown")
	}
	kinds := append([]string{notice.Any}, notice.Short()...)
	if t.Channel == notice.SMS {
		kinds = append([]string{notice.Code}, kinds...)
	}
	stored, err := notice.Templates(c, c.DB)
	for _, k := range kinds {
		row := notice.Template{Channel: t.Channel, Kind: k}
		if i := slices.IndexFunc(stored, func(s notice.Template) bool { return s.Channel == t.Channel && s.Kind == k }); i >= 0 {
			row = stored[i]
		}
		t.Rows = append(t.Rows, row)
	}
	return t, err
}

// SaveTemplate keeps one; its fields are named by its kind.
func SaveTemplate(c *page.Ctx) error {
	if err := c.Form(); err != nil {
		return err
	}
	kind := c.R.PostForm.Get("kind")
	in := notice.Template{Channel: notice.Channel(c.Path("channel")), Kind: kind, Code: c.R.PostForm.Get(kind + ".code"), Text: c.R.PostForm.Get(kind + ".text")}
	err := c.Write(id.Operator, func(tx *db.Tx) error { return notice.SaveTemplate(c, tx, c.Actor, in) })
	if err != nil {
		t, readErr := templatesOf(c)
		if readErr != nil {
			return readErr
		}
		return c.Retry(at(kind, err), templatesPage(t))
	}
	c.Flash("templates.saved")
	return c.Redirect("/desk/channels/" + string(in.Channel) + "/templates#k-" + strings.ReplaceAll(kind, ".", "-"))
}
