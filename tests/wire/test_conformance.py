# SPDX-License-Identifier: Apache-2.0
"""jupyter_kernel_test with every attribute filled, none skipped."""

import json
import os
import pathlib
import shutil
import tempfile

import jupyter_kernel_test as jkt
import pytest

from harness import IS_TOY, ROOT, command

KERNEL_NAME = "velostream-under-test"


@pytest.fixture(scope="module", autouse=True)
def kernelspec():
    folder = pathlib.Path(tempfile.mkdtemp(prefix="velo-jkt-"))
    spec = folder / "kernels" / KERNEL_NAME
    spec.mkdir(parents=True)
    spec.joinpath("kernel.json").write_text(json.dumps({
        "argv": [*command(), "-f", "{connection_file}"], "display_name": "Velostream SQL (test)", "language": "sql",
        "interrupt_mode": "message", "kernel_protocol_version": "5.6.0"}))
    before = dict(os.environ)
    os.environ.update(JUPYTER_PATH=str(folder), XDG_STATE_HOME=str(folder / "state"),
                      JUPYTER_RUNTIME_DIR=str(folder / "runtime"),
                      TSAN_OPTIONS=f"suppressions={ROOT}/tests/support/tsan.supp")
    yield
    os.environ.clear()
    os.environ.update(before)
    shutil.rmtree(folder, ignore_errors=True)


class TestKernel(jkt.KernelTests):
    kernel_name = KERNEL_NAME
    language_name = "sql"
    file_extension = ".sql"
    code_hello_world = "%echo hello, world"
    code_stderr = "%echo --stderr oops"
    completion_samples = [{"text": "SELE", "matches": {"SELECT"}}]
    complete_code_samples = ["SELECT 1;", "%echo one"]
    incomplete_code_samples = ["SELECT (1", "SELECT 'a"]
    invalid_code_samples = ["SELECT 1 );"]
    code_page_something = "%help"
    code_generate_error = "SELECT FROM;"
    code_execute_result = [{"code": "SELECT 6*7;", "result": "42"}]
    code_display_data = [{"code": "%viz bar", "mime": "application/vnd.vegalite.v5+json"}]
    code_history_pattern = "SELECT 6*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "COUNT"
    code_clear_output = "%clear --wait"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if not IS_TOY:
            trades = ROOT / "notebooks/data/trades.csv"
            cls.kc.execute_interactive(f"SELECT side, SUM(amount) AS total FROM '{trades}' GROUP BY side;", timeout=60,
                                       output_hook=lambda message: None)


class TestWelcome(jkt.IopubWelcomeTests):
    kernel_name = KERNEL_NAME
    support_iopub_welcome = True
