#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Benches at small size: equal results, ratios printed, no threshold but bounded memory.
set -euo pipefail
cd "$1"
exec "$2/bin/python" tests/bench/bench.py --scale 1 --rounds 3
