#!/usr/bin/env bash
# Executes notebooks (all of Notebooks, or those named) with the command of this checkout, on every Python found that one
# generation of ArviZ supports: 3.11 (ArviZ 0.23), 3.12 or 3.13 (ArviZ 1.x). A generation without a Python is named.
#
# usage: bash Tests/notebooks.sh [NOTEBOOK.py …]
# The command is built (IVIMBAYES_TEST_BUILD holds the flags, default -c release) unless IVIMBAYES names one; own-model of
# Examples, which one notebook runs, lies beside it or is built.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. Examples/prerequisites.sh
. Tests/pythons.sh

notebooks=("$@")
[ $# -gt 0 ] || notebooks=(Notebooks/*.py)
for notebook in "${notebooks[@]}"; do [ -s "$notebook" ] || stop "there is no notebook $notebook"; done
read -r -a flags <<<"${IVIMBAYES_TEST_BUILD:--c release}"

require_packages "${build_packages[@]}" python3-venv
if [ -n "${IVIMBAYES:-}" ]; then
  PATH="$(cd "$(dirname "$IVIMBAYES")" && pwd):$PATH"
else
  require_swift
  step "building ivimbayes"
  swift build "${flags[@]}" --product ivimbayes
  PATH="$(swift build "${flags[@]}" --show-bin-path):$PATH"
fi
if grep -q own-model "${notebooks[@]}" && ! command -v own-model >/dev/null; then
  require_swift
  step "building own-model"
  swift build "${flags[@]}" --product own-model
  PATH="$(swift build "${flags[@]}" --show-bin-path):$PATH"
fi

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
    "$environment/bin/python" -m pytest -q --durations=0 --nbmake --nbmake-timeout=600 "$folder/$version"
  checked=$((checked + 1))
done
[ "$checked" -gt 0 ] || stop "no Python 3.11, 3.12 or 3.13 with venv: install python3-venv"
echo "notebooks: ${#notebooks[@]} ran on $checked generations of ArviZ"
