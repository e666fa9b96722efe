#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Real clients over the release build: demo.sh, nbclient, papermill, nbconvert.
set -euo pipefail
cd "$1"
exec "$2/bin/python" -m pytest -q --durations=5 --no-header -p no:cacheprovider tests/notebooks
