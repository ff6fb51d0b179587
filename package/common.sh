# Sourced by the scripts beside it: where things are, and which cargo can build for the browser and for packages.
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

# has_source RUSTC: whether that compiler has the source of its standard library.
has_source() {
  [[ -e $("$1" --print sysroot)/lib/rustlib/src/rust/library/Cargo.lock ]]
}

# wasm_cargo ARGS...: cargo with the compiler that has the browser's target.
wasm_cargo() {
  local path=$PATH
  if ! has_wasm rustc; then
    distro_has_wasm || fail "No Rust compiler here can build for $wasm: run package/setup.sh build."
    path=/usr/bin:$PATH
  fi
  PATH=$path nameless_cargo "$@"
}

# static_cargo zigbuild ARGS...: cargo for programs that need nothing of the system. Zig brings the C compiler, the
# linker and musl for every architecture; the standard library is built along, which is a nightly option:
# RUSTC_BOOTSTRAP lets this build use it.
static_cargo() {
  local path=$tools/zig/bin:$PATH
  [[ -x $tools/zig/bin/cargo-zigbuild ]] || fail "Zig is missing: run package/setup.sh package."
  if ! has_source rustc; then
    has_source /usr/bin/rustc || fail "No Rust compiler here has its library's source: run package/setup.sh package."
    path=$tools/zig/bin:/usr/bin:$PATH
  fi
  # musl's start files are Zig's, not the compiler's. Nothing unwinds, so nothing needs the tables for it: they would be a
  # quarter of the program.
  PATH=$path RUSTC_BOOTSTRAP=1 ZIG_GLOBAL_CACHE_DIR=$tools/zig-cache ZIG_LOCAL_CACHE_DIR=$tools/zig-cache \
    CARGO_ZIGBUILD_CACHE_DIR=$tools/zig-cache nameless_cargo "$@" -Zbuild-std=std,panic_abort \
    --config 'target."cfg(target_env = \"musl\")".rustflags=["-Clink-self-contained=no","-Cforce-unwind-tables=no"]'
}

# nameless_cargo ARGS...: cargo whose results do not say in which folders they were built, so that the same checkout
# gives the same bytes anywhere.
nameless_cargo() {
  local library flags
  library=$(rustc --print sysroot)/lib/rustlib/src/rust
  # Of prefixes that both fit, the later counts.
  printf -v flags '"--remap-path-prefix=%s=%s",' "$PWD" tocsin "$target" target "${CARGO_HOME:-$HOME/.cargo}" cargo "$library" rust
  cargo "$1" --config "target.'cfg(any(target_family = \"wasm\", target_env = \"musl\"))'.rustflags=[${flags%,}]" "${@:2}"
}

# When the commit was made, in seconds since 1970: the time that everything in a package carries.
commit_time() {
  [[ -n ${SOURCE_DATE_EPOCH:-} ]] && printf '%s\n' "$SOURCE_DATE_EPOCH" && return
  git log -1 --format=%ct 2>/dev/null || fail "This is no checkout of the repository: set SOURCE_DATE_EPOCH to the time of its commit."
}
