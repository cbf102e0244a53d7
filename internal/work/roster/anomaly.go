package roster

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
	"time"

	"tongxin/internal/base/audit"
	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/crypt"
	"tongxin/internal/base/db"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
	"tongxin/internal/work/org"
)

// AnomalyKind is what looks wrong about hours.
type AnomalyKind string

// The kinds, the worst first.
const (
	Impossible AnomalyKind = "impossible" // more than a day's hours on one day
	TwoPlaces  AnomalyKind = "two_places" // in two places at once
	LongDay    AnomalyKind = "long_day"   // many hours on one day
	OneMinute  AnomalyKind = "one_minute" // one author entered many people within one minute
	OneDevice  AnomalyKind = "one_device" // many people gave the code on one device
	NobodySaw  AnomalyKind = "nobody_saw" // the arrival was told afterwards: no code, nobody at the desk
	ToldLate   AnomalyKind = "told_late"  // hours told long after they were served
)

// AnomalyKinds is their order in a list.
func AnomalyKinds() []AnomalyKind { return kinds }

var kinds = []AnomalyKind{Impossible, TwoPlaces, LongDay, OneMinute, OneDevice, NobodySaw, ToldLate}

// Presence is a turn as the rules look at it: when somebody was where, and how that is known.
type Presence struct {
	Signup   id.ID
	Shift    id.ID
	Person   id.ID
	Org      id.ID // the activity's
	Title    string
	Day      string // the shift's
	Arrived  int64  // unix ms
	Departed int64  // 0 while she is there
	Ends     int64  // the shift's
	Minutes  int64
	How      string // code | staff | walkup | told
	Author   id.ID  // who entered the arrival by hand, or told the hours; "" when nobody did or it is not known
	Entered  int64  // when, unix ms
	Told     bool   // hours told afterwards: Author told them
	Device   string
	Inside   bool // of the subtree that is looked at; others tell only where else its people were
}

// until is when she left, as far as is known.
func (p Presence) until() int64 {
	if p.Departed != 0 {
		return p.Departed
	}
	return max(p.Ends, p.Arrived)
}

// Limits are from where on the rules call something an anomaly.
type Limits struct {
	Grace   int64 // ms by which two turns may overlap
	LongDay int64 // minutes
	Late    int64 // ms
	Minute  int   // people
	Device  int   // people
}

// LimitsOf reads them from the settings.
func LimitsOf(s config.Settings) Limits {
	return Limits{Grace: s.OverlapGrace.Milliseconds(), LongDay: int64(s.LongDay / time.Minute), Late: s.ToldLate.Milliseconds(),
		Minute: int(s.MinutePeople), Device: int(s.DevicePeople)}
}

// Anomaly is something about hours that somebody is to look into.
type Anomaly struct {
	Kind      AnomalyKind
	Key       string // what it is dismissed by: another where the records behind it are others
	Day       string
	Person    id.ID // "" where it is about many
	Author    id.ID // who entered it
	Turns     []Presence
	Minutes   int64 // of a day; or by how many minutes two turns overlap
	People    int
	Dismissed *Dismissal
}

// Dismissal is who found an anomaly to be in order, and why.
type Dismissal struct {
	Org    id.ID
	Reason string
	Author id.ID
	At     int64
}

// FindAnomalies applies the rules to what is known of a day. Turns of the day before and after are
// looked at only for where else somebody was.
func FindAnomalies(day string, all []Presence, l Limits) []Anomaly {
	slices.SortFunc(all, func(a, b Presence) int {
		return cmp.Or(cmp.Compare(a.Arrived, b.Arrived), strings.Compare(string(a.Signup), string(b.Signup)))
	})
	var found []Anomaly
	for _, turns := range grouped(all, func(p Presence) string { return string(p.Person) }) {
		found = append(found, longDay(day, turns, l)...)
		found = append(found, twoPlaces(day, turns, l)...)
	}
	inside := slices.DeleteFunc(slices.Clone(all), func(p Presence) bool { return !p.Inside })
	found = append(found, oneMinute(day, inside, l)...)
	found = append(found, oneDevice(day, inside, l)...)
	for _, p := range inside {
		if p.How == "told" && p.Day == day {
			found = append(found, Anomaly{Kind: NobodySaw, Day: day, Person: p.Person, Author: p.Author, Turns: []Presence{p}, Minutes: p.Minutes, People: 1})
		}
		if p.Told && db.Day(db.Time(p.Entered)) == day && p.Entered-p.Departed > l.Late {
			found = append(found, Anomaly{Kind: ToldLate, Day: day, Person: p.Person, Author: p.Author, Turns: []Presence{p}, Minutes: p.Minutes, People: 1})
		}
	}
	for i := range found {
		found[i].Key = found[i].key()
	}
	slices.SortStableFunc(found, func(a, b Anomaly) int {
		return cmp.Or(slices.Index(kinds, a.Kind)-slices.Index(kinds, b.Kind), cmp.Compare(b.Minutes, a.Minutes), strings.Compare(a.Key, b.Key))
	})
	return found
}

// grouped puts what has the same name together, in the order in which the names come; "" is no name.
func grouped(all []Presence, name func(Presence) string) [][]Presence {
	at, groups := map[string]int{}, [][]Presence(nil)
	for _, p := range all {
		n := name(p)
		if n == "" {
			continue
		}
		i, ok := at[n]
		if !ok {
			i = len(groups)
			at[n], groups = i, append(groups, nil)
		}
		groups[i] = append(groups[i], p)
	}
	return groups
}

// longDay adds up a person's minutes of the day.
func longDay(day string, turns []Presence, l Limits) []Anomaly {
	a := Anomaly{Kind: LongDay, Day: day, Person: turns[0].Person, People: 1}
	inside := false
	for _, p := range turns {
		if p.Day == day && p.Minutes > 0 {
			a.Minutes += p.Minutes
			a.Turns = append(a.Turns, p)
			inside = inside || p.Inside
		}
	}
	switch {
	case !inside || a.Minutes <= l.LongDay && a.Minutes <= 24*60:
		return nil
	case a.Minutes > 24*60:
		a.Kind = Impossible
	}
	return []Anomaly{a}
}

// twoPlaces finds each turn of the day during which she was on another shift too. It belongs to
// the day of the later arrival.
func twoPlaces(day string, turns []Presence, l Limits) (found []Anomaly) {
	for i, a := range turns {
		for _, b := range turns[:i] {
			over := min(a.until(), b.until()) - a.Arrived
			if a.Shift == b.Shift || a.Day != day || !a.Inside && !b.Inside || over <= l.Grace {
				continue
			}
			found = append(found, Anomaly{Kind: TwoPlaces, Day: day, Person: a.Person, Turns: []Presence{b, a}, Minutes: over / 60_000, People: 1})
		}
	}
	return found
}

// oneMinute finds who entered many people by hand within one minute of the day.
func oneMinute(day string, turns []Presence, l Limits) (found []Anomaly) {
	byHand := func(p Presence) string {
		if p.Author == "" || db.Day(db.Time(p.Entered)) != day {
			return ""
		}
		return string(p.Author) + "/" + strconv.FormatInt(p.Entered/60_000, 10)
	}
	for _, g := range grouped(turns, byHand) {
		if n := persons(g); n >= l.Minute {
			found = append(found, Anomaly{Kind: OneMinute, Day: day, Author: g[0].Author, Turns: g, People: n})
		}
	}
	return found
}

// oneDevice finds the devices on which many people gave the code on the day.
func oneDevice(day string, turns []Presence, l Limits) (found []Anomaly) {
	of := func(p Presence) string {
		if p.Day != day {
			return ""
		}
		return p.Device
	}
	for _, g := range grouped(turns, of) {
		if n := persons(g); n >= l.Device {
			found = append(found, Anomaly{Kind: OneDevice, Day: day, Turns: g, People: n})
		}
	}
	return found
}

func persons(turns []Presence) int {
	seen := map[id.ID]bool{}
	for _, p := range turns {
		seen[p.Person] = true
	}
	return len(seen)
}

// key names the anomaly by its kind and the records behind it.
func (a Anomaly) key() string {
	parts := make([]string, 0, len(a.Turns))
	for _, p := range a.Turns {
		parts = append(parts, string(p.Signup)+"/"+strconv.FormatInt(p.Arrived, 36)+"/"+strconv.FormatInt(p.Departed, 36)+"/"+strconv.FormatInt(p.Minutes, 36))
	}
	slices.Sort(parts)
	sum := sha256.Sum256([]byte(string(a.Kind) + "|" + a.Day + "|" + strings.Join(parts, "|")))
	return hex.EncodeToString(sum[:16])
}

// Anomalies lists what looks wrong about the hours of an organisation's subtree on a day, with
// what was found to be in order marked as such.
func Anomalies(ctx context.Context, r db.Reader, at id.ID, day string) ([]Anomaly, error) {
	set, err := config.Load(ctx, r)
	if err != nil {
		return nil, err
	}
	all, err := presences(ctx, r, at, day)
	if err != nil {
		return nil, err
	}
	found := FindAnomalies(day, all, LimitsOf(set))
	done, err := dismissals(ctx, r, day)
	for i, a := range found {
		if d, ok := done[a.Key]; ok {
			found[i].Dismissed = &d
		}
	}
	return found, err
}

// anomalyRoles may say that an anomaly is in order: not the leader, who enters hours herself.
var anomalyRoles = []auth.Role{auth.Admin, auth.Reviewer}

// Dismiss notes that an anomaly was looked into and is in order. Nobody says so of her own hours
// or of what she entered.
func Dismiss(ctx context.Context, tx *db.Tx, actor auth.Actor, at id.ID, day, key, reason string) error {
	if err := org.Permit(ctx, tx, actor, at, anomalyRoles...); err != nil {
		return err
	}
	if err := needReason(reason); err != nil {
		return err
	}
	all, err := Anomalies(ctx, tx, at, day)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(all, func(a Anomaly) bool { return a.Key == key })
	switch {
	case i < 0:
		return fail.New(fail.NotFound, "roster.anomaly_gone")
	case all[i].Dismissed != nil:
		return fail.New(fail.Conflict, "roster.decided_already")
	case all[i].of(actor.Person):
		return fail.New(fail.Forbidden, "roster.anomaly_own")
	}
	if err := insertDismissal(tx, at, all[i], reason, actor.Person); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "roster.anomaly_dismissed", Subject: all[i].Turns[0].Shift, Org: at,
		After: map[string]any{"kind": all[i].Kind, "day": day, "person": all[i].Person, "reason": reason}})
}

// of says whether the anomaly is about somebody or what she entered.
func (a Anomaly) of(person id.ID) bool {
	return a.Author == person || slices.ContainsFunc(a.Turns, func(p Presence) bool { return p.Person == person || p.Author == person })
}

// StrikeTurn takes back an arrival with its hours, where it turned out that she was not there; a
// second person does so, with a reason. Hours that are only wrong are told anew (TellHours).
func StrikeTurn(ctx context.Context, tx *db.Tx, actor auth.Actor, shift, person id.ID, reason string) (Signup, error) {
	s, err := Get(ctx, tx, shift)
	if err != nil {
		return Signup{}, err
	}
	if err := org.Permit(ctx, tx, actor, s.Activity.Org, anomalyRoles...); err != nil {
		return Signup{}, err
	}
	u, err := SignupOf(ctx, tx, shift, person)
	switch {
	case err != nil:
		return u, err
	case actor.Person == u.Person:
		return u, fail.New(fail.Forbidden, "roster.own_hours")
	case u.State == CheckedIn:
		return u, fail.New(fail.Conflict, "roster.strike_open")
	case !u.State.Served():
		return u, fail.New(fail.Conflict, "roster.not_on_it")
	}
	if err := needReason(reason); err != nil {
		return u, err
	}
	author, err := authorOf(ctx, tx, s, u)
	if err != nil {
		return u, err
	}
	if author == actor.Person {
		return u, fail.New(fail.Forbidden, "org.own_work")
	}
	return u, strike(ctx, tx, actor, s, &u, reason)
}

// strike reverses what the turn made countable: who held a place is down as not come, a walk-up
// was never on it.
func strike(ctx context.Context, tx *db.Tx, actor auth.Actor, s Shift, u *Signup, reason string) error {
	before := *u
	if err := s.reverseFor(tx, u.Person, Minutes, actor.Person); err != nil {
		return err
	}
	u.State, u.Reason, u.Arrived, u.ArrivedBy, u.Departed, u.Minutes, u.Grade, u.Device = NoShow, reason, 0, "", 0, 0, "", ""
	u.SteppedIn, u.LeftEarly = false, false
	if u.Walkup {
		u.State = Withdrawn
	}
	if err := update(ctx, tx, s, u); err != nil {
		return err
	}
	if err := unarrive(ctx, tx, s, u.Person, actor.Person); err != nil {
		return err
	}
	if u.State == NoShow {
		if err := s.postFor(tx, *u, Absent, 1, "", actor.Person); err != nil {
			return err
		}
	}
	if err := tell(tx, s, u.Person, "roster.struck", string(u.ID)+"/"+stamp(db.MS(tx.Now))); err != nil {
		return err
	}
	return audit.Record(tx, actor, audit.Entry{Action: "roster.struck", Subject: s.ID, Org: s.Activity.Org,
		Before: map[string]any{"person": u.Person, "state": before.State, "minutes": before.Minutes}, After: map[string]any{"state": u.State, "reason": reason}})
}

// DeviceOf is what is kept of a device for a day: enough to see that several people used one,
// too little to know it again tomorrow.
func DeviceOf(keys *crypt.Keys, day, secret string) string {
	if secret == "" {
		return ""
	}
	return hex.EncodeToString(keys.Derive("device", day, secret)[:8])
}
