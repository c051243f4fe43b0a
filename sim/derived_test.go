package sim_test

import (
	"bytes"
	"encoding/json"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"batchlab/sim/kind"
)

// derivedTests are those of the module testdata/derived: what a test that fails says, and "" of one that
// passes.
var derivedTests = map[string]string{
	"TestFree":         "",
	"TestHasty":        "hasty is not equivalent to locked",
	"TestLocked":       "",
	"TestAlone":        "hasty is not linearizable",
	"TestCache":        "",
	"TestCareless":     "careless is not linearizable",
	"TestPool":         "",
	"TestHastyPool":    "panics: send on closed channel",
	"TestPools":        "hastypool is not equivalent to pool",
	"TestSemaphore":    "",
	"TestForgetful":    "forgetful is not linearizable",
	"TestBounded":      "",
	"TestHastyBounded": "no call waits for what is there (W1-wake-up)",
	"TestPermits":      "",
	"TestBarrier":      "",
	"TestMeeting":      "",
	"TestHub":          "",
	"TestHastyHub":     "hastyhub is not linearizable",
	"TestClocked":      "",
	"TestHastyClocked": "hastyclocked is not equivalent to clocked",
	"TestFlight":       "",
	"TestHastyFlight":  "(G2-progress)",
	"TestKitchen":      "",
	"TestExpiring":     "",
	"TestLate":         "late is not equivalent to expiring",
	"TestMailbox":      "",
	"TestRoomy":        "roomy is not equivalent to mailbox",
	"TestLimiter":      "",
	"TestHastyLimiter": "hastylimiter is not equivalent to limiter",
	"TestConns":        "",
	"TestLooseConns":   "looseconns is not linearizable",
	"TestBoard":        "besides, where a callback panics: ",
	"TestTicking":      "",
	"TestHastyTicking": "(G3-no-panic)",
	"TestCrew":         "",
	"TestTaker":        "",
	"TestDesk":         "",
	"TestHastyDesk":    "hastydesk is not linearizable",
	"TestLender":       "",
	"TestStarter":      "",
	"TestSlot":         "",
	"TestFlags":        "G2-progress",
	"TestDoor":         "",
	"TestLocks":        "",
	"TestHastyLocks":   "(G3-no-panic)",
	"TestLimited":      "",
	"TestHastyDoor":    "panics: close of closed channel",
	"TestHastyLender":  "hastylender is not linearizable",

	"TestBare":      "write b.n",
	"TestFirst":     "first is not linearizable",
	"TestTwins":     "",
	"TestHalf":      "half is not equivalent to twins",
	"TestBenign":    "",
	"TestText":      "no schedule reaches into a call of text (*derived.Text)",
	"TestTextAlone": "",
	"TestChatty":    "",
	"TestWrong":     "ErrNone |  <- want ErrFull",

	"TestValues":          "",
	"TestArg":             "",
	"TestArgWords":        "",
	"TestManyLanes":       "single is not linearizable",
	"TestOneLane":         "",
	"TestTwice":           "G3-no-panic",
	"TestOnceAndLast":     "",
	"TestOnly":            "",
	"TestNoEnd":           "G1-leak",
	"TestEnd":             "",
	"TestInvariant":       "",
	"TestBrokenInvariant": "(I1-invariant): invariant broken: counted",
	"TestUnseen":          "counterinc is not equivalent to strict",
	"TestSee":             "",
	"TestModel":           "",
	"TestModelRefutes":    "hasty does what the model cannot do",
	"TestLeak":            "G1-leak",
	"TestWaives":          "",
	"TestEndless":         "",
	"TestUsedAfterEnd":    "",
	"TestPromises":        "G1-leak",
	"TestStats":           "sim.Without(\"Stats\"), or by",
	"TestWithoutStats":    "",
	"TestBounds":          "",

	"TestExploredCounter": "",
	"TestExploredTwo":     "the third is first",
	"TestExploredLost":    "1 were counted",
	"TestExploredKept":    "",

	"TestNoMethods":      "*struct {} has no method to call: give the constructors a type with exported methods",
	"TestNil":            "the constructor of nil returns nil: return a component",
	"TestPanics":         "panics: the constructor panics: no licence: mend it",
	"TestBlocks":         "the constructor of blocks does not return: lab waits to receive at bad_test.go:",
	"TestCommon":         "common answers otherwise when the same calls are made of a new one",
	"TestChance":         "chance answers otherwise when the same calls are made of a new one",
	"TestOriginalPanics": "the original derived.Queue/bang breaks G3-no-panic itself",
	"TestNilLater":       "the constructor of nillater returns nil: return a component",
	"TestNeverReturns":   "",
	"TestMoody":          "Size() -> 7 #1, then not any more, under one schedule",
	"TestRestless":       "the same choices led to another run: it depends on more than the schedule, it went on otherwise at queue.go:",
	"TestUnmade":         `*derived.copier.Copy cannot be called: nothing is known that could be its parameter 1, a io.Reader; say sim.Values[io.Reader](…)`,
	"TestUnknown":        `Without("Coppy"): *derived.copier has no such method, it has Copy, Empty, Pop, Push`,
	"TestBadArg":         `Arg("Copy", 1): parameter 1 is a io.Reader, which 7 is not`,
	"TestBadSee":         `See("Pop"): it needs a function of what the method answers, func() (int, bool)`,
	"TestBadEnd":         "End takes a function of a *derived.Free, and the component is a derived.Queue",
	"TestBadLanes":       "Lanes(0) is to be from 1 to 26",
	"TestNothing":        "the constructor of the queue is nil",
	"TestNoValues":       "Values[int]() lists none: name one value at least",
	"TestNoSuchLaw":      `there is no law "G9-none"`,
}

// derivedModule is a copy of the module, for woven code and seeds are written into it.
func derivedModule(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("builds binaries")
	}
	t.Parallel()
	module := filepath.Join(t.TempDir(), "derived")
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	if err := os.CopyFS(module, os.DirFS(filepath.Join("testdata", "derived"))); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "go", "mod", "edit", "-replace", "batchlab="+filepath.Dir(here))
	cmd.Dir = module
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return module
}

// verdicts runs go test in a folder, and returns of each test whether it passed and what it said.
func verdicts(t *testing.T, folder string, args ...string) (passed map[string]bool, said map[string]string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "go", append([]string{"test", "-json", "-count=1", "-vet=off", "-ldflags=-w"}, args...)...)
	cmd.Dir = folder
	out, _ := cmd.Output() // the status says that some test failed
	passed, said = map[string]bool{}, map[string]string{}
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); {
		var e struct{ Action, Test, Output string }
		if err := dec.Decode(&e); err != nil {
			t.Fatalf("%v in\n%s", err, out)
		}
		said[e.Test] += e.Output
		if e.Action == "pass" || e.Action == "fail" {
			passed[e.Test] = e.Action == "pass"
		}
	}
	return passed, said
}

// TestDerived has one copy of the module, whose test binary and twin are built once, and once more with the
// race detector.
func TestDerived(t *testing.T) {
	module := derivedModule(t)
	t.Run("verdicts", func(t *testing.T) { derivedVerdicts(t, module) })
	t.Run("seed", func(t *testing.T) { derivedSeed(t, module) })
	t.Run("races", func(t *testing.T) { derivedRaces(t, module) })
}

// derivedVerdicts: somebody's tests of a line each find what is wrong, and nothing where nothing is; each
// option does what it says; what cannot be judged is said in a line.
func derivedVerdicts(t *testing.T, module string) {
	silent := []string{"Racy", "Sound"}
	for name, want := range derivedTests {
		if want == "" {
			silent = append(silent, name+"$")
		}
	}
	// What is found ends at that; what is silent takes all the time that it is given.
	passed, said := verdicts(t, module, "-sim.budget=2m", "-skip", strings.Join(silent, "|"), ".")
	more, told := verdicts(t, module, "-sim.budget=100ms", "-run", strings.Join(silent[2:], "|"), ".")
	maps.Copy(passed, more)
	maps.Copy(said, told)
	var slow []string
	for name := range told {
		if name != "" && strings.Contains(told[name], "nothing was judged") { // by a machine that has much else to do
			slow = append(slow, name+"$")
		}
	}
	if len(slow) > 0 {
		more, told = verdicts(t, module, "-sim.budget=10s", "-run", strings.Join(slow, "|"), ".")
		maps.Copy(passed, more)
		maps.Copy(said, told)
	}
	for name, want := range derivedTests {
		got, ran := passed[name]
		if !ran || got != (want == "") || !strings.Contains(said[name], want) {
			t.Errorf("%s: ran %v, passed %v, want %q:\n%s", name, ran, got, want, said[name])
		}
		if strings.Contains(said[name], kind.Unnumbered) {
			t.Errorf("%s shows what stands around a number:\n%s", name, said[name])
		}
	}
	for name := range passed {
		if _, ok := derivedTests[name]; !ok && name != "" {
			t.Errorf("%s is not in the table", name)
		}
	}
}

// derivedRaces: under the race detector the lab orders nothing that lanes do by calling methods of
// every shape, and races with nobody.
func derivedRaces(t *testing.T, module string) {
	passed, said := verdicts(t, module, "-race", "-sim.budget=20s", "-run", "Racy", ".")
	more, told := verdicts(t, module, "-race", "-sim.budget=100ms", "-run", "Sound", ".")
	maps.Copy(passed, more)
	maps.Copy(said, told)
	if !passed["TestSoundDesk"] {
		t.Errorf("what goes from hand to hand:\n%s", said["TestSoundDesk"])
	}
	n := 0
	for name, ok := range passed {
		_, shape, sub := strings.Cut(name, "/")
		if !sub {
			continue
		}
		n++
		racy := strings.HasPrefix(name, "TestRacy")
		if ok == racy || racy && !strings.Contains(said[name], "G4-no-race") {
			t.Errorf("%s, passed %v:\n%s", shape, ok, said[name])
		}
	}
	if n < 30 {
		t.Errorf("%d shapes were tried: %v", n, said)
	}
}

// derivedSeed: what was found is kept, run first the next time, and by itself if that is asked for.
func derivedSeed(t *testing.T, module string) {
	if err := os.RemoveAll(filepath.Join(module, "testdata")); err != nil { // what was found before
		t.Fatal(err)
	}
	run := func(args ...string) string {
		cmd := exec.CommandContext(t.Context(), "go", append([]string{"test", "-count=1", "-vet=off", "-v", "-run", "^TestHasty$"}, args...)...)
		cmd.Dir = module
		out, _ := cmd.CombinedOutput()
		return string(out)
	}
	first := run()
	files, err := filepath.Glob(filepath.Join(module, "testdata", "sim", "TestHasty_*.seed"))
	if err != nil || len(files) != 1 {
		t.Fatalf("seeds %v, %v:\n%s", files, err, first)
	}
	file, _ := filepath.Rel(module, files[0])
	if want := "go test -run '^TestHasty$' -sim.replay=" + file; !strings.Contains(first, want) {
		t.Errorf("output lacks %q:\n%s", want, first)
	}
	page := filepath.Join(".batchlab", strings.TrimSuffix(filepath.Base(file), ".seed")+".html")
	if text, err := os.ReadFile(filepath.Join(module, page)); err != nil || !strings.Contains(first, file+"\n            "+page+"\n") ||
		!strings.Contains(string(text), "q.head.Store(next)") {
		t.Errorf("no page at %s: %v, %d bytes\n%s", page, err, len(text), first)
	}
	for _, out := range []string{run(), run("-sim.replay=" + file)} {
		if !strings.Contains(out, "found before:") {
			t.Errorf("not run first:\n%s", out)
		}
	}
	if out := run("-sim.replay=none.seed"); !strings.Contains(out, "none.seed: no such file or directory") {
		t.Errorf("a seed that is not there:\n%s", out)
	}
}
