#!/usr/bin/env bash
# 90 % intervals of lesion changes cover 85 to 95 % of the true changes, through images, fit and delta, 210 lesions or more.
#
# 105 simulated patients of 2 lesions; SNR of each scan 24 to 56 (diffusion) and 36 to 84 (T1), diameters 12 to 24 mm and
# changed by the response, four kinds of heterogeneity. Twice: with scan-to-scan variation, which delta is told of, and
# without any, where the interval is the images' alone. The twin that must fail: scan-to-scan variation that delta is not
# told of.
set -euo pipefail
patients=${PATIENTS:-105}
options=(--seed "$SEED" --quiet --n-cpus "$(nproc)" ${FIT_OPTIONS:-})

# run NAME SCAN_TO_SCAN: simulates, fits, and prints the coverage.
run() {
  cat >"$FOLDER/$1.json" <<PLAN
{"patients": $patients, "effective": $((patients / 2)), "lesions_per_patient": [2, 2], "diameter_mm": [12, 24],
 "snr_factor": [0.6, 1.4], "scan": {"scan_to_scan": $2}}
PLAN
  "$IVIMBAYES" simulate cohort --plan "$FOLDER/$1.json" --seed "$SEED" --out "$FOLDER/$1" >/dev/null
  "$IVIMBAYES" bids "$FOLDER/$1" "$FOLDER/$1-fits" participant "${options[@]}" \
    --repeatability "$FOLDER/$1/derivatives/truth/repeatability.json" >/dev/null
}

# judge TITLE DATASET CHANGES...: the table, and whether every parameter but D* is within the limits.
judge() {
  printf '%s\n' "$1"
  bash Examples/against-truth.sh "${@:2}" | tee "$FOLDER/table.tsv" | column -t
  awk -F'\t' 'NR > 1 && $1 != "dstar" && !(0.85 <= $4 && $4 <= 0.95) { bad = 1 } END { exit bad }' "$FOLDER/table.tsv"
}

failed=0
run with '{"d": 0.05, "f": 0.2, "dstar": 0.3, "t1": 0.02}'
judge "with scan-to-scan variation" "$FOLDER/with" "$FOLDER"/with-fits/sub-*/ses-post/changes/changes.tsv || failed=1
run without '{"d": 0, "f": 0, "dstar": 0, "t1": 0}'
judge "images alone" "$FOLDER/without" "$FOLDER"/without-fits/sub-*/ses-post/changes/changes.tsv || failed=1

# The twin: the same fits, and changes that know nothing of what differs between scans.
for subject in "$FOLDER"/with-fits/sub-*; do
  "$IVIMBAYES" delta --pre "$subject"/ses-pre/{dwi,anat} --post "$subject"/ses-post/{dwi,anat} --quiet \
    --repeatability "$FOLDER/without/derivatives/truth/repeatability.json" \
    --out "$FOLDER/twin-$(basename "$subject")" >/dev/null
done
if judge "twin: scan-to-scan variation concealed" "$FOLDER/with" "$FOLDER"/twin-*/changes.tsv; then
  echo "the twin was not found out"
  failed=1
fi
exit "$failed"
