package program

import (
	"errors"
	"strings"
	"testing"
)

// TestSyntaxErrors: every way in which a seed file can be wrong, where that is said
// to be, and what is said.
func TestSyntaxErrors(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"empty", "", `1:1: no "batchlab:" line`},
		{"blank", "\n\n\n", `3:1: no "batchlab:" line`},
		{"only a comment", "# nothing\n", `1:1: no "batchlab:" line`},
		{"no subject", "batchlab: 1\n", `1:1: no "subject:" line`},
		{"no config", "batchlab: 1\nsubject: batcher\n", `2:1: no "config:" line`},
		{"operations without a config", "batchlab: 1\nsubject: batcher\n\na put\n", `4:1: no "config:" line`},
		{"operations without a subject", "batchlab: 1\n\na put\n", `:1: no "subject:" line`},

		{"version", "batchlab: 2\n", `1:11: version "2" of the seed format is unknown, want 1`},
		{"version missing", "batchlab:\n", `1:10: version "" of the seed format`},
		{"version comes first", "subject: batcher\n", `1:1: the header begins with "batchlab: 1", got "subject:"`},
		{"unknown key", "batchlab: 1\nsubjct: batcher\n", `2:1: "subjct: batcher" is not a header line, want one of batchlab:, subject:`},
		{"indented unknown key", "batchlab: 1\n  colour: red\n", `2:3: "colour: red" is not a header line`},
		{"key without colon", "batchlab: 1\nsubject batcher\n", `2:1: "subject batcher" is not a header line`},
		{"key twice", plain[:len(plain)-1] + "subject: batcher\n", `4:1: a second "subject:" line`},
		{"config twice", plain[:len(plain)-1] + "config: size=2 timeout=10ms mode=foreground\n", `4:1: a second "config:" line`},
		{"no blank line", plain[:len(plain)-1] + "a put\n", `4:1: "a put" is not a header line`},
		{"subject", "batchlab: 1\nsubject: batchr\n", `2:10: subject "batchr" is unknown, want batcher, dedup, dedup-batcher`},
		{"config before subject", "batchlab: 1\nconfig: size=1\n", `2:1: subject: comes before config:`},
		{"expect before subject", "batchlab: 1\nexpect: pass\n", `2:1: subject: comes before expect:`},

		{"setting", opened + "config: size=2 colour=red\n", `3:16: "colour=red" is not a setting of a batcher, want epoch=, size=, timeout=, mode=`},
		{"setting of another kind", opened + "config: bucket=1s\n", `3:9: "bucket=1s" is not a setting of a batcher`},
		{"setting without a value", opened + "config: size\n", `3:9: "size" is not a setting`},
		{"setting twice", opened + "config: size=2 size=3\n", `3:16: size= stands here twice`},
		{"setting missing", opened + "config: size=2 timeout=1s\n", `3:9: config needs mode= for a batcher`},
		{"all settings missing", opened + "config:\n", `3:8: config needs size= for a batcher`},
		{"size zero", opened + "config: size=0\n", `3:14: want a whole number from 1 to 1000, got "0"`},
		{"size too big", opened + "config: size=1001\n", `3:14: want a whole number from 1 to 1000, got "1001"`},
		{"size signed", opened + "config: size=+1\n", `3:14: want a whole number`},
		{"size with more digits than a number has", opened + "config: size=99999999999999999999\n", `3:14: want a whole number`},
		{"size empty", opened + "config: size=\n", `3:14: want a whole number`},
		{"mode", opened + "config: size=1 timeout=1s mode=middle\n", `3:32: mode "middle" is unknown, want foreground or background`},
		{"timeout zero", opened + "config: size=1 timeout=0s mode=foreground\n", `3:1: timeout must be 1ns to 100h0m0s, got 0s`},
		{"timeout negative", opened + "config: size=1 timeout=-1s mode=foreground\n", `3:1: timeout must be`},
		{"timeout too long", opened + "config: size=1 timeout=101h mode=foreground\n", `3:1: timeout must be`},
		{"timeout no duration", opened + "config: size=1 timeout=soon\n", `3:24: "soon" is not a duration, want for example 10ms`},
		{"timeout empty", opened + "config: size=1 timeout=\n", `3:24: a duration is missing`},
		{"bucket too short", opentb + "config: bucket=1ns buckets=1\n", `3:1: bucket must be 2ns to`},
		{"bucket too long", opentb + "config: bucket=1001h buckets=1\n", `3:1: bucket must be 2ns to`},
		{"buckets", opentb + "config: bucket=1s buckets=10001\n", `3:27: want a whole number from 1 to 10000`},
		{"window too long", opentb + "config: bucket=1000h buckets=21\n", `3:1: bucket times buckets must be at most 20000h`},
		{"epoch", opentb + "config: bucket=1s buckets=1 epoch=now\n", `3:35: epoch "now" is neither a duration since 1970`},
		{"epoch too far, duration", opentb + "config: bucket=1s buckets=1 epoch=1752001h\n", `3:1: epoch must be within`},
		{"epoch too far, date", opentb + "config: bucket=1s buckets=1 epoch=2999-01-01T00:00:00Z\n", `3:35: epoch must be within 200 years`},
		{"epoch too early, date", opentb + "config: bucket=1s buckets=1 epoch=0001-01-01T00:00:00Z\n", `3:35: epoch must be within 200 years`},

		{"expectation", plain[:len(plain)-1] + "expect: fine\n", `4:9: expect "fine" is unknown, want "pass" or "violation LAW in SUBJECT"`},
		{"expectation without a subject", plain[:len(plain)-1] + "expect: violation B1-exactly-once\n", `4:9: expect "violation B1-exactly-once" is unknown`},
		{"law", plain[:len(plain)-1] + "expect: violation B0-none in baseline\n", `4:19: law "B0-none" is unknown, want one of B1-exactly-once, B2-order, B3-size-cap`},
		{"implementation", plain[:len(plain)-1] + "expect: violation B1-exactly-once in best\n", `4:38: implementation "best" of batcher is unknown, want one of baseline, optimized`},
		{"implementation list ends early", plain[:len(plain)-1] + "expect: violation B1-exactly-once in baseline,\n", `: implementation "" of batcher is unknown`},
		{"pass after violation", plain[:len(plain)-1] + "expect: violation B1-exactly-once in baseline\nexpect: pass\n", `5:9: pass contradicts the violation`},
		{"violation after pass", plain[:len(plain)-1] + "expect: pass\nexpect: violation B1-exactly-once in baseline\n", `5:9: a violation contradicts the pass`},
		{"shows nothing", plain[:len(plain)-1] + "shows:\n", `4:7: shows: needs the text of a history line`},

		{"decision without a choice", plain[:len(plain)-1] + "schedule: a 1 lock\n", `4:11: "a 1 lock" is no decision, want WHO NTH WHERE -> CHOICE`},
		{"decision without a point", plain[:len(plain)-1] + "schedule: a -> b\n", `4:11: "a -> b" is no decision`},
		{"decision of nobody", plain[:len(plain)-1] + "schedule: A 1 lock -> b\n", `4:11: "A" names no goroutine, want for example a or lab/1`},
		{"decision of an empty segment", plain[:len(plain)-1] + "schedule: a//b 1 lock -> b\n", `4:11: "a//b" names no goroutine`},
		{"decision at point zero", plain[:len(plain)-1] + "schedule: a  0 lock -> b\n", `4:14: want a whole number from 1 to 1000000000, got "0"`},
		{"decision for nobody", plain[:len(plain)-1] + "schedule: a 1 lock ->  B\n", `4:24: "B" is no choice, want a goroutine like lab/1, or an alternative like #0`},
		{"decision for two", plain[:len(plain)-1] + "schedule: a 1 lock -> b -> c\n", `4:23: "b -> c" is no choice`},
		{"decision for a bad number", plain[:len(plain)-1] + "schedule: a 1 lock -> #-1\n", `4:24: want a whole number from 0`},

		{"mark alone", plain + "  &\n", `5:3: & marks an operation, want for example "& b put"`},
		{"mark without a space", plain + "a put\n&b put\n", `6:1: "&b" is not an operation`},
		{"mark twice", plain + "a put\n& & b put\n", `6:3: "&" is not an operation`},
		{"mark on the first", plain + " & b put\n", `5:2: the first operation has none before it to run together with`},
		{"mark on a handler", plain + "a put\n& handler blocks\n", `6:1: only calls of lanes and moves of the clock run together, not handler`},
		{"mark after a handler", plain + "handler blocks\n& a put\n", `6:1: only calls of lanes and moves of the clock run together, the operation before it is handler`},
		{"mark on a release", plain + "a put\n& release\n", `6:1: only calls of lanes and moves of the clock run together, not release`},
		{"operation", plain + "jump\n", `5:1: "jump" is not an operation, want +DURATION, LANE put`},
		{"operation, line 7", plain + "a put\n\n  jump\n", `7:3: "jump" is not an operation`},
		{"lane upper case", plain + "A put\n", `5:1: "A" is not an operation`},
		{"lane of two letters", plain + "ab put\n", `5:1: "ab" is not an operation`},
		{"lane beyond z", plain + "} close\n", `5:1: "}" is not an operation`},
		{"lane not a letter", plain + "ä put\n", `5:1: "ä" is not an operation`},
		{"lane alone", plain + "a\n", `5:1: lane a does nothing, want for example "a put"`},
		{"call", plain + "a pet\n", `5:3: "pet" is not a call, want put, trigger, close, get, set, delete, count`},
		{"call that is the lab's", plain + "a release\n", `5:3: "release" is not a call`},
		{"call that is time", plain + "a + 1s\n", `5:3: "+" is not a call`},
		{"call of another kind", plain + "a get k1\n", `5:1: a batcher cannot get`},
		{"put to a map", table + "a put\n", `5:1: a dedup cannot put`},
		{"trigger of a map", table + "a trigger\n", `5:1: a dedup cannot trigger`},
		{"handler of a map", table + "handler returns\n", `5:1: a dedup cannot handler`},
		{"more than it takes", plain + "a trigger now\n", `5:11: "now" is more than "a trigger" takes`},
		{"trailing junk after release", plain + "release all\n", `5:9: "all" is more than "release" takes`},
		{"trailing junk after time", plain + "+1s please\n", `5:5: "please" is more than "+1s" takes`},
		{"trailing junk after put", plain + "a put x2 x3\n", `5:10: "x3" is more than "a put x2" takes`},
		{"nil twice", plain + "a put nil nil\n", `5:11: "nil" is more than`},
		{"nil with a key", keyed + "a put nil k1\n", `5:11: "k1" is more than`},
		{"column after a tab and a wide rune", plain + "a put\n\ta\tgét\n", `6:4: "gét" is not a call`},

		{"put of a key", plain + "a put k1\n", `5:7: items of a batcher have no key, want a count like x3, or nil`},
		{"count zero", plain + "a put x0\n", `5:8: want a whole number from 1 to 200000, got "0"`},
		{"count negative", plain + "a put x-1\n", `5:8: want a whole number`},
		{"count signed", plain + "a put x+1\n", `5:8: want a whole number`},
		{"count empty", plain + "a put x\n", `5:8: want a whole number`},
		{"count huge", plain + "a put x200001\n", `5:8: want a whole number from 1 to 200000`},
		{"items in all", plain + "a put x150000\nb put x50001\n", `6:1: a program puts at most 200000 items`},

		{"get of nothing", table + "a get\n", `5:3: get needs a key, for example k1`},
		{"delete of nothing", table + "a delete\n", `5:3: delete needs a key`},
		{"set of no value", table + "a set k1\n", `5:3: set needs a value, for example v1`},
		{"key without k", table + "a get 1\n", `5:7: "1" is not a name, want k0 to k999999`},
		{"key alone", table + "a get k\n", `5:7: "k" is not a name`},
		{"key negative", table + "a get k-1\n", `5:7: "k-1" is not a name`},
		{"key too big", table + "a get k1000000\n", `5:7: "k1000000" is not a name`},
		{"value with the key's letter", table + "a set k1 k2\n", `5:10: "k2" is not a name, want v0 to v999999`},
		{"key of a put", keyed + "a put kx\n", `5:7: "kx" is not a name`},

		{"time stands still", plain + "+0s\n", `5:1: time moves forward, by 1ns at least, got "+0s"`},
		{"time goes back", plain + "+-1s\n", `5:1: time moves forward`},
		{"sum goes back", plain + "+1s-2s\n", `5:1: time moves forward`},
		{"time without a duration", plain + "+\n", `5:2: a duration is missing`},
		{"time no duration", plain + "+10\n", `5:2: "10" is not a duration`},
		{"time with a space", plain + "+ 10ms\n", `5:2: a duration is missing`},
		{"sum no duration", plain + "+1s-x\n", `5:4: "1s-x" is not a duration`},
		{"sum overflows", plain + "+2000000h+2000000h\n", `5:2: duration "2000000h+2000000h" is too long`},
		{"sum overflows below", plain + "+-2000000h-2000000h\n", `5:2: duration "-2000000h-2000000h" is too long`},
		{"time too long", plain + "+101h\n", `5:1: a duration must be 1ns to 100h0m0s, got 101h0m0s`},
		{"handler alone", plain + "handler\n", `5:1: handler needs a mode, want returns, takes, blocks, puts, panics`},
		{"handler mode", plain + "handler sleeps\n", `5:9: handler mode "sleeps" is unknown, want returns`},
		{"handler takes how long", plain + "handler takes\n", `5:9: handler takes needs a duration, for example 5ms`},
		{"handler takes no time", plain + "handler takes 0s\n", `5:1: a duration must be 1ns to`},
		{"handler takes junk", plain + "handler takes long\n", `5:15: "long" is not a duration`},
		{"handler more", plain + "handler blocks 5ms\n", `5:16: "5ms" is more than "handler blocks" takes`},

		{"timer budget", "batchlab: 1\nsubject: batcher\nconfig: size=1 timeout=1ns mode=foreground\n\n# comment\na put\n+1s\n", `7:1: so far about 1000000002 timers would fire, at most 200000 may`},
		{"timer budget of a map", table + "+1h\na count\n+2h\n+4h\n", `8:1: so far about 302448 timers would fire`},
		{"timer budget, act 2", "batchlab: 1\nsubject: batcher\nconfig: size=1 timeout=1ms mode=foreground\n\nhandler takes 1h\n", `5:1: so far about 3600001 timers`},

		{"NUL", plain + "a put\x00\n", `5:6: byte 0x00 is not text`},
		{"escape", plain + "\x1b[31m\n", `5:1: byte 0x1b is not text, a seed file is plain UTF-8`},
		{"delete", plain + "a\x7f\n", `5:2: byte 0x7f is not text`},
		{"not UTF-8", plain + "# \xff\xfe\n", `5:3: byte 0xff is not text`},
		{"cut UTF-8", plain + "# é\xc3\n", `5:4: byte 0xc3 is not text`},
		{"carriage return inside", plain + "a\rput\n", `5:2: byte 0x0d is not text`},
		{"two carriage returns", plain + "a put\r\r\n", `5:6: byte 0x0d is not text`},
		{"an ELF file", "\x7fELF\x02\x01\x01\x00", `1:1: byte 0x7f is not text`},
		{"UTF-16", "\xff\xfeb\x00", `1:1: byte 0xff is not text`},
		{"a byte order mark", "\ufeff" + plain, `1:1: "\ufeffbatchlab: 1" is not a header line`},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := Parse("x.seed", []byte(c.text), known)
			var se *SyntaxError
			if !errors.As(err, &se) {
				t.Fatalf("Parse = %v, %v; want a *SyntaxError with %q", p, err, c.want)
			}
			if !strings.HasPrefix(err.Error(), "x.seed:") || !strings.Contains(err.Error(), c.want) {
				t.Errorf("got  %s\nwant x.seed:%s", err, c.want)
			}
			if strings.Contains(err.Error(), "\n") {
				t.Errorf("more than a line: %q", err)
			}
		})
	}
}
