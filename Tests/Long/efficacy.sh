#!/usr/bin/env bash
# The efficacy probability is calibrated: 400 simulated cohorts of each design, and ranks of the two-group model (SBC).
#
# n = 23, split 12/11 and 8/15, d' 1.6 to 1.7 as measured, measurement variances over a factor of 16, normal and t4 patient
# effects, one and two features: pooled leave-one-patient-out predictions have a calibration slope of 0.85 to 1.15, an
# expected calibration error below 0.03, and a log-loss below that of the same model without measurement error.
set -euo pipefail
# shellcheck disable=SC2086  (BUILD are words)
IVIMBAYES_COHORTS=${COHORTS:-400} swift test $BUILD --skip-build --disable-xctest \
  --filter 'EfficacyCalibrationTests|TwoGroupSimulationBasedCalibrationTests' >"$FOLDER/log" 2>&1 && status=0 || status=$?
grep -E '^efficacy:|recorded an issue|passed after|failed after' "$FOLDER/log" | sed 's/^[^a-zA-Z]*//' || tail -n 5 "$FOLDER/log"
exit "$status"
