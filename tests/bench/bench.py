#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""velo beside DuckDB in one run: results equal first, then ratios. `--scale 1` is the gate's size (seconds); campaigns
use more. Nothing here has a threshold but memory: a file four times as long must not need more of it."""
import argparse
import csv
import io
import os
import pathlib
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


def run_velo(sql):
    begin = time.monotonic()
    process = subprocess.Popen([clients.VELO, "run", "--format", "csv", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE)
    out, err = process.communicate(sql.encode())
    if process.returncode:
        raise SystemExit(f"velo failed:\n{sql}\n{err.decode()}")
    return list(csv.reader(io.StringIO(out.decode())))[1:], time.monotonic() - begin


def peak_kib(sql):
    """Peak resident memory of one run, as the kernel counted it for that child alone."""
    read, write = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.dup2(read, 0)
        null = os.open("/dev/null", os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        os.close(write)
        os.execv(clients.VELO, [str(clients.VELO), "run", "--format", "csv", "-"])
    os.close(read)
    os.write(write, sql.encode())
    os.close(write)
    return os.wait4(pid, 0)[2].ru_maxrss


def run_duck(sql):
    connection = duckdb.connect()
    connection.execute(f"SET threads = {options.threads}")
    begin = time.monotonic()
    rows = connection.execute(sql).fetchall()
    return [["" if v is None else str(v) for v in row] for row in rows], time.monotonic() - begin


def same(ours, theirs):
    def key(row):
        return [f"{float(v):.9g}" if v.replace(".", "", 1).replace("-", "", 1).isdigit() else v for v in row]
    return sorted(map(key, ours)) == sorted(map(key, theirs))


def compare(name, rows, ours, theirs):
    velo_times, duck_times = [], []
    for _ in range(options.rounds):
        ours_rows, seconds = run_velo(ours)
        velo_times.append(seconds)
        theirs_rows, seconds = run_duck(theirs)
        duck_times.append(seconds)
        if not same(ours_rows, theirs_rows):
            raise SystemExit(f"{name}: results differ\n{sorted(ours_rows)[:3]}\n{sorted(theirs_rows)[:3]}")
    velo, duck = statistics.median(velo_times), statistics.median(duck_times)
    print(f"{name:<18} {rows:>11,} rows  velo {velo:7.3f} s ({min(velo_times):.3f}-{max(velo_times):.3f})"
          f"  duckdb {duck:7.3f} s ({min(duck_times):.3f}-{max(duck_times):.3f})  ratio {duck / velo:5.2f}x"
          f"  {rows / velo / 1e6:6.2f} M rows/s", flush=True)


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
    grouped = "SELECT station, COUNT(*) FROM '{}' WITH ('{}.delimiter' = ';') GROUP BY station;"
    small, large = peak_kib(grouped.format(brc, "brc")), peak_kib(grouped.format(brc4, "brc4"))
    print(f"peak memory        {BRC_ROWS:,} rows {small / 1024:.1f} MiB, {BRC_ROWS * 4:,} rows {large / 1024:.1f} MiB")
    if large > small * 1.5 + 8192:
        raise SystemExit("memory grows with the file")
    print("4 passed, 0 failed")


if __name__ == "__main__":
    if options.folder:
        pathlib.Path(options.folder).mkdir(parents=True, exist_ok=True)
        main(pathlib.Path(options.folder))
    else:
        with tempfile.TemporaryDirectory() as scratch:
            main(pathlib.Path(scratch))
