# Sourced by setup.sh and site.sh: where things are, and which cargo can build for the browser.
# shellcheck shell=bash disable=SC2034

cd "$(dirname "${BASH_SOURCE[0]}")/.." || exit
target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
tools=$target/tools
wasm=wasm32-unknown-unknown

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

# has_wasm RUSTC: whether that compiler has the standard library for the browser.
has_wasm() {
  compgen -G "$("$1" --print sysroot)/lib/rustlib/$wasm/lib/libstd-*.rlib" >/dev/null
}

# As has_wasm, for the distribution's compiler: its library is one that setup.sh built, so it must be of this very compiler.
distro_has_wasm() {
  [[ -x /usr/bin/rustc ]] && cmp -s <(/usr/bin/rustc -vV) "/usr/lib/rustlib/$wasm/built-by"
}

# wasm_cargo ARGS...: cargo with the compiler that has the browser's target.
wasm_cargo() {
  if has_wasm rustc; then
    cargo "$@"
  elif distro_has_wasm; then
    PATH=/usr/bin:$PATH cargo "$@"
  else
    fail "No Rust compiler here can build for $wasm: run package/setup.sh build."
  fi
}
