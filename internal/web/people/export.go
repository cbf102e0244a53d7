package people

import (
	"encoding/json"

	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/web/page"
	"tongxin/internal/work/people"
)

// taken says in which form she takes her data along.
type taken struct {
	Form string `form:"form" max:"10"`
}

// OwnData says what is kept about her and offers it to take along.
func OwnData(c *page.Ctx) error {
	s, err := about(c)
	if err != nil {
		return err
	}
	return c.Render(ownPage(s))
}

// TakeData gives her all that is kept about her, as a sheet or for machines. It is written
// down, and there are only so many a day.
func TakeData(c *page.Ctx) error {
	s, err := about(c)
	if err != nil {
		return err
	}
	in, err := page.Bind[taken](c)
	if err == nil {
		err = c.DB.Write(c, func(tx *db.Tx) error { _, err := people.TakeAlong(c, tx, c.Actor, s.ID, in.Form); return err })
	}
	if err != nil {
		return c.Retry(err, ownPage(s))
	}
	all, err := s.everything(c)
	if err != nil {
		return err
	}
	name := c.T("me.own_file", "no", s.No, "day", db.Day(c.Now))
	if in.Form == "xlsx" {
		c.Attachment(name+".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
		return workbook(c, all)
	}
	c.Attachment(name+".json", "application/json; charset=utf-8")
	e := json.NewEncoder(c.W)
	e.SetIndent("", "  ")
	return e.Encode(machine(c, all))
}

// machine is what is kept, by keys that do not change with the language.
func machine(c *page.Ctx, all []part) map[string]any {
	out := map[string]any{"made": i18n.Stamp(c.Now)}
	for _, p := range all {
		rows := []map[string]string{}
		for _, row := range p.Rows {
			m := map[string]string{}
			for i, col := range p.Cols {
				m[col] = row[i]
			}
			rows = append(rows, m)
		}
		out[p.Key] = rows
	}
	return out
}
