// Package prose is a text with structure: the document of articles, experiences and bulletins.
//
// A document is JSON, in the shape that editors of the ProseMirror family keep, checked here
// against a schema and rendered here; no HTML is ever stored. From the top:
//
//	doc            title? lead? block*
//	title          text and figures, over two lines at most (one hard_break)
//	lead           inline
//	heading        level 1 to 3, perhaps numbered by its level: 一、（一）1.
//	paragraph      inline; where it is numbered, as a heading of the second level: a point that
//	               begins with its topic sentence (mark topic)
//	enum_list      list_item+, spoken as 一是 二是 三是
//	bullet_list    list_item+
//	ordered_list   list_item+, from attrs.order
//	table          table_row+ of table_header and table_cell, each with blocks
//	picture        by the id of a stored picture, with alt; what it holds is its caption
//	quote          paragraph+ with its named source
//	inline         text · hard_break · figure
//	marks          strong · em · link(href) · topic · quoted(source): digits that a source said
//
// A figure is one atom in the text ([Figure]): which indicator, over which scope, how it is
// spoken, and, once published, what it was then. What a figure says is asked of a function
// that is handed in, because the ground knows no ledger. Numbers of sections and of lists are
// reckoned when rendered and stand in no text.
//
// What comes from outside passes through one of three doors: [Parse] for a document as JSON,
// [FromHTML] for what was pasted (from Word, WeChat, anywhere: its structure stays, its
// scripts, styles and far pictures go), [FromMarks] for what was typed without JavaScript.
// Each ends in the same check.
//
// Invariants: what [Parse] returned renders to HTML that loads and runs nothing, has at most
// [MaxText] characters, [MaxNodes] nodes and [MaxDepth] levels; parsed again it is the same.
package prose
