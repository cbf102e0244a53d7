package web

import "tongxin/internal/web/page"

// menu is the desk's, top to bottom. Each entry shows to whom its Access lets in.
var menu = []page.MenuItem{}
