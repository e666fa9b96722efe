# SPDX-License-Identifier: Apache-2.0
"""Frames, signatures and transports: cases 20 to 22, 42, 43."""

import os
import socket
import subprocess

import pytest
import zmq

from harness import DEADLINE, HELLO, Kernel, command, endpoint, free_ports, run_to_end, wait_until

DELIMITER = b"<IDS|MSG>"


def frames_of(client, type="kernel_info_request", content=None):
    message = client.message(type, content)
    return client.session.serialize(message), message


def malformed(client):
    frames, _ = frames_of(client)
    signature, *json_frames = frames[1:]
    yield "wrong signature", [DELIMITER, b"0" * 64, *json_frames]
    yield "upper case signature", [DELIMITER, signature.upper(), *json_frames]
    yield "short signature", [DELIMITER, signature[:10], *json_frames]
    yield "one character short", [DELIMITER, signature[:-1], *json_frames]
    yield "long signature", [DELIMITER, signature + b"0" * 1000, *json_frames]
    yield "empty signature", [DELIMITER, b"", *json_frames]
    yield "no delimiter", [signature, *json_frames]
    yield "four frames", [DELIMITER, signature, *json_frames[:3]]
    yield "only a delimiter", [DELIMITER]
    yield "one empty frame", [b""]
    yield "a thousand frames", [b"x"] * 1000
    for bad in (b"not json", b"[]", b'"text"', b"null", b"", b'{"a":', b"\xff\xfe{}", b"{" * 100000, b'{"a":1}' * 2):
        for position in range(4):
            parts = list(json_frames)
            parts[position] = bad
            yield f"frame {position} is {bad[:20]!r}", [DELIMITER, client.session.sign(parts), *parts]
    for header in (b"{}", b'{"msg_type":1,"msg_id":2}', b'{"msg_type":"kernel_info_request"}'):
        parts = [header, *json_frames[1:]]
        yield f"header {header!r}", [DELIMITER, client.session.sign(parts), *parts]


@pytest.mark.parametrize("channel", ["shell", "control", "stdin"])
def test_case_20_malformed_messages_are_dropped(client, channel):
    for what, frames in malformed(client):
        getattr(client, channel).send_multipart(frames)
    for name in ("shell", "control"):
        assert client.ask("kernel_info_request", channel=name)["status"] == "ok"
    assert client.unread == {"shell": [], "control": [], "stdin": []}
    assert client.run(HELLO)[0]["content"]["status"] == "ok"


def test_case_20_a_huge_frame_is_dropped(kernel, client):
    other = client.context.socket(zmq.DEALER)
    other.linger = 0
    other.connect(endpoint(kernel.connection, "shell"))
    other.send_multipart([DELIMITER, b"0" * 64, b"{}", b"{}", b"{}", b"x" * (80 << 20)])
    large = {"code": "-- " + "x" * (8 << 20)}
    assert client.ask("execute_request", large)["status"] == "ok"
    assert client.ask("kernel_info_request")["status"] == "ok"


def test_case_21_a_replayed_message_is_ignored(client):
    frames, message = frames_of(client)
    other, other_message = frames_of(client)
    client.shell.send_multipart(frames)
    assert client.receive("shell")["parent_header"]["msg_id"] == message["header"]["msg_id"]
    client.shell.send_multipart(frames)
    client.control.send_multipart(frames)
    client.shell.send_multipart(other)
    assert client.receive("shell")["parent_header"]["msg_id"] == other_message["header"]["msg_id"]
    assert client.ask("kernel_info_request", channel="control")["status"] == "ok"
    assert not client.unread["control"] and not client.control.poll(100)


def test_case_21_with_an_empty_key_nothing_is_signed(start):
    kernel = start(key="")
    client = kernel.client()
    frames, _ = frames_of(client)
    assert frames[1] == b""
    for _ in range(2):  # and a repeated message is no replay
        client.shell.send_multipart(frames)
        reply = client.shell.recv_multipart()
        assert reply[reply.index(DELIMITER) + 1] == b""
    assert client.run(HELLO)[0]["content"]["status"] == "ok"


def test_case_22_buffers_come_back_intact(client):
    client.until_idle(client.send("comm_open", {"comm_id": "b", "target_name": "velo.echo", "data": {}}))
    buffers = [b"", bytes(range(256)), DELIMITER, os.urandom(1 << 20)]
    request = client.send("comm_msg", {"comm_id": "b", "data": {"n": [1, "ü"]}}, buffers=buffers)
    echo = [m for m in client.until_idle(request) if m["msg_type"] == "comm_msg"][0]
    assert [bytes(b) for b in echo["buffers"]] == buffers
    assert echo["content"] == {"comm_id": "b", "data": {"n": [1, "ü"]}}


def test_case_42_a_taken_port_ends_with_one_line(start):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        code, lines = run_to_end(start(wait=False, control_port=port))
    assert code not in (0, None) and len(lines) == 1 and str(port) in lines[0] and "control" in lines[0]


@pytest.mark.parametrize("change, names", [
    ({"signature_scheme": "hmac-md5"}, "hmac-md5"), ({"transport": "udp"}, "udp"), ({"hb_port": "x"}, "hb_port"),
    ({"shell_port": None}, "shell_port"), ({"shell_port": 70000}, "shell_port"),
    ({"transport": "ipc", "ip": "/tmp/" + "x" * 120}, "longer than"),
])
def test_case_42_an_unusable_connection_file_ends_with_one_line(start, change, names):
    code, lines = run_to_end(start(wait=False, **change))
    assert code not in (0, None) and len(lines) == 1 and names in lines[0]


def test_case_42_a_missing_connection_file_ends_with_one_line():
    done = subprocess.run([*command(), "-f", "/no/such/file.json"], capture_output=True, text=True, timeout=DEADLINE)
    assert done.returncode != 0 and len(done.stderr.splitlines()) == 1 and "/no/such/file.json" in done.stderr


@pytest.mark.parametrize("form", [int, str])
def test_case_43_fixed_ports_as_numbers_and_strings(start, form):
    names = ("shell_port", "iopub_port", "stdin_port", "control_port", "hb_port")
    kernel = start(**dict(zip(names, map(form, free_ports(5)))))
    assert kernel.connection == kernel.written  # nothing was picked, so nothing is rewritten
    assert kernel.client().run(HELLO)[0]["content"]["status"] == "ok"


def test_case_43_picked_ports_are_written_and_unknown_keys_kept(kernel):
    assert kernel.connection["unknown_key"] == {"ignored": True} and kernel.connection["key"] == "a-key"
    assert len({kernel.connection[f"{n}_port"] for n in ("shell", "iopub", "stdin", "control", "hb")}) == 5


@pytest.mark.parametrize("ip", ["*", "0.0.0.0", "127.0.0.1"])
def test_case_43_addresses(start, ip):
    kernel = start(ip=ip)
    kernel.connection["ip"] = "127.0.0.1"
    assert kernel.client().run(HELLO)[0]["content"]["status"] == "ok"


def test_case_43_ipc(start, tmp_path):
    kernel = start(transport="ipc", ip=str(tmp_path / "k"), **{f"{n}_port": i + 1 for i, n in enumerate(
        ("shell", "iopub", "stdin", "control", "hb"))})
    wait_until(lambda: len(list(tmp_path.glob("k-*"))) == 5, what="socket files")
    assert kernel.client().run(HELLO)[0]["content"]["status"] == "ok"
    kernel.stop()
    assert not list(tmp_path.glob("k-*"))


def test_case_43_ipc_picks_its_numbers(start, tmp_path):
    kernel = start(transport="ipc", ip=str(tmp_path / "k"))
    assert kernel.client().run(HELLO)[0]["content"]["status"] == "ok"


def test_case_43_sha512(start):
    kernel = start(signature_scheme="hmac-sha512")
    assert kernel.client().run(HELLO)[0]["content"]["status"] == "ok"
