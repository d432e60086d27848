#!/usr/bin/env bash
# Executes notebooks (all of Notebooks, or those named) with the command of this checkout, on every Python found that one
# generation of ArviZ supports: 3.11 (ArviZ 0.23), 3.12 or 3.13 (ArviZ 1.x). A generation without a Python is named.
#
# usage: bash Tests/notebooks.sh [NOTEBOOK.py …]
# IVIMBAYES_TEST_BUILD holds the flags of the build whose command is used (default: -c release).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. Examples/prerequisites.sh
. Tests/pythons.sh

notebooks=("$@")
[ $# -gt 0 ] || notebooks=(Notebooks/*.py)
for notebook in "${notebooks[@]}"; do [ -s "$notebook" ] || stop "there is no notebook $notebook"; done
read -r -a flags <<<"${IVIMBAYES_TEST_BUILD:--c release}"

require_swift
require_packages "${build_packages[@]}" python3-venv
step "building ivimbayes"
swift build "${flags[@]}" --product ivimbayes
swift build "${flags[@]}" --product own-model
PATH="$(swift build "${flags[@]}" --show-bin-path):$PATH"

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
checked=0
for version in $(arviz_pythons); do
  python=$(find_python "$version")
  environment=.venv-notebooks/$version
  install_requirements "$python" "$environment" Notebooks/requirements.txt
  step "notebooks on Python $version: ${notebooks[*]}"
  rm -rf "$folder/$version"
  mkdir -p "$folder/$version"
  for notebook in "${notebooks[@]}"; do
    "$environment/bin/jupytext" --quiet --to ipynb -o "$folder/$version/$(basename "$notebook" .py).ipynb" "$notebook"
  done
  # The kernel of the environment, not one that the machine happens to have.
  PATH="$PWD/$environment/bin:$PATH" JUPYTER_PLATFORM_DIRS=1 IVIMBAYES_CHECKOUT="$PWD" \
    "$environment/bin/python" -m pytest -q --nbmake --nbmake-timeout=600 "$folder/$version"
  checked=$((checked + 1))
done
[ "$checked" -gt 0 ] || stop "no Python 3.11, 3.12 or 3.13 with venv: install python3-venv"
echo "notebooks: ${#notebooks[@]} ran on $checked generations of ArviZ"
