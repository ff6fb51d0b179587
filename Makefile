# Everything a person or the checks start. package/setup.sh installs what each needs, and is quick when that is there.
SHELL := /bin/bash
.SHELLFLAGS := -o pipefail -c
TARGET := $(abspath $(or $(CARGO_TARGET_DIR),target))
export TOCSIN_BIN := $(TARGET)/release/tocsin
# What is tested is what people install.
PACKAGED := $(TARGET)/package/$(shell uname -m)/tocsin

.PHONY: run demo test lint bench release package

run: ## Tocsin on http://127.0.0.1:8725, with its data in ./data
	@package/setup.sh build
	@$(MAKE) --no-print-directory release
	@exec $(TOCSIN_BIN) serve --data ./data

demo: ## Tocsin with mail and sign-in servers of its own, and a month of history: no account anywhere needed
	@package/setup.sh test
	@$(MAKE) --no-print-directory release
	@cargo build --release -p tocsin-engine --example demo_history
	@exec node end2end/demo.mjs

test: ## Everything that .ci/run checks
	package/setup.sh test
	$(MAKE) --no-print-directory lint
	cargo test --workspace 2>&1 | tee $(TARGET)/cargo-test.log
	$(MAKE) --no-print-directory package
	cd end2end && node --test servers/check.mjs && node --test packages/*.mjs && TOCSIN_BIN=$(PACKAGED) npx playwright test
	@grep '^test result: ' $(TARGET)/cargo-test.log

lint: ## Formatting, and clippy for the server and for the browser
	cargo fmt --all --check
	cargo clippy --workspace --all-targets -- -D warnings
	source package/common.sh && wasm_cargo clippy -p tocsin-app --lib --profile wasm-release --target $$wasm \
		--no-default-features --features hydrate -- -D warnings

bench: ## One table of measures, each beside its peer
	@package/setup.sh bench
	@$(MAKE) --no-print-directory release
	@node end2end/bench/run.mjs

release: ## The program and what the browser loads, in target/release and target/site
	package/site.sh
	cargo build --release -p tocsin

package: ## What people install, in target/packages
	@package/setup.sh package
	package/package.sh
