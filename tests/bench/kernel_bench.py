#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""velo-kernel beside other kernels, in turns in one run: start, round trip, memory, loss with a stalled reader.

Sockets are connected before the kernel is started; the clock runs from exec to kernel_info_reply. A kernel whose program
is missing is left out and named."""
import argparse
import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import uuid

import zmq
from jupyter_client.session import Session

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
import clients  # noqa: E402
from ports import free_ports  # noqa: E402

CHANNELS = {"shell": zmq.DEALER, "iopub": zmq.SUB, "stdin": zmq.DEALER, "control": zmq.DEALER, "hb": zmq.REQ}
parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--executes", type=int, default=500)
parser.add_argument("--messages", type=int, nargs="*", default=[20000, 200000])
parser.add_argument("--python", default=sys.executable, help="the Python that has ipykernel and xeus-python")
options = parser.parse_args()

KERNELS = {
    "velo": ([str(clients.KERNEL), "-f"], "SELECT 1;", "%echo --repeat {n} a line"),
    "ipykernel": ([options.python, "-m", "ipykernel_launcher", "-f"], "1", "import sys\nfor i in range({n}): print('a line', flush=True)"),
    "xeus-python": ([options.python, "-m", "xpython_launcher", "-f"], "1", "for i in range({n}): print('a line')"),
}


class Kernel:
    def __init__(self, argv):
        self.folder = tempfile.mkdtemp(prefix="velo-bench-")
        key = uuid.uuid4().hex
        info = dict(zip((f"{name}_port" for name in CHANNELS), free_ports(len(CHANNELS))))
        info.update(ip="127.0.0.1", transport="tcp", key=key, signature_scheme="hmac-sha256", kernel_name="bench")
        file = pathlib.Path(self.folder, "kernel.json")
        file.write_text(json.dumps(info))
        self.session = Session(key=key.encode())
        self.context = zmq.Context()
        self.sockets = {}
        for name, kind in CHANNELS.items():
            sock = self.context.socket(kind)
            sock.linger = 0
            sock.setsockopt(zmq.RECONNECT_IVL, 1)
            if kind == zmq.SUB:
                sock.subscribe(b"")
            sock.connect(f"tcp://127.0.0.1:{info[name + '_port']}")
            self.sockets[name] = sock
        environment = {**os.environ, "XDG_STATE_HOME": self.folder}
        begin = time.perf_counter()
        self.process = subprocess.Popen([*argv, str(file)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment,
                                        stdin=subprocess.DEVNULL)
        self.ask("kernel_info_request", {})
        self.start_ms = (time.perf_counter() - begin) * 1000

    def send(self, kind, content):
        return self.session.send(self.sockets["shell"], kind, content)["header"]["msg_id"]

    def ask(self, kind, content, seconds=60):
        wanted = self.send(kind, content)
        while True:
            assert self.sockets["shell"].poll(int(seconds * 1000)), f"no reply to {kind}"
            _, message = self.session.recv(self.sockets["shell"], mode=0)
            if message["parent_header"].get("msg_id") == wanted:
                return message

    def wait_idle(self, wanted, seconds=60):
        """The text of the stream messages of one cell; None when idle did not come."""
        text, end = 0, time.monotonic() + seconds
        while time.monotonic() < end:
            if not self.sockets["iopub"].poll(int(max(0, end - time.monotonic()) * 1000)):
                return text, False
            _, message = self.session.recv(self.sockets["iopub"], mode=0)
            if (message["parent_header"] or {}).get("msg_id") != wanted:
                continue
            if message["msg_type"] == "stream":
                text += message["content"]["text"].count("\n")
            if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
                return text, True
        return text, False

    def execute(self, code):
        content = {"code": code, "silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": True, "stop_on_error": True}
        begin = time.perf_counter()
        wanted = self.send("execute_request", content)
        self.sockets["shell"].poll(60000)
        self.session.recv(self.sockets["shell"], mode=0)
        self.wait_idle(wanted)
        return (time.perf_counter() - begin) * 1000

    def memory(self):
        rollup = pathlib.Path(f"/proc/{self.process.pid}/smaps_rollup").read_text()
        figures = {line.split(":")[0]: int(line.split()[1]) for line in rollup.splitlines() if line.startswith(("Rss", "Pss:"))}
        return figures["Rss"] / 1024, figures["Pss"] / 1024

    def stop(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()
        self.context.destroy(0)
        shutil.rmtree(self.folder, ignore_errors=True)


def stalled(argv, code, lines):
    kernel = Kernel(argv)
    kernel.sockets["iopub"].setsockopt(zmq.RCVHWM, 1000)
    content = {"code": code.format(n=lines), "silent": False, "store_history": False, "user_expressions": {}, "allow_stdin": True, "stop_on_error": True}
    wanted = kernel.send("execute_request", content)
    time.sleep(3)  # the stall itself: the reader takes nothing
    arrived, idle = kernel.wait_idle(wanted, 120)
    kernel.stop()
    return arrived, idle


def is_there(argv):
    if argv[1] != "-m":
        return shutil.which(argv[0]) is not None
    return subprocess.run([argv[0], "-c", f"import {argv[2]}"], capture_output=True).returncode == 0


def main():
    figures = {name: {"start": [], "trip": [], "rss": [], "pss": []} for name in KERNELS}
    usable = [name for name, (argv, _, _) in KERNELS.items() if is_there(argv)]
    for name in KERNELS:
        if name not in usable:
            print(f"left out: {name} ({' '.join(KERNELS[name][0][:3])} is not there)")
    for _ in range(options.rounds):
        for name in usable:
            argv, code, _ = KERNELS[name]
            kernel = Kernel(argv)
            figures[name]["start"].append(kernel.start_ms)
            kernel.execute(code)
            figures[name]["trip"] += [kernel.execute(code) for _ in range(options.executes)]
            rss, pss = kernel.memory()
            figures[name]["rss"].append(rss)
            figures[name]["pss"].append(pss)
            kernel.stop()
    for name in usable:
        f = figures[name]
        trips = sorted(f["trip"])
        print(f"{name:<12} start {statistics.median(f['start']):7.1f} ms ({min(f['start']):.1f}-{max(f['start']):.1f})"
              f"  round trip p50 {statistics.median(trips):6.2f} ms p99 {trips[int(len(trips) * 0.99) - 1]:6.2f} ms"
              f"  RSS {statistics.median(f['rss']):6.1f} MiB PSS {statistics.median(f['pss']):6.1f} MiB", flush=True)
    for lines in options.messages:
        for name in usable:
            argv, _, code = KERNELS[name]
            arrived, idle = stalled(argv, code, lines)
            print(f"{name:<12} {lines:>8,} lines, reader stalled 3 s: {arrived:>8,} arrived, idle {'seen' if idle else 'NOT seen'}", flush=True)


if __name__ == "__main__":
    main()
