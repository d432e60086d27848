#!/usr/bin/env bash
# 90 % intervals of lesion means under the spatial prior hold 85 to 95 % of the truths: D, f, ADC and T1, each stratum printed.
# Reference lesions (homogeneous, rim and core, gradient) of several kinds of tissue; judged by calibrate itself.
set -euo pipefail
cd "$FOLDER"
failed=0
for size in ${SIZES:-30 100}; do
  for design in "--bval 0,10,20,30,50,80,100,150,200,300,400,500,600,800,1000 --snr 40" \
    "--bval 0,10,20,40,80,150,300,500,800,1000 --snr 20" \
    "--method ir --inversion-times 0.05,0.15,0.4,0.8,1.4,2.2,3.5 --repetition-time 5 --snr 30"; do
    echo "$size voxels, $design"
    # shellcheck disable=SC2086
    "$IVIMBAYES" calibrate $design --lesion-voxels "$size" --replicates "${REPLICATES:-20}" --checks coverage \
      --prior spatial --seed "$SEED" --threads "${THREADS:-1}" --quiet || failed=1
    echo
  done
done
exit "$failed"
