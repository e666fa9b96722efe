# SPDX-License-Identifier: Apache-2.0
"""The folder that VELO_ROOT limits a notebook's files to."""

import pytest

from harness import ROOT

pytestmark = pytest.mark.sql
TRADES = ROOT / "notebooks/data/trades.csv"


@pytest.mark.parametrize("cell", [
    f"SELECT COUNT(*) AS n FROM '{TRADES}';",
    "SELECT 1 AS a INTO '{outside}';",
    "%export _ {outside}",
    "%export _ out.csv",  # relative: beside the notebook, which is outside
    "SET files.root = '/';",
])
def test_no_cell_leaves_the_root(start, tmp_path, cell):
    inside, outside = tmp_path / "inside", tmp_path / "outside.csv"
    inside.mkdir()
    (inside / "t.csv").write_text("a\n1\n")
    kernel = start(environment={"VELO_ROOT": str(inside)})
    client = kernel.client()
    assert client.run(f"SELECT a FROM '{inside}/t.csv';")[0]["content"]["status"] == "ok"
    assert client.run(f"%export _ {inside}/copy.csv")[0]["content"]["status"] == "ok"
    reply = client.run(cell.format(outside=outside))[0]["content"]
    assert reply["status"] == "error" and str(inside) in reply["evalue"], reply
    assert "files.root" in reply["evalue"] + "".join(reply["traceback"])
    assert not outside.exists() and not (kernel.folder / "out.csv").exists()
    assert (inside / "copy.csv").read_text() == "a\n1\n"


def test_no_list_offers_a_file_outside_the_root(start):
    kernel = start(environment={"VELO_ROOT": ""})
    inside = kernel.folder / "inside"
    inside.mkdir()
    (inside / "near.csv").write_text("a\n1\n")
    (kernel.folder / "far.csv").write_text("a\n1\n")
    client = kernel.client()

    def lists():
        shown = str(client.run("%tables")[1])
        for code in ("SELECT * FROM '", "%schema "):
            shown += str(client.ask("complete_request", {"code": code, "cursor_pos": len(code)})["matches"])
        return shown

    assert "far.csv" in lists() and "near.csv" in lists()
    assert client.run(f"SET files.root = '{inside}';")[0]["content"]["status"] == "ok"
    assert "far.csv" not in lists() and "near.csv" in lists()
