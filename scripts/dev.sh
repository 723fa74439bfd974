#!/usr/bin/env bash
# Rebuilds and restarts whenever a source file changes.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
scripts/tools.sh build
choose_toolchain
# The site will be a debug one: `make run` must build its own again.
rm -f target/build-stamp

export USHER_SITE_PROFILE=dev
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null' EXIT
while true; do
  touch target/dev-stamp
  if scripts/site.sh && cargo build --features ssr; then
    "$TARGET/debug/usher" serve "$@" &
    server=$!
  fi
  until [ -n "$(find src style public migrations Cargo.toml -newer target/dev-stamp -print -quit)" ]; do sleep 1; done
  if [ -n "$server" ]; then
    kill "$server" 2>/dev/null || true
    wait "$server" || true
    server=
  fi
done
