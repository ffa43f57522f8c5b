# The only door: people and CI call the same targets.
.DEFAULT_GOAL := help
SHELL := /bin/bash -euo pipefail
export PATH := $(CURDIR)/node_modules/.bin:$(PATH)
SOURCES := $(shell find src -name '*.ts')

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "%-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: install
install: node_modules/.package-lock.json ## Install the development tools
node_modules/.package-lock.json: package-lock.json
	npm ci --no-audit --no-fund --loglevel=error
	@touch $@

.PHONY: build
build: build/.done ## Compile src and bundle the buildpack and the CLI
build/.done: node_modules/.package-lock.json tsconfig.json tsconfig.build.json package.json package-lock.json scripts/bundle.ts $(SOURCES)
	rm -rf build dist
	tsc -p tsconfig.build.json
	node scripts/bundle.ts
	@touch $@

.PHONY: check
check: install ## Format, lint, types, dead code
	oxfmt --check
	oxlint --type-aware
	tsc -p tsconfig.json
	tsc -p tsconfig.build.json --noEmit
	knip

.PHONY: fmt
fmt: install ## Format everything
	oxfmt

.PHONY: test
test: check test-unit test-contract test-image ## Everything that has to hold

.PHONY: test-unit
test-unit: install ## Unit tests: seconds, no network
	vitest run --project unit

.PHONY: test-contract
test-contract: build tools dapr otelcol apisix-go-runner ## Built artefacts as processes
	vitest run --project contract

.PHONY: test-image
test-image: builder dapr emulator ## Images, with pack and without a daemon
	node scripts/with-engine.ts vitest run --project image

.PHONY: test-cluster
test-cluster: build tools stack ## Builds on Kubernetes with Tekton and Shipwright, apart from "make test": needs root
	node scripts/with-cluster.ts vitest run --project cluster

.PHONY: otelcol
otelcol: install ## Build the OpenTelemetry collector of the tests, once
	node scripts/otelcol.ts

.PHONY: apisix-go-runner
apisix-go-runner: install ## Build Apache's runner for Go, which ours is compared with, once
	node scripts/apisix-go-runner.ts

.PHONY: generate
generate: install ## Generate the messages of APISIX out of their schema, with flatc
	node scripts/generate.ts

.PHONY: schemas
schemas: install ## Take the schemas of Kubernetes' resources out of the projects that own them
	node scripts/schemas.ts

.PHONY: tools
tools: install ## Find or build pack and the lifecycle, once
	node scripts/tools.ts

.PHONY: dapr
dapr: install ## Build the tests' Dapr sidecar, find or unpack Redis and Mosquitto, once
	node scripts/daprd.ts
	node scripts/brokers.ts

.PHONY: emulator
emulator: install ## Find or unpack QEMU for the other architecture, once
	node scripts/emulator.ts

.PHONY: engine
engine: install ## Start a Docker engine unless one answers
	node scripts/engine.ts start

.PHONY: engine-stop
engine-stop: install ## Stop the Docker engine that "make engine" started
	node scripts/engine.ts stop

.PHONY: stack
stack: install ## Make the build image and the run image
	node scripts/stack.ts

.PHONY: builder
builder: build tools stack ## Make the builder image openfunction/builder-node
	node scripts/builder.ts

.PHONY: package
package: build tools ## Package the buildpack for pack
	node scripts/package.ts

.PHONY: demo
demo: builder ## Build a sample into an image, start it and call it
	node scripts/demo.ts

.PHONY: bench
bench: bench-functions bench-async bench-plugins bench-apisix bench-build ## Everything that is measured: bench/results

.PHONY: bench-functions
bench-functions: build ## Measure the framework beside bare node:http and its peers
	node scripts/bench-functions.ts $(ROUNDS)

.PHONY: bench-async
bench-async: build ## Measure async functions beside bare handlers and Dapr's SDK
	node scripts/bench-async.ts $(ROUNDS)

.PHONY: bench-plugins
bench-plugins: build ## Measure what plugins cost a function
	node scripts/bench-plugins.ts $(ROUNDS)

.PHONY: bench-apisix
bench-apisix: build apisix-go-runner ## Measure the runner for APISIX beside Apache's for Go
	node scripts/bench-apisix.ts $(ROUNDS)

.PHONY: bench-build
bench-build: builder ## Time builds beside a hand-written Dockerfile
	node scripts/with-engine.ts node scripts/bench-build.ts

.PHONY: clean
clean: ## Remove what the build made in this folder
	rm -rf build dist
