package notice

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"tongxin/internal/base/i18n"
)

// Topic is what a kind of notice is about, as a person chooses how she wants to be told.
type Topic string

// The topics, as a page lists them.
const (
	Shifts  Topic = "shifts"  // when and where her shifts are
	Seats   Topic = "seats"   // whether she is on one
	Calls   Topic = "calls"   // somebody asks her to come
	Hours   Topic = "hours"   // what her service counts
	Account Topic = "account" // her record and her certificates
	Work    Topic = "work"    // what lies on her desk
)

// Topics are all topics.
func Topics() []Topic { return []Topic{Shifts, Seats, Calls, Hours, Account, Work} }

// kind is how a kind of notice goes out.
type kind struct {
	topic  Topic
	urgent bool // through quiet hours, at once
	short  bool // worth a text message
}

// kinds are the kinds that are not like the others of their area (areas).
var kinds = map[string]kind{
	"roster.cancelled": {Shifts, true, true}, "roster.moved": {Shifts, true, true}, "roster.moved_off": {Shifts, true, true}, "roster.soon": {Shifts, true, true},
	"roster.tomorrow": {Shifts, false, true}, "activity.changed": {Shifts, false, false},

	"roster.offered": {Seats, true, true}, "roster.stepped_in": {Seats, true, true}, "roster.taken_off": {Seats, true, true}, "roster.place_lost": {Seats, true, true},
	"roster.accepted": {Seats, false, true}, "roster.proxy_accepted": {Seats, false, true}, "roster.declined": {Seats, false, true}, "roster.moved_to_waitlist": {Seats, false, true},

	"roster.asked": {Calls, true, true}, "callup.asked": {Calls, true, true}, "callup.offered": {Calls, true, true}, "callup.over": {Calls, false, false},
	"callup.over_waiting": {Calls, false, false}, "callup.appealed": {Calls, false, false},

	"roster.confirmed": {Hours, false, false}, "roster.hours_entered": {Hours, false, false}, "roster.unclosed": {Hours, false, false},
	"roster.struck": {Hours, false, true}, "roster.no_show": {Hours, false, false},

	"roster.account_closed": {Work, true, false}, "callup.delivered": {Work, true, true}, "callup.reminded": {Work, true, true}, "callup.silent": {Work, true, true},
	"callup.raised": {Work, true, true},
}

// areas are how the kinds of an area go out otherwise.
var areas = map[string]kind{"roster": {topic: Seats}, "people": {topic: Account}, "activity": {topic: Work}, "callup": {topic: Work}, "guidance": {topic: Work},
	"report": {topic: Work}, "org": {topic: Work}, "article": {topic: Work}, "bulletin": {topic: Work}}

// kindOf is how a kind goes out.
func kindOf(name string) kind {
	if k, ok := kinds[name]; ok {
		return k
	}
	area, _, _ := strings.Cut(name, ".")
	if k, ok := areas[area]; ok {
		return k
	}
	return kind{topic: Account}
}

// TopicOf is what a kind of notice is about.
func TopicOf(kind string) Topic { return kindOf(kind).topic }

// Short are the kinds that are worth a text message: those whose templates a provider of such
// is asked to agree to.
func Short() []string {
	return slices.DeleteFunc(slices.Sorted(maps.Keys(kinds)), func(name string) bool { return !kinds[name].short })
}

// Any stands for the kinds that have no template of their own.
const Any = "any"

// Code is the kind of a one-time code, which is no notice and stands in no inbox.
const Code = "people.code"

var fieldRe = regexp.MustCompile(`\{(\w+)\}`)

// Fields are what a kind's sentence tells, by the names of its placeholders.
func Fields(kind string) (names []string) {
	switch kind {
	case Any:
		return nil
	case Code:
		return []string{"code"}
	}
	for _, m := range fieldRe.FindAllStringSubmatch(i18n.T(i18n.Chinese, "notice."+kind), -1) {
		if !slices.Contains(names, m[1]) {
			names = append(names, m[1])
		}
	}
	return names
}
