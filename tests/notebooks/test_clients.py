# SPDX-License-Identifier: Apache-2.0
"""Cases 50 to 52: nbclient, papermill and nbconvert as people run them in CI."""
import os
import subprocess
import sys
import time
from pathlib import Path

import clients
import nbformat
import pytest
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

BIN = Path(sys.executable).parent
QUICKSTART = clients.ROOT / "notebooks/quickstart.ipynb"
VEGA = "application/vnd.vegalite.v5+json"


def run(*command, **options):
    env = {**os.environ, "VELO_CLOCK": "virtual", **options.pop("env", {})}
    return subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=180, env=env, cwd=clients.ROOT, **options)


def client(*sources, **options):
    node = nbformat.from_dict(clients.notebook(*sources))
    return NotebookClient(node, kernel_name="velostream", **options)


def test_case_50_an_unbounded_query_ends_by_its_default_bound(tmp_path):
    watched = tmp_path / "ticks.csv"
    watched.write_text("ts,price\n2026-01-01T00:00:00Z,1\n2026-01-01T00:00:01Z,2\n")
    session = client(f"SELECT price FROM '{watched}' WITH ('ticks.watch' = 'true');", timeout=60)
    begin = time.monotonic()
    session.execute()
    assert time.monotonic() - begin < 30
    plain = " ".join(clients.text_of(clients.mime(o).get("text/plain", "")) for o in session.nb.cells[0].outputs)
    assert "stopped after" in plain


def test_case_50_timeout_interrupts_and_the_next_cell_runs(tmp_path):
    watched = tmp_path / "ticks.csv"
    watched.write_text("ts,price\n2026-01-01T00:00:00Z,1\n")
    session = client(f"SET bound.seconds = 600;\nSELECT price FROM '{watched}' WITH ('ticks.watch' = 'true');", "SELECT 6*7;",
                     timeout=3, interrupt_on_timeout=True, allow_errors=True)
    session.execute()
    first, second = (cell.outputs for cell in session.nb.cells)
    errors = [o for o in first if o.output_type == "error"]
    assert [e.ename for e in errors] == ["KeyboardInterrupt"]
    assert any("1" in clients.text_of(clients.mime(o).get("text/plain", "")) for o in first), "rows already shown stay"
    assert clients.mime(second[0])["text/plain"] == "42"


def test_case_50_raises_exception_goes_on_and_else_stops():
    node = clients.notebook("SELECT nothing FROM nowhere;", "SELECT 1;", tags={0: ["raises-exception"]})
    session = NotebookClient(nbformat.from_dict(node), kernel_name="velostream", timeout=60)
    session.execute()
    assert session.nb.cells[0].outputs[0].ename == "VeloBindError"
    with pytest.raises(CellExecutionError):
        client("SELECT nothing FROM nowhere;", "SELECT 1;", timeout=60).execute()


def test_case_51_papermill_injects_a_parameter(tmp_path):
    out = tmp_path / "eth.ipynb"
    done = run(BIN / "papermill", "--cwd", "notebooks", "-l", "python", "-p", "symbol", "ETH", QUICKSTART, out)
    assert done.returncode == 0, done.stderr
    cells = nbformat.read(out, as_version=4).cells
    candles = next(c for c in cells if c.cell_type == "code" and ":symbol" in c.source and "FIRST_VALUE" in c.source)
    assert any(VEGA in clients.mime(o) for o in candles.outputs)
    # ETH traded near 0.09 BTC that day, ADA near 0.00005: the values say whose candles these are.
    expected = run(clients.VELO, "run", "--format", "csv", "-", input=(
        "SELECT MIN(close) AS low, MAX(close) AS high FROM 'notebooks/data/bars.csv' WHERE symbol = 'ETH';"))
    low, high = (float(v) for v in expected.stdout.splitlines()[1].split(","))
    plain = " ".join(clients.text_of(clients.mime(o).get("text/plain", "")) for o in candles.outputs)
    assert f"{high:.8f}".rstrip("0")[:6] in plain or f"{low:.8f}".rstrip("0")[:6] in plain


def test_case_51_papermill_without_parameters(tmp_path):
    done = run(BIN / "papermill", "--cwd", "notebooks", QUICKSTART, tmp_path / "out.ipynb")
    assert done.returncode == 0, done.stderr


def test_case_52_html_holds_the_charts(tmp_path):
    done = run(BIN / "jupyter", "nbconvert", "--to", "html", "--execute", "--output-dir", tmp_path, QUICKSTART)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "quickstart.html").read_text()
    assert page.count("data:image/svg+xml;base64,") >= 8
    assert "highlight" in page


def test_case_52_script_is_sql_that_validates(tmp_path):
    done = run(BIN / "jupyter", "nbconvert", "--to", "script", "--output-dir", tmp_path, QUICKSTART)
    assert done.returncode == 0, done.stderr
    script = tmp_path / "quickstart.sql"
    assert script.is_file()
    checked = subprocess.run([clients.VELO, "validate", script], capture_output=True, text=True, cwd=clients.ROOT / "notebooks")
    assert checked.returncode == 0, checked.stderr


def test_case_52_markdown_keeps_the_charts_as_files(tmp_path):
    done = run(BIN / "jupyter", "nbconvert", "--to", "markdown", "--execute", "--output-dir", tmp_path, QUICKSTART)
    assert done.returncode == 0, done.stderr
    assert len(list((tmp_path / "quickstart_files").glob("*.svg"))) >= 8
