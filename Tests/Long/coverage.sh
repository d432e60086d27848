#!/usr/bin/env bash
# Lines of the library targets that the suite reaches: at least 85 %.
set -euo pipefail
# COVERAGE_TARGETS="RunTests CohortTests" runs these targets alone: what is reached is then a lower bound too.
# COVERAGE_BUILD=debug builds quicker; tests that need a release build skip themselves there, so that it is a lower bound.
case ${COVERAGE_BUILD:-release} in
debug)
  flags=(--enable-code-coverage --scratch-path .build-coverage)
  echo "measured in a debug build: tests that need a release build are left out"
  ;;
*) flags=(-c release -Xswiftc -enable-testing --enable-code-coverage --scratch-path .build-coverage) ;;
esac
swift build "${flags[@]}" --build-tests 2>&1 | tail -n 1
binaries=$(swift build "${flags[@]}" --show-bin-path)
# The tools of the compiler that wrote the profiles: those of the system may be of another version.
tools=$(dirname "$(readlink -f "$(command -v swift)")")
status=0
[ -z "${COVERAGE_TARGETS:-}" ] || echo "a lower bound: only the targets named below were run"
# Target by target: one that ends by a crash takes the profile of no other with it. The command that tests start writes its
# own profile beside that of the tests, and the next run would remove both.
for target in ${COVERAGE_TARGETS:-$(find Tests -mindepth 1 -maxdepth 1 -name '*Tests' -printf '%f\n' | sort)}; do
  swift test "${flags[@]}" --skip-build --disable-xctest --filter "^$target\\." >"$FOLDER/log" 2>&1 || status=$?
  printf '%s: %s\n' "$target" "$(grep -oE '[0-9]+ tests? in .*' "$FOLDER/log" || tail -n 1 "$FOLDER/log")"
  mkdir "$FOLDER/$target"
  find "$binaries/codecov" -name '*.profraw' -size +0 -exec mv -t "$FOLDER/$target" {} +
done
find "$FOLDER" -name '*.profraw' >"$FOLDER/profiles"
"$tools/llvm-profdata" merge -sparse -o "$FOLDER/all.profdata" --input-files="$FOLDER/profiles"
bundle=$(find "$binaries" -maxdepth 1 -name '*PackageTests.xctest' | head -n 1)
"$tools/llvm-cov" export -format=text -summary-only -instr-profile "$FOLDER/all.profdata" "$bundle" \
  -object "$binaries/ivimbayes" >"$FOLDER/coverage.json"
python3 - "$FOLDER/coverage.json" <<'PYTHON'
import collections, json, sys

lines = collections.defaultdict(lambda: [0, 0])
for file in json.load(open(sys.argv[1]))["data"][0]["files"]:
    _, found, place = file["filename"].rpartition("/Sources/")
    if found and "/.build" not in file["filename"]:
        for target in (place.split("/")[0], "libraries" if place.split("/")[0] != "ivimbayes" else "command"):
            lines[target][0] += file["summary"]["lines"]["covered"]
            lines[target][1] += file["summary"]["lines"]["count"]
for target, (covered, count) in sorted(lines.items()):
    print("%-16s %6d of %6d lines, %.1f %%" % (target, covered, count, 100 * covered / count))
covered, count = lines["libraries"]
print("line coverage of the libraries: %.1f %%" % (100 * covered / count))
sys.exit(covered < 0.85 * count)
PYTHON
exit "$status"
