# shellcheck shell=bash
# Shared by the scripts: where things are, how to say something, how to install a Debian package.
set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$ROOT"
PATH=$PATH:$HOME/.cargo/bin

# Cargo may work elsewhere (CARGO_TARGET_DIR); the site is always built in here, where the server embeds it from.
TARGET=${CARGO_TARGET_DIR:-$ROOT/target}
case $TARGET in /*) ;; *) TARGET=$ROOT/$TARGET ;; esac
export CARGO_TARGET_DIR=$TARGET
TOOLS=${XDG_CACHE_HOME:-$HOME/.cache}/usher/tools
WASM_TARGET=wasm32-unknown-unknown
# The toolchain that tools.sh links when rustup's own server is out of reach.
SPARE_TOOLCHAIN=usher-debian

say() { printf '==> %s\n' "$*" >&2; }
die() { printf 'error: %s\n' "$*" >&2; exit 1; }

pinned_bindgen() { sed -n 's/^wasm-bindgen-cli-support = "=\(.*\)"$/\1/p' scripts/bindgen/Cargo.toml; }
# Another source makes another tool, whatever its versions are.
bindgen_tool() {
  echo "$TOOLS/bindgen-$(cat scripts/bindgen/Cargo.toml scripts/bindgen/Cargo.lock scripts/bindgen/src/main.rs | sha256sum | cut -c 1-12)"
}

can_compile_wasm() { [ -d "$(rustc --print target-libdir --target "$WASM_TARGET" 2>/dev/null)" ]; }

# Whoever compiles calls this first.
choose_toolchain() {
  if ! can_compile_wasm && rustup toolchain list 2>/dev/null | grep -q "^$SPARE_TOOLCHAIN"; then
    export RUSTUP_TOOLCHAIN=$SPARE_TOOLCHAIN
  fi
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# apt_install WHAT_FOR PACKAGE...
apt_install() {
  local what_for=$1
  shift
  command -v apt-get >/dev/null || die "$what_for is missing and there is no apt-get here: install it by hand ($*)"
  say "installing $what_for: Debian packages $*"
  as_root apt-get update -qq
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends "$@" >&2
}

find_chromium() {
  [ -z "${CHROMIUM:-}" ] || { echo "$CHROMIUM"; return; }
  command -v chromium-headless-shell || command -v chromium || command -v chromium-browser || command -v google-chrome
}

# The newest installed Postgres server: prints the folder with initdb and pg_ctl.
find_postgres() {
  local found
  found=$(find /usr/lib/postgresql -path '*/bin/initdb' 2>/dev/null | sort -V | tail -n 1) || true
  [ -z "$found" ] || dirname "$found"
}

# A new temporary folder, in memory when a gigabyte is free there.
scratch_folder() {
  local free
  free=$(df --output=avail -k /dev/shm 2>/dev/null | tail -n 1) || free=0
  if [ "${free:-0}" -ge 1048576 ] && [ -w /dev/shm ]; then
    mktemp -d /dev/shm/usher.XXXXXX
  else
    mktemp -d -t usher.XXXXXX
  fi
}

# put FILE PLACE: copies when the content differs, so that what embeds PLACE is not rebuilt for nothing.
put() {
  cmp -s "$1" "$2" && return
  mkdir -p "$(dirname "$2")"
  cp -f "$1" "$2.new"
  mv -f "$2.new" "$2"
}

# The server with the site inside it, at target/release/usher, wherever Cargo works.
build_server() {
  cargo build --release --features ssr
  [ "$TARGET" = "$ROOT/target" ] || put "$TARGET/release/usher" target/release/usher
}
