# SPDX-License-Identifier: Apache-2.0
"""The start-up handshake with a registration file: case 45."""

import hashlib
import hmac
import json
import signal
import stat
import time
import uuid

import pytest
import zmq

from harness import CHANNELS, DEADLINE, HELLO, Kernel, free_ports, run_to_end, wait_until
from test_curve import keys

DELIMITER = b"<IDS|MSG>"
WAIT = 5  # seconds a kernel waits for the acknowledgement


class Launcher:
    """A registration socket. `Registered` kernels announce themselves to it."""

    def __init__(self, transport="tcp", ip="127.0.0.1"):
        self.context = zmq.Context()
        self.socket = self.context.socket(zmq.ROUTER)
        self.socket.linger = 0
        port = 1
        if transport == "tcp":
            port = self.socket.bind_to_random_port(f"tcp://{ip}")
        else:
            self.socket.bind(f"ipc://{ip}-{port}")
        self.file = {"transport": transport, "registration_ip": ip, "registration_port": port, "key": "a-key",
                     "signature_scheme": "hmac-sha256"}

    def close(self):
        self.context.destroy(linger=0)

    def sign(self, content, key=b"a-key", digest=hashlib.sha256):
        return hmac.new(key, content, digest).hexdigest().encode()

    def announcement(self):
        assert self.socket.poll(int(DEADLINE * 1000)), "no announcement"
        identity, delimiter, signature, content = self.socket.recv_multipart()
        assert delimiter == DELIMITER
        return identity, signature, content

    def acknowledge(self, identity, content=b"ACK", signature=None):
        self.socket.send_multipart([identity, DELIMITER, self.sign(content) if signature is None else signature,
                                    content])


class Registered(Kernel):
    """A kernel started with a registration file; its connection file is the one it writes itself."""

    def __init__(self, registration, name=None):
        self.id = str(uuid.uuid4())
        super().__init__(wait=False, file=(name or "registration-{}.json").format(self.id),
                         written={"kernel_id": self.id, **registration})

    def own_file(self, suffix=""):
        path = self.folder / f"kernel-{self.id}{suffix}.json"
        wait_until(path.exists, what="connection file")
        self.connection = json.loads(path.read_text())
        return path


@pytest.fixture
def launch():
    opened = []

    def make(launcher, name=None, **changes):
        opened.append(Registered({**launcher.file, **changes}, name))
        return opened[-1]

    yield make
    for kernel in opened:
        kernel.stop()


@pytest.fixture
def launcher():
    launcher = Launcher()
    yield launcher
    launcher.close()


@pytest.mark.parametrize("scheme, digest", [("hmac-sha256", hashlib.sha256), ("hmac-sha512", hashlib.sha512)])
def test_case_45_handshake(launcher, launch, scheme, digest):
    kernel = launch(launcher, signature_scheme=scheme)
    identity, signature, content = launcher.announcement()
    assert signature == launcher.sign(content, digest=digest)
    announced = json.loads(content)
    assert set(announced) == {"kernel_id"} | {f"{name}_port" for name in CHANNELS}
    assert announced["kernel_id"] == kernel.id and all(isinstance(port, str) for port in announced.values())
    assert not list(kernel.folder.glob("kernel-*.json"))  # no file before somebody has acknowledged
    launcher.acknowledge(identity, signature=launcher.sign(b"ACK", digest=digest))
    path = kernel.own_file()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert {f"{name}_port": str(kernel.connection[f"{name}_port"]) for name in CHANNELS}.items() <= announced.items()
    assert kernel.connection["ip"] == "127.0.0.1" and kernel.connection["signature_scheme"] == scheme
    assert "registration_ip" not in kernel.connection and "registration_port" not in kernel.connection
    reply = kernel.client().run(HELLO)[0]
    assert reply["content"]["status"] == "ok" and reply["header"]["version"] == "5.6"
    assert json.loads(kernel.file.read_text()) == kernel.written  # it serves the next start as well
    kernel.process.terminate()
    assert kernel.process.wait(DEADLINE) == 0 and not path.exists()


def test_case_45_a_launcher_may_come_late_and_may_go_early(launch):
    late = Launcher()
    port = free_ports(1)[0]
    kernel = launch(late, registration_port=port)
    late.socket.bind(f"tcp://127.0.0.1:{port}")
    late.acknowledge(late.announcement()[0])
    kernel.own_file()
    late.close()
    assert kernel.client().run(HELLO)[0]["content"]["status"] == "ok"


def test_case_45_unsigned_and_string_port(launcher, launch):
    kernel = launch(launcher, key="", registration_port=str(launcher.file["registration_port"]))
    identity, signature, _ = launcher.announcement()
    assert signature == b""
    launcher.acknowledge(identity, b'{"status":"ok"}', b"")
    kernel.own_file()
    assert kernel.client().run(HELLO)[0]["content"]["status"] == "ok"


def test_case_45_encrypted(launcher, launch):
    pair = keys()
    kernel = launch(launcher, **pair)
    launcher.acknowledge(launcher.announcement()[0])
    kernel.own_file()
    assert pair.items() <= kernel.connection.items()
    assert kernel.client().run(HELLO)[0]["content"]["status"] == "ok"


@pytest.mark.parametrize("round", range(10))
def test_case_45_many_kernels_share_an_ipc_prefix(launch, tmp_path, round):
    """All at once, and again: between the claim of a number and its socket another kernel may take it."""
    launcher = Launcher("ipc", str(tmp_path / "k"))
    kernels = [launch(launcher) for _ in range(4)]
    for _ in kernels:
        launcher.acknowledge(launcher.announcement()[0])
    for kernel in kernels:
        kernel.own_file()
        assert kernel.client().run(HELLO)[0]["content"]["status"] == "ok"
    assert len({kernel.connection[f"{name}_port"] for kernel in kernels for name in CHANNELS}) == 20
    launcher.close()


def test_case_45_a_registration_file_of_the_same_name_is_kept(launcher, launch):
    kernel = launch(launcher, "kernel-{}.json")
    launcher.acknowledge(launcher.announcement()[0])
    kernel.own_file("-channels")
    assert json.loads(kernel.file.read_text()) == kernel.written
    assert kernel.client().run(HELLO)[0]["content"]["status"] == "ok"


def check_refusal(kernel, *words):
    code, lines = run_to_end(kernel)
    assert code not in (0, None) and len(lines) == 1 and all(word in lines[0] for word in words), lines
    assert not list(kernel.folder.glob("kernel-*.json"))


def test_case_45_acknowledgement_timeout(launcher, launch):
    started = time.monotonic()
    kernel = launch(launcher)
    launcher.announcement()
    check_refusal(kernel, f"tcp://127.0.0.1:{launcher.file['registration_port']}", "within 5 seconds")
    assert time.monotonic() - started >= WAIT - 0.5


def test_case_45_nobody_listens(launch):
    launcher = Launcher()
    launcher.close()
    check_refusal(launch(launcher), "within 5 seconds")


@pytest.mark.parametrize("signature", [b"", b"0" * 64, b"0" * 10, "another key", "another text"])
def test_case_45_wrong_signature(launcher, launch, signature):
    kernel = launch(launcher)
    identity, _, content = launcher.announcement()
    wrong = {"another key": launcher.sign(b"ACK", b"b-key"), "another text": launcher.sign(content)}
    launcher.acknowledge(identity, signature=wrong.get(signature, signature))
    check_refusal(kernel, "another key")


@pytest.mark.parametrize("frames", [[b"ACK"], [DELIMITER], [DELIMITER, b"s"], [DELIMITER, b"s", b"c", b"c"]])
def test_case_45_an_answer_that_is_none(launcher, launch, frames):
    kernel = launch(launcher)
    identity, _, _ = launcher.announcement()
    launcher.socket.send_multipart([identity, *frames])
    check_refusal(kernel, "did not answer with an acknowledgement")


def test_case_45_a_signal_ends_the_wait(launcher, launch):
    kernel = launch(launcher)
    launcher.announcement()
    started = time.monotonic()
    kernel.process.send_signal(signal.SIGTERM)
    check_refusal(kernel, "signal")
    assert time.monotonic() - started < WAIT - 1


@pytest.mark.parametrize("change, names", [
    ({"kernel_id": None}, "kernel_id"), ({"kernel_id": "../x"}, "kernel_id"), ({"kernel_id": ""}, "kernel_id"),
    ({"registration_ip": 5}, "registration_ip"), ({"registration_ip": "no such host"}, "no such host"),
    ({"registration_port": None}, "registration_port"), ({"registration_port": "x"}, "registration_port"),
    ({"signature_scheme": "hmac-md5"}, "hmac-md5"),
])
def test_case_45_an_unusable_registration_file_ends_with_one_line(launcher, launch, change, names):
    kernel = launch(launcher, **change)
    check_refusal(kernel, names)
