#!/usr/bin/env bash
# The whole check, in order; ends with one line, "N passed, N failed, N skipped", and fails unless all of it passed.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

SCRATCH=$(scratch_folder)
chmod 755 "$SCRATCH"
# shellcheck disable=SC2317 # called by the trap
clean_up() {
  scripts/postgres.sh stop "$SCRATCH/postgres" || true
  rm -rf "$SCRATCH"
}
trap clean_up EXIT
trap 'exit 130' INT TERM

PASSED=0 FAILED=0 SKIPPED=0 BROKEN=()

finish() {
  for step in "${BROKEN[@]}"; do echo "failed: $step"; done
  echo "$PASSED passed, $FAILED failed, $SKIPPED skipped"
  [ "$FAILED" = 0 ] && [ "$SKIPPED" = 0 ] && [ "$PASSED" -gt 0 ]
  exit
}

# step NAME COMMAND...: runs it live, with its output kept in $SCRATCH/log as well.
step() {
  local name=$1 began=$SECONDS result=0
  shift
  printf '\n==> %s\n' "$name"
  "$@" 2>&1 | tee "$SCRATCH/log" || result=1
  printf '    %s: %s s\n' "$name" $((SECONDS - began))
  [ $result = 0 ] || BROKEN+=("$name")
  return $result
}

# A step that counts nothing itself counts as one failure when it fails; without these two there is nothing to test.
check() { step "$@" || FAILED=$((FAILED + 1)); }
must() { step "$@" || { FAILED=$((FAILED + 1)); finish; }; }

# add PASSED FAILED SKIPPED RESULT: a step that broke off before it could count a failure is one.
add() {
  PASSED=$((PASSED + $1)) FAILED=$((FAILED + $2)) SKIPPED=$((SKIPPED + $3))
  if [ "$4" != 0 ] && [ "$2" = 0 ]; then FAILED=$((FAILED + 1)); fi
}

# Builds the tests, and with them the binary that they and the browser tests run.
build_tested() {
  cargo test --release --features ssr --no-run
  [ "$TARGET" = "$ROOT/target" ] || put "$TARGET/release/usher" target/release/usher
}

cargo_tests() {
  local result=0 counts
  step "tests on SQLite and Postgres" cargo test --release --features ssr --no-fail-fast || result=1
  counts=$(awk '/^test result:/ { for (i = 2; i <= NF; i++) n[$i] += $(i - 1) }
    END { print n["passed;"] + 0, n["failed;"] + 0, n["ignored;"] + n["filtered"] + 0 }' "$SCRATCH/log")
  # shellcheck disable=SC2086
  add $counts $result
}

# browser_tests NAME POSTGRES_URL
browser_tests() {
  local result=0 counts
  step "$1" env USHER_BINARY="$ROOT/target/release/usher" USHER_E2E_POSTGRES_URL="$2" \
    USHER_E2E_REPORT="$SCRATCH/report.json" npm test --silent --prefix end2end || result=1
  counts=$(node -p "const s = require('$SCRATCH/report.json').stats; [s.expected, s.unexpected + s.flaky, s.skipped].join(' ')" \
    2>/dev/null) || counts='0 0 0'
  rm -f "$SCRATCH/report.json"
  # shellcheck disable=SC2086
  add $counts $result
}

must "tools" scripts/tools.sh test
choose_toolchain
check "formatting" cargo fmt --check
must "site" scripts/site.sh
check "clippy, server" cargo clippy --release --features ssr --all-targets -- -D warnings
check "clippy, browser" cargo clippy --profile wasm-release --lib --features hydrate --target "$WASM_TARGET" -- -D warnings
must "server and tests" build_tested

mkdir -m 1777 "$SCRATCH/tmp"
export TMPDIR=$SCRATCH/tmp
must "a Postgres cluster to throw away" scripts/postgres.sh start "$SCRATCH/postgres"
POSTGRES_URL=$(tail -n 1 "$SCRATCH/log")
export USHER_TEST_POSTGRES_URL=$POSTGRES_URL

cargo_tests
browser_tests "browser tests on SQLite" ""
browser_tests "browser tests on Postgres" "$POSTGRES_URL"
finish
