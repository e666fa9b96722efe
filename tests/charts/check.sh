#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# check.sh BUILD [OUT]: every chart of the samples against the Vega-Lite v5 schema, compiled and drawn without a browser,
# compared with our own SVG. Needs node and npm; packages are installed once into BUILD/charts-check.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=$(cd "$1" && pwd)
out=${2:-$build/charts-check/out}
mkdir -p "$build/charts-check" "$out"
cp "$here/package.json" "$here/check_charts.mjs" "$build/charts-check/"
cd "$build/charts-check"
if ! cmp -s package.json installed.json; then
  npm install --no-audit --no-fund --no-package-lock --loglevel=error
  cp package.json installed.json
fi
rm -f "$out"/*.vl.json "$out"/*.svg "$out"/*.txt
"$build/tests/chart_dump" "$out"
exec node check_charts.mjs "$out"
