#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Every gate. Works from a bare checkout on Debian 12: installs what the tests need, builds, runs, and ends with one line
# `N passed, N failed`. Logs of each gate are in build/logs. `tests/run.sh NAME...` runs only the gates named.
set -uo pipefail
cd "$(dirname "$0")/.."
root=$PWD
logs=$root/build/logs
venv=$root/build/venv
passed=0
failed=0
skipped=()
failures=()
wanted=" $* "
mkdir -p "$logs"
export XDG_STATE_HOME=$root/build/state XDG_CACHE_HOME=$root/build/cache
# Small bounds: a test of an unbounded query waits for its bound.
export VELO_BOUND_SECONDS=3 PYTHONDONTWRITEBYTECODE=1
export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0 UBSAN_OPTIONS=print_stacktrace=1
export CMAKE_C_COMPILER_LAUNCHER=ccache

# gate NAME COMMAND...: runs one gate with its output in a log; the end of the log is shown when it fails.
gate() {
  local name=$1 begin=$SECONDS
  shift
  if [ "$wanted" != "  " ] && [[ $wanted != *" $name "* ]]; then return 0; fi
  if "$@" > "$logs/$name.log" 2>&1 < /dev/null; then
    passed=$((passed + 1))
    printf 'ok    %-14s %4d s  %s\n' "$name" $((SECONDS - begin)) "$(grep -aE 'passed|tests passed|no finding' "$logs/$name.log" | tail -n 1 | cut -c1-90)"
  else
    failed=$((failed + 1))
    failures+=("$name")
    printf 'FAIL  %-14s %4d s  %s\n' "$name" $((SECONDS - begin)) "build/logs/$name.log"
    tail -n 60 "$logs/$name.log" | sed 's/^/      /'
  fi
}

install_packages() {
  local missing=() sudo=()
  for package in $(cat notebooks/debian-12.txt tests/debian-12.txt); do
    if [ "$package" = npm ] && command -v npm > /dev/null; then continue; fi
    if [ "$package" = nodejs ] && command -v node > /dev/null; then continue; fi
    dpkg-query -W -f='${Status}' "$package" 2> /dev/null | grep -q 'ok installed' || missing+=("$package")
  done
  [ ${#missing[@]} -eq 0 ] && return 0
  [ "$(id -u)" -eq 0 ] || sudo=(sudo)
  echo "installing ${missing[*]}"
  "${sudo[@]}" apt-get update -qq && DEBIAN_FRONTEND=noninteractive "${sudo[@]}" apt-get install -y -qq --no-install-recommends "${missing[@]}"
}

install_python() {
  [ -e "$venv/.done" ] && cmp -s tests/requirements.txt "$venv/.done" && return 0
  /usr/bin/python3 -m venv "$venv" && "$venv/bin/pip" install -q -r tests/requirements.txt && cp tests/requirements.txt "$venv/.done"
}

# The venv's Python has the oracles. A test that ctest skips counts as skipped; CI allows none.
unit_tests() {
  PATH=$venv/bin:$PATH ctest --test-dir build/asan --output-on-failure -j2 || return 1
  local names
  names=$(sed -n 's/.*- \([a-z_]*\) (Skipped)/\1/p' build/asan/Testing/Temporary/LastTestsFailed.log 2> /dev/null | tr '\n' ' ')
  [ -z "$names" ] || { skipped+=("$names"); [ -z "${CI:-}" ]; }
}

build() { cmake --preset "$1" && cmake --build "build/$1"; }

# Every header compiles alone: none leans on what stands before it in some file.
build_with_headers() { build dev && cmake --build build/dev --target all_verify_interface_header_sets; }

gate packages install_packages
gate python install_python
gate tidy python3 tests/tidy/tidy.py "$root"
gate gcc build_with_headers
gate clang build clang
gate asan build asan
gate tsan build tsan
gate release build release
gate units unit_tests
# The programs that start threads, and every text case; what drives velo from outside with huge inputs is ASan's.
gate concurrency ctest --test-dir build/tsan --output-on-failure -R 'concurrency_|sql_cases'
for script in tests/gates/*.sh; do
  [ -e "$script" ] || continue
  gate "$(basename "$script" .sh)" bash "$script" "$root" "$venv"
done

echo
[ ${#skipped[@]} -eq 0 ] || printf 'skipped: %s\n' "${skipped[*]}"
[ ${#failures[@]} -eq 0 ] || printf 'failed: %s\n' "${failures[*]}"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
