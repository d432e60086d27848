#!/usr/bin/env bash
# The checks that are too long for every day: each is a script in Tests/Long, named for what it checks.
#
# usage: bash Tests/long.sh [--list] [--seed N] [SECTION...]        All sections if none is named.
# What a section prints is kept in Tests/Results/SECTION.txt with date, commit and seed; commit it when it should be known.
# A section is a bash script that ends non-zero if its check fails. Its second line says in a sentence what it checks, and
# it is given: SEED, IVIMBAYES (the command, built in release), BUILD (the flags of that build), FOLDER (empty, its own).
# The command is built unless IVIMBAYES names one, of the commit IVIMBAYES_COMMIT.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. Examples/prerequisites.sh

names() { find Tests/Long -name '*.sh' | sed 's|.*/||; s|\.sh$||' | sort; }
describe() { sed -n '2s/^# *//p' "Tests/Long/$1.sh"; }

export SEED=1
sections=()
while [ $# -gt 0 ]; do
  case $1 in
  --list)
    for name in $(names); do printf '%-12s %s\n' "$name" "$(describe "$name")"; done
    exit
    ;;
  --seed)
    [ $# -ge 2 ] || stop "--seed needs a number"
    SEED=$2
    shift
    ;;
  -*) stop "unknown option $1: bash Tests/long.sh [--list] [--seed N] [SECTION...]" ;;
  *)
    [ -f "Tests/Long/$1.sh" ] || stop "there is no section $1: choose among $(names | xargs)"
    sections+=("$1")
    ;;
  esac
  shift
done
[ "${#sections[@]}" -gt 0 ] || mapfile -t sections < <(names)

flags=(-c release -Xswiftc -enable-testing --scratch-path .build-tests)
export BUILD="${flags[*]}"
if [ -n "${IVIMBAYES:-}" ]; then
  commit=${IVIMBAYES_COMMIT:-unknown}
else
  require_swift
  require_packages "${build_packages[@]}"
  step "building (release)"
  swift build "${flags[@]}" --build-tests
  IVIMBAYES=$(swift build "${flags[@]}" --show-bin-path)/ivimbayes
  commit=$(git rev-parse --short HEAD 2>/dev/null || echo unknown)
  [ -z "$(git status --porcelain --untracked-files=no -- Sources Package.swift 2>/dev/null)" ] || commit="$commit, changed"
fi
export IVIMBAYES

mkdir -p Tests/Results
failed=()
for name in "${sections[@]}"; do
  step "$name: $(describe "$name")"
  FOLDER=$(mktemp -d)
  export FOLDER
  results=Tests/Results/$name.txt
  printf '%s\n%s, commit %s, seed %s\n\n' "$(describe "$name")" "$(date -u +%Y-%m-%d)" "$commit" "$SEED" >"$FOLDER.txt"
  status=0
  bash "Tests/Long/$name.sh" 2>&1 | tee -a "$FOLDER.txt" || status=$?
  [ "$status" = 0 ] && verdict=passed || verdict="FAILED with status $status"
  printf '\n%s: %s\n' "$name" "$verdict" | tee -a "$FOLDER.txt"
  mv "$FOLDER.txt" "$results"
  rm -rf "$FOLDER"
  [ "$status" = 0 ] || failed+=("$name")
done
echo "${#sections[@]} sections, ${#failed[@]} failed${failed[*]:+: ${failed[*]}}"
[ "${#failed[@]}" = 0 ]
