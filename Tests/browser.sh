#!/usr/bin/env bash
# Pages in a real browser: each opens from disk without a console message or a request, axe-core finds nothing, and
# screenshots (1280 and 390 px) and a PDF are written for a look.
#
# usage: bash Tests/browser.sh FOLDER PAGE.html...      (the pictures go to FOLDER)
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
. Examples/prerequisites.sh

[ $# -ge 2 ] || stop "usage: bash Tests/browser.sh FOLDER PAGE.html..."
require_packages chromium chromium-driver fonts-liberation python3 python3-venv
environment=${IVIMBAYES_BROWSER_ENVIRONMENT:-.build/browser-environment}
if [ ! -x "$environment/bin/python" ]; then
  step "python environment with selenium and axe-core"
  python3 -m venv "$environment"
  "$environment/bin/pip" install --quiet -r Tests/requirements-browser.txt
fi
step "pages in headless Chromium"
"$environment/bin/python" Tests/browser_check.py "$@"
