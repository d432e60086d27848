#!/usr/bin/env bash
# How often the 90 % intervals of lesion changes cover the true changes of a simulated dataset.
#
# usage: bash Examples/against-truth.sh [--scanned] DATASET CHANGES... [-- DATASET CHANGES...]
#   DATASET: what simulate patient or cohort wrote; CHANGES: changes.tsv files of delta. Several datasets are judged together.
#   --scanned: compare with the change between what was scanned, scan-to-scan variation included, not with the lesion's own
# Prints a table: parameter, lesions, covered, coverage, mean error over mean interval half-width, mean half-width.
# Changes are those of the lesion mean, on the log axis (f: logit). Lesions without a reported change are left out.
set -euo pipefail
kind=change
if [ "${1:-}" = --scanned ]; then
  kind=change_scanned
  shift
fi
[ $# -ge 2 ] || { echo "usage: bash Examples/against-truth.sh [--scanned] DATASET CHANGES... [-- DATASET CHANGES...]"; exit 64; }
files=()
dataset=next
for argument in "$@"; do
  if [ "$argument" = -- ]; then
    dataset=next
  elif [ "$dataset" = next ]; then
    dataset=$argument
    files+=("$dataset/derivatives/truth/changes.tsv")
  else
    files+=("$argument")
  fi
done
awk -F'\t' -v OFS='\t' -v kind="$kind" '
  FNR == 1 {
    for (i = 1; i <= NF; i++) column[$i] = i
    isTruth = FILENAME ~ /derivatives\/truth\/changes\.tsv$/
    if (isTruth) split("", true_change)
    next
  }
  $column["functional"] != "mean" { next }
  isTruth { true_change[$column["patient"], $column["lesion"], $column["parameter"]] = $column[kind]; next }
  {
    key = $column["patient"] SUBSEP $column["lesion"] SUBSEP $column["parameter"]
    low = $column["delta_q05"]; high = $column["delta_q95"]; parameter = $column["parameter"]
    if (!(key in true_change) || low == "n/a" || low == "") next
    n[parameter]++
    covered[parameter] += (low <= true_change[key] && true_change[key] <= high)
    error[parameter] += $column["delta_median"] - true_change[key]
    half[parameter] += (high - low) / 2
  }
  END {
    print "parameter", "lesions", "covered", "coverage", "bias_over_half_width", "half_width"
    count = split("adc d f dstar t1", order, " ")
    for (i = 1; i <= count; i++) {
      p = order[i]
      if (n[p]) printf "%s\t%d\t%d\t%.3f\t%.2f\t%.3f\n", p, n[p], covered[p], covered[p] / n[p], error[p] / half[p], half[p] / n[p]
    }
  }' "${files[@]}"
