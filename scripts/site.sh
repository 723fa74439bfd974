#!/usr/bin/env bash
# Builds the browser's half into target/site: pkg/usher.{js,wasm,css} with the files that its pages fetch later, what lies in
# public/, and a .br beside each. USHER_SITE_PROFILE=dev builds quickly.
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
# What wasm-bindgen writes is made to be read.
MINIFY='--module --compress --mangle'
mkdir -p "$SITE/pkg" "$WORK/pkg"

# smaller FOLDER: what bindgen left there, in as few bytes as travel.
smaller() {
  [ "$PROFILE" != dev ] || return 0
  local file
  for file in "$1"/*.wasm; do
    # shellcheck disable=SC2086 # several words
    end2end/node_modules/.bin/wasm-opt $OPTIMISE "$file" -o "$file.small"
    mv "$file.small" "$file"
  done
  for file in "$1"/*.js; do
    # shellcheck disable=SC2086 # several words
    end2end/node_modules/.bin/terser "$file" $MINIFY -o "$file.small"
    mv "$file.small" "$file"
  done
}

# The relocations are what the splitter reads; only the last crate needs them.
app() {
  cargo rustc --profile "$PROFILE" --lib --crate-type cdylib --features hydrate --target "$WASM_TARGET" \
    -- -C link-args=--emit-relocs
  local folder=$PROFILE
  [ "$PROFILE" = dev ] && folder=debug
  local wasm=$TARGET/$WASM_TARGET/$folder/usher.wasm
  # What the last run was made from: the same bytes need no second run.
  local made_from
  made_from="$(sha256sum <"$wasm") $(bindgen_tool) $PROFILE $OPTIMISE $MINIFY"
  [ "$(cat "$WORK/made-from" 2>/dev/null)" = "$made_from" ] && return
  rm -rf "$WORK/pkg" "$WORK/made-from"
  "$(bindgen_tool)" "$wasm" "$WORK/pkg" usher --split
  mv "$WORK/pkg/usher_bg.wasm" "$WORK/pkg/usher.wasm"
  smaller "$WORK/pkg"
  echo "$made_from" >"$WORK/made-from"
}

# The registration page: the same crate once more, without the app. Its file has the same name, so the app's is read before.
registration() {
  cargo rustc --profile "$PROFILE" --lib --crate-type cdylib --features hydrate,registration --target "$WASM_TARGET"
  local folder=$PROFILE
  [ "$PROFILE" = dev ] && folder=debug
  local wasm=$TARGET/$WASM_TARGET/$folder/usher.wasm made_from
  made_from="$(sha256sum <"$wasm") $(bindgen_tool) $PROFILE $OPTIMISE $MINIFY"
  [ "$(cat "$WORK/registration-made-from" 2>/dev/null)" = "$made_from" ] && return
  rm -rf "$WORK/registration" "$WORK/registration-made-from"
  "$(bindgen_tool)" "$wasm" "$WORK/registration" register
  mv "$WORK/registration/register_bg.wasm" "$WORK/registration/register.wasm"
  smaller "$WORK/registration"
  echo "$made_from" >"$WORK/registration-made-from"
}

say "the browser's half ($PROFILE)"
app
registration

end2end/node_modules/.bin/lightningcss --bundle --minify --targets "$BROWSERS" style/main.css -o "$WORK/usher.css"

put "$WORK/usher.css" "$SITE/pkg/usher.css"
wanted=pkg/usher.css
# Which files the splitter wrote changes with the pages.
while IFS= read -r file; do
  put "$WORK/pkg/$file" "$SITE/pkg/$file"
  wanted+=$'\n'pkg/$file
done < <(cd "$WORK/pkg" && find . -type f -printf '%P\n')
for file in register.js register.wasm; do
  put "$WORK/registration/$file" "$SITE/pkg/$file"
  wanted+=$'\n'pkg/$file
done
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

# What somebody invited waits for, on a phone: both files together.
REGISTRATION_MOST=140000
if [ "$PROFILE" != dev ]; then
  bytes=$(($(stat -c %s "$SITE/pkg/register.js.br") + $(stat -c %s "$SITE/pkg/register.wasm.br")))
  [ "$bytes" -le "$REGISTRATION_MOST" ] || die "the registration page loads $bytes bytes, and may load $REGISTRATION_MOST"
fi

# One file that changes when a file comes or goes: what embeds the folder can depend on it.
(cd "$SITE" && find . -type f -printf '%P\n' | sort) >"$WORK/files.txt"
put "$WORK/files.txt" target/site-files.txt
