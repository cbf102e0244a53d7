package main

import (
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"runtime"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"tongxin/internal/base/i18n"
)

// The exit codes.
const (
	done   = 0
	broken = 1
	misuse = 2
)

// commands is the command line: one field a command.
type commands struct {
	Demo     demo      `cmd:"" help:"${demo}"`
	Serve    serve     `cmd:"" help:"${serve}"`
	Seed     seeds     `cmd:"" name:"seed" help:"${seed}"`
	Found    found     `cmd:"" help:"${found}"`
	Import   imports   `cmd:"" name:"import" help:"${import}"`
	Verify   verify    `cmd:"" help:"${verify}"`
	Figure   figures   `cmd:"" name:"figure" help:"${figure}"`
	Bulletin bulletins `cmd:"" name:"bulletin" help:"${bulletin}"`
	Bench    benches   `cmd:"" name:"bench" help:"${bench}"`

	Backup  backup  `cmd:"" help:"${backup}"`
	Restore restore `cmd:"" help:"${restore}"`
	Move    move    `cmd:"" help:"${move}"`
	Doctor  examine `cmd:"" name:"doctor" help:"${doctor}"`

	Token    token    `cmd:"" help:"${token}"`
	Password password `cmd:"" help:"${password}"`
	Version  version  `cmd:"" help:"${version}"`
}

func main() {
	if os.Getenv("GOMAXPROCS") == "" {
		// One more than processors: back from the disk, the database's one writer need not wait
		// until a request gives up its place. A tenth more sign-ups a second on two of them.
		runtime.GOMAXPROCS(runtime.GOMAXPROCS(0) + 1)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	lang := i18n.Chinese
	if strings.HasPrefix(os.Getenv("TONGXIN_LANG"), i18n.English) {
		lang = i18n.English
	}
	code := run(ctx, printer{lang, os.Stdout, os.Stderr}, os.Args[1:])
	stop()
	os.Exit(code)
}

// run does what the arguments say and gives the exit code.
func run(ctx context.Context, p printer, args []string) int {
	var c commands
	parser, err := kong.New(&c, kong.Name("tongxin"), kong.Description(p.T("cmd.about")), helpVars(p),
		kong.Writers(p.out, p.err), kong.Help(p.help), kong.NoDefaultHelp(), kong.BindTo(ctx, (*context.Context)(nil)), kong.Bind(p))
	if err != nil {
		panic(err) // the command line itself is wrong
	}
	if len(args) == 0 || wantsHelp(args) {
		return showHelp(p, parser, args)
	}
	parsed, err := parser.Parse(args)
	if err != nil {
		p.misuse(err)
		return misuse
	}
	err = parsed.Run()
	switch {
	case errors.Is(err, errBroken):
		return broken
	case err != nil:
		p.refuse(err)
		return broken
	}
	return done
}

// errBroken is the answer of a command that has said already what is broken.
var errBroken = errors.New("broken")

// printer writes for people, in one language.
type printer struct {
	lang     string
	out, err io.Writer
}

// T is a sentence.
func (p printer) T(key string, args ...any) string { return i18n.T(p.lang, key, args...) }
