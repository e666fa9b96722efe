#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every row of the chart table against the Vega-Lite schema, drawn headless and compared with our SVG.
set -euo pipefail
cd "$1"
exec sh tests/charts/check.sh build/asan
