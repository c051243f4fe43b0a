package fuzz

import (
	"math/rand/v2"
	"os"

	"batchlab/impls"
	"batchlab/sim/kind"
	"batchlab/sim/lab"
	"batchlab/sim/program"
)

// OnVariable names the environment variable that replaces the subjects.
const OnVariable = "BATCHLAB_FUZZ_ON"

// Corpora is where the seeds are, seen from this package: tests run there.
const Corpora = "../corpora"

// names allows seeds of the kinds of the case study, and nothing else.
var names = program.Names{Kinds: impls.Kinds(), AnyLaw: true}

// generated is how many programs a target begins with besides the seeds, so that
// every operation is there to be mutated.
const generated = 24

// Inputs returns what the target of a kind begins with, always in the same order:
// the corpus walk (every seed of the kind), then some generated programs.
func Inputs(k *kind.Kind, corpora string) ([][]byte, error) {
	programs, err := walk(corpora)
	if err != nil {
		return nil, err
	}
	var inputs [][]byte
	for _, p := range programs {
		if p.Kind == k {
			inputs = append(inputs, Encode(p))
		}
	}
	for i := range uint64(generated) {
		inputs = append(inputs, Encode(program.Generate(rand.New(rand.NewPCG(0, i)), k, 12)))
	}
	return inputs, nil
}

// walk reads every seed below a directory.
func walk(corpora string) ([]*program.Program, error) {
	seeds, err := lab.ReadSeeds(names, corpora)
	var list []*program.Program
	for _, s := range seeds {
		list = append(list, s.Program)
	}
	return list, err
}

// TextInputs returns what FuzzText begins with: the seeds, and bytes of which all sorts of
// texts are made.
func TextInputs(corpora string) ([][]byte, error) {
	programs, err := walk(corpora)
	if err != nil {
		return nil, err
	}
	var inputs [][]byte
	for _, p := range programs {
		inputs = append(inputs, EncodeText(p))
	}
	for i := range uint64(generated) {
		rng := rand.New(rand.NewPCG(1, i))
		data := make([]byte, 40*i)
		for j := range data {
			data[j] = byte(rng.Uint32()) >> rng.IntN(8) // small numbers are many
		}
		inputs = append(inputs, data)
	}
	return inputs, nil
}

// Texts returns what FuzzSeedFile begins with: the seeds as they stand, and texts
// that mean no good.
func Texts(corpora string) ([][]byte, error) {
	files, err := lab.SeedFiles(corpora)
	if err != nil {
		return nil, err
	}
	var texts [][]byte
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		texts = append(texts, text)
	}
	const header = "batchlab: 1\nsubject: batcher\nconfig: size=1 timeout=1ns mode=background\n\n"
	for _, hostile := range []string{
		"", "\n", "\r\n", "\x00", "\xff\xfe", "batchlab: 2", "batchlab: 1\nbatchlab: 1", "subject: dedup",
		"batchlab: 1\nsubject: batcher\nconfig: size=99999999999999999999 timeout=-1s mode=\n",
		"batchlab: 1\nsubject: dedup\nconfig: bucket=1ns buckets=0 epoch=9999-01-01T00:00:00Z\n",
		header + "expect: pass\n", header + "a put x999999999\n", header + "+1000000h\n+1s-2s\n+1ns+1ns\n",
		header + "handler takes\n", header + "~ put\n", header + "a put nil nil x0 k1\n",
		header + "handler panics # so it goes\r\na put\r\n",
		"batchlab: 1\nsubject: batcher\nexpect: violation a in b in c, d\nshows: # of it\nconfig: size=1 timeout=1m " +
			"mode=foreground\n\nz close\n",
		"batchlab: 1\nsubject: dedup\nschedule: a 1 m.go:7 select # 2 -> #1\nschedule: lab/1 2 -> a\nconfig: bucket=1s " +
			"buckets=1\n\na count\n& b close\n& +1s\n",
		header + "& a put\n", header + "schedule: a 1 -> b\n& release\n&\n",
	} {
		texts = append(texts, []byte(hostile))
	}
	return texts, nil
}
