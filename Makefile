# The commands of the project; each is a short script in scripts/.
KIND ?= school
.PHONY: help run demo check test build dev bench

help: ## list these commands
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 16

run: ## install what is missing, build, and start Usher on http://127.0.0.1:3000
	@scripts/run.sh

demo: ## the same with a hundred invented people and a clock that can be moved; KIND=dispatch, school, learning, booking, portal, blank
	@scripts/demo.sh $(KIND)

check: ## quickly, while you work: formatting, lints, tests on SQLite; no browser
	@scripts/check.sh

test: ## everything that must hold: formatting, lints, tests on both databases, the browser
	@scripts/test.sh

build: ## the release binary, one file with everything in it: target/release/usher
	@scripts/build.sh

dev: ## rebuild and restart on every change
	@scripts/dev.sh

bench: ## measure on both databases
	@scripts/bench.sh
