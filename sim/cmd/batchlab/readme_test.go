package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// readme returns the page's blocks of a language.
func readme(t *testing.T, language string) []string {
	t.Helper()
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	var blocks []string
	for _, m := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		blocks = append(blocks, m[1])
	}
	if len(blocks) == 0 {
		t.Fatalf("README.md has no %s block", language)
	}
	return blocks
}

// shorter makes the long commands of the page short. What they print is the same but
// for numbers.
var shorter = map[string][]string{
	"lab": {"CAMPAIGN=1s", "EXPLORE=1", "SCHEDULES=50", "LABFUZZ=1s", "STRESS=300"},
}

// Every command of the README is run, and prints what the README says. Numbers that
// differ from run to run are compared as numbers: any will do.
func TestReadmeShowsWhatItsCommandsPrint(t *testing.T) {
	for _, block := range readme(t, "console") {
		first, want, _ := strings.Cut(block, "\n")
		args := strings.Fields(strings.TrimPrefix(first, "$ "))
		t.Run(args[1], func(t *testing.T) {
			more := shorter[args[1]]
			if more != nil { // what a short run shows is no evidence for anybody else
				more = append(more, "EVIDENCE="+filepath.Join(t.TempDir(), "evidence.json"))
			}
			out, err := exec.CommandContext(t.Context(), args[0], slices.Concat([]string{"-s"}, args[1:], more)...).Output()
			if err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			got := string(out)
			if more == nil && strings.TrimSpace(got) != strings.TrimSpace(want) {
				t.Errorf("prints\n%s\nand README.md says\n%s", got, want)
			}
			rest := lines(got)
			for _, line := range lines(want) {
				i := slices.Index(rest, line)
				if i < 0 {
					t.Fatalf("does not print, or not there:\n%s\nbut\n%s", line, got)
				}
				rest = rest[i+1:]
			}
		})
	}
}

var numbers = regexp.MustCompile(`[0-9a-f]{12}|[0-9][0-9.,]*`)

// lines returns the lines of a text with every number replaced.
func lines(text string) []string {
	var list []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" && line != "…" {
			list = append(list, numbers.ReplaceAllString(line, "N"))
		}
	}
	return list
}

// The example in the README is the one that is tested.
func TestReadmeShowsTheForeignTest(t *testing.T) {
	text, err := os.ReadFile("sim/testdata/foreign/buffer_test.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, block := range readme(t, "go") {
		if !strings.Contains(string(text), block) {
			t.Errorf("README.md shows a test that is not in sim/testdata/foreign:\n%s", block)
		}
	}
}

// Every replay command of the track record shows the law that its row names.
func TestReadmeTrackRecordHolds(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	row := regexp.MustCompile("(?m)^\\|.*\\(`([BDGE]\\d+-[a-z-]+)`\\).*`make replay SEED=(\\S+)` \\|$")
	rows := row.FindAllStringSubmatch(string(text), -1)
	if len(rows) < 5 {
		t.Fatalf("found %d rows with a replay command", len(rows))
	}
	for _, m := range rows {
		r := runCommand(t, "replay", m[2])
		if r.status != 0 || !strings.Contains(r.out, "breaks "+m[1]) {
			t.Errorf("%s: status %d, does not show %s:\n%s%s", m[2], r.status, m[1], r.out, r.errout)
		}
	}
}

// The scoreboard in the README is what the command prints of the samples that are kept.
func TestReadmeShowsTheScoreboard(t *testing.T) {
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	run := filepath.Join("stress", "report", "testdata", "run")
	r := runCommand(t, "report", "--scoreboard", "--samples", filepath.Join(run, "bench.txt"), "--evidence", filepath.Join(run, "evidence.json"))
	if r.status != 0 || !strings.Contains(string(text), strings.TrimSpace(r.out)) {
		t.Errorf("status %d, the command prints what README.md does not say:\n%s%s", r.status, r.out, r.errout)
	}
}
