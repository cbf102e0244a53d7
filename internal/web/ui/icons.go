package ui

// icons are drawn on a grid of 24, some small ones of 18 or 16, in the colour of the text.
var icons = map[string]icon{
	"home":     {24, `<path d="M4 11l8-7 8 7v8.5a1 1 0 0 1-1 1h-4.5V14h-5v6.5H5a1 1 0 0 1-1-1z"/>`},
	"search":   {24, `<circle cx="11" cy="11" r="6.5"/><path d="M20 20l-4.2-4.2"/>`},
	"shifts":   {24, `<rect x="4" y="5" width="16" height="15" rx="2"/><path d="M4 10h16M8 3v4m8-4v4m-7 8 2 2 4-4"/>`},
	"me":       {24, `<circle cx="12" cy="8.5" r="4"/><path d="M4.5 20.5c.7-4 3.6-6 7.5-6s6.8 2 7.5 6"/>`},
	"bell":     {24, `<path d="M6 16.5V11a6 6 0 0 1 12 0v5.5l1.5 2h-15zM10 21h4"/>`},
	"back":     {24, `<path d="M15 5l-7 7 7 7"/>`},
	"share":    {24, `<path d="M12 15V4m0 0L8 8m4-4 4 4M5 13v5a2 2 0 0 0 2 2h10a2 2 0 0 0 2-2v-5"/>`},
	"scan":     {24, `<path d="M4 8V5.5A1.5 1.5 0 0 1 5.5 4H8m8 0h2.5A1.5 1.5 0 0 1 20 5.5V8m0 8v2.5a1.5 1.5 0 0 1-1.5 1.5H16m-8 0H5.5A1.5 1.5 0 0 1 4 18.5V16M4 12h16"/>`},
	"chart":    {24, `<path d="M4 19V9m5.5 10V5M15 19v-7m5 7V8"/>`},
	"calendar": {24, `<rect x="4" y="5" width="16" height="15" rx="2"/><path d="M4 10h16M8 3v4m8-4v4"/>`},
	"team":     {24, `<circle cx="9" cy="8" r="3.5"/><path d="M3 20c.5-3.5 3-5.5 6-5.5s5.5 2 6 5.5M16 5a3.3 3.3 0 0 1 0 6.5M21 19.5c-.3-2.5-1.5-4-3.5-4.8"/>`},
	"heart":    {24, `<path d="M8 12.5 5.5 10a3.5 3.5 0 0 1 5-5L12 6.5 13.5 5a3.5 3.5 0 0 1 5 5L12 16.5z"/><path d="M4 20.5h16"/>`},
	"clock":    {24, `<circle cx="12" cy="12" r="8"/><path d="M12 7.5V12l3 2"/>`},
	"box":      {24, `<path d="M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4m-8 4v8"/>`},
	"phone":    {24, `<path d="M6 4h3l1.5 4-2 1.5a12 12 0 0 0 6 6l1.5-2 4 1.5v3a2 2 0 0 1-2 2A16 16 0 0 1 4 6a2 2 0 0 1 2-2z"/>`},
	"progress": {24, `<path d="M4 6h10M4 12h16M4 18h7M18 4v4m-5 8v4"/>`},
	"doc":      {24, `<path d="M6 3h9l4 4v14H6zM9 11h7m-7 4h7"/>`},
	"list":     {24, `<path d="M5 5h14M5 12h14M5 19h14"/>`},
	"tree":     {24, `<rect x="9" y="3.5" width="6" height="5" rx="1"/><rect x="3.5" y="15.5" width="6" height="5" rx="1"/><rect x="14.5" y="15.5" width="6" height="5" rx="1"/><path d="M12 8.5V12m-5.5 3.5V12h11v3.5"/>`},
	"flag":     {24, `<path d="M6 21V4m0 1h11l-2.5 4L17 13H6"/>`},
	"review":   {24, `<path d="M6 3h12v18H6zM9 8h6m-6 4h3m-1 4 1.5 1.5L16 14"/>`},
	"shield":   {24, `<path d="M12 3.5l7 2.5v5.5c0 4.5-3 7.5-7 9-4-1.5-7-4.5-7-9V6zM9 12l2.2 2.2L15.5 10"/>`},
	"gear":     {24, `<circle cx="12" cy="12" r="3"/><path d="M12 3.5v3m0 11v3M3.5 12h3m11 0h3M6 6l2.1 2.1m7.8 7.8L18 18m0-12-2.1 2.1M8.1 15.9 6 18"/>`},
	"plus":     {24, `<path d="M12 5v14M5 12h14"/>`},
	"close":    {24, `<path d="M5 5l14 14M19 5L5 19"/>`},
	"menu":     {24, `<path d="M4 7h16M4 12h16M4 17h16"/>`},
	"print":    {24, `<path d="M7 9V4h10v5M7 17H4.5V9.5h15V17H17m-10-3h10v6H7z"/>`},
	"undo":     {24, `<path d="M8 5 4 9l4 4M4.5 9H14a5 5 0 0 1 0 10H9"/>`},
	"alert":    {24, `<path d="M12 4 2.8 19.5h18.4zM12 10v4.5m0 2.5v.01"/>`},
	"net":      {24, `<path d="M3 3l18 18M8.5 15.5a5 5 0 0 1 6.5-.3M5 12a10 10 0 0 1 5-2.8m4 .1a10 10 0 0 1 5 2.7M2 8.5A15 15 0 0 1 7 5.4m4-.9a15 15 0 0 1 11 4M12 19.5h.01"/>`},
	"tick":     {16, `<path d="M3 8.5l3.5 3.5L13 5"/>`},
	"down":     {10, `<path d="M1 3l4 4 4-4"/>`},
	"ok":       {18, `<circle class="disc" cx="9" cy="9" r="8"/><path d="M5.5 9.3l2.5 2.5 4.5-5"/>`},
	"wait":     {18, `<circle class="dash" cx="9" cy="9" r="7.2"/><path d="M9 5.5V9l2.3 1.7"/>`},
	"no":       {18, `<circle cx="9" cy="9" r="7.2"/>`},
	"left":     {18, `<path d="M7.5 2.5H4A1.5 1.5 0 0 0 2.5 4v10A1.5 1.5 0 0 0 4 15.5h3.5M7.5 9h8m-3-3.2L15.5 9l-3 3.2"/>`},
	"stop":     {18, `<circle cx="9" cy="9" r="7.2"/><path d="M9 5v5m0 2.8v.01"/>`},
}

type icon struct {
	grid int
	draw string
}
