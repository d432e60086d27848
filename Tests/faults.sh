#!/usr/bin/env bash
# What must not lose work or leave half a result: kills, signals, full and read-only disks, vanished and damaged inputs.
#
# usage: bash Tests/faults.sh [SEED]        Prints its figures at the end; exit 1 if anything crashed or was lost.
# The command is built in release unless IVIMBAYES names it. KILLS (30) and MUTATIONS (2000) say how much of each.
# Disks are small file systems in memory, which only root may mount; without root they are skipped, and it says so.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. Examples/prerequisites.sh
seed=${1:-${SEED:-1}}
command -v python3 >/dev/null || require_packages python3
if [ -z "${IVIMBAYES:-}" ]; then
  require_swift
  require_packages "${build_packages[@]}"
  flags=(-c release -Xswiftc -enable-testing --scratch-path .build-tests)
  swift build "${flags[@]}" --product ivimbayes
  IVIMBAYES=$(swift build "${flags[@]}" --show-bin-path)/ivimbayes
fi
folder=$(mktemp -d)
trap 'mountpoint -q "$folder/disk" && umount "$folder/disk"; rm -rf "$folder"' EXIT
python3 Tests/Faults/faults.py "$IVIMBAYES" "$folder" --seed "$seed" --kills "${KILLS:-30}" \
  --mutations "${MUTATIONS:-2000}"
