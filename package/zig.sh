#!/usr/bin/env bash
# zig.sh ARGS...: Zig ($TOCSIN_ZIG), whose linker also keeps one of functions with the same code, of which the pages'
# many types leave thousands. `zig cc` refuses the option --icf, so the linking that it says it did is done again with it.
# Addresses of data stay apart; Rust promises nothing about those of functions.
set -euo pipefail

links() {
  [[ $1 == cc && " $* " == *' -o '* ]] || return
  [[ " $* " != *' '-[cSE]' '* ]]
}
links "$@" || exec "$TOCSIN_ZIG" "$@"

said=$(mktemp)
trap 'rm -f "$said"' EXIT
if ! "$TOCSIN_ZIG" "$@" --verbose 2>"$said"; then
  cat "$said" >&2
  exit 1
fi
read -ra linker < <(grep '^ld\.lld ' "$said") || { cat "$said" >&2 && exit 1; }
"$TOCSIN_ZIG" ld.lld --icf=all "${linker[@]:1}"
