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
//
// How far that goes, measured on two cores that the server shared with all the others (make bench-lab): a server spends
// 0.3 ms of processor on a unit, and about 700 units a second of no work come back on such a machine; a unit of a
// campaign, 100 programs, is 580 bytes and what comes of it 310; a binary is 25 MB, once a worker. Units of a second
// take 0.4 % longer than they last with one worker, 1.6 % with eight. So, on paper, a server with a core for it takes
// 3,000 units a second. A thousand workers of two units at a time have 2,000 units of a second done: that is two thirds
// of it. What limits them is the length of a unit: those of a campaign last about 50 ms, so that two cores of a
// thousand machines would ask for 40,000 a second. Before that comes whoever asks, who merges in one process and has
// 4,000 units out at a time; and the first binary, 25 GB in all, which is minutes of a fast network.
package main
