#!/usr/bin/env bash
# Every notebook runs to its end, on ArviZ 0.23 and on ArviZ 1.x.
exec bash Tests/notebooks.sh
