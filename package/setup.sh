#!/usr/bin/env bash
# Installs what is missing to build (setup.sh build), package (setup.sh package), test (setup.sh test) or measure
# (setup.sh bench) Tocsin on Debian 12, Debian 13 or Ubuntu 24.04. Needs Rust, Node and apt. Says what it does, is safe
# to repeat, and does nothing when there is nothing to do. It starts no service.
set -euo pipefail
# shellcheck source=package/common.sh
source "$(dirname "$0")/common.sh"

scope=${1:-}
[[ $scope =~ ^(build|package|test|bench)$ ]] || fail "usage: package/setup.sh build|package|test|bench"
# The tests start mail servers, give up root for other users, and mount.
[[ $scope != test ]] || ((EUID == 0)) || fail "The tests need root: sudo env PATH=\"\$PATH\" HOME=\"\$HOME\" make test"
# The container's process runs in name spaces of an unprivileged user.
restricted=/proc/sys/kernel/apparmor_restrict_unprivileged_userns
[[ $scope != test || ! -e $restricted || $(<"$restricted") == 0 ]] ||
  fail "The tests need: sysctl kernel.apparmor_restrict_unprivileged_userns=0 (Ubuntu's kernel; 1 sets it back)"
wants() { [[ " $* " == *" $scope "* ]]; }

say() { printf 'set-up: %s\n' "$*"; }

# quietly COMMAND...: shows the command's output only if it fails.
quietly() {
  local log
  log=$(mktemp)
  if ! "$@" >"$log" 2>&1; then
    cat "$log" >&2
    rm -f "$log"
    return 1
  fi
  rm -f "$log"
}

as_root() {
  if ((EUID == 0)); then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    fail "This must run as root, and there is no sudo:" "  $*"
  fi
}

# --- Packages of the distribution -------------------------------------------------------------------------------

apt_lists_are_fresh=no
refresh_apt_lists() {
  [[ $apt_lists_are_fresh == yes ]] && return
  command -v apt-get >/dev/null || fail "This set-up installs with apt, which is not here. Missing: $*"
  say "refreshing the package lists"
  quietly as_root apt-get update || say "the package lists could not be refreshed; going on with those that are here"
  apt_lists_are_fresh=yes
}

is_installed() { [[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]; }
is_offered() { [[ -n $(apt-cache madison "$1" 2>/dev/null) ]]; }

# Mail and web servers are for the tests, which start their own: packages must neither start nor enable theirs.
hold_services_back() {
  debconf-set-selections <<<'postfix postfix/main_mailer_type select Local only'
  [[ -e /usr/sbin/policy-rc.d ]] && return
  printf '#!/bin/sh\nexit 101\n' >/usr/sbin/policy-rc.d
  chmod 755 /usr/sbin/policy-rc.d
  trap 'rm -f /usr/sbin/policy-rc.d' EXIT
}

install_packages() {
  export DEBIAN_FRONTEND=noninteractive
  hold_services_back
  apt-get install -y --no-install-recommends -o DPkg::Lock::Timeout=300 "$@"
  local service
  for service in postfix dovecot nginx caddy; do
    if [[ " $* " == *" $service"* && -d /run/systemd/system ]]; then
      systemctl disable "$service"
    fi
  done
}

# packages NAME...: installs those that are missing, all at once.
packages() {
  local name missing=()
  for name in "$@"; do
    is_installed "$name" || missing+=("$name")
  done
  ((${#missing[@]})) || return 0
  refresh_apt_lists "${missing[@]}"
  say "installing ${missing[*]}"
  quietly as_root bash -c "$(declare -f hold_services_back install_packages); set -e; install_packages \"\$@\"" - "${missing[@]}" ||
    fail "apt could not install: ${missing[*]}"
}

# --- The browser's target ---------------------------------------------------------------------------------------

# The Debian packages with a Rust new enough, and its library source, for machines where rustup cannot download.
distro_rust=(rustc-web cargo-web rust-web-src libstd-rust-web-dev rust-web-clippy rustfmt-web lld-22)

# distro_compiler WHAT FAILED: the distribution's newer compiler, where rustup cannot download WHAT by its FAILED command.
distro_compiler() {
  local wanted offered
  refresh_apt_lists "${distro_rust[@]}"
  wanted=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
  offered=$(apt-cache madison rustc-web | awk '{print $3}' | sort -V | tail -n1)
  if [[ -z $offered ]] || ! dpkg --compare-versions "$offered" ge "$wanted"; then
    fail "$1 could not be installed:" \
      "  '$2' failed, and this distribution offers no rustc-web of $wanted or newer (it has: ${offered:-none})." \
      "  Make static.rust-lang.org reachable (RUSTUP_DIST_SERVER names a mirror) and run this again."
  fi
  packages "${distro_rust[@]}"
}

# The library for the browser, built from its own source.
build_distro_wasm() {
  distro_compiler "The compiler for the browser's part ($wasm)" "rustup target add $wasm"
  distro_has_wasm && return
  say "building the standard library for $wasm with $(/usr/bin/rustc --version)"
  local work=$tools/wasm-std
  rm -rf "$work"
  mkdir -p "$work/src"
  printf '[package]\nname = "empty"\nedition = "2024"\n[workspace]\n[profile.release]\npanic = "abort"\n' >"$work/Cargo.toml"
  touch "$work/src/lib.rs"
  # -Zbuild-std is a nightly option: RUSTC_BOOTSTRAP lets this one build use it.
  (cd "$work" && PATH=/usr/bin:$PATH RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR=out quietly \
    cargo build -Zbuild-std=std,panic_abort --release --target "$wasm")
  rm -f "$work/out/$wasm/release/deps/"libempty-*
  as_root rm -rf "/usr/lib/rustlib/$wasm"
  as_root install -d "/usr/lib/rustlib/$wasm/lib" "/usr/lib/rustlib/$(host_triple)/bin"
  as_root install -m 644 "$work/out/$wasm/release/deps/"*.rlib "/usr/lib/rustlib/$wasm/lib/"
  as_root ln -sf /usr/bin/lld-22 "/usr/lib/rustlib/$(host_triple)/bin/rust-lld"
  /usr/bin/rustc -vV | as_root tee "/usr/lib/rustlib/$wasm/built-by" >/dev/null
  rm -rf "$work"
}

host_triple() { /usr/bin/rustc -vV | sed -n 's/^host: //p'; }

wasm_target() {
  if has_wasm rustc || distro_has_wasm; then return; fi
  if command -v rustup >/dev/null; then
    say "adding the target $wasm to $(rustc --version)"
    timeout 180 rustup target add "$wasm" >/dev/null 2>&1 && return
    say "rustup cannot download here: taking the distribution's compiler for $wasm"
  fi
  build_distro_wasm
}

# --- Static programs --------------------------------------------------------------------------------------------

library_source() {
  if has_source rustc || { [[ -x /usr/bin/rustc ]] && has_source /usr/bin/rustc; }; then return; fi
  if command -v rustup >/dev/null; then
    say "adding the library's source to $(rustc --version)"
    timeout 180 rustup component add rust-src >/dev/null 2>&1 && return
    say "rustup cannot download here: taking the distribution's compiler for packages"
  fi
  distro_compiler "The source of Rust's library" "rustup component add rust-src"
}

# python_tools NAME PACKAGE==VERSION...: Python's packages, in a folder of their own, $tools/NAME.
python_tools() {
  local folder=$tools/$1
  [[ "${*:2}" == "$(cat "$folder/installed" 2>/dev/null)" ]] && return
  packages python3-venv
  say "installing ${*:2}"
  quietly python3 -m venv --clear "$folder"
  quietly "$folder/bin/pip" install --disable-pip-version-check "${@:2}"
  printf '%s' "${*:2}" >"$folder/installed"
}

# The other architecture's programs, run by emulation. Unpacked only: installing it would change how this machine starts
# programs.
qemu() {
  local package work=$tools/qemu.new
  [[ -x $tools/qemu/aarch64 ]] && return
  refresh_apt_lists qemu-user-static
  say "fetching qemu's user emulation"
  for package in qemu-user-static qemu-user; do
    rm -rf "$work"
    mkdir -p "$work"
    is_offered "$package" || continue
    (cd "$work" && quietly apt-get download "$package" && dpkg-deb -x ./*.deb .)
    # The newer package's programs are static without saying so in their names.
    for program in "$work"/usr/bin/qemu-aarch64{-static,}; do
      [[ -f $program ]] || continue
      install -D "$program" "$tools/qemu/aarch64"
      rm -rf "$work"
      return
    done
  done
  fail "This distribution offers no qemu-user: the program for arm64 cannot be tried."
}

# --- Tools in target/tools --------------------------------------------------------------------------------------

# cargo_tool CRATE VERSION PROGRAM: a program that cargo builds, in $tools/bin.
cargo_tool() {
  say "building $1 $2 (some minutes)"
  # Less optimisation: it runs for seconds, and is compiled for minutes. Without what its default features add, such as
  # TLS for wasm-bindgen's test runner. Package mirrors may lack versions that its lock file names, so a second try
  # chooses what there is.
  local install=(env CARGO_PROFILE_RELEASE_OPT_LEVEL=1 CARGO_PROFILE_RELEASE_CODEGEN_UNITS=16 CARGO_PROFILE_RELEASE_LTO=off
    CARGO_TARGET_DIR="$tools/$3-build"
    cargo install "$1" --version "=$2" --bin "$3" --no-default-features --no-track --force --root "$tools")
  quietly "${install[@]}" --locked 2>/dev/null || quietly "${install[@]}"
  rm -rf "$tools/$3-build"
}

# wasm-bindgen's program must be of the very version of the library that the lock file names.
wasm_bindgen() {
  local version
  version=$(grep -A1 '^name = "wasm-bindgen"$' Cargo.lock | sed -n 's/^version = "\(.*\)"/\1/p')
  [[ $("$tools/bin/wasm-bindgen" --version 2>/dev/null) == "wasm-bindgen $version" ]] && return
  cargo_tool wasm-bindgen-cli "$version" wasm-bindgen
}

cargo_deb() {
  local version=3.8.0
  [[ $("$tools/bin/cargo-deb" --version 2>/dev/null) == "cargo-deb $version" ]] && return
  cargo_tool cargo-deb "$version" cargo-deb
}

# npm_install FROM INTO: the packages of FROM's lock file, in INTO/node_modules.
npm_install() {
  local from=$1 into=$2
  cmp -s "$from/package-lock.json" "$into/node_modules/.installed-from" && return
  say "installing the npm packages of $from"
  mkdir -p "$into"
  [[ $from -ef $into ]] || cp "$from"/package{,-lock}.json "$into"
  (cd "$into" && quietly npm ci --no-audit --no-fund)
  cp "$from/package-lock.json" "$into/node_modules/.installed-from"
}

# --- Browser, and peers to measure against ----------------------------------------------------------------------

# Ubuntu's chromium is a snap, without a package of that name: there Playwright brings its own.
chromium() {
  type -P chromium >/dev/null && return
  refresh_apt_lists chromium
  if is_offered chromium; then
    packages chromium
  else
    compgen -G "${PLAYWRIGHT_BROWSERS_PATH:-$HOME/.cache/ms-playwright}/chromium-*" >/dev/null && return
    say "installing Playwright's Chromium"
    (cd end2end && quietly npx playwright install --with-deps chromium) ||
      fail "Playwright could not download Chromium. Install a Chromium as /usr/bin/chromium and run this again."
  fi
}

# --- What is done -----------------------------------------------------------------------------------------------

for command in cargo rustc node npm; do
  command -v "$command" >/dev/null || fail "$command is missing: this set-up needs Rust (https://rustup.rs) and Node 20 or newer."
done
node_version=$(node --version)
node_major=${node_version#v}
((${node_major%%.*} >= 20)) || fail "Node is $node_version: this set-up needs Node 20 or newer."
mkdir -p "$tools"

command -v cc >/dev/null || packages gcc libc6-dev
wasm_target
wasm_bindgen
npm_install package/tools "$tools/npm"

if wants package test; then
  library_source
  python_tools zig ziglang==0.17.1 cargo-zigbuild==0.24.0
  command -v xz >/dev/null || packages xz-utils
  cargo_deb
fi
if wants test; then
  qemu
  packages bubblewrap curl iproute2 procps shellcheck skopeo
  # What the Debian package is looked at by, and installed with in a Debian of its own.
  packages lintian systemd systemd-container ca-certificates
  # One that needs no library, for roots that hold none.
  ldd "$(command -v busybox || echo /bin/sh)" >/dev/null 2>&1 && packages busybox-static
fi
if wants test bench; then
  # Apache without its service: the tests start their own.
  packages nginx apache2-bin caddy
  packages fonts-dejavu-core openssl postfix dovecot-core dovecot-imapd dovecot-submissiond dovecot-lmtpd
  [[ -e end2end/package-lock.json ]] && npm_install end2end end2end
  chromium
fi
if wants bench; then
  python_tools apprise apprise==2.2.0
fi
