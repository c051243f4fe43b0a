package program

import (
	"bytes"
	"fmt"
	"runtime"
	"strings"
	"testing"
)

// TestTooMuch: a file beyond a limit is refused, and one at it is not.
func TestTooMuch(t *testing.T) {
	lines := func(n int) string { return plain + strings.Repeat("a put\n", n) }
	if _, err := Parse("x", []byte(lines(MaxOps)), known); err != nil {
		t.Error(err)
	}
	want := fmt.Sprintf("x:%d:1: a program has at most 10000 operations", 5+MaxOps)
	if _, err := Parse("x", []byte(lines(MaxOps+1)), known); err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	fill := func(size int) []byte {
		return append([]byte(plain+"#"), bytes.Repeat([]byte("x"), size-len(plain)-1)...)
	}
	if _, err := Parse("x", fill(MaxFileSize), known); err != nil {
		t.Error(err)
	}
	want = "x:1:1: the file has 1048577 bytes, a seed file has at most 1048576"
	if _, err := Parse("x", fill(MaxFileSize+1), known); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v", err)
	}
}

// TestHostileText: what a file says costs no memory; only its length does.
func TestHostileText(t *testing.T) {
	hostile := map[string]string{
		"one put of many items": plain + "a put x200000\n",
		"keys all over":         table + strings.Repeat("a set k999999 v999999\n", 50),
		"wide map":              opentb + "config: bucket=2ns buckets=10000\n\n",
		"large number":          plain + "a put x" + strings.Repeat("9", 1000) + "\n",
		"long word":             plain + strings.Repeat("z", 5000) + "\n",
		"long sum":              plain + "+" + strings.Repeat("1h+", 1000) + "1h\n",
		"many signs":            plain + "+" + strings.Repeat("-", 5000) + "\n",
		"long subject":          "batchlab: 1\nsubject: " + strings.Repeat("b", 5000) + "\n",
		"many commas":           plain[:len(plain)-1] + "expect: violation L in " + strings.Repeat(",", 5000) + "\n",
		"many settings":         opened + "config: " + strings.Repeat("size=1 ", 1000) + "\n",
		"blank lines":           plain + strings.Repeat("\n", 5000),
		"comments":              strings.Repeat("#\n", 5000) + plain,
	}
	for name, text := range hostile {
		t.Run(name, func(t *testing.T) {
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := Parse("x", []byte(text), anybody)
			runtime.ReadMemStats(&after)
			spent := after.TotalAlloc - before.TotalAlloc
			if most := uint64(20_000 + 60*len(text)); spent > most {
				t.Errorf("%d bytes of text cost %d bytes of memory, at most %d were expected", len(text), spent, most)
			}
			if err != nil && len(err.Error()) > 600 {
				t.Errorf("the error repeats the text: %d bytes", len(err.Error()))
			}
		})
	}
}
