#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The first two queries of the project over real data, equal to DuckDB; 500 random queries, equal to SQLite.
set -euo pipefail
cd "$1"
"$2/bin/python" tests/oracle/seed_queries.py build/release/velo
"$2/bin/python" tests/oracle/random_queries.py build/release/velo
