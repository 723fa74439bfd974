#!/usr/bin/env bash
# Builds the browser's half into target/site: pkg/usher.{js,wasm,css}, what lies in public/, and a .br beside each.
# USHER_SITE_BUILDER=direct does without cargo-leptos even where it is installed; USHER_SITE_PROFILE=dev builds quickly.
# shellcheck source-path=SCRIPTDIR
. "$(dirname "$0")/lib.sh"
choose_toolchain

SITE=target/site
WORK=target/site-work
PROFILE=${USHER_SITE_PROFILE:-wasm-release}
# Lightning CSS must leave nesting and light-dark() alone: every browser named here has both.
BROWSERS='chrome >= 125, edge >= 125, firefox >= 128, safari >= 17.5, ios_saf >= 17.5'
# Higher levels make the file itself smaller still, and what travels (Brotli) 5 % larger.
OPTIMISE='-O1 --enable-bulk-memory --enable-nontrapping-float-to-int --enable-sign-ext --enable-mutable-globals
  --enable-reference-types --enable-multivalue'
mkdir -p "$SITE/pkg" "$WORK/pkg"

script_with_cargo_leptos() {
  local release=(--release)
  [ "$PROFILE" = dev ] && release=()
  LEPTOS_SITE_ROOT=$WORK cargo leptos build --frontend-only "${release[@]}"
}

script_directly() {
  cargo build --profile "$PROFILE" --lib --features hydrate --target "$WASM_TARGET"
  local folder=$PROFILE
  [ "$PROFILE" = dev ] && folder=debug
  local wasm=$TARGET/$WASM_TARGET/$folder/usher.wasm
  # What the last run was made from: the same bytes need no second run.
  local made_from
  made_from="$(sha256sum <"$wasm") $(pinned_bindgen) $OPTIMISE"
  [ "$(cat "$WORK/made-from" 2>/dev/null)" = "$made_from" ] && return
  rm -rf "$WORK/pkg"
  "$(bindgen_tool)" "$wasm" "$WORK/pkg"
  if [ "$PROFILE" = dev ]; then
    mv "$WORK/pkg/usher_bg.wasm" "$WORK/pkg/usher.wasm"
  else
    # shellcheck disable=SC2086 # several words
    end2end/node_modules/.bin/wasm-opt $OPTIMISE "$WORK/pkg/usher_bg.wasm" -o "$WORK/pkg/usher.wasm"
    rm "$WORK/pkg/usher_bg.wasm"
  fi
  echo "$made_from" >"$WORK/made-from"
}

say "the browser's half ($PROFILE)"
if [ "${USHER_SITE_BUILDER:-}" != direct ] && command -v cargo-leptos >/dev/null; then
  rm -f "$WORK/made-from"
  # It fetches wasm-bindgen and wasm-opt where they are missing, which not every machine may do.
  script_with_cargo_leptos || {
    say "cargo-leptos could not build it: the same steps without it"
    script_directly
  }
else
  script_directly
fi

end2end/node_modules/.bin/lightningcss --bundle --minify --targets "$BROWSERS" style/main.css -o "$WORK/usher.css"

put "$WORK/pkg/usher.js" "$SITE/pkg/usher.js"
put "$WORK/pkg/usher.wasm" "$SITE/pkg/usher.wasm"
put "$WORK/usher.css" "$SITE/pkg/usher.css"
wanted=$'pkg/usher.css\npkg/usher.js\npkg/usher.wasm'
while IFS= read -r file; do
  put "public/$file" "$SITE/$file"
  wanted+=$'\n'$file
done < <(cd public && find . -type f ! -name '.git*' -printf '%P\n')

# What left public/ leaves the site too.
(cd "$SITE" && find . -type f -printf '%P\n') | while IFS= read -r file; do
  grep -qxF -- "${file%.br}" <<<"$wanted" || rm -f "$SITE/$file"
done
find "$SITE" -mindepth 1 -type d -empty -delete

node scripts/compress.mjs "$SITE" "$([ "$PROFILE" = dev ] && echo 4 || echo 11)"

# One file that changes when a file comes or goes: what embeds the folder can depend on it.
(cd "$SITE" && find . -type f -printf '%P\n' | sort) >"$WORK/files.txt"
put "$WORK/files.txt" target/site-files.txt
