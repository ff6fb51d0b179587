#!/usr/bin/env bash
# Builds what the browser loads into target/site: the app as WebAssembly, the styles, the files of public/.
# Does again only what its inputs changed.
set -euo pipefail
# shellcheck source=package/common.sh
source "$(dirname "$0")/common.sh"

site=$target/site
work=$target/site-work
profile='wasm-release'
app=$target/$wasm/$profile/tocsin_app.wasm

# changed NAME FILE...: whether the files' contents are others than when settle NAME was last called.
changed() { [[ $(fingerprint "${@:2}") != "$(cat "$work/$1.inputs" 2>/dev/null)" ]]; }
settle() { fingerprint "${@:2}" >"$work/$1.inputs"; }
fingerprint() { find "$@" -type f -print0 | sort -z | xargs -0 sha256sum; }

mkdir -p "$work"
exec 9>"$work/lock"
flock 9
wasm_cargo build -p tocsin-app --lib --profile "$profile" --target "$wasm" --no-default-features --features hydrate

if changed app "$app" "$tools/bin/wasm-bindgen" package/site.sh; then
  rm -rf "$work/pkg"
  "$tools/bin/wasm-bindgen" --target web --no-typescript --out-name tocsin --out-dir "$work/pkg" "$app"
  "$tools/npm/node_modules/.bin/wasm-opt" -Oz --strip-debug --strip-producers --strip-target-features \
    -o "$work/pkg/tocsin.wasm" "$work/pkg/tocsin_bg.wasm"
  rm "$work/pkg/tocsin_bg.wasm"
  settle app "$app" "$tools/bin/wasm-bindgen" package/site.sh
fi

if [[ ! -e $site/hash.txt ]] || changed site "$work/pkg" style public package/site.mjs; then
  rm -rf "$site.new"
  NODE_PATH=$tools/npm/node_modules node package/site.mjs "$work/pkg" "$site.new"
  rm -rf "$site"
  mv "$site.new" "$site"
  settle site "$work/pkg" style public package/site.mjs
fi
