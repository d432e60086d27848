#!/usr/bin/env bash
# libFuzzer on the readers of images, lists of numbers, tables and JSON: no input crashes, hangs or fills the memory.
# Ten minutes each; FUZZ_SECONDS says otherwise. A crash leaves its input in Tests/Fuzz/crashes: it becomes a test.
set -euo pipefail
seconds=${FUZZ_SECONDS:-600}
cd Tests/Fuzz
swift build -c release --scratch-path .build-fuzz -Xswiftc -sanitize=fuzzer 2>&1 | tail -n 2
mkdir -p crashes
status=0
echo "$seconds s each"
for target in FuzzNIfTI FuzzNumberList FuzzTable FuzzJSON; do
  mkdir -p "$FOLDER/$target"
  # Leaks are not looked for: the Swift runtime keeps what it allocates once.
  if ".build-fuzz/release/$target" "$FOLDER/$target" "corpus/$target" -max_total_time="$seconds" -seed="$SEED" \
    -rss_limit_mb=1500 -timeout=20 -max_len=8192 -detect_leaks=0 -artifact_prefix="crashes/$target-" \
    >"$FOLDER/$target.log" 2>&1; then
    verdict="no crash"
  else
    verdict="CRASHED, see Tests/Fuzz/crashes"
    status=1
    tail -n 30 "$FOLDER/$target.log"
  fi
  printf '%-15s %s: %s\n' "$target" "$verdict" "$(grep -E '^#[0-9]+.*DONE' "$FOLDER/$target.log" | tail -n 1)"
done
exit $status
