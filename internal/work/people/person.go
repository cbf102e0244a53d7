package people

import (
	"slices"
	"strconv"
	"time"

	"tongxin/internal/base/crypt"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/work/area"
)

// State is where a person's record stands.
type State string

// The states.
const (
	Pending State = "pending" // under age, waits for a guardian's consent
	Active  State = "active"
	Closed  State = "closed" // blanked; the id stays as pseudonym
	Merged  State = "merged" // another record stands for it
)

// Standing is what others need to know of a person to let her take part. It holds nothing
// personal.
type Standing struct {
	ID           id.ID
	Home         string
	State        State
	Volunteer    bool
	BirthYear    int64  // 0 when unknown
	AdultOn      string // a day on which she is 18 or older: a minor's 18th birthday; "" when unknown
	Category     int64
	Area         area.Code
	Station      id.ID // her own station or institute; "" when there is none
	MergedInto   id.ID // the record that stands for this one; "" when it stands for itself
	Guardian     id.ID // who acts for her: for a minor until she is 18, for another dependant while she agrees
	Skills       []int64
	MinorConsent bool // a guardian agreed that she takes part
}

// MinorOn reports whether she is under 18 on a day. One whose birth is unknown is not known
// to be a minor; [Standing.AgeOn] tells.
func (s Standing) MinorOn(day string) bool { return s.AdultOn != "" && day < s.AdultOn }

// AdultKnown reports whether she is known to be 18 or older on a day.
func (s Standing) AdultKnown(day string) bool { return s.AdultOn != "" && day >= s.AdultOn }

// AgeOn is her age in whole years on a day, and whether it is known. It is exact for minors;
// of an adult only the year of birth is in the clear, and she counts as old as she becomes
// in that year.
func (s Standing) AgeOn(day string) (age int, known bool) {
	year, err := strconv.Atoi(day[:min(4, len(day))])
	if s.BirthYear == 0 || err != nil {
		return 0, false
	}
	if s.MinorOn(day) {
		born, ok := ident.BirthdayOn(s.AdultOn, -adult)
		if !ok {
			return 0, false
		}
		return ident.AgeOn(born, day)
	}
	return max(adult, year-int(s.BirthYear)), true
}

// HasSkill reports whether she says that she has the skill.
func (s Standing) HasSkill(skill int64) bool { return slices.Contains(s.Skills, skill) }

// Person is a record. What is personal in it stays sealed until it is asked for.
type Person struct {
	Standing
	No           string // volunteer number, "" when she is none
	ContactOf    ContactOf
	Sex          int64 // GB/T 2261.1
	RegisteredBy id.ID // staff or guardian who registered her; "" when she joined herself
	Created      int64
	Rev          int64

	name, contact, idno, birth []byte
}

// ContactOf says whose the contact number is.
type ContactOf string

// Whose numbers there are.
const (
	OwnNumber      ContactOf = "self"
	RelativeNumber ContactOf = "relative"
	GuardianNumber ContactOf = "guardian"
)

// Field is a sealed field of a person, as it is revealed.
type Field string

// The fields that can be revealed.
const (
	FieldName    Field = "name"
	FieldContact Field = "contact"
	FieldIDNo    Field = "idno"
	FieldBirth   Field = "birth"
)

// Fields are all that can be revealed.
func Fields() []Field { return []Field{FieldName, FieldContact, FieldBirth, FieldIDNo} }

// Open decrypts one field; the empty string when it is not there.
func (p Person) Open(k *crypt.Keys, f Field) (string, error) {
	return k.OpenField(personTable, string(f), p.ID, p.sealed(f))
}

// Has reports whether a field was given.
func (p Person) Has(f Field) bool { return len(p.sealed(f)) > 0 }

func (p Person) sealed(f Field) []byte {
	switch f {
	case FieldName:
		return p.name
	case FieldContact:
		return p.contact
	case FieldIDNo:
		return p.idno
	case FieldBirth:
		return p.birth
	}
	return nil
}

const personTable = "people_person"

func seal(k *crypt.Keys, person id.ID, f Field, plain string) []byte {
	return k.Seal(personTable, string(f), person, plain)
}

// Mask hides a field as far as it is shown to everybody at the desk.
func Mask(f Field, plain string) string {
	switch f {
	case FieldName:
		return i18n.MaskName(plain)
	case FieldContact:
		return i18n.MaskPhone(plain)
	case FieldIDNo:
		return i18n.MaskID(plain)
	}
	if len(plain) < len(time.DateOnly) {
		return plain
	}
	return plain[:4] + "-**-**"
}

// Label is a name as a reader may see it: whole, or its surname and a star.
func Label(full string, whole bool) string {
	if whole || full == Gone() {
		return full
	}
	return i18n.MaskName(full)
}
