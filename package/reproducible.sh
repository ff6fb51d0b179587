#!/usr/bin/env bash
# reproducible.sh [ARCHITECTURE]: builds the last commit twice, in two folders of different names, and says which bytes
# differ: of every package, or only of the site and one architecture's program (x86_64 or aarch64), which takes less
# long. Needs package/setup.sh package.
set -euo pipefail
# shellcheck source=package/common.sh
source "$(dirname "$0")/common.sh"

architecture=${1:-}
work=$(mktemp -d "$target/reproducible.XXXXXX")
trap 'rm -rf "$work"' EXIT

for folder in "$work/first" "$work/another/folder"; do
  git clone -q . "$folder"
  mkdir "$folder/target"
  ln -s "$tools" "$folder/target/tools"
  (
    unset CARGO_TARGET_DIR
    cd "$folder"
    if [[ $architecture ]]; then
      package/site.sh
      package/build.sh "$architecture"
    else
      package/package.sh
    fi
  )
done

same() { diff -r --brief "$work/first/target/$1" "$work/another/folder/target/$1"; }
if [[ $architecture ]]; then
  same site && same package
else
  same site && same package && same packages
fi || fail "The same commit gives other bytes in another folder: what is named above."
echo "The same commit gave the same bytes in both folders."
