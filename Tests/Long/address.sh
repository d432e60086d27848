#!/usr/bin/env bash
# The suite under the address sanitizer: no read or write out of bounds, none after the end of an object.
# FILTER=PATTERN runs the suites that match it alone, and says so.
set -euo pipefail
# Release: without optimisation eight lanes run a hundred times slower, and statistical tests skip themselves.
flags=(-c release -Xswiftc -enable-testing --sanitize address --scratch-path .build-address)
swift build "${flags[@]}" --build-tests 2>&1 | tail -n 3
# The runtime keeps what it allocates once, so leaks are not looked for.
ASAN_OPTIONS=detect_leaks=0 swift test "${flags[@]}" --skip-build --disable-xctest \
  ${FILTER:+--filter "$FILTER"} >"$FOLDER/log" 2>&1 || status=$?
[ -z "${FILTER:-}" ] || echo "suites that match $FILTER"
grep -E '^(SUMMARY|.*Test run with)' "$FOLDER/log" || true
faults=$(grep -c '^SUMMARY: AddressSanitizer' "$FOLDER/log" || true)
echo "faults found: $faults; status of the run: ${status:-0}"
[ "${status:-0}" = 0 ] && [ "$faults" = 0 ]
