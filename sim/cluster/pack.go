package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"io"

	"github.com/nats-io/nats.go"

	"batchlab/sim/fleet"
)

// inObject is the header of a result that is too large for a message: it names the object that has it.
const inObject = "Batchlab-Object"

// pack makes a message of what came of a unit.
func (s *hub) pack(ctx context.Context, subject string, a fleet.Answer) (*nats.Msg, error) {
	var buf bytes.Buffer
	z := gzip.NewWriter(&buf)
	if err := errors.Join(json.NewEncoder(z).Encode(a), z.Close()); err != nil {
		return nil, err
	}
	m := &nats.Msg{Subject: subject, Data: buf.Bytes()}
	if room := int(s.nc.MaxPayload()) - 1024; len(m.Data) > room {
		if _, err := s.objects.PutBytes(ctx, subject, m.Data); err != nil {
			return nil, plain(err)
		}
		m.Data, m.Header = nil, nats.Header{inObject: {subject}}
	}
	return m, nil
}

// unpack is pack backwards.
func (s *hub) unpack(ctx context.Context, h nats.Header, data []byte) (a fleet.Answer, err error) {
	if name := h.Get(inObject); name != "" {
		if data, err = s.objects.GetBytes(ctx, name); err != nil {
			return a, err
		}
		_ = s.objects.Delete(ctx, name) // else it ages there
	}
	z, err := gzip.NewReader(bytes.NewReader(data))
	if err != nil {
		return a, err
	}
	text, err := io.ReadAll(z)
	if err != nil {
		return a, err
	}
	return a, json.Unmarshal(text, &a)
}
