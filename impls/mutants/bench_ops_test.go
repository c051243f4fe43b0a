package mutants

import (
	"fmt"
	"slices"
	"strconv"
	"time"

	"batchlab/impls/spec"
)

// perform makes a call and says how it ended.
func (b *bench) perform(op []string) (outcome string) {
	defer func() {
		if r := recover(); r != nil {
			outcome = fmt.Sprint("panic: ", r)
		}
	}()
	key := 0
	if len(op) > 1 && op[1][0] == 'k' {
		key = b.number(op[1][1:])
	}
	switch op[0] {
	case "put":
		b.puts(op[1:], key)
	case "trigger":
		b.batcher.Trigger()
	case "close":
		if b.table != nil {
			b.table.Close()
		} else {
			b.batcher.Close()
		}
	case "get":
		value, ok := b.table.Get(key)
		return fmt.Sprint(value, ok)
	case "set":
		return fmt.Sprint(b.table.Set(key, b.number(op[2][1:])))
	case "delete":
		return fmt.Sprint(b.table.Delete(key))
	case "count":
		return fmt.Sprint(b.table.Count())
	default:
		b.t.Errorf("unknown operation %q", op[0])
	}
	return "ok"
}

func (b *bench) puts(args []string, key int) {
	n := 1
	if len(args) > 0 && args[0][0] == 'x' {
		n = b.number(args[0][1:])
	}
	for range n {
		if len(args) > 0 && args[0] == "nil" {
			b.batcher.Put(nil)
			continue
		}
		k := key
		if key == 0 {
			b.mu.Lock()
			b.put++
			k = 1000 + b.put
			b.mu.Unlock()
		}
		b.batcher.Put(&spec.Item{Key: k})
	}
}

// handle is the handler.
func (b *bench) handle(batch []*spec.Item) {
	l := &lease{slice: batch, copy: slices.Clone(batch)}
	name := ""
	for _, item := range batch {
		if item == nil {
			name += " nil"
			continue
		}
		name += " " + strconv.Itoa(item.Key)
	}
	b.mu.Lock()
	b.held = append(b.held, l)
	b.mu.Unlock()
	b.noteHandler("begins", name)
	switch b.handler {
	case "takes":
		<-b.clk.After(b.takes)
	case "blocks":
		<-b.release
	case "panics":
		panic("handler")
	case "puts":
		if len(batch) > 0 && batch[0] != nil && batch[0].Key > 0 {
			name := fmt.Sprintf("k-%d", batch[0].Key)
			b.noteHandler("puts "+b.perform([]string{"put", name}), name)
		}
	}
	b.noteHandler("ends", name)
	b.mu.Lock()
	l.over = true
	b.mu.Unlock()
}

func (b *bench) number(s string) int {
	n, err := strconv.Atoi(s)
	if err != nil {
		b.t.Errorf("%v", err)
	}
	return n
}

func (b *bench) duration(s string) time.Duration {
	d, err := time.ParseDuration(s)
	if err != nil {
		b.t.Errorf("%v", err)
	}
	return d
}
