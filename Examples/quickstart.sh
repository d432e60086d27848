#!/usr/bin/env bash
# From nothing to a change and a probability: installs what is missing, builds, simulates one patient with two lesions
# scanned before and after treatment (IVIM and T1), fits both visits, and reports what has changed and how sure that is;
# then, with a simulated cohort, how probable it is that the treatment was effective.
#
# usage: bash Examples/quickstart.sh [FOLDER]     (FOLDER: default ./quickstart; made anew on every run)
set -euo pipefail
package=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
. "$package/Examples/prerequisites.sh"

[ $# -le 1 ] || stop "usage: bash Examples/quickstart.sh [FOLDER]"
case "${1:-}" in -*) stop "usage: bash Examples/quickstart.sh [FOLDER]" ;; esac
mkdir -p "${1:-quickstart}"
folder=$(cd "${1:-quickstart}" && pwd)

require_swift
require_packages "${build_packages[@]}"

step "building ivimbayes (release; the first time takes some minutes)"
swift build --package-path "$package" -c release --product ivimbayes
ivimbayes=$(swift build --package-path "$package" -c release --product ivimbayes --show-bin-path)/ivimbayes
start=$SECONDS

step "simulating a patient with two lesions, scanned before and after treatment (SYNTHETIC)"
patient=$folder/SYNTHETIC-patient
"$ivimbayes" simulate patient --out "$patient" --seed 1 --overwrite

for visit in pre post; do
  stem=sub-SYN01_ses-$visit
  scans=$patient/sub-SYN01/ses-$visit
  lesions=$patient/derivatives/lesions/sub-SYN01/ses-$visit
  step "$visit treatment: IVIM of both lesions"
  "$ivimbayes" fit ivim "$scans/dwi/${stem}_dwi.nii.gz" --lesions "$lesions/dwi/${stem}_seg-lesions_dseg.nii.gz" \
    --lesion-names "$lesions/dwi/${stem}_seg-lesions_dseg.tsv" --seed 1 --out "$folder/$visit-ivim" --overwrite
  step "$visit treatment: T1 by inversion recovery"
  "$ivimbayes" fit t1 "$scans/anat/${stem}"_inv-?_IRT1.nii.gz --method ir --seed 1 --out "$folder/$visit-t1" \
    --lesions "$lesions/anat/${stem}_seg-lesions_dseg.nii.gz" \
    --lesion-names "$lesions/anat/${stem}_seg-lesions_dseg.tsv" --overwrite
done

step "the lesions before treatment"
"$ivimbayes" summarize "$folder/pre-ivim"
"$ivimbayes" summarize "$folder/pre-t1"

step "was the sampling good enough?"
for run in pre-ivim pre-t1 post-ivim post-t1; do
  verdict=0
  "$ivimbayes" diagnose "$folder/$run" || verdict=$?
  [ "$verdict" -le 1 ] || stop "the sampling of $run failed (diagnose ended with $verdict)"
done

step "what has changed (upper-lobe has not; lower-lobe: D up by 28 %, T1 down by 11 %)"
"$ivimbayes" delta --pre "$folder"/pre-{ivim,t1} --post "$folder"/post-{ivim,t1} --out "$folder/changes" --overwrite

step "was the treatment effective? A model of a cohort whose outcomes are known (SYNTHETIC), and what it says of this patient"
"$ivimbayes" simulate cohort --as-table --out "$folder/SYNTHETIC-cohort" --seed 1 --overwrite
"$ivimbayes" efficacy train "$folder/SYNTHETIC-cohort/SYNTHETIC-cohort.tsv" --out "$folder/efficacy-model.json" --overwrite
"$ivimbayes" efficacy predict "$folder/efficacy-model.json" "$folder/changes" --out "$folder/efficacy" --overwrite

"$ivimbayes" report "$folder"/{pre,post}-{ivim,t1} "$folder"/{changes,efficacy} --out "$folder/report.html" --overwrite

echo "quickstart: done in $((SECONDS - start)) s after the build; the report is $folder/report.html (SYNTHETIC, research use only)"
