package page

import (
	"mime/multipart"
	"net/url"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
)

// longest is how many characters a text may have when its field has no max tag.
const longest = 5000

// Bind reads a request into a struct T: fields with a form tag from the body of a POST or
// the query of a GET, those with a path tag from the route's wildcards.
//
//	type draft struct {
//		Org    id.ID     `path:"org"`
//		Title  string    `form:"title" max:"60"`
//		Phone  string    `form:"phone,digits"` // full-width digits and spaces forgiven
//		Places int       `form:"places"`       // full-width digits forgiven
//		Age    *int      `form:"age"`          // nil when left empty
//		Day    string    `form:"day,day"`      // 2020-02-28
//		Opens  string    `form:"opens,clock"`  // 14:30
//		Starts time.Time `form:"starts"`       // 2020-02-28T14:30, in the product's zone
//		Minor  bool      `form:"minor"`
//		Skills []string  `form:"skill"`
//	}
//
// Text is trimmed and freed of control characters. What is empty stays the zero value;
// whether it may be is for the command to say. All fields that cannot be read are named in
// one error, each with its sentence; an id in the path that is none is not found.
func Bind[T any](c *Ctx) (T, error) {
	var t T
	if err := c.Form(); err != nil {
		return t, err
	}
	from := c.R.URL.Query()
	if c.R.Method != "GET" && c.R.Method != "HEAD" {
		from = c.R.PostForm
	}
	return t, fail.Join(bindStruct(c, reflect.ValueOf(&t).Elem(), from)...)
}

func bindStruct(c *Ctx, v reflect.Value, from url.Values) (errs []error) {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if f.Anonymous && f.Type.Kind() == reflect.Struct {
			errs = append(errs, bindStruct(c, v.Field(i), from)...)
		}
		if name := f.Tag.Get("path"); name != "" {
			errs = append(errs, bindPath(v.Field(i), c.Path(name)))
		}
		if name, how, _ := strings.Cut(f.Tag.Get("form"), ","); name != "" {
			err := bindField(c, v.Field(i), how, f.Tag.Get("max"), name, from[name])
			errs = append(errs, err)
		}
	}
	return errs
}

func bindPath(v reflect.Value, s string) error {
	if v.Type() == reflect.TypeFor[id.ID]() {
		parsed, err := id.Parse(s)
		v.SetString(string(parsed))
		return err
	}
	if key, _ := set(v, "", s); key != "" {
		return fail.New(fail.NotFound, "web.no_such_page")
	}
	return nil
}

func bindField(c *Ctx, v reflect.Value, how, max, name string, values []string) error {
	if v.Type() == reflect.TypeFor[*multipart.FileHeader]() {
		if m := c.R.MultipartForm; m != nil && len(m.File[name]) > 0 {
			v.Set(reflect.ValueOf(m.File[name][0]))
		}
		return nil
	}
	if v.Kind() == reflect.Slice {
		values = slices.DeleteFunc(slices.Clone(values), func(s string) bool { return plain(s) == "" })
		v.Set(reflect.MakeSlice(v.Type(), len(values), len(values)))
		for i, s := range values {
			if key, args := set(v.Index(i), how, s); key != "" {
				return fail.Field(name, key, args...)
			}
		}
		return nil
	}
	if len(values) == 0 {
		return nil
	}
	limit := longest
	if n, err := strconv.Atoi(max); err == nil {
		limit = n
	}
	if n := utf8.RuneCountInString(plain(values[0])); n > limit {
		return fail.Field(name, "web.form.too_long", "max", limit)
	}
	if key, args := set(v, how, values[0]); key != "" {
		return fail.Field(name, key, args...)
	}
	return nil
}

// set puts s into v; the message key says what is wrong with it, never with its words.
func set(v reflect.Value, how, s string) (key string, args []any) {
	s = plain(s)
	if s == "" {
		return "", nil
	}
	if v.Kind() == reflect.Pointer { // what may be absent
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	switch {
	case v.Type() == reflect.TypeFor[id.ID]():
		return setID(v, s), nil
	case v.Type() == reflect.TypeFor[time.Time]():
		return setTime(v, s), nil
	}
	switch v.Kind() {
	case reflect.String:
		return setText(v, how, s), nil
	case reflect.Int, reflect.Int64:
		n, err := strconv.ParseInt(strings.ReplaceAll(half(s), ",", ""), 10, 64)
		if err != nil {
			return "web.form.number", nil
		}
		v.SetInt(n)
	case reflect.Bool:
		v.SetBool(s == "true" || s == "on" || s == "1")
	default:
		panic("page: Bind cannot fill " + v.Type().String())
	}
	return "", nil
}

func setID(v reflect.Value, s string) string {
	parsed, err := id.Parse(s)
	if err != nil {
		return "web.form.choose"
	}
	v.SetString(string(parsed))
	return ""
}

func setTime(v reflect.Value, s string) string {
	t, err := time.ParseInLocation("2006-01-02T15:04", strings.Replace(half(s), " ", "T", 1), i18n.Zone())
	if err != nil {
		return "web.form.moment"
	}
	v.Set(reflect.ValueOf(t))
	return ""
}

func setText(v reflect.Value, how, s string) string {
	switch how {
	case "digits":
		s = strings.NewReplacer(" ", "", "-", "").Replace(half(s))
	case "day":
		s = half(s)
		if _, err := time.Parse(time.DateOnly, s); err != nil {
			return "web.form.day"
		}
	case "clock":
		s = half(s)
		if _, err := time.Parse("15:04", s); err != nil {
			return "web.form.clock"
		}
	}
	v.SetString(s)
	return ""
}

// plain is text without space around it, control characters or broken bytes; lines end with \n.
func plain(s string) string {
	s = strings.ReplaceAll(strings.ToValidUTF8(s, ""), "\r\n", "\n")
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f || r == 0xfeff {
			return -1
		}
		return r
	}, s)
	return strings.TrimSpace(s)
}

// half turns full-width digits and signs, as a Chinese keyboard types them, into plain ones.
func half(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 0xff01 && r <= 0xff5e:
			return r - 0xfee0
		case r == 0x3000:
			return ' '
		}
		return r
	}, s)
}

func encode(typed map[string][]string) string { return url.Values(typed).Encode() }
