# Rathaus: everything one types. `make help` lists it.

SHELL := /bin/bash
.DEFAULT_GOAL := help

GOLANGCI_VERSION := v2.15.0
GOLANGCI := bin/golangci-lint
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
# Without a codec that the web framework brings along and nobody here calls: 9 MB.
TAGS := nomsgpack
LDFLAGS := -s -w -X rathaus/internal/cli.Version=$(VERSION)
UI_SOURCES := $(shell find ui/src ui/messages ui/public -type f 2>/dev/null) ui/index.html ui/vite.config.ts ui/package-lock.json

export CGO_ENABLED ?= 0

.PHONY: help
help: ## list what can be done
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

.PHONY: run
run: build ## build everything and start the portal on http://localhost:8080
	./rathaus serve

.PHONY: build
build: ui/dist/index.html ## one static binary with the web application inside
	go build -trimpath -tags '$(TAGS)' -ldflags '$(LDFLAGS)' -o rathaus .

.PHONY: dev
dev: ui/node_modules/.ready ## Go and Vite with reload, with people and content to look at
	scripts/dev

# The versions are those of the lock file. "npm ci" would also insist on optional
# packages for foreign platforms, which not every registry mirror carries.
ui/node_modules/.ready: ui/package.json ui/package-lock.json
	cd ui && npm install --no-save --no-audit --no-fund
	@touch $@

ui/dist/index.html: ui/node_modules/.ready $(UI_SOURCES)
	cd ui && npm run --silent build
	@touch $@

.PHONY: generate
generate: ui/node_modules/.ready ## API document, its TypeScript types, list of licences
	go run . openapi > ui/src/lib/api/openapi.json
	cd ui && npm run --silent generate
	go run ./internal/licenses/gen

.PHONY: test
test: needs lint generated test-go test-ui test-browser ## everything that must pass, in order; installs what it needs where it may

.PHONY: check
check: test ## the same as test

.PHONY: needs
needs: ## what the tests need from the system: Chromium and PostgreSQL
	scripts/needs

$(GOLANGCI):
	GOBIN=$(CURDIR)/bin go install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION)

.PHONY: lint
lint: $(GOLANGCI) ui/node_modules/.ready ## formatting and lint of Go and TypeScript
	@test -z "$$(gofmt -l $$(git ls-files '*.go'))" || { echo 'not formatted:'; gofmt -l $$(git ls-files '*.go'); exit 1; }
	$(GOLANGCI) run ./...
	cd ui && npm run --silent lint

.PHONY: generated
generated: generate ## generated files are what the sources say
	git diff --exit-code -- ui/src/lib/api internal/licenses

# SQLite, translated from C, works on memory of its own, which the race detector does not look at: watching it finds nothing and takes
# long. Only this package: one that uses generic types of the standard library would share its unwatched copies of them with all others.
RACE := -race -gcflags='modernc.org/sqlite/lib=-race=false'

.PHONY: test-go
test-go: ui/dist/index.html ## Go tests, race detector, random order, SQLite and PostgreSQL
	CGO_ENABLED=1 scripts/with-postgres go test $(RACE) -shuffle=on -timeout 40m ./...
	scripts/fuzz

.PHONY: test-ui
test-ui: ui/node_modules/.ready ## types, texts and unit tests of the web application
	cd ui && npm run --silent check && npm run --silent i18n && npm test --silent

.PHONY: test-browser
test-browser: build ## people in real browsers, with accessibility checks
	cd ui && npm run --silent size && npm run --silent e2e

.PHONY: bench
bench: build ## speed and memory; method and last results are in docs/performance.md
	scripts/bench

.PHONY: clean
clean: ## remove what was built
	rm -rf rathaus bin ui/node_modules test-results
	find ui/dist -mindepth 1 ! -name .gitkeep -delete
