package org

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/work/area"
)

// Bounds of what is written about an organisation, in characters.
const (
	nameMin    = 2
	nameMax    = 40
	addressMax = 100
	aboutMax   = 500
	reasonMin  = 2
	reasonMax  = 200
)

// under lists what each tier may hang under; an office's own rule is in hangs.
var under = map[Tier][]Tier{
	Office:    {Office},
	Center:    {Office},
	Institute: {Center},
	Station:   {Institute},
	Point:     {Center, Institute, Station},
}

// level is the level of division that a tier's place has; a point may be at any.
var level = map[Tier][]area.Level{
	Office:    {area.Province, area.City},
	Center:    {area.County},
	Institute: {area.Township},
	Station:   {area.Village},
}

// checkKind refuses a kind and tier that do not go together.
func checkKind(k Kind, t Tier) error {
	switch {
	case !slices.Contains(Kinds(), k):
		return fail.Field("kind", "org.kind_unknown")
	case k == Practice && !slices.Contains(Tiers(), t):
		return fail.Field("tier", "org.tier_missing")
	case k != Practice && t != "":
		return fail.Field("tier", "org.tier_other_kind")
	}
	return nil
}

// checkHangs refuses a parent under which an organisation of that kind and tier has no
// place. The zero parent is the top, where there is nothing but offices.
func checkHangs(k Kind, t Tier, parent Org) error {
	switch {
	case parent.ID == "" && t == Office:
		return nil
	case parent.ID == "":
		return fail.Field("parent", "org.parent_missing")
	case !parent.Alive():
		return fail.Field("parent", "org.parent_not_open")
	case k == Practice && slices.Contains(under[t], parent.Tier):
		return nil
	case k == Practice:
		return fail.Field("parent", "org.parent_wrong_tier")
	case parent.Kind == Practice, k == Team && parent.Kind != Team:
		return nil
	}
	return fail.Field("parent", "org.parent_wrong_kind")
}

// Takes lists the types that may hang under an organisation.
func (o Org) Takes() []Type {
	return slices.DeleteFunc(Types(), func(t Type) bool {
		k, tier := t.Parts()
		return checkHangs(k, tier, o) != nil
	})
}

// Fits says whether an organisation could be moved under parent, as far as kind, tier and
// place go.
func (o Org) Fits(parent Org) bool {
	return parent.ID != o.ID && parent.ID != o.Parent && checkHangs(o.Kind, o.Tier, parent) == nil &&
		checkStands(o.Kind, o.Tier, o.along(parent.Area), parent) == nil
}

// checkPlace refuses a place that does not fit the tier or lies outside the parent's.
func checkPlace(k Kind, t Tier, at area.Code, parent Org) error {
	switch want := level[t]; {
	case k == Practice && len(want) > 0 && !slices.Contains(want, at.Level()):
		return fail.Field("area", "org.area_level."+string(t))
	case parent.ID == "":
		return nil
	case !parent.Area.Contains(at):
		return fail.Field("area", "org.area_outside")
	case t == Office && at == parent.Area:
		return fail.Field("area", "org.area_outside")
	}
	return nil
}

// checkStands is checkPlace for what may have moved: a station stands under any institute of
// its county.
func checkStands(k Kind, t Tier, at area.Code, parent Org) error {
	if t == Station {
		parent.Area = parent.ground()
	}
	return checkPlace(k, t, at, parent)
}

// ground is the division within which all that hangs below lies: its own place, but for an
// institute its county, for a station keeps its place, and its code, when its village comes to
// another township.
func (o Org) ground() area.Code {
	if o.Tier == Institute {
		return o.Area.At(area.County)
	}
	return o.Area
}

// along is the place of an organisation that comes to hang where the parent's place is at:
// its own, or where that lies outside and it is no practice organisation, the parent's.
func (o Org) along(at area.Code) area.Code {
	if o.Kind == Practice || at.Contains(o.Area) {
		return o.Area
	}
	return at
}

// checkName tidies a name and refuses one that is none.
func checkName(s string) (string, error) {
	s = ident.Line(s)
	n := utf8.RuneCountInString(s)
	switch {
	case n == 0:
		return s, fail.Field("name", "org.name_missing")
	case n < nameMin:
		return s, fail.Field("name", "org.name_short", "min", nameMin)
	case n > nameMax:
		return s, fail.Field("name", "org.name_long", "max", nameMax, "n", n)
	case !hasLetter(s):
		return s, fail.Field("name", "org.name_signs")
	}
	return s, nil
}

func hasLetter(s string) bool {
	for _, r := range s {
		if unicode.IsLetter(r) {
			return true
		}
	}
	return false
}

// checkReason tidies the reason of a return or a closing and refuses to do without one.
func checkReason(s string) (string, error) {
	s = ident.Lines(s)
	switch n := utf8.RuneCountInString(s); {
	case n < reasonMin:
		return s, fail.Field("reason", "org.reason_missing")
	case n > reasonMax:
		return s, fail.Field("reason", "org.reason_long", "max", reasonMax, "n", n)
	}
	return s, nil
}

// checkLength refuses a text that is longer than its field.
func checkLength(field, s string, most int) error {
	if n := utf8.RuneCountInString(s); n > most {
		return fail.Field(field, "org.text_long", "max", most, "n", n)
	}
	return nil
}

// checkCredit tidies a credit code, which may be missing, and refuses a wrong one.
func checkCredit(s string) (string, error) {
	if ident.Fold(s) == "" {
		return "", nil
	}
	code, err := ident.ParseCreditCode(s)
	if err != nil {
		return "", fail.Field("credit_code", fail.Key(err))
	}
	return string(code), nil
}

// checkPhone tidies a telephone number and refuses a wrong one; a missing one is refused
// where it is needed.
func checkPhone(s string, needed bool) (string, error) {
	if ident.Fold(s) == "" && !needed {
		return "", nil
	}
	phone, err := ident.Phone(s)
	if err != nil {
		return "", fail.Field("phone", fail.Key(err))
	}
	return phone, nil
}

// tidy puts what was asked for into its stored form and refuses, field by field, what
// cannot be. It needs nothing but the words; place and parent are checked apart.
func (in In) tidy() (In, error) {
	var named, credit error
	in.Name, named = checkName(in.Name)
	in.CreditCode, credit = checkCredit(in.CreditCode)
	in.Address, in.About = ident.Line(in.Address), ident.Lines(in.About)
	return in, fail.Join(checkKind(in.Kind, in.Tier), named, credit,
		checkLength("address", in.Address, addressMax), checkLength("about", in.About, aboutMax))
}

// Position is an organisation's place in the tree, from a day to a day.
type Position struct {
	ID     int64
	Org    id.ID
	Parent int64 // the position above, 0 at the top
	Kind   Kind
	Tier   Tier
	Name   string // as it was called there
	Area   area.Code
	From   string // day
	To     string // day on which it was left, exclusive; "" while it is held
}

// on picks the position held on a day from all that an organisation held, oldest first:
// before the first the first, after the last the last. On the day of a move the new one.
func on(all []Position, day string) (Position, bool) {
	if len(all) == 0 {
		return Position{}, false
	}
	held := all[0]
	for _, p := range all[1:] {
		if p.From <= day {
			held = p
		}
	}
	return held, true
}

// TopDown orders a list so that whoever stands above others in it comes before them, and
// leaves it otherwise as it is.
func TopDown(list []Org) []Org {
	at := make(map[id.ID]int, len(list))
	for i, o := range list {
		at[o.ID] = i
	}
	ordered := make([]Org, 0, len(list))
	var take func(i int)
	take = func(i int) {
		o := list[i]
		if _, waits := at[o.ID]; !waits {
			return
		}
		delete(at, o.ID)
		if above, ok := at[o.Parent]; ok {
			take(above)
		}
		ordered = append(ordered, o)
	}
	for i := range list {
		take(i)
	}
	return ordered
}
