#!/usr/bin/env bash
# 90 % intervals of lesion means under the default prior hold 85 to 95 % of the truths: D, f, ADC and T1, each stratum printed.
# Reference lesions (homogeneous, rim and core, gradient) of several kinds of tissue, 30 to 800 voxels (of the large ones few: they
# take a minute each), SNR 15 to 60. A stratum fails if all of the 99 % range of its coverage lies below 85 %; all of a quantity
# together must lie within the limits.
# REPLICATES=n makes n lesions of each pattern and tissue instead of those that stand here; ONLY=PATTERN takes the designs below
# that match it.
set -euo pipefail
cd "$FOLDER"
failed=0
dense="--bval 0,10,20,30,50,80,100,150,200,300,400,500,600,800,1000"
sparse="--bval 0,10,20,40,80,150,300,500,800,1000"
recovery="--method ir --inversion-times 0.05,0.15,0.4,0.8,1.4,2.2,3.5 --repetition-time 5"
number=0
while read -r voxels replicates design; do
  number=$((number + 1))
  echo "$voxels voxels, $design"
  # shellcheck disable=SC2086
  "$IVIMBAYES" calibrate $design --lesion-voxels "$voxels" --replicates "${REPLICATES:-$replicates}" --checks coverage \
    --seed "$SEED" --threads "${THREADS:-1}" --out "$number" --quiet || failed=1
  echo
done < <(grep -E "${ONLY:-.}" <<DESIGNS
30 20 $dense --snr 15
30 20 $sparse --snr 60
30 20 $recovery --snr 15
100 20 $dense --snr 40
100 20 $recovery --snr 30
250 3 $sparse --snr 30
800 2 $dense --snr 40
DESIGNS
)

echo "strata whose intervals hold too few truths: $(cat ./*/coverage.tsv | grep -c 'too low$' || true)"
echo "all strata together"
awk -F'\t' '
  FNR == 1 { for (k = 1; k <= NF; k++) column[$k] = k; next }
  { name = $column["quantity"]; count[name] += $column["lesions"]; held[name] += $column["lesions"] * $column["coverage"] }
  END {
    for (name in count) {
      share = held[name] / count[name]
      printf "%s\t%d lesions\tcoverage %.3f\tstandard error %.3f\n", name, count[name], share, sqrt(0.09 / count[name])
      if (name != "dstar" && (share < 0.85 || share > 0.95)) bad = 1
    }
    exit bad
  }' ./*/coverage.tsv || failed=1
exit "$failed"
