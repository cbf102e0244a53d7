package app

// What only the tests of this package see.
var (
	AppendErasures = appendErasures
	ReadErasures   = readErasures
)
