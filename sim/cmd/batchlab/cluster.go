package main

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/spf13/cobra"

	"batchlab/sim/fleet"
	"batchlab/sim/kind"
	"batchlab/sim/lab"
	"batchlab/stress"
	"batchlab/stress/gate"
)

// clusterFlags are where a server of units is, and how one shows who one is. The flags are those of nats, the client.
type clusterFlags struct{ url, creds, nkey, ca, cert, key string }

func clusterFlag(cmd *cobra.Command, c *clusterFlags) {
	fl := cmd.Flags()
	fl.StringVar(&c.url, "cluster", "", "the units are another's to do: nats://HOST is the server that hands them out")
	fl.StringVar(&c.creds, "creds", "", "with --cluster: file of credentials")
	fl.StringVar(&c.nkey, "nkey", "", "with --cluster: file of the seed of an NKey")
	fl.StringVar(&c.ca, "tlsca", "", "with --cluster: file of the certificates to trust")
	fl.StringVar(&c.cert, "tlscert", "", "with --cluster: file of the client's certificate")
	fl.StringVar(&c.key, "tlskey", "", "with --cluster: file of the key of that")
}

// args say the same to the program that speaks to the server, and of what source this command is.
func (c clusterFlags) args(root string) ([]string, error) {
	source, err := gate.SourceDigest(root)
	return []string{"--server", c.url, "--creds", c.creds, "--nkey", c.nkey, "--tlsca", c.ca, "--tlscert", c.cert,
		"--tlskey", c.key, "--source", source}, err
}

func clusterCommand() *cobra.Command {
	var listen, config, store string
	cmd := &cobra.Command{
		Use:   "cluster",
		Short: "Run a server of work units, for lab, campaign, explore and mutants --cluster, and worker --cluster",
		Long: `Whoever may connect to the server runs code on every worker: what is asked to be done is a
binary. So the server listens on this machine only, unless a configuration of nats-server
asks for credentials. Units and results are in files, and survive it.

One machine shows the whole:

  batchlab cluster &
  batchlab worker --cluster nats://127.0.0.1:4222 &
  batchlab campaign --cluster nats://127.0.0.1:4222

A server of one's own needs JetStream (nats-server -js), and is a URL.`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			program, root, err := clusterProgram(cmd.Context())
			if err != nil {
				return err
			}
			return become(program, "serve", "--listen", listen, "--config", config,
				"--dir", cmp.Or(store, filepath.Join(root, ".batchlab", "cluster")))
		},
	}
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:4222", "address; of port 0, any port that is free")
	cmd.Flags().StringVar(&config, "config", "", "file that configures nats-server, for credentials and TLS")
	cmd.Flags().StringVar(&store, "store", "", "folder of units and results (default .batchlab/cluster in the module)")
	return cmd
}

// clusterProgram builds the program that speaks to the server. It is a module of its own, so that who imports this one
// needs nothing of it.
func clusterProgram(ctx context.Context) (program, root string, err error) {
	if root, err = moduleRoot(ctx); err != nil {
		return "", "", err
	}
	program = filepath.Join(root, ".batchlab", "bin", "batchlab-cluster")
	cmd := exec.CommandContext(ctx, "go", "build", "-C", filepath.Join(root, "sim", "cluster"), "-o", program, ".")
	if text, err := cmd.CombinedOutput(); err != nil {
		return "", "", fmt.Errorf("building sim/cluster: %w: %s", err, firstProblem(string(text)))
	}
	return program, root, nil
}

// become goes on as another program, with this one's number: who ends the one ends the other.
func become(program string, args ...string) error {
	return syscall.Exec(program, append([]string{program}, args...), os.Environ())
}

// servingFlags is what a worker of a cluster can be told.
type servingFlags struct {
	slots, memory int
	limit, grace  time.Duration
}

// serve becomes a worker of a cluster.
func (w servingFlags) serve(ctx context.Context, c clusterFlags) error {
	if c.url == "" {
		return errors.New("--cluster is missing, want for example nats://127.0.0.1:4222")
	}
	program, root, err := clusterProgram(ctx)
	if err != nil {
		return err
	}
	args, err := c.args(root)
	if err != nil {
		return err
	}
	args = append([]string{"work", "--slots", fmt.Sprint(w.slots), "--memory", fmt.Sprint(w.memory), "--time",
		w.limit.String(), "--grace", w.grace.String(), "--dir", filepath.Join(root, ".batchlab", "work")}, args...)
	return become(program, args...)
}

// serveUnits does units for a worker of a cluster, whose child this is, in children of its own. It is woven.
func serveUnits(t *testing.T, in io.Reader, out io.Writer) error {
	l := newLab(t, everything())
	l.Spawn = wovenWorkers(os.Args[0], stress.RaceEnabled)
	l.Weave = func() (func() *exec.Cmd, error) { return l.Spawn, nil }
	return fleet.Serve(in, out, func(o fleet.Order) (a fleet.Answer) {
		var u lab.Unit
		begun := time.Now()
		r, err := lab.Result{}, json.Unmarshal(o.Work, &u)
		if err == nil {
			r, err = l.Do(context.Background(), u)
		}
		if err == nil {
			a.Result, err = r.Text()
		}
		if a.Seconds = time.Since(begun).Seconds(); err != nil {
			a.Err = oneLine(err)
		}
		return a
	})
}

// cluster is the queue of a server: whoever serves it does the units.
type cluster struct {
	caller *fleet.Caller
	out    io.Writer
	woven  func() (string, error) // the binary of units that name none

	mu  sync.Mutex
	bar *progress // of what is done now
	bad error     // what came back that was no result
}

// with does something with the queue where units are done: this machine's, or a server's, whose units that name no
// binary are done by the woven one.
func (f clusterFlags) with(cmd *cobra.Command, t *testing.T, workers int, do func(lab.Queue) error) error {
	if f.url == "" {
		p := newPool(t, workers)
		defer p.Close()
		return do(p)
	}
	program, root, err := clusterProgram(cmd.Context())
	if err != nil {
		return err
	}
	args, err := f.args(root)
	if err != nil {
		return err
	}
	c := &cluster{out: cmd.ErrOrStderr(), woven: sync.OnceValues(func() (string, error) {
		return wovenBuild{}.binary(cmd.Context())
	})}
	submit := exec.Command(program, append([]string{"submit"}, args...)...)
	submit.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // an interrupt is this process's to take up
	if c.caller, err = fleet.Start(submit, c.tell); err != nil {
		return err
	}
	err = do(c)
	closed := c.Close()
	return cmp.Or(err, closed)
}

// shows has the fleet shown beside how far work is.
func shows(q lab.Queue, bar *progress) {
	if c, ok := q.(*cluster); ok {
		c.mu.Lock()
		defer c.mu.Unlock()
		c.bar = bar
	}
}

// tell tells news, and how the fleet is.
func (c *cluster) tell(a fleet.Answer) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if a.Fleet == nil {
		fmt.Fprintf(c.out, "cluster: %s\n", a.News)
	} else if c.bar != nil {
		c.bar.beside(a.Fleet.String())
	}
}

// Width is more than a fleet has workers: what is wanted is asked for before it is somebody's turn.
func (c *cluster) Width() int { return 4000 }

// mostBad is how often a unit is done again of which came what is no result.
const mostBad = 3

// Do has a unit done by whoever serves the server.
func (c *cluster) Do(ctx context.Context, u lab.Unit) (r lab.Result, err error) {
	if u.Binary == "" {
		if u.Binary, err = c.woven(); err != nil {
			return r, err
		}
	}
	o := fleet.Order{Name: u.String(), Binary: u.Binary}
	u.Binary = ""
	if o.Work, err = json.Marshal(u); err != nil {
		return r, err
	}
	for range mostBad {
		a, err := c.caller.Do(ctx, o)
		switch {
		case err != nil:
			return r, err
		case a.GivenUp != "":
			return r, &lab.GivenUp{Unit: o.Name, Why: a.GivenUp}
		case a.Err != "":
			return r, &kind.LabError{Msg: a.Err}
		}
		if r, err = u.Read(a.Result); err == nil {
			if r.Exploration != nil {
				r.Exploration.Seconds = a.Seconds
			}
			return r, nil
		}
		c.mu.Lock()
		c.bad = fmt.Errorf("%s: what came is no result, and it was done again: %s", o.Name, cmp.Or(a.News, err.Error()))
		c.mu.Unlock()
		c.tell(fleet.Answer{News: c.bad.Error()})
	}
	return lab.Result{}, &lab.GivenUp{Unit: o.Name, Why: fmt.Sprintf("what came %d times is no result", mostBad)}
}

// Close ends the asking. The error is of what came that was no result, and was replaced by one.
func (c *cluster) Close() error {
	return cmp.Or(c.bad, c.caller.Close())
}
