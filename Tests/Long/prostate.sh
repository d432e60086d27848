#!/usr/bin/env bash
# The three lesions of a prostate scan at 3 T reach ESS 400 and R-hat 1.01 in every functional and hyperparameter, with default settings.
set -euo pipefail
data=${IVIMBAYES_DATA:-../shared/data}/ivim-prostate-3t
[ -d "$data" ] || {
  echo "skipped: no $data"
  exit 0
}
failed=0
for region in tumor bph pz; do
  roi=$data/roi_$region.nii.gz
  "$IVIMBAYES" fit ivim "$data/dwi.nii.gz" --mask "$roi" --lesions "$roi" --seed "$SEED" --threads "${THREADS:-1}" --quiet \
    --out "$FOLDER/$region" >/dev/null
  lesions=$FOLDER/$region/dwi_lesions.tsv
  cpu=$(sed -nE 's/.*"cpu_seconds" : ([0-9.]+).*/\1/p' "$FOLDER/$region/dwi_timing.json")
  flags=$("$IVIMBAYES" diagnose "$FOLDER/$region" --format tsv | awk -F'\t' 'NR > 1 && ($2 == "not-mixed" || $2 == "slow-hyper")' || true)
  awk -F'\t' -v region="$region" -v cpu="$cpu" '
    NR == 1 { for (k = 1; k <= NF; k++) column[$k] = k; next }
    { voxels = $column["voxels"]; ess = $column["ess_bulk"] + 0
      if (ess > 0 && (least == "" || ess < least)) { least = ess; name = $column["parameter"] " " $column["functional"] }
      rhat = $column["rhat"] + 0; if (rhat > worst) worst = rhat }
    END { printf "%s: %d voxels, %s CPU s; least ESS %.0f (%s), largest R-hat %.4f\n", region, voxels, cpu, least, name, worst }' "$lesions"
  [ -z "$flags" ] || {
    echo "$flags"
    failed=1
  }
done
exit "$failed"
