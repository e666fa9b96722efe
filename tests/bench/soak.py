#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Cells, interrupts and replays against one kernel, with a restart each ten minutes: memory, descriptors and message ids
are watched. Prints one line a minute and a verdict; RSS may grow by less than 5 % after the first minute."""
import argparse
import os
import pathlib
import random
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "wire"))
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import clients  # noqa: E402

os.environ.setdefault("VELO_KERNEL", str(clients.KERNEL))
import harness  # noqa: E402

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--minutes", type=float, default=60)
parser.add_argument("--seed", type=int, default=1)
options = parser.parse_args()

TRADES = clients.ROOT / "notebooks/data/trades.csv"
BARS = clients.ROOT / "notebooks/data/bars.csv"
CELLS = [
    f"SELECT side, SUM(amount) AS amount FROM '{TRADES}' GROUP BY side;",
    f"SELECT symbol, STDDEV(close) AS s FROM '{BARS}' GROUP BY symbol WINDOW TUMBLING(1h);",
    f"SELECT symbol, SUM(volume) AS v FROM '{BARS}' GROUP BY symbol WINDOW TUMBLING(1h) EMIT CHANGES;",
    f"CREATE OR REPLACE STREAM t AS SELECT ts AS _event_time, symbol, close FROM '{BARS}'; SELECT COUNT(*) FROM t;",
    "SELECT * FROM _ LIMIT 5;", "%viz explain", "%tables", "SELECT nothing FROM nowhere;", "SELECT (", "%echo --repeat 500 line", "%help",
]
REPLAY = f"SELECT side, SUM(amount) AS amount FROM '{TRADES}' WITH ('trades.replay' = '600') GROUP BY side EMIT CHANGES;"


def facts(pid):
    rss = next(int(line.split()[1]) for line in open(f"/proc/{pid}/status") if line.startswith("VmRSS"))
    return rss, len(os.listdir(f"/proc/{pid}/fd"))


def main():
    chance = random.Random(options.seed)
    end = time.monotonic() + options.minutes * 60
    kernel = harness.Kernel()
    client = kernel.client()
    ids, cells, restarts, first = set(), 0, 0, None
    minute, restart_at = time.monotonic() + 60, time.monotonic() + 600
    failures = []
    while time.monotonic() < end:
        if chance.random() < 0.05:
            request = client.execute(REPLAY)
            client.until_shown(request)
            _, messages = client.stop_cell(request, 30)[0], client.of(request)
        else:
            _, messages = client.run(chance.choice(CELLS), seconds=60)
        cells += 1
        for message in messages:
            if message["msg_id"] in ids:
                failures.append(f"message id twice: {message['msg_id']}")
            ids.add(message["msg_id"])
        if time.monotonic() > minute:
            minute += 60
            rss, fds = facts(kernel.process.pid)
            first = first or (rss, fds)
            print(f"{cells:>7,} cells  RSS {rss / 1024:6.1f} MiB  {fds} descriptors  {len(ids):,} ids", flush=True)
        if time.monotonic() > restart_at:
            restart_at += 600
            rss, fds = facts(kernel.process.pid)
            if first and rss > first[0] * 1.05:
                failures.append(f"RSS grew from {first[0]} to {rss} KiB")
            if first and fds != first[1]:
                failures.append(f"descriptors went from {first[1]} to {fds}")
            kernel.stop()
            kernel, first = harness.Kernel(), None
            client = kernel.client()
            restarts += 1
    rss, fds = facts(kernel.process.pid)
    if first and rss > first[0] * 1.05:
        failures.append(f"RSS grew from {first[0]} to {rss} KiB")
    kernel.stop()
    print(f"{cells:,} cells, {restarts} restarts, {len(ids):,} message ids; " + ("; ".join(failures) or "nothing grew"))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
