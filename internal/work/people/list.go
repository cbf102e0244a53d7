package people

import (
	"context"
	"slices"
	"strings"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/base/ident"
	"tongxin/internal/work/area"
	"tongxin/internal/work/org"
)

// Filter says which volunteers a list holds. Query is a name or two characters of one, a
// volunteer number, a telephone number or an identity number: personal, so it comes from
// the body of a POST and is in no URL.
type Filter struct {
	Org      id.ID // and all below it
	Category int64
	State    State // "": all but closed ones
	Query    string
	After    id.ID
	Limit    int
}

// List is one page of volunteers. What is personal in them is sealed.
type List struct {
	People []Person
	Next   id.ID // cursor of the next page, "" on the last
}

// scope is which records an organisation's subtree holds. An office and a centre see the
// homes of their area; the others who names one of theirs as her station or belongs to it.
type scope struct {
	wide     bool
	low, top string // homes, top exclusive
	home     string
	position int64
}

func scopeOf(o org.Org) scope {
	s := scope{home: o.Home, position: o.Position}
	if o.Kind == org.Practice && (o.Tier == org.Office || o.Tier == org.Center) {
		s.wide = true
		s.low, s.top = homesOf(o.Area)
	}
	return s
}

// homesOf is the range of homes within a division of county level or above.
func homesOf(c area.Code) (low, top string) {
	lo, hi := c.Range()
	return lo.Home(), hi.Home()
}

// Find lists the volunteers of a subtree, of whose organisation the actor must hold a role
// at it or above.
func Find(ctx context.Context, r db.Reader, keys *crypt.Keys, actor auth.Actor, f Filter) (List, error) {
	s, err := permitScope(ctx, r, actor, f.Org)
	if err != nil {
		return List{}, err
	}
	q, err := parseQuery(keys, f.Query)
	if err != nil {
		return List{}, err
	}
	f.Limit = min(max(f.Limit, 1), 200)
	var found []Person
	switch {
	case q.exact():
		found, err = exactly(ctx, r, s, f, q)
	case !s.wide:
		found, err = listNarrow(ctx, r, s, f, q)
	case q.first == nil:
		found, err = listWide(ctx, r, s, f)
	default:
		found, err = findWide(ctx, r, s, f, q)
	}
	if err != nil {
		return List{}, err
	}
	l := List{People: found}
	if len(found) > f.Limit {
		l.People, l.Next = found[:f.Limit], found[f.Limit-1].ID
	}
	l.People, err = q.keep(keys, l.People)
	return l, err
}

// Count is how many volunteers a list without a query holds, up to a most beyond which
// nobody counts.
func Count(ctx context.Context, r db.Reader, actor auth.Actor, f Filter, most int) (int, error) {
	s, err := permitScope(ctx, r, actor, f.Org)
	if err != nil {
		return 0, err
	}
	if s.wide {
		return countWide(ctx, r, s, f, most)
	}
	return countNarrow(ctx, r, s, f, most)
}

func permitScope(ctx context.Context, r db.Reader, actor auth.Actor, at id.ID) (scope, error) {
	if err := org.Permit(ctx, r, actor, at, readers...); err != nil {
		return scope{}, err
	}
	o, err := org.Get(ctx, r, at)
	return scopeOf(o), err
}

// query is what was typed, as keyed hashes.
type query struct {
	no            string // volunteer number
	phone         []byte // sign-in number
	contact       []byte // contact number
	idno          []byte
	first, second []byte // two pairs of characters, perhaps the same
	name          string // to compare the whole of it once it is open
}

// exact says whether the query names one person, or the few of one telephone.
func (q query) exact() bool { return q.no != "" || q.contact != nil || q.idno != nil }

func parseQuery(keys *crypt.Keys, s string) (query, error) {
	digits := ident.Fold(s)
	if digits == "" {
		return query{}, nil
	}
	if digits[0] >= '0' && digits[0] <= '9' || digits[0] == '+' {
		return parseNumber(keys, digits)
	}
	name := nameKey(dots.Replace(ident.Line(s)))
	all := pairs(name)
	if len(all) == 0 {
		return query{}, fail.Field("q", "people.search_short")
	}
	return query{name: name, first: pairHash(keys, all[0]), second: pairHash(keys, all[len(all)-1])}, nil
}

func parseNumber(keys *crypt.Keys, s string) (query, error) {
	if phone, err := ident.Phone(s); err == nil {
		return query{phone: phoneHash(keys, phone), contact: contactHash(keys, phone)}, nil
	}
	if ident.Digits(s, 12) || ident.Digits(s, 13) {
		return query{no: s}, nil
	}
	if c, err := ident.ParseCitizen(s, "9999-12-31"); err == nil {
		return query{idno: keys.Hash("people.idno", string(c))}, nil
	}
	return query{}, fail.Field("q", "people.search_number")
}

// keep leaves those whose name holds all that was typed: two pairs of characters may stand
// elsewhere in it.
func (q query) keep(keys *crypt.Keys, found []Person) ([]Person, error) {
	if q.name == "" {
		return found, nil
	}
	var kept []Person
	for _, p := range found {
		name, err := p.Open(keys, FieldName)
		if err != nil {
			return nil, err
		}
		if strings.Contains(nameKey(name), q.name) {
			kept = append(kept, p)
		}
	}
	return kept, nil
}

// exactly finds the few persons of a number and leaves those of the subtree.
func exactly(ctx context.Context, r db.Reader, s scope, f Filter, q query) ([]Person, error) {
	ids, err := candidates(ctx, r, s, q)
	if err != nil {
		return nil, err
	}
	var found []Person
	for _, i := range ids {
		p, err := Get(ctx, r, i)
		if err != nil {
			return nil, err
		}
		in, err := s.holds(ctx, r, p)
		if err != nil {
			return nil, err
		}
		if in && f.takes(p) && !slices.ContainsFunc(found, func(o Person) bool { return o.ID == p.ID }) {
			found = append(found, p)
		}
	}
	return found, nil
}

// takes applies what else the filter asks.
func (f Filter) takes(p Person) bool {
	return (p.Volunteer || p.State == Pending) && (f.Category == 0 || p.Category == f.Category) &&
		(f.State == "" && p.State != Closed && p.State != Merged || p.State == f.State)
}

// holds says whether the subtree holds a person.
func (s scope) holds(ctx context.Context, r db.Reader, p Person) (bool, error) {
	if s.wide {
		return p.Home >= s.low && p.Home < s.top, nil
	}
	places, err := placesOf(ctx, r, p.Standing)
	if err != nil {
		return false, err
	}
	for _, place := range places {
		if in, err := under(ctx, r, s.position, place); in || err != nil {
			return in, err
		}
	}
	return false, nil
}
