#!/usr/bin/env bash
# build.sh [ARCHITECTURE...]: the program as packages hold it, into target/package/ARCHITECTURE/tocsin, for x86_64 and
# aarch64 unless named: static, since NAS systems' C libraries are old and of many kinds, and with the site inside.
# Needs package/setup.sh package, and the site that package/site.sh builds.
set -euo pipefail
# shellcheck source=package/common.sh
source "$(dirname "$0")/common.sh"

# What one program may weigh, in bytes: NAS systems keep it in memory, and their small ones have 1 GB.
budget=$((20 * 1000 * 1000))

SOURCE_DATE_EPOCH=$(commit_time)
export SOURCE_DATE_EPOCH TOCSIN_EMBED_SITE=$target/site CARGO_TARGET_DIR=$target

(($#)) || set -- x86_64 aarch64
targets=()
for architecture in "$@"; do targets+=(--target "$architecture-unknown-linux-musl"); done
# All at once: optimising a whole program keeps one core busy, and there is one program for each.
static_cargo zigbuild --profile packaged -p tocsin --features embedded-site "${targets[@]}"
for architecture in "$@"; do
  triple=$architecture-unknown-linux-musl
  program=$target/package/$architecture/tocsin
  install -D -m 755 "$target/$triple/packaged/tocsin" "$program"
  bytes=$(stat -c %s "$program")
  ((bytes <= budget)) || fail "$program is $bytes bytes; it may be $budget."
done
