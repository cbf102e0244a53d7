package bulletin

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"tongxin/internal/base/fail"
)

// browsers are the names under which Chromium is installed; TONGXIN_CHROMIUM goes first.
var browsers = []string{"chromium", "chromium-browser", "google-chrome-stable", "google-chrome"}

const printWithin = 60 * time.Second

// chromium finds the browser of this machine; "" where there is none.
func chromium() string {
	if path := os.Getenv("TONGXIN_CHROMIUM"); path != "" {
		if found, err := exec.LookPath(path); err == nil {
			return found
		}
		return ""
	}
	for _, name := range browsers {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// PrintPDF prints a page that needs nothing from elsewhere. Where there is no Chromium it is
// refused in words (bulletin.no_chromium).
func PrintPDF(ctx context.Context, html string) ([]byte, error) {
	path := chromium()
	if path == "" {
		return nil, fail.New(fail.Conflict, "bulletin.no_chromium")
	}
	dir, err := os.MkdirTemp("", "tongxin-print-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	in, out := filepath.Join(dir, "issue.html"), filepath.Join(dir, "issue.pdf")
	if err := os.WriteFile(in, []byte(html), 0o600); err != nil {
		return nil, err
	}
	ctx, stop := context.WithTimeout(ctx, printWithin)
	defer stop()
	press := exec.CommandContext(ctx, path, "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-extensions",
		"--user-data-dir="+filepath.Join(dir, "profile"), "--no-pdf-header-footer", "--print-to-pdf="+out, "file://"+in)
	if err := press.Run(); err != nil {
		return nil, fail.Wrap(err, fail.Conflict, "bulletin.chromium_failed")
	}
	pdf, err := os.ReadFile(out)
	if err != nil {
		return nil, fail.Wrap(err, fail.Conflict, "bulletin.chromium_failed")
	}
	return pdf, nil
}
