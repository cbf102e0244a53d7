package ui

import (
	"context"
	"crypto/rand"
	"io"
	"slices"
	"strconv"

	"github.com/a-h/templ"
)

// KeyField is the hidden field with a form's own key: sent twice, it counts once.
const KeyField = "_key"

// F is one field of a form. Only Name and Label are needed.
type F struct {
	Name, Label, Hint string
	Value             string   // unless the form was refused: then what was typed
	Values            []string // of several choices
	Optional          bool     // says so beside the label
	Max               int      // characters at most
	Rows              int      // of a text area
	Unit              string   // after a number
	Place             string   // an example, as a placeholder
	Mode              string   // inputmode: "numeric", "tel", "search"
	Auto              string   // autocomplete: "name", "tel", "one-time-code"
	Options           []Option
	More              templ.Attributes // htmx and others
}

// Option is one choice. Note is a second line, Side a word at the right end; an option that
// is Off is shown and cannot be taken.
type Option struct {
	Value, Label, Note, Side string
	Off                      bool
}

type refusedKey struct{}

// Form is a form that is posted to action. Its fields are the component's children; class
// is "" for one column, "two" for two. It carries its own key, says on top what is wrong,
// and keeps what was typed when it was refused.
func Form(action, class string, more ...templ.Attributes) templ.Component {
	all := templ.Attributes{}
	for _, m := range more {
		for k, v := range m {
			all[k] = v
		}
	}
	return formComponent(action, form(action, "form "+class, all))
}

// Post is a small form: a button and nothing typed. The pairs are hidden fields.
func Post(action string, pairs ...string) templ.Component {
	return formComponent(action, post(action, pairs))
}

func formComponent(action string, f templ.Component) templ.Component {
	return templ.ComponentFunc(func(ctx context.Context, w io.Writer) error {
		if r := From(ctx).Refused; r != nil && r.Action == action {
			ctx = context.WithValue(ctx, refusedKey{}, r)
		}
		return f.Render(ctx, w)
	})
}

// refused is the refusal of the form around the component; nil when it was not refused.
func refused(ctx context.Context) *Refusal {
	r, _ := ctx.Value(refusedKey{}).(*Refusal)
	return r
}

func newKey() string { return rand.Text() }

func (f F) id() string     { return "f-" + f.Name }
func (f F) hintID() string { return "hint-" + f.Name }
func (f F) errID() string  { return "e-" + f.Name }

func (f F) value(ctx context.Context) string {
	if r := refused(ctx); r != nil {
		return r.Typed.Get(f.Name)
	}
	return f.Value
}

func (f F) chosen(ctx context.Context, option string) bool {
	if r := refused(ctx); r != nil {
		return slices.Contains(r.Typed[f.Name], option)
	}
	return slices.Contains(f.Values, option) || f.Value == option && len(f.Values) == 0
}

// problem is what is wrong with the field, or "".
func (f F) problem(ctx context.Context) string {
	if r := refused(ctx); r != nil {
		for _, p := range r.Problems {
			if p.Field == f.Name {
				return p.Text
			}
		}
	}
	return ""
}

// attrs are the attributes that every control has.
func (f F) attrs(ctx context.Context) templ.Attributes {
	a := templ.Attributes{"id": f.id(), "name": f.Name}
	set := func(name, value string) {
		if value != "" {
			a[name] = value
		}
	}
	if !f.Optional {
		a["required"] = true
	}
	if f.Max > 0 {
		a["maxlength"] = strconv.Itoa(f.Max)
	}
	set("placeholder", f.Place)
	set("inputmode", f.Mode)
	set("autocomplete", f.Auto)
	set("aria-describedby", f.described(ctx))
	if f.problem(ctx) != "" {
		a["aria-invalid"] = "true"
	}
	for k, v := range f.More {
		a[k] = v
	}
	return a
}

func (f F) described(ctx context.Context) string {
	switch {
	case f.problem(ctx) != "" && f.Hint != "":
		return f.errID() + " " + f.hintID()
	case f.problem(ctx) != "":
		return f.errID()
	case f.Hint != "":
		return f.hintID()
	}
	return ""
}
