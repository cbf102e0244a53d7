// Package live tells pages that are being looked at what has changed on them, within a second
// of the commit. It keeps one [Hub] in a process.
//
// A page names itself by a key and says how its parts are reckoned (a [Source]). Whoever
// watches the same key shares one topic: a goroutine that reckons when figures have moved on
// (package figure follows the ledger, for what other processes committed too), and every
// three seconds for what no fact tells. It keeps, of each part, in which round it
// last changed. A [Watch] remembers the last round that its page has seen, and gets what
// changed since: however slow it is, it gets the latest once, and nothing queues up.
//
//	commit ─▶ figure.Engine ─▶ topic: reckon, compare ─▶ watch, watch, watch ─▶ pages
//
// Rounds are numbered "topic.round". A page that comes back with the number it has seen gets
// what it missed, or everything where the topic is another one.
//
// A topic ends with its last watch, and everything with the hub. However often facts come, it
// rests between two reckonings: nine times as long as one takes, up to half a second.
//
// # Walls
//
// A wall is a large screen that nobody operates: its address holds a secret, of which
// live_wall keeps the hash, and shows figures of one organisation until somebody who
// administers it ends the secret.
//
// Tables: live_wall. Facts: none.
package live
