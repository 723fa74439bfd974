# shellcheck shell=bash
# Shared by test.sh and check.sh, after lib.sh: steps that are timed and counted, and the steps that both have. Whoever reads
# it says in `finish` what is good enough.

SCRATCH=$(scratch_folder)
chmod 755 "$SCRATCH"
PASSED=0 FAILED=0 SKIPPED=0 BROKEN=()
# Options with which Cargo compiles the server more quickly than the one that is measured and delivered.
QUICK=()

# What failed by name, and what is unsteady: said again at the end of the long log.
NAMED=$SCRATCH/named
: >"$NAMED"

say_counts() {
  cat "$NAMED"
  for step in "${BROKEN[@]}"; do echo "failed: $step"; done
  echo "$PASSED passed, $FAILED failed, $SKIPPED skipped"
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

formatting() { check "formatting" cargo fmt --check; }

lints() {
  check "clippy, server" cargo clippy --release --features ssr --all-targets "${QUICK[@]}" -- -D warnings
  check "clippy, browser" cargo clippy --profile wasm-release --lib --features hydrate --target "$WASM_TARGET" -- -D warnings
}

# What is compiled quickly needs more room on the stack.
# shellcheck disable=SC2317,SC2329 # called by a step
with_quick_tests() { RUSTC_WORKSPACE_WRAPPER=$ROOT/scripts/test-rustc.sh RUST_MIN_STACK=67108864 "$@"; }

# cargo_tests NAME: what a test leaves out is skipped.
cargo_tests() {
  local result=0 counts
  step "$1" with_quick_tests cargo test --release --features ssr --no-fail-fast "${QUICK[@]}" || result=1
  counts=$(awk '/^test result:/ { for (i = 2; i <= NF; i++) n[$i] += $(i - 1) }
    /^left out:/ { left_out++ }
    END { print n["passed;"] + 0, n["failed;"] + 0, n["ignored;"] + n["filtered"] + left_out + 0 }' "$SCRATCH/log")
  sed -n "s/^test \(.*\) \.\.\. FAILED$/$1: \1: failed/p" "$SCRATCH/log" >>"$NAMED"
  # shellcheck disable=SC2086
  add $counts $result
}
