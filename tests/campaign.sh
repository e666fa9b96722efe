#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Campaigns are long and never part of CI: `tests/campaign.sh fuzz|bench|kernel|queries|windows|soak|memory [ARGUMENTS]`. Each appends date,
# command and figures to tests/campaigns/<name>.md, which is committed. They use the builds and the venv of tests/run.sh
# and can be stopped and started again: fuzz corpora and bench inputs are kept under build/campaigns.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
kept=$root/build/campaigns
python=$root/build/venv/bin/python
name=${1:-}
[ $# -eq 0 ] || shift
mkdir -p "$kept" tests/campaigns

# record NAME COMMAND...: shows the output and appends it to the campaign's page.
record() {
  local page=tests/campaigns/$1.md
  shift
  [ -e "$page" ] || printf '# Campaign: %s\n\nNewest at the end. Machine: %s cores, %s.\n' "$name" "$(nproc)" \
    "$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)" > "$page"
  {
    printf '\n## %s, commit %s\n\n`%s`\n\n```\n' "$(date -u +%Y-%m-%dT%H:%MZ)" "$(git rev-parse --short HEAD)" "${*//$root\//}"
    "$@" 2>&1 | sed -u "s|$root/||g" || echo "ended with an error"
    printf '```\n'
  } | tee -a "$page"
}

# fuzz [MINUTES [TARGET...]]: CPU minutes for each target, two targets at a time.
fuzz() {
  local minutes=${1:-30}
  [ $# -eq 0 ] || shift
  cmake --preset fuzz > /dev/null && cmake --build build/fuzz > /dev/null
  [ $# -gt 0 ] || set -- sql csv json frames connection parameters
  record fuzz xargs -a <(printf '%s\n' "$@") -P 2 -I{} "$python" tests/fuzz/fuzz_for.py "build/fuzz/tests/{}_fuzz" --minutes "$minutes" --kept "$kept/fuzz"
}

# memory [CASE...]: each allocation of a text case fails once, under ASan.
memory() {
  cmake --preset asan > /dev/null && cmake --build build/asan --target sql_runner > /dev/null
  [ $# -gt 0 ] || set -- bad_input/division_by_zero bad_input/failed_and_late_tables bad_input/overflow create/table_windowed \
    emit/changes_per_key_and_pane files/csv_quoting files/json_array group/alias_and_position order/changes_leaderboard \
    results/kept seed/stage_1_bars windows/group_tumble
  set -- "${@/#/tests/sql/}"
  record memory build/asan/tests/sql_runner --torture "${@/%/.test}"
}

case $name in
  memory) memory "$@" ;;
  fuzz) fuzz "$@" ;;
  bench) record bench "$python" tests/bench/bench.py --scale "${1:-50}" --rounds "${2:-5}" --threads "${3:-1}" --folder "$kept/bench" ;;
  kernel) record kernel "$python" tests/bench/kernel_bench.py "$@" ;;
  queries) record queries "$python" tests/oracle/random_queries.py build/release/velo --count "${1:-10000}" --rows 3000 ;;
  windows) record windows "$python" tests/oracle/random_windows.py build/release/velo --count "${1:-2000}" ;;
  soak) record soak "$python" tests/bench/soak.py --minutes "${1:-60}" ;;
  *)
    sed -n '3,5s/^# //p' "$0"
    exit 2
    ;;
esac
