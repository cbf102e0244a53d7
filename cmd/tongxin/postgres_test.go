package main

import (
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

// ownPostgres is a PostgreSQL of one test's own, to be stopped and started, which keeps what it
// says that it keeps.
type ownPostgres struct {
	dsn, dir, bin string
	as            *syscall.SysProcAttr
	options       string
}

func startPostgres(t *testing.T) *ownPostgres {
	t.Helper()
	found, err := exec.Command("../../scripts/find-postgres").Output()
	if err != nil {
		t.Fatal("no PostgreSQL here: run `make test`, which finds or installs one")
	}
	p := &ownPostgres{bin: strings.TrimSpace(string(found)), as: &syscall.SysProcAttr{}}
	if p.dir, err = os.MkdirTemp("", "tongxin-restarted"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(p.dir) })
	if os.Geteuid() == 0 { // it refuses to run as root
		who, err := user.Lookup("postgres")
		if err != nil {
			who, err = user.Lookup("nobody")
		}
		if err != nil {
			t.Fatal(err)
		}
		uid, _ := strconv.Atoi(who.Uid)
		gid, _ := strconv.Atoi(who.Gid)
		p.as.Credential = &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}
		if err := os.Chown(p.dir, uid, gid); err != nil {
			t.Fatal(err)
		}
	}
	free, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := free.Addr().(*net.TCPAddr).Port
	free.Close()
	p.options = fmt.Sprintf("-p %d -k %s -c listen_addresses=127.0.0.1", port, p.dir)
	p.run(t, "initdb", "--pgdata="+p.data(), "--username=postgres", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
	p.control(t, "start")
	t.Cleanup(func() { p.control(t, "stop") })
	p.dsn = fmt.Sprintf("postgres://postgres@127.0.0.1:%d/city?sslmode=disable", port)
	p.run(t, "createdb", "-h", "127.0.0.1", "-p", strconv.Itoa(port), "-U", "postgres", "city")
	return p
}

func (p *ownPostgres) data() string { return filepath.Join(p.dir, "data") }

func (p *ownPostgres) restart(t *testing.T) { p.control(t, "restart") }

// control starts it, or stops it as a crash does: at once, with recovery at the next start.
func (p *ownPostgres) control(t *testing.T, what string) {
	t.Helper()
	args := []string{"-D", p.data(), "-w", "-l", filepath.Join(p.dir, "log"), "-o", p.options}
	if what != "start" {
		args = append(args, "-m", "immediate")
	}
	p.run(t, "pg_ctl", append(args, what)...)
}

func (p *ownPostgres) run(t *testing.T, name string, args ...string) {
	t.Helper()
	c := exec.Command(filepath.Join(p.bin, name), args...)
	c.Dir, c.SysProcAttr = p.dir, p.as
	said, err := os.CreateTemp("", "pg") // not a pipe, which the server would keep open
	if err != nil {
		t.Fatal(err)
	}
	defer os.Remove(said.Name())
	c.Stdout, c.Stderr = said, said
	if err := c.Run(); err != nil {
		text, _ := os.ReadFile(said.Name())
		t.Errorf("%s: %v\n%s", name, err, text)
	}
}
