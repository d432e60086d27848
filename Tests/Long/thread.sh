#!/usr/bin/env bash
# The suite under the thread sanitizer: no two tasks race.
# FILTER=PATTERN runs the suites that match it alone, and says so.
set -euo pipefail
# Release: without optimisation eight lanes run a hundred times slower, and statistical tests skip themselves.
flags=(-c release -Xswiftc -enable-testing --sanitize thread --scratch-path .build-thread)
swift build "${flags[@]}" --build-tests 2>&1 | tail -n 3
TSAN_OPTIONS="halt_on_error=0:exitcode=66:suppressions=$PWD/Tests/Long/thread.suppressions" \
  swift test "${flags[@]}" --skip-build --disable-xctest \
  ${FILTER:+--filter "$FILTER"} >"$FOLDER/log" 2>&1 || status=$?
[ -z "${FILTER:-}" ] || echo "suites that match $FILTER"
grep -E '^(SUMMARY|.*Test run with)' "$FOLDER/log" || true
races=$(grep -c '^SUMMARY: ThreadSanitizer' "$FOLDER/log" || true)
echo "races found: $races; status of the run: ${status:-0}"
[ "${status:-0}" = 0 ] && [ "$races" = 0 ]
