// Package bulletin writes what the office hands up and down, from records.
//
// # Drafting
//
// For an organisation, a campaign and some days [Draft] writes an outline: what was called for,
// who took part, what was done by kind, what came of it, who stands out, what comes next. It
// asks no service outside and invents nothing: a template that people edit ([ParseTemplate])
// has sentences with places for words and figures, and a sentence is written only where the
// ledger has something for each of its places. Every number is a bound figure, with a spoken
// form that holds, as of one moment for the whole text. Numbers behind which fewer than
// figure.Few persons stand are not said. A person always edits and signs.
//
//	template ─┐
//	ledger ───┼─▶ Draft ──▶ Outline (title, lead, sections, points, figures) ──▶ a person
//	names ────┘
package bulletin
