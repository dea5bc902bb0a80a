# make test     every test; installs what they need and this machine lacks, and says so
# make lint     vet, staticcheck, gofmt, tidy and, where its database answers, govulncheck
# make ui       builds the newsroom's interface out of newsroom/ui/src; commit what it writes
# make bench-peers  Dateline beside nginx, net/http and fasthttp; installs nginx and what asks (see docs/adr/041)
# make bench-export  the site as files beside Hugo's; installs hugo
# make audit    the readers' pages through Lighthouse
# make bench    the figures, at 1,000 and 100,000 articles, and of 10,000 open pages of a live coverage (see docs/performance.md); installs what they need,
#               as make test does

SHELL := /bin/bash -o pipefail

# The race detector watches what is written here and what it uses, but not C that was made into Go by a program, whose loops it makes three times as
# slow. Only packages without generics of sync and sync/atomic may stand here: the linker takes one copy of such code for all packages, and the
# detector must see it.
norace := modernc.org/sqlite/lib github.com/datelinehq/dateline/media/webp/libwebp

.PHONY: test lint bench bench-peers bench-export audit prepare screenshots ui

test: prepare
	@. ./.tools/env; \
	go test -race $(foreach p,$(norace),-gcflags=$(p)=-race=false) -timeout 45m -json ./... | go run ./archtest/testcount

prepare:
	@./prepare.sh

ui:
	@go run ./newsroom/ui/build

lint:
	@./lint.sh

bench: prepare
	@. ./.tools/env; \
	go run ./cmd/dateline bench all && go run ./cmd/dateline bench live

bench-export:
	@command -v hugo >/dev/null || { echo "installing hugo with apt-get"; apt-get update -qq >/dev/null && apt-get install -y -qq --no-install-recommends hugo >/dev/null; }
	@go run ./cmd/dateline bench export

bench-peers:
	@mkdir -p .tools
	@go build -o .tools/peers ./bench/peers && .tools/peers $(PEERS)

# Readers' pages as Lighthouse sees them on a phone: holds them to all that does not go by the machine's speed, and prints the score
# for speed, the median of RUNS.
RUNS := 5
audit: prepare
	@. ./.tools/env; DATELINE_AUDIT=$(RUNS) go test ./browsertest -run TestPagesAreAudited -count=1 -timeout 30m -v

# Readers' pages and the newsroom's views, at each width and in each light, into browsertest/shots.
screenshots: prepare
	@. ./.tools/env; mkdir -p browsertest/shots && DATELINE_SHOTS=$(CURDIR)/browsertest/shots go test ./browsertest -run InABrowser -count=1
