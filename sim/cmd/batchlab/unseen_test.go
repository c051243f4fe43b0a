package main

import (
	"os"
	"slices"
	"strings"
	"testing"
)

// TestUnseen: the command and the Makefile tell the race detector of the same packages, and of all that is a
// subject's.
func TestUnseen(t *testing.T) {
	text, err := os.ReadFile("Makefile")
	if err != nil {
		t.Fatal(err)
	}
	_, line, _ := strings.Cut(string(text), "\nUNSEEN   := ")
	line, _, _ = strings.Cut(line, "\n")
	if list := strings.Fields(line); !slices.Equal(list, unseen) {
		t.Errorf("the Makefile hides %q, the command %q", list, unseen)
	}
	for _, p := range wovenPackages {
		if slices.Contains(unseen, strings.TrimPrefix(p, "./")) {
			t.Errorf("%s is a subject's, and the race detector is not told of it", p)
		}
	}
}
