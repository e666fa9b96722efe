#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Random grouped, windowed, filtered and ordered queries over real files, answered by velo and by DuckDB.

bars.csv and trades.csv by event time, flights.json, seattle-weather.csv, and a file full of NULLs. Every row must be the
same; rows of ordered queries in the same order, as far as the keys decide it.

usage: random_windows.py [VELO] [--seed N] [--count N]. The seed is printed; the same seed asks the same questions.
"""
import argparse
import datetime
import decimal
import os
import random
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import velo_json


class Source:
    """One file: how velo and DuckDB read it, and which of its columns are what."""

    def __init__(self, velo, duck, time, texts, numbers):
        self.velo, self.duck, self.time, self.texts, self.numbers = velo, duck, time, texts, numbers


SOURCES = {
    "bars": Source("'data/bars.csv'",
                   "SELECT ts::TIMESTAMP AS event_at, symbol, open::DECIMAL(18,8) AS open, high::DECIMAL(18,8) AS high,"
                   " close::DECIMAL(18,8) AS close, volume::DECIMAL(18,8) AS volume FROM read_csv('data/bars.csv', all_varchar=true)",
                   "ts", ["symbol"], ["open", "high", "close", "volume"]),
    "trades": Source("'data/trades.csv'",
                     "SELECT make_timestamp(timestamp::BIGINT) AS event_at, symbol, side, id::BIGINT AS id,"
                     " price::DECIMAL(18,2) AS price, amount::DECIMAL(18,3) AS amount FROM read_csv('data/trades.csv', all_varchar=true)",
                     "timestamp", ["symbol", "side"], ["price", "amount", "id"]),
    "flights": Source("'data/flights.json'",
                      "SELECT strptime(date, '%Y/%m/%d %H:%M') AS event_at, delay::BIGINT AS delay, distance::BIGINT AS distance,"
                      " origin, destination FROM read_json('data/flights.json', columns={'date':'VARCHAR','delay':'BIGINT',"
                      "'distance':'BIGINT','origin':'VARCHAR','destination':'VARCHAR'})",
                      "date", ["origin", "destination"], ["delay", "distance"]),
    "weather": Source("'data/seattle-weather.csv'",
                      "SELECT date::TIMESTAMP AS event_at, weather, precipitation::DECIMAL(18,1) AS precipitation,"
                      " temp_max::DECIMAL(18,1) AS temp_max, wind::DECIMAL(18,1) AS wind FROM read_csv('data/seattle-weather.csv', all_varchar=true)",
                      "date", ["weather"], ["precipitation", "temp_max", "wind"]),
    "holes": Source("'holes.csv'",
                    "SELECT ts::TIMESTAMP AS event_at, k, j, n::BIGINT AS n, d::DECIMAL(18,2) AS d, f::DOUBLE AS f"
                    " FROM read_csv('holes.csv', all_varchar=true, nullstr='', allow_quoted_nulls=false)",
                    "ts", ["k", "j"], ["n", "d", "f"]),
}
SIZES = [("1m", "1 minute"), ("INTERVAL '5' MINUTE", "5 minutes"), ("'30 minutes'", "30 minutes"), ("1h", "1 hour"),
         ("INTERVAL 6 HOUR", "6 hours"), ("1d", "1 day")]


def write_holes(path, chance):
    """600 rows in order of time, each value missing now and then."""
    at = datetime.datetime(2024, 2, 28, 22)
    with open(path, "w", encoding="utf-8") as file:
        file.write("ts,k,j,n,d,f\n")
        for _ in range(600):
            at += datetime.timedelta(seconds=chance.choice([0, 1, 7, 60, 333]))
            row = [chance.choice(["a", "b", "B", "zz"]), chance.choice(["x", "y"]), str(chance.randint(-50, 50)),
                   f"{chance.randint(-9999, 9999) / 100:.2f}", f"{chance.choice([0.5, 0.25, 1.5, 2.0, -3.0])}e{chance.randint(0, 2)}"]
            row = ["" if chance.random() < 0.2 else value for value in row]
            file.write(",".join([at.isoformat(sep=" ")] + row) + "\n")


class Asker:
    def __init__(self, chance):
        self.chance = chance

    def number(self, source, depth=1):
        column = self.chance.choice(source.numbers)
        kind = self.chance.randrange(7)
        if depth == 0 or kind < 3:
            return column
        other = self.number(source, depth - 1)
        return [f"({column} + {other})", f"({column} - {other})", f"ABS({column})", f"COALESCE({column}, 0)"][kind - 3]

    def condition(self, source):
        kind = self.chance.randrange(5)
        column = self.chance.choice(source.numbers)
        text = self.chance.choice(source.texts)
        if kind == 0:
            return f"{column} {self.chance.choice(['>', '<', '>=', '<>'])} {self.chance.choice(['0', '10', '0.5', '-2.25', '9690'])}"
        if kind == 1:
            return f"{text} {self.chance.choice(['LIKE', 'NOT LIKE'])} '{self.chance.choice(['%a%', 'b%', '_u%', 'S%', '%'])}'"
        if kind == 2:
            return f"{column} {self.chance.choice(['', 'NOT '])}BETWEEN {self.chance.choice(['-1', '0', '0.01'])} AND {self.chance.choice(['20', '500'])}"
        if kind == 3:
            return f"{text} {self.chance.choice(['', 'NOT '])}IN ('ADA', 'buy', 'rain', 'a', 'ATL', 'x')"
        return f"{column} IS {self.chance.choice(['', 'NOT '])}NULL"

    def where(self, source):
        kind = self.chance.randrange(5)
        if kind < 2:
            return ""
        if kind == 2:
            return f" WHERE {self.condition(source)}"
        join = self.chance.choice(["AND", "OR", "AND NOT"])
        return f" WHERE {self.condition(source)} {join} ({self.condition(source)})"

    def aggregate(self, source):
        value = self.number(source)
        kind = self.chance.randrange(11)
        if kind == 0:
            return "COUNT(*)"
        if kind == 1:
            return f"COUNT(DISTINCT {self.chance.choice(source.texts + source.numbers)})"
        if kind == 2:
            return f"SUM({value}) FILTER (WHERE {self.condition(source)})"
        if kind == 3:
            return f"COUNT(*) FILTER (WHERE {self.condition(source)})"
        if kind == 4:
            return f"SUM(CASE WHEN {self.condition(source)} THEN {value} ELSE 0 END)"
        if kind == 5:
            return f"MAX({value}) - MIN({value})"
        if kind == 6:
            return f"{self.chance.choice(['MIN', 'MAX'])}({self.chance.choice(source.texts)})"
        if kind == 7:
            return f"STDDEV({value})"
        return f"{self.chance.choice(['SUM', 'AVG', 'MIN', 'MAX', 'COUNT'])}({value})"

    def query(self):
        """(velo, DuckDB, whether the order of rows is decided)."""
        name = self.chance.choice(list(SOURCES))
        source = SOURCES[name]
        keys = self.chance.sample(source.texts, self.chance.randint(0, len(source.texts)))
        if keys and self.chance.random() < 0.2:
            keys[0] = f"CASE WHEN {self.condition(source)} THEN {keys[0]} ELSE 'none' END"
        values = [self.aggregate(source) for _ in range(self.chance.randint(1, 3))]
        window = self.chance.random() < 0.5 and self.chance.choice(SIZES)
        keys_as = "".join(f"{key} AS k{i}, " for i, key in enumerate(keys))
        values_as = ", ".join(f"{value} AS v{i}" for i, value in enumerate(values))
        where = self.where(source)
        groups = [self.chance.choice([f"k{i}", str(i + 1)]) for i in range(len(keys))]
        velo = f"SELECT {keys_as}{'_window_start AS w, ' if window else ''}{values_as} FROM {source.velo}{where}"
        time = f"time_bucket(INTERVAL '{window[1]}', event_at, TIMESTAMP '1970-01-01')" if window else ""
        duck = f"SELECT {keys_as}{f'epoch_ms({time}) AS w, ' if window else ''}{values_as} FROM ({source.duck}){where}"
        duck_groups = [str(i + 1) for i in range(len(keys))] + ([time] if window else [])
        clauses = []
        if groups:
            clauses.append(" GROUP BY " + ", ".join(groups))
        if window:
            clauses.append(f" WINDOW TUMBLING({self.chance.choice(['', source.time + ', '])}{window[0]})")
        duck += " GROUP BY " + ", ".join(duck_groups) if duck_groups else ""
        if self.chance.random() < 0.35 and (keys or window):
            having = f" HAVING {self.having(source)}"
            clauses.append(having)
            duck += having
        self.chance.shuffle(clauses)
        velo += "".join(clauses)
        ordered = bool(keys) and not window and self.chance.random() < 0.6
        if ordered:
            velo, duck = self.order(source, velo, duck, len(keys))
        return velo, duck, ordered

    def having(self, source):
        kind = self.chance.randrange(4)
        if kind == 0:
            return f"COUNT(*) > {self.chance.choice([1, 5, 50])}"
        if kind == 1:
            return f"SUM({self.number(source)}) > {self.chance.choice(['0', '10.5'])} OR MIN({self.number(source)}) IS NULL"
        if kind == 2:
            return f"AVG({self.number(source)}) BETWEEN 0 AND 1000 AND COUNT(*) >= 2"
        return f"SUM(CASE WHEN {self.condition(source)} THEN 1 ELSE 0 END) > 2"

    def order(self, source, velo, duck, key_count):
        """By an aggregate that may not be selected, then by all keys, so that the order is total."""
        first, down = f"COUNT({self.number(source)})", self.chance.choice(["", " DESC"])
        places = list(range(1, key_count + 1))
        tail = [f"{place}{self.chance.choice(['', ' DESC'])}" for place in places]
        velo += f" ORDER BY {first}{down}, " + ", ".join(tail)
        duck += f" ORDER BY {first}{down} NULLS LAST, " + ", ".join(f"{key} NULLS LAST" for key in tail)
        if self.chance.random() < 0.5:
            limit = f" LIMIT {self.chance.randint(1, 20)}" + self.chance.choice(["", f" OFFSET {self.chance.randint(0, 4)}"])
            velo, duck = velo + limit, duck + limit
        return velo, duck


def plain(value):
    """Numbers as numbers: velo writes DECIMAL as text, DuckDB gives Decimal."""
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, decimal.Decimal):
        return float(value)
    if isinstance(value, str):
        try:
            return float(decimal.Decimal(value))
        except decimal.InvalidOperation:
            return value
    return value


def sort_key(row):
    """Rounded, so that the last digit of an average does not decide; times stay whole."""
    return [(value is None, isinstance(value, str), float(f"{value:.9g}") if isinstance(value, (int, float)) and abs(value) < 1e9 else value)
            for value in row]


def differs(left, right):
    """AVG of DECIMAL is exact to ten digits behind the point here and binary there."""
    return not (left == right or (isinstance(left, (int, float)) and isinstance(right, (int, float))
                                  and abs(left - right) <= 1e-9 * max(abs(left), abs(right)) + 1e-10))


def same(got, wanted):
    return len(got) == len(wanted) and not any(differs(a, b) for left, right in zip(got, wanted) for a, b in zip(left, right))


def main():
    import duckdb

    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("velo", nargs="?")
    parser.add_argument("--seed", type=int, default=int(os.environ.get("VELO_SEED", random.randrange(1 << 31))))
    parser.add_argument("--count", type=int, default=300)
    options = parser.parse_args()
    print(f"seed {options.seed}")
    os.environ["VELO"] = velo_json.find_velo()
    chance = random.Random(options.seed)
    asker, wrong = Asker(chance), 0
    data = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "notebooks", "data")
    with tempfile.TemporaryDirectory() as folder:
        os.symlink(os.path.abspath(data), os.path.join(folder, "data"))
        write_holes(os.path.join(folder, "holes.csv"), chance)
        queries = [asker.query() for _ in range(options.count)]
        answers = velo_json.run_both_ways([query[0] for query in queries], folder, chance)
        os.chdir(folder)
        base = duckdb.connect()
        for number, ((velo, duck, ordered), answer) in enumerate(zip(queries, answers)):
            wanted = [tuple(plain(value) for value in row) for row in base.execute(duck).fetchall()]
            got = [tuple(plain(value) for value in row.values()) for row in answer]
            if not ordered:
                got, wanted = sorted(got, key=sort_key), sorted(wanted, key=sort_key)
            if not same(got, wanted):
                wrong += 1
                first = [(a, b) for a, b in zip(got, wanted) if any(differs(x, y) for x, y in zip(a, b))][:3]
                print(f"query {number} differs: {len(got)} rows, DuckDB has {len(wanted)}\n  velo:   {velo}\n  duckdb: {duck}\n  {first}")
    print(f"{len(queries)} queries, {wrong} differ, seed {options.seed}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
