#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The corpora of every fuzz target, replayed under ASan and UBSan: whatever once broke a parser stays mended. Fresh fuzzing
# is a campaign, not a gate.
set -euo pipefail
cd "$1"
targets=()
for source in tests/fuzz/*_fuzz.c; do targets+=("$(basename "$source" .c)"); done
cmake --preset fuzz > /dev/null
cmake --build build/fuzz --target "${targets[@]}"
for target in "${targets[@]}"; do
  corpus=tests/fuzz/corpus/${target%_fuzz}
  [ -n "$(ls -A "$corpus")" ] || { echo "$corpus is empty"; exit 1; }
  more=()
  [ "$target" != sql_fuzz ] || more=(tests/sql/corpus) # the statements the parser's own tests read
  "build/fuzz/tests/$target" -runs=0 -timeout=20 -rss_limit_mb=2048 "$corpus" "${more[@]}"
done
echo "${#targets[@]} corpora replayed, all passed"
