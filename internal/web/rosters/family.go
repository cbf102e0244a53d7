package rosters

import (
	"slices"
	"strings"

	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/web/page"
	"tongxin/internal/work/people"
)

// member is somebody for whom the visitor may act: herself, or one of her family.
type member struct {
	ID   id.ID
	Name string
	Self bool
}

// family is everybody for whom the visitor may sign up and check in, herself first. Whoever
// is no volunteer herself may still act for a child.
func family(c *page.Ctx) ([]member, error) {
	if !c.SignedIn() {
		return nil, nil
	}
	var all []member
	if c.Volunteer {
		all = append(all, member{ID: c.Actor.Person, Name: c.Name, Self: true})
	}
	wards, err := people.Dependants(c, c.DB, c.Actor.Person)
	if err != nil {
		return nil, err
	}
	for _, w := range wards {
		name, err := w.Open(c.Keys, people.FieldName)
		if err != nil {
			return nil, err
		}
		if w.Volunteer {
			all = append(all, member{ID: w.ID, Name: name})
		}
	}
	return all, nil
}

// choose is the member with that id, or the first one.
func choose(all []member, who id.ID) (m member, ok bool) {
	if i := slices.IndexFunc(all, func(m member) bool { return m.ID == who }); i >= 0 {
		return all[i], true
	}
	if len(all) == 0 {
		return m, false
	}
	return all[0], true
}

// called is how the pages speak of a member: "you", or the name.
func called(c *page.Ctx, m member) string {
	if m.Self {
		return c.T("rosters.you")
	}
	return m.Name
}

// given is the name without the surname, as one greets somebody; a given name of one character
// sounds curt, so it keeps the surname.
func given(name string) string {
	surname := strings.TrimSuffix(i18n.MaskName(name), "*")
	if rest := strings.TrimPrefix(name, surname); len([]rune(rest)) > 1 {
		return strings.TrimSpace(rest)
	}
	return name
}
