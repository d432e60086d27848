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
read -r -a flags <<<"${IVIMBAYES_TEST_BUILD:-}"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# The path of a Python of version $1, or nothing.
find_python() {
  local candidate
  for candidate in "python$1" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$1".*/bin/python "/usr/bin/python$1" python3; do
    if [ "$("$candidate" -c 'import sys, venv; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" = "$1" ]; then
      echo "$candidate"
      return
    fi
  done
}

echo "== ArviZ: writing a draws file"
swift build "${flags[@]}" --build-tests >"$folder/build.log" 2>&1 || { cat "$folder/build.log"; exit 1; }
IVIMBAYES_ARVIZ_FOLDER="$folder" swift test "${flags[@]}" --skip-build \
  --filter 'DrawsFileTests' >"$folder/test.log" 2>&1 ||
  { cat "$folder/test.log"; exit 1; }
[ -s "$folder/example_draws.nc" ] || { echo "arviz.sh: the tests left no draws file"; exit 1; }

checked=0
for version in 3.11 3.12 3.13; do
  # One Python is enough for ArviZ 1.x.
  if [ "$version" = 3.13 ] && [ -n "$(find_python 3.12)" ]; then continue; fi
  python=$(find_python "$version")
  if [ -z "$python" ]; then
    echo "*** NO PYTHON $version: its generation of ArviZ is NOT CHECKED ***"
    continue
  fi
  environment=.venv-arviz/$version
  wanted=$(sha256sum Tests/requirements-arviz.txt)
  if [ "$(cat "$environment/requirements.sum" 2>/dev/null)" != "$wanted" ]; then
    echo "== ArviZ: installing for Python $version into $environment"
    rm -rf "$environment"
    "$python" -m venv "$environment"
    "$environment/bin/python" -m pip install --quiet --disable-pip-version-check -r Tests/requirements-arviz.txt
    echo "$wanted" >"$environment/requirements.sum"
  fi
  "$environment/bin/python" -W ignore Tests/arviz_check.py "$folder" ${run:+"$run"}
  checked=$((checked + 1))
done
if [ "$checked" = 0 ]; then
  echo "arviz.sh: no Python 3.11, 3.12 or 3.13 with venv: install python3-venv"
  exit 1
fi
echo "ArviZ: $checked of its generations read the draws file"
