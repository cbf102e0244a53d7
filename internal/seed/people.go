package seed

import (
	"time"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/db"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/work/activity"
	"tongxin/internal/work/area"
	"tongxin/internal/work/people"
)

// person is a volunteer, a guardian, or both.
type person struct {
	id       id.ID
	name     string
	phone    string // "" without one
	birth    string
	area     area.Code
	seat     *place // her station, institute or centre
	category string
	skills   []string
	guardian *person
	told     auth.Role // among the accounts that are printed
	team     *place
	ready    bool // active

	busy []span // of her shifts
}

// span is from a moment to another.
type span struct{ from, to time.Time }

func (p *person) actor() auth.Actor { return auth.Actor{Person: p.id, Via: auth.Web} }

// age in years on the world's day.
func (w *world) age(p *person) int {
	t, _ := time.ParseInLocation(time.DateOnly, p.birth, i18n.Zone())
	age := w.today.Year() - t.Year()
	if t.AddDate(age, 0, 0).After(w.today) {
		age--
	}
	return age
}

// kinds are the numbers of categories, skills and kinds of service, by slug.
type kinds struct {
	category, skill, service map[string]int64
	political                map[string]bool
}

func (w *world) readKinds() error {
	k := kinds{map[string]int64{}, map[string]int64{}, map[string]int64{}, map[string]bool{}}
	categories, err := people.Categories(w.ctx, w.app.DB)
	if err != nil {
		return err
	}
	for _, c := range categories {
		k.category[c.Slug], k.political[c.Slug] = c.ID, c.Political
	}
	skills, err := people.Skills(w.ctx, w.app.DB)
	if err != nil {
		return err
	}
	for _, s := range skills {
		k.skill[s.Slug] = s.ID
	}
	services, err := activity.Services(w.ctx, w.app.DB)
	for _, s := range services {
		k.service[s.Slug] = s.ID
	}
	w.kinds = k
	return err
}

// crowd is how many volunteers live where.
var crowd = []struct {
	at area.Code
	n  int
}{
	{chengdong, 90}, {suchen, 40}, {hailing, 40}, {gaogang, 18}, {jiangyan, 10}, {xinghua, 8},
	{zhenjiang, 10}, {jingkou, 10}, {dantu, 14}, {danyang, 30}, {lianyun, 16}, {donghai, 24}, {lianyungang, 6},
}

// weights of the categories, as a town has them.
var weights = []struct {
	slug string
	n    int
}{
	{"public", 24}, {"party_member", 14}, {"cadre", 12}, {"civilized_unit", 12}, {"youth_league", 10}, {"retired", 8}, {"community", 5},
	{"gentry", 4}, {"party_activist", 4}, {"student", 3}, {"teacher", 3}, {"medic", 3}, {"veteran", 3}, {"company", 3}, {"farmer", 3}, {"courier", 2},
}

func (w *world) category() string {
	sum := 0
	for _, c := range weights {
		sum += c.n
	}
	n := w.rand.IntN(sum)
	for _, c := range weights {
		if n -= c.n; n < 0 {
			return c.slug
		}
	}
	panic("seed: the weights do not add up")
}

// gather plans who joins when: most in the first three days, some later. Most join by phone,
// the others are registered by their station; the old often without a number.
func (w *world) gather() error {
	for _, c := range crowd {
		for range c.n {
			p := &person{name: w.newName(), area: w.home(c.at), category: w.category()}
			p.seat = w.seatOf(p.area)
			old := w.chance(0.16)
			p.birth = w.birthday(19, 62)
			if old {
				p.category, p.birth = "retired", w.birthday(61, 74)
			}
			if w.chance(0.45) {
				p.skills = append(p.skills, pick(w, []string{"medical", "counselling", "tutoring", "computing", "media", "haircut",
					"appliance_repair", "driving", "first_aid", "logistics", "lecturing", "photography", "cooking"}))
			}
			at := w.between(w.day(-before).Add(10*time.Hour), w.day(-before+3).Add(20*time.Hour))
			if w.chance(0.2) {
				at = w.between(w.day(-before+3), w.now.Add(-3*time.Hour))
			}
			at = awake(at)
			if w.chance(0.72) && !old {
				p.phone = w.newPhone()
				w.plan(at, "join", func() error { return w.join(p, nil) })
			} else {
				w.plan(at, "register", func() error { return w.registerFor(p, old) })
			}
		}
	}
	w.families()
	return nil
}

// awake moves a moment of the night to the morning.
func awake(t time.Time) time.Time {
	day := i18n.Midnight(t)
	if h := t.Sub(day); h < 7*time.Hour {
		return t.Add(7 * time.Hour)
	}
	if h := t.Sub(day); h > 21*time.Hour {
		return t.Add(-6 * time.Hour)
	}
	return t
}

// home is a village of a township, of a county's townships, or of a city's counties: where
// there are stations, people live near one.
func (w *world) home(at area.Code) area.Code {
	switch at.Level() {
	case area.Village:
		return at
	case area.City:
		return pick(w, below(at, area.County)).Code
	case area.County:
		return w.home(pick(w, below(at, area.Township)).Code)
	}
	if stations := w.tree.stationsOf(at); len(stations) > 0 && w.chance(0.85) {
		return pick(w, stations).area
	}
	villages := below(at, area.Village)
	if len(villages) == 0 {
		return at
	}
	return pick(w, villages).Code
}

// seatOf is the station, institute or centre of a place.
func (w *world) seatOf(at area.Code) *place {
	for ; at != 0; at = at.Parent() {
		if p := w.tree.seat[at]; p != nil {
			return p
		}
	}
	return nil
}

// birthday of somebody of that age.
func (w *world) birthday(from, to int) string {
	years := from + w.rand.IntN(to-from+1)
	return w.today.AddDate(-years, 0, -1-w.rand.IntN(363)).Format(time.DateOnly)
}

// agreed is what a form carries.
func (w *world) agreed(p *person) people.Agreed {
	return people.Agreed{Terms: true, Political: w.kinds.political[p.category], Lang: i18n.Chinese}
}

func (w *world) numbers(skills []string) (all []int64) {
	for _, s := range skills {
		all = append(all, w.kinds.skill[s])
	}
	return all
}

// join has somebody join by her own phone and a one-time code; of a minor the guardian is
// asked.
func (w *world) join(p *person, guardian *person) error {
	in := people.Joining{Name: p.name, Birth: p.birth, Area: p.area, Category: w.kinds.category[p.category], Skills: w.numbers(p.skills),
		Agreed: w.agreed(p)}
	if guardian != nil {
		in.GuardianPhone = guardian.phone
	}
	return w.enter(p, guardian == nil, func(tx *db.Tx) error {
		anyone := auth.Actor{Via: auth.Web}
		code, err := people.RequestCode(w.ctx, tx, w.app.Keys, p.phone)
		if err != nil {
			return err
		}
		entered, err := people.Enter(w.ctx, tx, w.app.Keys, anyone, people.Entry{Phone: p.phone, Code: code.Digits})
		if err := firstOf(err, entered.Refused); err != nil {
			return err
		}
		in.Ticket = entered.Ticket
		started, err := people.Join(w.ctx, tx, w.app.Keys, anyone, in)
		p.id = started.Person
		return err
	})
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// registerFor has her station, or the nearest above, register her on paper.
func (w *world) registerFor(p *person, old bool) error {
	in := people.Registration{Org: p.seat.id, Name: p.name, Birth: p.birth, Category: w.kinds.category[p.category], Skills: w.numbers(p.skills),
		Paper: w.agreed(p)}
	switch {
	case old && w.chance(0.5):
		in.Contact, in.ContactOf = w.newPhone(), people.RelativeNumber
	case !old:
		in.Contact, in.ContactOf = w.newPhone(), people.OwnNumber
	}
	by := w.adminOver(p.seat)
	return w.enter(p, true, func(tx *db.Tx) (err error) {
		p.id, err = people.RegisterFor(w.ctx, tx, w.app.Keys, by.actor(), in)
		return err
	})
}

// adminOver is the nearest administrator at a place or above it.
func (w *world) adminOver(p *place) *worker {
	for ; p != nil; p = p.parent {
		if s := w.staff.admin[p.area]; s != nil {
			return s
		}
	}
	return w.staff.told[3]
}

// enter writes somebody into the database, and half of those who are ready at once into a
// team near them.
func (w *world) enter(p *person, ready bool, put func(tx *db.Tx) error) error {
	if t := w.teamFor(p); t != nil && ready && w.chance(0.5) {
		p.team = t
	}
	err := w.write(func(tx *db.Tx) error {
		if err := put(tx); err != nil || p.team == nil {
			return err
		}
		return people.Belong(w.ctx, tx, p.actor(), p.id, p.team.id)
	})
	if err != nil {
		return err
	}
	w.count.People++
	p.ready = ready
	w.folk = append(w.folk, p)
	w.at[p.id.Home()] = append(w.at[p.id.Home()], p)
	return nil
}

// families are guardians and those for whom they act: minors who joined by themselves and
// were answered for, minors whom a parent registered, one still waiting, an old father
// without a phone.
func (w *world) families() {
	for i := range 5 {
		parent := &person{name: w.newName(), phone: w.newPhone(), birth: w.birthday(36, 48), area: w.home(chengdong), category: "civilized_unit"}
		parent.seat = w.seatOf(parent.area)
		joined := w.between(w.day(-before+1).Add(9*time.Hour), w.day(-before+2).Add(18*time.Hour))
		joined = awake(joined)
		w.plan(joined, "guardian joins", func() error { return w.join(parent, nil) })
		child := &person{name: w.newNameOf(parent.surname()), birth: w.birthday(12, 16), area: parent.area,
			seat: parent.seat, category: "student", guardian: parent}
		if i < 2 {
			w.plan(joined.Add(time.Hour), "dependant", func() error { return w.dependant(child) })
			continue
		}
		child.phone, child.birth = w.newPhone(), w.birthday(14, 17)
		at := joined.Add(2 * time.Hour)
		if i == 4 {
			parent.told, parent.phone = auth.Guardian, GuardianPhone
			at = w.between(w.day(-1).Add(16*time.Hour), w.day(-1).Add(20*time.Hour))
		}
		w.plan(at, "minor joins", func() error { return w.join(child, parent) })
		if i < 4 {
			w.plan(at.Add(30*time.Minute), "consent", func() error { return w.consent(child) })
		}
	}
}

// dependant has a guardian register her ward.
func (w *world) dependant(p *person) error {
	in := people.Dependant{Name: p.name, Birth: p.birth, Area: p.area, Category: w.kinds.category[p.category], Agreed: w.agreed(p)}
	in.Agreed.Minor, in.Agreed.Child = true, true
	return w.enter(p, true, func(tx *db.Tx) (err error) {
		p.id, err = people.RegisterDependant(w.ctx, tx, w.app.Keys, p.guardian.actor(), in)
		return err
	})
}

// consent has a guardian agree that her child takes part.
func (w *world) consent(p *person) error {
	p.ready = true
	return w.write(func(tx *db.Tx) error {
		return people.GuardianConsent(w.ctx, tx, w.app.Keys, p.guardian.actor(),
			people.Answer{Person: p.id, Name: p.name, Agreed: people.Agreed{Minor: true, Child: true, Lang: i18n.Chinese}})
	})
}
