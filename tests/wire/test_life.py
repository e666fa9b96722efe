# SPDX-License-Identifier: Apache-2.0
"""Start and end of the process: cases 39 to 41."""

import os
import pathlib
import signal
import subprocess
import sys
import textwrap
import time

import pytest

from harness import ASK, DEADLINE, HELLO, Kernel, echo, wait_until

CELLS = ["idle", "watching", "aggregating", "asking", "printing"]


def begin(kernel, client, what):
    if what == "idle":
        return client.run(HELLO)
    if what == "asking":
        client.execute(ASK, allow_stdin=True)
        return client.receive("stdin")
    cell = echo(10000000) if what == "printing" else getattr(kernel, what)()
    return client.until_busy(client.execute(cell))


@pytest.mark.parametrize("what", CELLS)
@pytest.mark.parametrize("channel, restart", [("control", False), ("control", True), ("shell", False)])
def test_case_39_shutdown(kernel, client, what, channel, restart):
    begin(kernel, client, what)
    started = time.monotonic()
    request = client.send("shutdown_request", {"restart": restart}, channel)
    assert client.reply(request, channel)["content"] == {"status": "ok", "restart": restart}
    messages = client.until_idle(request)
    broadcast = [m for m in messages if m["msg_type"] == "shutdown_reply"]
    assert [m["content"] for m in broadcast] == [{"status": "ok", "restart": restart}]
    assert kernel.process.wait(2 * DEADLINE) == 0
    print(f"{what}: gone after {time.monotonic() - started:.2f} s")


def children_of(pid):
    return pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()


@pytest.mark.parametrize("what", CELLS)
@pytest.mark.parametrize("ipc", [False, True])
def test_case_40_sigterm(start, tmp_path, what, ipc):
    kernel = start(transport="ipc", ip=str(tmp_path / "k")) if ipc else start()
    client = kernel.client()
    begin(kernel, client, what)
    assert children_of(kernel.process.pid) == []
    started = time.monotonic()
    kernel.process.send_signal(signal.SIGTERM)
    assert kernel.process.wait(DEADLINE) == 0
    print(f"{what}: gone after {time.monotonic() - started:.2f} s")
    assert not list(tmp_path.glob("k-*"))


PARENT = textwrap.dedent("""
    import os, subprocess, sys, time
    environment = dict(os.environ)
    if sys.argv[1] == "with":
        environment["JPY_PARENT_PID"] = str(os.getpid())
    else:
        environment.pop("JPY_PARENT_PID", None)
    kernel = subprocess.Popen(sys.argv[2:], env=environment, start_new_session=True)
    print(kernel.pid, flush=True)
    kernel.wait()
""")


def is_gone(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")")[1].split()[0] == "Z"
    except OSError:
        return True


@pytest.mark.parametrize("variable", ["with", "without"])
@pytest.mark.parametrize("what", ["idle", "watching"])
def test_case_41_the_kernel_goes_with_its_parent(tmp_path, variable, what):
    template = Kernel(folder=tmp_path, wait=False)
    template.process.kill()
    template.process.wait()
    arguments = template.process.args
    template.file.write_text(__import__("json").dumps(template.written))
    log = open(tmp_path / "parent.log", "w")
    parent = subprocess.Popen([sys.executable, "-c", PARENT, variable, *arguments], stdout=subprocess.PIPE, stderr=log,
                              env=template.environment, cwd=tmp_path, text=True)
    pid = int(parent.stdout.readline())
    template.process = parent
    template.connection = wait_until(template.bound, what="written ports")
    client = template.client()
    begin(template, client, what)
    parent.kill()
    parent.wait()
    started = time.monotonic()
    wait_until(lambda: is_gone(pid), 2 * DEADLINE, "end of the kernel")
    print(f"gone {time.monotonic() - started:.2f} s after its parent")
    client.close()
