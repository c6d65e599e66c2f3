"""Of several lockfiles of one ecosystem in a folder: the one that its tool uses."""

from __future__ import annotations

from collections.abc import Iterable

from licscan.base.errors import LicscanError
from licscan.base.load import load_json, load_toml
from licscan.base.messages import _
from licscan.base.tree import Tree, folder_of, join
from licscan.model import Problem
from licscan.resolve.formats import FORMATS, Format, Role

_ORDER = {name: rank for rank, name in enumerate(FORMATS)}


def choose_locks(tree: Tree, files: Iterable[tuple[str, Format]]) -> tuple[list[tuple[str, Format]], list[Problem]]:
    """The locks to read, and a problem for each that another one in its folder and ecosystem puts aside."""
    groups: dict[tuple[str, str], list[tuple[str, Format]]] = {}
    for path, known in files:
        if known.role is Role.LOCK:
            groups.setdefault((folder_of(path), known.ecosystem), []).append((path, known))
    chosen: list[tuple[str, Format]] = []
    problems = []
    for (folder, ecosystem), locks in sorted(groups.items()):
        taken, why = _pick(tree, folder, ecosystem, locks)
        chosen += taken
        names = {path for path, _known in taken}
        for path, _known in locks:
            if path not in names:
                message = _("was not read: {other} in the same folder answers for it ({why})")
                problems.append(Problem("resolve", path, message.format(other=taken[0][0], why=why), "several-locks"))
    return chosen, problems


def _pick(
    tree: Tree, folder: str, ecosystem: str, locks: list[tuple[str, Format]]
) -> tuple[list[tuple[str, Format]], str]:
    """All files of the one format that is used: `pylock.a.toml` and `pylock.b.toml` are two answers, not rivals."""
    if len({known.name for _path, known in locks}) == 1:
        return locks, ""
    tools = _configured_tools(tree, folder, ecosystem)
    by_tool = [known for _path, known in locks if known.tool in tools]
    best = min(by_tool or [known for _path, known in locks], key=lambda known: _ORDER[known.name])
    why = _("the manifest names {tool}").format(tool=best.tool) if by_tool else _("by licscan's order of formats")
    return [(path, known) for path, known in locks if known.name == best.name], why


def _configured_tools(tree: Tree, folder: str, ecosystem: str) -> set[str]:
    """The package manager that the manifest itself names: `packageManager`, or the tool tables of pyproject.toml."""
    try:
        if ecosystem == "npm":
            path = join(folder, "package.json")
            manifest = load_json(tree.read_text(path), path)
            named = manifest.get("packageManager") if isinstance(manifest, dict) else None
            return {named.partition("@")[0]} if isinstance(named, str) else set()
        path = join(folder, "pyproject.toml")
        tools = load_toml(tree.read_text(path), path).get("tool")
        return set(tools) if isinstance(tools, dict) else set()
    except LicscanError:
        return set()
