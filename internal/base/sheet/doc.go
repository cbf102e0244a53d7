// Package sheet reads and writes lists as offices exchange them: workbooks (XLSX) and CSV.
//
//	book, err := sheet.Open(file, size, name)            // what it is, within the caps
//	for table, err := range book.Tables(headings, "name") {  // each visible sheet with a list
//		for row, err := range table.Rows() {             // streamed, one at a time
//			row.Cell("name").Name() …
//		}
//	}
//
//	w := sheet.NewWriter(out, sheet.XLSX, sheet.Layout{Name: "…"})
//	w.Row(sheet.Text("…"), sheet.Whole(12), sheet.Day("2020-02-28"))
//	err = w.Close()
//
// # Reading what offices send
//
// A list begins below the row that names its columns; titles above it, totals, footers,
// repeated headings and empty rows are passed over, and so is what is hidden: [Table.Passed]
// says how many, for the reader to be told. A cell is what people read in it: of a formula
// its last value, of a date its day. What cannot be trusted keeps its reason ([Cell.Fault])
// and is never guessed: a number that a spreadsheet rounded (3.2E+17), a formula without
// value, an error. CSV may be UTF-8 with or without BOM, UTF-16 with one, or GB18030,
// divided by commas, tabs or semicolons.
//
// Nothing is unpacked to disk, for lists hold people's data: parts are read as streams, and
// only the strings that a workbook shares are held, in one block. A file beyond the caps
// (its size, what it unpacks to, rows, columns, cells, the length of one text) is refused.
//
// # Writing
//
// Codes are text. A text that a spreadsheet would take for a formula gets an apostrophe in
// front ([Guard]), which reading takes away again, so that a list that was exported, read
// and exported once more is the same: CSV to the byte. CSV has a BOM and CRLF.
//
// The XLSX format is read and written here directly: libraries for it unpack to temporary
// files, hold whole sheets to tell a formula from a text, or do not say what is hidden. Tests
// read and write with one (excelize) as the other side.
package sheet
