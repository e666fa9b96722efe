#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Bad input that needs more than a text case: raw bytes, large fields, files that change while they are read, disks that
fill. Each ends in a clear error, or in a counted bad row beside rows that arrive.

usage: velo_bad_input_test.py VELO [unittest options]
"""
import os
import resource
import subprocess
import sys
import tempfile
import unittest

VELO = os.path.abspath(sys.argv.pop(1)) if len(sys.argv) > 1 and os.path.exists(sys.argv[1]) else os.path.abspath("build/dev/velo")
CLEAN = {key: value for key, value in os.environ.items() if not key.startswith("VELO_")}


class BadInput(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = folder.name

    def write(self, name, data):
        path = os.path.join(self.folder, name)
        with open(path, "wb") as file:
            file.write(data if isinstance(data, bytes) else data.encode())
        return path

    def start(self, **options):
        return subprocess.Popen([VELO, "run", "-", "--format", "csv"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, cwd=self.folder, env={**CLEAN, **options.pop("env", {})}, **options)

    def run_sql(self, text, **options):
        process = self.start(**options)
        out, err = process.communicate(text.encode(), timeout=120)
        self.assertIn(process.returncode, (0, 1), err.decode(errors="replace"))
        self.assertNotIn("Sanitizer", err.decode(errors="replace"))
        return process.returncode, out.decode(), err.decode()

    def assert_fails(self, text, *parts, **options):
        code, out, err = self.run_sql(text, **options)
        self.assertEqual(code, 1, out[:500])
        for part in parts:
            self.assertIn(part, err)
        return err

    def assert_rows(self, text, rows, failed=0, *parts):
        code, out, err = self.run_sql(text)
        self.assertEqual(code, 0, err)
        self.assertEqual(out.splitlines()[1:], rows)
        self.assertIn(f"{failed} failed", err)
        for part in parts:
            self.assertIn(part, err)

    # ---- bytes ----
    def test_a_byte_order_mark_and_windows_line_ends_are_no_data(self):
        self.write("t.csv", b"\xef\xbb\xbfa,b\r\n1,x\r\n2,\"y\r\nz\"\r\n3,")
        self.assert_rows("SELECT a FROM 't.csv' WHERE b IS NULL OR b = 'x'", ["1", "3"])
        self.write("t.jsonl", b'\xef\xbb\xbf{"a": 1}\r\n{"a": 2}\r\n')
        self.assert_rows("SELECT a FROM 't.jsonl'", ["1", "2"])

    def test_bytes_that_are_not_utf8_fail_their_row(self):
        self.write("t.csv", b"a,b\n1,x\n2,\xff\xfe\n3,\xed\xa0\x80\n4,y\n5,\xc3\n")
        self.assert_rows("SELECT a, b FROM 't.csv'", ["1,x", "4,y"], 3, "line 3, column b: not UTF-8")
        self.write("t.jsonl", b'{"b": "x"}\n{"b": "\xff"}\n{"b": "\\ud800"}\n{"b": "y"}\n')
        self.assert_rows("SELECT b FROM 't.jsonl'", ["x", "\ufffd", "y"], 1)

    def test_zero_bytes_and_binary_files_do_no_harm(self):
        self.write("t.csv", b"a,b\n1,x\0y\n2,z\n")
        code, out, err = self.run_sql("SELECT a, LENGTH(b) AS n FROM 't.csv'")
        self.assertEqual((code, out), (0, "a,n\n1,3\n2,1\n"), err)
        self.write("b.csv", bytes(range(256)) * 300)
        code, _, err = self.run_sql("SELECT COUNT(*) FROM 'b.csv'")
        self.assertIn(code, (0, 1), err)

    def test_sql_that_is_not_utf8_is_an_error_with_its_place(self):
        process = self.start()
        _, err = process.communicate(b"SELECT 'a\xffb'", timeout=60)
        self.assertEqual(process.returncode, 1)
        self.assertIn("VELO-1012", err.decode(errors="replace"))

    # ---- sizes ----
    def test_a_field_of_10_mb_is_a_value_and_one_of_20_mb_a_bad_row(self):
        big, huge = b"x" * (10 << 20), b"y" * (20 << 20)
        self.write("t.csv", b"a,b\n1,u\n2," + big + b"\n3," + huge + b"\n4,v\n")
        self.assert_rows("SELECT a, LENGTH(b) AS n FROM 't.csv'", ["1,1", f"2,{10 << 20}", "4,1"], 1, "16 MiB")
        self.write("q.csv", b'a,b\n1,u\n2,"' + big + b'"\n4,v\n')
        self.assert_rows("SELECT a, LENGTH(b) AS n FROM 'q.csv'", ["1,1", f"2,{10 << 20}", "4,1"])
        self.write("t.jsonl", b'{"a": 1, "b": "u"}\n{"a": 2, "b": "' + big + b'"}\n{"a": 3, "b": "' + huge + b'"}\n{"a": 4, "b": "v"}\n')
        self.assert_rows("SELECT a, LENGTH(b) AS n FROM 't.jsonl'", ["1,1", f"2,{10 << 20}", "4,1"], 1, "16 MiB")

    def test_a_quote_that_never_closes_costs_its_line_also_in_a_large_file(self):
        self.write("t.csv", b'a,b\n1,"open\n' + b"2,x\n" * 200000)
        code, out, err = self.run_sql("SELECT COUNT(*) AS n FROM 't.csv'")
        self.assertEqual((code, out), (0, "n\n200000\n"), err)
        self.assertIn("1 failed", err)

    def test_ten_thousand_columns(self):
        names = [f"c{i}" for i in range(10000)]
        self.write("t.csv", ",".join(names) + "\n" + ",".join(map(str, range(10000))) + "\n" + ",".join("5" for _ in names) + "\n")
        code, out, err = self.run_sql("SELECT * FROM 't.csv'")
        self.assertEqual(code, 0, err)
        self.assertEqual([len(line.split(",")) for line in out.splitlines()], [10000] * 3)
        code, out, err = self.run_sql("SELECT " + ", ".join(f"{n} + 1 AS x{n}" for n in names) + " FROM 't.csv'")
        self.assertEqual(code, 0, err)
        self.assertTrue(out.splitlines()[1].endswith(",9999,10000"))
        code, out, err = self.run_sql("SELECT " + ", ".join(f"SUM({n}) AS x{n}" for n in names) + " FROM 't.csv'")
        self.assertEqual(code, 0, err)
        self.assertTrue(out.splitlines()[1].endswith(",10003,10004"))

    def test_parentheses_two_hundred_deep(self):
        for n, code in ((199, 0), (201, 1), (20000, 1)):
            with self.subTest(n=n):
                got, _, err = self.run_sql("SELECT " + "(" * n + "1" + ")" * n + " AS a")
                self.assertEqual(got, code, err[:300])
                self.assertIn("VELO-1009" if code else "", err)
        for text in ("(SELECT " * 5000, "SELECT " + "NOT " * 5000 + "TRUE", "SELECT " + "-" * 1 + "- " * 3000 + "1",
                     "SELECT " + "CASE WHEN " * 3000, "SELECT 1" + " + 1" * 50000, "SELECT " + "[" * 5000):
            code, _, err = self.run_sql(text)
            self.assertEqual(code, 1, text[:30])
            self.assertRegex(err, r"VELO-1\d\d\d|VELO-2001")

    # ---- files that change ----
    def watch(self, name, then, **options):
        """Starts a watching query, waits for its first row, does `then` and gives the process's end."""
        process = self.start(env={"VELO_BOUND_SECONDS": "60"})
        process.stdin.write(f"SELECT a FROM '{name}' WITH ('t.watch' = 'true', 't.polling_interval' = '50ms')".encode())
        process.stdin.close()
        first = [process.stdout.readline(), process.stdout.readline()]
        then()
        out, err = process.stdout.read(), process.stderr.read().decode()
        process.wait(60)
        process.stdout.close()
        process.stderr.close()
        return process.returncode, first[1] + out, err

    def test_a_watched_file_that_is_cut_is_a_source_error(self):
        path = self.write("t.csv", "a,b\n1,x\n2,y\n")
        code, out, err = self.watch("t.csv", lambda: os.truncate(path, 4))
        self.assertEqual(code, 1)
        self.assertIn("VELO-4002", err)
        self.assertIn("truncated", err)
        self.assertEqual(out, b"1\n2\n")

    def test_a_watched_file_that_is_replaced_is_a_source_error(self):
        self.write("t.csv", "a,b\n1,x\n2,y\n")

        def replace():
            self.write("n.csv", "a,b\n7,x\n8,y\n9,z\n")
            os.rename(os.path.join(self.folder, "n.csv"), os.path.join(self.folder, "t.csv"))

        code, out, err = self.watch("t.csv", replace)
        self.assertEqual(code, 1)
        self.assertIn("replaced", err)
        self.assertEqual(out, b"1\n2\n")

    def test_a_file_cut_while_it_is_read_is_a_source_error(self):
        path = self.write("t.csv", "a,b\n" + "1,some text that makes the file long\n" * 800000)
        process = self.start()
        process.stdin.write(b"SELECT a, b FROM 't.csv'")
        process.stdin.close()
        process.stdout.readline()  # the query is under way; the pipe is full soon, so it waits for this test
        os.truncate(path, 100000)
        out, err = process.stdout.read(), process.stderr.read().decode()
        process.wait(60)
        process.stdout.close()
        process.stderr.close()
        self.assertEqual(process.returncode, 1, err)
        self.assertIn("VELO-4002", err)
        self.assertIn("truncated while it was read", err)
        self.assertGreater(len(out), 0)

    # ---- sinks ----
    def test_a_full_disk_is_a_write_error_that_names_the_file(self):
        os.symlink("/dev/full", os.path.join(self.folder, "out.csv"))
        self.write("t.csv", "a,b\n" + "1,x\n" * 100000)
        self.assert_fails("SELECT a, b FROM 't.csv' INTO 'out.csv'", "VELO-4003", "out.csv", "No space left")
        self.write("s.csv", "a\n1\n")
        self.assert_fails("SELECT a FROM 's.csv' INTO 'out.csv'", "VELO-4003", "out.csv", "No space left")

    def test_a_file_over_its_limit_is_a_write_error(self):
        self.write("t.csv", "a,b\n" + "1,x\n" * 200000)
        limit = lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (100000, 100000))  # noqa: E731
        self.assert_fails("SELECT a, b FROM 't.csv' INTO 'out.csv'", "VELO-4003", "out.csv", preexec_fn=limit)

    def test_a_folder_that_cannot_be_written_is_an_error(self):
        self.write("t.csv", "a\n1\n")
        for path in ("t.csv/out.csv", "/proc/out.csv", "/proc/none/out.csv"):
            with self.subTest(path=path):
                self.assert_fails(f"SELECT a FROM 't.csv' INTO '{path}'", "VELO-4")
        os.mkdir(os.path.join(self.folder, "d.csv"))
        self.assert_fails("SELECT a FROM 't.csv' INTO 'd.csv'", "VELO-4003", "d.csv")

    def test_what_is_no_regular_file_is_no_source(self):
        os.mkfifo(os.path.join(self.folder, "pipe.csv"))
        self.assert_fails("SELECT * FROM 'pipe.csv'", "VELO-4001", "pipe.csv")
        os.mkdir(os.path.join(self.folder, "d.csv"))
        self.assert_fails("SELECT * FROM 'd.csv'", "VELO-4001", "d.csv")
        os.symlink("loop.csv", os.path.join(self.folder, "loop.csv"))
        self.assert_fails("SELECT * FROM 'loop.csv'", "VELO-4001", "loop.csv")

    # ---- memory ----
    def test_a_state_of_one_mebibyte_is_an_error_that_names_the_clause(self):
        self.write("t.csv", "a,b\n" + "".join(f"{i},{i}\n" for i in range(100000)))
        err = self.assert_fails("SET state.limit = 1; SELECT a, COUNT(*) FROM 't.csv' GROUP BY a", "VELO-5002", "GROUP BY")
        self.assertIn("1 MiB", err)


if __name__ == "__main__":
    unittest.main()
