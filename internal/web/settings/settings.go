package settings

import (
	"strings"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/org"
)

// row is one setting as it stands.
type row struct {
	config.Definition
	Now, Usual string // its value, and the value it would have untouched
}

// group is the settings of one area, by the first part of their keys.
type group struct {
	Area string
	Rows []row
}

// Show lists all settings by area.
func Show(c *page.Ctx) error {
	groups, err := all(c)
	if err != nil {
		return err
	}
	return c.Render(settingsPage(groups))
}

func all(c *page.Ctx) ([]group, error) {
	now, err := config.Load(c, c.DB)
	if err != nil {
		return nil, err
	}
	usual := config.Defaults()
	var groups []group
	for _, d := range config.Definitions() {
		area, _, _ := strings.Cut(d.Key, ".")
		if len(groups) == 0 || groups[len(groups)-1].Area != area {
			groups = append(groups, group{Area: area})
		}
		g := &groups[len(groups)-1]
		g.Rows = append(g.Rows, row{d, d.Value(now), d.Value(usual)})
	}
	return groups, nil
}

// edit is one setting with the value that was typed, in the field named like it.
type edit struct {
	Key   string `path:"key"`
	Value string
}

// Save changes one setting.
func Save(c *page.Ctx) error {
	in, err := page.Bind[edit](c)
	if err != nil {
		return err
	}
	in.Value = strings.TrimSpace(c.R.PostFormValue(in.Key))
	err = c.Write(id.Operator, func(tx *db.Tx) error { return save(c, tx, in) })
	if err != nil {
		if fail.KindOf(err) != fail.Invalid {
			return err
		}
		groups, readErr := all(c)
		if readErr != nil {
			return readErr
		}
		return c.Retry(err, settingsPage(groups))
	}
	c.Flash("settings.saved")
	return c.Redirect("/desk/settings#f-" + in.Key)
}

func save(c *page.Ctx, tx *db.Tx, in edit) error {
	d, ok := config.DefinitionOf(in.Key)
	if !ok {
		return fail.New(fail.NotFound, "config.unknown")
	}
	before, err := config.Load(c, tx)
	if err != nil {
		return err
	}
	if err := config.Save(tx, in.Key, in.Value); err != nil {
		return err
	}
	if in.Key == activity.RiskySetting { // what it says holds at once, for what is not over too
		if err := activity.FollowRisky(c, tx); err != nil {
			return err
		}
	}
	tops, err := org.Seats(c, tx, c.Actor, auth.SystemAdmin)
	if err != nil || len(tops) == 0 {
		return fail.New(fail.Forbidden, "org.out_of_reach")
	}
	return audit.Record(tx, c.Actor, audit.Entry{Action: "config.changed", Subject: tops[0].Org, Org: tops[0].Org,
		Before: map[string]string{in.Key: d.Value(before)}, After: map[string]string{in.Key: in.Value}})
}
