#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The engine beside other engines: the first two queries and random windows beside DuckDB, 500 random queries beside
# SQLite. Each prints its seed; VELO_SEED repeats a run. What ctest may skip for want of DuckDB may not be skipped here.
set -euo pipefail
cd "$1"
velo=$1/build/release/velo
[ -x "$velo" ] || velo=$1/build/dev/velo
python=$2/bin/python
"$python" -c 'import duckdb; print("DuckDB", duckdb.__version__)'
"$python" tests/oracle/seed_queries.py "$velo"
"$python" tests/oracle/random_queries.py "$velo" --count 500
"$python" tests/oracle/random_windows.py "$velo" --count 300
echo "oracle: passed"
