package browser

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"batchlab/sim/view/page"
	"batchlab/sim/view/timeline"
)

// chromium is where the browser is.
var chromium = sync.OnceValues(func() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome", "chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("no Chromium is installed, and nothing is tried: apt-get install -y chromium")
})

// tab is a page in a browser, and what it complained of and asked for.
type tab struct {
	t   *testing.T
	ctx context.Context

	mu         sync.Mutex
	complaints []string // of the console
	requests   []string
}

// browser is the one that all tests have, and how it is ended.
var browser struct {
	sync.Once
	ctx context.Context
	end []context.CancelFunc
}

// TestMain gives the browser a folder for what it leaves behind, for it is ended by force.
func TestMain(m *testing.M) {
	scratch, err := os.MkdirTemp("", "batchlab-browser-")
	if err != nil {
		panic(err)
	}
	os.Setenv("TMPDIR", scratch)
	status := m.Run()
	for _, end := range slices.Backward(browser.end) {
		end()
	}
	os.RemoveAll(scratch)
	os.Exit(status)
}

// newTab opens a tab. Where there is no browser, nothing is tried; in CI, that is a failure.
func newTab(t *testing.T) *tab {
	t.Helper()
	path, err := chromium()
	if err != nil && os.Getenv("CI") == "" {
		t.Skip(err)
	} else if err != nil {
		t.Fatal(err)
	}
	browser.Do(func() {
		opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox,
			chromedp.DisableGPU, chromedp.Flag("disable-background-networking", true),
			chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true))
		ctx, stop := chromedp.NewExecAllocator(context.Background(), opts...)
		browser.end = append(browser.end, stop)
		browser.ctx, stop = chromedp.NewContext(ctx)
		browser.end = append(browser.end, stop)
		err = chromedp.Do(browser.ctx) // a tab of its own
	})
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := chromedp.NewContext(browser.ctx)
	t.Cleanup(stop)
	b := &tab{t: t, ctx: ctx}
	b.do(chromedp.Navigate("about:blank"))
	call(b, network.Enable, network.EnableParams{})
	call(b, log.Enable, cdp.Empty{})
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		t.Fatal(err)
	}
	return b
}

func (b *tab) hear(e any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := e.(type) {
	case *runtime.EventExceptionThrown:
		b.complaints = append(b.complaints, e.ExceptionDetails.Text)
	case *runtime.EventConsoleAPICalled:
		b.complaints = append(b.complaints, string(e.Type))
	case *log.EventEntryAdded:
		b.complaints = append(b.complaints, e.Entry.Text)
	case *network.EventRequestWillBeSent:
		b.requests = append(b.requests, e.Request.URL)
	}
}

func (b *tab) do(steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// ask evaluates an expression in the page.
func ask[T any](b *tab, expression string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		b.t.Fatalf("%s: %v", expression, err)
	}
	return v
}

// want compares what an expression is with what it should be.
func want[T comparable](b *tab, expression string, is T) {
	b.t.Helper()
	if got := ask[T](b, expression); got != is {
		b.t.Errorf("%s is %v, want %v", expression, got, is)
	}
}

// open writes a page and goes there.
func (b *tab) open(t *timeline.Timeline) (file string) {
	b.t.Helper()
	file = filepath.Join(b.t.TempDir(), "find.html")
	if err := page.Save(file, t); err != nil {
		b.t.Fatal(err)
	}
	b.do(chromedp.Navigate("file://" + file))
	return file
}

// look sets how wide the window is, and whether it is dark outside.
func (b *tab) look(wide, high int64, scheme string) {
	b.t.Helper()
	b.do(chromedp.EmulateViewport(wide, high))
	call(b, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
}

// quiet fails if the page complained, or asked for anything but itself.
func (b *tab) quiet(file string) {
	b.t.Helper()
	ask[int](b, "document.body.offsetHeight")
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(b.complaints) > 0 {
		b.t.Errorf("the page complains: %q", b.complaints)
	}
	for _, r := range b.requests {
		if r != "file://"+file {
			b.t.Errorf("the page asks for %s", r)
		}
	}
	b.complaints, b.requests = nil, nil
}

// TestTabHears shows the tab a page that throws, complains and asks for something outside.
func TestTabHears(t *testing.T) {
	b := newTab(t)
	file := filepath.Join(t.TempDir(), "bad.html")
	const text = `<!doctype html><img src="http://127.0.0.1:1/x.png"><script>console.error("no"); throw new Error("thrown")</script>`
	if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	b.do(chromedp.Navigate("file://" + file))
	b.mu.Lock()
	defer b.mu.Unlock()
	if !slices.Contains(b.requests, "http://127.0.0.1:1/x.png") {
		t.Errorf("the request was not heard: %q", b.requests)
	}
	all := strings.Join(b.complaints, "\n")
	if !strings.Contains(all, "error") || !strings.Contains(all, "Uncaught") {
		t.Errorf("the complaints were not heard: %q", b.complaints)
	}
}
