package audit

import (
	"encoding/json"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/chain"
	"tongxin/internal/base/db"
	"tongxin/internal/base/id"
)

// Entry is one act. Action is area.what, its words for people the message key
// "audit.action."+Action. Before and After are marshalled as JSON; []byte
// fields in them (ciphertext) come out as base64.
type Entry struct {
	Action  string
	Subject id.ID
	Org     id.ID // whose auditors see it
	Before  any
	After   any
}

var book = chain.Define("audit", "audit_entry", "at",
	"home", "id", "at", "actor", "via", "action", "subject", "org", "before", "after")

// Book is the trail as a chain, for sealing and verifying.
func Book() *chain.Book { return book }

// Record writes an entry in the subject's home.
func Record(tx *db.Tx, actor auth.Actor, e Entry) error {
	before, err := spell(e.Before)
	if err != nil {
		return err
	}
	after, err := spell(e.After)
	if err != nil {
		return err
	}
	home := e.Subject.Home()
	_, err = book.Append(tx, home, string(tx.NewID(home)), db.MS(tx.Now), string(actor.Person), string(actor.Via),
		e.Action, string(e.Subject), string(e.Org), before, after)
	return err
}

func spell(v any) (string, error) {
	if v == nil {
		return "", nil
	}
	b, err := json.Marshal(v)
	return string(b), err
}
