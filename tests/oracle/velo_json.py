# SPDX-License-Identifier: Apache-2.0
"""One `velo` process over one script of many queries; its JSON rows come back per query, told apart by markers."""
import json
import os
import subprocess
import sys


def find_velo():
    for path in (os.environ.get("VELO"), *sys.argv[1:2], "build/release/velo", "build/dev/velo", "build/asan/velo"):
        if path and os.access(path, os.X_OK):
            return os.path.abspath(path)
    sys.exit("velo is not built; give its path as the first argument or in VELO")


def run(queries, folder, preamble=""):
    """Rows of each query as a list of dicts, in order. Exits with the error when a query fails."""
    lines = [preamble]
    for number, query in enumerate(queries):
        lines.append(f"{query};")
        lines.append(f"SELECT {number} AS `query ends`;")
    path = os.path.join(folder, "oracle.sql")
    with open(path, "w", encoding="utf-8") as file:
        file.write("\n".join(lines))
    done = subprocess.run([find_velo(), "run", path, "--format", "json"], capture_output=True, text=True, cwd=folder)
    results, rows = [], []
    for line in done.stdout.splitlines():
        row = json.loads(line)
        if "query ends" in row:
            results.append(rows)
            rows = []
        else:
            rows.append(row)
    if done.returncode != 0:
        query = queries[len(results)] if len(results) < len(queries) else ""
        sys.exit(f"velo failed with {done.returncode} at query {len(results)}:\n{query}\n{done.stderr[-2000:]}")
    return results


def run_both_ways(queries, folder, chance, preamble=""):
    """As run; each query is asked once by one thread over whole batches, and once with a batch size, a number of threads
    and a size of file parts drawn by `chance`. The answers must be the same to the last digit and in the same order."""
    plain = "SET batch.rows = 0; SET exec.threads = 1; SET exec.part_bytes = 0; "
    manners = [f"SET batch.rows = {chance.choice([1, 2, 3, 7, 64, 500, 2047, 2048])}; SET exec.threads = {chance.choice([1, 2, 2, 3])}; "
               f"SET exec.part_bytes = {chance.choice([5, 40, 300, 2000, 20000])}; " for _ in queries]
    asked = [text for query, manner in zip(queries, manners) for text in (plain + query, manner + query)]
    answers = run(asked, folder, preamble)
    for query, manner, one, other in zip(queries, manners, answers[::2], answers[1::2]):
        if json.dumps(one) != json.dumps(other):
            sys.exit(f"the answer depends on how it is computed:\n{manner}\n{query}\n{one[:8]}\n{other[:8]}")
    return answers[::2]


def same(left, right, tolerance=1e-9):
    if isinstance(left, bool):
        left = int(left)
    if isinstance(right, bool):
        right = int(right)
    if left is None or right is None:
        return left is None and right is None
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return left == right or abs(left - right) <= tolerance * max(abs(left), abs(right), 1e-300)
    return str(left) == str(right)


def same_rows(left, right, tolerance=1e-9):
    return len(left) == len(right) and all(
        len(a) == len(b) and all(same(x, y, tolerance) for x, y in zip(a, b)) for a, b in zip(left, right))
