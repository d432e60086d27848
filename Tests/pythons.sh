# The Pythons that the two generations of ArviZ run on. Sourced by arviz.sh and notebooks.sh.

# The path of a Python of version $1 with venv, or nothing.
find_python() {
  local candidate
  for candidate in "python$1" "${PYENV_ROOT:-$HOME/.pyenv}"/versions/"$1".*/bin/python "/usr/bin/python$1" python3; do
    if [ "$("$candidate" -c 'import sys, venv; print("%d.%d" % sys.version_info[:2])' 2>/dev/null)" = "$1" ]; then
      echo "$candidate"
      return
    fi
  done
}

# The versions to check: 3.11 for ArviZ 0.23, and one of 3.12 and 3.13 for ArviZ 1.x. Says which generation goes unchecked.
arviz_pythons() {
  local modern
  if [ -n "$(find_python 3.11)" ]; then echo 3.11; else echo "*** NO PYTHON 3.11: ArviZ 0.23 is NOT CHECKED ***" >&2; fi
  for modern in 3.12 3.13; do
    if [ -n "$(find_python "$modern")" ]; then
      echo "$modern"
      return
    fi
  done
  echo "*** NO PYTHON 3.12 OR 3.13: ArviZ 1.x is NOT CHECKED ***" >&2
}

# Makes the environment $2 of Python $1 with the requirements $3, unless it is there as they are now.
install_requirements() {
  local wanted
  wanted=$(sha256sum "$3")
  [ "$(cat "$2/requirements.sum" 2>/dev/null)" != "$wanted" ] || return 0
  step "installing $3 for $("$1" --version) into $2"
  rm -rf "$2"
  "$1" -m venv "$2"
  "$2/bin/python" -m pip install --quiet --disable-pip-version-check -r "$3"
  echo "$wanted" >"$2/requirements.sum"
}
