#!/usr/bin/env bash
# Prints how much of the package is tests, and the last measured line coverage; says so if either is too little.
#
# usage: bash Tests/figures.sh        Coverage is measured by bash Tests/long.sh coverage, which takes a build of its own.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

lines() { git ls-files -z -- "$@" | xargs -0 cat | grep -cv '^[[:space:]]*$'; }
sources=$(lines 'Sources/*.swift' 'Sources/*.c' 'Sources/*.h')
tests=$(lines 'Tests/*.swift' 'Tests/*.sh' 'Tests/*.py')
awk -v tests="$tests" -v sources="$sources" 'BEGIN {
  printf "test-to-source ratio: %.2f (%d lines of tests, %d of sources; at least 0.60)\n", tests / sources, tests, sources
  if (tests < 0.6 * sources) print "*** THAT IS TOO LITTLE ***"
}'
results=Tests/Results/coverage.txt
if [ ! -f "$results" ]; then
  echo "line coverage: not measured yet (bash Tests/long.sh coverage)"
  exit
fi
when=$(sed -n 2p "$results")
awk -v when="$when" '/^line coverage of the libraries/ {
  printf "line coverage of the libraries: %s %% (%s; at least 85)\n", $(NF - 1), when
  if ($(NF - 1) < 85) print "*** THAT IS TOO LITTLE ***"
}' "$results"
