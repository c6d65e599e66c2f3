"""Of several lockfiles of one ecosystem that answer for a folder: the one that its tool uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from licscan.base.errors import LicscanError
from licscan.base.load import load_json, load_toml
from licscan.base.messages import _
from licscan.base.tree import Tree, folder_of, join
from licscan.model import Problem
from licscan.resolve.formats import FORMATS, Format, Role

_ORDER = {name: rank for rank, name in enumerate(FORMATS)}
_SIGNS = (
    ("pnpm-workspace.yaml", "pnpm"),
    (".yarnrc.yml", "yarn"),
    ("node_modules/.modules.yaml", "pnpm"),
    ("node_modules/.yarn-state.yml", "yarn"),
    ("node_modules/.yarn-integrity", "yarn"),
    ("node_modules/.package-lock.json", "npm"),
    ("bunfig.toml", "bun"),
)
"""Files that only one tool reads or writes, the surest first."""


def choose_locks(tree: Tree, files: Iterable[tuple[str, Format]]) -> tuple[list[tuple[str, Format]], list[Problem]]:
    """The locks to read, and a problem for each that another, in its folder or its workspace's root, puts aside."""
    groups: dict[tuple[str, str], list[tuple[str, Format]]] = {}
    for path, known in files:
        if known.role is Role.LOCK:
            groups.setdefault((folder_of(path), known.ecosystem), []).append((path, known))
    chosen: list[tuple[str, Format]] = []
    problems = []
    members: dict[str, str] = {}
    for (folder, ecosystem), locks in sorted(groups.items()):
        if ecosystem == "npm" and folder in members:
            # every tool installs a workspace from its root; a lock in a member is left from before
            message = _("was not read: {other} at the root of its workspace covers it")
            said = message.format(other=members[folder])
            problems += [Problem("resolve", path, said, "several-locks") for path, _known in locks]
            continue
        taken, why = _pick(tree, folder, ecosystem, locks)
        chosen += taken
        if ecosystem == "npm":
            members.update(dict.fromkeys(_members(tree, folder, taken[0][1]), taken[0][0]))
        names = {path for path, _known in taken}
        for path, _known in locks:
            if path not in names:
                message = _("was not read: {other} in the same folder covers it ({why})")
                problems.append(Problem("resolve", path, message.format(other=taken[0][0], why=why), "several-locks"))
    return chosen, problems


def _members(tree: Tree, folder: str, known: Format) -> Iterator[str]:
    """The folders of the workspace's members that the lock in its root answers for."""
    from licscan.resolve.js.workspaces import expand_workspaces

    globs = _manifest(tree, folder).get("workspaces")
    if isinstance(globs, dict):
        globs = globs.get("packages")
    if known.tool == "pnpm":
        settings = _yaml(tree, join(folder, "pnpm-workspace.yaml"))
        globs = None if settings.get("sharedWorkspaceLockfile") is False else settings.get("packages")
    if isinstance(globs, list):
        listed = expand_workspaces(tree, folder, [glob for glob in globs if isinstance(glob, str)])
        yield from (folder_of(path) for path in listed)


def _pick(
    tree: Tree, folder: str, ecosystem: str, locks: list[tuple[str, Format]]
) -> tuple[list[tuple[str, Format]], str]:
    """All files of the one format that is used: `pylock.a.toml` and `pylock.b.toml` are two answers, not rivals."""
    if len({known.name for _path, known in locks}) == 1:
        return locks, ""
    tools, why = _configured_tools(tree, folder, ecosystem, locks)
    by_tool = [known for _path, known in locks if known.tool in tools]
    best = min(by_tool or [known for _path, known in locks], key=lambda known: _ORDER[known.name])
    why = why.format(tool=best.tool) if by_tool else _("by licscan's order of formats")
    return [(path, known) for path, known in locks if known.name == best.name], why


def _configured_tools(tree: Tree, folder: str, ecosystem: str, locks: list[tuple[str, Format]]) -> tuple[set[str], str]:
    """The tools that the folder's own files speak for, and the sentence that says which files those are."""
    named = _("the manifest names {tool}")
    if ecosystem != "npm":
        return _python_tools(tree, folder), named
    present = {known.tool for _path, known in locks}
    tool = _named_manager(_manifest(tree, folder))
    if tool in present:
        return {tool}, named
    for sign, owner in _SIGNS:
        if owner in present and tree.exists(join(folder, sign)):
            return {owner}, _("{file} is for {tool}").replace("{file}", sign)
    return _agreeing(tree, folder, locks), _("only the lockfile of {tool} agrees with the manifest")


def _named_manager(manifest: dict[str, Any]) -> str:
    """`packageManager`, or `devEngines.packageManager` (a table, or a list of which the first counts)."""
    named = manifest.get("packageManager")
    if isinstance(named, str):
        return named.partition("@")[0]
    engines = manifest.get("devEngines")
    wanted = engines.get("packageManager") if isinstance(engines, dict) else None
    wanted = wanted[0] if isinstance(wanted, list) and wanted else wanted
    name = wanted.get("name") if isinstance(wanted, dict) else None
    return name if isinstance(name, str) else ""


def _agreeing(tree: Tree, folder: str, locks: list[tuple[str, Format]]) -> set[str]:
    """The tools whose locks were written for the manifest as it stands, where others' were not."""
    fitting = set()
    for path, known in locks:
        try:
            parsed = known.parser()(tree, path)
        except LicscanError:
            continue
        if not any(problem.code in ("lock-out-of-date", "dependency-unresolved") for problem in parsed.problems):
            fitting.add(known.tool)
    return fitting if len(fitting) < len({known.tool for _path, known in locks}) else set()


def _manifest(tree: Tree, folder: str) -> dict[str, Any]:
    path = join(folder, "package.json")
    try:
        manifest = load_json(tree.read_text(path), path)
    except LicscanError:
        return {}
    return manifest if isinstance(manifest, dict) else {}


def _yaml(tree: Tree, path: str) -> dict[str, Any]:
    from licscan.base.load import load_yaml

    try:
        loaded = next(iter(load_yaml(tree.read_text(path), path)), None)
    except LicscanError:
        return {}
    return loaded if isinstance(loaded, dict) else {}


def _python_tools(tree: Tree, folder: str) -> set[str]:
    """The tool tables of pyproject.toml."""
    path = join(folder, "pyproject.toml")
    try:
        tools = load_toml(tree.read_text(path), path).get("tool")
    except LicscanError:
        return set()
    return set(tools) if isinstance(tools, dict) else set()
