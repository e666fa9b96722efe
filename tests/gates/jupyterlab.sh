#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
set -euo pipefail
cd "$1"
exec "$2/bin/python" -m pytest -q -x --no-header -p no:cacheprovider tests/jupyterlab
