// Package editor is the one editor of texts: articles, experiences, and texts of bulletins.
//
// An area puts [Field] into a form of its own, and says where the text is saved and its
// pictures go ([Sheet]). What the form sends back [Typed] reads: the document of the editor,
// or, without JavaScript, the plain field with simple marks. What the editor asks while one
// writes is answered here: [Paste] makes a document of pasted HTML, [Figure] tells a number
// with its basis, its parts and the ways to say it.
//
// Whoever saves second is shown both texts: [Sheet.Against], [Changes].
package editor
