# SPDX-License-Identifier: Apache-2.0
"""What requests answer: cases 8 to 10, 25 to 29, 31, 32, 36 to 38, 46 to 48, 54."""

import json

import pytest

from harness import ASK, ERROR, HELLO, VALUE, Kernel, outputs_of, state, text_of


def count_of(messages, type):
    return [m["content"]["execution_count"] for m in messages if m["msg_type"] == type]


def history(client, **question):
    return client.ask("history_request", {"output": False, "raw": True, **question})["history"]


def test_case_08_the_counter_starts_at_one_and_agrees_everywhere(client):
    for expected in (1, 2, 3):
        reply, messages = client.run(VALUE)
        assert reply["content"]["execution_count"] == expected
        assert count_of(messages, "execute_input") == count_of(messages, "execute_result") == [expected]
    reply, _ = client.run(ERROR)
    assert reply["content"]["execution_count"] == 4


@pytest.mark.parametrize("content", [{"store_history": False}, {"silent": True}, {"silent": True, "store_history": True}])
def test_case_09_unstored_and_silent_cells_leave_counter_and_history(client, content):
    client.run(VALUE)
    before = history(client, hist_access_type="tail", n=10)
    reply, _ = client.run(HELLO, **content)
    assert reply["content"]["status"] == "ok" and reply["content"]["execution_count"] == 1
    assert history(client, hist_access_type="tail", n=10) == before
    reply, _ = client.run(VALUE)
    assert reply["content"]["execution_count"] == 2


def test_case_10_silent_cells_publish_nothing(client):
    for cell in (HELLO, VALUE, ERROR):
        _, messages = client.run(cell, silent=True)
        assert [m["msg_type"] for m in messages] == ["status", "status"]


CURSOR_CODES = ["-- \U0001f418\nSELE", "-- e\u0301 \U0001f418\U0001f418\nSELE", "-- crlf\r\n\r\nSELE", "SELE"]


@pytest.mark.parametrize("code", CURSOR_CODES)
def test_case_25_cursors_count_code_points_and_are_clamped(client, code):
    end = len(code)
    right = client.ask("complete_request", {"code": code, "cursor_pos": end})
    assert right["matches"] == ["SELECT"]
    assert (right["cursor_start"], right["cursor_end"]) == (end - 4, end)
    for beyond in (len(code.encode("utf-16-le")) // 2 + 1, end + 1, 10**6):
        content = client.ask("complete_request", {"code": code, "cursor_pos": beyond})
        assert (content["matches"], content["cursor_start"], content["cursor_end"]) == (["SELECT"], end - 4, end)
    for position in range(-1, end + 1):
        content = client.ask("complete_request", {"code": code, "cursor_pos": position})
        assert 0 <= content["cursor_start"] <= content["cursor_end"] <= max(position, 0)
        assert client.ask("inspect_request", {"code": code, "cursor_pos": position, "detail_level": 0})["status"] == "ok"


def test_case_26_types_are_parallel_to_matches(client):
    content = client.ask("complete_request", {"code": "SELE", "cursor_pos": 4})
    types = content["metadata"]["_jupyter_types_experimental"]
    assert len(types) == len(content["matches"]) > 0
    for item, match in zip(types, content["matches"]):
        assert isinstance(item["text"], str) and item["type"] == "keyword"
        assert (item["start"], item["end"]) == (content["cursor_start"], content["cursor_end"])


@pytest.mark.sql
def test_case_26_replacing_by_a_match_gives_valid_text(kernel, client):
    path = kernel.folder / "trades.csv"
    path.write_text("symbol,price\nADA,1.5\n")
    client.run(f"CREATE STREAM trades (symbol STRING, price DOUBLE) WITH ('trades.path' = '{path}');")
    for code, cursor in (("SELECT pri FROM trades;", 10), ("SELECT prfoo FROM trades;", 9),
                         ("SELECT trades.pri FROM trades;", 17), ("SELECT trades. FROM trades;", 14)):
        content = client.ask("complete_request", {"code": code, "cursor_pos": cursor})
        match = [m for m in content["matches"] if "price" in m][0]
        text = code[:content["cursor_start"]] + match + code[content["cursor_end"]:]
        assert client.ask("is_complete_request", {"code": text})["status"] == "complete", text
        assert "price FROM" in text or "pricefoo FROM" in text, text


def test_case_27_inspecting_an_unknown_name(client):
    content = client.ask("inspect_request", {"code": "no_such_thing", "cursor_pos": 5, "detail_level": 1})
    assert content == {"status": "ok", "found": False, "data": {}, "metadata": {}}
    assert client.ask("inspect_request", {"code": "COUNT", "cursor_pos": 5, "detail_level": 0})["found"] is True


@pytest.mark.parametrize("code, expected", [
    ("SELECT 'a", "incomplete"), ("SELECT (1", "incomplete"), ("/* open", "incomplete"), ("SELECT 1", "complete"),
    ("SELECT 1;", "complete"), ("SELECT 1 );", "invalid"), ("%echo hi", "complete"),
    ("how many trades per minute", "complete"), ("", "complete"),
])
def test_case_28_is_complete(client, code, expected):
    content = client.ask("is_complete_request", {"code": code})
    assert content["status"] == expected
    assert ("indent" in content) == (expected == "incomplete")


CELLS = ["SELECT 6*7;", "%echo one", "SELECT 6*7;", "%echo [x]?", "%echo two"]


def test_case_29_history_of_this_session(client):
    for cell in CELLS:
        client.run(cell)
    tail = history(client, hist_access_type="tail", n=3)
    session = tail[0][0]
    assert tail == [[session, i + 1, CELLS[i]] for i in (2, 3, 4)]
    everything = history(client, hist_access_type="tail", n=1000)
    assert [row[2] for row in everything] == CELLS
    for which in (session, 0):
        assert history(client, hist_access_type="range", session=which, start=2, stop=4) == everything[1:3]
    assert history(client, hist_access_type="range", session=0, start=4) == everything[3:]
    assert history(client, hist_access_type="range", session=session + 1, start=0, stop=9) == []
    with_output = history(client, hist_access_type="range", session=0, start=1, stop=3, output=True)
    assert with_output == [[session, 1, ["SELECT 6*7;", "42"]], [session, 2, ["%echo one", None]]]

    def search(pattern, **more):
        return [row[2] for row in history(client, hist_access_type="search", pattern=pattern, **more)]

    assert search("SELECT 6*") == [CELLS[0], CELLS[2]]
    assert search("SELECT 6*", unique=True) == [CELLS[0]]
    assert search("%echo ???") == ["%echo one", "%echo two"]
    assert search("%echo [x]*") == ["%echo [x]?"]  # brackets are themselves
    assert search("*", n=2) == CELLS[-2:]
    assert search("*6*7*") == [CELLS[0], CELLS[2]] and search("6*7") == []
    assert search("*", unique=True, n=10) == ["%echo one", "SELECT 6*7;", "%echo [x]?", "%echo two"]


def test_case_29_history_lives_across_sessions_unless_headless(start, tmp_path):
    environment = {"XDG_STATE_HOME": str(tmp_path / "kept")}
    first = start(environment=environment)
    client = first.client()
    client.run("%echo headless", allow_stdin=False)
    assert not (tmp_path / "kept").exists()
    client.run("%echo kept ü")
    client.run(VALUE)
    first.stop()
    second = start(environment=environment)
    client = second.client()
    assert [row[2] for row in history(client, hist_access_type="tail", n=10)] == ["%echo kept ü", VALUE]
    client.run("%echo new")
    rows = history(client, hist_access_type="tail", n=10, output=True)
    assert [row[2] for row in rows] == [["%echo kept ü", None], [VALUE, "42"], ["%echo new", None]]
    assert rows[2][0] == rows[0][0] + 1
    assert [r[2] for r in history(client, hist_access_type="range", session=-1, start=0, stop=100)] == \
        ["%echo kept ü", VALUE]
    assert [r[2] for r in history(client, hist_access_type="search", pattern="%echo*")] == ["%echo kept ü", "%echo new"]


@pytest.mark.parametrize("environment", [{"VELO_HISTORY": "off"}, {"XDG_STATE_HOME": "/proc/no/such/place"}])
def test_case_29_history_without_a_file_still_answers(start, environment):
    kernel = start(environment=environment)
    client = kernel.client()
    client.run(VALUE)
    client.run(HELLO)
    assert [row[2] for row in history(client, hist_access_type="tail", n=5)] == [VALUE, HELLO]
    assert not (kernel.folder / "state").exists()


def test_case_31_an_unknown_comm_target_is_closed_on_iopub(client):
    request = client.send("comm_open", {"comm_id": "nobody", "target_name": "no.such.target", "data": {"a": 1}})
    closes = [m for m in client.until_idle(request) if m["msg_type"] == "comm_close"]
    assert [m["content"] for m in closes] == [{"comm_id": "nobody", "data": {}}]
    assert closes[0]["parent_header"]["msg_id"] == request["header"]["msg_id"]
    assert client.shell.poll(100) == 0


def test_case_32_comm_info_lists_open_comms_by_target(client):
    assert client.ask("comm_info_request")["comms"] == {}
    for id in ("one", "two"):
        client.until_idle(client.send("comm_open", {"comm_id": id, "target_name": "velo.echo", "data": {}}))
    both = {id: {"target_name": "velo.echo"} for id in ("one", "two")}
    assert client.ask("comm_info_request")["comms"] == both
    assert client.ask("comm_info_request", {"target_name": "velo.echo"})["comms"] == both
    assert client.ask("comm_info_request", {"target_name": "other"})["comms"] == {}
    client.until_idle(client.send("comm_close", {"comm_id": "one", "data": {}}))
    assert list(client.ask("comm_info_request")["comms"]) == ["two"]


def displays(kernel, client):
    """Every display of a live cell, and of a finished one where there is SQL."""
    request = client.execute(kernel.watching())
    client.wait_for(request, lambda m: m["msg_type"] == "update_display_data")
    client.stop_cell(request)
    messages = list(client.until_idle(request))
    path = kernel.folder / "bars.csv"
    path.write_text("side,amount\n" + "buy,1.5\nsell,2.5\n" * 20)
    messages += client.run(f"SELECT side, SUM(amount) AS total FROM '{path}' GROUP BY side;")[1]
    found = [m for m in messages if m["msg_type"] in ("display_data", "update_display_data")]
    assert found
    return found


def test_case_36_transient_is_an_object_and_metadata_constant(kernel, client):
    for message in displays(kernel, client):
        content = message["content"]
        assert isinstance(content.get("transient", {}), dict) and content["metadata"] == {}
        if message["msg_type"] == "update_display_data":
            assert isinstance(content["transient"]["display_id"], str)


def test_case_37_bundles_have_plain_text_and_json_as_objects(kernel, client):
    for message in displays(kernel, client):
        data = message["content"]["data"]
        assert isinstance(data["text/plain"], str)
        for mime, value in data.items():
            is_json = mime.endswith("+json") or mime == "application/json"
            assert isinstance(value, dict if is_json else str), mime
        assert not ("text/html" in data and any("vegalite" in mime for mime in data))
    _, messages = client.run(VALUE)
    assert "text/plain" in outputs_of(messages)[0]["content"]["data"]


def test_case_38_an_error_is_one_output_and_the_same_in_the_reply(client):
    reply, messages = client.run(ERROR)
    errors = [m["content"] for m in outputs_of(messages)]
    keys = ("ename", "evalue", "traceback")
    assert len(errors) == 1 and {key: reply["content"][key] for key in keys} == errors[0]
    assert set(reply["content"]) == {"status", "execution_count", *keys}
    assert all(isinstance(line, str) for line in errors[0]["traceback"])


def test_case_46_unknown_fields_are_ignored(client):
    request = client.send("execute_request", {"code": VALUE, "future": [1]}, metadata={"x": {"y": 1}},
                          header={"subshell_id": "none such", "future": None})
    assert client.reply(request)["content"]["status"] == "ok"
    assert client.ask("kernel_info_request", {"extra": 1}, channel="control")["status"] == "ok"
    for content in ({}, {"code": 5}):
        assert client.ask("execute_request", content)["status"] == "error"
    assert client.ask("complete_request", {})["status"] == "ok"


def test_case_47_two_clients_see_all_output_and_only_their_own_replies(kernel):
    first, second = kernel.client(), kernel.client()
    a, b = first.execute("%echo from a"), second.execute("%echo from b")
    assert first.reply(a)["content"]["status"] == second.reply(b)["content"]["status"] == "ok"
    for client in (first, second):
        assert text_of(client.until_idle(a)) == "from a\n" and text_of(client.until_idle(b)) == "from b\n"
        assert client.shell.poll(100) == 0


def test_case_48_a_client_that_comes_back_with_its_identity_gets_its_replies(kernel):
    old = kernel.client(identity=b"same")
    request = old.execute(kernel.watching())
    old.until_busy(request)
    old.close()
    new = kernel.client(identity=b"same")
    reply, _ = new.stop_cell(request)
    assert reply["content"]["ename"] == "KeyboardInterrupt"
    assert new.run(HELLO)[0]["content"]["status"] == "ok"


def test_user_expressions_are_evaluated_after_success_only(client):
    reply, _ = client.run(HELLO, user_expressions={"good": "6*7", "bad": "no_such_name + 1"})
    values = reply["content"]["user_expressions"]
    assert values["good"]["status"] == "ok" and values["good"]["data"]["text/plain"] == "42"
    assert values["bad"]["status"] == "error" and {"ename", "evalue", "traceback"} <= set(values["bad"])
    assert "user_expressions" not in client.run(ERROR, user_expressions={"x": "1"})[0]["content"]


def test_kernel_info_has_every_key(client):
    for channel in ("shell", "control"):
        info = client.ask("kernel_info_request", channel=channel)
        assert info["protocol_version"] == "5.6" and info["implementation"] == "velostream"
        language = dict(info["language_info"])
        assert language.pop("version") and info["banner"]
        assert language == {"name": "sql", "mimetype": "text/x-sql", "file_extension": ".sql",
                            "pygments_lexer": "sql", "codemirror_mode": "sql"}
        assert info["supported_features"] == [] and isinstance(info["help_links"], list)
    ports = client.ask("connect_request")
    assert ports["shell_port"] == client.connection["shell_port"]
    assert client.ask("usage_request", channel="control")["kernel_memory"] > 0


@pytest.mark.sql
def test_case_54_a_cell_owns_what_it_created(kernel, client):
    def create(cell, column, deleted=None):
        metadata = {"cellId": cell, **({"deletedCells": deleted} if deleted else {})}
        request = client.execute(f"CREATE STREAM s AS SELECT a AS {column} FROM '{path}';", metadata=metadata)
        return client.reply(request)["content"]

    path = kernel.folder / "t.csv"
    path.write_text("a\n1\n")
    assert create("A", "x")["status"] == "ok"
    assert create("A", "y")["status"] == "ok"  # the same cell again: replaced
    assert client.run("SELECT y FROM s;")[0]["content"]["status"] == "ok"
    assert client.run("SELECT x FROM s;")[0]["content"]["status"] == "error"
    assert create("B", "z")["status"] == "error"  # another cell: refused
    assert create("B", "z", deleted=["A"])["status"] == "ok"
    assert client.run("SELECT z FROM s;")[0]["content"]["status"] == "ok"


@pytest.mark.sql
def test_case_54_what_a_cell_owned_stays_when_its_new_text_does_not_bind(kernel, client):
    path = kernel.folder / "t.csv"
    path.write_text("a\n1\n")

    def rerun(code):
        return client.reply(client.execute(code, metadata={"cellId": "A"}))["content"]

    assert rerun(f"CREATE STREAM s AS SELECT a AS x FROM '{path}';")["status"] == "ok"
    for code in (f"CREATE STREAM s AS SELECT b AS y FROM '{path}';", "CREATE STREAM s AS SELECT 1 AS y; SELECT z FROM s;",
                 "CREATE STREAM", "%no_such_magic\nCREATE STREAM s AS SELECT 1 AS y;"):
        assert rerun(code)["status"] == "error"
        assert client.run("SELECT x FROM s;")[0]["content"]["status"] == "ok", code
    assert rerun("SELECT 1;")["status"] == "ok"
    assert client.run("SELECT x FROM s;")[0]["content"]["status"] == "error"
