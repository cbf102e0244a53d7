package app

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	spare      = 16 << 20 // bytes that may lie about in any case
	weighEvery = 10 * time.Second
)

// saving keeps the garbage that waits to be collected in proportion to what is in use beside the
// model of figures. The model stays and holds next to no pointers: passing over it costs little, and
// waiting until the heap has doubled would take its size once more. An operator who says GOGC has
// her will.
func (a *App) saving(ctx context.Context) {
	if os.Getenv("GOGC") != "" {
		return
	}
	loaded := false
	for tick := time.NewTicker(weighEvery); ; {
		debug.SetGCPercent(gcPercent(livingHeap(), a.Figures.Bytes()))
		if !loaded && a.Figures.Loaded() {
			loaded = true
			debug.FreeOSMemory() // what loading left
		}
		select {
		case <-ctx.Done():
			tick.Stop()
			return
		case <-tick.C:
		}
	}
}

// gcPercent is by how much the heap may grow between two collections.
func gcPercent(living, model int64) int {
	if living <= 0 {
		return 100
	}
	return int(min(100, max(5, 100*(max(0, living-model)+spare)/living)))
}

// livingHeap is what the last collection found in use.
func livingHeap() int64 {
	one := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	if metrics.Read(one); one[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return int64(one[0].Value.Uint64())
}
