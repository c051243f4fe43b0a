package batcher

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"testing"
)

// frozen are the files that everything here is compared with, and their SHA-256.
var frozen = map[string]string{
	"batcher.go":               "3658ec35750dc87d240405f68831b646778907a379d237fe9a3cd69b860622b0",
	"batcher_deduplication.go": "8b01f3bf43520d52ef431fb69bf027ebbf9242630c5c8d462bdae8b02cbf7751",
}

func TestFrozen(t *testing.T) {
	for file, want := range frozen {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sum := sha256.Sum256(content)
		if got := hex.EncodeToString(sum[:]); got != want {
			t.Errorf("%s has changed: sha256 %s, want %s\n"+
				"It is the baseline, and what was found and measured was found against it. Put new code in a file\n"+
				"of its own. If the baseline itself is wrong, correct it, this sum, and everything that was\n"+
				"measured, in one change that says why.", file, got, want)
		}
	}
}
