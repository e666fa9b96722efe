#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Random filters, projections and aggregates, answered by velo and by SQLite; every row must be the same. velo answers
each twice, the second time with another batch size, several threads and small parts of the file.

usage: random_queries.py [VELO] [--seed N] [--count N] [--rows N]. The seed is printed; the same seed asks the same
questions.
"""
import argparse
import os
import random
import sqlite3
import sys
import tempfile

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import velo_json

COLUMNS = {"a": int, "b": int, "c": int, "s": str, "t": str}
WORDS = ["ada", "eth", "xlm", "xmr", "Dash", "", "a b", "100%", "x_y"]


class Asker:
    """Each method gives (velo text, SQLite text) of one expression."""

    def __init__(self, chance):
        self.chance = chance

    def pick(self, *makers):
        return self.chance.choice(makers)()

    def number_literal(self):
        n = str(self.chance.choice([0, 1, 2, 3, 5, 7, 10, 100, -1, -4]))
        return (f"({n})", f"({n})") if n.startswith("-") else (n, n)

    def text_literal(self):
        text = "'" + self.chance.choice(WORDS) + "'"
        return text, text

    def number_column(self):
        name = self.chance.choice(["a", "b", "c"])
        return name, name

    def text_column(self):
        name = self.chance.choice(["s", "t"])
        return name, name

    def binary(self, op, left, right):
        return f"({left[0]} {op} {right[0]})", f"({left[1]} {op} {right[1]})"

    def call(self, name, *arguments, other=None):
        return (f"{name}({', '.join(x[0] for x in arguments)})", f"{other or name}({', '.join(x[1] for x in arguments)})")

    def number(self, depth):
        if depth == 0:
            return self.pick(self.number_column, self.number_column, self.number_literal)
        below = depth - 1
        kind = self.chance.randrange(10)
        if kind < 4:
            return self.binary(self.chance.choice(["+", "-", "*"]), self.number(below), self.number(below))
        if kind == 4:
            return self.binary("%", self.number(below), self.number(below))
        if kind == 5:
            left, right = self.number(below), self.number(below)
            return f"DIV({left[0]}, {right[0]})", f"({left[1]} / {right[1]})"
        if kind == 6:
            return self.call("ABS", self.number(below))
        if kind == 7:
            return self.call("COALESCE", self.number(below), self.number(below))
        if kind == 8:
            return self.call("NULLIF", self.number(below), self.number(below))
        when, yes, no = self.condition(below), self.number(below), self.number(below)
        return tuple(f"CASE WHEN {when[i]} THEN {yes[i]} ELSE {no[i]} END" for i in (0, 1))

    def text(self, depth):
        if depth == 0:
            return self.pick(self.text_column, self.text_column, self.text_literal)
        below = depth - 1
        kind = self.chance.randrange(5)
        if kind == 0:
            return self.binary("||", self.text(below), self.text(below))
        if kind == 1:
            return self.call(self.chance.choice(["UPPER", "LOWER", "TRIM"]), self.text(below))
        if kind == 2:
            return self.call("COALESCE", self.text(below), self.text(below))
        if kind == 3:
            text, begin, size = self.text(below), self.chance.randint(1, 3), self.chance.randint(0, 4)
            return f"SUBSTRING({text[0]}, {begin}, {size})", f"SUBSTR({text[1]}, {begin}, {size})"
        return self.call("REPLACE", self.text(below), ("'a'", "'a'"), ("'o'", "'o'"))

    def condition(self, depth):
        below = max(depth - 1, 0)
        kind = self.chance.randrange(9 if depth else 6)
        if kind < 2:
            return self.binary(self.chance.choice(["=", "<>", "<", "<=", ">", ">="]), self.number(below), self.number(below))
        if kind == 2:
            return self.binary(self.chance.choice(["=", "<>", "<", ">="]), self.text(below), self.text(below))
        if kind == 3:
            value, no = self.number(below), self.chance.choice(["", "NOT "])
            return tuple(f"({value[i]} IS {no}NULL)" for i in (0, 1))
        if kind == 4:
            value, low, high, no = self.number(below), self.number(0), self.number(0), self.chance.choice(["", "NOT "])
            return tuple(f"({value[i]} {no}BETWEEN {low[i]} AND {high[i]})" for i in (0, 1))
        if kind == 5:
            if self.chance.random() < 0.5:
                value, no = self.text(below), self.chance.choice(["", "NOT "])
                items = ", ".join(self.text_literal()[0] for _ in range(self.chance.randint(1, 4)))
                return tuple(f"({value[i]} {no}IN ({items}))" for i in (0, 1))
            value, pattern = self.text(below), self.chance.choice(["'%a%'", "'a%'", "'_th'", "'%'", "'x!_y' ESCAPE '!'"])
            return tuple(f"({value[i]} LIKE {pattern})" for i in (0, 1))
        if kind == 6:
            inner = self.condition(below)
            return f"(NOT {inner[0]})", f"(NOT {inner[1]})"
        return self.binary(self.chance.choice(["AND", "OR"]), self.condition(below), self.condition(below))

    def aggregate(self):
        kind = self.chance.randrange(8)
        if kind == 0:
            return "COUNT(*)", "COUNT(*)"
        if kind == 1:
            return self.call("COUNT", self.number(1))
        if kind == 2:
            value = self.pick(self.number_column, self.text_column)
            return f"COUNT(DISTINCT {value[0]})", f"COUNT(DISTINCT {value[1]})"
        if kind == 3:
            value, when = self.number(1), self.condition(1)
            return tuple(f"SUM({value[i]}) FILTER (WHERE {when[i]})" for i in (0, 1))
        if kind == 4:
            return self.call(self.chance.choice(["MIN", "MAX"]), self.text(1))
        return self.call(self.chance.choice(["SUM", "AVG", "MIN", "MAX"]), self.number(1))

    def rows_query(self):
        items = [self.pick(lambda: self.number(2), lambda: self.text(2), lambda: self.condition(2))
                 for _ in range(self.chance.randint(1, 4))]
        distinct = self.chance.choice(["", "", "", "DISTINCT "])
        query = [f"SELECT {distinct}" + ", ".join(f"{item[i]} AS x{n}" for n, item in enumerate(items)) + " FROM t" for i in (0, 1)]
        if self.chance.random() < 0.7:
            where = self.condition(2)
            query = [query[i] + f" WHERE {where[i]}" for i in (0, 1)]
        ordered = self.chance.random() < 0.4
        if ordered:
            downs = [self.chance.choice(["", " DESC"]) for _ in items]
            query[0] += " ORDER BY " + ", ".join(f"{n + 1}{down}" for n, down in enumerate(downs))
            query[1] += " ORDER BY " + ", ".join(f"{n + 1}{down} NULLS LAST" for n, down in enumerate(downs))
            if self.chance.random() < 0.5:
                limit = f" LIMIT {self.chance.randint(0, 9)} OFFSET {self.chance.randint(0, 5)}"
                query = [text + limit for text in query]
        return query[0], query[1], ordered

    def group_query(self):
        keys = [self.pick(self.text_column, lambda: self.number(1)) for _ in range(self.chance.randint(0, 2))]
        values = [self.aggregate() for _ in range(self.chance.randint(1, 3))]
        items = keys + values
        query = ["SELECT " + ", ".join(f"{item[i]} AS x{n}" for n, item in enumerate(items)) + " FROM t" for i in (0, 1)]
        if self.chance.random() < 0.5:
            where = self.condition(2)
            query = [query[i] + f" WHERE {where[i]}" for i in (0, 1)]
        if keys:
            query = [text + " GROUP BY " + ", ".join(str(n + 1) for n in range(len(keys))) for text in query]
            if self.chance.random() < 0.4:
                having, least = self.call("SUM", self.number_column()), self.chance.choice([0, 10, 100])
                query = [query[i] + f" HAVING {having[i]} > {least}" for i in (0, 1)]
        return query[0], query[1], False


def make_rows(chance, count):
    rows = []
    for _ in range(count):
        rows.append([None if chance.random() < 0.15 else chance.randint(-20, 20) for _ in range(3)]
                    + [None if chance.random() < 0.15 else chance.choice(WORDS) for _ in range(2)])
    return rows


def write_csv(path, rows):
    with open(path, "w", encoding="utf-8") as file:
        file.write(",".join(COLUMNS) + "\n")
        for row in rows:
            cells = ["" if value is None else str(value) if isinstance(value, int) else '"%s"' % value for value in row]
            file.write(",".join(cells) + "\n")


def open_sqlite(rows):
    base = sqlite3.connect(":memory:")
    base.execute("PRAGMA case_sensitive_like = 1")
    base.execute("CREATE TABLE t (a INTEGER, b INTEGER, c INTEGER, s TEXT, t TEXT)")
    base.executemany("INSERT INTO t VALUES (?, ?, ?, ?, ?)", rows)
    return base


def sort_key(row):
    return [(value is None, str(type(value)), value) if not isinstance(value, float) else (False, "float", round(value, 6)) for value in row]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("velo", nargs="?")
    parser.add_argument("--seed", type=int, default=int(os.environ.get("VELO_SEED", random.randrange(1 << 31))))
    parser.add_argument("--count", type=int, default=500)
    parser.add_argument("--rows", type=int, default=300)
    options = parser.parse_args()
    print(f"seed {options.seed}")
    chance = random.Random(options.seed)
    asker, rows = Asker(chance), make_rows(chance, options.rows)
    queries = [asker.pick(asker.rows_query, asker.group_query) for _ in range(options.count)]
    preamble = "CREATE STREAM t (a INTEGER, b INTEGER, c INTEGER, s STRING, t STRING) WITH ('t.path' = 't.csv');"
    base, wrong = open_sqlite(rows), 0
    with tempfile.TemporaryDirectory() as folder:
        write_csv(os.path.join(folder, "t.csv"), rows)
        answers = velo_json.run_both_ways([query[0] for query in queries], folder, chance, preamble)
    for number, (query, answer) in enumerate(zip(queries, answers)):
        expected = [tuple(row) for row in base.execute(query[1])]
        got = [tuple(int(value) if isinstance(value, bool) else value for value in row.values()) for row in answer]
        if not query[2]:
            expected, got = sorted(expected, key=sort_key), sorted(got, key=sort_key)
        if not velo_json.same_rows(got, expected):
            wrong += 1
            print(f"query {number} differs\n  velo:   {query[0]}\n  sqlite: {query[1]}\n  got      {got[:8]}\n  expected {expected[:8]}")
    print(f"{len(answers)} queries, {wrong} differ, seed {options.seed}")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
