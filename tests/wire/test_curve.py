# SPDX-License-Identifier: Apache-2.0
"""CURVE on all five channels: case 44."""

import json
import os
import subprocess

import pytest
import zmq
from jupyter_client.manager import KernelManager
from zmq.utils.monitor import recv_monitor_message

from harness import ASK, CHANNELS, DEADLINE, HELLO, IS_TOY, VALUE, command, endpoint, outputs_of, run_to_end, text_of


def keys():
    public, secret = zmq.curve_keypair()
    return {"curve_publickey": public.decode(), "curve_secretkey": secret.decode()}


def at(transport, folder):
    return {"transport": "ipc", "ip": str(folder / "k")} if transport == "ipc" else {}


def check_all_channels(client):
    reply, messages = client.run(HELLO)
    assert reply["content"]["status"] == "ok" and text_of(messages) == "hello\n"  # shell and iopub
    assert client.ask("kernel_info_request", channel="control")["status"] == "ok"
    client.hb.send(b"\0beat\xff")
    assert client.hb.poll(int(DEADLINE * 1000)) and client.hb.recv() == b"\0beat\xff"
    request = client.execute(ASK)
    question = client.receive("stdin")
    assert question["msg_type"] == "input_request"
    client.answer(question, "7")
    assert client.reply(request)["content"]["status"] == "ok"
    client.until_idle(request)


@pytest.mark.parametrize("transport", ["tcp", "ipc"])
def test_case_44_all_five_channels(start, tmp_path, transport):
    kernel = start(**keys(), **at(transport, tmp_path))
    assert kernel.client().welcome["msg_type"] == "iopub_welcome"
    check_all_channels(kernel.client())


def failure_of(connection, name):
    """Connects without the right keys and waits for the verdict of the handshake."""
    context = zmq.Context()
    socket = context.socket({"iopub": zmq.SUB, "hb": zmq.REQ}.get(name, zmq.DEALER))
    socket.linger = 0
    if connection.get("curve_publickey"):
        socket.curve_serverkey = connection["curve_publickey"].encode()
        socket.curve_publickey, socket.curve_secretkey = zmq.curve_keypair()
    events = socket.get_monitor_socket(zmq.EVENT_HANDSHAKE_SUCCEEDED | zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                                       zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL | zmq.EVENT_HANDSHAKE_FAILED_AUTH |
                                       zmq.EVENT_DISCONNECTED)
    socket.connect(endpoint(connection, name))
    try:
        assert events.poll(int(DEADLINE * 1000)), f"no verdict on {name}"
        return recv_monitor_message(events)["event"]
    finally:
        socket.disable_monitor()
        context.destroy(linger=0)


@pytest.mark.parametrize("transport", ["tcp", "ipc"])
def test_case_44_a_client_without_the_key_is_refused(start, tmp_path, transport):
    kernel = start(**keys(), **at(transport, tmp_path))
    plain = {k: v for k, v in kernel.connection.items() if not k.startswith("curve_")}
    for name in CHANNELS:
        assert failure_of(plain, name) != zmq.EVENT_HANDSHAKE_SUCCEEDED, name
        assert failure_of({**plain, **keys()}, name) != zmq.EVENT_HANDSHAKE_SUCCEEDED, f"{name}, of another kernel"
        assert failure_of(kernel.connection, name) == zmq.EVENT_HANDSHAKE_SUCCEEDED, name
    check_all_channels(kernel.client())


def test_case_44_keys_are_reused_after_restart(start):
    kernel = start(**keys())
    client = kernel.client()
    client.send("shutdown_request", {"restart": True}, "control")
    assert kernel.process.wait(DEADLINE) == 0
    again = start(**kernel.connection)
    assert again.connection == kernel.connection
    check_all_channels(again.client())
    # The first client's sockets stayed open and shake hands anew, each in its own time.
    while client.next_iopub()["msg_type"] != "iopub_welcome":
        pass
    assert client.reply(client.send("kernel_info_request"))["content"]["status"] == "ok"


def test_case_44_a_libzmq_without_curve_is_reported(start, tmp_path):
    (tmp_path / "no_curve.c").write_text("int zmq_has(const char *what) { return what[0] != 'c'; }\n")
    shim = tmp_path / "no_curve.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-o", shim, tmp_path / "no_curve.c"], check=True)
    sanitizer = os.environ.get("ASAN_OPTIONS", "") + ":verify_asan_link_order=0"
    environment = {"LD_PRELOAD": str(shim), "ASAN_OPTIONS": sanitizer}
    code, lines = run_to_end(start(wait=False, environment=environment, **keys()))
    assert code not in (0, None) and len(lines) == 1 and "CURVE" in lines[0] and "libzmq" in lines[0]
    assert start(environment=environment).client().run(HELLO)[0]["content"]["status"] == "ok"  # plain still serves


@pytest.mark.parametrize("change, names", [
    (lambda pair: {"curve_publickey": pair["curve_publickey"]}, "curve_secretkey is missing"),
    (lambda pair: {"curve_secretkey": pair["curve_secretkey"]}, "curve_publickey is missing"),
    (lambda pair: {**pair, "curve_secretkey": "x" * 39}, "curve_secretkey must be"),
    (lambda pair: {**pair, "curve_publickey": keys()["curve_publickey"]}, "does not belong to"),
])
def test_case_44_unusable_keys_end_with_one_line(start, change, names):
    pair = keys()
    code, lines = run_to_end(start(wait=False, **change(pair)))
    assert code not in (0, None) and len(lines) == 1 and names in lines[0] and pair["curve_secretkey"] not in lines[0]


@pytest.fixture
def installed(tmp_path, monkeypatch):
    """A kernelspec as the product writes it; the toy kernel cannot write one."""
    if IS_TOY:
        pytest.skip("the toy kernel writes no kernelspec")
    subprocess.run([*command(), "install", "--prefix", str(tmp_path)], check=True, capture_output=True)
    monkeypatch.setenv("JUPYTER_PATH", str(tmp_path / "share/jupyter"))
    monkeypatch.setenv("JUPYTER_RUNTIME_DIR", str(tmp_path / "runtime"))
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.mark.parametrize("policy", ["required", "auto"])
def test_case_44_a_jupyter_manager_that_wants_encryption(installed, policy):
    manager = KernelManager(kernel_name="velostream", transport_encryption=policy)
    manager.start_kernel()
    client = manager.client()
    try:
        client.start_channels()
        client.wait_for_ready(timeout=DEADLINE)
        before = json.load(open(manager.connection_file))
        for _ in range(2):
            seen = []
            reply = client.execute_interactive(VALUE, timeout=DEADLINE, output_hook=seen.append)
            assert reply["content"]["status"] == "ok"
            assert [m["content"]["data"]["text/plain"] for m in outputs_of(seen)] == ["42"]
            assert client.is_alive()
            manager.restart_kernel(now=False)
            client.wait_for_ready(timeout=DEADLINE)
        after = json.load(open(manager.connection_file))
        assert before["curve_publickey"] == after["curve_publickey"] == manager.curve_publickey.decode()
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=False)
