package api

import (
	"context"
	"net/http"
	"time"

	"github.com/danielgtaylor/huma/v2"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/fail"
	"tongxin/internal/base/i18n"
	"tongxin/internal/base/id"
	"tongxin/internal/work/people"
)

func (s *Site) volunteers() {
	register(s.api, huma.Operation{
		OperationID: "listVolunteers", Method: http.MethodGet, Path: prefix + "/volunteers", Tags: []string{"volunteers"},
		Summary: "Volunteers of an organisation and all below it", Description: "For staff there or above. Names and numbers are masked. In the order of their ids.",
		Security: signedIn, Errors: []int{401, 403, 404, 422},
	}, s.listVolunteers)
}

type volunteersQuery struct {
	Org      string `query:"org" doc:"Id of an organisation; absent: the first at which the caller holds a role"`
	Category int64  `query:"category" minimum:"1" doc:"Number of a category"`
	State    string `query:"state" enum:"pending,active,closed" doc:"Absent: all but closed"`
	After    string `query:"after" pattern:"^[0-9]{6}-[0-9a-z]{16}$" doc:"Where to go on: next of the page before"`
	Limit    int    `query:"limit" minimum:"1" maximum:"200" default:"50" doc:"Most on a page"`
}

type volunteersAnswer struct {
	Body struct {
		Org        id.ID       `json:"org" doc:"Whose they are"`
		Volunteers []Volunteer `json:"volunteers"`
		Next       string      `json:"next,omitempty" doc:"after of the next page; absent on the last"`
	}
}

// Volunteer is a volunteer as staff see her in a list.
type Volunteer struct {
	ID       id.ID     `json:"id"`
	No       string    `json:"no,omitempty" doc:"Volunteer number; absent while she waits for a guardian's consent" example:"321281000123"`
	Name     string    `json:"name" doc:"Masked: surname and a star"`
	Contact  string    `json:"contact,omitempty" doc:"Telephone, masked"`
	State    string    `json:"state" enum:"pending,active,closed" doc:"pending: a minor whose guardian has not agreed yet"`
	Category int64     `json:"category,omitempty" doc:"Number of her category"`
	Area     string    `json:"area" doc:"Where she lives: division code of 12 digits"`
	Station  id.ID     `json:"station,omitempty" doc:"Her own station or institute"`
	Minor    bool      `json:"minor" doc:"Known to be under 18 today"`
	Joined   time.Time `json:"joined"`
}

// readers are who may ask for a list.
var readers = []auth.Role{auth.Leader, auth.Admin, auth.Reviewer, auth.Supervisor}

func (s *Site) listVolunteers(ctx context.Context, in *volunteersQuery) (*volunteersAnswer, error) {
	c := callIn(ctx)
	at, err := optionalID("org", in.Org)
	if err != nil {
		return nil, err
	}
	if at == "" {
		orgs := c.actor.Orgs(readers...)
		if len(orgs) == 0 {
			return nil, fail.New(fail.Forbidden, "org.out_of_reach")
		}
		at = orgs[0]
	}
	list, err := people.Find(ctx, s.DB, s.Keys, c.actor, people.Filter{
		Org: at, Category: in.Category, State: people.State(in.State), After: id.ID(in.After), Limit: in.Limit,
	})
	if err != nil {
		return nil, err
	}
	out := &volunteersAnswer{}
	out.Body.Org, out.Body.Next, out.Body.Volunteers = at, string(list.Next), make([]Volunteer, len(list.People))
	today := s.DB.Now().In(i18n.Zone()).Format(time.DateOnly)
	for i, p := range list.People {
		if out.Body.Volunteers[i], err = s.volunteer(p, today); err != nil {
			return nil, err
		}
	}
	return out, nil
}

func (s *Site) volunteer(p people.Person, today string) (Volunteer, error) {
	v := Volunteer{
		ID: p.ID, No: p.No, State: string(p.State), Category: p.Category, Area: p.Area.String(), Station: p.Station,
		Minor: p.MinorOn(today), Joined: moment(p.Created),
	}
	name, err := p.Open(s.Keys, people.FieldName)
	if err != nil {
		return v, err
	}
	contact, err := p.Open(s.Keys, people.FieldContact)
	v.Name, v.Contact = people.Mask(people.FieldName, name), people.Mask(people.FieldContact, contact)
	return v, err
}
