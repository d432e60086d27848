#!/usr/bin/env bash
# From nothing to lesion posteriors of a simulated scan: installs what is missing, builds, simulates, fits, shows.
#
# usage: bash Examples/quickstart.sh [FOLDER]     (FOLDER: default ./quickstart; made anew on every run)
set -euo pipefail
package=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
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

step "simulating a scan with two lesions of known truth"
"$ivimbayes" simulate phantom --out "$folder/phantom" --seed 1 --overwrite
scan=$folder/phantom/sub-phantom/dwi/sub-phantom_dwi.nii.gz
truth=$folder/phantom/derivatives/truth/sub-phantom/dwi/sub-phantom_dseg

step "fitting every voxel and both lesions"
"$ivimbayes" fit ivim "$scan" --lesions "$truth.nii.gz" --lesion-names "$truth.tsv" --seed 1 --out "$folder/run" \
  --overwrite

step "the lesions"
"$ivimbayes" summarize "$folder/run"

step "was the sampling good enough?"
verdict=0
"$ivimbayes" diagnose "$folder/run" || verdict=$?
[ "$verdict" -le 1 ] || stop "the sampling of the simulated scan failed (diagnose ended with $verdict)"

step "maps, tables and draws: $folder/run"
echo "quickstart: done in $((SECONDS - start)) s after the build; results in $folder/run (SYNTHETIC, research use only)"
