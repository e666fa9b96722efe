#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# The acceptance cases of the protocol and jupyter_kernel_test, against the sanitized kernel. Nothing may be skipped.
set -euo pipefail
cd "$1"
export VELO_KERNEL=$1/build/asan/velo-kernel
"$2/bin/python" -m pytest -q --no-header -p no:cacheprovider -rs tests/wire | tee build/logs/wire.out
! grep -qE '[0-9]+ skipped' build/logs/wire.out
