# Bare make prints the targets. CI calls ci and nothing else.

RACE     ?=
ITEMS    ?= 1000000
FUZZTIME ?= 30s
TARGET   ?=
SEED     ?=
ON       ?=
CAMPAIGN ?= 30s
STRESS   ?= 100000
LABFUZZ  ?= 5s
EVIDENCE ?= .batchlab/evidence.json
SAMPLES  ?= 10
SCENARIO ?=
IMPL     ?=
PEERS    ?=
PROFILE  ?=
BASE     ?=
SAMPLESFILE ?= .batchlab/bench.txt
TESTFLAGS ?= -vet=off -ldflags=-w

BIN      := .batchlab/bin/batchlab
BINRACE  := .batchlab/bin/batchlab-race
BINPEERS := .batchlab/bin/batchlab-peers
PEERSDIR := stress/bench/peers
# Modules of their own, so that who imports batchlab does not depend on what they need.
MODULES  := $(PEERSDIR) sim/cluster sim/view/browser
BATCHLAB := $(if $(RACE),$(BINRACE),$(BIN))
CHECK    := go run honnef.co/go/tools/cmd/staticcheck@v0.8.2

# SEED is what a command begins with: a file for replay; a number, or random, for campaign and
# lab, which have one of their own without it; either for explore.
NUMBER   := $(shell echo '$(SEED)' | grep -xE '[0-9]+|random')

STRATEGY ?=
SCHEDULES ?=
SUBJECT  ?=
EXPLORE  ?= 30

.PHONY: help lab test replay campaign explore fuzz stress mutants cases goker strategies bench report bench-lab ci tidy format vet staticcheck bin bin-race bin-peers

help:
	@echo 'make lab [SEED=N|random]                  the main job: replay, campaign, explore, fuzz, stress, one page'
	@echo 'make test                                 the test suite'
	@echo 'make replay SEED=FILE [ON=NAME]           run a seed file, or all below a directory'
	@echo 'make campaign [CAMPAIGN=30s] [ON=K/NAME] [SEED=N|random]'
	@echo '                                          generated programs, no coverage feedback'
	@echo 'make explore [STRATEGY=] [SCHEDULES=] [RACE=1] [ON=K/NAME] [SEED=FILE|N|random]'
	@echo '                                          every schedule, or many, of programs whose operations run together'
	@echo 'make fuzz [FUZZTIME=30s] [TARGET=NAME] [ON=K/NAME]'
	@echo '                                          native fuzzing, each target in turn'
	@echo 'make stress [RACE=1] [ITEMS=1000000] [ON=K/NAME]'
	@echo '                                          real goroutines on the real clock'
	@echo 'make mutants [DERIVED=PATTERN]            does the lab catch what is broken on purpose; and, of those that match,'
	@echo '                                          does a check derived from the types alone'
	@echo 'make cases                                known bugs of public components: found, and their mended versions silent'
	@echo 'make goker                                run the blocking bugs that ship with Go as batchlab test would'
	@echo 'make strategies                           after how many schedules each strategy finds mutants, kernels and cases'
	@echo 'make bench [SCENARIO=] [IMPL=] [SAMPLES=10] [PEERS=1] [PROFILE=1] [BASE=FILE]'
	@echo '                                          rivals side by side, if the evidence of make lab covers this source'
	@echo 'make report                               the page about it: .batchlab/report.html and .md'
	@echo 'make bench-lab                            how fast the lab is'
	@echo 'make ci                                   what CI runs'

bin:
	@go build -o $(BIN) ./sim/cmd/batchlab

bin-race:
	@go build -race -o $(BINRACE) ./sim/cmd/batchlab

bin-peers:
	@cd $(PEERSDIR) && go build -o '$(CURDIR)/$(BINPEERS)' .

lab:
	@$(MAKE) -s --no-print-directory -j2 bin bin-race
	@$(BIN) lab --race-binary $(BINRACE) --campaign $(CAMPAIGN) --explore $(EXPLORE) $(if $(SCHEDULES),--schedules '$(SCHEDULES)') --fuzz $(LABFUZZ) --items $(STRESS) --evidence $(EVIDENCE) $(if $(SEED),--seed '$(SEED)')

# What takes longest comes first: begun last, it would have the machine to itself at the end. One package more than
# there are cores is tested at a time, for many wait. make vet looks at what go test would look at, and nobody debugs
# these binaries.
test:
	go test $(TESTFLAGS) -p $$(($$(getconf _NPROCESSORS_ONLN) + 1)) -timeout 40m ./sim/cmd/batchlab ./sim/twin ./sim/... ./...
	@set -e; for m in $(MODULES); do (cd $$m && go test ./...); done

replay: $(if $(RACE),bin-race,bin)
	@$(BATCHLAB) replay '$(SEED)' $(if $(ON),--on '$(ON)')

campaign: $(if $(RACE),bin-race,bin)
	@$(BATCHLAB) campaign --programs 0 --time '$(CAMPAIGN)' $(if $(ON),--on '$(ON)') $(if $(SEED),--seed '$(SEED)')

explore: bin
	@$(BIN) explore $(if $(STRATEGY),--strategy '$(STRATEGY)') $(if $(SCHEDULES),--schedules '$(SCHEDULES)') $(if $(RACE),--race) $(if $(ON)$(SUBJECT),--on '$(or $(ON),$(SUBJECT))') $(if $(SEED),$(if $(NUMBER),--seed) '$(SEED)')

fuzz: bin
	@$(BIN) fuzz --time '$(FUZZTIME)' $(if $(TARGET),--target '$(TARGET)') $(if $(ON),--on '$(ON)')

stress: $(if $(RACE),bin-race,bin)
	@$(BATCHLAB) stress --items '$(ITEMS)' $(if $(ON),--on '$(ON)')

mutants: bin
	@$(BIN) mutants --repeats 1
	$(if $(DERIVED),@cd impls && go test -count=1 -timeout 60m -run '^TestEquivalentMutants$$' -args -derived '$(DERIVED)')

cases: bin
	@$(BIN) cases

goker: bin
	@$(BIN) goker

# sim/testdata/strategies.txt is kept from it. Of the kernels those that take more than a schedule, and no second each.
TABLE   := --strategies random,pct2,pct3,urw,portfolio,surw,feedback
KERNELS  = awk -F' *[|] *' '/^. [A-Z]/ && $$4 > 1 && $$5 < 1 {printf "%s%s", n++ ? "|" : "", $$2}' sim/testdata/goker.txt
strategies: bin
	@$(BIN) mutants --only interleaving --repeats 10 --schedules 12000 --in-turn $(TABLE)
	@$(BIN) goker --schedules 200 --run "$$($(KERNELS))" $(TABLE)
	@$(BIN) cases $(TABLE)

bench: bin $(if $(PEERS),bin-peers)
	@$(BIN) bench --samples '$(SAMPLES)' --evidence '$(EVIDENCE)' --out '$(SAMPLESFILE)' $(if $(SCENARIO),--scenario '$(SCENARIO)') $(if $(IMPL),--impl '$(IMPL)') $(if $(PEERS),--peers '$(BINPEERS)') $(if $(PROFILE),--profile .batchlab/profiles) $(if $(BASE),--base '$(BASE)')

report: bin
	@$(BIN) report --samples '$(SAMPLESFILE)' --evidence '$(EVIDENCE)'

# Workers of a campaign collect garbage as seldom as this; under -race fresh memory costs more than that saves.
bench-lab: bin
	GOGC=1600 go test -run '^$$' -bench . -cpu 1 -benchtime 2s ./sim/cmd/batchlab
	go test -race -run '^$$' -bench Programs -cpu 1 -benchtime 2s ./sim/cmd/batchlab
	go test -run '^$$' -bench 'Decisions|Handoffs|Points' -cpu 1 ./sim/weave/rt
	@$(BIN) explore corpora/litmus | tail -9
	@$(BIN) mutants --only sequential --ops 400 --shrink
	cd sim/cluster && go test -run '^$$' -bench . -benchtime 1x

ci: tidy format vet staticcheck
	$(MAKE) test
	$(MAKE) explore SEED=corpora/litmus
	$(MAKE) fuzz FUZZTIME=5s
	$(MAKE) stress RACE=1 ITEMS=200000

tidy:
	go mod tidy -diff
	@set -e; for m in $(MODULES); do (cd $$m && go mod tidy -diff); done

format:
	@files=$$(find . -name '*.go' -not -path './.batchlab/*' | xargs gofmt -l); test -z "$$files" || { echo "not formatted: $$files"; exit 1; }

vet:
	go vet ./...
	@set -e; for m in $(MODULES); do (cd $$m && go vet ./...); done

staticcheck:
	$(CHECK) ./...
	@set -e; for m in $(MODULES); do (cd $$m && $(CHECK) ./...); done
