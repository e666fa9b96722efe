# SPDX-License-Identifier: Apache-2.0
import pytest

import harness


@pytest.fixture
def kernel():
    kernel = harness.Kernel()
    yield kernel
    kernel.stop()


@pytest.fixture
def client(kernel):
    return kernel.client()


@pytest.fixture
def start():
    """Starts kernels with options of their own; all are stopped at the end."""
    started = []

    def make(**options):
        kernel = harness.Kernel(**options)
        started.append(kernel)
        return kernel

    yield make
    for kernel in started:
        kernel.stop()


def pytest_collection_modifyitems(items):
    skip = pytest.mark.skip(reason="needs SQL; the toy kernel has none")
    for item in items:
        if harness.IS_TOY and item.get_closest_marker("sql"):
            item.add_marker(skip)


def pytest_configure(config):
    config.addinivalue_line("markers", "sql: needs the real kernel, not the toy of tests/support")
