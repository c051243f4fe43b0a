package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"batchlab/sim/fleet"
)

// mostDeliveries is to how many workers a unit is given of which none says what came of it. That a unit ends its worker
// and not only the child is not seen otherwise; and where workers are killed often, ten of one unit were by chance.
const mostDeliveries = 50

// working is how a worker works.
type working struct {
	slots  int           // units at a time
	grace  time.Duration // a worker that was silent for so long has lost its unit
	limits limits
	dir    string // of binaries, and of what they write
}

func (w *working) flags(f *flag.FlagSet) {
	f.IntVar(&w.slots, "slots", runtime.NumCPU(), "units at a time")
	f.DurationVar(&w.grace, "grace", 30*time.Second, "after so long a silence a worker's unit is another's")
	f.DurationVar(&w.limits.time, "time", 30*time.Minute, "of a unit")
	f.Int64Var(&w.limits.memory, "memory", 4096, "of a unit, in MiB; 0: any")
	f.StringVar(&w.dir, "dir", "", "for binaries")
}

// worker does units that a server has.
type worker struct {
	*hub
	working
	name     string
	identity fleet.Identity
	consumer jetstream.Consumer
	binaries sync.Mutex // one is fetched at a time
	memory   *memory
	running  atomic.Int32
	log      io.Writer
}

// work does units until the context ends.
func work(ctx context.Context, d dialing, how working, identity fleet.Identity, log io.Writer) (err error) {
	host, _ := os.Hostname() // a name for people
	w := &worker{working: how, identity: identity, name: fmt.Sprintf("%s/%d", host, os.Getpid()), log: log}
	if w.memory, err = newMemory(how.limits.memory); err != nil {
		return err
	}
	if err := os.MkdirAll(how.dir, 0o700); err != nil {
		return err
	}
	prune(how.dir)
	if w.hub, err = d.open(ctx); err != nil {
		return err
	}
	defer w.nc.Close()
	if err := w.subscribe(ctx); err != nil {
		return plain(err)
	}
	fmt.Fprintf(log, "worker %s: %d units at a time, source %.12s, %s, %s\n", w.name, how.slots, identity.Source,
		identity.Go, identity.Platform)
	interrupted := ctx
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go w.memory.watch(ctx)
	go w.beat(ctx)
	var wg sync.WaitGroup
	for range how.slots {
		wg.Go(func() {
			if err := w.serve(ctx); err != nil {
				cancel(err)
			}
		})
	}
	wg.Wait()
	if interrupted.Err() != nil {
		return nil
	}
	return context.Cause(ctx)
}

func (w *worker) subscribe(ctx context.Context) (err error) {
	w.consumer, err = w.units.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{Durable: "workers",
		AckPolicy: jetstream.AckExplicitPolicy, AckWait: w.grace, MaxDeliver: -1, MaxAckPending: -1, MaxWaiting: 100_000})
	return err
}

// beat says that the worker is there.
func (w *worker) beat(ctx context.Context) {
	for ok := true; ok; ok = pause(ctx, beatEvery) == nil {
		text, err := json.Marshal(beat{w.name, int(w.running.Load())})
		if err == nil {
			_ = w.nc.Publish(beatSubject, text) // the next may come through
		}
	}
}

// serve does one unit after another, in a child that it keeps for those of the same binary.
func (w *worker) serve(ctx context.Context) error {
	var c *child
	defer func() { c.end() }()
	for ctx.Err() == nil {
		batch, err := w.consumer.Fetch(1, jetstream.FetchMaxWait(5*time.Second))
		if err == nil {
			for m := range batch.Messages() {
				if c, err = w.do(ctx, c, m); err != nil {
					return err
				}
			}
			err = batch.Error()
		}
		if err == nil || errors.Is(err, nats.ErrTimeout) {
			continue
		}
		if errors.Is(err, jetstream.ErrConsumerNotFound) || errors.Is(err, jetstream.ErrConsumerDeleted) {
			_ = w.subscribe(ctx) // else the next time
		}
		if pause(ctx, 100*time.Millisecond) != nil { // the server is away, and the client looks for it
			return nil
		}
	}
	return nil
}

// do does a unit, in a child that is there or another, which it returns. An error is one with which the worker ends.
func (w *worker) do(ctx context.Context, c *child, m jetstream.Msg) (*child, error) {
	w.running.Add(1)
	defer w.running.Add(-1)
	var u unit
	meta, err := m.Metadata()
	if err == nil {
		err = json.Unmarshal(m.Data(), &u)
	}
	at := strings.TrimPrefix(m.Subject(), unitSubject)
	job, _, _ := strings.Cut(at, ".")
	switch {
	case err != nil:
		w.tell(job, fmt.Sprintf("%s is no unit: %v", m.Subject(), err))
		return c, m.Term()
	case w.identity.Differs(u.Identity) != "":
		err := errors.New("refused: the worker has " + w.identity.Differs(u.Identity))
		w.tell(job, err.Error())
		return c, errors.Join(err, m.Nak())
	case meta.NumDelivered > mostDeliveries:
		return c, w.answer(ctx, m, at, fleet.Answer{GivenUp: fmt.Sprintf("%d workers had it, and none says what came of it",
			mostDeliveries)})
	}
	working, stop := context.WithCancel(ctx)
	defer stop()
	go func() {
		for pause(working, w.grace/3) == nil {
			_ = m.InProgress() // the next may come through
		}
	}()
	if c, err = w.childFor(ctx, c, u.Digest); err != nil {
		w.tell(job, err.Error())
		return c, errors.Join(err, m.Nak())
	}
	a, crash := c.do(ctx, u, w.limits)
	switch {
	case ctx.Err() != nil: // the worker ends, and somebody else does it
		_ = m.Nak()
		return c, nil
	case crash == nil:
		return c, w.answer(ctx, m, at, a)
	}
	c.end()
	text := &nats.Msg{Subject: fmt.Sprintf("%s%s.%d", crashSubject, at, meta.NumDelivered),
		Data: []byte("crashed in worker " + w.name + ": " + crash.Error())}
	err = w.publish(ctx, text)
	_ = m.NakWithDelay(200 * time.Millisecond)
	return nil, err
}

// answer stores what came of a unit, and then takes the unit from the queue.
func (w *worker) answer(ctx context.Context, m jetstream.Msg, at string, a fleet.Answer) error {
	text, err := w.pack(ctx, resultSubject+at, a)
	if err == nil {
		err = w.publish(ctx, text)
	}
	if err != nil {
		_ = m.Nak()
		if ctx.Err() != nil {
			return nil
		}
		return fmt.Errorf("what came of %s cannot be stored: %w", m.Subject(), err)
	}
	_ = m.Ack() // else it is done again, and what comes of it counts once
	return nil
}

// tell tells whoever asked for a unit, and whoever looks at the worker.
func (w *worker) tell(job, text string) {
	fmt.Fprintf(w.log, "worker %s: %s\n", w.name, text)
	_ = w.nc.Publish(newsSubject+job, []byte("worker "+w.name+": "+text))
	_ = w.nc.Flush()
}

// childFor returns a child of a binary: the one that is there, or another.
func (w *worker) childFor(ctx context.Context, c *child, digest string) (*child, error) {
	if c != nil && c.digest == digest && c.alive() {
		return c, nil
	}
	c.end()
	file, err := w.fetch(ctx, digest)
	if err != nil {
		return nil, err
	}
	return startChild(file, digest, filepath.Join(w.dir, "run"), w.memory)
}
