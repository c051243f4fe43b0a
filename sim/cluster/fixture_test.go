package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"batchlab/sim/fleet"
)

// TestMain is the program in the processes that these tests start, and the binary that does units in theirs.
func TestMain(m *testing.M) {
	switch args := os.Args[1:]; {
	case len(args) == 2 && args[1] == "units":
		if err := fleet.Serve(os.Stdin, os.Stdout, simulate); err != nil {
			panic(err)
		}
	case len(args) > 0 && slices.Contains([]string{"serve", "work", "submit"}, args[0]):
		main()
	default:
		os.Exit(m.Run())
	}
}

// simulated is the work of a unit that sleeps, and then answers or does not.
type simulated struct {
	N     int
	Sleep time.Duration
	Then  string // "": it answers
	Size  int    // of the answer
}

// simulate does a unit.
func simulate(o fleet.Order) fleet.Answer {
	var s simulated
	if err := json.Unmarshal(o.Work, &s); err != nil {
		return fleet.Answer{Err: err.Error()}
	}
	time.Sleep(s.Sleep)
	switch s.Then {
	case "panic":
		panic(fmt.Sprintf("unit %d", s.N))
	case "exit":
		os.Exit(3)
	case "eat":
		for all := [][]byte{}; ; time.Sleep(20 * time.Millisecond) {
			all = append(all, bytes.Repeat([]byte{1}, 64<<20))
		}
	case "environment":
		text, err := json.Marshal(os.Environ())
		return fleet.Answer{Result: text, Err: fmt.Sprint(err)}
	}
	noise := make([]byte, 0, s.Size)
	for i := 0; len(noise) < s.Size; i++ { // which no compressor makes small
		sum := sha256.Sum256(fmt.Append(nil, s.N, i))
		noise = append(noise, sum[:]...)
	}
	text, err := json.Marshal(map[string]any{"N": s.N, "Square": s.N * s.N, "Noise": noise})
	if err != nil {
		return fleet.Answer{Err: err.Error()}
	}
	return fleet.Answer{Result: text}
}

// site is a server, and processes around it.
type site struct {
	t    testing.TB
	url  string
	dir  string
	said fleet.Said

	mu   sync.Mutex
	news []string
}

// ports counts those that sites were given. A site wants to be alone at its port while nobody serves there, too, so it
// is below those that systems give to whoever connects (from 32768 on Linux, 49152 elsewhere).
var ports atomic.Int32

func newSite(t testing.TB) *site {
	t.Helper()
	for range 100 {
		address := fmt.Sprint("127.0.0.1:", 20000+(os.Getpid()*100+int(ports.Add(1)))%10000)
		if l, err := net.Listen("tcp", address); err == nil {
			l.Close()
			return &site{t: t, url: "nats://" + address, dir: t.TempDir()}
		}
	}
	t.Fatal("no port is free")
	return nil
}

// start starts a process of this program, and ends it with the test.
func (s *site) start(args ...string) *exec.Cmd {
	s.t.Helper()
	cmd := exec.Command(os.Args[0], args...)
	cmd.Stderr = &s.said
	if err := cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() { end(cmd) })
	return cmd
}

func end(cmd *exec.Cmd) {
	if cmd.ProcessState == nil {
		cmd.Process.Kill()
		cmd.Wait()
	}
}

func (s *site) serve(more ...string) *exec.Cmd {
	s.t.Helper()
	cmd := s.start(append([]string{"serve", "--listen", strings.TrimPrefix(s.url, "nats://"), "--dir", s.dir + "/store"}, more...)...)
	for range 200 {
		if c, err := net.Dial("tcp", strings.TrimPrefix(s.url, "nats://")); err == nil {
			c.Close()
			return cmd
		}
		time.Sleep(50 * time.Millisecond)
	}
	s.t.Fatalf("no server: %s", &s.said)
	return nil
}

func (s *site) work(more ...string) *exec.Cmd {
	s.t.Helper()
	return s.start(append([]string{"work", "--server", s.url, "--source", "abc", "--slots", "2", "--grace", "1s", "--dir",
		s.dir + "/work"}, more...)...)
}

// submit starts whoever asks.
func (s *site) submit() *fleet.Caller {
	s.t.Helper()
	c, err := fleet.Start(exec.Command(os.Args[0], "submit", "--server", s.url, "--source", "abc"), func(a fleet.Answer) {
		s.mu.Lock()
		defer s.mu.Unlock()
		if a.News != "" {
			s.news = append(s.news, a.News)
		}
	})
	if err != nil {
		s.t.Fatal(err)
	}
	return c
}

// told reports whether somebody was told something.
func (s *site) told(text string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return strings.Contains(strings.Join(s.news, "\n"), text) || strings.Contains(s.said.String(), text)
}

// until waits for something.
func (s *site) until(what string, is func() bool) {
	s.t.Helper()
	for range 600 {
		if is() {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
	s.t.Fatalf("never %s; %q; %s", what, s.news, &s.said)
}

func orderOf(u simulated) fleet.Order {
	work, err := json.Marshal(u)
	if err != nil {
		panic(err)
	}
	return fleet.Order{Name: "unit " + strconv.Itoa(u.N), Binary: os.Args[0], Work: work}
}

// page has units done, all at once, and merges what comes of them.
func page(t testing.TB, units []simulated, do func(context.Context, fleet.Order) (fleet.Answer, error)) string {
	t.Helper()
	answers := make([]string, len(units))
	var wg sync.WaitGroup
	for i, u := range units {
		wg.Go(func() {
			a, err := do(t.Context(), orderOf(u))
			answers[i] = fmt.Sprintf("%d: %s%s%s", u.N, a.Result, a.Err, a.GivenUp)
			if err != nil {
				t.Errorf("unit %d: %v", u.N, err)
			}
		})
	}
	wg.Wait()
	return strings.Join(answers, "\n")
}

// here does a unit in this process.
func here(_ context.Context, o fleet.Order) (fleet.Answer, error) { return simulate(o), nil }
