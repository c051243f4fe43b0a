// Command cluster hands work units of the lab to other machines, by NATS JetStream. Who may publish to its streams runs
// code on every worker, as the user whose worker it is: a unit names the binary that does it. So the embedded server
// listens on this machine only, unless its configuration asks others who they are.
//
// Batchlab builds this program when it is asked for a cluster, and speaks to it; nobody else needs to. It is a module
// of its own: who imports batchlab needs nothing of NATS.
//
//	serve    the embedded server
//	work     takes units, does them in child processes, and stores what comes of them
//	submit   takes orders on standard input, and writes what came of each, once: see batchlab/sim/fleet
//
// A unit is a message of a work queue, a binary an object under its digest, a result a message of a second stream. A
// worker takes its unit from the queue when the result is stored; of one that dies, hangs or is cut off, the server
// gives it to another when it was silent for --grace. Of a result there is one message a unit, so what is done twice
// counts once. Whoever asked looks every few seconds after what the server has lost, and publishes it again: a server
// that is killed loses what it had not written. A unit that ends its process three times, or takes more time or memory
// than it may, is given up. The program refuses units of another source, Go version or platform than the worker's.
package main
