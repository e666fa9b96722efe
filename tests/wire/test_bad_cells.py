# SPDX-License-Identifier: Apache-2.0
"""Bad cells: each answers with one clear error, the kernel lives, and rows already shown stay. Interrupts at random
moments of the quickstart's cells."""

import json
import os
import random
import re
import subprocess
import time

import pytest

from harness import HELLO, ROOT, Kernel, command, outputs_of, text_of

pytestmark = pytest.mark.sql

# What is typed, and the error's name and a part of what it says.
BAD_CELLS = [
    ("SELECT symbl FROM 'data/trades.csv'", "VeloBindError", "VELO-2003"),
    ("SELECT nothing FROM nowhere", "VeloBindError", "VELO-2002"),
    ("SELECT 1 + 'a' * side FROM 'data/trades.csv'", "VeloBindError", "VELO-20"),
    ("SELECT 1 2", "VeloSyntaxError", "VELO-1006"),
    ("SELECT 'abc", "VeloSyntaxError", "VELO-1002"),
    ("SELECT " + "(" * 300 + "1", "VeloSyntaxError", "VELO-1009"),
    ("SELECT * FROM 'data/trades.csv' WITH ('trades.delimter' = ',')", "VeloBindError", "delimiter"),
    ("SELECT * FROM 'missing.csv'", "VeloSourceError", "missing.csv"),
    ("SET no.such.setting = 1", "VeloBindError", "VELO-2023"),
    ("%vizz bar", "VeloUsageError", "viz"),
    ("%viz", "VeloUsageError", "VELO-6005"),
    ("%config nothing=1", "Velo", "VELO-2023"),
    ("%export _ out.csv", "VeloUsageError", "VELO-6005"),
    ("%param 1x = 2", "VeloUsageError", "VELO-60"),
    ("# Parameters\nx = [1, \n", "Velo", "VELO-"),
    ("SELECT :nothing", "VeloBindError", "VELO-2013"),
    ("SELECT 1 FROM 'data/trades.csv' \x01", "VeloSyntaxError", "VELO-1001"),
    ("SET state.limit = 1; SELECT timestamp, id, price, amount, side, COUNT(*) AS n FROM 'data/trades.csv' "
     "GROUP BY timestamp, id, price, amount, side", "VeloResourceError", "VELO-5002"),
    ("SELECT symbol FROM 'data/bars.csv' INTO '/proc/none/out.csv'", "VeloSourceError", "VELO-40"),
    ("SELECT symbol FROM 'data/bars.csv' INTO '/dev/full' WITH ('format' = 'csv')", "Velo", "VELO-"),
]


@pytest.fixture(scope="module")
def living():
    """One kernel beside the quickstart's data for all bad cells: whatever one leaves behind, the next must survive."""
    kernel = Kernel()
    os.symlink(ROOT / "notebooks" / "data", kernel.folder / "data")
    yield kernel.client()
    kernel.stop()


@pytest.mark.parametrize("code,ename,part", BAD_CELLS, ids=[f"{i:02d}" for i in range(len(BAD_CELLS))])
def test_a_bad_cell_is_one_error_and_the_kernel_lives(living, code, ename, part):
    reply, messages = living.run(code, seconds=60)
    content = reply["content"]
    assert content["status"] == "error", content
    assert content["ename"].startswith(ename) and part in "\n".join([content["evalue"], *content["traceback"]]), content
    errors = [m["content"] for m in messages if m["msg_type"] == "error"]
    assert len(errors) == 1 and errors[0]["evalue"] == content["evalue"]
    reply, messages = living.run(HELLO)
    assert reply["content"]["status"] == "ok" and text_of(messages) == "hello\n"


def caret_of(content):
    """What the caret stands under."""
    lines = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in content["traceback"]]
    at = next(i for i, line in enumerate(lines) if re.fullmatch(r" *\^~*", line))
    return lines[at - 1][lines[at].index("^"):len(lines[at])]


def magics():
    done = subprocess.run([*command(), "reference", "magics"], capture_output=True, text=True)
    return [row["name"][1:] for row in json.loads(done.stdout or "[]")]


@pytest.mark.parametrize("name", magics())
@pytest.mark.parametrize("line", ["%{} --no-such-option", "%{} sides --no-such-option", "%%{} --no-such-option\nSELECT 1"])
def test_an_unknown_option_of_a_magic_is_an_error(living, name, line):
    code = line.format(name)
    if "sides" in code and name in ("sql", "explain", "clear", "lsmagic", "tables"):
        return  # -- behind SQL is a comment, and a word too many is an error of its own
    content = living.run(code)[0]["content"]
    if code.startswith("%%") and content.get("evalue", "").startswith("VELO-6001"):
        return  # no cell magic
    assert content["status"] == "error" and content["evalue"] == f"VELO-6002 %{name} has no option --no-such-option"
    assert caret_of(content) == "--no-such-option"


@pytest.mark.parametrize("code,caret,part", [
    ("%viz baar", "baar", "did you mean bar?"),
    ("%viz baar\nSELECT 1 AS a;", "baar", "did you mean bar?"),
    ("%viz bar line", "line", "second"),
    ("%viz bar z=side", "z", "keys are x"),
    ("%viz bar x=nope", "nope", "x names 'nope'"),
    ("%viz bar --off=last", "--off=last", "did you mean --of?"),
    ("%clear --wiat", "--wiat", "did you mean --wait?"),
    ("%config bound.row", "bound.row", "did you mean bound.rows?"),
    ("%config bound.rows = x", "x", "whole number"),
    ("%param nothing", "nothing", "VELO-2013"),
    ("%param nothing --aks", "--aks", "did you mean --ask?"),
    ("%help vizz", "vizz", "did you mean %viz?"),
    ("%export nothing to 'a.csv'", "nothing", "VELO-6005"),
    ("%export lst to 'a.csv'", "lst", "did you mean last?"),
    ("%export last to 'a.xyz'", "a.xyz", "VELO-4005"),
    ("%explain VELO-1", "VELO-1", "no error code"),
    ("%schema 'data/bars.csv' again", "again", "unexpected argument"),
])
def test_the_caret_stands_under_the_wrong_word_of_a_magic(living, code, caret, part):
    living.run("SELECT symbol, COUNT(*) AS n FROM 'data/bars.csv' GROUP BY symbol;")
    content = living.run(code)[0]["content"]
    assert content["status"] == "error" and caret_of(content) == caret
    assert part in "\n".join([content["evalue"], *content["traceback"]])
    living.run("SET state.limit = 1024")


def test_an_output_stays_below_two_mebibytes(living):
    """A thousand wide rows: what is shown is cut, says so, and the result is whole for the next cell."""
    select = ", ".join(f"REPEAT(symbol, 5000) AS c{i}" for i in range(12))
    reply, messages = living.run(f"SELECT {select} FROM 'data/bars.csv' LIMIT 200;", seconds=60)
    for message in outputs_of(messages):
        assert len(json.dumps(message["content"])) < 2 * 1024 * 1024 + 65536, message["msg_type"]
    assert reply["content"]["status"] == "ok", reply["content"]
    reply, messages = living.run("SELECT COUNT(*) AS n, MIN(LENGTH(c0)) AS shortest FROM _;")
    assert reply["content"]["status"] == "ok", reply["content"]
    assert "200" in str([m["content"] for m in outputs_of(messages)])


def quickstart_cells():
    notebook = json.loads((ROOT / "notebooks" / "quickstart.ipynb").read_text())
    return ["".join(cell["source"]) for cell in notebook["cells"] if cell["cell_type"] == "code"]


@pytest.mark.parametrize("by", ["message", "signal"])
def test_an_interrupt_at_any_moment_of_the_quickstart(start, by):
    """Each cell is interrupted after a random while; it ends well or as KeyboardInterrupt, never otherwise, and what was
    shown before is not taken back. A cell that was cut short is then run to its end, so that the next has its input."""
    seed = int(os.environ.get("VELO_SEED") or time.time_ns() % 1000000)
    print("VELO_SEED", seed)
    chance = random.Random(seed)
    kernel = start(environment={"VELO_BOUND_SECONDS": "3"})
    os.symlink(ROOT / "notebooks" / "data", kernel.folder / "data")
    client = kernel.client()
    for number, code in enumerate(quickstart_cells()):
        cell = {"cellId": f"cell-{number}"}
        for _ in range(3):
            request = client.execute(code, metadata=cell)
            client.until_busy(request)
            time.sleep(chance.choice([0, 0.0005, 0.002, 0.01, 0.05, 0.3]) * chance.random())
            if by == "signal":
                kernel.interrupt()
            else:
                interrupt = client.send("interrupt_request", channel="control")
            reply = client.reply(request, seconds=60)["content"]
            messages = client.until_idle(request)
            if by != "signal":
                client.reply(interrupt, "control", seconds=60)  # else it may reach the cell after this one
            assert reply["status"] == "ok" or reply["ename"] == "KeyboardInterrupt", (code, reply)
            shown = {m["content"]["transient"]["display_id"] for m in messages
                     if m["msg_type"] == "display_data" and m["content"].get("transient", {}).get("display_id")}
            assert not [m for m in messages if m["msg_type"] == "clear_output"]
            for m in messages:
                if m["msg_type"] == "update_display_data":
                    assert m["content"]["transient"]["display_id"] in shown
                    assert m["content"]["data"], "a display was emptied"
        if "replay" not in code:
            run = {"code": code, "metadata": cell, "seconds": 60}
            reply, _ = client.run(**run)
            if by == "signal" and reply["content"]["status"] == "error":  # by a signal that took longer than its cell
                assert reply["content"]["ename"] == "KeyboardInterrupt", (code, reply)
                reply, _ = client.run(**run)
            assert reply["content"]["status"] == "ok", (code, reply)
    reply, messages = client.run(HELLO)
    assert text_of(messages) == "hello\n"
