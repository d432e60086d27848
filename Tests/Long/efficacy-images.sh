#!/usr/bin/env bash
# Probabilities of efficacy are calibrated end to end, from the images of 20 simulated cohorts of 23 patients.
#
# Splits 12/11 and 8/15 in turn; one lesion a patient, 1 or 2 in two of ten cohorts, 9 to 13 mm (15 to 46 voxels: 14 CPU seconds
# a patient of two lesions), SNR over a factor of 4. Every visit is fitted, changes and a model of each cohort follow,
# and the predictions of the patients left out are pooled over the cohorts. Their
# calibration slope must be compatible with 0.85 to 1.15 and their expected calibration error with less than 0.03 (within two
# standard errors, and above what chance makes of it: 460 predictions decide no more). Their log-loss stands beside that of the
# same models told that neither images nor repeated scans have any error, and must not be worse by two standard errors:
# images of this quality add little to what patients differ by (Tests/Long/efficacy.sh has cohorts in which they do).
# COHORTS=n makes fewer, DIAMETERS='[11, 17]' larger lesions.
set -euo pipefail
cohorts=${COHORTS:-20}

# without_error FOLDER: the cohort's table again, from the medians of the fits, with no error to speak of.
without_error() {
  awk -F'\t' -v OFS='\t' -v fits="$1/fits" '
    function median(file, label, parameter,    line, head, cell, i, at, found) {
      found = "n/a"
      while ((getline line <file) > 0) {
        split(line, cell, "\t")
        if (!("lesion" in at)) { for (i in cell) at[cell[i]] = i; continue }
        if (cell[at["lesion"]] == label && cell[at["parameter"]] == parameter && cell[at["functional"]] == "mean")
          found = cell[at["median"]]
      }
      close(file)
      return found
    }
    NR == 1 {
      for (i = 1; i <= NF; i++) column[$i] = i
      print "patient", "lesion", "outcome", "pre_adc", "pre_adc_sd", "post_adc", "post_adc_sd", "post_t1", "post_t1_sd"
      next
    }
    {
      subject = $column["patient"]
      label = $column["lesion"]
      stem = fits "/" subject "/ses-"
      pre = median(stem "pre/dwi/" subject "_ses-pre_lesions.tsv", label, "adc")
      post = median(stem "post/dwi/" subject "_ses-post_lesions.tsv", label, "adc")
      t1 = median(stem "post/anat/" subject "_ses-post_lesions.tsv", label, "t1")
      print subject, label, $column["outcome"], pre, 1e-4, post, 1e-4, t1, 1e-4
    }' "$1/fits/group/cohort.tsv"
}

pooled=()
blind=()
for cohort in $(seq "$cohorts"); do
  folder=$FOLDER/$(printf '%02d' "$cohort")
  mkdir -p "$folder"
  effective=12
  [ $((cohort % 2)) = 1 ] || effective=8
  most=1
  case $((cohort % 10)) in 1 | 2) most=2 ;; esac
  repeatability=$folder/data/derivatives/truth/repeatability.json
  if [ ! -d "$folder/fits/group" ]; then
    cat >"$folder/plan.json" <<PLAN
{"patients": 23, "effective": $effective, "lesions_per_patient": [1, $most], "diameter_mm": ${DIAMETERS:-[9, 13]}, "snr_factor": [0.5, 2],
 "scan": {"voxel_size": [2.5, 2.5, 4]}}
PLAN
    "$IVIMBAYES" simulate cohort --plan "$folder/plan.json" --seed $((1000 * SEED + cohort)) --out "$folder/data" \
      --overwrite >/dev/null
    "$IVIMBAYES" bids "$folder/data" "$folder/fits" participant --seed "$SEED" --quiet --overwrite \
      --repeatability "$repeatability" >/dev/null
    "$IVIMBAYES" bids "$folder/data" "$folder/fits" group --quiet --repeatability "$repeatability" >/dev/null
  fi
  "$IVIMBAYES" efficacy train "$folder/fits/group/cohort.tsv" --out "$folder/model.json" --seed "$SEED" --quiet --overwrite \
    --repeatability "$repeatability" --left-out "$folder/left-out.tsv" >/dev/null
  without_error "$folder" >"$folder/without-error.tsv"
  sed -E -f Tests/Long/nothing-varies.sed "$repeatability" >"$folder/none.json"
  "$IVIMBAYES" efficacy train "$folder/without-error.tsv" --out "$folder/blind.json" --seed "$SEED" --quiet --overwrite \
    --repeatability "$folder/none.json" --left-out "$folder/blind.tsv" >/dev/null
  pooled+=("$folder/left-out.tsv")
  blind+=("$folder/blind.tsv")
done

echo "two-group model with measurement error, leave-one-patient-out, $cohorts cohorts"
awk -f Tests/Long/pooled.awk "${pooled[@]}" | tee "$FOLDER/model.txt" | column -t
echo "the same without measurement error"
awk -f Tests/Long/pooled.awk "${blind[@]}" | tee "$FOLDER/blind.txt" | column -t
echo "log-loss without measurement error less that with it, patient by patient"
for place in "${!pooled[@]}"; do paste "${pooled[$place]}" "${blind[$place]}" | tail -n +2; done | awk -F'\t' '
  function loss(p) { return -log($2 == "effective" ? p : 1 - p) }
  { d = loss($7) - loss($3); n++; sum += d; squares += d * d }
  END { printf "%.4f\t%.4f\n", sum / n, sqrt((squares / n - (sum / n) ^ 2) / n) }' >"$FOLDER/gain.txt"
awk -F'\t' '{ print "mean " $1 ", standard error " $2 }' "$FOLDER/gain.txt"
paste <(tail -1 "$FOLDER/model.txt") "$FOLDER/gain.txt" | awk -F'\t' '
  { exit !($2 + 2 * $3 >= 0.85 && $2 - 2 * $3 <= 1.15 && $5 < 0.03 + $6 && $9 > -2 * $10) }'
