package api

import (
	"errors"
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// sentences turn what huma says of a value, which begins so, into our words. What follows is
// the bound, from the document: {what} in the sentence. A beginning that ends the sentence
// has none. Nothing of what huma found at the place is repeated.
var sentences = []struct{ begins, key string }{
	{"unexpected property", "api.value.unexpected"},
	{"unknown query parameter", "api.value.unexpected"},
	{"expected value to be one of ", "api.value.one_of"},
	{"expected number >= ", "api.value.least"},
	{"expected number <= ", "api.value.most"},
	{"expected length >= ", "api.value.shortest"},
	{"expected length <= ", "api.value.longest"},
	{"expected string to match pattern ", "api.value.pattern"},
	{"expected required property ", "api.value.missing"},
	{"expected string to be RFC 3339", "api.value.moment"},
	{"invalid date/time", "api.value.moment"},
	{"expected string", "api.value.text"},
	{"expected integer", "api.value.integer"},
	{"invalid integer", "api.value.integer"},
	{"expected boolean", "api.value.boolean"},
	{"expected object", "api.value.object"},
	{"", "api.value.wrong"},
}

// mistake puts what is wrong with a value into words.
func (c *call) mistake(err error) Mistake {
	var d *huma.ErrorDetail
	if !errors.As(err, &d) {
		d = &huma.ErrorDetail{}
	}
	for _, s := range sentences {
		if what, ok := strings.CutPrefix(d.Message, s.begins); ok {
			what = strings.Trim(strings.TrimSuffix(what, " to be present"), `"`)
			return Mistake{place(d), s.key, c.T(s.key, "what", what)}
		}
	}
	panic("the last beginning is empty")
}

// place is where a mistake is. The name of what is unexpected was sent, and is left out.
func place(d *huma.ErrorDetail) string {
	if strings.HasPrefix(d.Message, "un") {
		where, _, _ := strings.Cut(d.Location, ".")
		return where
	}
	return d.Location
}
