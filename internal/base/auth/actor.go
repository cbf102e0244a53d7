package auth

import (
	"slices"

	"tongxin/internal/base/fail"
	"tongxin/internal/base/id"
)

// Role is what somebody may do at an organisation and below it, spelt as in the vocabulary.
type Role string

// The roles.
const (
	Volunteer  Role = "volunteer"
	Guardian   Role = "guardian"   // acts for a minor or another dependant
	Leader     Role = "leader"     // of a team: publishes, checks in
	Admin      Role = "admin"      // of a station, institute, centre, city or province: the organisation's tier says which
	Reviewer   Role = "reviewer"   // approves what is submitted from below
	Supervisor Role = "supervisor" // watches progress, issues guidance
	Editor     Role = "editor"     // writes bulletins
	Signer     Role = "signer"     // signs bulletins and certificates
	Auditor    Role = "auditor"    // reads the audit trail

	SystemAdmin   Role = "system"   // runs the installation
	SecurityAdmin Role = "security" // grants roles
)

// Roles are all roles in the order of the vocabulary.
func Roles() []Role {
	return []Role{Volunteer, Guardian, Leader, Admin, Reviewer, Supervisor, Editor, Signer, SystemAdmin, SecurityAdmin, Auditor}
}

// ParseRole accepts a role as the vocabulary spells it.
func ParseRole(s string) (Role, error) {
	if !slices.Contains(Roles(), Role(s)) {
		return "", fail.New(fail.Invalid, "auth.role_unknown")
	}
	return Role(s), nil
}

// Staff reports whether the role works at the desk and so signs in with a password and a
// second factor; volunteers and guardians sign in with a one-time code.
func (r Role) Staff() bool { return r != "" && r != Volunteer && r != Guardian }

// Via is the door through which an actor came.
type Via string

// The doors.
const (
	Web Via = "web"
	API Via = "api"
	Job Via = "job"
	CLI Via = "cli"
)

// Grant is a role at an organisation; it reaches down the organisation's subtree.
type Grant struct {
	Org  id.ID
	Role Role
}

// Actor is whoever runs a command: a person in her roles, through a door.
type Actor struct {
	Person id.ID
	Grants []Grant
	Via    Via
}

// SystemID stands where a person's id would when the product itself acts: it resolves to no
// person.
const SystemID id.ID = "000000-0000000000000000"

// System is the actor of jobs. It holds no grant: the commands that jobs run ask for
// [Actor.IsSystem].
var System = Actor{Person: SystemID, Via: Job}

// IsSystem reports whether the product itself acts.
func (a Actor) IsSystem() bool { return a.Person == SystemID }

// SignedIn reports whether anybody is known to act.
func (a Actor) SignedIn() bool { return a.Person != "" }

// Has reports whether the actor holds one of the roles anywhere.
func (a Actor) Has(roles ...Role) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return slices.Contains(roles, g.Role) })
}

// HasAt reports whether the actor holds one of the roles at that very organisation; what a
// grant reaches below is for the area org to say.
func (a Actor) HasAt(org id.ID, roles ...Role) bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.Org == org && slices.Contains(roles, g.Role) })
}

// Orgs are the organisations at which the actor holds one of the roles, each once.
func (a Actor) Orgs(roles ...Role) []id.ID {
	var orgs []id.ID
	for _, g := range a.Grants {
		if slices.Contains(roles, g.Role) && !slices.Contains(orgs, g.Org) {
			orgs = append(orgs, g.Org)
		}
	}
	return orgs
}

// Staff reports whether the actor holds any role that works at the desk.
func (a Actor) Staff() bool {
	return slices.ContainsFunc(a.Grants, func(g Grant) bool { return g.Role.Staff() })
}

// Exclusive refuses a role to one who holds a role that excludes it: system, security and
// auditor exclude one another, at whatever organisation.
func Exclusive(held []Grant, role Role) error {
	three := []Role{SystemAdmin, SecurityAdmin, Auditor}
	if !slices.Contains(three, role) {
		return nil
	}
	for _, g := range held {
		if g.Role != role && slices.Contains(three, g.Role) {
			return fail.New(fail.Conflict, "auth.roles_exclude")
		}
	}
	return nil
}
