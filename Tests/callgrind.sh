#!/usr/bin/env bash
# Counts the instructions of the innermost loops and compares them with the committed numbers: unlike seconds, they are
# the same on a busy machine.
#
# usage: bash Tests/callgrind.sh            exit 1 if a kernel costs over 10 % more than Tests/Benchmarks/instructions.txt
#        bash Tests/callgrind.sh --record   writes that file anew
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. Examples/prerequisites.sh
[ $# = 0 ] || [ "$*" = --record ] || stop "usage: bash Tests/callgrind.sh [--record]"

require_swift
require_packages "${build_packages[@]}" valgrind binutils
record=Tests/Benchmarks/instructions.txt

step "building the benchmarks (release, beside the command)"
# The build does not notice changed inlinable bodies of the library.
touch Tests/Benchmarks/*.swift
swift build -c release --product Benchmarks
program=$(mktemp)
trap 'rm -f "$program"' EXIT
# Without debug information, which older valgrinds cannot read.
strip -o "$program" "$(swift build -c release --product Benchmarks --show-bin-path)/Benchmarks"

# Instructions of kernel $1 with $2 voxels.
count() {
  local log
  log=$(valgrind --tool=callgrind --callgrind-out-file=/dev/null "$program" kernel "$1" "$2" 2>&1 >/dev/null)
  sed -nE 's/.*Collected : ([0-9]+).*/\1/p' <<<"$log"
}

step "counting instructions"
compiler=$(swift --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9.]+).*/\1/p' | head -n 1)
results=()
for kernel in lanes walk convergence line; do
  small=$(count "$kernel" 8)
  large=$(count "$kernel" 40)
  [ -n "$small" ] && [ -n "$large" ] || stop "valgrind gave no count for kernel $kernel"
  results+=("$kernel $(((large - small) / 32))")
done

if [ "${1:-}" = --record ]; then
  {
    echo "# Instructions for one voxel of W1, Swift $compiler; written by: bash Tests/callgrind.sh --record"
    printf '%s\n' "${results[@]}"
  } >"$record"
  cat "$record"
  exit 0
fi

grep -q "Swift $compiler;" "$record" ||
  echo "*** the committed numbers are of another compiler than Swift $compiler: they may differ for that reason ***"
failed=0
for result in "${results[@]}"; do
  read -r kernel now <<<"$result"
  before=$(sed -nE "s/^$kernel ([0-9]+)$/\1/p" "$record")
  [ -n "$before" ] || stop "$record has no number for kernel $kernel: record it with --record"
  verdict=ok
  if [ $((now * 10)) -gt $((before * 11)) ]; then
    verdict="MORE THAN 10 % MORE"
    failed=1
  fi
  printf '%-12s %12d instructions a voxel, committed %12d: %s\n' "$kernel" "$now" "$before" "$verdict"
done
[ "$failed" = 0 ] || echo "If the price is worth paying, say why in the commit and run: bash Tests/callgrind.sh --record"
exit "$failed"
