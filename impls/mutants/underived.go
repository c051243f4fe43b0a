package mutants

// Underived are the mutants that the programs derived from their types did not find when they were
// measured, by name, each with what a program would have to do; "not found" where that is not known.
// They are hunted like all others: one that is found does not belong here.
var Underived = map[string]string{
	"blocked-put-lost":          "65 Puts while a handler waits: derived programs have fewer calls",
	"drop-when-full":            "66 Puts while a handler waits: derived programs have fewer calls",
	"queue-long":                "66 Puts while a handler waits: derived programs have fewer calls",
	"queue-short":               "65 Puts while a handler waits: derived programs have fewer calls",
	"window-endless":            "a minute of the map's ticks, 720 of them: no derived program lets so many pass",
	"window-halved":             "half a minute of the map's ticks: no derived program lets so many pass",
	"window-one-long":           "a minute of the map's ticks, 720 of them: no derived program lets so many pass",
	"window-one-short":          "a minute of the map's ticks, 720 of them: no derived program lets so many pass",
	"panic-recovered":           "a handler that panics: what the constructors hand over never does",
	"negative-ids-skipped":      "a clock before 1970: that of a derived program begins there",
	"oldest-wrong-after-delete": "three buckets, two passages of time and a Delete between them",
	"close-races-close":         "two Closes that meet: a closer is drawn beside others once",
	"second-close-early":        "a Close beside one that waits: a closer is drawn beside others once",
	"count-unguarded":           "not found",
	"set-check-then-act":        "not found",
	"dedup-check-then-act":      "not found",
	"dedup-racing-put-lost":     "not found",
	"dedup-drain-reversed":      "not found",
	"double-flush":              "not found",
	"racing-put-lost":           "not found",
	"trigger-misses-close":      "not found",
	"walk-stops-at-gap":         "not found",
	"get-extends-life":          "not found",
	"id-always-exact":           "not found",
	"stale-tick":                "not found",
	"value-remembered":          "not found",
}
