#!/usr/bin/env bash
# Pages in a real browser: each opens from disk without a console message or a request, axe-core finds nothing, nothing is
# wider than the window, and screenshots (1280 and 390 px) and a PDF are written for a look.
#
# usage: bash Tests/browser.sh FOLDER PAGE.html...      (the pictures go to FOLDER)
# Where Chromium or axe-core cannot be had it says so and ends well: every other check of pages needs no browser.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. Examples/prerequisites.sh

[ $# -ge 2 ] || stop "usage: bash Tests/browser.sh FOLDER PAGE.html..."

skip() {
  echo "*** SKIPPED: pages in a browser, because $* ***"
  exit 0
}

if ! (require_packages chromium chromium-driver fonts-liberation python3 python3-venv); then
  skip "Chromium is not here and cannot be installed"
fi
environment=${IVIMBAYES_BROWSER_ENVIRONMENT:-.build/browser-environment}
if [ ! -x "$environment/bin/python" ] || ! "$environment/bin/python" -c 'import selenium, axe_playwright_python' 2>/dev/null; then
  step "python environment with selenium and axe-core"
  python3 -m venv "$environment" && "$environment/bin/pip" install --quiet -r Tests/requirements-browser.txt ||
    skip "selenium and axe-core cannot be installed"
fi
step "pages in headless Chromium"
"$environment/bin/python" Tests/browser_check.py "$@"
