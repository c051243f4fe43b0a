package main

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"

	"github.com/spf13/cobra"
)

// defaultSeed is the seed of a command that is not given one: the same command on the same
// source does the same.
const defaultSeed = 1

// seedValue is the value of a --seed flag: a number, or the word that draws one.
type seedValue uint64

const drawSeed = "random"

// seedFlag adds a --seed flag.
func seedFlag(cmd *cobra.Command, seed *uint64, of string) {
	*seed = defaultSeed
	cmd.Flags().Var((*seedValue)(seed), "seed", of+"; "+drawSeed+" draws one")
}

func (s *seedValue) Set(text string) error {
	if text == drawSeed {
		*s = seedValue(rand.Uint64() >> 16)
		return nil
	}
	n, err := strconv.ParseUint(text, 10, 64)
	if err != nil {
		return errors.New("want a number or " + drawSeed)
	}
	*s = seedValue(n)
	return nil
}

func (s *seedValue) String() string { return strconv.FormatUint(uint64(*s), 10) }

// Type is what help calls the value.
func (s *seedValue) Type() string { return "seed" }

// manyPrograms is more programs, or schedules, than anybody has time for.
const manyPrograms = 100_000_000

// intFlag adds a flag that takes a number within bounds.
func intFlag(cmd *cobra.Command, n *int, name string, value, least, most int, usage string) {
	cmd.Flags().IntVar(n, name, value, usage)
	before := cmd.PreRunE
	cmd.PreRunE = func(cmd *cobra.Command, args []string) error {
		if *n < least || *n > most {
			return fmt.Errorf("--%s must be %d to %d, got %d", name, least, most, *n)
		}
		if before == nil {
			return nil
		}
		return before(cmd, args)
	}
}

// opsFlag and corporaFlag add flags that say the same in every command.
func opsFlag(cmd *cobra.Command, n *int) {
	intFlag(cmd, n, "ops", 40, 1, 1000, "operations per program")
}

func corporaFlag(cmd *cobra.Command, corpora *string) {
	cmd.Flags().StringVar(corpora, "corpora", "corpora", "where seeds are, and finds are written")
}
