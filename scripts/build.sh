#!/usr/bin/env bash
# Leaves the release binary, with the site inside it, at target/release/usher. Does nothing when nothing has changed.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

BINARY=target/release/usher
STAMP=target/build-stamp
INPUTS=(src style public migrations scripts Cargo.toml Cargo.lock rust-toolchain.toml .cargo end2end/package-lock.json)

up_to_date() {
  [ -x "$BINARY" ] && [ -e "$STAMP" ] && [ -z "$(find "${INPUTS[@]}" -newer "$STAMP" -print -quit)" ]
}

if up_to_date; then exit; fi
mkdir -p target
# The moment before the build: what is edited while it runs counts as changed.
touch "$STAMP.new"
scripts/tools.sh build
choose_toolchain
scripts/site.sh
say "the server"
build_server
mv "$STAMP.new" "$STAMP"
