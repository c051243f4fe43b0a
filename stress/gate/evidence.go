// Package gate decides what may be said of benchmarks. It keeps the evidence, which is
// what the lab ran on exactly this source, what it covered and what it found: a benchmark
// of code that nobody has checked is a number about something else. And it compares
// samples, and says what became of each promise.
//
// A bench is let through if .batchlab/evidence.json, which make lab writes, covers exactly this
// source, these implementations and this Go: seeds replayed, programs generated, schedules
// explored, fuzzed, stressed under -race, and nothing found that is not known. Judged are medians
// of at least 10 samples, by Mann and Whitney's test at 5 % for all comparisons of a rival
// together (Holm). "No significant difference", "too few samples" and "too noisy" are verdicts.
//
// The package runs nothing. It refuses evidence that was edited or that is of another
// source (Read, Evidence.Gaps), and a verdict on samples that are too few or too noisy
// (Judge).
package gate

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"batchlab/impls/spec"
)

// Stage is a kind of check.
type Stage string

// The stages of the lab, in the order in which it runs them.
const (
	Replay   Stage = "replay"
	Campaign Stage = "campaign"
	Explore  Stage = "explore"
	Fuzz     Stage = "fuzz"
	Stress   Stage = "stress"
)

// Stages lists the stages.
var Stages = []Stage{Replay, Campaign, Explore, Fuzz, Stress}

// Record is what one stage did.
type Record struct {
	Stage    Stage
	Race     bool              // built with the race detector
	Seed     uint64            `json:",omitempty"`
	Covered  map[string]int    // how much of what: programs, runs, items, …
	Subjects map[string]string // per kind/name: its verdict, in words
	// Strategies are how schedules were chosen, and within which bounds.
	Strategies []string `json:",omitempty"`
	Known      []string `json:",omitempty"` // known violations that were met again, with their seeds
	Found      []string `json:",omitempty"` // new violations
}

// Evidence is what is known of one source.
type Evidence struct {
	Source  string // digest of the implementations and the contract, see SourceDigest
	Go      string // version that compiled them
	Records []Record
	Digest  string // of all of the above
}

// New returns empty evidence for a source, compiled by this Go.
func New(source string) *Evidence {
	return &Evidence{Source: source, Go: runtime.Version()}
}

// Add adds a record, instead of an earlier one of its stage.
func (e *Evidence) Add(r Record) {
	e.Records = slices.DeleteFunc(e.Records, func(o Record) bool { return o.Stage == r.Stage && o.Race == r.Race })
	e.Records = append(e.Records, r)
}

// Missing lists the stages of which there is no record, and the finds that nobody
// has accepted as known: reasons not to print a benchmark.
func (e *Evidence) Missing() []string {
	var list []string
	for _, s := range Stages {
		if !slices.ContainsFunc(e.Records, func(r Record) bool { return r.Stage == s }) {
			list = append(list, "no "+string(s))
		}
	}
	for _, r := range e.Records {
		for _, f := range r.Found {
			list = append(list, string(r.Stage)+" found "+f)
		}
	}
	return list
}

// counted is what each stage counts.
var counted = map[Stage]string{Replay: "seeds", Campaign: "programs", Explore: "schedules", Fuzz: "inputs",
	Stress: "items"}

// Summary says on one line how much was covered.
func (e *Evidence) Summary() string {
	var parts []string
	for _, r := range e.Records {
		what, n := counted[r.Stage], 0
		for name, count := range r.Covered {
			if name == what || strings.HasSuffix(name, " "+what) {
				n += count
			}
		}
		race := ""
		if r.Stage == Stress && r.Race {
			race = " under -race"
		}
		parts = append(parts, fmt.Sprintf("%s: %d %s%s", r.Stage, n, what, race))
	}
	return strings.Join(parts, ", ")
}

func (e *Evidence) digest() string {
	c := *e
	c.Digest = ""
	text, err := json.Marshal(c)
	if err != nil {
		panic("gate: evidence that cannot be encoded: " + err.Error())
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// Write writes the evidence file, whole or not at all.
func (e *Evidence) Write(file string) error {
	e.Digest = e.digest()
	text, err := json.MarshalIndent(e, "", "  ")
	if err != nil {
		return err
	}
	return WriteFile(file, append(text, '\n'))
}

// WriteFile writes a file, whole or not at all, and the folders on the way to it.
func WriteFile(file string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(file), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(tmp.Name())
	_, err = tmp.Write(text)
	err = errors.Join(err, tmp.Sync(), tmp.Close())
	if err != nil {
		return err
	}
	return os.Rename(tmp.Name(), file)
}

// Read reads an evidence file, and refuses one whose digest is not that of its
// content.
func Read(file string) (*Evidence, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	e := &Evidence{}
	if err := json.Unmarshal(text, e); err != nil {
		return nil, fmt.Errorf("%s: not an evidence file: %w", file, err)
	}
	if e.Digest != e.digest() {
		return nil, fmt.Errorf("%s: edited by hand, or damaged: its digest does not fit", file)
	}
	return e, nil
}

// SourceDigest identifies the source that evidence is about: the implementations,
// the contract, and the versions of what they use. root is the module's directory.
func SourceDigest(root string) (string, error) {
	sum := sha256.New()
	for _, dir := range []string{"go.mod", "go.sum", "impls", "sim/kind"} {
		err := filepath.WalkDir(filepath.Join(root, dir), func(p string, d fs.DirEntry, err error) error {
			switch {
			case err != nil:
				return err
			case d.IsDir() && d.Name() == "mutants":
				return fs.SkipDir
			case d.IsDir() || strings.HasSuffix(p, "_test.go"):
				return nil
			}
			text, err := os.ReadFile(p)
			if err != nil {
				return err
			}
			rel, err := filepath.Rel(root, p)
			fmt.Fprintf(sum, "%s %d\n%s", filepath.ToSlash(rel), len(text), text)
			return err
		})
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

// Gaps lists the reasons not to print figures of some subjects: evidence of another
// source or another Go, stages that were not run, subjects that a stage did not see,
// stress without the race detector, finds that are not known. None means: go on.
func (e *Evidence) Gaps(source string, subjects []spec.Subject) []string {
	switch { // of something else, it does not matter what is missing in it
	case e.Source != source:
		return []string{fmt.Sprintf("it is of source %.12s, this is %.12s", e.Source, source)}
	case e.Go != runtime.Version():
		return []string{fmt.Sprintf("it is of %s, this is %s", e.Go, runtime.Version())}
	}
	gaps := e.Missing()
	for _, r := range e.Records {
		if r.Stage == Stress && !r.Race {
			gaps = append(gaps, "stress without the race detector")
		}
		for _, s := range subjects {
			id := string(s.Kind) + "/" + s.Name
			if _, ok := r.Subjects[id]; !ok && !s.LawsOnly {
				gaps = append(gaps, fmt.Sprintf("no %s of %s", r.Stage, id))
			}
		}
	}
	return gaps
}
