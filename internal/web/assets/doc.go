// Package assets holds the files that pages load: one style sheet, one small script and
// htmx. They are embedded, served under a name that contains their hash, compressed
// once, and may be kept by browsers for a year.
//
// The style sheet is written in parts (css/, in the order of [sheets]) and served as one.
// Sizes are in rem, so that elder mode can enlarge everything by enlarging the root.
//
// live.js is loaded by pages that keep themselves up to date, and wall.css in the place of
// app.css by screens that nobody operates.
//
// htmx 4.0.1 and its server-sent events extension come unchanged from the npm package
// htmx.org (0BSD, js/htmx-LICENSE.txt). Pages that need neither do not load them: the
// first page of a volunteer is HTML, the sheet and app.js. The scripts are plain
// `<script src>` in the head: deferred, htmx may start before its extension is there.
package assets
