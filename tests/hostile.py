"""Builders of hostile projects: broken files of every format, each in a folder of its own beside a good project."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from licscan.resolve.formats import FORMATS, Role

CASES = Path(__file__).resolve().parent / "cases" / "resolve"

JSON_FORMATS = ("npm-shrinkwrap.json", "package-lock.json", "package.json", "Pipfile.lock", "deno.lock", "bun.lock")
YAML_FORMATS = ("pnpm-lock.yaml", "conda-lock.yml", "environment.yml", "pixi.lock")
TOML_FORMATS = ("uv.lock", "poetry.lock", "pdm.lock", "pylock.toml", "pyproject.toml", "Pipfile")
LINE_FORMATS = ("yarn.lock", "setup.cfg", "setup.py", "requirements.txt")
FILE_FORMATS = tuple(name for name, known in FORMATS.items() if known.role is not Role.TREE)
STRUCTURED = (*JSON_FORMATS, *YAML_FORMATS, *TOML_FORMATS)

DEEP = 100_000
ESCAPES = (
    "../../../../etc/passwd",
    "/etc/passwd",
    "..\\..\\windows",
    "a/../../b",
    "@../../x/y",
    "@scope/../..",
    "...",
    "~root",
    "__proto__",
    "constructor",
    "toString",
    "",
    " ",
    "@",
    "@/",
    "/",
    "%2e%2e%2f",
    "a\0b",
    "\x1b[31mred\x1b[0m",
    "\x1b]8;;x\x07",
    "a\rb\nc",
    "\u202egnp.exe",
    "a\u200bb",
    "\x9b31m",
    "[bold red]markup[/]",
    "[/]",
    "[link=file:///x]y[/link]",
    "\ud800",
    "\udfff\ud800",
    "😀",
    "n" * 10_000,
    "@" + "s" * 5_000 + "/" + "n" * 5_000,
    "pkg:npm/x@1",
    "a@b@c",
    "a#b?c=d",
    "-e .",
    "--hash=sha256:0",
    "${jndi:x}",
    "$(id)",
    "name<script>",
    "'; DROP TABLE scans; --",
    "a" + "̈" * 500,
    "٣",
    "1.0.0\n",
    "NaN",
    "file:../../../outside",
    "link:/etc",
    "git+ssh://",
    "http://[::1",
    "https://u:p@",
    "git+https://user:pa55w0rd@git.example/x.git",
    "1e999999999",
    "9" * 5_000,
)
"""Names, versions and addresses that no honest tool writes."""

WRONG: tuple[Any, ...] = (
    None,
    True,
    7,
    -1,
    1.5,
    10**400,
    "x",
    "",
    [],
    {},
    [[]],
    [None],
    [7],
    ["x"],
    {"x": None},
    {"x": 7},
    {"x": {}},
    {"x": []},
)
"""Values of every type, to stand where another type belongs."""


def sample(format_name: str) -> str:
    """A small good file of a format: the shortest of its cases."""
    return min(samples(format_name), key=lambda text: (len(text), text))


def samples(format_name: str) -> list[str]:
    """The good files of a format, one for each of its cases."""
    found = []
    for case in sorted((CASES / format_name).iterdir()):
        settings = json.loads((case / "case.json").read_text()) if (case / "case.json").exists() else {}
        found.append((case / "input" / settings.get("file", format_name)).read_text(encoding="utf-8"))
    return found


def load(format_name: str, text: str) -> Any:
    """A structured file as plain values."""
    from licscan.base.load import load_json5, load_toml, load_yaml

    if format_name in JSON_FORMATS:
        return load_json5(text, format_name)
    if format_name in YAML_FORMATS:
        return load_yaml(text, format_name)[-1]
    return load_toml(text, format_name)


def dump(format_name: str, data: Any) -> str | None:
    """Plain values as a file of the format; None where the format cannot hold them. JSON is YAML too."""
    if format_name not in TOML_FORMATS:
        return json.dumps(data)
    import rtoml

    try:
        return rtoml.dumps(data)
    except (rtoml.TomlSerializationError, ValueError, UnicodeEncodeError, OverflowError, TypeError):
        return None


def paths_of(data: Any) -> Iterator[tuple[Any, ...]]:
    """The path of every value inside a document, the document itself first."""
    stack: list[tuple[tuple[Any, ...], Any]] = [((), data)]
    while stack:
        path, value = stack.pop()
        yield path
        if isinstance(value, dict):
            stack += [((*path, key), item) for key, item in value.items()]
        elif isinstance(value, list):
            stack += [((*path, index), item) for index, item in enumerate(value)]


def replaced(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    """A copy with another value at a path."""
    if not path:
        return value
    copy = dict(data) if isinstance(data, dict) else list(data)
    copy[path[0]] = replaced(data[path[0]], path[1:], value)
    return copy


def renamed(data: Any, path: tuple[Any, ...], name: str) -> Any:
    """A copy with another name for the last key of a path."""
    if len(path) > 1:
        return replaced(data, path[:1], renamed(data[path[0]], path[1:], name))
    return {name if key == path[0] else key: value for key, value in data.items()}


def mistyped(format_name: str, text: str, most: int, values: tuple[Any, ...] = (*WRONG, *ESCAPES)) -> Iterator[str]:
    """Up to `most` copies of a good file in each of which one value or one key is another (always the same ones)."""
    data = load(format_name, text)
    chance = random.Random(format_name)
    places = [(path, value) for path in paths_of(data) for value in values]
    for path, value in chance.sample(places, min(most, len(places))):
        changed = dump(format_name, replaced(data, path, value))
        if changed is not None:
            yield changed
    keys = [(path, name) for path in paths_of(data) if path and isinstance(path[-1], str) for name in ESCAPES]
    for path, name in chance.sample(keys, min(most // 2, len(keys))):
        changed = dump(format_name, renamed(data, path, name))
        if changed is not None:
            yield changed


def garbled(text: str, most: int) -> Iterator[str]:
    """Up to `most` copies of a good file in each of which one word is another (always the same ones)."""
    import re

    words = list(re.finditer(r"[^\s\"'=:,\[\]{}()]+", text))
    chance = random.Random(text)
    for _number in range(min(most, len(words) * len(ESCAPES))):
        word, other = chance.choice(words), chance.choice(ESCAPES)
        yield text[: word.start()] + other + text[word.end() :]


def truncated(text: str, places: int) -> Iterator[str]:
    """A file cut off at so many places, evenly spread, and in the last line."""
    for number in range(places):
        yield text[: len(text) * number // places]
    yield text.rstrip()[:-1]


def versioned(format_name: str, text: str) -> Iterator[str]:
    """A file whose format version is one that nobody knows."""
    data = load(format_name, text)
    for path in paths_of(data):
        if path and str(path[-1]).lower() in _VERSION_KEYS and len(path) <= 2:
            for value in (99999, -1, "latest", "999.0.0", "-1", None, [], {}, 1.5, True):
                changed = dump(format_name, replaced(data, path, value))
                if changed is not None:
                    yield changed


_VERSION_KEYS = frozenset(
    {"lockfileversion", "version", "lock-version", "lock_version", "pipfile-spec", "revision", "metadata", "_meta"}
)


def deep(format_name: str) -> dict[str, str]:
    """Nesting of a hundred thousand levels, in each way that the format has."""
    found = {
        "lists": "[" * DEEP + "]" * DEEP,
        "lists-open": "[" * DEEP,
        "tables": '{"a":' * DEEP + "1" + "}" * DEEP,
    }
    if format_name in YAML_FORMATS or format_name == "yarn.lock":
        found["indents"] = "\n".join(" " * level + "a:" for level in range(3_000))
        found["dashes"] = "a:\n" + "- " * DEEP + "x"
        found["in-key"] = '{"packages": ' + "[" * DEEP + "]" * DEEP + "}"
    if format_name in TOML_FORMATS:
        found["value"] = "x = " + "[" * DEEP + "]" * DEEP
        found["inline"] = "x = " + "{a=" * DEEP + "1" + "}" * DEEP
        found["dotted"] = ".".join(["a"] * DEEP) + " = 1"
        found["header"] = "[" + ".".join(["a"] * DEEP) + "]"
    if format_name == "setup.py":
        found["calls"] = "from setuptools import setup\nsetup(install_requires=" + "(" * DEEP + ")" * DEEP + ")"
        found["sum"] = "from setuptools import setup\nsetup(install_requires=[" + "'a'+" * DEEP + "'a'])"
        found["minus"] = "from setuptools import setup\nsetup(name=" + "-" * DEEP + "1)"
    if format_name == "requirements.txt":
        found["marker"] = "a; " + "(" * DEEP + "os_name == 'x'" + ")" * DEEP
        found["marker-ands"] = "a; " + " and ".join(["os_name == 'x'"] * 20_000)
    return found


def alias_bomb(levels: int = 30) -> str:
    """YAML that means ten to the thirtieth values."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, levels)]
    return "\n".join([*lines, f"packages: *a{levels - 1}", "merge: &m {<<: *m}"])


def raw(text: str) -> dict[str, bytes]:
    """What is no text of the format at all, whatever the format."""
    return {
        "empty": b"",
        "blank": b" \n\t\n",
        "bom-only": b"\xef\xbb\xbf",
        "nul": b"\0" * 1000,
        "binary": bytes(random.Random(7).randbytes(4_000)),
        "elf": b"\x7fELF\x02\x01\x01" + bytes(range(256)) * 8,
        "utf-16": text.encode("utf-16"),
        "utf-16-be": b"\xfe\xff" + text.encode("utf-16-be"),
        "utf-16-half": text.encode("utf-16")[:-1],
        "utf-32": text.encode("utf-32"),
        "utf-16-without-bom": text.encode("utf-16-le"),
        "bom": b"\xef\xbb\xbf" + text.encode(),
        "latin-1": text.encode() + "\n# é\n".encode("latin-1"),
        "crlf": text.replace("\n", "\r\n").encode(),
        "cr": text.replace("\n", "\r").encode(),
        "null": b"null",
        "number": b"7",
        "string": b'"x"',
        "list": b"[]",
        "list-of-lists": b"[[[]]]",
        "table": b"{}",
        "nan": b"NaN",
        "long-number": b"9" * 100_000,
        "html": b"<!DOCTYPE html><html><body>404</body></html>",
        "conflict": b"<<<<<<< HEAD\n" + text.encode() + b"\n=======\n" + text.encode() + b"\n>>>>>>> other\n",
        "twice": text.encode() * 2,
        "merge-marker-inside": text.encode().replace(b"\n", b"\n<<<<<<< HEAD\n", 3),
        "one-gigantic-line": text.replace("\n", " ").encode() + b"x" * 2_000_000,
        "escape": b"\x1b[2J\x1b]0;owned\x07" + text.encode(),
        "surrogates-in-utf-8": text.encode() + b"\n# \xed\xa0\x80\n",
    }


def good(folder: Path) -> None:
    """A small project of both ecosystems that stays as it is whatever stands beside it."""
    folder.mkdir(parents=True)
    lock = {
        "name": "goodness",
        "version": "1.0.0",
        "lockfileVersion": 3,
        "packages": {
            "": {"name": "goodness", "version": "1.0.0", "dependencies": {"goodness-a": "^1.0.0"}},
            "node_modules/goodness-a": {"version": "1.2.3", "license": "MIT", "dependencies": {"goodness-b": "*"}},
            "node_modules/goodness-b": {"version": "2.0.0", "license": "Apache-2.0"},
        },
    }
    (folder / "package-lock.json").write_text(json.dumps(lock, indent=1))
    (folder / "requirements.txt").write_text("goodness-py==3.1\n")


def write(folder: Path, format_name: str, content: bytes | str) -> str:
    """One file in a folder of its own; lone surrogates are written as a damaged tool would."""
    folder.mkdir(parents=True)
    data = content if isinstance(content, bytes) else content.encode("utf-8", "surrogatepass")
    (folder / format_name).write_bytes(data)
    return f"{folder.name}/{format_name}"


Hostile = Callable[[Path], None]
