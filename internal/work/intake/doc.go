// Package intake takes in lists from offices: organisations, volunteers, activities with
// their shifts, and attendance, from workbooks and CSV.
//
//	Bring        job                Enter          job             Undo           job
//	─────▶ reading ──────▶ checked ───────▶ entering ───▶ done ──────▶ undoing ───▶ undone
//	          │               │                              (within a day)
//	          └──▶ refused    └── Drop ──▶ dropped
//
// A row:
//
//	good ──▶ made ──▶ undone | kept      bad: something in it is wrong, said at the cell
//	   └───▶ failed                      same: it is there already, or twice in the file
//
// # What holds
//
//   - A row enters by the command of the area that owns the record, in the transaction in
//     which the row is marked: it is entered once, whatever is killed in between. Few rows go
//     into one transaction, so nobody waits for an import; one that is refused has its own.
//   - A file is read once, in turns, and never held as a whole.
//   - A row that was entered leaves a mark, a keyed hash of what makes it the row that it
//     is. The same row in the same or another file is `same` and changes nothing.
//   - What is good is entered, what is bad is given back with the reasons beside it.
//   - Attendance becomes hours told by the author, which wait for a second person like
//     those told on a page. There is no other door to hours.
//   - Undo takes back what the import entered where nobody has built on it; the rest is
//     kept and said.
//   - The file is sealed, and deleted when the list is entered or dropped; the rows, sealed
//     too, a while after. What was a list of people does not stay one.
//
// One entry in the audit trail tells of each step of a batch.
//
// Tables: intake_batch, intake_piece, intake_row, intake_mark. Facts: none of its own.
package intake
