#!/usr/bin/env bash
# Kills, signals, full and read-only disks, vanished and damaged inputs: nothing crashes, nothing is lost or half-written.
exec bash Tests/faults.sh "$SEED"
