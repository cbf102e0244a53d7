// Package articles has the pages of articles, announcements and stories: what everybody
// reads, with feeds and pictures; the latest stories on the first page; and at the desk what
// a unit writes, submits, reviews, corrects and withdraws, with the editor.
//
// The editor is the bundle js/editor.min.js, made from internal/web/assets/editor. It takes
// the place of a plain field with simple marks and sends the same form; what it asks while
// one writes (a draft saved, a picture, a figure, what was pasted) is answered as JSON.
package articles
