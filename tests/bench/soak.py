#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Cells, interrupts and replays against two kernels: one lives all the time, the other is started again each ten minutes.
Memory, descriptors and message ids are watched. Prints one line a minute and a verdict; RSS of the lasting one may grow by
less than 5 % after the first minute, before which its memory of signatures is filled."""
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

REMEMBERED_SIGNATURES = 65536
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


class Watched:
    """A kernel, a client of it, and what was found wrong with it."""

    def __init__(self, ids, failures):
        self.ids, self.failures, self.first, self.most = ids, failures, None, 0
        self.is_filled = False
        self.kernel = harness.Kernel()
        self.client = self.kernel.client()

    def fill_replay_memory(self):
        """A kernel remembers the signatures of its newest requests; it grows by design until it has that many."""
        for _ in range(REMEMBERED_SIGNATURES):
            self.client.until_idle(self.client.send("kernel_info_request"))
            self.client.seen.clear()
            self.client.unread["shell"].clear()
            self.client.receive("shell")
        self.is_filled = True

    def run_cell(self, chance):
        if chance.random() < 0.05:
            request = self.client.execute(REPLAY)
            self.client.until_shown(request)
            self.client.stop_cell(request, 30)
            messages = self.client.of(request)
        else:
            _, messages = self.client.run(chance.choice(CELLS), seconds=60)
        for message in messages:
            if message["msg_id"] in self.ids:
                self.failures.append(f"message id twice: {message['msg_id']}")
            self.ids.add(message["msg_id"])
        self.client.seen.clear()

    def look(self):
        rss, fds = facts(self.kernel.process.pid)
        self.first = self.first or (rss, fds)
        self.most = max(self.most, rss)
        if fds != self.first[1]:
            self.failures.append(f"descriptors went from {self.first[1]} to {fds}")
        return f"RSS {rss / 1024:5.1f} MiB {fds} descriptors"

    def end(self):
        self.look()
        if self.is_filled and self.most > self.first[0] * 1.05:
            self.failures.append(f"RSS grew from {self.first[0]} to {self.most} KiB")
        self.kernel.stop()


def main():
    chance = random.Random(options.seed)
    ids, failures, cells, restarts = set(), [], 0, 0
    steady, other = Watched(ids, failures), Watched(ids, failures)
    steady.fill_replay_memory()
    begin, minutes = time.monotonic(), 1
    while time.monotonic() < begin + options.minutes * 60:
        (other if chance.random() < 0.2 else steady).run_cell(chance)
        cells += 1
        if time.monotonic() > begin + minutes * 60:
            print(f"{minutes:>3} min {cells:>7,} cells  {steady.look()}, restarted one {other.look()}, {len(ids):,} ids", flush=True)
            if minutes % 10 == 0:
                other.end()
                other, restarts = Watched(ids, failures), restarts + 1
            minutes += 1
    for watched in (steady, other):
        watched.end()
    print(f"{cells:,} cells, {restarts} restarts, {len(ids):,} message ids; " + ("; ".join(failures) or "nothing grew"))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
