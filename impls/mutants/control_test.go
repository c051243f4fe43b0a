package mutants

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/benbjohnson/clock"

	"batchlab/impls/spec"
)

// A picture is a program and the lines that the control must print for it. The
// items of puts without keys are numbered from 1001. What the bench does after the
// program, to end it, is left out.
type picture struct {
	name, program string
	want          []string
}

var batcherPictures = []picture{
	{"full batch", "size=2 | a put | a put", []string{
		"01 0s a put -> ok",
		"02 0s a put -> ok",
		"02 0s handler 000001 1001 1002 begins",
		"02 0s handler 000002 1001 1002 ends",
	}},
	{"timer from the start of the cycle", "size=2 timeout=10ms | +5ms | a put | +5ms | +10ms | a put | +10ms",
		[]string{
			"02 5ms a put -> ok",
			"03 10ms handler 000001 1001 begins",
			"03 10ms handler 000002 1001 ends",
			"05 20ms a put -> ok",
			"06 30ms handler 000003 1002 begins",
			"06 30ms handler 000004 1002 ends",
		}},
	{"trigger flushes and restarts the timer",
		"size=4 timeout=10ms | a put | +6ms | a trigger | a put | +6ms | +4ms", []string{
			"01 0s a put -> ok",
			"03 6ms a trigger -> ok",
			"03 6ms handler 000001 1001 begins",
			"03 6ms handler 000002 1001 ends",
			"04 6ms a put -> ok",
			"06 16ms handler 000003 1002 begins",
			"06 16ms handler 000004 1002 ends",
		}},
	{"a trigger waits for the foreground", "size=1 takes=20ms | a put | b trigger | +20ms", []string{
		"01 0s a put -> ok",
		"01 0s handler 000001 1001 begins",
		"03 20ms b trigger -> ok",
		"03 20ms handler 000002 1001 ends",
	}},
	{"background handlers overlap", "size=1 bg takes=20ms | a put | a put | +20ms", []string{
		"01 0s a put -> ok",
		"01 0s handler 1001 begins",
		"02 0s a put -> ok",
		"02 0s handler 1002 begins",
		"03 20ms handler 1001 ends",
		"03 20ms handler 1002 ends",
	}},
	{"close drains, waits, and lets triggers go",
		"size=2 takes=20ms | a put x5 | b trigger | c close | d close | a put | a trigger | +1m", []string{
			"01 0s a put x5 -> ok",
			"01 0s handler 000001 1001 1002 begins",
			"03 0s b trigger -> ok",
			"05 0s a put -> panic: " + closedMessage,
			"06 0s a trigger -> ok",
			"07 20ms handler 000002 1001 1002 ends",
			"07 20ms handler 000003 1003 1004 begins",
			"07 40ms handler 000004 1003 1004 ends",
			"07 40ms handler 000005 1005 begins",
			"07 60ms c close -> ok",
			"07 60ms d close -> ok",
			"07 60ms handler 000006 1005 ends",
		}},
	{"close waits for the background", "size=1 bg takes=20ms | a put | b close | +20ms", []string{
		"01 0s a put -> ok",
		"01 0s handler 1001 begins",
		"03 20ms b close -> ok",
		"03 20ms handler 1001 ends",
	}},
	{"nil is an item like any other", "size=1 | a put nil", []string{
		"01 0s a put nil -> ok",
		"01 0s handler 000001 nil begins",
		"01 0s handler 000002 nil ends",
	}},
	{"64 batches wait, and no more", "size=1 blocks | a put x65 | a put", []string{
		"01 0s a put x65 -> ok",
		"01 0s handler 000001 1001 begins",
	}},
}

var mapPictures = []picture{
	{"one winner", "a set k1 v1 | a set k1 v2 | a get k1 | a count | a delete k1 | a delete k1 | a count", []string{
		"01 0s a set k1 v1 -> true",
		"02 0s a set k1 v2 -> false",
		"03 0s a get k1 -> 1 true",
		"04 0s a count -> 1",
		"05 0s a delete k1 -> true",
		"06 0s a delete k1 -> false",
		"07 0s a count -> 0",
	}},
	{"the window's edge",
		"epoch=1h bucket=1s buckets=2 | a set k1 v1 | +1999ms | a get k1 | +1ms | a get k1 | a count", []string{
			"01 0s a set k1 v1 -> true",
			"03 1.999s a get k1 -> 1 true",
			"05 2s a get k1 -> 0 false",
			"06 2s a count -> 0",
		}},
	{"truncated division at 1970", "bucket=1s buckets=2 | a set k1 v1 | +1499ms | a get k1 | +1ms | a get k1",
		[]string{
			"01 0s a set k1 v1 -> true",
			"03 1.499s a get k1 -> 1 true",
			"05 1.5s a get k1 -> 0 false",
		}},
	{"a stale ID ages an entry",
		"bucket=10ms buckets=20 | +50ms | a set k1 v1 | +144ms | a get k1 | +1ms | a get k1", []string{
			"02 50ms a set k1 v1 -> true",
			"04 194ms a get k1 -> 1 true",
			"06 195ms a get k1 -> 0 false",
		}},
	{"a closed map stays", "bucket=1s buckets=2 | a set k1 v1 | a close | +1h | a get k1 | a set k2 v2 | a count",
		[]string{
			"01 0s a set k1 v1 -> true",
			"02 0s a close -> ok",
			"04 1h0m0s a get k1 -> 1 true",
			"05 1h0m0s a set k2 v2 -> true",
			"06 1h0m0s a count -> 2",
		}},
}

var dedupPictures = []picture{
	{"a duplicate is dropped", "size=1 | a put k1 | a put k1 | a put nil | a close | a put nil | a put k1", []string{
		"01 0s a put k1 -> ok",
		"01 0s handler 000001 1 begins",
		"01 0s handler 000002 1 ends",
		"02 0s a put k1 -> ok",
		"03 0s a put nil -> ok",
		"04 0s a close -> ok",
		"05 0s a put nil -> ok",
		"06 0s a put k1 -> panic: " + closedMessage,
	}},
	{"the window is 61 seconds", "epoch=1h size=1 timeout=1h | a put k1 | +60900ms | a put k1 | +100ms | a put k1",
		[]string{
			"01 0s a put k1 -> ok",
			"01 0s handler 000001 1 begins",
			"01 0s handler 000002 1 ends",
			"03 1m0.9s a put k1 -> ok",
			"05 1m1s a put k1 -> ok",
			"05 1m1s handler 000003 1 begins",
			"05 1m1s handler 000004 1 ends",
		}},
}

// TestControlPictures holds the controls to what the contract says, line by line.
func TestControlPictures(t *testing.T) {
	for kind, pictures := range map[spec.Kind][]picture{
		spec.KindBatcher:      batcherPictures,
		spec.KindDedup:        mapPictures,
		spec.KindDedupBatcher: dedupPictures,
	} {
		for _, p := range pictures {
			t.Run(fmt.Sprintf("%s/%s", kind, p.name), func(t *testing.T) {
				steps := strings.Count(p.program, "|")
				if !strings.Contains(strings.Split(p.program, "|")[0], "=") {
					steps++ // no settings
				}
				lines := strings.Split(trace(t, control(t, kind), p.program), "\n")
				for i, line := range lines {
					if line > fmt.Sprintf("%02d~", steps) {
						lines = lines[:i]
						break
					}
				}
				if got, want := strings.Join(lines, "\n"), strings.Join(p.want, "\n"); got != want {
					t.Errorf("%s\ngot:\n%s\nwant:\n%s", p.program, got, want)
				}
			})
		}
	}
}

// TestHandlerUnderMutex looks at what the bench cannot run: in the mutant Put's
// mutex is held during the handler, and a Put from there would wait for ever.
func TestHandlerUnderMutex(t *testing.T) {
	for f, want := range map[fault]bool{"control": false, "handler-under-mutex": true} {
		synctest.Test(t, func(t *testing.T) {
			var b *batcher
			held := false
			b = newBatcher(spec.BatcherConfig{Size: 1, Timeout: time.Hour}, clock.NewMock(), func([]*spec.Item) {
				if held = !b.handling.TryLock(); !held {
					b.handling.Unlock()
				}
			}, f)
			b.Put(&spec.Item{})
			b.Close()
			if held != want {
				t.Errorf("fault %s: mutex held during the handler: %t, want %t", f, held, want)
			}
		})
	}
}

// TestPanicRecovered calls the handler as the worker does: outside a test the
// control's panic ends the program.
func TestPanicRecovered(t *testing.T) {
	for f, want := range map[fault]bool{"control": true, "panic-recovered": false} {
		crashed := false
		func() {
			defer func() { crashed = recover() != nil }()
			b := &batcher{fault: f, fn: func([]*spec.Item) { panic("handler") }}
			b.call(nil)
		}()
		if crashed != want {
			t.Errorf("fault %s: the panic came through: %t, want %t", f, crashed, want)
		}
	}
}

// TestInvalidArguments: the constructors panic at once, naming argument and value.
func TestInvalidArguments(t *testing.T) {
	clk, fn := clock.NewMock(), func([]*spec.Item) {}
	for _, c := range []struct {
		want string
		call func()
	}{
		{"size is 0", func() { newBatcher(spec.BatcherConfig{Size: 0, Timeout: 1}, clk, fn, "control") }},
		{"timeout is -1ns", func() { newBatcher(spec.BatcherConfig{Size: 1, Timeout: -1}, clk, fn, "control") }},
		{"fn is nil", func() { newBatcher(spec.BatcherConfig{Size: 1, Timeout: 1}, clk, nil, "control") }},
		{"clock is nil", func() { newBatcher(spec.BatcherConfig{Size: 1, Timeout: 1}, nil, fn, "control") }},
		{"bucketSize is 1ns", func() { newTimedMap(spec.MapConfig{Bucket: 1, Buckets: 1}, clk, "control") }},
		{"maxBuckets is 0", func() { newTimedMap(spec.MapConfig{Bucket: 2, Buckets: 0}, clk, "control") }},
		{"overflows", func() { newTimedMap(spec.MapConfig{Bucket: 1 << 60, Buckets: 8}, clk, "control") }},
	} {
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); !strings.Contains(got, c.want) {
					t.Errorf("panic %q, want one with %q", got, c.want)
				}
			}()
			c.call()
		}()
	}
}
