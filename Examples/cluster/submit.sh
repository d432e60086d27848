#!/usr/bin/env bash
# Submits a BIDS dataset to Slurm: one job for each participant, then one for the group.
#
# usage: bash submit.sh BIDS_DIR OUT [OPTIONS OF bids participant]
#   Submit again after a failure or a time limit: finished fits are kept, begun ones continued.
#   IVIMBAYES names the command (default: on the PATH); SBATCH_* variables, such as SBATCH_PARTITION and SBATCH_ACCOUNT,
#   reach sbatch as usual; AT_ONCE limits how many jobs run at once (default 100).
# Prints the ids of both jobs. On clusters with more than 1000 participants mind MaxArraySize.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
[ $# -ge 2 ] || { echo "usage: bash submit.sh BIDS_DIR OUT [OPTIONS]"; exit 64; }
BIDS_DIR=$(cd "$1" && pwd)
mkdir -p "$2"
OUT=$(cd "$2" && pwd)
shift 2
OPTIONS="$*"
LIST=$OUT/participants.list
"${IVIMBAYES:-ivimbayes}" units "$BIDS_DIR" | tail -n +2 | cut -f 1 | sed 's/^sub-//' | sort -u >"$LIST"
count=$(wc -l <"$LIST")
export BIDS_DIR OUT OPTIONS LIST
array=$(sbatch --parsable --export=ALL --array="1-$count%${AT_ONCE:-100}" "$here/participants.sbatch")
# afterany, not afterok: one participant that fails must not leave the group waiting for ever.
group=$(sbatch --parsable --export=ALL --dependency="afterany:$array" "$here/group.sbatch")
echo "$array $group"
