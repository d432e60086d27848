#!/usr/bin/env bash
# Ranks of 200 simulated lesions stay inside their bands: hierarchical, Leroux, intrinsic and edge-preserving fields, and the covariance of
# Huang and Wand, IVIM and T1.
# The lesions have 24 voxels: an irregular body, a second piece, and voxels alone. ONLY=PATTERN takes the designs that match it.
set -euo pipefail
cd "$FOLDER"
failed=0
for prior in hierarchical spatial "spatial --spatial-field icar" "spatial --spatial-field laplace" \
  "spatial --spatial-field student-t" "hierarchical --population-prior huang-wand"; do
  for design in "--bval 0,10,20,40,80,150,300,500,800,1000 --snr 20" \
    "--method ir --inversion-times 0.05,0.15,0.4,0.8,1.4,2.2,3.5 --repetition-time 5 --snr 20"; do
    grep -qE -e "${ONLY:-.}" <<<"--prior $prior $design" || continue
    echo "--prior $prior $design"
    # shellcheck disable=SC2086
    "$IVIMBAYES" calibrate $design --prior $prior --lesion-voxels 24 --replicates "${REPLICATES:-200}" --checks ranks \
      --seed "$SEED" --threads "${THREADS:-1}" --quiet || failed=1
    echo
  done
done
exit "$failed"
