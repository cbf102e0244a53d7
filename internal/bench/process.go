package bench

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// process is a program that serves, watched from outside.
type process struct {
	c    *exec.Cmd
	addr string
	errs bytes.Buffer
}

var servedAt = regexp.MustCompile(`http://([0-9.:]+)`)

// startProcess starts the program and waits until it says where it serves.
func startProcess(ctx context.Context, program []string, args ...string) (*process, error) {
	p := &process{c: exec.CommandContext(ctx, program[0], append(program[1:len(program):len(program)], args...)...)}
	p.c.Stderr = &p.errs
	out, err := p.c.StdoutPipe()
	if err == nil {
		err = p.c.Start()
	}
	if err != nil {
		return nil, fmt.Errorf("bench: the program does not start: %w", err)
	}
	lines := bufio.NewReader(out)
	for p.addr == "" {
		line, err := lines.ReadString('\n')
		if err != nil {
			_ = p.c.Wait()
			return nil, fmt.Errorf("bench: the program ended before it served: %s", strings.TrimSpace(p.errs.String()))
		}
		if found := servedAt.FindStringSubmatch(line); found != nil {
			p.addr = found[1]
		}
	}
	go func() { _, _ = lines.WriteTo(&bytes.Buffer{}) }()
	return p, nil
}

// stop ends it as an operator would, and waits.
func (p *process) stop() error {
	if err := p.c.Process.Signal(os.Interrupt); err != nil {
		return errors.Join(err, p.c.Process.Kill(), p.c.Wait())
	}
	if err := p.c.Wait(); err != nil {
		return fmt.Errorf("bench: the program ended badly: %w: %s", err, strings.TrimSpace(p.errs.String()))
	}
	return nil
}

// gauges are the numbers that it shows to monitoring.
func (p *process) gauges() (map[string]float64, error) {
	r, err := http.Get("http://" + p.addr + "/metrics")
	if err != nil {
		return nil, err
	}
	defer r.Body.Close()
	all := map[string]float64{}
	for lines := bufio.NewScanner(r.Body); lines.Scan(); {
		name, value, ok := strings.Cut(lines.Text(), " ")
		if n, err := strconv.ParseFloat(value, 64); ok && err == nil && name != "#" {
			all[name] = n
		}
	}
	return all, nil
}

// figuresLoaded waits until figures answer.
func (p *process) figuresLoaded(ctx context.Context) error {
	for ctx.Err() == nil {
		g, err := p.gauges()
		if err != nil {
			return err
		}
		if g["tongxin_figures_loaded"] == 1 {
			return nil
		}
		wait(ctx, 20*time.Millisecond)
	}
	return ctx.Err()
}

// usage is processor time so far: of the server, of this process, and of the whole machine.
type usage struct{ server, bench, busy time.Duration }

func (u usage) since(b usage) usage {
	return usage{u.server - b.server, u.bench - b.bench, u.busy - b.busy}
}
