#!/usr/bin/env bash
# 90 % intervals of lesion means under the default prior hold 85 to 95 % of the truths: D, f, ADC and T1, each stratum printed.
# Reference lesions (homogeneous, rim and core, gradient) of several kinds of tissue, 30 to 800 voxels, SNR 15 to 60; judged by
# calibrate itself. REPLICATES=n makes n lesions of each pattern and tissue instead of those that stand here.
set -euo pipefail
cd "$FOLDER"
failed=0
dense="--bval 0,10,20,30,50,80,100,150,200,300,400,500,600,800,1000"
sparse="--bval 0,10,20,40,80,150,300,500,800,1000"
recovery="--method ir --inversion-times 0.05,0.15,0.4,0.8,1.4,2.2,3.5 --repetition-time 5"
while read -r voxels replicates design; do
  echo "$voxels voxels, $design"
  # shellcheck disable=SC2086
  "$IVIMBAYES" calibrate $design --lesion-voxels "$voxels" --replicates "${REPLICATES:-$replicates}" --checks coverage \
    --seed "$SEED" --threads "${THREADS:-1}" --quiet || failed=1
  echo
done <<DESIGNS
30 20 $dense --snr 15
30 20 $sparse --snr 60
100 12 $dense --snr 40
100 12 $sparse --snr 20
800 1 $dense --snr 30
30 20 $recovery --snr 30
100 12 $recovery --snr 15
DESIGNS
exit "$failed"
