#!/usr/bin/env bash
# Checks folders with the BIDS validator; warnings are allowed, errors are printed and fail.
#
# usage: bash Tests/bids.sh DATASET...       (each raw or derivative dataset on its own)
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ $# -ge 1 ] || { echo "usage: bash Tests/bids.sh DATASET..."; exit 64; }

environment=$here/../.venv-bids
wanted=$(cat "$here/requirements-bids.txt")
if [ "$(cat "$environment/requirements.txt" 2>/dev/null)" != "$wanted" ]; then
  echo "== BIDS validator: installing into .venv-bids"
  rm -rf "$environment"
  python3 -m venv "$environment"
  "$environment/bin/python" -m pip install --quiet --disable-pip-version-check -r "$here/requirements-bids.txt"
  echo "$wanted" >"$environment/requirements.txt"
fi

report=$(mktemp)
trap 'rm -f "$report"' EXIT
failed=0
for dataset in "$@"; do
  status=0
  PATH="$environment/bin:$PATH" "$environment/bin/bids-validator-deno" "$dataset" --format json >"$report" 2>&1 || status=$?
  "$environment/bin/python" - "$report" "$dataset" "$status" <<'PYTHON' || failed=$((failed + 1))
import json, sys

text = open(sys.argv[1]).read()
try:
    issues = json.loads(text[text.index("{"):])["issues"]["issues"]
except (ValueError, KeyError):
    sys.exit(f"{sys.argv[2]}: the validator ended with {sys.argv[3]} and no report:\n{text[-2000:]}")
errors = [issue for issue in issues if issue["severity"] == "error"]
for issue in errors:
    print(f"{sys.argv[2]}: {issue['code']} {issue.get('subCode', '')} {issue.get('location', '')}")
print(f"{sys.argv[2]}: {len(errors)} errors, {len(issues) - len(errors)} warnings")
sys.exit(1 if errors or sys.argv[3] != "0" else 0)
PYTHON
done
[ "$failed" = 0 ] || { echo "BIDS: $failed of $# datasets are not valid"; exit 1; }
echo "BIDS: $# of $# datasets are valid"
