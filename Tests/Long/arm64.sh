#!/usr/bin/env bash
# The arithmetic in lanes compiles for arm64, to vector instructions and to no fused multiply-add, which would change results.
#
# The compiler of any machine makes it: LaneMath needs nothing but the standard library, of which toolchains ship one for arm64
# without an operating system (Embedded Swift). Exponential and logarithm of eight lanes are asked for, as the kernels use them.
# No other target names a processor; they need Foundation and GSL, so only an arm64 machine can compile them.
set -euo pipefail
triple=aarch64-none-none-elf
tools=$(dirname "$(readlink -f "$(command -v swiftc)")")
[ -f "$tools/../lib/swift/embedded/Swift.swiftmodule/$triple.swiftmodule" ] || {
  echo "skipped: this toolchain has no standard library for $triple"
  exit 0
}
cat >"$FOLDER/kernels.swift" <<'SWIFT'
public func exponential(_ x: Lane8) -> Lane8 { Lane8.exp(x) }
public func logarithm(_ x: Lane8) -> Lane8 { Lane8.log(x) }
SWIFT
swiftc -target "$triple" -enable-experimental-feature Embedded -wmo -parse-as-library -O -swift-version 6 -c \
  -module-name LaneMath -o "$FOLDER/lanes.o" Sources/LaneMath/*.swift "$FOLDER/kernels.swift"
"$tools/llvm-objdump" -d --no-show-raw-insn "$FOLDER/lanes.o" >"$FOLDER/lanes.s"
vectors=$(awk '$2 ~ /^f(add|sub|mul|div)$/ && $3 ~ /\.2d/' "$FOLDER/lanes.s" | wc -l)
fused=$(awk '$2 ~ /^fn?m(add|sub|la|ls)$/' "$FOLDER/lanes.s" | wc -l)
processors=$(grep -rnE '#(else)?if .*arch\(|immintrin|arm_neon' Sources Package.swift || true)
echo "$vectors operations on vectors, $fused fused multiply-adds; places that name a processor: ${processors:-none}"
[ "$vectors" -gt 0 ] && [ "$fused" = 0 ] && [ -z "$processors" ]
