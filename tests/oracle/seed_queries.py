#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The two queries this project began with, verbatim, over bars.csv and trades.csv, equal to DuckDB.

Stage 1 sums per five minutes, Stage 2 relates the deviation of a minute's prices to their mean: 126 values over
trades.csv, and NULL throughout over one-minute bars, where a minute has one price and a sample of one no deviation.

usage: seed_queries.py [VELO]; exit code 77 (skipped) where DuckDB is not installed.
"""
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import velo_json

STAGE_1 = """SELECT symbol, SUM(quantity) as volume
FROM trades
GROUP BY symbol
WINDOW TUMBLING(INTERVAL '5' MINUTE)
EMIT CHANGES"""
STAGE_2 = """-- @metric: price_volatility
-- @metric_type: gauge
-- @alert: volatility > 0.05
SELECT symbol,
       STDDEV(price) / AVG(price) as volatility
FROM trades
GROUP BY symbol
WINDOW TUMBLING(INTERVAL '1' MINUTE)
EMIT CHANGES"""
SOURCES = {
    "bars": ("SELECT ts AS _event_time, symbol, close AS price, volume AS quantity FROM 'data/bars.csv'",
             "SELECT ts::TIMESTAMP AS event_at, symbol, close::DOUBLE AS price, volume::DECIMAL(38,8) AS quantity FROM 'data/bars.csv'"),
    "trades": ("SELECT timestamp AS _event_time, symbol, price, amount AS quantity FROM 'data/trades.csv'",
               "SELECT make_timestamp(timestamp) AS event_at, symbol, price::DOUBLE AS price, amount::DECIMAL(38,8) AS quantity FROM 'data/trades.csv'"),
}


def with_bounds(query):
    """The same query with its window beside its values, so that rows can be told apart."""
    return query.replace("SELECT symbol,", "SELECT symbol, _window_start AS w,", 1)


def newest(rows):
    """What EMIT CHANGES shows in the end: the last row of each window and group."""
    folded = {}
    for row in rows:
        symbol, window, value = row.values()
        folded[window, symbol] = None if value is None else float(value)
    return sorted((window, symbol, value) for (window, symbol), value in folded.items())


def expected(base, source, minutes, value):
    query = f"""SELECT epoch_ms(time_bucket(INTERVAL '{minutes} minutes', event_at, TIMESTAMP '1970-01-01')) AS w, symbol,
                ({value})::DOUBLE FROM ({source}) GROUP BY 1, 2 ORDER BY 1, 2"""
    return base.execute(query).fetchall()


def check(name, got, wanted):
    if velo_json.same_rows(got, wanted, 1e-9):
        print(f"{name}: {len(got)} rows equal")
        return 0
    different = [(a, b) for a, b in zip(got, wanted) if not velo_json.same_rows([a], [b], 1e-9)]
    print(f"{name}: {len(got)} rows, DuckDB has {len(wanted)}; first differences (velo, DuckDB): {different[:5]}")
    return 1


def main():
    try:
        import duckdb
    except ImportError:
        print("skipped: duckdb is not installed")
        sys.exit(77)
    os.environ["VELO"] = velo_json.find_velo()  # the path is relative to where this began
    notebooks = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "notebooks")
    os.chdir(notebooks)
    base, wrong = duckdb.connect(), 0
    for name, (stream, source) in SOURCES.items():
        import tempfile
        with tempfile.TemporaryDirectory() as folder:
            os.symlink(os.path.abspath("data"), os.path.join(folder, "data"))
            preamble = f"CREATE STREAM trades AS {stream};"
            verbatim = velo_json.run([STAGE_1, STAGE_2], folder, preamble)
            first, second = velo_json.run([with_bounds(STAGE_1), with_bounds(STAGE_2)], folder, preamble)
        total = base.execute(f"SELECT COUNT(*) FROM ({source})").fetchone()[0]
        for rows in verbatim:
            if len(rows) != total:
                print(f"{name}: {len(rows)} changes from {total} records: EMIT CHANGES is one row a record")
                wrong += 1
        wrong += check(f"{name}, stage 1", newest(first), expected(base, source, 5, "SUM(quantity)"))
        stage_2 = newest(second)
        wrong += check(f"{name}, stage 2", stage_2, expected(base, source, 1, "STDDEV_SAMP(price) / AVG(price)"))
        values = sum(value is not None for _, _, value in stage_2)
        if values != (126 if name == "trades" else 0):
            print(f"{name}, stage 2: {values} values")
            wrong += 1
    print(f"{wrong} failed")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
