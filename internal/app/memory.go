package app

import (
	"context"
	"os"
	"runtime/debug"
	"runtime/metrics"
	"time"
)

const (
	spare      = 10 << 20 // bytes of garbage that may wait in any case
	idle       = 8 << 20  // and of what is free and not given back
	weighEvery = 3 * time.Second
)

// saving keeps the garbage that waits to be collected in proportion to what is in use beside the
// model of figures. The model stays and holds next to no pointers: passing over it costs little, and
// waiting until the heap has doubled would take its size once more. An operator who says GOGC has
// her will.
func (a *App) saving(ctx context.Context) {
	if os.Getenv("GOGC") != "" {
		return
	}
	for tick := time.NewTicker(weighEvery); ; {
		debug.SetGCPercent(gcPercent(gauge("/gc/heap/live:bytes"), a.Figures.Bytes()))
		if gauge("/memory/classes/heap/free:bytes") > idle {
			debug.FreeOSMemory() // what loading left, or many at once
		}
		select {
		case <-ctx.Done():
			tick.Stop()
			return
		case <-tick.C:
		}
	}
}

// gcPercent is by how much the heap may grow between two collections: by half of what lives beside
// the model, and [spare].
func gcPercent(living, model int64) int {
	if living <= 0 {
		return 100
	}
	return int(min(100, max(5, 100*(max(0, living-model)/2+spare)/living)))
}

// gauge is what the runtime last measured by that name: the heap that a collection found in use, or
// memory that is free and not given back.
func gauge(name string) int64 {
	one := []metrics.Sample{{Name: name}}
	if metrics.Read(one); one[0].Value.Kind() != metrics.KindUint64 {
		return 0
	}
	return int64(one[0].Value.Uint64())
}
