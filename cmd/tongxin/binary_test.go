package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"tongxin/internal/base/i18n"
)

// binary is the program as it is built, for all tests of this package.
var binary string

func TestMain(m *testing.M) { os.Exit(build(m)) }

func build(m *testing.M) int {
	dir, err := os.MkdirTemp("", "tongxin")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(dir)
	binary = filepath.Join(dir, "tongxin")
	if out, err := exec.Command("go", "build", "-o", binary, ".").CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "go build: %v\n%s", err, out)
		return 1
	}
	return m.Run()
}

// said is what a command answered.
type said struct {
	code     int
	out, err string
}

// tongxin runs a command to its end.
func tongxin(t *testing.T, args ...string) said {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	var out, errs bytes.Buffer
	c := exec.CommandContext(ctx, binary, args...)
	c.Env, c.Stdout, c.Stderr = environment(), &out, &errs
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatalf("tongxin %s: %v", strings.Join(args, " "), err)
	}
	return said{c.ProcessState.ExitCode(), out.String(), errs.String()}
}

// environment is this process's without what would change the program's mind.
func environment() (env []string) {
	for _, kv := range os.Environ() {
		if !strings.HasPrefix(kv, "TONGXIN_") {
			env = append(env, kv)
		}
	}
	return env
}

// refused wants a command to end with 1 and the sentence of a key, and nothing internal.
func (s said) refused(t *testing.T, key string, args ...any) {
	t.Helper()
	want := i18n.T(i18n.Chinese, key, args...)
	if s.code != 1 || !strings.Contains(s.err, want) {
		t.Errorf("exit %d, said:\n%s%s\nwanted exit 1 and:\n%s", s.code, s.out, s.err, want)
	}
}

// done wants a command to succeed.
func (s said) done(t *testing.T) said {
	t.Helper()
	if s.code != 0 {
		t.Fatalf("exit %d, said:\n%s%s", s.code, s.out, s.err)
	}
	return s
}

// server is a program that serves.
type server struct {
	t      *testing.T
	url    string
	c      *exec.Cmd
	errs   *bytes.Buffer
	head   []string // its lines until it served
	rest   chan string
	ended  bool
	client *http.Client
}

var urlRe = regexp.MustCompile(`https?://\S+`)

// start runs a command that serves and waits for its address.
func start(t *testing.T, args ...string) *server {
	t.Helper()
	s := &server{t: t, c: exec.Command(binary, args...), errs: &bytes.Buffer{}, rest: make(chan string, 1), client: &http.Client{Timeout: time.Minute}}
	s.c.Env, s.c.Stderr = environment(), s.errs
	pipe, err := s.c.StdoutPipe()
	if err == nil {
		err = s.c.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if !s.ended {
			s.c.Process.Kill()
			s.c.Wait()
		}
	})
	lines := bufio.NewReader(pipe)
	for s.url == "" {
		line, err := lines.ReadString('\n')
		if err != nil {
			s.c.Wait()
			s.ended = true
			t.Fatalf("it ended before it served: %s%s%s", strings.Join(s.head, ""), line, s.errs)
		}
		s.head = append(s.head, line)
		s.url = strings.TrimSuffix(urlRe.FindString(line), "/")
	}
	go func() {
		all, _ := io.ReadAll(lines)
		s.rest <- string(all)
	}()
	return s
}

// stop sends the signal and waits; it gives what the program said until its end.
func (s *server) stop(sig os.Signal) said {
	s.t.Helper()
	if err := s.c.Process.Signal(sig); err != nil {
		s.t.Fatal(err)
	}
	rest := <-s.rest
	s.c.Wait()
	s.ended = true
	return said{s.c.ProcessState.ExitCode(), rest, s.errs.String()}
}

// end stops it as an operator does and wants it to have ended well.
func (s *server) end() {
	s.t.Helper()
	if got := s.stop(syscall.SIGTERM).done(s.t); !strings.Contains(got.out, i18n.T(i18n.Chinese, "cmd.stopped")) {
		s.t.Errorf("it does not say that it stopped: %s", got.out)
	}
}

// get answers a page's status and body.
func (s *server) get(path string) (int, string) {
	s.t.Helper()
	r, err := s.client.Get(s.url + path)
	if err != nil {
		s.t.Fatal(err)
	}
	defer r.Body.Close()
	body, err := io.ReadAll(r.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return r.StatusCode, string(body)
}
