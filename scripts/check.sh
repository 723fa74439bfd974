#!/usr/bin/env bash
# The quick check while one works: formatting, the lints of both halves, and the tests on SQLite. Postgres and the browser are
# left to test.sh.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
. scripts/steps.sh
trap 'rm -rf "$SCRATCH"' EXIT
trap 'exit 130' INT TERM

# Our own crate as quickly as it compiles, beside the same optimised libraries as test.sh has.
QUICK=(
  --config 'profile.release.incremental=true'
  --config 'profile.release.package.usher.opt-level=0'
  --config 'profile.release.package.usher.codegen-units=128'
)

finish() {
  say_counts
  [ "$FAILED" = 0 ] && [ "$PASSED" -gt 0 ]
  exit
}

must "tools" scripts/tools.sh check
choose_toolchain
formatting
lints
# The server that the tests leave at target/release/usher is a slow one: `make run` must build its own again.
rm -f target/build-stamp
unset USHER_TEST_POSTGRES_URL
mkdir -m 1777 "$SCRATCH/tmp"
export TMPDIR=$SCRATCH/tmp
cargo_tests "tests on SQLite"
finish
