package sheet

// LimitStrings lets a workbook share no more strings, until undo is called.
func LimitStrings(n int) (undo func()) {
	before := mostStrings
	mostStrings = n
	return func() { mostStrings = before }
}
