package main

import (
	"context"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// The names that a server knows. A unit, and what came of it, is of a job, which is what one process asks for.
const (
	unitsStream   = "BATCHLAB_UNITS"
	resultsStream = "BATCHLAB_RESULTS"
	bucket        = "batchlab"
	unitSubject   = "batchlab.unit."   // job.number
	resultSubject = "batchlab.result." // job.number
	crashSubject  = "batchlab.crash."  // job.number.delivery
	newsSubject   = "batchlab.news."   // job
	beatSubject   = "batchlab.beat"
)

// How long what nobody has fetched is kept, results and binaries.
const (
	keepResults  = 24 * time.Hour
	keepBinaries = 7 * 24 * time.Hour
)

// dialing is where a server is, and how one shows who one is; the names are those of the server's own client.
type dialing struct{ url, creds, nkey, ca, cert, key string }

func (d *dialing) flags(f *flag.FlagSet) {
	f.StringVar(&d.url, "server", "nats://127.0.0.1:4222", "its address")
	f.StringVar(&d.creds, "creds", "", "file of credentials")
	f.StringVar(&d.nkey, "nkey", "", "file of the seed of an NKey")
	f.StringVar(&d.ca, "tlsca", "", "file of the certificates to trust")
	f.StringVar(&d.cert, "tlscert", "", "file of the client's certificate")
	f.StringVar(&d.key, "tlskey", "", "file of the key of that")
}

// hub is a server that is there, with the streams.
type hub struct {
	nc             *nats.Conn
	js             jetstream.JetStream
	units, results jetstream.Stream
	objects        jetstream.ObjectStore
}

// open connects to a server and sees to it that the streams are there.
func (d *dialing) open(ctx context.Context) (*hub, error) {
	opts := []nats.Option{nats.Name("batchlab"), nats.MaxReconnects(-1), nats.ReconnectWait(200 * time.Millisecond),
		nats.Timeout(5 * time.Second)}
	if d.creds != "" {
		opts = append(opts, nats.UserCredentials(d.creds))
	}
	if d.nkey != "" {
		o, err := nats.NkeyOptionFromSeed(d.nkey)
		if err != nil {
			return nil, fmt.Errorf("--nkey %s: %w", d.nkey, err)
		}
		opts = append(opts, o)
	}
	if d.ca != "" {
		opts = append(opts, nats.RootCAs(d.ca))
	}
	if d.cert != "" {
		opts = append(opts, nats.ClientCert(d.cert, d.key))
	}
	nc, err := nats.Connect(d.url, opts...)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", hidden(d.url), plain(err))
	}
	s := &hub{nc: nc}
	if err := s.prepare(ctx); err != nil {
		nc.Close()
		return nil, fmt.Errorf("%s: %w", hidden(d.url), plain(err))
	}
	return s, nil
}

// prepare makes the streams, if they are not there. Of a unit, and of what came of it, there is one message at most.
func (s *hub) prepare(ctx context.Context) (err error) {
	if s.js, err = jetstream.New(s.nc); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	one := jetstream.StreamConfig{Storage: jetstream.FileStorage, Discard: jetstream.DiscardNew, MaxMsgsPerSubject: 1,
		DiscardNewPerSubject: true, MaxMsgs: -1, MaxBytes: -1}
	one.Name, one.Subjects, one.Retention = unitsStream, []string{unitSubject + ">"}, jetstream.WorkQueuePolicy
	if s.units, err = s.js.CreateOrUpdateStream(ctx, one); err != nil {
		return err
	}
	one.Name, one.Retention, one.MaxAge = resultsStream, jetstream.LimitsPolicy, keepResults
	one.Subjects = []string{resultSubject + ">", crashSubject + ">"}
	if s.results, err = s.js.CreateOrUpdateStream(ctx, one); err != nil {
		return err
	}
	s.objects, err = s.js.CreateOrUpdateObjectStore(ctx, jetstream.ObjectStoreConfig{Bucket: bucket, TTL: keepBinaries})
	return err
}

// publish stores a message, however often the server goes away meanwhile. One that is stored already is no error.
func (s *hub) publish(ctx context.Context, m *nats.Msg) error {
	for {
		try, cancel := context.WithTimeout(ctx, 2*time.Second)
		_, err := s.js.PublishMsg(try, m)
		cancel()
		var refused *jetstream.APIError
		switch {
		case err == nil, err != nil && strings.Contains(err.Error(), "per subject exceeded"):
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.As(err, &refused), errors.Is(err, nats.ErrMaxPayload):
			return plain(err)
		}
		if err := pause(ctx, 100*time.Millisecond); err != nil {
			return err
		}
	}
}

// pause waits, unless the context ends before.
func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// plain is an error of the client's in words that say what to do.
func plain(err error) error {
	var record tls.RecordHeaderError
	text := strings.TrimPrefix(err.Error(), "nats: ")
	switch {
	case errors.Is(err, nats.ErrNoServers), errors.Is(err, nats.ErrTimeout):
		return fmt.Errorf("no server answers there: batchlab cluster starts one (%s)", text)
	case errors.Is(err, nats.ErrAuthorization), strings.Contains(text, "Authorization Violation"):
		return errors.New("the server refuses these credentials: give --creds, --nkey, or a name in the address")
	case errors.Is(err, jetstream.ErrJetStreamNotEnabled), errors.Is(err, jetstream.ErrJetStreamNotEnabledForAccount),
		errors.Is(err, nats.ErrNoResponders), errors.Is(err, context.DeadlineExceeded):
		return errors.New("the server has no JetStream: start it with -js, or use batchlab cluster")
	case strings.Contains(text, "insufficient"), strings.Contains(text, "exceeded"), strings.Contains(text, "maximum"):
		return fmt.Errorf("the server is full: %s", text)
	case errors.As(err, &record), strings.Contains(text, "INFO"), strings.Contains(text, "protocol"):
		return fmt.Errorf("what answers there is no NATS server (%s)", text)
	}
	return errors.New(text)
}

// hidden is an address without the password in it.
func hidden(url string) string {
	scheme, rest, ok := strings.Cut(url, "://")
	if scheme += "://"; !ok {
		scheme, rest = "", url
	}
	return scheme + rest[strings.LastIndex(rest, "@")+1:]
}
