#!/usr/bin/env bash
# Installs what is missing, builds everything in release, runs every test, opens a draws file with real ArviZ, checks simulated
# datasets with the BIDS validator, and executes a notebook.
#
# usage: bash Tests/run.sh          Ends with "N passed, N failed"; exit 1 if anything failed.
# The build is kept in .build-tests beside .build, because testable modules are compiled with other flags.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. Examples/prerequisites.sh
[ $# = 0 ] || stop "usage: bash Tests/run.sh"

require_swift
require_packages "${build_packages[@]}" python3-venv

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
flags=(-c release -Xswiftc -enable-testing --scratch-path .build-tests)
passed=0
failed=0

step "building every target and test (release; the first time takes some minutes)"
swift build "${flags[@]}" --build-tests

step "running the tests"
status=0
swift test "${flags[@]}" --skip-build --disable-xctest --xunit-output "$folder/tests.xml" || status=$?
results=$folder/tests-swift-testing.xml
[ -s "$results" ] || results=$folder/tests.xml
if [ -s "$results" ]; then
  failed=$(awk '/<testcase/ { bad = 0 } /<failure/ && !bad { bad = 1; n++ } END { print n + 0 }' "$results")
  skipped=$(grep -c '<skipped' "$results" || true)
  passed=$(($(grep -c '<testcase' "$results") - failed - skipped))
  [ "$skipped" = 0 ] || echo "*** $skipped TESTS WERE SKIPPED: their reasons are printed above ***"
fi
if [ "$failed" != 0 ]; then
  echo "*** FAILED: ***"
  awk -F'"' '/<testcase/ { name = $2 " " $4; bad = 0 } /<failure/ && !bad { bad = 1; print "  " name }' "$results"
fi
if [ "$status" != 0 ] && [ "$failed" = 0 ]; then
  echo "*** THE TEST RUN ITSELF ENDED WITH STATUS $status ***"
  failed=1
fi

step "opening draws files with ArviZ"
ivimbayes=$(swift build "${flags[@]}" --show-bin-path)/ivimbayes
"$ivimbayes" simulate phantom --out "$folder/phantom" >/dev/null
dataset=$folder/phantom/derivatives/truth/sub-phantom/dwi/sub-phantom_dseg
"$ivimbayes" fit ivim "$folder/phantom/sub-phantom/dwi/sub-phantom_dwi.nii.gz" --mask "$dataset.nii.gz" \
  --lesions "$dataset.nii.gz" --save-log-likelihood --out "$folder/run" --quiet >/dev/null
if IVIMBAYES_TEST_BUILD="${flags[*]}" bash Tests/arviz.sh "$folder/run"; then
  passed=$((passed + 1))
else
  failed=$((failed + 1))
fi

step "checking a simulated dataset and its derivatives with the BIDS validator"
"$ivimbayes" simulate patient --out "$folder/patient" >/dev/null
"$ivimbayes" bids "$folder/patient" "$folder/derived" participant --quiet >/dev/null
if bash Tests/bids.sh "$folder"/patient{,/derivatives/lesions,/derivatives/truth} "$folder/derived"; then
  passed=$((passed + 1))
else
  failed=$((failed + 1))
fi

step "executing a notebook"
if IVIMBAYES=$ivimbayes bash Tests/notebooks.sh Notebooks/01-first-fit.py; then
  passed=$((passed + 1))
else
  failed=$((failed + 1))
fi

echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
