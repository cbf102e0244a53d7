package figure

import (
	"reflect"
	"testing"
	"unsafe"
)

// Whatever column a row has is weighed: one that was forgotten would be taken for the memory of
// something else, and the limit of that be reached for no reason that anybody sees.
func TestEveryColumnIsWeighed(t *testing.T) {
	v := reflect.TypeFor[columns]()
	for i := range v.NumField() {
		var c columns
		f := v.Field(i)
		if f.Type.Kind() != reflect.Slice {
			t.Fatalf("%s is no column", f.Name)
		}
		of := reflect.NewAt(f.Type, unsafe.Add(unsafe.Pointer(&c), f.Offset)).Elem()
		of.Set(reflect.MakeSlice(f.Type, 10, 12))
		if want := 12 * int64(f.Type.Elem().Size()); c.bytes() != want {
			t.Errorf("%s weighs %d, not %d", f.Name, c.bytes(), want)
		}
	}
}
