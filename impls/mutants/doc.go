// Package mutants holds components that are broken on purpose, so that a lab that
// finds nothing elsewhere can be shown to find something here.
//
// There are three implementations in it: a batcher, a time-partitioned map, and a
// deduplicating batcher made of the two. Each is right, and equal to the baseline
// line by line in virtual time, unless it is built with a fault; the fault is
// consulted at one or two named places and changes nothing else. A [Mutant] is a
// fault with a name, the law it breaks, and how it can be seen: by a program whose
// steps run one at a time (Sequential, with such a program in Shown), or only by a
// schedule in which two goroutines meet (Interleaving).
//
// The package refuses to be fast, generic or a library: it works on subject.Item
// and int keys, trades every optimization for being readable, and knows neither
// the lab nor the implementations that the lab is for.
//
//	m, err := mutants.Find("tail-forgotten")
//	if err != nil {
//		return err
//	}
//	fmt.Println(m.Law, "by", m.Shown)
package mutants
