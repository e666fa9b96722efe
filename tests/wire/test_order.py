# SPDX-License-Identifier: Apache-2.0
"""Order and completeness of output: cases 1 to 3, 13 to 16, 18, 23, 24, 49."""

import re
import time

import pytest
import zmq

from harness import DEADLINE, HELLO, VALUE, Kernel, echo, endpoint, outputs_of, state, text_of

REQUESTS = [
    ("shell", "kernel_info_request", {}),
    ("shell", "execute_request", {"code": HELLO}),
    ("shell", "execute_request", {"code": ""}),
    ("shell", "complete_request", {"code": "SELE", "cursor_pos": 4}),
    ("shell", "inspect_request", {"code": "COUNT", "cursor_pos": 5, "detail_level": 0}),
    ("shell", "is_complete_request", {"code": "SELECT 1;"}),
    ("shell", "history_request", {"hist_access_type": "tail", "n": 3, "output": False, "raw": True}),
    ("shell", "comm_info_request", {}),
    ("shell", "comm_open", {"comm_id": "c1", "target_name": "velo.echo", "data": {}}),
    ("shell", "comm_msg", {"comm_id": "c1", "data": {}}),
    ("shell", "comm_msg", {"comm_id": "never opened", "data": {}}),
    ("shell", "comm_close", {"comm_id": "c1", "data": {}}),
    ("shell", "connect_request", {}),
    ("shell", "no_such_request", {}),
    ("control", "kernel_info_request", {}),
    ("control", "interrupt_request", {}),
    ("control", "debug_request", {}),
    ("control", "usage_request", {}),
    ("control", "no_such_request", {"code": 1}),
]


def test_case_01_busy_and_idle_around_every_request_exactly_once(client):
    requests = []
    for channel, type, content in REQUESTS:
        request = client.send(type, content, channel)
        client.until_idle(request)
        requests.append(request)
    client.drain()
    for request in requests:
        messages = client.of(request)
        assert [state(m) for m in messages if state(m)] == ["busy", "idle"], request
        assert state(messages[0]) == "busy" and state(messages[-1]) == "idle"


def test_case_02_idle_is_last_after_ten_thousand_outputs(client):
    request = client.execute(echo(10000, "x"))
    client.until_idle(request, 60)
    client.drain()
    messages = client.of(request)
    assert text_of(messages) == "x\n" * 10000
    assert [state(m) for m in messages if state(m)] == ["busy", "idle"]
    assert state(messages[-1]) == "idle"


def test_case_03_parents_are_the_whole_request_header(client):
    assert client.welcome["parent_header"] == {}
    request = client.send("execute_request", {"code": VALUE}, header={"future_field": [1, {"a": "ü"}]})
    reply = client.reply(request)
    # Dates become objects in Python, with another rounding of the zone, so they are compared apart.
    wanted = {k: v for k, v in request["header"].items() if k != "date"}
    for message in [reply, *client.until_idle(request)]:
        assert {k: v for k, v in message["parent_header"].items() if k != "date"} == wanted
        assert message["parent_header"]["date"] == request["header"]["date"]
        assert isinstance(message["metadata"], dict)


@pytest.mark.parametrize("count", [20000, 200000])
def test_case_13_no_loss(kernel, count):
    client = kernel.client(receive_mark=1000)
    line = "abcdef"
    request = client.execute(echo(count, line))
    time.sleep(3)  # the reader stands still: this is the case itself
    client.until_idle(request, 120)
    assert text_of(client.of(request)) == (line + "\n") * count


def test_case_14_a_frozen_subscriber_does_not_hurt_a_healthy_one(kernel):
    client = kernel.client()
    frozen = zmq.Context()
    socket = frozen.socket(zmq.SUB)
    socket.rcvhwm, socket.rcvbuf, socket.linger = 1, 4096, 0
    socket.subscribe(b"")
    socket.connect(endpoint(kernel.connection, "iopub"))
    assert socket.poll(int(DEADLINE * 1000))  # it is connected; nobody reads from now on
    client.until_idle(client.send("comm_open", {"comm_id": "flood", "target_name": "velo.echo", "data": {}}))
    requests = [client.send("comm_msg", {"comm_id": "flood", "data": {"n": n}}, buffers=[b"x" * 8192])
                for n in range(2000)]
    started = time.monotonic()
    client.until_idle(requests[-1], 60)  # the stall limit is 10 s
    stalled = time.monotonic() - started
    answers = [m["content"]["data"]["n"] for m in client.seen if m["msg_type"] == "comm_msg"]
    assert answers == list(range(2000))
    reply, messages = client.run(HELLO, seconds=30)
    assert reply["content"]["status"] == "ok" and text_of(messages) == "hello\n"
    print(f"healthy subscriber had everything after {stalled:.1f} s")
    frozen.destroy(linger=0)


def test_case_15_the_first_cell_shows_all_its_output():
    for _ in range(20):
        kernel = Kernel()
        try:
            client = kernel.client()
            assert client.ask("kernel_info_request")["status"] == "ok"
            _, messages = client.run(HELLO)
            assert [m["msg_type"] for m in messages] == ["status", "execute_input", "stream", "status"]
        finally:
            kernel.stop()


def test_case_16_welcome_is_the_first_message_of_every_subscriber(kernel):
    first = kernel.client()
    request = first.execute(echo(10000000, "while others join"))
    first.until_busy(request)
    for _ in range(5):
        later = kernel.client()
        assert later.welcome["msg_type"] == "iopub_welcome"
        assert later.welcome["content"] == {"subscription": ""}
        assert later.welcome["parent_header"] == {} and later.welcome["metadata"] == {}
    assert first.welcome["msg_type"] == "iopub_welcome"
    first.stop_cell(request)


def test_case_18_completion_while_a_cell_runs_leaves_the_kernel_busy(kernel, client):
    request = client.execute(kernel.watching())
    client.until_busy(request)
    completion = client.send("complete_request", {"code": "SELE", "cursor_pos": 4})
    assert client.reply(completion)["content"]["matches"] == ["SELECT"]
    client.until_idle(completion)
    while not (state(client.seen[-1]) == "busy" and client.seen[-1]["parent_header"] == {}):
        assert client.next_iopub(), "no busy without parent after the completion's idle"
    client.stop_cell(request)
    client.until_idle(request)
    client.drain()
    assert state([m for m in client.seen if state(m)][-1]) == "idle"


def test_case_23_every_message_id_is_unique_for_a_minute(client):
    end = time.monotonic() + 60
    ids, count = set(), 0
    while time.monotonic() < end:
        reply, messages = client.run(echo(3, "x"), store_history=False)
        for message in [reply, *messages]:
            assert message["header"]["msg_id"] not in ids
            ids.add(message["header"]["msg_id"])
        client.seen.clear()
        count += 1
    assert count > 50


def test_case_24_dates_are_padded_iso_8601(client):
    shape = re.compile(r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$")
    small, end = 0, time.monotonic() + DEADLINE
    while time.monotonic() < end:
        client.send("kernel_info_request", channel="control")
        frames = client.control.recv_multipart()
        date = re.search(rb'"date":\s*"([^"]+)"', frames[2]).group(1).decode()
        assert shape.match(date), date
        small += date[20] == "0"
        if small >= 3:
            return
    raise AssertionError("no date with microseconds below 100,000")


def rates(messages, seconds=3):
    """The highest average over any window, of messages and of bytes of stream text."""
    worst_count, worst_bytes = 0, 0
    for i, first in enumerate(messages):
        inside = [len(m["content"]["text"].encode()) for m in messages[i:] if m["arrived"] < first["arrived"] + seconds]
        worst_count, worst_bytes = max(worst_count, len(inside)), max(worst_bytes, sum(inside))
    return worst_count / seconds, worst_bytes / seconds


def test_case_49_a_stream_at_full_speed_stays_within_the_server_limits(client):
    request = client.execute(echo(10000000, "a line of a certain length, as a log has them"))
    end = time.monotonic() + 15
    while time.monotonic() < end:
        message = client.next_iopub(1)
        if message:
            message["arrived"] = time.monotonic()
    reply, _ = client.stop_cell(request, 30)
    assert reply["content"]["ename"] == "KeyboardInterrupt"
    streams = [m for m in outputs_of(client.of(request)) if "arrived" in m]
    count_rate, byte_rate = rates(streams)
    print(f"{count_rate:.1f} messages/s, {byte_rate:.0f} bytes/s")
    assert count_rate < 50 and byte_rate < 800000
    assert sum(len(m["content"]["text"]) for m in streams) > 15 * 100000
