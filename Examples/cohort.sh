#!/usr/bin/env bash
# A whole study on disk: a cohort is simulated as images, every visit is fitted, changes and the cohort's table follow, and
# all of it is compared with the truth.
#
# usage: bash Examples/cohort.sh [FOLDER [PATIENTS]]     (default ./cohort and 24; FOLDER is made anew on every run)
# IVIMBAYES names the command (default: what swift build -c release makes).
set -euo pipefail
package=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$package/Examples/prerequisites.sh"

[ $# -le 2 ] || stop "usage: bash Examples/cohort.sh [FOLDER [PATIENTS]]"
mkdir -p "${1:-cohort}"
folder=$(cd "${1:-cohort}" && pwd)
patients=${2:-24}
[ "$patients" -ge 12 ] || stop "12 patients or more are needed"

if [ -z "${IVIMBAYES:-}" ]; then
  require_swift
  require_packages "${build_packages[@]}"
  step "building ivimbayes (release; the first time takes some minutes)"
  swift build --package-path "$package" -c release --product ivimbayes
  IVIMBAYES=$(swift build --package-path "$package" -c release --product ivimbayes --show-bin-path)/ivimbayes
fi
start=$SECONDS

step "simulating $patients patients, each scanned before and after treatment (SYNTHETIC)"
cat >"$folder/plan.json" <<PLAN
{"patients": $patients, "effective": $((patients / 2)), "lesions_per_patient": [1, 2], "diameter_mm": [12, 22]}
PLAN
data=$folder/SYNTHETIC-data
"$IVIMBAYES" simulate cohort --plan "$folder/plan.json" --seed 1 --out "$data" --overwrite

step "fitting every visit, and the changes"
"$IVIMBAYES" bids "$data" "$folder/results" participant --seed 1 --quiet --overwrite \
  --repeatability "$data/derivatives/truth/repeatability.json"

step "the cohort"
"$IVIMBAYES" bids "$data" "$folder/results" group --overwrite

step "true changes within the 90 % intervals"
bash "$package/Examples/against-truth.sh" "$data" "$folder"/results/sub-*/ses-*/changes/changes.tsv |
  tee "$folder/coverage.tsv"
awk -F'\t' 'NR > 1 && $1 != "dstar" { n += $2; covered += $3 }
  END { print "coverage:", covered, "of", n; exit !(covered > 0.75 * n) }' "$folder/coverage.tsv" ||
  stop "the intervals miss the true changes"

echo "cohort: done in $((SECONDS - start)) s; results in $folder/results/group (SYNTHETIC, research use only)"
