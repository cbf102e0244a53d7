package main

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/alecthomas/kong"

	"tongxin/internal/base/fail"
)

// say writes a line.
func (p printer) say(line string) { fmt.Fprintln(p.out, line) }

// warn writes a line that is not part of the answer.
func (p printer) warn(line string) { fmt.Fprintln(p.err, line) }

// refuse writes why a command did nothing. The technical cause is told too: who sits here
// runs the installation.
func (p printer) refuse(err error) {
	if fail.KindOf(err) == fail.Internal {
		fmt.Fprintln(p.err, p.T("cmd.failed", "error", err))
		return
	}
	if fields := fail.Fields(err); len(fields) > 0 {
		for _, f := range fields {
			fmt.Fprintf(p.err, "%s: %s\n", f.Field, p.T(f.Key, f.Args...))
		}
		return
	}
	fmt.Fprintln(p.err, p.T(fail.Key(err), fail.Args(err)...))
}

// misuse writes what is wrong with the arguments, and where to look.
func (p printer) misuse(err error) {
	fmt.Fprintln(p.err, p.T("cmd.misuse", "error", err))
	fmt.Fprintln(p.err, p.T("cmd.see_help"))
}

// helpVars are the words of the commands and flags.
func helpVars(p printer) kong.Vars {
	vars := kong.Vars{}
	for _, name := range helped {
		vars[name] = p.T("cmd.help." + name)
	}
	return vars
}

// helped are the names that help tags use.
var helped = []string{
	"demo", "serve", "found", "import", "import_kind", "import_file", "import_org", "import_enter", "import_paper", "import_out", "seed", "verify", "token", "password", "version",
	"db", "keys", "addr", "tls_cert", "tls_key", "insecure", "proxied", "clock", "log", "json", "demo_db", "scale", "seed_number", "seed_clock", "seed_fraction", "org", "role", "login", "office_area", "office_name",
	"bench", "bench_signup", "bench_checkin", "bench_overview", "bench_pages", "bench_search", "bench_questioned", "bench_each", "bench_soak", "bench_import", "bench_notices", "bench_people", "bench_rows", "bench_alone", "bench_facts", "bench_pg", "bench_questions", "bench_bulletin", "bench_figures", "bench_times", "clients", "seconds",
	"backup", "backup_file", "backup_check", "restore", "restore_file", "restore_erasures", "move", "move_from", "move_to", "doctor",
	"figure", "figure_key", "figure_org", "figure_campaign", "figure_from", "figure_to", "figure_as_of", "figure_since", "figure_area", "figure_unit",
	"figure_category", "figure_service", "figure_by", "bulletin", "bulletin_draft", "bulletin_figures", "bulletin_verify", "bulletin_issue", "bulletin_key", "bulletin_write", "bulletin_out",
}

func wantsHelp(args []string) bool {
	return slices.ContainsFunc(args, func(a string) bool { return a == "-h" || a == "--help" }) || args[0] == "help"
}

// showHelp writes the help of the command that the arguments begin with, or of all. Without
// arguments that is wrong usage.
func showHelp(p printer, parser *kong.Kong, args []string) int {
	node := parser.Model.Node
	for _, a := range args {
		for _, c := range node.Children {
			if c.Name == a {
				node = c
			}
		}
	}
	p.describe(p.out, node)
	if len(args) == 0 {
		return misuse
	}
	return done
}

func (p printer) help(_ kong.HelpOptions, ctx *kong.Context) error {
	node := ctx.Selected()
	if node == nil {
		node = ctx.Model.Node
	}
	p.describe(p.out, node)
	return nil
}

// describe writes what a command, or the program, does and takes.
func (p printer) describe(w io.Writer, node *kong.Node) {
	fmt.Fprintf(w, "%s %s\n\n%s\n", p.T("cmd.usage"), usage(node), node.Help)
	if len(node.Children) > 0 {
		fmt.Fprintf(w, "\n%s\n", p.T("cmd.commands"))
		for _, c := range node.Children {
			row(w, c.Name, c.Help)
		}
		return
	}
	flags := node.Flags
	if len(flags) > 0 {
		fmt.Fprintf(w, "\n%s\n", p.T("cmd.flags"))
	}
	for _, f := range flags {
		text := f.Help
		if f.HasDefault && f.Default != "" {
			text += p.T("cmd.default", "value", f.Default)
		}
		for _, env := range f.Envs {
			text += p.T("cmd.env", "name", env)
		}
		row(w, spelt(f), text)
	}
}

func usage(node *kong.Node) string {
	if node.Type == kong.ApplicationNode {
		return node.Name + " COMMAND [--help]"
	}
	words := []string{node.FullPath()}
	for _, arg := range node.Positional {
		words = append(words, strings.ToUpper(arg.Name))
	}
	optional := false
	for _, f := range node.Flags {
		if f.Required {
			words = append(words, spelt(f))
		}
		optional = optional || !f.Required
	}
	if optional {
		words = append(words, "[…]")
	}
	return strings.Join(words, " ")
}

func spelt(f *kong.Flag) string {
	if f.IsBool() {
		return "--" + f.Name
	}
	return "--" + f.Name + " " + strings.ToUpper(f.FormatPlaceHolder())
}

// row writes a name and what it means, aligned.
func row(w io.Writer, name, text string) {
	const column = 26
	fmt.Fprintf(w, "  %s%s%s\n", name, strings.Repeat(" ", max(2, column-width(name))), text)
}

// width is how many columns of a terminal a text takes.
func width(s string) (n int) {
	for _, r := range s {
		n++
		if unicode.Is(unicode.Han, r) || r >= 0x3000 && r <= 0x303f || r >= 0xff00 && r <= 0xff60 {
			n++
		}
	}
	return n
}
