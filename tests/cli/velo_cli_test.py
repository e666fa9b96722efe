#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The `velo` program from outside: exit codes, what goes to stdout and what to stderr, options, signals, bounded memory.

usage: velo_cli_test.py VELO [unittest options]
"""
import json
import os
import signal
import subprocess
import sys
import tempfile
import unittest

VELO = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 and os.path.exists(sys.argv[1]) else os.path.abspath("build/dev/velo")


class Velo(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.write("t.csv", "s,v\nA,1.50\nB,2\nA,4\n")

    def write(self, name, text):
        path = os.path.join(self.folder.name, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)
        return path

    def velo(self, *arguments, text=None, **environment):
        clean = {key: value for key, value in os.environ.items() if not key.startswith("VELO_")}
        return subprocess.run([VELO, *arguments], input=text, capture_output=True, text=True, cwd=self.folder.name,
                              env={**clean, **environment}, timeout=60)

    def run_sql(self, text, *arguments, **environment):
        return self.velo("run", "-", *arguments, text=text, **environment)

    # ---- usage ----
    def test_no_arguments_print_help_on_stderr_with_2(self):
        done = self.velo()
        self.assertEqual((done.returncode, done.stdout), (2, ""))
        self.assertIn("usage: velo COMMAND", done.stderr)

    def test_help_and_version(self):
        self.assertRegex(self.velo("--version").stdout, r"^velo \d+\.\d+\.\d+\n$")
        for arguments in (("help", "run"), ("run", "--help")):
            done = self.velo(*arguments)
            self.assertEqual(done.returncode, 0)
            for word in ("usage: velo run", "--format", "table|csv|json", "--changes", "Examples:"):
                self.assertIn(word, done.stdout)

    def test_wrong_usage_is_2_with_what_is_right(self):
        self.assertEqual(self.velo("rum").returncode, 2)
        self.assertIn("did you mean run", self.velo("rum").stderr)
        for arguments in (("run",), ("run", "-", "--format", "xml"), ("run", "-", "--fromat", "csv"), ("run", "-", "-p", "x"),
                          ("reference", "nothing"), ("run", "-", "--changes", "--folded")):
            with self.subTest(arguments=arguments):
                self.assertEqual(self.velo(*arguments, text="SELECT 1").returncode, 2)
        self.assertIn("did you mean --format", self.velo("run", "-", "--fromat", "csv").stderr)

    # ---- output ----
    def test_table_shows_the_folded_result(self):
        done = self.run_sql("SELECT s, SUM(v) AS total FROM 't.csv' GROUP BY s EMIT CHANGES")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout, "s  total\n-  -----\nA    5.5\nB      2\n")
        self.assertIn("3 rows in, 3 rows out, 0 late, 0 failed", done.stderr)

    def test_a_table_names_the_window_when_its_bounds_are_not_selected(self):
        self.write("w.csv", "ts,v\n2026-01-01 09:00:05,1\n2026-01-01 09:01:05,2\n")
        done = self.run_sql("SELECT SUM(v) AS s FROM 'w.csv' WINDOW TUMBLING(1m)")
        self.assertEqual(done.stdout.splitlines()[2:], ["2026-01-01 09:00:00 to 2026-01-01 09:01:00  1",
                                                        "2026-01-01 09:01:00 to 2026-01-01 09:02:00  2"])

    def test_csv_and_json_write_every_change(self):
        query = "SELECT s, SUM(v) AS total FROM 't.csv' GROUP BY s EMIT CHANGES"
        self.assertEqual(self.run_sql(query, "--format", "csv").stdout.splitlines()[0], "s,total")
        self.assertEqual(len(self.run_sql(query, "--format", "csv").stdout.splitlines()), 4)
        rows = [json.loads(line) for line in self.run_sql(query, "--format", "json").stdout.splitlines()]
        self.assertEqual([list(row) for row in rows], [["s", "total"]] * 3)
        self.assertEqual([row["total"] for row in rows], ["1.50", "2.00", "5.50"])
        folded = [json.loads(line) for line in self.run_sql(query, "--format", "json", "--folded").stdout.splitlines()]
        self.assertEqual([row["s"] for row in folded], ["A", "B"])
        self.assertEqual(len(self.run_sql(query, "--changes").stdout.splitlines()), 5)

    def test_decimals_as_numbers_on_request(self):
        done = self.run_sql("SET json.decimal.output = number; SELECT 1.50 AS a", "--format", "json")
        self.assertEqual(done.stdout, '{"a":1.50}\n')

    def test_create_and_set_write_nothing_to_stdout(self):
        done = self.run_sql("SET sql.strict = false; CREATE STREAM x AS SELECT * FROM 't.csv'; CREATE TABLE y AS SELECT s FROM x")
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)
        self.assertIn("[2/3] stream x: 2 columns", done.stderr)

    def test_explain_and_show_go_to_stdout(self):
        self.assertIn("t.csv", self.run_sql("EXPLAIN SELECT * FROM 't.csv'").stdout)
        self.assertIn("COUNT", self.run_sql("SHOW FUNCTIONS LIKE 'COUNT'").stdout)

    def test_a_table_holds_line_breaks_and_wide_characters(self):
        done = self.run_sql("SELECT E'a\\nb' AS x, '価格' AS y, 1 AS z")
        self.assertEqual(done.stdout, "x     y     z\n----  ----  -\na\\nb  価格  1\n")

    # ---- errors ----
    def test_the_first_error_stops_and_earlier_output_stays(self):
        done = self.run_sql("SELECT 1 AS a; SELECT nothing FROM 't.csv'; SELECT 2 AS b")
        self.assertEqual(done.returncode, 1)
        self.assertIn("a\n-\n1\n", done.stdout)
        self.assertNotIn("2", done.stdout)
        self.assertIn("<stdin>:1:23", done.stderr)
        self.assertIn("VELO-2003", done.stderr)
        self.assertIn("^", done.stderr)
        self.assertIn("statement 2 of 3", done.stderr)

    def test_positions_count_lines_of_the_file(self):
        path = self.write("bad.sql", "-- Parameters\nx = 1\n\n%viz bar\nSELECT :x,\n  b FROM 't.csv'\n")
        done = self.velo("run", path)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"{path}:6:3", done.stderr)

    def test_failed_rows_are_counted_and_sampled(self):
        done = self.run_sql("SELECT CAST(s AS INTEGER) AS n FROM 't.csv'", "--format", "csv")
        self.assertEqual((done.returncode, done.stdout), (0, "n\n"))
        self.assertIn("3 failed", done.stderr)
        self.assertIn("failed 1: ", done.stderr)

    def test_a_missing_file_is_an_error(self):
        done = self.velo("run", "nothing.sql")
        self.assertEqual(done.returncode, 1)
        self.assertIn("nothing.sql", done.stderr)

    # ---- parameters and magics ----
    def test_parameters_by_block_environment_and_option(self):
        text = "-- Parameters\nsymbol = 'A'\nleast = 1\n\nSELECT s, v FROM 't.csv' WHERE s = :symbol AND v > :least"
        self.assertEqual(self.run_sql(text, "--format", "csv").stdout, "s,v\nA,1.50\nA,4.00\n")
        self.assertEqual(self.run_sql(text, "--format", "csv", VELO_PARAM_SYMBOL="B").stdout, "s,v\nB,2.00\n")
        self.assertEqual(self.run_sql(text, "--format", "csv", "-p", "symbol=A", "-p", "least=2", VELO_PARAM_SYMBOL="B").stdout,
                         "s,v\nA,4.00\n")

    def test_lines_of_magics_are_skipped_with_a_note(self):
        done = self.run_sql("%viz line\nSELECT 1 AS a\n", "--format", "csv")
        self.assertEqual((done.returncode, done.stdout), (0, "a\n1\n"))
        self.assertIn("note: skipped %viz line", done.stderr)

    def test_paths_are_looked_for_beside_the_file(self):
        self.write("below/u.csv", "a\n7\n")
        path = self.write("below/q.sql", "SELECT a FROM 'u.csv'; SELECT COUNT(*) AS n FROM 't.csv'")
        done = self.velo("run", path, "--format", "csv")
        self.assertEqual((done.returncode, done.stdout), (0, "a\n7\nn\n3\n"), done.stderr)

    # ---- other commands ----
    def test_validate_binds_everything_and_runs_nothing(self):
        good = self.write("good.sql", "CREATE TABLE t AS SELECT s, v FROM 't.csv';\nSELECT SUM(v) AS x FROM t INTO 'out.csv';\nSELECT x FROM _;")
        done = self.velo("validate", good)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertFalse(os.path.exists(os.path.join(self.folder.name, "out.csv")))
        bad = self.write("bad.sql", "CREATE STREAM a AS SELECT s FROM 't.csv';\nSELECT v FROM a;")
        done = self.velo("validate", bad)
        self.assertEqual(done.returncode, 1)
        self.assertIn(f"{bad}:2:8", done.stderr)

    def test_explain_prints_every_plan(self):
        done = self.velo("explain", "-", text="CREATE STREAM a AS SELECT s FROM 't.csv'; SELECT COUNT(*) AS n FROM a")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertEqual(done.stdout.count("t.csv"), 2)

    def test_reference_tables_are_json(self):
        for table, key in (("functions", "signature"), ("settings", "default"), ("errors", "cause")):
            rows = json.loads(self.velo("reference", table).stdout)
            self.assertGreater(len(rows), 8)
            self.assertTrue(all(row[key] or key == "default" for row in rows))

    # ---- running ----
    def test_an_endless_query_stops_on_a_signal(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            process = subprocess.Popen([VELO, "run", "-", "--format", "csv"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                       stderr=subprocess.PIPE, text=True, cwd=self.folder.name)
            process.stdin.write("SELECT s FROM 't.csv' WITH ('t.watch' = 'true')")
            process.stdin.close()
            rows = [process.stdout.readline() for _ in range(4)]
            self.assertEqual(rows, ["s\n", "A\n", "B\n", "A\n"])
            process.send_signal(number)
            err = process.stderr.read()
            self.assertEqual(process.wait(20), 0, err)
            self.assertIn("interrupted", err)
            process.stdout.close()
            process.stderr.close()

    def test_a_reader_that_leaves_ends_the_query(self):
        self.write("big.csv", "v\n" + "12345678\n" * 500000)
        done = subprocess.run(f"'{VELO}' run - --format csv | head -n 2", input="SELECT v FROM 'big.csv'", shell=True, text=True,
                              capture_output=True, cwd=self.folder.name, timeout=60)
        self.assertEqual(done.stdout, "v\n12345678\n")
        self.assertNotIn("VELO-", done.stderr)

    def test_memory_does_not_grow_with_the_input(self):
        if "asan" in VELO:
            self.skipTest("a sanitizer's memory says nothing")
        peaks = []
        for rows in (200000, 2000000):
            with open(os.path.join(self.folder.name, "big.csv"), "w", encoding="utf-8") as file:
                file.write("a,b\n")
                for _ in range(rows // 1000): # in pieces: a child's peak counts what it was forked from
                    file.write("abcdefgh,12345678\n" * 1000)
            process = subprocess.Popen([VELO, "run", "-", "--format", "json"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL,
                                       stderr=subprocess.DEVNULL, cwd=self.folder.name)
            process.stdin.write(b"SELECT a, b + 1 AS c FROM 'big.csv'")
            process.stdin.close()
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = status
            self.assertEqual(status, 0)
            peaks.append(usage.ru_maxrss)
        self.assertLess(peaks[1], peaks[0] + 8192, peaks)

    def test_a_virtual_clock_gives_the_same_bytes(self):
        query = "SELECT NOW() AS t, s FROM 't.csv'"
        runs = [self.run_sql(query, "--format", "csv", VELO_CLOCK="virtual:2026-01-01T00:00:00Z") for _ in range(2)]
        self.assertEqual(runs[0].stdout, runs[1].stdout)
        self.assertEqual(runs[0].stderr, runs[1].stderr)
        self.assertIn("1767225600000,A", runs[0].stdout)

    def test_a_secret_is_nowhere(self):
        long, short, outside = "kafka-pass-word", "abc", "token-of-outside"
        scripts = {
            "SELECT :api_token AS a, s FROM 't.csv';": (),
            "SELECT CONCAT('<', :password, '>') AS p FROM 't.csv';": ("-p", f"password={long}"),
            "SELECT nothing FROM 't.csv' WHERE :password = 'x';": ("-p", f"password={long}"),
            f"SELECT * FROM 'no.csv' WITH ('no.sasl.password' = '{long}', 'no.token' = '{short}');": (),
            f"%config sasl.password={long} a.token={short}\nSELECT '{long}' AS x;": (),
            f"SET sasl.password = '{long}';": (),
            f"SET a.token = '{short}';": (),
            f"-- Parameters\npassword = '{long}'\n\nSELECT :password AS p;": (),
            f"-- Parameters\ntoken = {short}\n\nSELECT 1;": (),
            f"CREATE STREAM s (a INT) WITH ('s.type' = 'file', 's.token' = '{short}';": (),
            f"SELECT CAST(s AS INT) AS v FROM 't.csv' WHERE s <> :password;": ("-p", f"password={long}"),
        }
        for script, options in scripts.items():
            for command in (["run"], ["run", "--format", "csv"], ["run", "--format", "json"], ["validate"], ["explain"]):
                with self.subTest(script=script, command=command):
                    done = self.velo(command[0], "-", *command[1:], *options, text=script, VELO_PARAM_API_TOKEN=outside,
                                     VELO_LOG="debug")
                    for secret in (long, outside, f"'{short}'", f"={short}", f"= {short}"):
                        self.assertNotIn(secret, done.stdout + done.stderr)
        self.assertIn("(secret)", self.run_sql("SELECT :api_token AS a;", VELO_PARAM_API_TOKEN=outside).stdout)
        self.assertIn("symbol", self.run_sql("SELECT 'symbol' AS key;", VELO_PARAM_API_TOKEN=outside).stdout)


if __name__ == "__main__":
    unittest.main()
