package main

import (
	"encoding/json"
	"errors"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	natsd "github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"

	"batchlab/sim/fleet"
)

// config writes a configuration of the server.
func config(t *testing.T, text string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "server.conf")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// TestServersOfNoUse: one that is not there, refuses, has no room, or is none, is said in a line to whoever asks and to
// whoever would work.
func TestServersOfNoUse(t *testing.T) {
	for name, c := range map[string]struct {
		begin func(t *testing.T, s *site)
		want  string
	}{
		"absent": {func(*testing.T, *site) {}, "no server answers there: batchlab cluster starts one"},
		"refuses": {func(t *testing.T, s *site) {
			s.serve("--config", config(t, "host: 127.0.0.1\nport: "+s.url[len("nats://127.0.0.1:"):]+"\nauthorization {user: a, password: b}"))
		}, "the server refuses these credentials"},
		"full": {func(t *testing.T, s *site) {
			s.serve("--config", config(t, "host: 127.0.0.1\nport: "+s.url[len("nats://127.0.0.1:"):]+"\njetstream {max_file_store: 1MB}"))
		}, "the server is full"},
		"other": {func(t *testing.T, s *site) {
			l, err := net.Listen("tcp", strings.TrimPrefix(s.url, "nats://"))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { l.Close() })
			go func() {
				for {
					c, err := l.Accept()
					if err != nil {
						return
					}
					c.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n"))
					c.Close()
				}
			}()
		}, "what answers there is no NATS server"},
		"no JetStream": {func(t *testing.T, s *site) {
			_, port, _ := net.SplitHostPort(strings.TrimPrefix(s.url, "nats://"))
			o, err := serving{listen: "127.0.0.1:" + port}.options()
			if err != nil {
				t.Fatal(err)
			}
			o.JetStream = false
			server, err := natsd.NewServer(o)
			if err != nil {
				t.Fatal(err)
			}
			server.Start()
			t.Cleanup(server.Shutdown)
			server.ReadyForConnections(10 * time.Second)
		}, "the server has no JetStream"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			c.begin(t, s)
			asks := s.submit()
			_, err := asks.Do(t.Context(), orderOf(simulated{}))
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "\n") {
				t.Errorf("whoever asks is told %q, want %q", err, c.want)
			}
			if asks.Close() == nil {
				t.Error("status 0")
			}
			if name == "full" { // of a binary, which a worker only fetches
				return
			}
			if out, err := exec.Command(os.Args[0], "work", "--server", s.url, "--dir", t.TempDir()).CombinedOutput(); err == nil ||
				!strings.Contains(string(out), c.want) || strings.Count(string(out), "\n") != 1 {
				t.Errorf("a worker: %v, %q", err, out)
			}
		})
	}
}

// TestUnitsOfNoUse: a unit that panics, ends its process, takes too long or too much is given up after three workers,
// each of which is told of; those beside it are done, also the largest.
func TestUnitsOfNoUse(t *testing.T) {
	s := newSite(t)
	s.serve()
	for range 2 {
		s.work("--time", "4s", "--memory", "150")
	}
	c := s.submit()
	defer c.Close()
	units := []simulated{
		{N: 1, Then: "panic"}, {N: 2, Then: "exit"}, {N: 3, Sleep: time.Hour}, {N: 4, Then: "eat"}, {N: 5}, {N: 6, Size: 2 << 20},
	}
	got := strings.Split(page(t, units, c.Do), "\n")
	for i, want := range []string{"panic: unit 1", "exit status 3", "not done after 4s", "it takes more than 150 MiB"} {
		if !strings.Contains(got[i], ": given up after 3 workers: crashed in worker ") || !strings.Contains(got[i], want) {
			t.Errorf("got %.200s, want %s", got[i], want)
		}
		if !s.told(orderOf(units[i]).Name + ": crashed in worker ") {
			t.Errorf("nobody is told of unit %d: %q", i+1, s.news)
		}
	}
	if want := strings.Split(page(t, units[4:], here), "\n"); got[4] != want[0] || got[5] != want[1] {
		t.Errorf("got %.100s and %.100s", got[4], got[5])
	}
	t.Run("without the environment", func(t *testing.T) {
		a, err := c.Do(t.Context(), orderOf(simulated{Then: "environment"}))
		var list []string
		if err := errors.Join(err, json.Unmarshal(a.Result, &list)); err != nil || len(list) != 2 ||
			!strings.HasPrefix(list[0], "HOME="+s.dir) || !strings.HasPrefix(list[1], "TMPDIR="+s.dir) {
			t.Errorf("%v, %q", err, list)
		}
	})
}

// TestStrangers: a worker of another source is refused by name and ends, a result that is none is told of and a unit
// that is none put away, a binary is not started that is not what its name says; and the next worker does the unit.
func TestStrangers(t *testing.T) {
	s := newSite(t)
	s.serve()
	nc, err := nats.Connect(s.url)
	if err != nil {
		t.Fatal(err)
	}
	defer nc.Close()
	seen := make(chan *nats.Msg, 10)
	if _, err := nc.ChanSubscribe(unitSubject+">", seen); err != nil {
		t.Fatal(err)
	}
	c := s.submit()
	defer c.Close()
	pages := make(chan string, 1)
	ask := func(n int) string {
		go func() { pages <- page(t, []simulated{{N: n}}, c.Do) }()
		return (<-seen).Subject
	}
	ask(1)
	ends := func(w *exec.Cmd, want string) {
		t.Helper()
		if w.Wait() == nil || !s.told(want) {
			t.Errorf("%v, %q, %s; want %s", w.ProcessState, s.news, &s.said, want)
		}
	}
	ends(s.work("--source", "other"), "refused: the worker has source other, want abc")
	s.until("told", func() bool { s.mu.Lock(); defer s.mu.Unlock(); return len(s.news) > 0 })
	digest, err := digestOf(os.Args[0])
	if err != nil {
		t.Fatal(err)
	}
	hub, err := (&dialing{url: s.url}).open(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer hub.nc.Close()
	right, err := hub.objects.GetBytes(t.Context(), digest)
	if err != nil {
		t.Fatal(err)
	}
	put := func(text []byte) {
		if _, err := hub.objects.PutBytes(t.Context(), digest, text); err != nil {
			t.Fatal(err)
		}
	}
	put([]byte("#!/bin/sh\n"))
	ends(s.work(), "what the server has under that digest has ")
	put(right)
	if err := nc.Publish(unitSubject+"nobody.1", []byte("dance")); err != nil {
		t.Fatal(err)
	}
	worker := s.work()
	want := page(t, []simulated{{N: 1}}, here)
	if got := <-pages; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
	s.until("told of", func() bool { return s.told("batchlab.unit.nobody.1 is no unit") })
	end(worker)
	subject := ask(2)
	for strings.HasPrefix(subject, unitSubject+"nobody.") {
		subject = (<-seen).Subject
	}
	if err := nc.Publish(resultSubject+strings.TrimPrefix(subject, unitSubject), []byte("no result")); err != nil {
		t.Fatal(err)
	}
	if got := <-pages; got != "2: null" {
		t.Errorf("of no result came %s", got)
	}
}

// TestWhoMayListen: a server that others can reach wants to know who they are.
func TestWhoMayListen(t *testing.T) {
	const auth = "authorization {token: secret}\n"
	for _, c := range []struct {
		how serving
		ok  bool
	}{
		{serving{listen: "127.0.0.1:4222"}, true}, {serving{listen: "[::1]:4222"}, true}, {serving{listen: "localhost:4222"}, true},
		{serving{listen: "0.0.0.0:4222"}, false}, {serving{listen: ":4222"}, false}, {serving{listen: "example.org:4222"}, false},
		{serving{listen: "127.0.0.1"}, false}, {serving{listen: "127.0.0.1:port"}, false},
		{serving{config: config(t, "host: 0.0.0.0\n")}, false}, {serving{config: config(t, "host: 0.0.0.0\n"+auth)}, true},
		{serving{listen: "0.0.0.0:4222", config: config(t, auth)}, true}, {serving{config: config(t, "host {")}, false},
	} {
		if _, err := c.how.options(); (err == nil) != c.ok {
			t.Errorf("%+v: %v", c.how, err)
		}
	}
	for url, told := range map[string]string{"nats://me:secret@host:1": "nats://host:1", "me:secret@host": "host", "host:1": "host:1"} {
		if got := hidden(url); got != told {
			t.Errorf("an address is told as %s, want %s", got, told)
		}
	}
	want := fleet.Identity{Source: "a", Go: "go1", Platform: "x/y", Protocol: 1}
	for id, text := range map[fleet.Identity]string{
		want: "",
		{Source: "b", Go: "go1", Platform: "x/y", Protocol: 1}: "source b, want a",
		{Source: "a", Go: "go2", Platform: "x/y", Protocol: 1}: "Go version go2, want go1",
		{Source: "a", Go: "go1", Platform: "x/z", Protocol: 1}: "platform x/z, want x/y",
	} {
		if got := id.Differs(want); got != text {
			t.Errorf("%+v: %q", id, got)
		}
	}
}
