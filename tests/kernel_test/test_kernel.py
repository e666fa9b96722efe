# SPDX-License-Identifier: Apache-2.0
"""jupyter_kernel_test with every attribute filled, so that none of its tests is skipped."""
import pathlib
import sys
import tempfile
import unittest

import jupyter_kernel_test

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import clients  # noqa: E402

spec_folder = tempfile.TemporaryDirectory()
clients.install_kernelspec(spec_folder.name)


class VelostreamTests(jupyter_kernel_test.KernelTests):
    kernel_name = "velostream"
    language_name = "sql"
    file_extension = ".sql"
    code_hello_world = "%echo hello, world"
    code_stderr = "%echo --stderr oops"
    completion_samples = [{"text": "SELE", "matches": {"SELECT"}}]
    complete_code_samples = ["SELECT 1;", "SELECT 1", "%help", "-- nothing", ""]
    incomplete_code_samples = ["SELECT (1", "SELECT 'x", "/* open", "SELECT CASE WHEN 1 = 1 THEN"]
    invalid_code_samples = ["SELECT 1 );", "SELECT FROM;"]
    code_page_something = "%help"
    code_generate_error = "SELECT FROM;"
    code_execute_result = [{"code": "SELECT 6*7;", "result": "42"}]
    code_display_data = [{"code": "%viz bar", "mime": "application/vnd.vegalite.v5+json"}]
    code_history_pattern = "SELECT 6*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "ROUND"
    code_clear_output = "%clear --wait"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        path = clients.ROOT / "notebooks/data/trades.csv"
        cls.kc.execute_interactive(f"SELECT side, SUM(amount) AS amount FROM '{path}' GROUP BY side;", timeout=60)


class WelcomeTests(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "velostream"
    support_iopub_welcome = True


if __name__ == "__main__":
    result = unittest.TextTestRunner(verbosity=2).run(unittest.TestSuite(
        unittest.defaultTestLoader.loadTestsFromTestCase(case) for case in (VelostreamTests, WelcomeTests)))
    spec_folder.cleanup()
    if result.skipped:
        print(f"{len(result.skipped)} skipped: {result.skipped}")
    print(f"{result.testsRun} passed" if result.wasSuccessful() else "failed")
    sys.exit(0 if result.wasSuccessful() and not result.skipped else 1)
