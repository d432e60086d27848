#!/usr/bin/env bash
# Runs every command of the pages that a newcomer reads, as it is written there: the ```sh blocks of README.md and of the
# article GettingStarted. The files that a reader would bring are simulated.
#
# usage: bash Tests/commands.sh [PAGE.md ...]
# The first block of the README builds; with IVIMBAYES, a command built already, it is left out. `calibrate` takes minutes, and
# runs only if ALL=1, as in Tests/long.sh. What the commands make is kept in COMMANDS_FOLDER if that names an empty folder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. Examples/prerequisites.sh
checkout=$(pwd -P)
pages=("$@")
[ $# -gt 0 ] || pages=(README.md Sources/IVIMBayes/IVIMBayes.docc/GettingStarted.md)
command -v python3 >/dev/null || require_packages python3

work=${COMMANDS_FOLDER:-}
if [ -z "$work" ]; then
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
fi
# The reader has the repository in a folder called ivimbayes.
ln -s "$checkout" "$work/ivimbayes"
cd "$work"

ran=0
# Runs the command $1; a verdict of diagnose or calibrate is no failure.
run() {
  local status=0 start=$SECONDS
  printf '$ %s\n' "$1"
  eval "$1" >"$work/.log" 2>&1 </dev/null || status=$?
  case $1 in
  *"ivimbayes diagnose"* | *"ivimbayes calibrate"*) [ "$status" -gt 2 ] || status=0 ;;
  esac
  if [ "$status" != 0 ]; then
    cat "$work/.log"
    stop "this documented command ended with $status: $1"
  fi
  [ $((SECONDS - start)) -lt 10 ] || printf '  (%d s)\n' $((SECONDS - start))
  ran=$((ran + 1))
}

# What the pages take for granted: a scan with lesions, T1 series, a BIDS dataset, runs of two visits, pairs, a cohort.
bring_files() {
  step "the reader's files (SYNTHETIC)"
  ivimbayes simulate patient --out data --seed 1 >/dev/null
  ivimbayes simulate cohort --as-table --out study --seed 7 >/dev/null
  cp study/SYNTHETIC-cohort.tsv cohort.tsv
  local visit stem lesions
  for visit in pre post; do
    stem=data/sub-SYN01/ses-$visit
    lesions=data/derivatives/lesions/sub-SYN01/ses-$visit
    [ -d "$visit-ivim" ] || ivimbayes fit ivim "$stem"/dwi/*_dwi.nii.gz --lesions "$lesions"/dwi/*_dseg.nii.gz \
      --mask "$lesions"/dwi/*_dseg.nii.gz --out "$visit-ivim" --quiet >/dev/null
    [ -d "$visit-t1" ] || ivimbayes fit t1 "$stem"/anat/*_inv-?_IRT1.nii.gz --method ir --quiet \
      --lesions "$lesions"/anat/*_dseg.nii.gz --mask "$lesions"/anat/*_dseg.nii.gz --out "$visit-t1" >/dev/null
  done
  stem=data/sub-SYN01/ses-pre
  cp "$stem"/dwi/*_dwi.nii.gz dwi.nii.gz
  cp "$stem"/dwi/*_dwi.bval dwi.bval
  cp data/derivatives/lesions/sub-SYN01/ses-pre/dwi/*_dseg.nii.gz lesions.nii.gz
  for number in 2 4 6 8; do
    cp "$stem"/anat/*_inv-"$number"_IRT1.nii.gz "sub-1_inv-${number}_IRT1.nii.gz"
    cp "$stem"/anat/*_inv-"$number"_IRT1.json "sub-1_inv-${number}_IRT1.json"
  done
  python3 "$checkout/Tests/documented_commands.py" --join sub-1_inv-[2468]_IRT1.nii.gz ir.nii.gz
  printf '%s\n' subject$'\t'parameter$'\t'first$'\t'second a$'\t'adc$'\t'1.10e-3$'\t'1.20e-3 \
    b$'\t'adc$'\t'1.30e-3$'\t'1.25e-3 c$'\t'adc$'\t'0.90e-3$'\t'1.00e-3 d$'\t'adc$'\t'1.00e-3$'\t'1.02e-3 >pairs.tsv
}

if [ -n "${IVIMBAYES:-}" ]; then PATH="$(dirname "$(realpath "$IVIMBAYES")"):$PATH"; fi
for page in "${pages[@]}"; do
  step "$page"
  mapfile -d '' commands < <(python3 "$checkout/Tests/documented_commands.py" "$checkout/$page")
  for command in "${commands[@]}"; do
    case $command in
    *quickstart.sh* | "export PATH="*)
      if [ -n "${IVIMBAYES:-}" ]; then
        echo "*** SKIPPED, because IVIMBAYES names a command that is built: $command ***"
        continue
      fi
      run "$command"
      continue
      ;;
    "ivimbayes calibrate"*)
      if [ "${ALL:-0}" != 1 ]; then
        echo "*** SKIPPED, because it takes minutes (bash Tests/long.sh commands): $command ***"
        continue
      fi
      ;;
    esac
    [ -e dwi.nii.gz ] || bring_files
    run "$command"
  done
done
echo "documented commands: $ran ran"
