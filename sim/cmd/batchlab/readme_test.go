package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// readme returns a page's blocks of a language.
func readme(t *testing.T, page, language string) []string {
	t.Helper()
	text, err := os.ReadFile(page)
	if err != nil {
		t.Fatal(err)
	}
	var blocks []string
	for _, m := range regexp.MustCompile("(?s)```"+language+"\n(.*?)```").FindAllStringSubmatch(string(text), -1) {
		blocks = append(blocks, m[1])
	}
	if len(blocks) == 0 {
		t.Fatalf("%s has no %s block", page, language)
	}
	return blocks
}

// shorter makes the long commands of the page short. What they print is the same but
// for numbers.
var shorter = map[string][]string{
	"lab": {"CAMPAIGN=1s", "EXPLORE=1", "SCHEDULES=2", "LABFUZZ=1s", "STRESS=300"},
}

// Every command of the README is run, and prints what the README says: all of it, or, where
// the page leaves something out (…), what is before and behind that, in this order. Of what
// is made short numbers differ from run to run: any will do.
func TestReadmeShowsWhatItsCommandsPrint(t *testing.T) {
	skipIfShort(t)
	for i, block := range readme(t, "README.md", "console") {
		first, want, _ := strings.Cut(block, "\n")
		args := strings.Fields(strings.TrimPrefix(first, "$ "))
		t.Run(fmt.Sprint(i+1, " ", args[1]), func(t *testing.T) {
			more := shorter[args[1]]
			if more != nil { // what a short run shows is no evidence for anybody else
				more = append(more, "EVIDENCE="+filepath.Join(t.TempDir(), "evidence.json"))
			}
			cmd := exec.CommandContext(t.Context(), args[0], slices.Concat([]string{"-s"}, args[1:], more)...)
			status := 0
			if args[0] == "go" { // in a copy of the module that is spoken of, and it finds something
				cmd = goIn(t.Context(), moduleCopy(t, "sim/testdata/derived"), args[1:]...)
				status = 1
			}
			out, err := cmd.Output()
			if strings.Contains(want, "\nviolation ") { // make's own, for any status but zero
				status = 2
			}
			if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() != status {
				t.Fatalf("%v, want status %d\n%s", err, status, out)
			}
			if more == nil {
				inOrder(t, string(out), want)
				return
			}
			rest := lines(string(out))
			for _, line := range lines(want) {
				i := slices.Index(rest, line)
				if i < 0 {
					t.Fatalf("does not print, or not there:\n%s\nbut\n%s", line, out)
				}
				rest = rest[i+1:]
			}
		})
	}
}

// The commands of sim/README.md print what it says.
func TestReadmeOfSimShowsWhatItsCommandsPrint(t *testing.T) {
	skipIfShort(t)
	for _, block := range readme(t, "sim/README.md", "console") {
		command, want, _ := strings.Cut(block, "\n")
		r := runCommand(t, strings.Fields(strings.TrimPrefix(command, "$ batchlab "))...)
		if r.status != 0 {
			t.Errorf("%s: status %d\n%s", command, r.status, r.errout)
		}
		inOrder(t, r.out, want)
	}
}

// moduleCopy copies a module that requires this one, for what is found in it to be kept there.
func moduleCopy(t *testing.T, from string) string {
	t.Helper()
	dir := t.TempDir()
	root, err := moduleRoot(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := copyCases(filepath.Join(root, from), dir, root, nil); err != nil {
		t.Fatal(err)
	}
	return dir
}

// The table of the README is what make cases prints.
func TestReadmeCasesHold(t *testing.T) {
	isLong(t)
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	r := runCommand(t, "cases")
	rows := regexp.MustCompile(`(?m)^\| \w+ (\| [^|]+ \| \d* \| \d+ )\| [0-9.]+ \| (there is none|silent in .*) \|$`).FindAllStringSubmatch(r.out, -1)
	if r.status != 0 || len(rows) < 8 {
		t.Fatalf("status %d, %d rows:\n%s%s", r.status, len(rows), r.out, r.errout)
	}
	rest := string(text)
	for _, m := range rows {
		_, after, ok := strings.Cut(rest, m[1]+"|\n")
		if !ok {
			t.Errorf("README.md does not have, or not in this order: %s", m[0])
			continue
		}
		rest = after
	}
}

// inOrder demands the pieces of a text between its lines of dots, one behind the other; of
// a text without dots, that it is the same.
func inOrder(t *testing.T, got, want string) {
	t.Helper()
	pieces := strings.Split("\n"+strings.TrimSpace(want)+"\n", "\n…\n")
	if len(pieces) == 1 && strings.TrimSpace(got) != strings.TrimSpace(want) {
		t.Errorf("prints\n%s\nand README.md says\n%s", got, want)
	}
	rest := got
	for _, piece := range pieces {
		_, after, ok := strings.Cut(rest, strings.TrimSpace(piece))
		if !ok {
			t.Fatalf("does not print, or not there:\n%s\nbut\n%s", piece, got)
		}
		rest = after
	}
}

// The page is for somebody who is here for the first time, and has a few minutes. What it
// says is to be read is there.
func TestReadmeIsShort(t *testing.T) {
	const most = 150
	text, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), "\n"); n > most {
		t.Errorf("README.md has %d lines, want at most %d", n, most)
	}
	docs := regexp.MustCompile("`go doc (batchlab/[a-z/]+)`").FindAllStringSubmatch(string(text), -1)
	files := regexp.MustCompile(`\]\(([^)]+)\)`).FindAllStringSubmatch(string(text), -1)
	if len(docs) == 0 || len(files) == 0 {
		t.Fatalf("%d packages and %d files to read", len(docs), len(files))
	}
	for _, m := range docs {
		if out, err := exec.CommandContext(t.Context(), "go", "doc", m[1]).CombinedOutput(); err != nil || !strings.Contains(string(out), "Package ") {
			t.Errorf("go doc %s: %v\n%s", m[1], err, out)
		}
	}
	for _, m := range files {
		if strings.HasPrefix(m[1], "https://") {
			continue
		}
		file, _, _ := strings.Cut(m[1], "#")
		if _, err := os.Stat(file); err != nil {
			t.Error(err)
		}
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

// The example in the README is one that is tested.
func TestReadmeShowsTests(t *testing.T) {
	files, err := filepath.Glob("sim/testdata/*/*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var tests string
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		tests += string(text)
	}
	for _, block := range readme(t, "README.md", "go") {
		if !strings.Contains(tests, block) {
			t.Errorf("README.md shows a test that is not in sim/testdata:\n%s", block)
		}
	}
}

// Every replay command of the track record shows the law that its row names.
func TestReadmeTrackRecordHolds(t *testing.T) {
	skipIfShort(t)
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

// The scoreboard in the case study's page is what the command prints of the samples that
// are kept, and the command is the one that the page names.
func TestScoreboardOfTheKeptRun(t *testing.T) {
	text, err := os.ReadFile("impls/README.md")
	if err != nil {
		t.Fatal(err)
	}
	command := "batchlab report --scoreboard --samples stress/report/testdata/run/bench.txt --evidence stress/report/testdata/run/evidence.json"
	r := runCommand(t, strings.Fields(command)[1:]...)
	if r.status != 0 || !strings.Contains(string(text), strings.TrimSpace(r.out)) || !strings.Contains(string(text), "`"+command+"`") {
		t.Errorf("status %d, the command prints what impls/README.md does not say:\n%s%s", r.status, r.out, r.errout)
	}
}
