package stress

import (
	"batchlab/impls/spec"
)

// Known lists what the baseline of package impls is known to break, for
// [Options.Known]. The package comment says why.
func Known() map[string][]spec.Law {
	return map[string][]spec.Law{
		"dedup/baseline":         {spec.OneWinner, spec.CountLaw},
		"dedup-batcher/baseline": {spec.OncePerWindow},
	}
}
