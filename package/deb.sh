#!/usr/bin/env bash
# deb.sh x86_64|aarch64 PROGRAM DEB: the Debian package of a program that package/build.sh built, written to DEB. The
# same program and SOURCE_DATE_EPOCH give the same bytes. What goes in: package/deb/ and [package.metadata.deb] of
# server/Cargo.toml. Needs package/setup.sh package, and xz.
set -euo pipefail
# shellcheck source=package/common.sh
source "$(dirname "$0")/common.sh"

(($# == 3)) || fail "usage: package/deb.sh x86_64|aarch64 PROGRAM DEB"
triple=$1-unknown-linux-musl
work=$target/deb-work

# cargo-deb takes a program only from where cargo would have written it.
install -D -m 755 "$2" "$work/$triple/release/tocsin"
CARGO_TARGET_DIR=$work "$tools/bin/cargo-deb" --manifest-path server/Cargo.toml --no-build --no-strip --quiet \
  --target "$triple" --compress-system --output "$3"
