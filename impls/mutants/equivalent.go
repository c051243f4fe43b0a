package mutants

// Equivalent are mutants made from the source that no run can tell from the original,
// by name, each with the argument.
var Equivalent = map[string]string{}
