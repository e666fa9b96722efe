# SPDX-License-Identifier: Apache-2.0
import pathlib
import sys

import pytest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import clients  # noqa: E402


@pytest.fixture(scope="session", autouse=True)
def kernelspec(tmp_path_factory):
    return clients.install_kernelspec(tmp_path_factory.mktemp("jupyter"))
