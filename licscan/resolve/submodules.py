"""Git submodules that are not checked out: a folder that the project names, and in which nothing stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from licscan.base.errors import InputError
from licscan.base.messages import _
from licscan.base.tree import Tree, folder_of, join
from licscan.model import Graph, Problem, SourceKind
from licscan.resolve.roles import is_aside
from licscan.vcs.gitmodules import submodule_folders

NAME = ".gitmodules"


def absent_submodules(tree: Tree, files: Iterable[str]) -> Iterator[tuple[str, Problem]]:
    """Each folder named by one of the `.gitmodules` files that is missing or empty, with what to say of it."""
    for path in sorted(set(files)):
        try:
            named = submodule_folders(tree.read_text(path)) if tree.exists(path) else ()
        except InputError:
            continue
        for below in named:
            folder = join(folder_of(path), below)
            if not tree.folder_exists(folder) or not tree.names(folder):
                said = _("is a git submodule that is not checked out; its contents were not examined")
                # beside the product it is worth knowing, no more
                code = None if is_aside(join(folder, NAME)) else "input-absent"
                yield folder, Problem("resolve", folder, said, code)


def without_needed(problems: Iterable[Problem], graph: Graph) -> list[Problem]:
    """The problems without those of absent folders that a dependency comes from: of these the dependency is told."""
    needed = {c.source.url for c in graph.components if not c.resolved and c.source.kind is SourceKind.PATH}
    return [problem for problem in problems if problem.code != "input-absent" or problem.subject not in needed]
