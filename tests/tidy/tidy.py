#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The house law as a test: include edges, banned calls, READMEs, licences, sizes.

The edges are written down once, here, and must stay what the design says. An include is an edge; edges are exact, never
transitive. A room that does not exist yet is accepted. Exit 1 with one line per finding."""
import pathlib
import re
import subprocess
import sys

E = "engine/"
K = "kernel/"
EDGES = {
    E + "base": "",
    E + "types": "base",
    E + "sql": "base types",
    E + "function": "base types",
    E + "format": "base types",
    E + "connect": "base types format",
    E + "catalog": "base types sql format connect",
    E + "plan": "base types sql function catalog",
    E + "state": "base types",
    E + "exec": "base types function format connect plan state",
    E + "observe": "base types sql plan exec",
    E + "testing": "base types sql function format connect catalog plan exec",
    E + "deploy": "base types sql connect catalog plan exec observe",
    E + "runtime": "base types sql function format connect catalog plan state exec observe testing deploy velo.h",
    E + "cli": "base types format runtime velo.h",
    K + "wire": "engine/base",
    K + "session": "engine/base wire",
    K + "display": "engine/base engine/types engine/format",
    K + "charts": "engine/base engine/types display",
    K + "assistant": "engine/base engine/types engine/sql engine/velo.h",
    K + "magics": "engine/base engine/types engine/velo.h session display charts assistant",
    K + "setup": "engine/base engine/velo.h magics",
    K + "cells": "wire session display charts assistant magics setup engine/base engine/types engine/sql engine/velo.h",
}
# velo.h is the one header that looks into the engine's rooms for everyone else.
HEADER_EDGES = {"engine/velo.h": "base exec"}
MAIN_ROOMS = "wire session display charts assistant magics setup cells engine/base engine/types engine/velo.h"
BANNED = re.compile(r"(?<![\w.>])(strcpy|strcat|sprintf|strtok|localtime|atoi|system)\s*\(")
RAW_HEAP = re.compile(r"(?<![\w.>])(malloc|calloc|realloc|free)\s*\(")
UNFINISHED = re.compile(r"\b(FIXME|TODO|XXX)\b")
LONG = 900

root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".").resolve()
findings = []


def room_of(path):
    parts = path.split("/")
    return "/".join(parts[:2]) if len(parts) > 2 else path


def allowed_of(path):
    if path in HEADER_EDGES:
        side, words = "engine", HEADER_EDGES[path]
    elif path == "kernel/main.c":
        side, words = "kernel", MAIN_ROOMS
    else:
        side, words = path.split("/")[0], EDGES.get(room_of(path))
    if words is None:
        return None
    rooms = {word if "/" in word else f"{side}/{word}" for word in words.split()}
    return rooms | ({room_of(path)} if path.count("/") > 1 else set())


def check_includes(path, text):
    allowed = allowed_of(path)
    if allowed is None:
        findings.append(f"{path}: the room {room_of(path)} is not in the design")
        return
    for number, line in enumerate(text.splitlines(), 1):
        found = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
        if not found:
            continue
        target = found.group(1)
        if not target.startswith(("engine/", "kernel/")):
            findings.append(f"{path}:{number}: include {target} does not carry its room")
        elif room_of(target) not in allowed:
            findings.append(f"{path}:{number}: {room_of(path)} may not include {room_of(target)}")


def check_text(path, text):
    if "SPDX-License-Identifier: Apache-2.0" not in text[:200]:
        findings.append(f"{path}: no SPDX line")
    code = re.sub(r'"(\\.|[^"\\])*"', '""', re.sub(r"/\*.*?\*/", lambda m: "\n" * m.group().count("\n"), text, flags=re.S))
    for number, line in enumerate(code.splitlines(), 1):
        for banned in BANNED.findall(line):
            findings.append(f"{path}:{number}: {banned} is banned")
        if RAW_HEAP.search(line) and path.startswith("engine/") and not path.startswith("engine/base/"):
            if not re.search(r"->ops->free|\bfree\)\(|\.free|->free", line):
                findings.append(f"{path}:{number}: memory comes from vs_memory or an arena")
        if re.search(r"\bgoto\b", line) and not path.startswith("engine/base/"):
            findings.append(f"{path}:{number}: goto outside base")
    for number, line in enumerate(text.splitlines(), 1):
        if UNFINISHED.search(line):
            findings.append(f"{path}:{number}: unfinished work belongs into an issue")
    if text.count("\n") > LONG:
        findings.append(f"{path}: {text.count(chr(10))} lines; over {LONG} wants a split")


def check_programs(files):
    """The two programs meet only in velo.h: nothing in the engine knows the kernel, and velo links no kernel room."""
    for path in files:
        if path.startswith("engine/") and path.endswith("CMakeLists.txt") and "vsk_" in (root / path).read_text():
            findings.append(f"{path}: an engine room links a kernel room")


listed = subprocess.run(["git", "-C", str(root), "ls-files", "-co", "--exclude-standard"], capture_output=True, text=True)
files = [f for f in listed.stdout.split("\n") if f and (root / f).is_file()]
sources = [f for f in files if re.match(r"(engine|kernel)/.*\.[ch]$", f)]
for source in sources:
    content = (root / source).read_text(encoding="utf-8")
    check_includes(source, content)
    check_text(source, content)
for test in (f for f in files if re.match(r"tests/.*\.(c|h|py|sh)$", f) and f != "tests/tidy/tidy.py"):
    content = (root / test).read_text(encoding="utf-8")
    if UNFINISHED.search(content):
        findings.append(f"{test}: unfinished work belongs into an issue")
check_programs(files)
names = {}
for source in sources:
    names.setdefault(pathlib.Path(source).name, []).append(source)
for name, paths in names.items():
    if len(paths) > 1 and name != "main.c":
        findings.append(f"{name}: {len(paths)} files share this name: {' '.join(paths)}")
for room in sorted({room_of(s) for s in sources if s.count("/") > 1}):
    readme = root / room / "README.md"
    if not readme.is_file():
        findings.append(f"{room}: no README.md")
    elif not 10 <= len(readme.read_text().splitlines()) <= 70:
        findings.append(f"{room}/README.md: 20 to 60 lines are wanted")
top = {f.split("/")[0] for f in files}
for extra in sorted(top - {"CMakeLists.txt", "CMakePresets.json", "README.md", "CHANGELOG.md", "LICENSE", "engine", "kernel",
                           "kernelspec", "tests", "notebooks"}):
    if not extra.startswith("."):
        findings.append(f"{extra}: not agreed at the top level")
if len((root / "CMakeLists.txt").read_text().splitlines()) > 250:
    findings.append("CMakeLists.txt: over 250 lines")
print("\n".join(findings) if findings else f"tidy: {len(sources)} sources, no finding")
sys.exit(1 if findings else 0)
