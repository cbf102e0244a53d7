package db_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"testing"

	"tongxin/internal/base/db"
)

// Some of these tests need a second process, which is killed: this program again, told by
// the environment what to do with which database.
const childVariable = "TONGXIN_DB_TEST_CHILD"

var children = map[string]func(dsn string){
	"hold":    childHolds,
	"write":   childWrites,
	"migrate": childMigrates,
}

func TestMain(m *testing.M) {
	if what := os.Getenv(childVariable); what != "" {
		children[what](os.Getenv("TONGXIN_DB_TEST_DSN"))
		return
	}
	os.Exit(m.Run())
}

// child starts the other process; lines are what it prints. kill ends it as kill -9 does,
// with no chance to tidy up.
func child(t *testing.T, what, dsn string) (lines *bufio.Scanner, kill func()) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childVariable+"="+what, "TONGXIN_DB_TEST_DSN="+dsn)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	var once sync.Once
	kill = func() { once.Do(func() { cmd.Process.Kill() }) }
	t.Cleanup(func() {
		kill()
		io.Copy(io.Discard, out)
		cmd.Wait()
	})
	return bufio.NewScanner(out), kill
}

func childOpens(dsn string) *db.DB {
	d, err := db.Open(context.Background(), dsn, db.Options{})
	if err != nil {
		fmt.Fprintln(os.Stderr, "child:", err)
		os.Exit(1)
	}
	return d
}

func childHolds(dsn string) {
	childOpens(dsn)
	fmt.Println("open")
	select {}
}

// childWrites prints each name once it is acknowledged, until it is killed.
func childWrites(dsn string) {
	d := childOpens(dsn)
	for w := range childWriters {
		go func() {
			for i := 0; ; i++ {
				name := fmt.Sprintf("%d/%d", w, i)
				if err := d.Write(context.Background(), func(tx *db.Tx) error { return put(tx, name, 1) }); err != nil {
					fmt.Fprintln(os.Stderr, "child:", err)
					os.Exit(1)
				}
				fmt.Println(name)
			}
		}()
	}
	select {}
}

const childWriters = 16

func childMigrates(dsn string) {
	d := childOpens(dsn)
	fmt.Println("open")
	err := d.MigrateFiles(context.Background(), files(endless[d.Engine()]))
	fmt.Fprintln(os.Stderr, "child: migrated, or not:", err)
	os.Exit(1)
}
