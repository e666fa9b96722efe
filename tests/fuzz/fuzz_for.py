#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Runs one fuzz target until it has used the CPU minutes asked for, so that a loaded machine fuzzes as much as an idle one.

The corpus grows in --kept; what is in tests/fuzz/corpus is where it begins. What was spent is kept there too: stopped and
started again, it goes on, and asked for less than that it says how far it came. Ends at the first finding, with the
input that makes it."""
import argparse
import json
import pathlib
import re
import resource
import subprocess
import sys

SLICE_SECONDS = 120
ROOT = pathlib.Path(__file__).resolve().parents[2]
parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("target", type=pathlib.Path)
parser.add_argument("--minutes", type=float, default=30)
parser.add_argument("--kept", type=pathlib.Path, required=True)
options = parser.parse_args()

name = options.target.name.removesuffix("_fuzz")
kept = options.kept / name
kept.mkdir(parents=True, exist_ok=True)


def cpu_minutes():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (usage.ru_utime + usage.ru_stime) / 60


state = options.kept / f"{name}.json"
spent = {"minutes": 0, "runs": 0, "coverage": ("?", "?")}
if state.exists():
    spent = json.loads(state.read_text())
while spent["minutes"] < options.minutes:
    before = cpu_minutes()
    done = subprocess.run([options.target, f"-max_total_time={SLICE_SECONDS}", "-print_final_stats=1", "-rss_limit_mb=4096",
                           f"-artifact_prefix={options.kept}/{name}-", kept, ROOT / "tests/fuzz/corpus" / name],
                          capture_output=True, text=True, errors="replace")
    if done.returncode:
        print(f"{name}: FOUND SOMETHING after {spent['minutes'] + cpu_minutes() - before:.1f} CPU minutes\n{done.stderr[-3000:]}")
        sys.exit(1)
    spent["minutes"] += cpu_minutes() - before
    spent["runs"] += int(re.search(r"number_of_executed_units:\s*(\d+)", done.stderr)[1])
    spent["coverage"] = re.findall(r"cov: (\d+) ft: (\d+)", done.stderr)[-1]
    state.write_text(json.dumps(spent))
print(f"{name}: {spent['minutes']:.1f} CPU minutes, {spent['runs']:,} runs, {spent['coverage'][0]} edges and "
      f"{spent['coverage'][1]} features covered, {len(list(kept.iterdir())):,} inputs kept, nothing found")
