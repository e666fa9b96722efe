#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The house law as a test: include edges, link edges, banned calls, READMEs, licences, sizes, layout.

The edges are written down once, here, and must stay what the design says. An include is an edge; edges are exact, never
transitive. LINKS of a CMakeLists.txt are held against the same table. A room that does not exist yet is accepted. Exit 1
with one line per finding."""
import pathlib
import re
import shutil
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
# Which rooms may name a library's header; a room that does, or a room it may include, links it.
LIBRARIES = {
    "zmq.h": "kernel/wire kernel/session kernel/setup",
    "sodium.h": "kernel/wire kernel/session kernel/setup",
    "jansson.h": "kernel/wire kernel/session kernel/display kernel/charts kernel/magics kernel/cells kernel/setup",
    "sqlite3.h": "kernel/session kernel/setup",
    "xxhash.h": "engine/base",
    "utf8proc.h": "engine/base engine/function",
}
PACKAGES = {"ZMQ": "zmq.h", "SODIUM": "sodium.h", "JANSSON": "jansson.h", "SQLITE": "sqlite3.h", "XXHASH": "xxhash.h",
            "UTF8PROC": "utf8proc.h"}
# What each program is made of: a closure over LINKS that holds these rooms and nothing of the other side.
PROGRAMS = {"velo": ("engine/cli", ["vs_cli"]), "velo-kernel": ("kernel", ["vsk_cells", "vsk_setup"])}
# A path of one machine says where a text was written, and breaks on every other.
MACHINE_PATH = re.compile(r"(?<![\w.~/-])/(root|home/(?!me\b|user\b|you\b)\w+|work|mnt)/")
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
        library = re.match(r"\s*#\s*include\s+<([^>]+)>", line)
        if library and room_of(path) not in LIBRARIES.get(library.group(1), room_of(path)).split():
            findings.append(f"{path}:{number}: {room_of(path)} may not include {library.group(1)}")
        found = re.match(r'\s*#\s*include\s+"([^"]+)"', line)
        if not found:
            continue
        target = found.group(1)
        if not target.startswith(("engine/", "kernel/")):
            findings.append(f"{path}:{number}: include {target} does not carry its room")
        elif room_of(target) not in allowed:
            findings.append(f"{path}:{number}: {room_of(path)} may not include {room_of(target)}")


def code_of(text):
    """The text without comments and literals, line by line as it was."""
    text = re.sub(r"/\*.*?\*/", lambda found: "\n" * found.group().count("\n"), text, flags=re.S)
    return re.sub(r'"(\\.|[^"\\\n])*"', '""', text)


def check_calls(path, text):
    for number, line in enumerate(code_of(text).splitlines(), 1):
        for banned in BANNED.findall(line):
            findings.append(f"{path}:{number}: {banned} is banned")


def check_text(path, text):
    if "SPDX-License-Identifier: Apache-2.0" not in text[:200]:
        findings.append(f"{path}: no SPDX line")
    for number, line in enumerate(code_of(text).splitlines(), 1):
        if RAW_HEAP.search(line) and path.startswith("engine/") and not path.startswith("engine/base/"):
            if not re.search(r"->ops->free|\bfree\)\(|\.free|->free", line):
                findings.append(f"{path}:{number}: memory comes from vs_memory or an arena")
        if re.search(r"\bgoto\b", line) and not path.startswith("engine/base/"):
            findings.append(f"{path}:{number}: goto outside base")
    if text.count("\n") > LONG:
        findings.append(f"{path}: {text.count(chr(10))} lines; over {LONG} wants a split")


def check_wording(path, text):
    for number, line in enumerate(text.splitlines(), 1):
        if UNFINISHED.search(line):
            findings.append(f"{path}:{number}: unfinished work belongs into an issue")
        if MACHINE_PATH.search(line):
            findings.append(f"{path}:{number}: a path of one machine")


def target_of(room):
    side, name = room.split("/")
    return "vs_runtime" if name == "velo.h" else ("vs_" if side == "engine" else "vsk_") + name


def read_links():
    """Target -> (room, what its vs_room line links), from the CMakeLists.txt of every room."""
    links = {}
    for path in files:
        if not re.match(r"(engine|kernel)/\w+/CMakeLists.txt$", path):
            continue
        for name, words in re.findall(r"vs_room\((\w+)(?:\s+LINKS\s+((?:(?!VARIANTS)[^)\s]+\s*)*))?", (root / path).read_text()):
            links[name] = (room_of(path), words.split())
    return links


def check_links(links):
    """A room links rooms it may include (the rest comes along by them), and only libraries it may name."""
    for name, (room, words) in links.items():
        if name != target_of(room):
            findings.append(f"{room}/CMakeLists.txt: the library of {room} is {target_of(room)}, not {name}")
        allowed = {target_of(other) for other in allowed_of(room + "/x") if other != room}
        for word in words:
            package = re.match(r"PkgConfig::(\w+)$", word)
            if package and room not in LIBRARIES.get(PACKAGES.get(package.group(1)), "").split():
                findings.append(f"{room}/CMakeLists.txt: {room} may not link {word}")
            elif not package and word not in allowed:
                findings.append(f"{room}/CMakeLists.txt: {room} may not link {word}")
        reached = closure(links, [name])
        for other in sorted(included.get(room, ())):
            if target_of(other) not in reached:
                findings.append(f"{room}/CMakeLists.txt: includes {other} but does not link it")


def closure(links, names):
    reached, waiting = set(), list(names)
    while waiting:
        name = waiting.pop()
        if name not in reached:
            reached.add(name)
            waiting += links.get(name, ("", []))[1]
    return reached


def check_programs(links):
    """The two programs meet only in velo.h: velo links no kernel room and none of its libraries, velo-kernel no cli."""
    for program, (folder, roots) in PROGRAMS.items():
        path = f"{folder}/CMakeLists.txt"
        found = re.search(rf"target_link_libraries\({program} PRIVATE ([^)]*)\)", (root / path).read_text())
        if not found or found.group(1).split() != roots:
            findings.append(f"{path}: {program} links {' '.join(roots)} and nothing else")
            continue
        reached = closure(links, roots)
        foreign = {name for name in reached if name.startswith("vsk_")} if program == "velo" else reached & {"vs_cli"}
        if program == "velo":
            foreign |= {name for name in reached if name in ("PkgConfig::ZMQ", "PkgConfig::SODIUM", "PkgConfig::JANSSON")}
        for name in sorted(foreign):
            findings.append(f"{path}: {program} links {name}")
    for name, (room, _) in links.items():
        if room.startswith("engine/") and any(word.startswith("vsk_") for word in closure(links, [name])):
            findings.append(f"{room}/CMakeLists.txt: an engine room links a kernel room")


def check_readme(room):
    readme = root / room / "README.md"
    if not readme.is_file():
        findings.append(f"{room}: no README.md")
        return
    text = readme.read_text()
    if not 20 <= len(text.splitlines()) <= 60:
        findings.append(f"{room}/README.md: {len(text.splitlines())} lines; 20 to 60 are wanted")
    for name in sorted(set(re.findall(r"`([\w/.-]+\.(?:c|h|py|sh|test|txt|sql))`", text))):
        if not any(path == name or path.endswith("/" + name) for path in files):
            findings.append(f"{room}/README.md: there is no {name}")


def check_layout(paths):
    """.clang-format is the law of layout; tables switch it off with a comment. One version, because versions differ."""
    if not shutil.which("clang-format-14"):
        findings.append("clang-format-14 is not installed (tests/debian-12.txt)")
        return
    done = subprocess.run(["clang-format-14", "--dry-run", "-Werror", *paths], cwd=root, capture_output=True, text=True)
    findings.extend(sorted({re.sub(r":\d+:.*", ": not as clang-format-14 -i leaves it", line)
                            for line in done.stderr.splitlines() if ": error: " in line}))
    if done.returncode and not done.stderr.count(": error: "):
        findings.append(f"clang-format-14: {done.stderr.strip()[:200]}")


listed = subprocess.run(["git", "-C", str(root), "ls-files", "-co", "--exclude-standard"], capture_output=True, text=True)
files = [f for f in listed.stdout.split("\n") if f and (root / f).is_file()]
sources = [f for f in files if re.match(r"(engine|kernel)/.*\.[ch]$", f)]
included = {}
for source in sources:
    content = (root / source).read_text(encoding="utf-8")
    check_includes(source, content)
    check_text(source, content)
    check_calls(source, content)
    targets = re.findall(r'^\s*#\s*include\s+"((?:engine|kernel)/[^"]+)"', content, flags=re.M)
    included.setdefault(room_of(source), set()).update({room_of(target) for target in targets} - {room_of(source)})
written = [f for f in files if re.search(r"\.(c|h|py|sh|md|txt|cmake|json|ipynb|test|sql|yml|in|css)$|/run$", f)]
for path in written:
    if path != "tests/tidy/tidy.py" and "/fuzz/corpus/" not in path:
        check_wording(path, (root / path).read_text(encoding="utf-8", errors="replace"))
for test in (f for f in files if re.match(r"tests/.*\.[ch]$", f)):
    check_calls(test, (root / test).read_text(encoding="utf-8"))
link_table = read_links()
check_links(link_table)
check_programs(link_table)
names = {}
for source in (f for f in files if re.search(r"\.[ch]$", f)):
    names.setdefault(pathlib.Path(source).name, []).append(source)
for name, paths in names.items():
    if len(paths) > 1 and name != "main.c":
        findings.append(f"{name}: {len(paths)} files share this name: {' '.join(paths)}")
for room in sorted({room_of(s) for s in sources if s.count("/") > 1}):
    check_readme(room)
check_layout([f for f in files if re.search(r"\.[ch]$", f)])
top = {f.split("/")[0] for f in files}
for extra in sorted(top - {"CMakeLists.txt", "CMakePresets.json", "README.md", "CHANGELOG.md", "LICENSE", "engine", "kernel",
                           "kernelspec", "tests", "notebooks"}):
    if not extra.startswith("."):
        findings.append(f"{extra}: not agreed at the top level")
if len((root / "CMakeLists.txt").read_text().splitlines()) > 250:
    findings.append("CMakeLists.txt: over 250 lines")
print("\n".join(findings) if findings else f"tidy: {len(sources)} sources, no finding")
sys.exit(1 if findings else 0)
