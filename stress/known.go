package stress

import "batchlab/sim/subject"

// Known lists what the baseline of package impls is known to break, for
// [Options.Known]. The package comment says why.
func Known() map[string][]subject.Law {
	return map[string][]subject.Law{
		"dedup/baseline":         {subject.OneWinner, subject.CountLaw},
		"dedup-batcher/baseline": {subject.OncePerWindow},
	}
}
