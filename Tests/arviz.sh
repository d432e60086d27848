#!/usr/bin/env bash
# Opens a draws file with real ArviZ, 0.23 (Python 3.11) and 1.x (Python 3.12 or later), and compares figures.
# Needs a Python with venv; one generation is required, the other is checked where its Python is found, and its
# absence is said.
#
# usage: bash Tests/arviz.sh [RUN]      (RUN: the output folder of a fit, whose draws file is checked too)
# IVIMBAYES_TEST_BUILD holds the flags of the build that has the tests (default: none, which is a debug build).
set -euo pipefail
run=${1:+$(cd "$1" && pwd)}
cd "$(dirname "$0")/.."
. Examples/prerequisites.sh
. Tests/pythons.sh
read -r -a flags <<<"${IVIMBAYES_TEST_BUILD:-}"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

echo "== ArviZ: writing a draws file"
swift build "${flags[@]}" --build-tests >"$folder/build.log" 2>&1 || { cat "$folder/build.log"; exit 1; }
IVIMBAYES_ARVIZ_FOLDER="$folder" swift test "${flags[@]}" --skip-build \
  --filter 'DrawsFileTests' >"$folder/test.log" 2>&1 ||
  { cat "$folder/test.log"; exit 1; }
[ -s "$folder/example_draws.nc" ] || { echo "arviz.sh: the tests left no draws file"; exit 1; }

checked=0
for version in $(arviz_pythons); do
  environment=.venv-arviz/$version
  install_requirements "$(find_python "$version")" "$environment" Tests/requirements-arviz.txt
  "$environment/bin/python" -W ignore Tests/arviz_check.py "$folder" ${run:+"$run"}
  checked=$((checked + 1))
done
if [ "$checked" = 0 ]; then
  echo "arviz.sh: no Python 3.11, 3.12 or 3.13 with venv: install python3-venv"
  exit 1
fi
echo "ArviZ: $checked of its generations read the draws file"
