package people

import (
	"cmp"
	"strings"

	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/work/notice"
)

// inbox is one page of notices.
type inbox struct {
	subject
	All    []notice.Notice
	Next   string
	Unread int
}

// Notices shows what a person was told.
func Notices(c *page.Ctx) error {
	s, err := about(c)
	if err != nil {
		return err
	}
	b := inbox{subject: s}
	if b.All, b.Next, err = notice.Inbox(c, c.DB, c.Actor, s.ID, c.Query("after")); err != nil {
		return err
	}
	if b.Unread, err = notice.Unread(c, c.DB, s.ID); err != nil {
		return err
	}
	return c.Render(noticesPage(b))
}

type told struct {
	ID id.ID `path:"notice"`
}

// OpenNotice marks a notice as read and goes to what it tells of.
func OpenNotice(c *page.Ctx) error {
	in, err := page.Bind[told](c)
	if err != nil {
		return err
	}
	n, err := notice.Get(c, c.DB, c.Actor, in.ID)
	if err != nil {
		return err
	}
	if err := c.DB.Write(c, func(tx *db.Tx) error { return notice.Read(c, tx, c.Actor, in.ID) }); err != nil {
		return err
	}
	return c.Redirect(subjectPath(n))
}

// subjects are the pages of what notices tell of: by their kind, else by its first word. What ends with a slash is followed by the
// id of what it is about.
var subjects = map[string]string{"roster": "/shifts/", "activity": "/desk/activities/", "activity.changed": "/activities/", "org": "/orgs/mine/", "guidance": "/desk/guidance/",
	"roster.certificate_ends": "/my/data/certificates", "report": "/desk/reports/", "report.remind": "/desk/reports", "bulletin": "/desk/bulletins",
	"callup": "/desk/receipts/", "article": "/desk/articles/", "callup.asked": "/callups/", "callup.appealed": "/appeals/", "callup.offered": "/callups/", "callup.over": "/callups/", "callup.over_waiting": "/callups/"}

// subjectPath is the page of what a notice tells of; the inbox where there is none.
func subjectPath(n notice.Notice) string {
	area, _, _ := strings.Cut(n.Kind, ".")
	path := cmp.Or(subjects[n.Kind], subjects[area])
	switch {
	case path == "" || n.Subject == "":
		return "/my/notices"
	case strings.HasSuffix(path, "/"):
		return path + string(n.Subject)
	}
	return path
}

// ReadAll marks all notices as read.
func ReadAll(c *page.Ctx) error {
	s, err := about(c)
	if err != nil {
		return err
	}
	if err := c.Write(s.Home, func(tx *db.Tx) error { return notice.ReadAll(c, tx, c.Actor, s.ID) }); err != nil {
		return err
	}
	return c.Redirect("/my/notices" + s.query())
}
