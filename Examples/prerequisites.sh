# What the toolkit needs on Debian or Ubuntu. Sourced by quickstart.sh and Tests/run.sh.

# Says what the script is doing.
step() { printf '== %s\n' "$*"; }

# Ends the script with what is wrong and what to do.
stop() {
  printf '%s: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# True if the Debian package $1 is installed, or pkg-config knows the library $2.
is_installed() {
  if [ -n "${2:-}" ] && command -v pkg-config >/dev/null && pkg-config --exists "$2"; then return 0; fi
  command -v dpkg >/dev/null && dpkg -s "$1" 2>/dev/null | grep -q '^Status: install ok installed'
}

# Ends the script unless a Swift of 6.2 or later is on the PATH: the first the manifest of the package is written for.
require_swift() {
  local advice="install Swift 6.2 or later from https://www.swift.org/install/linux and put it on the PATH"
  command -v swift >/dev/null || stop "there is no Swift toolchain: $advice"
  local version major minor
  version=$(swift --version 2>/dev/null | sed -nE 's/.*Swift version ([0-9]+)\.([0-9]+).*/\1 \2/p' | head -n 1)
  read -r major minor <<<"${version:-0 0}"
  if [ "$major" -lt 6 ] || { [ "$major" = 6 ] && [ "$minor" -lt 2 ]; }; then
    stop "the Swift toolchain is $major.$minor: $advice"
  fi
  step "Swift $major.$minor: found"
}

# Installs the Debian packages among the arguments (package, or package=pkg-config name) that are missing.
require_packages() {
  local entry missing=()
  for entry in "$@"; do
    is_installed "${entry%%=*}" "$(case $entry in *=*) echo "${entry#*=}" ;; esac)" || missing+=("${entry%%=*}")
  done
  if [ "${#missing[@]}" = 0 ]; then
    step "system packages: all there"
    return
  fi
  step "system packages: installing ${missing[*]}"
  command -v apt-get >/dev/null ||
    stop "missing: ${missing[*]}, and there is no apt-get: install what your system calls them"
  local as_root=()
  if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || stop "missing: ${missing[*]}: install them as root, or install sudo"
    as_root=(sudo)
  fi
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

# The libraries that every build links.
build_packages=(
  pkg-config libgsl-dev=gsl libnifti2-dev libnetcdf-dev=netcdf libpng-dev=libpng libssl-dev=libcrypto zlib1g-dev=zlib
)
