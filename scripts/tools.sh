#!/usr/bin/env bash
# Installs what is missing, and says so before it does. `tools.sh check` for the quick check, `tools.sh build` for
# running Usher, `tools.sh test` for all tests too.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"

rust() {
  command -v cargo >/dev/null || die "Rust is missing: install it from https://rustup.rs and run this again"
  command -v cc >/dev/null || apt_install "a C compiler" gcc libc6-dev
}

wasm_target() {
  choose_toolchain
  can_compile_wasm && return
  if command -v rustup >/dev/null; then
    say "installing Rust's $WASM_TARGET target through rustup"
    rustup target add "$WASM_TARGET" && can_compile_wasm && return
    say "rustup could not bring it: using Debian's Rust instead"
  fi
  debian_rust
}

# Debian carries a Rust that can compile its own standard library for the browser; it then serves both halves.
debian_rust() {
  apt_install "Debian's Rust, formatter and linter included (1.5 GB)" \
    rustc-web cargo-web rust-web-src rust-web-llvm rustfmt-web rust-web-clippy lld-22
  local work lib=/usr/lib/rustlib/$WASM_TARGET/lib
  work=$(scratch_folder)
  mkdir "$work/src"
  printf '[package]\nname = "std-only"\nversion = "0.0.0"\nedition = "2021"\n[workspace]\n' >"$work/Cargo.toml"
  touch "$work/src/lib.rs"
  say "compiling the standard library for $WASM_TARGET into $lib"
  (cd "$work" && PATH=/usr/bin:$PATH RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=$work/target RUSTC=/usr/bin/rustc \
    /usr/bin/cargo build --release --target "$WASM_TARGET" -Zbuild-std=std,panic_abort)
  rm -f "$work/target/$WASM_TARGET/release/deps/"libstd_only-*
  as_root mkdir -p "$lib"
  as_root cp "$work/target/$WASM_TARGET/release/deps/"lib*.rlib "$lib/"
  rm -rf "$work"
  command -v rustup >/dev/null && rustup toolchain link "$SPARE_TOOLCHAIN" /usr
  choose_toolchain
  can_compile_wasm || die "$(rustc --version) still cannot compile for $WASM_TARGET"
}

bindgen() {
  local wanted pinned
  wanted=$(sed -n 's/^wasm-bindgen = .*"=\([0-9.]*\)".*/\1/p' Cargo.toml)
  pinned=$(pinned_bindgen)
  [ "$wanted" = "$pinned" ] || die "Cargo.toml pins wasm-bindgen ${wanted:-loosely}, scripts/bindgen/Cargo.toml pins $pinned: \
make both \"=$wanted\", then run \`cargo update --manifest-path scripts/bindgen/Cargo.toml\`"
  [ -x "$(bindgen_tool)" ] && return
  say "compiling wasm-bindgen $pinned and the splitter (half a minute, once; kept in $TOOLS)"
  CARGO_TARGET_DIR=$TOOLS/build cargo build --locked --release --manifest-path scripts/bindgen/Cargo.toml
  mv "$TOOLS/build/release/bindgen" "$(bindgen_tool)"
  rm -rf "$TOOLS/build"
}

npm_packages() {
  command -v npm >/dev/null || apt_install "Node" nodejs npm
  local stamp=end2end/node_modules/.installed-lock
  cmp -s end2end/package-lock.json "$stamp" && return
  say "installing the npm packages of end2end (Playwright, axe, Lightning CSS, wasm-opt, Terser) into end2end/node_modules"
  npm ci --prefix end2end
  cp end2end/package-lock.json "$stamp"
}

# Without its windows the browser takes half of the time; where a Debian has no such package, the whole one will do.
chromium() {
  local found
  found=$(find_chromium) || true
  case $found in *headless-shell) return ;; esac
  [ -z "${CHROMIUM:-}" ] || return 0
  if command -v apt-get >/dev/null && apt_install "a browser for the end-to-end tests" chromium-headless-shell; then return; fi
  [ -n "$found" ] || apt_install "a browser for the end-to-end tests" chromium
}

postgres() {
  if [ -z "$(find_postgres)" ] || ! command -v psql >/dev/null; then
    apt_install "the Postgres server for the tests" postgresql
  fi
}

case ${1:-} in
check) rust; wasm_target ;;
build) rust; wasm_target; bindgen; npm_packages ;;
test) rust; wasm_target; bindgen; npm_packages; chromium; postgres ;;
*) die "usage: tools.sh check|build|test" ;;
esac
