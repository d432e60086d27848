#!/usr/bin/env bash
# The suite under the address sanitizer: no read or write out of bounds, none after the end of an object.
set -euo pipefail
flags=(--sanitize address --scratch-path .build-address)
swift build "${flags[@]}" --build-tests 2>&1 | tail -n 3
# The runtime keeps what it allocates once, so leaks are not looked for.
ASAN_OPTIONS=detect_leaks=0 swift test "${flags[@]}" --skip-build --disable-xctest >"$FOLDER/log" 2>&1 || status=$?
grep -E '^(SUMMARY|.*Test run with)' "$FOLDER/log" || true
faults=$(grep -c '^SUMMARY: AddressSanitizer' "$FOLDER/log" || true)
echo "faults found: $faults; status of the run: ${status:-0}"
[ "${status:-0}" = 0 ] && [ "$faults" = 0 ]
