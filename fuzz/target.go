package fuzz

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"batchlab/impls/spec/batcher"
	"batchlab/impls/spec/dedup"
	"batchlab/impls/spec/dedupbatcher"
	"batchlab/sim/kind"
)

// Target is a native target, and the kind of its programs, nil if they are not run.
type Target struct {
	Name   string
	Kind   *kind.Kind
	inputs func(corpora string) ([][]byte, error) // that it begins with
}

// Targets are all there are.
var Targets = []Target{
	programsOf("FuzzBatcher", batcher.Kind),
	programsOf("FuzzMap", dedup.Kind),
	programsOf("FuzzDedupBatcher", dedupbatcher.Kind),
	{"FuzzText", nil, TextInputs},
	{"FuzzSeedFile", nil, Texts},
}

func programsOf(name string, k *kind.Kind) Target {
	return Target{name, k, func(corpora string) ([][]byte, error) { return Inputs(k, corpora) }}
}

// TargetNames are their names, in a line.
func TargetNames() string {
	var names []string
	for _, t := range Targets {
		names = append(names, t.Name)
	}
	return strings.Join(names, ", ")
}

// Input is what a target failed on.
type Input struct {
	Data  []byte
	Where string // for people
	File  string // "" if it is one of the inputs that the target begins with
}

// Input finds the input that go test calls by a name: seed#N, or a file's, in the module in a folder.
func (t Target) Input(module, name string) (Input, error) {
	var n int
	if _, err := fmt.Sscanf(name, "seed#%d", &n); err == nil {
		inputs, err := t.inputs(filepath.Join(module, "corpora"))
		if err == nil && n >= len(inputs) {
			err = fmt.Errorf("%s has no starting input %s", t.Name, name)
		}
		if err != nil {
			return Input{}, err
		}
		return Input{inputs[n], "its starting input " + name, ""}, nil
	}
	file := filepath.Join(module, "fuzz", "testdata", "fuzz", t.Name, name)
	text, err := os.ReadFile(file)
	if err != nil {
		return Input{}, err
	}
	data, err := inFile(text)
	if err != nil {
		return Input{}, fmt.Errorf("%s: %w", file, err)
	}
	return Input{data, file, file}, nil
}

// inFile reads the one []byte in a file of Go's fuzzer.
func inFile(text []byte) ([]byte, error) {
	version, value, _ := bytes.Cut(bytes.TrimSpace(text), []byte("\n"))
	quoted, ok := strings.CutPrefix(string(value), "[]byte(")
	if string(bytes.TrimSpace(version)) != "go test fuzz v1" || !ok || !strings.HasSuffix(quoted, ")") {
		return nil, errors.New("not the file of a fuzz target that takes one []byte")
	}
	data, err := strconv.Unquote(strings.TrimSuffix(quoted, ")"))
	return []byte(data), err
}
