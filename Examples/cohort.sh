#!/usr/bin/env bash
# A whole study on disk: a cohort is simulated as images, every visit is fitted; changes, the tables of the cohort, an
# efficacy model and the probabilities of two patients whose outcome is not known follow; changes and probabilities are
# compared with the truth.
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
[ "$patients" -ge 24 ] || stop "24 patients or more are needed"

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
truth=$data/derivatives/truth
"$IVIMBAYES" simulate cohort --plan "$folder/plan.json" --seed 1 --out "$data" --overwrite

step "the outcome of the last two patients is not known yet"
awk -F'\t' -v OFS='\t' -v known=$((patients - 2)) '
  NR == 1 { for (i = 1; i <= NF; i++) if ($i == "outcome") outcome = i }
  NR > known + 1 { $outcome = "n/a" }
  { print }' "$data/participants.tsv" >"$folder/participants.tsv"
mv "$folder/participants.tsv" "$data/participants.tsv"

step "fitting every visit, and the changes"
"$IVIMBAYES" bids "$data" "$folder/results" participant --seed 1 --quiet --overwrite \
  --repeatability "$truth/repeatability.json"

step "the cohort: its tables, its model, and the two patients judged"
"$IVIMBAYES" bids "$data" "$folder/results" group --overwrite --repeatability "$truth/repeatability.json"
group=$folder/results/group
[ -s "$group/roc.tsv" ] && [ -s "$group/efficacy.tsv" ] || stop "the cohort was not judged"
echo "groups compared:"
cut -f 1-5,7-9,11 "$group/groups.tsv" | grep -E 'grouping|response.(delta_adc|post_t1)' | column -t
echo "not known yet:"
grep -E '^(level|patient)' "$group/efficacy.tsv" | cut -f 2,4-6,9,10,16 | column -t -s "$(printf '\t')"

step "true changes within the 90 % intervals"
bash "$package/Examples/against-truth.sh" "$data" "$folder"/results/sub-*/ses-*/changes/changes.tsv |
  tee "$folder/coverage.tsv"
awk -F'\t' 'NR > 1 && $1 != "dstar" { n += $2; covered += $3 }
  END { print "coverage:", covered, "of", n; exit !(covered > 0.75 * n) }' "$folder/coverage.tsv" ||
  stop "the intervals miss the true changes"

step "probabilities against what is true of each patient"
# Two sources in one table: patients left out of their own model, and those whose outcome was not known.
{
  awk -F'\t' -v OFS='\t' 'NR > 1 { print $1, $3 }' "$group/left-out.tsv"
  awk -F'\t' -v OFS='\t' '$1 == "patient" && $4 != "n/a" { print $2, $4 }' "$group/efficacy.tsv"
} | awk -F'\t' '
  NR == FNR { if (FNR == 1) for (i = 1; i <= NF; i++) column[$i] = i; else effective[$column["patient"]] = $column["effective"]; next }
  { n++; y = (effective[$1] == "true"); brier += ($2 - y) ^ 2; share += y; if (y) good[++a] = $2; else bad[++b] = $2 }
  END {
    for (i = 1; i <= a; i++) for (j = 1; j <= b; j++) auc += (good[i] > bad[j]) + 0.5 * (good[i] == bad[j])
    auc /= a * b; brier /= n; share /= n
    printf "%d patients: Brier %.3f (always the prevalence: %.3f), AUC %.2f\n", n, brier, share * (1 - share), auc
    exit !(brier < share * (1 - share) && auc > 0.6)
  }' "$truth/patients.tsv" - || stop "the probabilities are no better than the prevalence"

echo "cohort: done in $((SECONDS - start)) s; results in $group (SYNTHETIC, research use only)"
