package activity

import (
	"unicode/utf8"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/ident"
)

// Bounds of what is typed, in characters.
const (
	minTitle   = 2
	maxTitle   = 40
	maxPlace   = 100
	maxContent = 2000
	maxText    = 500
	maxContact = 60
	minReason  = 2
	maxReason  = 200
	maxCoOrgs  = 20
	maxPosts   = 30
	maxPlaces  = 10_000
	maxAge     = 120
	adult      = 18
)

// normal is the input as it is kept.
func (in Edit) normal() Edit {
	in.Title, in.Place, in.Contact = ident.Line(in.Title), ident.Line(in.Place), ident.Line(in.Contact)
	for _, text := range []*string{&in.Content, &in.Conditions, &in.How, &in.Risks, &in.Protection} {
		*text = ident.Lines(*text)
	}
	if in.Signup == "" {
		in.Signup = SignupOpen
	}
	return in
}

// check refuses what no activity may say, finished or not.
func (in Edit) check() error {
	var signup error
	if in.Signup != SignupOpen && in.Signup != SignupApproval {
		signup = fail.Field("signup", "activity.signup_unknown")
	}
	return fail.Join(
		checkName("title", in.Title, minTitle, maxTitle),
		atMost("place", in.Place, maxPlace), atMost("content", in.Content, maxContent),
		atMost("conditions", in.Conditions, maxText), atMost("how", in.How, maxText),
		atMost("risks", in.Risks, maxText), atMost("protection", in.Protection, maxText),
		checkContact(in.Contact), signup)
}

func checkName(field, s string, least, most int) error {
	switch n := utf8.RuneCountInString(s); {
	case n == 0:
		return fail.Field(field, "activity.missing."+field)
	case n < least:
		return fail.Field(field, "activity.name_short", "min", least)
	case n > most:
		return fail.Field(field, "activity.name_long", "max", most, "n", n)
	}
	return nil
}

func atMost(field, s string, most int) error {
	if n := utf8.RuneCountInString(s); n > most {
		return fail.Field(field, "activity.text_long", "max", most, "n", n)
	}
	return nil
}

// checkContact keeps a person's mobile number out of what everybody reads.
func checkContact(s string) error {
	if _, err := ident.Mobile(s); err == nil {
		return fail.Field("contact", "activity.contact_personal")
	}
	return atMost("contact", s, maxContact)
}

func checkReason(s string) (string, error) {
	s = ident.Lines(s)
	switch n := utf8.RuneCountInString(s); {
	case n < minReason:
		return s, fail.Field("reason", "activity.reason_missing")
	case n > maxReason:
		return s, fail.Field("reason", "activity.text_long", "max", maxReason, "n", n)
	}
	return s, nil
}

// Item is one of the seven things that a call for volunteers must say
// (GB/T 40143-2021, 6.1), named by the field of the form where it is typed.
type Item string

// The items. Time is told by shifts and Numbers by posts; the others are typed.
const (
	Time       Item = "time"
	Place      Item = "place"
	Content    Item = "content"
	Conditions Item = "conditions"
	Numbers    Item = "posts"
	How        Item = "how"
	Risks      Item = "risks"
	Protection Item = "protection"
)

// Items lists them in the order of the standard, which counts conditions and
// numbers as one.
func Items() []Item {
	return []Item{Time, Place, Content, Conditions, Numbers, How, Risks, Protection}
}

// Missing lists what still has to be said before an activity can be submitted.
func Missing(in Edit, posts []Post, span Span) (items []Item) {
	said := map[Item]bool{
		Time: span.Shifts > 0, Place: in.Place != "", Content: in.Content != "", Conditions: in.Conditions != "",
		Numbers: len(posts) > 0, How: in.How != "", Risks: in.Risks != "", Protection: in.Protection != "",
	}
	for _, item := range Items() {
		if !said[item] {
			items = append(items, item)
		}
	}
	return items
}

// complete refuses what Missing lists, each at its field, and a span that
// cannot be.
func complete(in Edit, posts []Post, span Span, now int64) error {
	var errs []error
	for _, item := range Missing(in, posts, span) {
		errs = append(errs, fail.Field(string(item), "activity.missing."+string(item)))
	}
	return fail.Join(append(errs, checkSpan(span, now))...)
}

func checkSpan(span Span, now int64) error {
	switch {
	case span.Shifts == 0:
		return nil // said to be missing already
	case span.Ends <= span.Starts:
		return fail.Field(string(Time), "activity.ends_before_start")
	case span.Ends <= now:
		return fail.Field(string(Time), "activity.over")
	}
	return nil
}

// normal is the input as it is kept.
func (in PostIn) normal() PostIn {
	in.Name, in.Duty = ident.Line(in.Name), ident.Lines(in.Duty)
	return in
}

// check refuses a post that cannot be. risky is what its activity's kind of
// service says; a risky post is for adults, whatever its ages say.
func (in PostIn) check(risky bool) error {
	return fail.Join(
		checkName("name", in.Name, minTitle, maxTitle), atMost("duty", in.Duty, maxText),
		checkAges(in.MinAge, in.MaxAge, risky || in.Risky),
		within("places", in.Places, 1, maxPlaces), within("standby_places", in.StandbyPlaces, 0, maxPlaces))
}

func checkAges(least, most int64, risky bool) error {
	if err := within("min_age", least, 0, maxAge); err != nil {
		return err
	}
	if err := within("max_age", most, 0, maxAge); err != nil || most == 0 {
		return err
	}
	switch {
	case most < least:
		return fail.Field("max_age", "activity.ages_crossed")
	case risky && most < adult:
		return fail.Field("max_age", "activity.ages_risky", "min", adult)
	}
	return nil
}

func within(field string, n, least, most int64) error {
	if n < least || n > most {
		return fail.Field(field, "activity.number_range", "min", least, "max", most)
	}
	return nil
}

// LeastAge is the age from which a post may be taken: its own limit, and never
// below 18 on a risky one. 0 is no limit.
func (p PostIn) LeastAge(serviceRisky bool) int64 {
	if p.Risky || serviceRisky {
		return max(p.MinAge, adult)
	}
	return p.MinAge
}

// Compare lists what differs, in the order in which a page shows it. The leader has
// a name, so that only the fact that there is another is told.
func Compare(before, after Edit) (d Diff) {
	told := func(field, a, b string) {
		if a != b {
			d = append(d, Changed{field, a, b})
		}
	}
	told("title", before.Title, after.Title)
	told("place", before.Place, after.Place)
	told("content", before.Content, after.Content)
	told("conditions", before.Conditions, after.Conditions)
	told("how", before.How, after.How)
	told("risks", before.Risks, after.Risks)
	told("protection", before.Protection, after.Protection)
	told("contact", before.Contact, after.Contact)
	told("signup", string(before.Signup), string(after.Signup))
	told("waitlist", yesNo(before.Waitlist), yesNo(after.Waitlist))
	if before.Leader != after.Leader {
		d = append(d, Changed{Field: "leader"})
	}
	return d
}

func yesNo(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// fixed refuses to change, once published, what says where an activity counts.
func fixed(before, after Edit) error {
	still := func(same bool, field string) error {
		if same {
			return nil
		}
		return fail.Field(field, "activity.fixed")
	}
	return fail.Join(still(before.Campaign == after.Campaign, "campaign"), still(before.Service == after.Service, "service"),
		still(before.Area == after.Area, "area"))
}

// riskyPost says whether one of the posts is risky by itself.
func riskyPost(posts []Post) bool {
	for _, p := range posts {
		if p.Risky {
			return true
		}
	}
	return false
}
