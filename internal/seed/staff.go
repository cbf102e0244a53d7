package seed

import (
	"fmt"
	"sync"

	"tongxin/internal/base/auth"
	"tongxin/internal/base/config"
	"tongxin/internal/base/db"
	"tongxin/internal/work/area"
	"tongxin/internal/work/people"
)

// worker is somebody who works at the desk.
type worker struct {
	person
	at       *place
	roles    []auth.Role
	login    string
	password string // only of accounts that are told; the others' nobody knows
}

// actor is who she is when she runs commands.
func (s *worker) actor() auth.Actor {
	a := auth.Actor{Person: s.id, Via: auth.Web}
	for _, r := range s.roles {
		a.Grants = append(a.Grants, auth.Grant{Org: s.at.id, Role: r})
	}
	return a
}

// staff is everybody who works at a desk: those who are told, and those who lead and review
// elsewhere.
type staff struct {
	told     []*worker
	admin    map[area.Code]*worker // by the division of the office, centre or institute
	leader   map[area.Code]*worker
	reviewer *worker // at the city
}

// settings turns off the second factor where the demonstration asks for it.
func (w *world) settings(o Options) error {
	if !o.OneFactor {
		return nil
	}
	return w.write(func(tx *db.Tx) error { return config.Save(tx, "people.staff_second_factor", "false") })
}

// hire makes the accounts: one for every role and tier of the demonstration's own branch,
// and an administrator and a leader wherever else something is going on.
func (w *world) hire() error { return w.hireWith(w.otherStaff()) }

// hireWith makes the accounts that are told, and others.
func (w *world) hireWith(others []*worker) error {
	w.staff.admin, w.staff.leader = map[area.Code]*worker{}, map[area.Code]*worker{}
	seat := w.tree.seat
	station := w.tree.stationsOf(chengdong)[0]
	for _, s := range []*worker{
		{at: seat[province], login: "anquan", roles: []auth.Role{auth.SecurityAdmin}},
		{at: seat[province], login: "xitong", roles: []auth.Role{auth.SystemAdmin}},
		{at: seat[province], login: "shenji", roles: []auth.Role{auth.Auditor}},
		{at: seat[province], login: "sheng", roles: []auth.Role{auth.Admin}},
		{at: seat[taizhou], login: "shi", roles: []auth.Role{auth.Admin}},
		{at: seat[taizhou], login: "shenhe", roles: []auth.Role{auth.Reviewer}},
		{at: seat[taizhou], login: "dudao", roles: []auth.Role{auth.Supervisor}},
		{at: seat[taizhou], login: "bianji", roles: []auth.Role{auth.Editor}},
		{at: seat[taizhou], login: "qianfa", roles: []auth.Role{auth.Signer}},
		{at: seat[hailing], login: "zhongxin", roles: []auth.Role{auth.Admin}},
		{at: seat[chengdong], login: "suo", roles: []auth.Role{auth.Admin}},
		{at: station, login: "zhan", roles: []auth.Role{auth.Admin}},
		{at: seat[chengdong], login: "duizhang", roles: []auth.Role{auth.Leader}},
	} {
		s.password = auth.RandomPassword()
		w.staff.told = append(w.staff.told, s)
	}
	if err := w.employ(append(w.staff.told[:len(w.staff.told):len(w.staff.told)], others...)); err != nil {
		return err
	}
	w.staff.admin[station.area] = w.staff.told[11]
	return nil
}

// otherStaff leads and reviews outside of the demonstration's own branch.
func (w *world) otherStaff() (all []*worker) {
	admins := []area.Code{zhenjiang, lianyungang, gaogang, jiangyan, xinghua, jingkou, dantu, danyang, lianyun, donghai, suchen}
	leaders := []area.Code{taizhou, zhenjiang, lianyungang, hailing, gaogang, jiangyan, xinghua, jingkou, dantu, danyang, lianyun, donghai, suchen}
	for _, at := range admins {
		all = append(all, w.staffAt(at, auth.Admin))
	}
	for _, at := range leaders {
		all = append(all, w.staffAt(at, auth.Leader))
	}
	return all
}

// staffAt is somebody with a role at the office, centre or institute of a division.
func (w *world) staffAt(at area.Code, role auth.Role) *worker {
	return &worker{at: w.tree.seat[at], login: fmt.Sprintf("%s.%d", role, at/1000), roles: []auth.Role{role}}
}

// employ makes the accounts. Passwords are hashed first, as many at a time as there are
// processors; those that nobody is told share one.
func (w *world) employ(all []*worker) error {
	hashes := make([]people.Password, len(w.staff.told)+1)
	fails := make([]error, len(hashes))
	var running sync.WaitGroup
	for i := range hashes {
		running.Go(func() {
			plain, login := auth.RandomPassword(), ""
			if i < len(w.staff.told) {
				plain, login = w.staff.told[i].password, w.staff.told[i].login
			}
			hashes[i], fails[i] = people.NewPassword(w.ctx, w.app.DB, login, plain)
		})
	}
	running.Wait()
	if err := firstOf(fails...); err != nil {
		return err
	}
	for _, s := range all {
		s.name = w.newName()
	}
	err := w.system(func(tx *db.Tx, actor auth.Actor) (err error) {
		for i, s := range all {
			s.id, err = people.CreateStaff(w.ctx, tx, w.app.Keys, actor,
				people.Staff{Org: s.at.id, Name: s.name, Login: s.login, Password: hashes[min(i, len(hashes)-1)], Roles: s.roles})
			if err != nil {
				return fmt.Errorf("account %s: %w", s.login, err)
			}
		}
		return nil
	})
	for _, s := range all {
		switch s.roles[0] {
		case auth.Admin:
			w.staff.admin[s.at.area] = s
		case auth.Leader:
			w.staff.leader[s.at.area] = s
		case auth.Reviewer:
			w.staff.reviewer = s
		}
	}
	return err
}

// accounts are those that can be told.
func (w *world) accounts() (all []Account) {
	for _, s := range w.staff.told {
		all = append(all, Account{Role: s.roles[0], Person: s.id, Org: s.at.id, OrgName: s.at.name, Name: s.name, Login: s.login, Password: s.password})
	}
	for _, p := range w.folk {
		if p.told != "" {
			all = append(all, Account{Role: p.told, Person: p.id, Name: p.name, Phone: p.phone})
		}
	}
	return all
}
