# SPDX-License-Identifier: Apache-2.0
"""The two ways to install: by the program itself, and as one tree by CMake that works under any prefix."""
import json
import os
import shutil
import subprocess

import clients
import nbformat
from nbclient import NotebookClient


def answer_of_a_cell():
    node = nbformat.from_dict(clients.notebook("SELECT 6*7;"))
    NotebookClient(node, kernel_name="velostream", timeout=60).execute()
    return node.cells[0].outputs[0]["data"]["text/plain"]


def test_an_installed_tree_works_where_it_is_moved(tmp_path, monkeypatch):
    subprocess.run(["cmake", "--install", "build/release", "--prefix", str(tmp_path / "first")], cwd=clients.ROOT, check=True, capture_output=True)
    shutil.move(tmp_path / "first", tmp_path / "moved")
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "moved/share/jupyter"))
    assert answer_of_a_cell() == "42"


def test_install_writes_a_kernelspec_and_uninstall_removes_just_that(tmp_path):
    folder = tmp_path / "share/jupyter/kernels/velo-test"
    options = ["--prefix", str(tmp_path), "--name", "velo-test"]
    subprocess.run([clients.KERNEL, "install", *options, "--display-name", "Velo (test)", "--env", "A=b"], check=True, capture_output=True)
    spec = json.loads((folder / "kernel.json").read_text())
    assert spec["display_name"] == "Velo (test)" and spec["env"] == {"A": "b"} and spec["interrupt_mode"] == "message"
    assert os.access(spec["argv"][0], os.X_OK) and spec["argv"][1:] == ["-f", "{connection_file}"]
    assert {"logo-32x32.png", "logo-64x64.png", "logo-svg.svg"} <= {p.name for p in folder.iterdir()}
    (folder / "mine.txt").write_text("kept")
    subprocess.run([clients.KERNEL, "uninstall", *options], check=True, capture_output=True)
    assert [p.name for p in folder.iterdir()] == ["mine.txt"]


def test_install_leaves_a_foreign_kernelspec_alone(tmp_path):
    folder = tmp_path / "share/jupyter/kernels/velostream"
    folder.mkdir(parents=True)
    (folder / "kernel.json").write_text("{}")
    done = subprocess.run([clients.KERNEL, "install", "--prefix", str(tmp_path)], capture_output=True, text=True)
    assert done.returncode == 2 and "--replace" in done.stderr
    assert (folder / "kernel.json").read_text() == "{}"
