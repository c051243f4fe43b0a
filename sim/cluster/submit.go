package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"batchlab/sim/fleet"
)

// mostCrashes is how many workers may say that a unit crashed before it is given up.
const mostCrashes = 3

// unit is a unit of work as the server has it.
type unit struct {
	Identity fleet.Identity
	Digest   string // of the binary that does it, which is an object of that name
	Name     string
	Work     json.RawMessage
}

// submitter passes orders on to a server, and what came of them back.
type submitter struct {
	*hub
	job      string
	identity fleet.Identity

	mu      sync.Mutex
	out     *json.Encoder
	open    map[int]*ordered
	digests map[string]string // by file
	fleet   census
}

// ordered is an order that nothing came of yet.
type ordered struct {
	name    string
	message *nats.Msg
	crashes map[string]string // by what was said: a worker may say it twice
}

// submit serves whoever asks on standard input until that ends.
func submit(ctx context.Context, d dialing, identity fleet.Identity, in io.Reader, out io.Writer) error {
	s := &submitter{job: rand.Text(), identity: identity, out: json.NewEncoder(out), open: map[int]*ordered{},
		digests: map[string]string{}}
	err := s.serve(ctx, d, in)
	if err != nil && ctx.Err() == nil {
		s.say(fleet.Answer{Fatal: err.Error()})
	}
	return err
}

func (s *submitter) serve(ctx context.Context, d dialing, in io.Reader) (err error) {
	if s.hub, err = d.open(ctx); err != nil {
		return err
	}
	defer s.nc.Close()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	defer s.clear()
	if err := s.listen(ctx); err != nil {
		return plain(err)
	}
	go s.watch(ctx)
	go func() { cancel(s.read(ctx, cancel, json.NewDecoder(in))) }()
	<-ctx.Done()
	if err := context.Cause(ctx); err != io.EOF {
		return err
	}
	return nil
}

// clear takes what is left of the job from the server.
func (s *submitter) clear() {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_ = s.units.Purge(ctx, jetstream.WithPurgeSubject(unitSubject+s.job+".>")) // else it ages there
	for _, of := range []string{resultSubject, crashSubject} {
		_ = s.results.Purge(ctx, jetstream.WithPurgeSubject(of+s.job+".>"))
	}
}

// mostOnTheWay is how many units are published before the server has said that it has the first: it may be far away.
const mostOnTheWay = 256

// read publishes what is ordered, and binaries that the server has not got, until the orders end.
func (s *submitter) read(ctx context.Context, fail context.CancelCauseFunc, from *json.Decoder) error {
	way := make(chan struct{}, mostOnTheWay)
	for {
		var o fleet.Order
		if err := from.Decode(&o); err != nil {
			return err
		}
		digest, err := s.upload(ctx, o.Binary)
		if err != nil {
			return err
		}
		text, err := json.Marshal(unit{s.identity, digest, o.Name, o.Work})
		if err != nil {
			return err
		}
		way <- struct{}{}
		go func() {
			defer func() { <-way }()
			if err := s.order(ctx, o, text); err != nil {
				fail(err)
			}
		}()
	}
}

// order publishes a unit.
func (s *submitter) order(ctx context.Context, o fleet.Order, text []byte) error {
	m := &nats.Msg{Subject: unitSubject + s.job + "." + strconv.Itoa(o.ID), Data: text}
	s.mu.Lock()
	s.open[o.ID] = &ordered{o.Name, m, map[string]string{}}
	s.mu.Unlock()
	return s.publish(ctx, m)
}

// upload stores a binary under its digest.
func (s *submitter) upload(ctx context.Context, file string) (string, error) {
	if digest := s.digests[file]; digest != "" {
		return digest, nil
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	sum := sha256.Sum256(text)
	digest := hex.EncodeToString(sum[:])
	if _, err := s.objects.GetInfo(ctx, digest); errors.Is(err, jetstream.ErrObjectNotFound) {
		_, err = s.objects.Put(ctx, jetstream.ObjectMeta{Name: digest}, bytes.NewReader(text))
		if err != nil {
			return "", fmt.Errorf("%s cannot be stored: %w", file, plain(err))
		}
	} else if err != nil {
		return "", plain(err)
	}
	s.digests[file] = digest
	return digest, nil
}

// listen takes what workers say of the job.
func (s *submitter) listen(ctx context.Context) error {
	all := []string{resultSubject + s.job + ".*", crashSubject + s.job + ".>"}
	consumer, err := s.results.OrderedConsumer(ctx, jetstream.OrderedConsumerConfig{FilterSubjects: all})
	if err != nil {
		return err
	}
	_, err = consumer.Consume(func(m jetstream.Msg) {
		if number, ok := strings.CutPrefix(m.Subject(), crashSubject+s.job+"."); ok {
			s.crashed(ctx, number, string(m.Data()))
			return
		}
		s.came(ctx, number(m.Subject()), m.Headers(), m.Data())
	})
	if err != nil {
		return err
	}
	_, err = s.nc.Subscribe(newsSubject+s.job, func(m *nats.Msg) { s.say(fleet.Answer{News: string(m.Data)}) })
	if err != nil {
		return err
	}
	_, err = s.nc.Subscribe(beatSubject, func(m *nats.Msg) {
		var b beat
		if json.Unmarshal(m.Data, &b) == nil { // what is none says nothing of a worker
			s.fleet.heard(b)
		}
	})
	return err
}

// number is that of the unit that a subject is about, 0 if it is about none.
func number(subject string) int {
	n, _ := strconv.Atoi(subject[strings.LastIndex(subject, ".")+1:])
	return n
}

// came takes what came of a unit, the first time.
func (s *submitter) came(ctx context.Context, id int, h nats.Header, data []byte) {
	s.mu.Lock()
	o := s.open[id]
	delete(s.open, id)
	s.mu.Unlock()
	if o == nil {
		return
	}
	a, err := s.unpack(ctx, h, data)
	if err != nil {
		a = fleet.Answer{Result: json.RawMessage("null"), News: err.Error()}
	}
	a.ID = id
	s.say(a)
}

// crashed takes a worker's word that a unit crashed. The third time it is given up.
func (s *submitter) crashed(ctx context.Context, at, why string) {
	unitOf, _, _ := strings.Cut(at, ".")
	id, _ := strconv.Atoi(unitOf) // 0 is nobody's
	s.mu.Lock()
	o := s.open[id]
	if o == nil {
		s.mu.Unlock()
		return
	}
	o.crashes[at] = why
	n := len(o.crashes)
	if n >= mostCrashes {
		delete(s.open, id)
	}
	s.mu.Unlock()
	s.say(fleet.Answer{News: fmt.Sprintf("%s: %s", o.name, why)})
	if n >= mostCrashes {
		_ = s.units.Purge(ctx, jetstream.WithPurgeSubject(unitSubject+s.job+"."+unitOf)) // else it is done in vain
		s.say(fleet.Answer{ID: id, GivenUp: fmt.Sprintf("given up after %d workers: %s", n, why)})
	}
}

// say writes an answer, or news.
func (s *submitter) say(a fleet.Answer) {
	s.mu.Lock()
	defer s.mu.Unlock()
	_ = s.out.Encode(a) // if nobody listens, standard input ends too
}
