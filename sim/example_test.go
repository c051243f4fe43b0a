package sim_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	// exampleHead is where an example begins: go test gives it no t.
	exampleHead = regexp.MustCompile(`(?m)^func Example(\w+)_(\w+)\(\) \{\n\tvar t \*testing\.T // .*$`)
	// exampleBug is a line, and what it is to be replaced with for the bug to be back.
	exampleBug = regexp.MustCompile(`(?m)^(\t+)\S.* // bug: (.*)$`)
	// exampleSays is a line of what is said then.
	exampleSays = regexp.MustCompile(`(?m)^\t//\t(.*)$`)
)

// without is the bug of a line that is not there.
const without = "without this line"

// TestExamples runs each example as the test that it is of a module of its own, as it is and with its bug: the one is
// silent, and the other says what the example shows.
func TestExamples(t *testing.T) {
	module := derivedModule(t)
	tests, says := "package examples\n\nimport (\n\t\"testing\"\n\n\t\"example.com/derived/sound\"\n\t\"example.com/derived/faulty\"\n)\n", map[string][]string{}
	for _, file := range exampleFiles(t) {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		src := string(text)
		head, bugs := exampleHead.FindStringSubmatch(src), exampleBug.FindAllString(src, -1)
		if head == nil || len(bugs) != 1 {
			t.Fatalf("%s: its example begins with %q and has bugs in %q, want one", file, head, bugs)
		}
		name := head[2]
		for _, m := range exampleSays.FindAllStringSubmatch(src, -1) {
			says[name] = append(says[name], m[1])
		}
		src = exampleHead.ReplaceAllString(src, "func Test${1}_${2}(t *testing.T) {")
		for which, src := range map[string]string{"Sound": src, "Faulty": faulty(src)} {
			pkg := strings.ToLower(which)
			src = strings.Replace(src, "package sim_test", "package "+pkg, 1)
			write(t, filepath.Join(module, pkg, strings.TrimSuffix(file, "_test.go")+".go"), src)
			tests += fmt.Sprintf("\nfunc Test%s_%s(t *testing.T) { %s.Test%s_%[2]s(t) }\n", which, name, pkg, head[1])
		}
	}
	write(t, filepath.Join(module, "examples", "examples_test.go"), tests)
	passed, said := verdicts(t, module, "./examples", "-sim.budget=2m", "-run=Faulty")
	for name, want := range says {
		got := regexp.MustCompile(`(?m)^ +`).ReplaceAllString(said["TestFaulty_"+name], "")
		if ok, ran := passed["TestFaulty_"+name]; ok || !ran || len(want) == 0 || !strings.Contains(got, strings.Join(want, "\n")+"\n") {
			t.Errorf("%s with its bug: passed %v, ran %v, want\n%s\ngot\n%s", name, ok, ran, strings.Join(want, "\n"), got)
		}
	}
	if want := "go test -run '^TestFaulty_queue$' example.com/derived/examples -sim.replay="; !strings.Contains(said["TestFaulty_queue"], want) {
		t.Errorf("no command that can be given anywhere in the module, %s:\n%s", want, said["TestFaulty_queue"])
	}
	passed, said = verdicts(t, module, "./examples", "-sim.budget=100ms", "-run=Sound")
	for name := range says {
		if got := said["TestSound_"+name]; !passed["TestSound_"+name] || !strings.Contains(got, "batchlab: no") {
			t.Errorf("%s: %s", name, got)
		}
	}
}

// exampleFiles are the examples, a file each.
func exampleFiles(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("example_*_test.go")
	if err != nil || len(files) != 6 {
		t.Fatalf("%d examples, %v", len(files), err)
	}
	return files
}

// faulty is an example with its bug.
func faulty(src string) string {
	return exampleBug.ReplaceAllStringFunc(src, func(line string) string {
		m := exampleBug.FindStringSubmatch(line)
		return m[1] + strings.TrimPrefix(m[2], without)
	})
}

func write(t *testing.T, file, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}
