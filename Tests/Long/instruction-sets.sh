#!/usr/bin/env bash
# A build for AVX2 (x86-64-v3) gives the bytes of the baseline build, and its ratio of CPU times is printed.
#
# A patient of two visits (IVIM and T1, lesions under the default prior, voxels outside) is fitted by both. AVX512=1 builds for
# x86-64-v4 instead.
set -euo pipefail
level=x86-64-v3
flag=avx2
[ "${AVX512:-0}" = 0 ] || { level=x86-64-v4 flag=avx512f; }
grep -qw "$flag" /proc/cpuinfo || {
  echo "skipped: this processor has no $flag"
  exit 0
}
wide="-c release --product ivimbayes -Xcc -march=$level --scratch-path .build-$level"
# shellcheck disable=SC2086
swift build $wide 2>&1 | tail -n 1
# shellcheck disable=SC2086
other=$(swift build $wide --show-bin-path)/ivimbayes

"$IVIMBAYES" simulate patient --out "$FOLDER/data" --seed "$SEED" >/dev/null
for build in baseline wide; do
  command=$IVIMBAYES
  [ "$build" = baseline ] || command=$other
  "$command" bids "$FOLDER/data" "$FOLDER/$build" participant --whole-image --seed "$SEED" --n-cpus 1 --quiet >/dev/null
done
cpu() { find "$FOLDER/$1" -name '*_timing.json' -exec sed -nE 's/.*"cpu_seconds" : ([0-9.]+).*/\1/p' {} + | awk '{ s += $1 } END { print s }'; }
echo "$level: CPU seconds $(cpu wide), baseline $(cpu baseline), ratio $(awk -v a="$(cpu wide)" -v b="$(cpu baseline)" 'BEGIN { printf "%.2f", a / b }')"
find "$FOLDER"/{baseline,wide} -name '*_timing.json' -delete
status=0
diff -rq "$FOLDER/baseline" "$FOLDER/wide" || status=$?
echo "$(find "$FOLDER/wide" -type f | wc -l) files compared (all but times)"
exit "$status"
