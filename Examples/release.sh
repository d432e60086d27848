#!/usr/bin/env bash
# Packs a release: the command built against this system's libraries, its licence, a bill of materials and checksums.
#
# usage: bash Examples/release.sh [FOLDER]      FOLDER (default: ivimbayes-VERSION) must not exist.
# The bill of materials (sbom.cdx.json, CycloneDX 1.5) names every library that is linked, with version and licence.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
. "$here/Examples/prerequisites.sh"

version=$(sed -nE 's/.*current = "([^"]+)".*/\1/p' "$here/Sources/IVIMBayes/Run/Output/DatasetDescription.swift")
folder=$(realpath -m "${1:-ivimbayes-$version}")
[ ! -e "$folder" ] || stop "$folder exists already: name another folder"
require_swift
require_packages "${build_packages[@]}" python3
cd "$here"
step "building (release, Swift's own libraries linked in)"
swift build -c release --product ivimbayes --static-swift-stdlib
mkdir -p "$folder"
cp "$(swift build -c release --product ivimbayes --static-swift-stdlib --show-bin-path)/ivimbayes" LICENSE README.md \
  CHANGELOG.md CITATION.cff "$folder"
step "bill of materials"
swift package show-dependencies --format json >"$folder/dependencies.json"
python3 Examples/sbom.py "$version" "$folder/dependencies.json" >"$folder/sbom.cdx.json"
rm "$folder/dependencies.json"
(cd "$folder" && find . -type f ! -name SHA256SUMS | sort | xargs sha256sum >SHA256SUMS)
step "$folder: $(find "$folder" -type f | wc -l) files"
