#!/usr/bin/env bash
# Makes everything that people install, into target/packages: for QTS, DSM, Debian and containers, each for both
# processors. Does again only what changed. Needs package/setup.sh package.
set -euo pipefail
# shellcheck source=package/common.sh
source "$(dirname "$0")/common.sh"

SOURCE_DATE_EPOCH=$(commit_time)
export SOURCE_DATE_EPOCH
packages=$target/packages
new=$packages.new
builder=$target/release/tocsin-package

package/site.sh
package/build.sh
CARGO_TARGET_DIR=$target cargo build --release -p tocsin-package

rm -rf "$new"
mkdir -p "$new"
version=$("$builder" version)
amd64=$target/package/x86_64/tocsin
arm64=$target/package/aarch64/tocsin

"$builder" qpkg --arch x86_64 --binary "$amd64" --out "$new/tocsin_${version}_x86_64.qpkg"
"$builder" qpkg --arch aarch64 --binary "$arm64" --out "$new/tocsin_${version}_arm_64.qpkg"
"$builder" spk --arch x86_64 --binary "$amd64" --out "$new/tocsin-$version-x86_64.spk"
"$builder" spk --arch aarch64 --binary "$arm64" --out "$new/tocsin-$version-armv8.spk"
package/deb.sh x86_64 "$amd64" "$new/tocsin_${version}_amd64.deb"
package/deb.sh aarch64 "$arm64" "$new/tocsin_${version}_arm64.deb"
"$builder" oci --amd64 "$amd64" --arm64 "$arm64" --out "$new/tocsin-$version-oci.tar"
"$builder" compose --out "$new/compose.yaml"

(cd "$new" && LC_ALL=C sha256sum -- * >SHA256SUMS)
rm -rf "$packages"
mv "$new" "$packages"
ls -l "$packages"
