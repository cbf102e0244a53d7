package report

import (
	"archive/zip"
	"bytes"
	"image"
	_ "image/jpeg" // pictures are read to see that they are some
	_ "image/png"
	"slices"
	"strings"
	"unicode/utf8"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/ident"
)

// MaxFile is how many bytes an attachment may have.
const MaxFile = 4 << 20

// mostParts is how many files the archive that a workbook is may hold.
const mostParts = 2000

// File is an attachment. Kind follows from its content, whatever its name says.
type File struct {
	Name    string
	Kind    string
	Content []byte
}

// The kinds of attachments, and how their names end.
var endings = map[string]string{
	"image/png":       ".png",
	"image/jpeg":      ".jpg",
	"application/pdf": ".pdf",
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}

// NewFile takes an attachment as it was sent, and says by its content what it is.
func NewFile(name string, content []byte) (*File, error) {
	switch {
	case len(content) == 0:
		return nil, fail.Field("file", "report.file_empty")
	case len(content) > MaxFile:
		return nil, fail.Field("file", "report.file_large", "max", MaxFile>>20)
	}
	kind := kindOf(content)
	if kind == "" {
		return nil, fail.Field("file", "report.file_kind")
	}
	return &File{Name: fileName(name, endings[kind]), Kind: kind, Content: content}, nil
}

// kindOf says what content is, "" where it is nothing that may be attached.
func kindOf(content []byte) string {
	if bytes.HasPrefix(content, []byte("%PDF-")) {
		return "application/pdf"
	}
	if _, format, err := image.DecodeConfig(bytes.NewReader(content)); err == nil {
		return "image/" + format
	}
	if bytes.Count(content, []byte("PK\x01\x02")) > mostParts { // held whole with the archive's directory
		return ""
	}
	if z, err := zip.NewReader(bytes.NewReader(content), int64(len(content))); err == nil {
		has := func(name string) bool {
			return slices.ContainsFunc(z.File, func(f *zip.File) bool { return f.Name == name })
		}
		macros := slices.ContainsFunc(z.File, func(f *zip.File) bool { return strings.Contains(strings.ToLower(f.Name), "vbaproject") })
		if has("[Content_Types].xml") && has("xl/workbook.xml") && !macros {
			return "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
		}
	}
	return ""
}

// fileName is a name without a path, with the ending of what it is.
func fileName(name, ending string) string {
	if i := strings.LastIndexAny(name, `/\`); i >= 0 {
		name = name[i+1:]
	}
	name = strings.NewReplacer(`"`, "", "<", "", ">", "", "|", "", ":", "", "*", "", "?", "").Replace(ident.Line(name))
	if i := strings.LastIndexByte(name, '.'); i >= 0 {
		name = name[:i]
	}
	for utf8.RuneCountInString(name) > 60 {
		_, size := utf8.DecodeLastRuneInString(name)
		name = name[:len(name)-size]
	}
	if name == "" {
		name = "report"
	}
	return name + ending
}
