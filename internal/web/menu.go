package web

import (
	"tongxin/internal/base/auth"
	"tongxin/internal/web/page"
)

// menu is the desk's, top to bottom. Each entry shows to whom its Access lets in.
var menu = []page.MenuItem{
	{Href: "/desk/audits", Icon: "list", Key: "audits.title", Access: page.Staff(auth.Auditor)},
	{Href: "/desk/settings", Icon: "gear", Key: "settings.title", Access: page.Staff(auth.SystemAdmin)},
}
