package browser

import (
	"context"
	"errors"
	"os"
	"os/exec"

	"github.com/chromedp/chromedp"
)

// Browser is one running Chromium.
type Browser struct {
	ctx  context.Context
	stop func()
}

// ErrMissing says that this machine has no Chromium.
var ErrMissing = errors.New("no Chromium found: run scripts/need chromium, or name one in TONGXIN_CHROMIUM")

// Start starts Chromium with an empty profile. It ends with Close, or with the program.
func Start(ctx context.Context) (*Browser, error) {
	path, err := find()
	if err != nil {
		return nil, err
	}
	allocated, stopAll := chromedp.NewExecAllocator(ctx, flags(path)...)
	root, stop := chromedp.NewContext(allocated)
	b := &Browser{ctx: root, stop: func() { stop(); stopAll() }}
	if err := chromedp.Do(root); err != nil {
		b.stop()
		return nil, err
	}
	return b, nil
}

// Close ends Chromium and removes its profile.
func (b *Browser) Close() { b.stop() }

// find takes the same names as scripts/find-chromium.
func find() (string, error) {
	for _, name := range []string{os.Getenv("TONGXIN_CHROMIUM"), "chromium", "chromium-browser", "google-chrome-stable", "google-chrome"} {
		if path, err := exec.LookPath(name); name != "" && err == nil {
			return path, nil
		}
	}
	return "", ErrMissing
}

// flags say all that is wanted, since chromedp's own are replaced, not added to. Nothing outside this machine is asked for.
func flags(path string) []chromedp.ExecAllocatorOption {
	options := []chromedp.ExecAllocatorOption{
		chromedp.ExecPath(path), chromedp.Headless, chromedp.NoFirstRun, chromedp.NoDefaultBrowserCheck, chromedp.DisableGPU,
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1, EXCLUDE [::1]"),
		chromedp.Flag("disable-features", "Translate,MediaRouter,OptimizationHints,HttpsUpgrades"),
		chromedp.Flag("force-color-profile", "srgb"),
		chromedp.Flag("font-render-hinting", "none"),
		chromedp.Flag("lang", "zh-CN"),
		chromedp.Flag("accept-lang", "zh-CN"),
		chromedp.Flag("password-store", "basic"),
	}
	for _, on := range []string{
		"disable-background-networking", "disable-background-timer-throttling", "disable-backgrounding-occluded-windows",
		"disable-breakpad", "disable-client-side-phishing-detection", "disable-component-update", "disable-default-apps",
		"disable-dev-shm-usage", "disable-extensions", "disable-hang-monitor", "disable-ipc-flooding-protection",
		"disable-popup-blocking", "disable-prompt-on-repost", "disable-renderer-backgrounding", "disable-sync",
		"hide-scrollbars", "metrics-recording-only", "mute-audio", "safebrowsing-disable-auto-update", "use-mock-keychain",
	} {
		options = append(options, chromedp.Flag(on, true))
	}
	if os.Getuid() == 0 {
		options = append(options, chromedp.NoSandbox)
	}
	return options
}
