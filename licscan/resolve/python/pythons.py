"""The Python that a project says it runs on, and what PEP 508 calls a machine with it."""

from __future__ import annotations

import json
import re

from licscan.base.errors import LicscanError
from licscan.base.load import load_toml, table_at
from licscan.base.tree import Tree, folder_of, join

MAX_HEAD = 4_096
"""Characters at the top of a compiled list in which its Python is looked for."""

_COMPILED = re.compile(r"#.*(?:pip-compile with [Pp]ython |--python-version[= ])(\d\.\d{1,2})")
_VERSION = re.compile(r"(?:(?:cpython|python)[-=]?)?(\d\.\d{1,2})(?:\.\d+\S*)?")
_SETUP = re.compile(r"""(?m)^[ \t]*python_requires[ \t]*=[ \t]*["']?([^\n#;"']{1,200})""")
_SYSTEMS = {
    "linux": ("linux", "posix", "Linux"),
    "musl": ("linux", "posix", "Linux"),
    "macos": ("darwin", "posix", "Darwin"),
    "windows": ("win32", "nt", "Windows"),
}
_MACHINES = {
    ("macos", "aarch64"): "arm64",
    ("windows", "x86_64"): "AMD64",
    ("windows", "aarch64"): "ARM64",
    ("windows", "i686"): "x86",
}


def stated_python(tree: Tree, path: str) -> str:
    """The versions of Python (PEP 440) that a list or lock is for, by itself or its project; empty: nobody says.

    The head of a compiled list, `_meta` of Pipfile.lock, Pipfile, `.python-version`, `runtime.txt`, then
    `requires-python` and `python_requires`.
    """
    folder = folder_of(path)
    said = _own(tree, path) or _pipfile(tree, join(folder, "Pipfile"))
    for place in dict.fromkeys((folder, "")):
        said = said or _in_file(tree, join(place, ".python-version")) or _in_file(tree, join(place, "runtime.txt"))
        said = said or _required(tree, join(place, "pyproject.toml")) or _in_setup(tree, place)
    return said


def environment(system: str, machine: str, python: tuple[int, int]) -> dict[str, str]:
    """Every PEP 508 variable of CPython on a system (`linux`, `musl`, `macos`, `windows`) and machine (`x86_64`)."""
    sys_platform, os_name, platform_system = _SYSTEMS[system]
    version = f"{python[0]}.{python[1]}"
    return {
        "sys_platform": sys_platform,
        "os_name": os_name,
        "platform_system": platform_system,
        "platform_machine": _MACHINES.get((system, machine), machine),
        "platform_release": "",
        "platform_version": "",
        "python_version": version,
        # the last of its releases: what only the first ones needed is not needed
        "python_full_version": f"{version}.99",
        "implementation_name": "cpython",
        "implementation_version": f"{version}.99",
        "platform_python_implementation": "CPython",
    }


def _text(tree: Tree, path: str) -> str:
    try:
        return tree.read_text(path) if tree.exists(path) else ""
    except LicscanError:
        return ""


def _own(tree: Tree, path: str) -> str:
    if path.endswith("Pipfile.lock"):
        try:
            requires = table_at(json.loads(_text(tree, path) or "{}"), "_meta", "requires")
        except (ValueError, RecursionError):
            return ""
        return _exact(requires.get("python_version") or requires.get("python_full_version"))
    found = _COMPILED.search(_text(tree, path)[:MAX_HEAD]) if path.endswith((".txt", ".in", ".pip", ".lock")) else None
    return _exact(found[1]) if found else ""


def _in_file(tree: Tree, path: str) -> str:
    lines = _text(tree, path)[:MAX_HEAD].split("\n")
    return _exact(next((line.strip() for line in lines if line.strip() and not line.startswith("#")), ""))


def _in_setup(tree: Tree, folder: str) -> str:
    """`python_requires` of setup.cfg and setup.py, where it stands on a line of its own."""
    texts = (_text(tree, join(folder, name)) for name in ("setup.cfg", "setup.py"))
    return next((found[1].strip() for text in texts if (found := _SETUP.search(text))), "")


def _exact(text: object) -> str:
    found = _VERSION.fullmatch(text) if isinstance(text, str) else None
    return f"=={found[1]}.*" if found else ""


def _pipfile(tree: Tree, path: str) -> str:
    text = _text(tree, path)
    try:
        requires = table_at(load_toml(text, path), "requires") if text else {}
    except LicscanError:
        return ""
    return _exact(requires.get("python_version") or requires.get("python_full_version"))


def _required(tree: Tree, path: str) -> str:
    text = _text(tree, path)
    try:
        said = table_at(load_toml(text, path), "project").get("requires-python") if text else None
    except LicscanError:
        return ""
    return said if isinstance(said, str) else ""
