package main

import (
	"cmp"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"

	"github.com/nats-io/nats-server/v2/server"
)

// serving is how the embedded server is to be.
type serving struct{ listen, dir, config string }

func (s *serving) flags(f *flag.FlagSet) {
	f.StringVar(&s.listen, "listen", "127.0.0.1:4222", "address; of port 0, any port that is free")
	f.StringVar(&s.dir, "dir", "", "where it keeps its streams")
	f.StringVar(&s.config, "config", "", "a configuration of nats-server, for credentials and TLS")
}

// serve runs a server until the context ends.
func serve(ctx context.Context, how serving, log io.Writer) error {
	o, err := how.options()
	if err != nil {
		return err
	}
	s, err := server.NewServer(o)
	if err != nil {
		return err
	}
	s.Start()
	defer s.WaitForShutdown()
	defer s.Shutdown()
	if !s.ReadyForConnections(10 * time.Second) {
		return fmt.Errorf("no server at %s: %w", how.listen, errors.New("the address is in use, or is not of this machine"))
	}
	fmt.Fprintf(log, "cluster: %s; whoever may connect runs code on every worker\n", s.ClientURL())
	<-ctx.Done()
	return nil
}

// options are those of the server. One that others can reach wants to know who they are.
func (how serving) options() (*server.Options, error) {
	o := &server.Options{}
	if how.config != "" {
		var err error
		if o, err = server.ProcessConfigFile(how.config); err != nil {
			return nil, fmt.Errorf("--config %s: %w", how.config, err)
		}
	}
	if o.Host == "" || how.config == "" {
		host, port, err := net.SplitHostPort(how.listen)
		n, bad := strconv.Atoi(port)
		if err != nil || bad != nil || n < 0 || n > 65535 {
			return nil, fmt.Errorf("--listen %q: want for example 127.0.0.1:4222", how.listen)
		}
		o.Host, o.Port = host, cmp.Or(n, server.RANDOM_PORT)
	}
	knows := o.Username != "" || o.Authorization != "" || len(o.Users) > 0 || len(o.Nkeys) > 0 || len(o.TrustedKeys) > 0 ||
		len(o.TrustedOperators) > 0 || o.AuthCallout != nil || o.TLSVerify
	if ip := net.ParseIP(o.Host); !knows && o.Host != "localhost" && (ip == nil || !ip.IsLoopback()) {
		return nil, fmt.Errorf("%q can be reached by others, and whoever connects runs code on every worker: "+
			"give a --config that asks for credentials", o.Host)
	}
	o.JetStream, o.NoSigs = true, true
	o.StoreDir = cmp.Or(o.StoreDir, how.dir)
	return o, nil
}
