# SPDX-License-Identifier: Apache-2.0
"""A planted secret is in no message, no history and no log."""

import json

import pytest

from harness import ASK_SECRET

pytestmark = pytest.mark.sql
TYPED = 'hunt<r&"22'
WRITTEN = "kafka-pass-word"
SHORT = "abc"
FROM_OUTSIDE = "token-of-outside"


def everything(client):
    """All that a client saw, as text, in every spelling of a character."""
    return "\n".join(json.dumps(message, ensure_ascii=False, default=str) for message in client.seen)


def type_secret(client, value):
    request = client.execute(ASK_SECRET)
    client.answer(client.receive("stdin"), value)
    assert client.reply(request)["content"]["status"] == "ok"
    client.until_idle(request)


@pytest.mark.parametrize("typed", [TYPED, "20261122", "plain-secret"])
def test_a_typed_secret_is_nowhere(start, typed):
    kernel = start(environment={"VELO_LOG": "debug", "VELO_PARAM_API_TOKEN": FROM_OUTSIDE})
    client = kernel.client()
    (kernel.folder / "t.csv").write_text("a,b\n1,2\n")
    type_secret(client, typed)
    replies = [client.run(code)[0] for code in [
        "SELECT :answer AS shown, :api_token AS other;",
        "SELECT :answer;",
        "SELECT a, :answer AS shown, CONCAT('<', :answer, '>') AS longer FROM 't.csv';",
        "SELECT a, b, :answer AS label FROM 't.csv' EMIT CHANGES;",
        "%param", "%param answer", "%param api_token", "SHOW PROPERTIES;",
        "EXPLAIN SELECT a FROM 't.csv' WHERE :answer = 'x';",
        "SELECT CAST(:answer AS BOOLEAN);",
        "SELECT nothing FROM 't.csv' WHERE :answer = 'x';",
        "%echo " + typed,
        "SELECT '" + typed + "' AS again;",
        "SELECT * FROM '" + typed + ".csv';",
    ]]
    shown = client.run("SELECT 1;", user_expressions={"a": "answer", "b": ":answer", "c": "CONCAT(:answer, '!')"})[0]
    history = client.ask("history_request", {"output": True, "raw": True, "hist_access_type": "tail", "n": 100})
    assert "(secret)" in everything(client) and "(secret)" in json.dumps(history)
    kernel.process.terminate()
    kernel.process.wait()
    stored = b"".join(path.read_bytes() for path in (kernel.folder / "state/velo").glob("history.db*"))
    assert b"SELECT :answer" in stored and b"(secret)" in stored
    written = everything(client) + json.dumps([replies, shown, history], ensure_ascii=False, default=str)
    for text in (written, stored.decode(errors="replace"), kernel.log.read_text()):
        for secret in (typed, json.dumps(typed)[1:-1], typed.replace("&", "&amp;").replace("<", "&lt;"), FROM_OUTSIDE):
            assert secret not in text, text[max(0, text.index(secret) - 200):text.index(secret) + 100]


@pytest.mark.parametrize("cell", [
    f"CREATE STREAM s (a INT) WITH ('s.type' = 'kafka_source', 's.sasl.password' = '{WRITTEN}', 's.token' = '{SHORT}');",
    f"SELECT * FROM 'no.csv' WITH ('no.sasl.password' = '{WRITTEN}', 'no.token' = '{SHORT}');",
    f"%config sasl.password={WRITTEN} a.token={SHORT}",
    f"SET sasl.password = '{WRITTEN}'; SET a.token = '{SHORT}';",
    f"# Parameters\npassword = '{WRITTEN}'\naccess_token = '{SHORT}'",
    f"%param password = '{WRITTEN}'\n%param access_token = '{SHORT}'\n%param password",
])
def test_a_value_under_a_secret_key_is_nowhere(start, cell):
    kernel = start(environment={"VELO_LOG": "debug"})
    client = kernel.client()
    replies = [client.run(cell)[0], client.run(f"SELECT '{WRITTEN}' AS x;")[0], client.run("%param")[0]]
    history = client.ask("history_request", {"output": True, "raw": True, "hist_access_type": "tail", "n": 100})
    assert "(secret)" in everything(client)
    kernel.process.terminate()
    kernel.process.wait()
    stored = b"".join(path.read_bytes() for path in (kernel.folder / "state/velo").glob("history.db*"))
    written = everything(client) + json.dumps([replies, history], default=str)
    for text in (written, stored.decode(errors="replace"), kernel.log.read_text()):
        assert WRITTEN not in text and f"'{SHORT}'" not in text and f"={SHORT}" not in text, text


def test_a_comm_shows_none(start):
    client = start().client()
    type_secret(client, TYPED)
    client.until_idle(client.send("comm_open", {"comm_id": "b", "target_name": "velo.echo", "data": {}}))
    client.seen.clear()
    request = client.send("comm_msg", {"comm_id": "b", "data": {"deep": [f"<{TYPED}>"]}})
    echo = [m for m in client.until_idle(request) if m["msg_type"] == "comm_msg"][0]
    assert echo["content"]["data"] == {"deep": ["<(secret)>"]}


def test_what_is_not_secret_stays_as_it_is(start):
    client = start().client()
    type_secret(client, "hunter22")
    _, messages = client.run("SELECT 'hunter2' AS a, 'symbol' AS key;")
    assert "hunter2" in json.dumps([m["content"] for m in messages]) and "(secret)" not in everything(client)
