# SPDX-License-Identifier: Apache-2.0
"""What every test with a real Jupyter client needs: a scratch kernelspec and the folder of the checkout."""
import json
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
KERNEL = pathlib.Path(os.environ.get("VELO_KERNEL", ROOT / "build/release/velo-kernel"))
VELO = pathlib.Path(os.environ.get("VELO", ROOT / "build/release/velo"))


def install_kernelspec(folder):
    """Installs the kernelspec below `folder` by the product's own command and points Jupyter at it."""
    subprocess.run([KERNEL, "install", "--prefix", str(folder)], check=True, capture_output=True)
    os.environ["JUPYTER_PATH"] = str(pathlib.Path(folder) / "share/jupyter")
    return pathlib.Path(folder) / "share/jupyter/kernels/velostream/kernel.json"


def notebook(*sources, tags=None):
    """A notebook of code cells; `tags` maps a cell's index to its tags."""
    tags = tags or {}
    cells = [
        {"cell_type": "code", "id": f"cell-{i}", "execution_count": None, "outputs": [], "source": source,
         "metadata": {"tags": tags[i]} if i in tags else {}}
        for i, source in enumerate(sources)
    ]
    return {"cells": cells, "nbformat": 4, "nbformat_minor": 5,
            "metadata": {"kernelspec": {"name": "velostream", "display_name": "Velostream SQL", "language": "sql"},
                         "language_info": {"name": "sql", "file_extension": ".sql"}}}


def write_notebook(path, *sources, tags=None):
    pathlib.Path(path).write_text(json.dumps(notebook(*sources, tags=tags)))
    return path


def outputs(notebook_path):
    """All outputs of an executed notebook, cell by cell."""
    cells = json.loads(pathlib.Path(notebook_path).read_text())["cells"]
    return [cell.get("outputs", []) for cell in cells if cell["cell_type"] == "code"]


def mime(output):
    return output.get("data", {})


def text_of(value):
    return "".join(value) if isinstance(value, list) else value
