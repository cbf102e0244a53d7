// Package report keeps what units report: the totals that only they can know, and who is to
// report by when.
//
// # Declared totals
//
// A declared indicator (facts.go) is one whose number no other record holds, as banquets put
// off. A unit writes the number for a span of days, with an attachment; the tier above looks
// at it and accepts or returns it, a second person, never the author. The accepted report is
// the fact report.KEY of grade declared on the last of its days. A correction is a report of
// its own: accepting it reverses the fact of the one it corrects and posts the new one.
//
//	Submit            Accept
//	──────▶ submitted ──────▶ accepted ── a correction is accepted ──▶ corrected
//	         │  ▲  │
//	  Return │  │  └── Withdraw ──▶ withdrawn
//	(reason) ▼  │ Resubmit              ▲
//	        returned ── Withdraw ───────┘
//
// # Duties
//
// A duty says who reports (organisations of some types at and below one), how often, and by
// when. Each turn is a period; on its last day it opens: every organisation that is to report
// then gets what it owes (report_due) and the fact report.due, in chunks, by a job. Units are
// never asked for what the ledger knows: any act of the unit's on a day of the period is its
// report (see [IsAct]; who reported is reckoned from the ledger by package figure). Where there
// was none, one tap says so: report.nil. What is missing is reminded in one step.
//
//	duty: open ── Close ──▶ closed (no new periods; what is owed stays owed)
//
// # Invariants
//
//   - what is owed has one living report.due, whose quantity is the days of the period up to
//     the fact's day; what was said to be nothing one living report.nil
//   - an accepted report has one living fact of its kind; no other report has any
//   - who accepts a report is another than who wrote it, and of the tier above
//   - an attachment is a picture, a PDF or a spreadsheet by its content, at most [MaxFile]
//
// Tables: report_duty, report_period, report_due, report_report, report_file. Facts:
// report.due, report.nil, report.KEY of each declared indicator.
package report
