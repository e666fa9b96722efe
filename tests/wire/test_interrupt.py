# SPDX-License-Identifier: Apache-2.0
"""Interrupts, aborts and stdin: cases 4 to 7, 11, 12, 17, 19, 33 to 35."""

import time

import pytest

from harness import ASK, ASK_SECRET, DEADLINE, ERROR, HELLO, VALUE, echo, outputs_of, state, text_of


def assert_interrupted(client, request, reply):
    assert reply["content"]["status"] == "error"
    assert reply["content"]["ename"] == "KeyboardInterrupt"
    errors = [m for m in client.until_idle(request) if m["msg_type"] == "error"]
    assert [m["content"]["ename"] for m in errors] == ["KeyboardInterrupt"]


def assert_alive(client):
    reply, messages = client.run(HELLO)
    assert reply["content"]["status"] == "ok" and text_of(messages) == "hello\n"


@pytest.mark.parametrize("what", ["watching", "aggregating"])
def test_case_04_interrupt_ends_a_query(kernel, client, what):
    request = client.execute(getattr(kernel, what)())
    client.until_shown(request)
    reply, seconds = client.stop_cell(request)
    print(f"{what}: reply {seconds * 1000:.0f} ms after the interrupt")
    assert_interrupted(client, request, reply)
    assert_alive(client)


def test_case_04_interrupt_ends_an_stdin_prompt(client):
    request = client.execute(ASK, allow_stdin=True)
    assert client.receive("stdin")
    reply, _ = client.stop_cell(request)
    assert_interrupted(client, request, reply)
    assert_alive(client)


def test_case_04_interrupt_ends_a_stalled_iopub(kernel):
    """A client that reads nothing fills every buffer up to the queue's limit; the interrupt reaches the waiting cell."""
    client = kernel.client(receive_mark=1)
    client.send("comm_open", {"comm_id": "flood", "target_name": "velo.echo", "data": {}})
    for n in range(600):
        client.send("comm_msg", {"comm_id": "flood", "data": {"n": n}}, buffers=[b"x" * 262144])
    client.reply(client.send("kernel_info_request"), seconds=60)
    request = client.execute(echo(10000000, "never read"))
    client.reply(client.send("kernel_info_request"))  # the cell is with the executor now
    reply, seconds = client.stop_cell(request, 30)
    print(f"stalled: reply {seconds * 1000:.0f} ms after the interrupt")
    assert reply["content"]["ename"] == "KeyboardInterrupt"
    client.until_idle(request, 60)


def test_case_04_no_interrupt_is_lost_while_its_cell_is_about_to_begin(client):
    """Once a later request on the same socket is answered, the cell is queued, and has begun or not."""
    for _ in range(60):
        request = client.execute(echo(10000000), store_history=False)
        client.reply(client.send("kernel_info_request"))
        reply, _ = client.stop_cell(request)
        assert reply["content"]["ename"] == "KeyboardInterrupt"
        client.until_idle(request)
        client.seen.clear()


def test_case_05_an_idle_interrupt_has_no_effect(client):
    for _ in range(10):
        assert client.ask("interrupt_request", channel="control")["status"] == "ok"
    assert_alive(client)


def test_case_05_ten_interrupts_in_a_row(kernel, client):
    request = client.execute(kernel.watching())
    client.until_busy(request)
    for _ in range(10):
        last = client.send("interrupt_request", channel="control")
    assert_interrupted(client, request, client.reply(request))
    client.reply(last, "control")
    assert_alive(client)


def test_case_06_the_interrupted_cell_ends_as_keyboardinterrupt_and_state_stays(kernel, client):
    client.run(HELLO)
    request = client.execute(kernel.watching())
    client.until_busy(request)
    reply, _ = client.stop_cell(request)
    assert_interrupted(client, request, reply)
    assert reply["content"]["execution_count"] == 2
    reply, _ = client.run(VALUE)
    assert reply["content"]["execution_count"] == 3


def test_case_07_sigint_is_an_interrupt_and_never_the_end(kernel, client):
    for _ in range(5):
        kernel.interrupt()
    assert_alive(client)
    for cell in (kernel.watching(), kernel.aggregating()):
        request = client.execute(cell)
        client.until_shown(request)
        kernel.interrupt()
        assert_interrupted(client, request, client.reply(request))
    request = client.execute(ASK, allow_stdin=True)
    assert client.receive("stdin")
    kernel.interrupt()
    assert_interrupted(client, request, client.reply(request))
    assert kernel.process.poll() is None
    assert_alive(client)


def queue_behind_a_question(client, cells, **content):
    """Holds the executor in an input request until everything else has been received."""
    blocking = client.execute(ASK, allow_stdin=True)
    question = client.receive("stdin")
    requests = [client.execute(cell, **content) for cell in cells]
    assert client.reply(client.send("kernel_info_request"))["content"]["status"] == "ok"
    client.answer(question, "1")
    assert client.reply(blocking)["content"]["status"] == "ok"
    return requests


def test_case_11_stop_on_error_aborts_what_was_received(client):
    failing, *queued = queue_behind_a_question(client, [ERROR, VALUE, VALUE, VALUE])
    assert client.reply(failing)["content"]["status"] == "error"
    for request in queued:
        content = client.reply(request)["content"]
        assert (content["status"], content["ename"], content["traceback"]) == ("error", "ExecutionAborted", [])
        assert isinstance(content["execution_count"], int)
        assert [state(m) for m in client.until_idle(request)] == ["busy", "idle"]
    reply, messages = client.run(VALUE)
    assert reply["content"]["status"] == "ok"
    assert [m["msg_type"] for m in outputs_of(messages)] == ["execute_result"]


def test_case_11_cells_behind_an_interrupted_one_are_aborted(kernel, client):
    request = client.execute(kernel.watching())
    client.until_busy(request)
    queued = client.execute(VALUE)
    client.reply(client.send("kernel_info_request"))
    client.stop_cell(request)
    assert client.reply(queued)["content"]["ename"] == "ExecutionAborted"


def test_case_12_without_stop_on_error_the_rest_runs(client):
    failing, *queued = queue_behind_a_question(client, [ERROR, VALUE, VALUE, VALUE], stop_on_error=False)
    assert client.reply(failing)["content"]["status"] == "error"
    for request in queued:
        assert client.reply(request)["content"]["status"] == "ok"


def test_case_12_a_silent_error_aborts_nothing(client):
    failing, queued = queue_behind_a_question(client, [ERROR, VALUE], silent=True)
    assert client.reply(failing)["content"]["status"] == "error"
    assert client.reply(queued)["content"]["status"] == "ok"


def test_case_17_kernel_info_on_control_while_a_cell_runs(kernel, client):
    request = client.execute(kernel.aggregating())
    client.until_shown(request)
    started = time.monotonic()
    client.reply(client.send("kernel_info_request", channel="control"), "control")
    seconds = time.monotonic() - started
    print(f"kernel_info on control in {seconds * 1000:.1f} ms")
    assert seconds < 1.0
    client.stop_cell(request)


def test_case_19_the_heartbeat_echoes_any_bytes_under_load(kernel, client):
    request = client.execute(kernel.aggregating())
    client.until_shown(request)
    for payload in (b"ping", b"", bytes(range(256)), b"\xff" * 100000):
        started = time.monotonic()
        client.hb.send(payload)
        assert client.hb.poll(int(DEADLINE * 1000))
        assert client.hb.recv() == payload
        assert time.monotonic() - started < 2  # a client counts a kernel as dead after 3 s
    client.hb.send_multipart([b"a", b"", b"c"])
    assert client.hb.poll(int(DEADLINE * 1000)) and client.hb.recv_multipart() == [b"a", b"", b"c"]
    client.stop_cell(request)


def test_case_33_comm_messages_are_handled_while_a_cell_runs(kernel, client):
    client.until_idle(client.send("comm_open", {"comm_id": "c", "target_name": "velo.echo", "data": {}}))
    request = client.execute(kernel.watching())
    client.until_busy(request)
    message = client.send("comm_msg", {"comm_id": "c", "data": {"during": "cell"}})
    echoes = [m for m in client.until_idle(message) if m["msg_type"] == "comm_msg"]
    assert [m["content"] for m in echoes] == [{"comm_id": "c", "data": {"during": "cell"}}]
    client.stop_cell(request)


@pytest.mark.parametrize("cell, is_password", [(ASK, False), (ASK_SECRET, True)])
def test_case_34_input_goes_to_the_client_that_asked(kernel, cell, is_password):
    first, second = kernel.client(), kernel.client()
    request = second.execute(cell, allow_stdin=True)
    question = second.receive("stdin")
    assert question["msg_type"] == "input_request" and question["content"]["password"] is is_password
    assert question["parent_header"]["msg_id"] == request["header"]["msg_id"]
    assert first.receive("stdin", 0.2) is None
    second.answer(question, "21 ü")
    assert second.reply(request)["content"]["status"] == "ok"
    _, messages = second.run("SELECT :answer;")
    results = [m for m in messages if m["msg_type"] == "execute_result"]
    assert is_password or "21 ü" in results[0]["content"]["data"]["text/plain"]


def test_case_34_the_answer_of_another_client_and_a_stale_one_are_dropped(kernel):
    client, other = kernel.client(), kernel.client()
    first = client.execute(ASK, allow_stdin=True)
    old_question = client.receive("stdin")
    client.stop_cell(first)
    client.answer(old_question, "stale, before the next question")
    request = client.execute(ASK, allow_stdin=True)
    question = client.receive("stdin")
    client.answer(old_question, "stale, after it")
    other.answer(question, "somebody else")
    assert not client.shell.poll(200)
    client.answer(question, "right")
    assert client.reply(request)["content"]["status"] == "ok"
    _, messages = client.run("SELECT :answer;")
    assert "right" in [m for m in messages if m["msg_type"] == "execute_result"][0]["content"]["data"]["text/plain"]


def test_case_35_without_stdin_asking_is_a_clean_error(client):
    reply, messages = client.run(ASK, allow_stdin=False)
    assert reply["content"]["status"] == "error" and reply["content"]["ename"] == "VeloUsageError"
    assert [m["msg_type"] for m in outputs_of(messages)] == ["error"]
    assert client.receive("stdin", 0.1) is None
    request = client.send("execute_request", {"code": ASK})  # absent means no
    assert client.reply(request)["content"]["status"] == "error"


def test_case_11_a_cell_sent_after_the_failed_reply_always_runs(client):
    """The drain for aborts ends before the reply leaves, so a client that waits for it never loses its next cell."""
    for _ in range(200):
        failing = client.execute(ERROR)
        assert client.reply(failing)["content"]["ename"] == "VeloSyntaxError"
        following = client.execute("%echo next")
        assert client.reply(following)["content"]["status"] == "ok"


@pytest.mark.sql
def test_run_all_ends_a_query_without_end_gives_way_to_the_cell_behind_it(start):
    kernel = start(environment={"VELO_BOUND_SECONDS": "1"})
    client = kernel.client()
    request = client.execute(kernel.watching())
    client.until_shown(request)
    assert not client.shell.poll(1500)  # alone it runs for as long as it is watched
    since = time.monotonic()  # before it is sent: the kernel counts from its arrival
    behind = client.execute(HELLO)
    reply = client.reply(request)
    assert reply["content"]["status"] == "ok" and time.monotonic() - since > 0.9
    shown = client.until_idle(request)
    assert "another cell was waiting" in str([m["content"] for m in shown])
    assert client.reply(behind)["content"]["status"] == "ok"


@pytest.mark.sql
def test_the_first_live_frame_comes_within_200_ms_of_the_first_row(kernel, client):
    """The best of several against ten times the promise, as the machine may be loaded; the figure is printed."""
    (kernel.folder / "few.csv").write_text("a\n1\n")
    best = 60
    for _ in range(5):
        since = time.monotonic()
        request = client.execute(f"SELECT a FROM '{kernel.folder}/few.csv' WITH ('few.watch' = 'true');")
        client.until_shown(request)
        best = min(best, time.monotonic() - since)
        client.stop_cell(request)
        client.until_idle(request)
    print(f"first frame {best * 1000:.0f} ms after the request")
    assert best < 2
