# SPDX-License-Identifier: Apache-2.0
import os
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import clients  # noqa: E402

os.environ["VELO_BOUND_SECONDS"] = "3"  # a test of an unbounded query waits for its bound


@pytest.fixture(scope="session", autouse=True)
def kernelspec(tmp_path_factory):
    return clients.install_kernelspec(tmp_path_factory.mktemp("jupyter"))
