"""npm, pnpm, both yarns and bun: how each installs a project, and what each says and puts on the disk."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

Label = tuple[str, str]
_OWN_NAME = re.compile(r"/((?:@[^/]+/)?[^/]+)/-/[^/]+$")
_LINE = re.compile(r"[├└]── (@?[^@\s]+)@(\S+)")


@dataclass
class Listed:
    """What a client lists: packages by name and version, and who needs whom, also with versions."""

    labels: set[Label] = field(default_factory=set)
    edges: set[tuple[Label, Label]] = field(default_factory=set)


class ClientError(Exception):
    """The client did not do it: what it said."""


def run(command: list[str], folder: Path, home: Path) -> str:
    """The standard output, with the client's homes and caches in one folder; ClientError where it fails."""
    places = ("XDG_CACHE_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "npm_config_cache")
    places += ("YARN_CACHE_FOLDER", "BUN_INSTALL_CACHE_DIR", "YARN_GLOBAL_FOLDER")
    kept = {key: value for key, value in os.environ.items() if key in ("PATH", "LANG", "TMPDIR")}
    env = {**kept, **{place: str(home / place.lower()) for place in places}, "HOME": str(home), "NO_COLOR": "1"}
    env |= {"npm_config_update_notifier": "false", "UV_CACHE_DIR": str(home / "uv"), "PIP_CONFIG_FILE": os.devnull}
    if "berry" in str(folder):
        env.pop("YARN_CACHE_FOLDER")
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, timeout=120, check=False)
    if done.returncode:
        raise ClientError(f"{' '.join(command[-4:])}: {' '.join((done.stdout + done.stderr).split())[:700]}")
    return done.stdout


@dataclass(frozen=True)
class Client:
    """Commands, each started in the project; `production` makes a tree of what ships from the lock."""

    name: str
    program: tuple[str, ...]
    lock: str
    install: tuple[str, ...]
    production: tuple[str, ...]
    listing: tuple[str, ...]
    read: Callable[[str], Listed]


def npm_tree(text: str) -> Listed:
    """`npm ls --all --json`; what is extraneous or missing left out, needs printed once."""
    found = Listed()
    loaded = json.loads(text)
    stack: list[tuple[Label, dict[str, Any]]] = [((loaded.get("name") or "", loaded.get("version") or ""), loaded)]
    while stack:
        parent, node = stack.pop()
        for name, child in (node.get("dependencies") or {}).items():
            own = _OWN_NAME.search(child.get("resolved") or "")
            label = (own[1] if own else name, child.get("version") or "")
            stack.append((label, child))
            if label[1] and not child.get("missing") and not child.get("extraneous"):
                found.labels.add(label)
                found.edges.add((parent, label))
    return found


def pnpm_tree(text: str) -> Listed:
    """`pnpm ls --recursive --depth Infinity --json`."""
    found = Listed()
    stack: list[tuple[Label, dict[str, Any]]] = [
        ((one.get("name") or "", one.get("version") or ""), one) for one in json.loads(text)
    ]
    while stack:
        parent, node = stack.pop()
        for kind in ("dependencies", "devDependencies", "optionalDependencies"):
            for name, child in (node.get(kind) or {}).items():
                own = _OWN_NAME.search(child.get("resolved") or "")
                label = (own[1] if own else child.get("from") or name, child.get("version") or "")
                stack.append((label, child))
                found.labels.add(label)
                found.edges.add((parent, label))
    return found


def classic_tree(text: str) -> Listed:
    """`yarn list --json`: places, not needs; shadows are ranges."""
    found = Listed()
    for line in text.splitlines():
        loaded = json.loads(line)
        stack = list(loaded["data"].get("trees") or []) if loaded.get("type") == "tree" else []
        while stack:
            node = stack.pop()
            stack += node.get("children") or []
            name, _at, version = node["name"].rpartition("@")
            if not node.get("shadow") and name:
                real, at, _rest = name.partition("@npm:") if "@npm:" in name else (name, "", "")
                found.labels.add((name.partition("@npm:")[2] if at else real, version))
    return found


def berry_info(text: str) -> Listed:
    """`yarn info --all --recursive --json`: locators, with those that they need."""
    versions: dict[str, Label] = {}
    needs: list[tuple[str, str]] = []
    for line in text.splitlines():
        one = json.loads(line)
        locator = _devirtualized(one["value"])
        versions[locator] = (_name(locator), one["children"].get("Version") or "")
        needs += [(locator, _devirtualized(need["locator"])) for need in one["children"].get("Dependencies") or []]
    edges = {(versions[one], versions[two]) for one, two in needs if one in versions and two in versions}
    return Listed(set(versions.values()), edges)


def _devirtualized(locator: str) -> str:
    name, _at, rest = locator[:1], "", locator[1:]
    head, at, reference = rest.partition("@")
    if reference.startswith("virtual:"):
        reference = reference.partition("#")[2]
    return f"{name}{head}{at}{reference}"


def _name(locator: str) -> str:
    return locator[:1] + locator[1:].partition("@")[0]


def bun_list(text: str) -> Listed:
    """`bun pm ls --all`."""
    return Listed({(name, version) for name, version in _LINE.findall(text)})


def clients(home: Path) -> dict[str, Client]:
    """The clients that stand below a folder's node_modules; npm from the PATH."""
    modules = home / "node_modules"
    node = "node"
    berry = (node, str(modules / "@yarnpkg/cli-dist/bin/yarn.js"))
    return {
        client.name: client
        for client in (
            Client(
                "npm",
                ("npm",),
                "package-lock.json",
                ("install", "--no-audit", "--no-fund", "--ignore-scripts"),
                ("ci", "--omit=dev", "--no-audit", "--no-fund", "--ignore-scripts"),
                ("ls", "--all", "--json", "--package-lock-only"),
                npm_tree,
            ),
            Client(
                "pnpm",
                (node, str(modules / "pnpm/bin/pnpm.mjs")),
                "pnpm-lock.yaml",
                ("install", "--no-frozen-lockfile", "--ignore-scripts"),
                ("install", "--prod", "--frozen-lockfile", "--ignore-scripts"),
                ("ls", "--recursive", "--depth", "Infinity", "--json"),
                pnpm_tree,
            ),
            Client(
                "yarn-classic",
                (node, str(modules / "yarn/bin/yarn.js")),
                "yarn.lock",
                ("install", "--non-interactive", "--no-progress", "--ignore-scripts", "--ignore-engines"),
                ("install", "--production", "--frozen-lockfile", "--non-interactive", "--ignore-scripts"),
                ("list", "--json", "--no-progress"),
                classic_tree,
            ),
            Client(
                "yarn-berry",
                berry,
                "yarn.lock",
                ("install",),
                ("workspaces", "focus", "--all", "--production"),
                ("info", "--all", "--recursive", "--json"),
                berry_info,
            ),
            Client(
                "bun",
                (str(modules / "bun/bin/bun.exe"),),
                "bun.lock",
                ("install", "--ignore-scripts"),
                ("install", "--production", "--frozen-lockfile", "--ignore-scripts"),
                ("pm", "ls", "--all"),
                bun_list,
            ),
        )
    }


def walked(folder: Path, leave: Iterator[Path] | tuple[Path, ...] = ()) -> Listed:
    """Every package folder in a node_modules below; links are places of others."""
    found = Listed()
    left = set(leave)
    for here, folders, _files in os.walk(folder):
        folders[:] = [name for name in folders if Path(here, name) not in left and name != ".git"]
        place = Path(here)
        scoped = place.name.startswith("@") and place.parent.name == "node_modules"
        if place.name != "node_modules" and not scoped:
            continue
        for name in folders:
            package = place / name
            manifest = package / "package.json"
            if name.startswith((".", "@")) or package.is_symlink() or not manifest.is_file():
                continue
            loaded: Mapping[str, Any] = json.loads(manifest.read_text())
            if loaded.get("name"):
                found.labels.add((loaded["name"], loaded.get("version") or ""))
    return found
