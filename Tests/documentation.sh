#!/usr/bin/env bash
# The documentation holds: every paper cited in the sources stands in References.md, every sample of a landing page
# compiles, and DocC builds every module without a warning.
#
# usage: bash Tests/documentation.sh [references] [samples] [docc]     (default: all three)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. Examples/prerequisites.sh

require_swift
require_packages "${build_packages[@]}" python3
checks=("$@")
[ $# -gt 0 ] || checks=(references samples docc)

references() {
  step "papers cited in the sources"
  local list=Sources/IVIMBayes/IVIMBayes.docc/References.md paper missing=0
  while read -r paper; do
    grep -qF -- "$paper" "$list" || { echo "not in $list: $paper"; missing=1; }
  done < <(grep -rhoE --include='*.swift' --include='*.c' --include='*.md' --exclude=References.md \
    'doi:10\.[0-9]+/[^ ,;`]+|arXiv:[0-9]{4}\.[0-9]+' Sources | sed -E 's/[).:]+$//' | sort -u)
  while read -r paper; do
    echo "more than once in $list: $paper"
    missing=1
  done < <(grep -ohE 'doi:10\.[0-9]+/[^ ]+|arXiv:[0-9.]+' "$list" | sort | uniq -d)
  [ "$missing" = 0 ]
}

samples() {
  step "samples of the landing pages"
  local folder
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' RETURN
  python3 Tests/documentation_samples.py "$folder"
  swift build --package-path "$folder" --scratch-path .build-samples
}

docc() {
  step "DocC, warnings as errors"
  local page target targets=()
  for page in Sources/*/*.docc; do
    target=$(basename "$(dirname "$page")")
    targets+=(--target "$target")
  done
  swift package generate-documentation "${targets[@]}" --warnings-as-errors
}

for check in "${checks[@]}"; do
  case $check in
    references | samples | docc) "$check" ;;
    *) stop "usage: bash Tests/documentation.sh [references] [samples] [docc]" ;;
  esac
done
echo "documentation: ${checks[*]} passed"
