# Everything a developer runs. Nothing is needed but Go and make: what else a target uses, it finds or installs (scripts/need).
SHELL := /bin/bash
.DEFAULT_GOAL := help

export CGO_ENABLED ?= 0

# What to test: make test PKG=./internal/work/... ARGS='-run SignUp -v'
PKG ?= ./...
ARGS ?=
# Where make bench measures: a SQLite file of its own, or --db of your choice.
BENCH_DB ?= file:tmp/bench.db
BENCH_CLIENTS ?= 64
BENCH_SECONDS ?= 10

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z][a-z0-9-]*:.*## / { printf "  %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## a small city in a SQLite file, its address and its accounts
	go run ./cmd/tongxin demo

build: ## bin/tongxin: one static binary
	go build -trimpath -ldflags '-s -w' -o bin/tongxin ./cmd/tongxin

test: ## all tests, on both databases and in a real browser
	scripts/need postgres chromium
	scripts/with-postgres go test $(ARGS) $(PKG)

race: ## the same under the race detector
	scripts/need postgres chromium gcc
	CGO_ENABLED=1 scripts/with-postgres go test -race $(ARGS) $(PKG)

faults: ## a hundred kills under load, a thousand power cuts, disk errors under the running program, PostgreSQL lost: nothing acknowledged is
	scripts/need postgres strace
	TONGXIN_FAULT_ROUNDS=100 TONGXIN_POWER_SEEDS=1000 scripts/with-postgres go test -count=1 -timeout 60m -tags faults $(ARGS) \
		-run 'PowerCut|DiskError|Killed|BesideAServer|BackendsTerminated|PostgresRestarted|DiskFails' ./internal/base/db ./cmd/tongxin

e2e: ## the browser stories only
	scripts/need postgres chromium
	scripts/with-postgres go test -count=1 $(ARGS) ./e2e/...

generate: ## Go code from the templates
	go tool templ generate -path internal/web

editor: ## the editor's bundle from internal/web/assets/editor, with its licences (needs npm)
	scripts/editor

check: ## formatting, vet, staticcheck, generated code and go.mod are in order
	scripts/check

gosec: ## weak places that docs/security.md does not explain
	scripts/gosec

check-docx: build ## a bulletin as a document, opened in LibreOffice: its pages are counted and its text compared
	scripts/need libreoffice fonts
	scripts/check-docx

pictures: ## every page at 390 and 1440 px, light, dark and elder, into pictures/; axe finds nothing
	scripts/need chromium fonts
	go run ./e2e/pictures $(ARGS)

bench: ## durable sign-ups and check-ins a second against the baseline
	mkdir -p tmp
	[[ -e $(patsubst file:%,%,$(BENCH_DB)) || $(BENCH_DB) != file:* ]] || go run ./cmd/tongxin seed --db $(BENCH_DB) --scale small
	go run ./cmd/tongxin bench signup --db $(BENCH_DB) --clients $(BENCH_CLIENTS) --seconds $(BENCH_SECONDS) --json
	go run ./cmd/tongxin bench checkin --db $(BENCH_DB) --clients $(BENCH_CLIENTS) --seconds $(BENCH_SECONDS) --json

taizhou: build ## the whole city in tmp/taizhou.db, verified, its figures held against the golden ones
	mkdir -p tmp && rm -f tmp/taizhou.db tmp/taizhou.db-wal tmp/taizhou.db-shm tmp/taizhou.db.keys
	bin/tongxin seed --scale taizhou --seed 1 --db file:tmp/taizhou.db
	bin/tongxin verify --db file:tmp/taizhou.db
	TONGXIN_TAIZHOU=file:$(CURDIR)/tmp/taizhou.db go test -count=1 -run TestGoldenCity ./internal/seed $(ARGS)

first-page: build ## from the binary's start to its first answered page, in milliseconds, on the small city
	scripts/first-page

.PHONY: help demo build test race faults e2e generate editor check gosec pictures bench taizhou first-page
