package db

import "strings"

// Remember answers with what this transaction has read under the key before, or reads. A list that
// enters thousands of rows asks for the same organisation with each. area is the tables' prefix,
// "org" for org_org and all beside it: what was read of them is forgotten when the transaction
// writes to one. The type of the key tells one question from another. Outside of a transaction
// nothing is remembered. Values are only read.
func Remember[K comparable, V any](r Reader, area string, key K, read func() (V, error)) (V, error) {
	tx, ok := r.(*Tx)
	if !ok {
		return read()
	}
	if v, ok := tx.known[area][key]; ok {
		return v.(V), nil
	}
	v, err := read()
	if err != nil {
		return v, err
	}
	if tx.known == nil {
		tx.known = map[string]map[any]any{}
	}
	if tx.known[area] == nil {
		tx.known[area] = map[any]any{}
	}
	tx.known[area][key] = v
	return v, nil
}

// forget drops what is remembered of the tables beside the one that is written to.
func (tx *Tx) forget(table string) {
	area, _, _ := strings.Cut(table, "_")
	delete(tx.known, area)
}
