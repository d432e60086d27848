#!/usr/bin/env bash
# A cohort through the Snakemake workflow on this machine, killed and run again: every file equals a local run.
set -euo pipefail
. Examples/prerequisites.sh
require_packages python3-venv
checkout=$PWD
[ -x .venv-workflow/bin/snakemake ] || {
  python3 -m venv .venv-workflow
  .venv-workflow/bin/pip install --quiet --disable-pip-version-check 'snakemake>=9,<10'
}
snakemake() {
  "$checkout/.venv-workflow/bin/snakemake" --snakefile "$checkout/Examples/cluster/Snakefile" \
    --profile "$checkout/Examples/cluster/profiles/local" --directory "$FOLDER" --quiet all --config bids="$FOLDER/data" \
    out="$FOLDER/snakemake" ivimbayes="$IVIMBAYES" options="--seed $SEED --quiet"
}
echo "snakemake $("$checkout/.venv-workflow/bin/snakemake" --version)"
cat >"$FOLDER/plan.json" <<'PLAN'
{"patients": 4, "effective": 2, "lesions_per_patient": [1, 2], "diameter_mm": [12, 18]}
PLAN
"$IVIMBAYES" simulate cohort --plan "$FOLDER/plan.json" --seed "$SEED" --out "$FOLDER/data" >/dev/null

step "the local run"
start=$SECONDS
"$IVIMBAYES" bids "$FOLDER/data" "$FOLDER/local" participant --seed "$SEED" --quiet >/dev/null
"$IVIMBAYES" bids "$FOLDER/data" "$FOLDER/local" group --quiet >/dev/null
whole=$((SECONDS - start))

step "the workflow, killed on its way"
# A process group of its own, so that its jobs end with it.
set -m
snakemake >"$FOLDER/first.log" 2>&1 &
set +m
sleep $((whole / 3 + 3))
kill -KILL -- "-$!" 2>/dev/null || stop "the workflow was finished before it could be killed"
wait "$!" 2>/dev/null || true
[ ! -e "$FOLDER/snakemake/group/cohort.tsv" ] || stop "the workflow was finished already: nothing was shown"
echo "left of it: $(find "$FOLDER/snakemake" -type f 2>/dev/null | wc -l) files"

step "run again"
"$checkout/.venv-workflow/bin/snakemake" --snakefile "$checkout/Examples/cluster/Snakefile" --directory "$FOLDER" --unlock \
  --quiet all --config bids="$FOLDER/data" out="$FOLDER/snakemake" ivimbayes="$IVIMBAYES" >/dev/null 2>&1
snakemake >"$FOLDER/second.log" 2>&1 || { tail -n 30 "$FOLDER/second.log"; stop "the workflow failed"; }

step "comparing every file with the local run"
differences=$(diff -rq --exclude='*_timing.json' --exclude=.done --exclude=logs --exclude=.work "$FOLDER/local" "$FOLDER/snakemake" || true)
printf '%s' "$differences"
files=$(find "$FOLDER/local" -type f ! -name '*_timing.json' | wc -l)
[ -z "$differences" ] || stop "the results of the workflow differ from those of the local run"
echo "$files files (maps, tables, draws, records) are equal byte for byte"
