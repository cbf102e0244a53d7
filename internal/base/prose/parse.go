package prose

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"

	"tongxin/internal/base/fail"
)

// Parse reads a document from outside and checks it against the schema.
func Parse(data []byte) (Node, error) {
	if len(data) > MaxBytes {
		return Node{}, fail.Field("doc", "prose.too_large", "max", MaxBytes>>20)
	}
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	var n Node
	if err := dec.Decode(&n); err != nil {
		return Node{}, fail.Field("doc", "prose.not_a_document")
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return Node{}, fail.Field("doc", "prose.not_a_document")
	}
	return Checked(n)
}

// Checked is a document as the schema wants it, or why it is none. What means the same is
// made the same: neighbouring text with the same marks is one, defaults are left out.
func Checked(n Node) (Node, error) {
	if n.Type != Doc || len(n.Marks) > 0 {
		return Node{}, fail.Field("doc", "prose.not_a_document")
	}
	var c checker
	if err := c.check(&n, 0); err != nil {
		return Node{}, err
	}
	if c.text > MaxText {
		return Node{}, fail.Field("doc", "prose.too_long", "max", MaxText, "have", c.text)
	}
	return n, nil
}

// JSON is a document as it is stored.
func (n Node) JSON() []byte {
	data, err := json.Marshal(n)
	if err != nil {
		panic(err) // nothing in it can fail
	}
	return data
}
