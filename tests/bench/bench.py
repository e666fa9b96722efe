#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""velo beside DuckDB in one run: results equal first, then ratios of CPU seconds (what a core does, whoever else is on the
machine) and of elapsed time. `--scale 1` is the gate's size (seconds); campaigns use more. Nothing here has a threshold
but memory: a file four times as long must not need more of it."""
import argparse
import csv
import io
import math
import os
import pathlib
import select
import statistics
import subprocess
import sys
import tempfile
import time

import duckdb

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import clients  # noqa: E402

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--scale", type=float, default=1, help="1: 1 M measurements, 200 K bids")
parser.add_argument("--rounds", type=int, default=3)
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--folder", help="where the inputs are made and kept")
options = parser.parse_args()

BRC_ROWS, BID_ROWS = int(1_000_000 * options.scale), int(200_000 * options.scale)


def make_brc(path, rows):
    duckdb.sql(f"""COPY (SELECT 'station' || (hash(i) % 413) AS station,
        (((hash(i + 7919) % 1599)::INT - 799) / 10.0)::DECIMAL(4,1) AS temperature FROM range({rows}) t(i))
        TO '{path}' (DELIMITER ';', HEADER)""")


def make_bids(path, rows):
    duckdb.sql(f"""COPY (SELECT (1000 + hash(i) % 2000)::BIGINT AS auction, (1000 + hash(i + 31) % 5000)::BIGINT AS bidder,
        (hash(i + 77) % 1000000)::BIGINT AS price, 'channel-' || (hash(i + 5) % 10000) AS channel,
        'https://www.example.org/item/' || hash(i + 11) || '/bid?id=' || hash(i + 13) AS url,
        strftime(TIMESTAMP '2026-01-01 00:00:00' + INTERVAL (i * 100) MICROSECOND, '%Y-%m-%dT%H:%M:%S.%f') AS "dateTime",
        repeat('x', 40 + (hash(i + 3) % 40)::INT) AS extra FROM range({rows}) t(i)) TO '{path}' (FORMAT JSON)""")


def run_velo(sql, output="csv"):
    """Rows, then elapsed and CPU seconds of the whole process. Other outputs than csv are thrown away."""
    environment = dict(os.environ, VELO_THREADS=str(options.threads))
    with tempfile.TemporaryFile() as text, tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        text.write(sql.encode())
        text.seek(0)
        begin = time.monotonic()
        process = subprocess.Popen([clients.VELO, "run", "--format", output, "-"], stdin=text, stdout=out, stderr=err, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        elapsed = time.monotonic() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
        out.seek(0)
        err.seek(0)
        if process.returncode:
            raise SystemExit(f"velo failed:\n{sql}\n{err.read().decode()}")
        rows = list(csv.reader(io.TextIOWrapper(out)))[1:] if output == "csv" else []
    return rows, elapsed, usage.ru_utime + usage.ru_stime


def peak_kib(sql):
    """The high water mark of one run's memory, looked at until it ends: what wait4 says counts this process too, as it was
    when it forked."""
    process = subprocess.Popen([clients.VELO, "run", "--format", "csv", "-"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL, env=dict(os.environ, VELO_THREADS=str(options.threads)))
    process.stdin.write(sql.encode())
    process.stdin.close()
    ended, peak = os.pidfd_open(process.pid), 0
    while not select.select([ended], [], [], 0.002)[0]:
        marks = [line for line in open(f"/proc/{process.pid}/status") if line.startswith("VmHWM")]
        peak = max([peak] + [int(mark.split()[1]) for mark in marks])
    os.close(ended)
    if process.wait() or not peak:
        raise SystemExit(f"velo failed:\n{sql}")
    return peak


def run_duck(sql):
    connection = duckdb.connect()
    connection.execute(f"SET threads = {options.threads}")
    begin, cpu = time.monotonic(), time.process_time()
    rows = connection.execute(sql).fetchall()
    elapsed, cpu = time.monotonic() - begin, time.process_time() - cpu
    return [["" if v is None else str(v) for v in row] for row in rows], elapsed, cpu


def same(ours, theirs):
    """Numbers agree to nine digits, or to 1e-9: an AVG of ours has a fixed number of decimals."""
    def key(row):
        return [float(v) if v.replace(".", "", 1).replace("-", "", 1).isdigit() else v for v in row]

    def near(a, b):
        return math.isclose(a, b, rel_tol=1e-9, abs_tol=1e-9) if isinstance(a, float) and isinstance(b, float) else a == b
    ours, theirs = sorted(map(key, ours)), sorted(map(key, theirs))
    return len(ours) == len(theirs) and all(len(a) == len(b) and all(map(near, a, b)) for a, b in zip(ours, theirs))


def compare(name, rows, ours, theirs):
    velo, duck = [], []
    for _ in range(options.rounds):
        ours_rows, *figures = run_velo(ours)
        velo.append(figures)
        theirs_rows, *figures = run_duck(theirs)
        duck.append(figures)
        if not same(ours_rows, theirs_rows):
            raise SystemExit(f"{name}: results differ\n{sorted(ours_rows)[:3]}\n{sorted(theirs_rows)[:3]}")
    (velo_wall, velo_cpu), (duck_wall, duck_cpu) = (map(statistics.median, zip(*times)) for times in (velo, duck))
    cpu = sorted(figures[1] for figures in velo)
    print(f"{name:<18} {rows:>11,} rows  CPU: velo {velo_cpu:6.3f} s ({cpu[0]:.3f}-{cpu[-1]:.3f})  duckdb {duck_cpu:6.3f} s"
          f"  ratio {duck_cpu / velo_cpu:5.2f}x  {rows / velo_cpu / 1e6:6.2f} M rows/s"
          f"  elapsed: {velo_wall:.3f} s, {duck_wall:.3f} s, {duck_wall / velo_wall:.2f}x", flush=True)


def changes(name, rows, sql):
    """Row updates a second, as the query folds them for a table; nothing in DuckDB does this."""
    runs = [run_velo(sql, "table")[1:] for _ in range(options.rounds)]
    wall, cpu = map(statistics.median, zip(*runs))
    print(f"{name:<18} {rows:>11,} rows  CPU: velo {cpu:6.3f} s  {rows / cpu / 1e6:6.2f} M row updates/s  elapsed: {wall:.3f} s", flush=True)


def main(folder):
    brc, brc4, bids = folder / "brc.csv", folder / "brc4.csv", folder / "bids.ndjson"
    for path, make, rows in ((brc, make_brc, BRC_ROWS), (brc4, make_brc, BRC_ROWS * 4), (bids, make_bids, BID_ROWS)):
        if not path.exists():
            make(path, rows)
    print(f"velo beside DuckDB {duckdb.__version__}, {options.threads} thread(s), process start included for velo")
    source = f"FROM '{brc}' WITH ('brc.delimiter' = ';')"
    compare("1brc", BRC_ROWS, f"SELECT station, MIN(temperature), AVG(temperature), MAX(temperature) {source} GROUP BY station;",
            f"SELECT station, min(temperature), avg(temperature), max(temperature) FROM read_csv('{brc}', delim=';',"
            " header=true, columns={'station': 'VARCHAR', 'temperature': 'DECIMAL(18,1)'}) GROUP BY station")
    columns = ("{'auction': 'BIGINT', 'bidder': 'BIGINT', 'price': 'BIGINT', 'channel': 'VARCHAR', 'url': 'VARCHAR',"
               " 'dateTime': 'TIMESTAMP', 'extra': 'VARCHAR'}")
    read = f"read_json('{bids}', format='newline_delimited', columns={columns})"
    compare("ndjson projection", BID_ROWS, f"SELECT COUNT(auction), SUM(price) FROM '{bids}';", f"SELECT count(auction), sum(price) FROM {read}")
    compare("ndjson tumble", BID_ROWS,
            f"SELECT auction, COUNT(*), SUM(price), MAX(price) FROM '{bids}' GROUP BY auction WINDOW TUMBLING(`dateTime`, 10s);",
            f"SELECT auction, count(*), sum(price), max(price) FROM {read} GROUP BY auction, time_bucket(INTERVAL 10 SECOND, \"dateTime\")")
    changes("tumble changes", BID_ROWS, f"SELECT auction, COUNT(*), SUM(price), MAX(price) FROM '{bids}' GROUP BY auction"
            " WINDOW TUMBLING(`dateTime`, 10s) EMIT CHANGES;")
    grouped = "SELECT station, COUNT(*) FROM '{}' WITH ('{}.delimiter' = ';') GROUP BY station;"
    small, large = peak_kib(grouped.format(brc, "brc")), peak_kib(grouped.format(brc4, "brc4"))
    print(f"peak memory        {BRC_ROWS:,} rows {small / 1024:.1f} MiB, {BRC_ROWS * 4:,} rows {large / 1024:.1f} MiB")
    if large > small * 1.5 + 2048:
        raise SystemExit("memory grows with the file")
    print("4 passed, 0 failed")


if __name__ == "__main__":
    if options.folder:
        pathlib.Path(options.folder).mkdir(parents=True, exist_ok=True)
        main(pathlib.Path(options.folder))
    else:
        with tempfile.TemporaryDirectory() as scratch:
            main(pathlib.Path(scratch))
