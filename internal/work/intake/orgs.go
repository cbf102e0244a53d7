package intake

import (
	"context"

	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/work/area"
	"tongxin/internal/work/org"
)

var orgList = list{
	columns: []column{{"type", asLine, true}, {"name", asLine, true}, {"parent", asLine, false}, {"area", asLine, false},
		{"credit_code", asCode, false}, {"address", asLine, false}, {"about", asText, false}},
	fields: map[string]string{"kind": "type", "tier": "type", "org": "parent"},
	check:  checkOrg,
	mark:   func(_ Batch, b Body) []string { return []string{b.value("parent"), b.value("type"), b.value("name")} },
	known:  knownOrg,
	enter:  enterOrg,
	undo:   undoOrg,
}

// choose reads a cell that must be one of some words; labels are the words, to what is kept.
func (b *Body) choose(col, key string, labels map[string]string) {
	written := b.value(col)
	if written == "" || b.has(col) {
		return
	}
	if v, ok := labels[written]; ok {
		b.set(col, v)
		return
	}
	words := make([]string, 0, len(labels))
	for w := range labels {
		words = append(words, w)
	}
	b.suggest(col, key, nearest(written, words))
}

func typeLabels() map[string]string {
	labels := map[string]string{}
	for _, t := range org.Types() {
		for _, lang := range i18n.Languages() {
			labels[i18n.T(lang, t.Label())], labels[i18n.T(lang, t.Full())] = string(t), string(t)
		}
		labels[string(t)] = string(t)
	}
	return labels
}

func checkOrg(ctx context.Context, c *checker, b *Body) error {
	b.choose("type", "intake.type_unknown", typeLabels())
	name := b.value("name")
	parent, err := c.org(ctx, b, "parent")
	if err != nil {
		return err
	}
	if code := b.value("credit_code"); code != "" {
		if _, err := ident.ParseCreditCode(code); err != nil {
			b.fault("credit_code", fail.Key(err))
		}
	}
	if err := c.area(ctx, b, parent); err != nil {
		return err
	}
	if kind, _ := org.Type(b.value("type")).Parts(); kind == org.Practice && b.value("area") == "" {
		b.fault("area", "intake.missing")
	}
	if len(b.Faults) == 0 {
		c.ahead[name] = true
	}
	return nil
}

// area reads a division by its code, or by its name under that of the organisation above.
func (c *checker) area(ctx context.Context, b *Body, parent org.Org) error {
	written := b.value("area")
	if written == "" {
		return nil
	}
	if code, err := area.Parse(written); err == nil {
		if _, err := area.Get(ctx, c.r, code); err != nil {
			b.fault("area", "org.area_unknown")
			return orRefusal(err)
		}
		b.set("area", code.String())
		return nil
	}
	found, err := area.Search(ctx, c.r, parent.Area, written, 50)
	if err != nil {
		return err
	}
	var exact []area.Area
	for _, a := range found {
		if a.Name == written {
			exact = append(exact, a)
		}
	}
	if len(exact) == 0 && len(found) == 1 {
		exact = found
	}
	if len(exact) == 1 {
		b.set("area", exact[0].Code.String())
		return nil
	}
	return c.suggestArea(ctx, b, parent, found)
}

func (c *checker) suggestArea(ctx context.Context, b *Body, parent org.Org, near []area.Area) (err error) {
	if len(near) == 0 {
		if near, err = area.Children(ctx, c.r, parent.Area); err != nil {
			return err
		}
	}
	names := make([]string, len(near))
	for i, a := range near {
		names[i] = a.Name
	}
	b.suggest("area", "intake.area_unknown", nearest(b.value("area"), names))
	return nil
}

// orRefusal lets what is no refusal through.
func orRefusal(err error) error {
	if fail.Key(err) != "" {
		return nil
	}
	return err
}

func missingOrg() error { return fail.Field("org", "intake.org_unknown") }

func knownOrg(ctx context.Context, c *checker, b Body) (id.ID, error) {
	book, err := c.book(ctx)
	if err != nil {
		return "", err
	}
	kind, tier := org.Type(b.value("type")).Parts()
	parent := b.value("parent")
	if parent == "" {
		parent = string(c.b.Org)
	}
	for _, o := range book.byName[b.value("name")] {
		if o.Kind == kind && o.Tier == tier && string(o.Parent) == parent {
			return o.ID, nil
		}
	}
	return "", nil
}

func enterOrg(ctx context.Context, tx *db.Tx, e *entering, b Body) (id.ID, error) {
	parent, err := orgNamed(ctx, tx, e.b, b.value("parent"))
	if err != nil {
		return "", err
	}
	in := org.In{Name: b.value("name"), Parent: parent, CreditCode: b.value("credit_code"), Address: b.value("address"), About: b.value("about")}
	in.Kind, in.Tier = org.Type(b.value("type")).Parts()
	in.Area, _ = area.Parse(b.value("area"))
	return org.FoundStep(ctx, tx, e.actor, in)
}

func undoOrg(ctx context.Context, tx *db.Tx, e *entering, made id.ID) error {
	used, err := orgUsed(ctx, tx, made)
	if err == nil && used {
		err = fail.New(fail.Conflict, "intake.org_used")
	}
	if err != nil {
		return err
	}
	return org.UnfoundStep(ctx, tx, e.actor, made, i18n.T(e.b.Lang, "intake.undo_reason"))
}
