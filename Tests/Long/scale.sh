#!/usr/bin/env bash
# Memory and time over the number of voxels: at most 1.5 GB at a million voxels of 16 volumes, and time in proportion.
set -euo pipefail
cd "$FOLDER"
limit=$((1500 * 1000 * 1000))
status=0
printf 'voxels\twall_seconds\tcpu_seconds\tpeak_memory_bytes\n'
for shape in "10, 10, 10" "32, 32, 10" "100, 100, 10" "100, 100, 100"; do
  printf '{"shape": [%s], "b_values": [0, 10, 20, 30, 50, 80, 100, 150, 200, 300, 400, 500, 600, 800, 900, 1000],
    "lesions": [{"name": "one", "center": [4, 4, 4], "radii": [3, 3, 3]}]}' "$shape" >plan.json
  rm -rf scan run
  "$IVIMBAYES" simulate phantom --plan plan.json --seed "$SEED" --out scan >/dev/null
  # Short chains: memory does not depend on their length, and time is compared between sizes.
  "$IVIMBAYES" fit ivim scan/sub-phantom/dwi/sub-phantom_dwi.nii.gz --draws 8 --chains 2 --warmup 4 --quiet \
    --lesions scan/derivatives/truth/sub-phantom/dwi/sub-phantom_dseg.nii.gz --out run >/dev/null
  voxels=$(grep -o '"voxels" : [0-9]*' run/sub-phantom_run.json | tail -n 1 | grep -o '[0-9]*')
  field() { sed -nE "s/.*\"$1\" : ([0-9.]+).*/\1/p" run/sub-phantom_timing.json; }
  printf '%s\t%s\t%s\t%s\n' "$voxels" "$(field wall_seconds)" "$(field cpu_seconds)" "$(field peak_memory_bytes)"
  [ "$(field peak_memory_bytes)" -le "$limit" ] || status=1
done
[ "$status" = 0 ] || echo "more than $limit bytes"
exit "$status"
