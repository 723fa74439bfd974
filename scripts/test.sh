#!/usr/bin/env bash
# The whole check, in order; ends with one line, "N passed, N failed, N skipped", and fails unless all of it passed.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. scripts/steps.sh

# shellcheck disable=SC2317,SC2329 # called by the trap
clean_up() {
  scripts/postgres.sh stop "$SCRATCH/postgres" || true
  rm -rf "$SCRATCH"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

finish() {
  say_counts
  [ "$FAILED" = 0 ] && [ "$SKIPPED" = 0 ] && [ "$PASSED" -gt 0 ]
  exit
}

# Builds the tests, and with them the binary that they and the browser tests run.
# shellcheck disable=SC2329 # called by a step
build_tested() {
  with_quick_tests cargo test --release --features ssr --no-run || return
  [ "$TARGET" = "$ROOT/target" ] || put "$TARGET/release/usher" target/release/usher
}

# browser_tests NAME POSTGRES_URL
browser_tests() {
  local result=0 counts
  step "$1" env USHER_BINARY="$ROOT/target/release/usher" USHER_E2E_POSTGRES_URL="$2" \
    USHER_E2E_REPORT="$SCRATCH/report.json" npm test --silent --prefix end2end || result=1
  counts=$(node scripts/browser-report.mjs "$SCRATCH/report.json" "$1" 2>>"$NAMED") || counts='0 0 0'
  rm -f "$SCRATCH/report.json"
  # shellcheck disable=SC2086
  add $counts $result
}

must "tools" scripts/tools.sh test
choose_toolchain
formatting
must "site" scripts/site.sh
lints
must "server and tests" build_tested

mkdir -m 1777 "$SCRATCH/tmp"
export TMPDIR=$SCRATCH/tmp
must "a Postgres cluster to throw away" scripts/postgres.sh start "$SCRATCH/postgres"
POSTGRES_URL=$(tail -n 1 "$SCRATCH/log")
export USHER_TEST_POSTGRES_URL=$POSTGRES_URL

cargo_tests "tests on SQLite and Postgres"
browser_tests "browser tests on SQLite" ""
browser_tests "browser tests on Postgres" "$POSTGRES_URL"
finish
