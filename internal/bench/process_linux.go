package bench

import (
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// tick is the unit of proc(5), the same on every Linux that Go runs on.
const tick = 10 * time.Millisecond

func (p *process) proc(name string) string {
	all, err := os.ReadFile("/proc/" + strconv.Itoa(p.c.Process.Pid) + "/" + name)
	if err != nil {
		return ""
	}
	return string(all)
}

// usage reads how much processor time was spent.
func (p *process) usage() (u usage) {
	if _, rest, ok := strings.Cut(p.proc("stat"), ") "); ok {
		u.server = ticks(strings.Fields(rest), 11, 12) // utime and stime
	}
	var self syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &self) == nil {
		u.bench = time.Duration(self.Utime.Nano() + self.Stime.Nano())
	}
	if all, err := os.ReadFile("/proc/stat"); err == nil {
		first, _, _ := strings.Cut(string(all), "\n")
		u.busy = ticks(strings.Fields(first), 1, 2, 3, 6, 7) // user, nice, system, irq, softirq
	}
	return u
}

func ticks(fields []string, which ...int) (sum time.Duration) {
	for _, i := range which {
		if i < len(fields) {
			n, _ := strconv.ParseInt(fields[i], 10, 64)
			sum += time.Duration(n) * tick
		}
	}
	return sum
}

// resident is how much memory it holds, in bytes.
func (p *process) resident() int64 {
	_, rest, _ := strings.Cut(p.proc("status"), "VmRSS:")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return 0
	}
	kb, _ := strconv.ParseInt(fields[0], 10, 64)
	return kb << 10
}

// files counts what it has open.
func (p *process) files() int {
	all, _ := os.ReadDir("/proc/" + strconv.Itoa(p.c.Process.Pid) + "/fd")
	return len(all)
}
