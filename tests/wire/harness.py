# SPDX-License-Identifier: Apache-2.0
"""A started kernel and raw clients of it: sockets and signed messages, nothing between the test and the wire.

VELO_KERNEL is the command under test (default: the velo-kernel of build/dev, else of PATH). The toy kernel of
tests/support understands the same cells, so the protocol cases run against either."""

import json
import os
import pathlib
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import uuid

import zmq
from jupyter_client.session import Session

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/support"))
from ports import free_ports  # noqa: E402, F401

CHANNELS = ("shell", "iopub", "stdin", "control", "hb")
DEADLINE = float(os.environ.get("VELO_WIRE_DEADLINE", "10"))  # seconds for anything promised within one second
REPORTS = ("ERROR: AddressSanitizer", "ERROR: LeakSanitizer", "runtime error:", "WARNING: ThreadSanitizer",
           "were not given back")


def command():
    default = ROOT / "build/dev/velo-kernel"
    return shlex.split(os.environ.get("VELO_KERNEL") or (str(default) if default.exists() else "velo-kernel"))


IS_TOY = "echo_kernel" in command()[0]

# Cells that both kernels understand.
HELLO = "%echo hello"
VALUE = "SELECT 6*7;"
ERROR = "SELECT FROM;"
ASK = "%param answer --ask"
ASK_SECRET = "%param answer --ask --secret"


def echo(count, text="line"):
    return f"%echo --repeat {count} {text}"


def wait_until(check, seconds=DEADLINE, what="condition"):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        value = check()
        if value:
            return value
        time.sleep(0.005)
    raise AssertionError(f"no {what} within {seconds} s")


class Kernel:
    """One process. Ports are 0 unless given: the kernel picks them and writes them back into the file."""

    def __init__(self, folder=None, wait=True, environment=None, prefix=(), file=None, written=None, **connection):
        self.folder = pathlib.Path(folder or tempfile.mkdtemp(prefix="velo-wire-"))
        self.file = self.folder / (file or f"kernel-{uuid.uuid4().hex[:8]}.json")
        self.written = written or {
            "transport": "tcp", "ip": "127.0.0.1", "key": "a-key", "signature_scheme": "hmac-sha256",
            "kernel_name": "velostream", "unknown_key": {"ignored": True},
            **{f"{name}_port": 0 for name in CHANNELS}, **connection,
        }
        self.file.write_text(json.dumps(self.written))
        self.environment = {"TSAN_OPTIONS": f"suppressions={ROOT}/tests/support/tsan.supp", **os.environ,
                            "XDG_STATE_HOME": str(self.folder / "state"), **(environment or {})}
        self.log = self.folder / (self.file.stem + ".log")
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen([*prefix, *command(), "-f", str(self.file)], stdin=subprocess.DEVNULL,
                                            stdout=log, stderr=log, env=self.environment, cwd=self.folder)
        self.clients = []
        if wait:
            self.connection = wait_until(self.bound, what="written ports")

    def bound(self):
        if self.process.poll() is not None:
            raise AssertionError(f"the kernel ended with {self.process.returncode}: {self.log.read_text()}")
        connection = json.loads(self.file.read_text())
        return connection if all(int(connection[f"{name}_port"]) for name in CHANNELS) else None

    def client(self, **options):
        client = Client(self.connection, **options)
        self.clients.append(client)
        return client

    def interrupt(self):
        self.process.send_signal(signal.SIGINT)

    def watching(self):
        """A cell that runs until interrupted: it tails a file."""
        path = self.folder / "grow.csv"
        path.write_text("a,b\n1,2\n3,4\n")
        return f"SELECT * FROM '{path}' WITH ('grow.watch' = 'true');"

    def aggregating(self):
        """A cell that keeps a core busy and has no end."""
        path = self.folder / "big.csv"
        if not path.exists() and not IS_TOY:
            block = "".join(f"{i % 1000},{i}\n" for i in range(100000))
            path.write_text("a,b\n" + block * 30)
        return f"SELECT a, SUM(b) AS total FROM '{path}' WITH ('big.watch' = 'true') GROUP BY a EMIT CHANGES;"

    def check_log(self):
        log = self.log.read_text(errors="replace")
        for report in REPORTS:
            assert report not in log, log

    def stop(self):
        if not self.folder.exists():
            return  # stopped already
        for client in self.clients:
            client.close()
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(DEADLINE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                raise AssertionError("the kernel did not end on SIGTERM")
        self.check_log()
        shutil.rmtree(self.folder, ignore_errors=True)


class Client:
    """Five sockets of one client. Messages are dicts as jupyter_client makes them; duplicates raise."""

    def __init__(self, connection, identity=None, receive_mark=None):
        self.connection = connection
        self.context = zmq.Context()
        self.identity = identity or uuid.uuid4().hex.encode()
        self.session = Session(key=connection["key"].encode(), signature_scheme=connection["signature_scheme"])
        self.seen = []  # every iopub message, in order
        self.unread = {"shell": [], "control": [], "stdin": []}
        for name in CHANNELS:
            kind = {"iopub": zmq.SUB, "hb": zmq.REQ}.get(name, zmq.DEALER)
            socket = self.context.socket(kind)
            socket.linger = 0
            if kind == zmq.DEALER:
                socket.identity = self.identity
            if name == "iopub":
                if receive_mark is not None:
                    socket.rcvhwm = receive_mark
                socket.subscribe(b"")
            encrypt(socket, connection)
            setattr(self, name, socket)
            socket.connect(endpoint(connection, name))
        self.welcome = self.next_iopub()
        self.seen.clear()

    def close(self):
        self.context.destroy(linger=0)

    def message(self, type, content=None, metadata=None, header=None):
        message = self.session.msg(type, content or {}, metadata=metadata)
        message["header"].update(header or {})
        return message

    def send(self, type, content=None, channel="shell", buffers=None, **options):
        message = self.message(type, content, **options)
        self.session.send(getattr(self, channel), message, buffers=buffers)
        return message

    def execute(self, code, metadata=None, **content):
        """As an interactive client: without stdin an unbounded query would end by its default bound."""
        return self.send("execute_request", {"code": code, "silent": False, "store_history": True,
                                             "user_expressions": {}, "allow_stdin": True, **content},
                         metadata=metadata)

    def answer(self, question, value):
        self.session.send(self.stdin, self.session.msg("input_reply", {"value": value}, parent=question))

    def receive(self, channel, seconds=DEADLINE):
        socket = getattr(self, channel)
        if not socket.poll(max(0, int(seconds * 1000))):
            return None
        identities, frames = self.session.feed_identities(socket.recv_multipart())
        return self.session.deserialize(frames)

    def reply(self, request, channel="shell", seconds=DEADLINE):
        wanted = request["header"]["msg_id"]
        for waiting in self.unread[channel]:
            if waiting["parent_header"].get("msg_id") == wanted:
                self.unread[channel].remove(waiting)
                return waiting
        end = time.monotonic() + seconds
        while True:
            message = self.receive(channel, end - time.monotonic())
            assert message, f"no reply to {request['header']['msg_type']} within {seconds} s"
            if message["parent_header"].get("msg_id") == wanted:
                return message
            self.unread[channel].append(message)

    def next_iopub(self, seconds=DEADLINE):
        message = self.receive("iopub", seconds)
        if message:
            self.seen.append(message)
        return message

    def of(self, request):
        """What was seen of a request so far."""
        wanted = request["header"]["msg_id"]
        return [m for m in self.seen if m["parent_header"].get("msg_id") == wanted]

    def wait_for(self, request, check, seconds=DEADLINE):
        wanted = request["header"]["msg_id"]
        end = time.monotonic() + seconds
        if any(check(m) for m in self.of(request)):
            return self.of(request)
        while True:
            message = self.next_iopub(end - time.monotonic())
            assert message, f"not seen within {seconds} s: {[m['msg_type'] for m in self.of(request)][-20:]}"
            if message["parent_header"].get("msg_id") == wanted and check(message):
                return self.of(request)

    def until_idle(self, request, seconds=DEADLINE):
        return self.wait_for(request, lambda m: state(m) == "idle", seconds)

    def until_busy(self, request, seconds=DEADLINE):
        return self.wait_for(request, lambda m: state(m) == "busy", seconds)

    def until_shown(self, request, seconds=30):
        return self.wait_for(request, lambda m: m["msg_type"] == "display_data", seconds)

    def drain(self, seconds=0.2):
        while self.next_iopub(seconds):
            pass

    def run(self, code, seconds=DEADLINE, **content):
        """Executes to the end: the reply and every iopub message of it."""
        request = self.execute(code, **content)
        reply = self.reply(request, seconds=seconds)
        return reply, self.until_idle(request, seconds)

    def ask(self, type, content=None, channel="shell", **options):
        request = self.send(type, content, channel, **options)
        reply = self.reply(request, channel)
        self.until_idle(request)
        return reply["content"]

    def stop_cell(self, request, seconds=DEADLINE):
        """Interrupts by message; returns the cell's reply and the seconds it took."""
        started = time.monotonic()
        interrupt = self.send("interrupt_request", channel="control")
        assert self.reply(interrupt, "control")["content"]["status"] == "ok"
        reply = self.reply(request, seconds=seconds)
        return reply, time.monotonic() - started


def encrypt(socket, connection):
    """As a client that can read the connection file; a key pair of its own does as well as the file's."""
    if "curve_publickey" in connection:
        socket.curve_serverkey = connection["curve_publickey"].encode()
        socket.curve_publickey, socket.curve_secretkey = zmq.curve_keypair()


def endpoint(connection, name):
    ip = "127.0.0.1" if connection["ip"] == "*" else connection["ip"]
    separator = "-" if connection["transport"] == "ipc" else ":"
    return f"{connection['transport']}://{ip}{separator}{connection[name + '_port']}"


def run_to_end(kernel):
    """For a kernel that is to refuse its start: the exit code and what it said."""
    kernel.process.wait(DEADLINE)
    return kernel.process.returncode, kernel.log.read_text().splitlines()


def state(message):
    return message["content"].get("execution_state") if message["msg_type"] == "status" else None


def text_of(messages, name="stdout"):
    return "".join(m["content"]["text"] for m in messages
                   if m["msg_type"] == "stream" and m["content"]["name"] == name)


def outputs_of(messages):
    return [m for m in messages if m["msg_type"] in
            ("stream", "display_data", "update_display_data", "execute_result", "error", "clear_output")]
