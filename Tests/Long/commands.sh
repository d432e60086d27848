#!/usr/bin/env bash
# Every documented command of README and GettingStarted, those that take minutes too.
ALL=1 exec bash Tests/commands.sh
