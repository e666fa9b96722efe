# SPDX-License-Identifier: Apache-2.0
"""notebooks/demo.sh, the first of the two commands: what it leaves behind is what a newcomer sees."""
import json
import os
import re
import subprocess

import clients

VEGA = "application/vnd.vegalite.v5+json"


def test_demo_runs_and_shows_charts(tmp_path):
    env = {**os.environ, "HOME": str(tmp_path), "JUPYTER_PATH": "", "XDG_DATA_HOME": str(tmp_path / "data")}
    done = subprocess.run(["bash", "notebooks/demo.sh"], cwd=clients.ROOT, env=env, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    cells = clients.outputs(clients.ROOT / "build/demo/quickstart.ipynb")
    charts = [o for cell in cells for o in cell if VEGA in clients.mime(o)]
    assert len(charts) >= 8
    assert not [o for cell in cells for o in cell if o["output_type"] == "error"]
    for chart in charts:
        assert "text/html" not in clients.mime(chart)
        assert "image/svg+xml" in clients.mime(chart) and "text/plain" in clients.mime(chart)
    page = (clients.ROOT / "build/demo/quickstart.html").read_text()
    assert page.count("data:image/svg+xml;base64,") >= len(charts)


def test_demo_output_is_the_same_again():
    first = clients.outputs(clients.ROOT / "build/demo/quickstart.ipynb")
    out = clients.ROOT / "build/demo/again"
    out.mkdir(parents=True, exist_ok=True)
    command = ["/usr/bin/jupyter", "nbconvert", "--execute", "--to", "notebook", "--ExecutePreprocessor.kernel_name=velostream",
               "--output-dir", str(out), "notebooks/quickstart.ipynb"]
    done = subprocess.run(command, cwd=clients.ROOT, env={**os.environ, "VELO_CLOCK": "virtual"}, capture_output=True, text=True, timeout=180)
    assert done.returncode == 0, done.stderr
    again = clients.outputs(out / "quickstart.ipynb")
    tables = [[clients.text_of(clients.mime(o).get("text/html", "")) for o in cell] for cell in first]
    assert tables == [[clients.text_of(clients.mime(o).get("text/html", "")) for o in cell] for cell in again]


def test_the_error_in_the_text_is_what_the_kernel_says(tmp_path):
    cells = json.loads((clients.ROOT / "notebooks/quickstart.ipynb").read_text())["cells"]
    shown = re.search(r"```text\n(.*?)```", "".join(cells[-1]["source"]), re.S).group(1)
    stream = next("".join(c["source"]) for c in cells if "CREATE STREAM" in "".join(c["source"]) and c["cell_type"] == "code")
    broken = re.search(r"^  (SELECT.*)$", shown, re.M).group(1)
    book = clients.write_notebook(clients.ROOT / "notebooks/error-check.ipynb", stream, broken + "\nFROM trades\nGROUP BY symbol;")
    try:
        subprocess.run(["/usr/bin/jupyter", "nbconvert", "--execute", "--allow-errors", "--to", "notebook", "--output-dir", str(tmp_path),
                        "--ExecutePreprocessor.kernel_name=velostream", str(book)], check=True, capture_output=True, timeout=120)
    finally:
        book.unlink()
    error = clients.outputs(tmp_path / "error-check.ipynb")[1][0]
    said = re.sub(r"\x1b\[[0-9;]*m", "", "\n".join(error["traceback"])) + "\n"
    assert re.sub(r"cell \[\d+\]", "cell [n]", said) == re.sub(r"cell \[\d+\]", "cell [n]", shown)
